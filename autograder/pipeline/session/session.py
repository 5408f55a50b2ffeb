"""What all submissions of one assignment share while they are graded: release, checks, data, warm processes."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from autograder import checks, data, notebook
from autograder.course import Assignment
from autograder.errors import AutograderError, CalibrationError, DataError, ReleaseError
from autograder.model import (
    Calibration,
    CheckSpec,
    Execution,
    Isolation,
    Mount,
    NotebookJob,
    PredictionJob,
    PublicArray,
    Reference,
    RefitJob,
)
from autograder.pipeline.fingerprint import checks_fingerprint
from autograder.pipeline.reading.budgets import readers
from autograder.pipeline.session import placement as graders
from autograder.pipeline.session.calibration import hold, own_data
from autograder.pipeline.session.placement import ON_CPU, Placement
from autograder.pipeline.session.source_notebook import read_source
from autograder.sandbox import WarmPool
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import LazyTask, Reporter
from autograder.workspace.storage import secret

STUDENT_DATA = "/data/mnist.npz"


class Pool(Protocol):
    """What runs notebooks and asks models: `WarmPool` on this machine, `ContainerPool` beside a runner container."""

    @property
    def isolation(self) -> Isolation:
        """The mode in which each child is walled in."""

    @property
    def versions(self) -> dict[str, str]:
        """Versions of what children compute with."""

    def run_notebook(self, job: NotebookJob, into: Path, *, on_cell: Callable[[int], None] | None = None) -> Execution:
        """Run a notebook; the files that it leaves appear in ``into``."""

    def run_predictions(self, job: PredictionJob, into: Path) -> Execution:
        """Rebuild models and predict; the predictions appear in ``into``."""

    def run_refit(self, job: RefitJob, into: Path) -> Execution:
        """Train a recorded model again; its answers appear in ``into``."""

    def close(self) -> None:
        """End what runs."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: Any) -> None: ...


@dataclass(frozen=True, kw_only=True)
class GradingContext:
    """One assignment, ready to grade. Made by `open_context`; safe to share between threads."""

    workspace: Workspace
    assignment: Assignment
    release: dict[str, Any]
    layout: notebook.Layout
    specs: tuple[CheckSpec, ...]
    prepared: data.Prepared
    calibration: Calibration | None
    pool: Pool
    server: checks.CheckServer
    secret: str
    checks_fingerprint: str
    continuation: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    compiled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profile: str | None = None
    placement: Placement = ON_CPU
    refits: bool = False
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def own_pool(self) -> Pool:
        """Where our own notebooks run: never in a container that runs students' code, if that is one of its own."""
        own: Pool = getattr(self.pool, "own", self.pool)
        return own

    def stop(self) -> None:
        """Kill what runs and let nothing begin: somebody pressed Ctrl-C, or the batch broke."""
        self.stopped.set()
        self.pool.close()

    @property
    def data_name(self) -> str:
        """Name and fingerprint of the data set in use."""
        return f"{self.prepared.name}:{self.prepared.fingerprint}"

    @property
    def nickname_at(self) -> tuple[str, str] | None:
        """Task and name that hold the leaderboard's nickname, None where there is no leaderboard."""
        rule = self.assignment.leaderboard
        return (rule.task, rule.name) if rule is not None else None

    @property
    def sizes(self) -> Mapping[str, notebook.Size]:
        """The numbers that take the place of those in the notebook's sizes cell; empty: its own hold."""
        return self.assignment.sizes.get(self.profile, {}) if self.profile else {}

    @property
    def student_mounts(self) -> tuple[Mount, ...]:
        """What a student's process sees beside its notebook: images and labels without the holdout."""
        if self.assignment.data == "own":
            return ()
        return (Mount(source=self.prepared.student, target=STUDENT_DATA),)

    @property
    def public_arrays(self) -> tuple[PublicArray, ...]:
        """The large arrays among what is mounted, measured once per course."""
        if not self.student_mounts:
            return ()
        return tuple(map(PublicArray.model_validate, json.loads(self.prepared.public.read_bytes())))

    def load_labels(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the labels of the public test images and of the withheld ones, in the order of the predictions."""
        holdout = np.load(self.prepared.holdout_labels, allow_pickle=False)
        labels = np.load(self.prepared.test_labels, allow_pickle=False)
        # The tail of the public test set is copies of its head: it has no labels of its own.
        return labels[: len(labels) - len(holdout)], holdout


def lanes_of(requested: int | None) -> int:
    """Return how many submissions run side by side: as asked for, else one per core that this process may use."""
    if requested:
        return requested
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def beside_of(lanes: int) -> int:
    """Return how many submissions may be judged beside the running ones: one per core that no lane needs."""
    return max(0, min(lanes, lanes_of(None) - lanes))


def load_reference(path: Path) -> Reference | None:
    """Return the reference of an assignment, or None before its first calibration.

    Raises:
        CalibrationError: the file is there but does not describe a reference.
    """
    try:
        return Reference.from_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        first = str(error).splitlines()[0]
        raise CalibrationError(f"{path.name} was expected to describe a reference, but it does not ({first}); "
                               "run `autograder calibrate` again.") from None


def prepare_data(
    workspace: Workspace, *, allow_stand_in: bool, force_stand_in: bool = False, reporter: Reporter | None = None,
    own: str | None = None, whole: bool = False,
) -> data.Prepared:
    """Resolve the data set and lay it out for both sides of the wall.

    Args:
        own: fingerprint of the data that the notebook brings along; then there is nothing else to prepare.
        whole: withhold no test image; only for runs of our own solution by the published recipe.

    Raises:
        DataError: there is only the stand-in, and it was not allowed.
    """
    if own is not None:
        return data.prepare_own(own, workspace.cache)
    progress = LazyTask(reporter, "embedded digits, made once") if reporter else None
    found = (data.stand_in(workspace.cache, progress) if force_stand_in else
             data.resolve(workspace.data_folder, cache=workspace.cache, allow_stand_in=allow_stand_in,
                          progress=progress))
    return (data.prepare_whole if whole else data.prepare)(found, workspace.cache)


def read_release(workspace: Workspace, assignment: str) -> dict[str, Any]:
    """Return the current release of an assignment.

    Raises:
        DataError: the assignment was not released yet.
    """
    path = workspace.release(assignment)
    if not path.is_file():
        raise DataError(f"A released notebook was expected in release/{assignment}, but there is none; "
                        f"run `autograder release {assignment}`.")
    released: dict[str, Any] = json.loads(path.read_bytes())
    return released


@contextmanager
def open_context(
    workspace: Workspace, assignment: str, *, lanes: int, beside: int = 0, allow_stand_in: bool,
    unsafe: bool = False, isolation: Isolation | None = None, force_stand_in: bool = False,
    release: dict[str, Any] | None = None, reporter: Reporter | None = None, profile: str | None = None,
    calibrated: bool = True, whole: bool = False, make_pool: Callable[..., Pool] = WarmPool,
    placement: Placement | None = None, refits: bool = False,
) -> Iterator[GradingContext]:
    """Start the warm processes for one assignment and stop them when the block ends.

    Args:
        beside: how many submissions may be judged, and their models asked, while others run in the lanes.
        force_stand_in: use the embedded digits even where true data is at hand.
        release: the released notebook to merge against; the one in ``release/`` when None.
        profile: which sizes of course.yml to run with; None: those of this grader. An assignment that does not have
            the profile runs with its notebook's own numbers.
        calibrated: False: nothing is held against a calibrated bound, and so nothing is tried again with fresh seeds.
        whole: as in `prepare_data`.
        placement: on which device to run, and whose calibration to use; None: as course.yml and this machine say.
        refits: whether trainings that have a reason are repeated while they are graded: submissions of a class.
        make_pool: called as `WarmPool` is; another one where students' code runs in a container of its own.

    Raises:
        CalibrationError: the reference was made with other data, sizes or another major version of Keras.
        GraderError: it is graded on a GPU, and there is none here.
        AutograderError: course, release, data, checks or isolation are not as they should be.
    """
    release = release or read_release(workspace, assignment)
    settings = workspace.course.assignment(assignment)
    placement = placement or placed(workspace, assignment, stand_in=force_stand_in)
    profile = graders.profile(workspace, settings, placement.device, profile)
    reference = load_reference(workspace.reference(assignment)) if calibrated else None
    with ExitStack() as stack:
        pool = stack.enter_context(make_pool(
            lanes=lanes, beside=beside, isolation=isolation, unsafe=unsafe, private=_private(workspace, assignment),
            **placement.options))
        # Importing the backend takes seconds on one core: everything else is made ready meanwhile.
        threading.Thread(target=_warm, args=(pool,), name="warm-up").start()
        stack.enter_context(readers())
        prepared = prepare_data(workspace, allow_stand_in=allow_stand_in, force_stand_in=force_stand_in,
                                reporter=reporter, whole=whole,
                                own=own_data(release) if settings.data == "own" else None)
        key = f"{prepared.name}/{placement.device}" if calibrated else "none"
        calibration = reference.calibration(prepared.name, placement.device) if reference else None
        sizes = notebook.with_sizes(release, settings.sizes.get(profile, {}) if profile else {})
        hold(assignment, calibration, f"{prepared.name}:{prepared.fingerprint}", notebook.read_sizes(sizes))
        server = stack.enter_context(
            checks.CheckServer(workspace.hidden(assignment), check_context(workspace, assignment, prepared, key)))
        context = GradingContext(
            workspace=workspace, assignment=settings.profile(profile), release=release, profile=profile,
            layout=notebook.layout(release), specs=server.specs, prepared=prepared, calibration=calibration,
            pool=pool, server=server, secret=secret(workspace.cache / "sampling-secret"),
            checks_fingerprint=checks_fingerprint(workspace.hidden(assignment), workspace.reference(assignment)),
            continuation=notebook.continuation_names(release), compiled=_compiled(workspace, assignment),
            placement=placement, refits=refits,
        )
        stack.callback(context.stopped.set)  # before the pool is closed: what is lost from then on was given up
        yield context


def placed(workspace: Workspace, assignment: str, *, stand_in: bool = False) -> Placement:
    """Return where an assignment runs here: see `graders.place`.

    Raises:
        GraderError: it is graded on a GPU, and there is none here.
    """
    return graders.place(workspace, assignment, load_reference(workspace.reference(assignment)), stand_in=stand_in)


def _compiled(workspace: Workspace, assignment: str) -> dict[str, tuple[str, ...]]:
    """Return which tasks compile models of earlier tasks; none where the source notebook is not at hand."""
    try:
        return notebook.compiled_names(read_source(workspace.source(assignment)))
    except ReleaseError:
        return {}


def _warm(pool: Pool) -> None:
    """Start the pool's warm process; what goes wrong is raised again where the pool is first used."""
    with suppress(AutograderError, OSError):
        _ = pool.versions


def _private(workspace: Workspace, assignment: str) -> tuple[Path, ...]:
    """Return what no student code may have in sight; the pool refuses to start where it would."""
    folders = (workspace.hidden(assignment), workspace.reference(assignment).parent,
               workspace.source(assignment).parent, workspace.cache, workspace.submitted_root, workspace.results_root)
    return tuple(folder for folder in folders if folder.exists())


def check_context(workspace: Workspace, assignment: str, prepared: data.Prepared, key: str) -> checks.CheckContext:
    """Return what the check server is told about the course."""
    path = workspace.reference(assignment)
    return checks.CheckContext(
        reference=path if path.is_file() else None, calibration=key, data_name=prepared.name,
        true_data=prepared.name != data.STAND_IN,
        train_images=prepared.train_images, train_labels=prepared.train_labels,
        test_images=prepared.test_images, test_labels=prepared.test_labels, holdout_labels=prepared.holdout_labels,
    )
