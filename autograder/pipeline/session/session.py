"""What all submissions of one assignment share during grading: release, checks, data, warm processes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from autograder import checks, data, notebook
from autograder.course import Assignment, Lock, package_name
from autograder.errors import AutograderError, ReleaseError
from autograder.model import Calibration, CheckSpec, PublicArray, Reference
from autograder.pipeline.fingerprint import checks_fingerprint
from autograder.pipeline.reading.budgets import readers
from autograder.pipeline.session import placement as graders
from autograder.pipeline.session.calibration import (
    explain_borrowed,
    own_data,
    require_all_variants,
    require_fitting_calibration,
)
from autograder.pipeline.session.course_files import data_sources, load_reference, prepare_data, read_release
from autograder.pipeline.session.known_runs import KnownRuns
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.placement import ON_CPU, Placement
from autograder.pipeline.session.pool_protocol import Judge, Pool
from autograder.pipeline.session.required_packages import require_installed
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.student_files import StudentFiles, student_files
from autograder.pipeline.session.workers import count_spare_workers, count_workers
from autograder.sandbox import PoolOptions
from autograder.sandbox.isolation import gpu
from autograder.workspace.layout import Workspace
from autograder.workspace.locked_packages import locked_packages
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import secret
from autograder.workspace.variant_secret import copies_root, variants_secret


@dataclass(frozen=True, kw_only=True)
class Session:
    """One assignment, ready to grade. Made by `open_session`; safe to share between threads.

    Attributes:
        calibration_key: name of the calibration in its file; None where there is none.
        workers: how many notebooks run at the same time.
        spare: how many submissions may be judged while these run.
        stopped: set when the batch is abandoned: nothing new begins.
        released_files: folder of the files that were released; None: that of the current release.
        puts_off: a run that was stopped while the machine was busy ends the grading of its submission (`RunAlone`).
        alone: the submission was put off, and nothing else of the batch runs now.
        known_runs: where a submission with the same answers finds a run that exists; None: each is run.
    """

    workspace: Workspace
    assignment: Assignment
    release: dict[str, Any]
    layout: notebook.Layout
    specs: tuple[CheckSpec, ...]
    prepared: data.Prepared
    calibration: Calibration | None
    pool: Pool
    server: Judge
    secret: str
    checks_fingerprint: str
    continuation: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    compiled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    profile: str | None = None
    placement: Placement = ON_CPU
    calibration_key: str | None = None
    workers: int = 1
    spare: int = 0
    refits: bool = False
    released_files: Path | None = None
    puts_off: bool = False
    alone: bool = False
    known_runs: KnownRuns | None = None
    stopped: threading.Event = field(default_factory=threading.Event)

    @property
    def own_pool(self) -> Pool:
        """Where our own notebooks run: never in a container that runs students' code."""
        return self.pool.own

    def stop(self) -> None:
        """Kill what runs and let nothing begin, after Ctrl-C or an error of the batch."""
        self.stopped.set()
        self.pool.close()

    @property
    def threads(self) -> int:
        """How many submissions are worked on at the same time, whether run or judged."""
        return self.workers + self.spare

    @property
    def data_name(self) -> str:
        """Name and fingerprint of the data set in use."""
        return f"{self.prepared.name}:{self.prepared.fingerprint}"

    @property
    def nickname_at(self) -> tuple[str, str] | None:
        """Task and name of the leaderboard's nickname, None where there is no leaderboard."""
        rule = self.assignment.leaderboard
        return (rule.task, rule.name) if rule is not None else None

    @property
    def sizes(self) -> Mapping[str, notebook.Size]:
        """The numbers that replace those of the notebook's sizes cell; empty: the notebook's own are used."""
        return self.assignment.sizes.get(self.profile, {}) if self.profile else {}

    @property
    def student_files(self) -> StudentFiles:
        """What a student's process sees in addition to its notebook: released files, and data without the holdout."""
        folder = self.released_files or self.workspace.release(self.assignment.id).parent
        return student_files(folder, self.assignment.id, self.prepared)

    @property
    def public_arrays(self) -> tuple[PublicArray, ...]:
        """The large arrays among what is mounted, measured once per course."""
        if self.prepared.name == data.OWN:
            return ()
        return tuple(map(PublicArray.model_validate, json.loads(self.prepared.public.read_bytes())))

    def load_labels(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the labels of the public test rows and of the withheld ones, in the order of the predictions."""
        return self.prepared.load_labels()


@contextmanager
def open_session(
    workspace: Workspace, assignment: str, options: RunOptions, *, reporter: Reporter | None = None,
    placement: Placement | None = None, release: dict[str, Any] | None = None, released_files: Path | None = None,
) -> Iterator[Session]:
    """Start the warm processes for one assignment and stop them when the block ends.

    Args:
        placement: on which device to run, and whose calibration to use; None: as course.yml and this machine say.
        release: the released notebook to merge into; the one in ``release/`` when None.
        released_files: the folder of the files released with it; ``release/<assignment>/`` when None.

    Raises:
        CalibrationError: the reference was made with other data, sizes or another major version of Keras.
        CourseError: packages that the course requires are not locked, or not installed as locked.
        GraderError: it is graded on a GPU, and there is none here.
        AutograderError: course, release, data, checks or isolation cannot be used.
    """
    release = release or read_release(workspace, assignment)
    placement = placement or place_assignment(workspace, assignment, stand_in=options.force_stand_in)
    reference = load_reference(workspace.reference(assignment)) if options.calibrated else None
    wanted = _pool_options(workspace, assignment, options, placement, lock := locked_packages(workspace))
    _note(reporter, placement.bound_note(options.workers), f"{assignment}: ")
    with ExitStack() as stack:
        pool = stack.enter_context(options.open_pool(wanted))
        _warm_up_meanwhile(pool, options)
        stack.enter_context(readers())
        profile, settings = _settings_here(workspace, assignment, options, placement, reporter)
        prepared = prepare_data(
            workspace, settings.data, allow_stand_in=options.allow_stand_in, force_stand_in=options.force_stand_in,
            reporter=reporter, whole=options.whole, own=own_data(release) if settings.data == data.OWN else None)
        require_installed(lock, pool.versions if lock.pins else {})
        calibration = _fitting_calibration(reference, settings, release, profile, prepared, placement)
        _note(reporter, explain_borrowed(assignment, calibration, gpu.backend_name()))
        key = _calibration_key(reference, prepared, placement) if options.calibrated else "none"
        server = stack.enter_context(
            checks.CheckServers(workspace.hidden(assignment), most=count_workers(None),
                                context=check_context(workspace, assignment, prepared, key, release)))
        session = Session(
            workspace=workspace, assignment=settings, release=release, profile=profile,
            layout=notebook.layout(release), specs=server.specs, prepared=prepared, calibration=calibration,
            pool=pool, server=server, secret=secret(workspace.sampling_secret),
            checks_fingerprint=_checks_fingerprint(workspace, assignment),
            continuation=notebook.continuation_names(release), compiled=_compiled_names(workspace, assignment),
            placement=placement, calibration_key=key if calibration else None, workers=wanted.workers,
            spare=wanted.extra, refits=options.refits, released_files=released_files)
        stack.callback(session.stopped.set)  # before the pool is closed: jobs lost from then on were abandoned
        yield session


def _note(reporter: Reporter | None, sentence: str | None, about: str = "") -> None:
    if reporter is not None and sentence is not None:
        reporter.note(about + sentence)


def _pool_options(
    workspace: Workspace, assignment: str, options: RunOptions, placement: Placement, lock: Lock
) -> PoolOptions:
    workers = placement.workers(options.workers or count_workers(None) + options.beyond_cores)
    return PoolOptions(
        workers=workers, isolation=options.isolation, unsafe=options.unsafe,
        extra=placement.spare(workers, count_spare_workers(workers)) if options.overlap else 0,
        private=_private(workspace, assignment), gpus=placement.gpus, share=placement.share,
        versions=workspace.cache / "versions.json", packages=tuple(lock.pins))


def _settings_here(
    workspace: Workspace, assignment: str, options: RunOptions, placement: Placement, reporter: Reporter | None,
) -> tuple[str | None, Assignment]:
    """Return the profile of sizes in which an assignment runs here, and its settings in that profile."""
    settings = workspace.course.assignment(assignment)
    profile = graders.profile(workspace, settings, placement.device, options.profile)
    # The published recipe is not a submission: a grader's time limit does not apply to it.
    return profile, settings.profile(profile) if options.whole else \
        graders.within_graders(workspace, settings, profile, reporter)


def _fitting_calibration(
    reference: Reference | None, settings: Assignment, release: dict[str, Any], profile: str | None,
    prepared: data.Prepared, placement: Placement,
) -> Calibration | None:
    """Return the calibration for the data and the device in use, None where there is none.

    Raises:
        CalibrationError: it was made with other data, sizes or versions.
    """
    calibration = reference.calibration(prepared.name, placement.device, gpu.backend_name()) if reference else None
    family = notebook.family_of(release)
    if family is not None and calibration is not None:
        require_all_variants(settings.id, calibration, family)
    sized = notebook.with_sizes(release, settings.sizes.get(profile, {}) if profile else {})
    require_fitting_calibration(settings.id, calibration, f"{prepared.name}:{prepared.fingerprint}",
                                notebook.read_sizes(sized))
    return calibration.of_variants() if calibration and family else calibration


def _calibration_key(reference: Reference | None, prepared: data.Prepared, placement: Placement) -> str:
    """Return the name of the calibration that applies, whether or not it is there."""
    known = reference or Reference(assignment="", calibrations={})
    return known.key(prepared.name, placement.device, gpu.backend_name())


def place_assignment(workspace: Workspace, assignment: str, *, stand_in: bool = False) -> Placement:
    """Return where an assignment runs here: see `graders.place`.

    Raises:
        GraderError: it is graded on a GPU, and there is none here.
    """
    return graders.place(workspace, assignment, load_reference(workspace.reference(assignment)), stand_in=stand_in)


def _checks_fingerprint(workspace: Workspace, assignment: str) -> str:
    return checks_fingerprint(workspace.hidden(assignment), workspace.reference(assignment),
                              workspace.source(assignment))


def _compiled_names(workspace: Workspace, assignment: str) -> dict[str, tuple[str, ...]]:
    """Return which tasks compile models of earlier tasks; none where the source notebook is not available."""
    try:
        return notebook.compiled_names(read_source(workspace.source(assignment)))
    except ReleaseError:
        return {}


def _warm_up_meanwhile(pool: Pool, options: RunOptions) -> None:
    """Importing the backend takes seconds on one core, so it begins before everything else is prepared."""
    if options.warm_up:
        threading.Thread(target=_warm, args=(pool,), name="warm-up").start()


def _warm(pool: Pool) -> None:
    """Start the pool's warm process; errors are raised again where the pool is first used."""
    with suppress(AutograderError, OSError):
        pool.warm_up()


def _private(workspace: Workspace, assignment: str) -> tuple[Path, ...]:
    """Return what no student code may see; the pool refuses to start if student code could see it."""
    folders = (workspace.hidden(assignment), workspace.reference(assignment).parent,
               workspace.source(assignment).parent, workspace.cache, workspace.submitted_root, workspace.results_root,
               workspace.attempts_root, variants_secret(workspace), copies_root(workspace),
               *data_sources(workspace, assignment))
    return tuple(folder for folder in folders if folder.exists())


def check_context(
    workspace: Workspace, assignment: str, prepared: data.Prepared, key: str, release: dict[str, Any]
) -> checks.CheckContext:
    """Return what the check server needs to know about the course and the release in use."""
    path = workspace.reference(assignment)
    return checks.CheckContext(
        reference=path if path.is_file() else None, calibration=key, data_name=prepared.name,
        variants=notebook.family_of(release) is not None,
        true_data=prepared.name != data.STAND_IN,
        train_images=prepared.train_images, train_labels=prepared.train_labels,
        test_images=prepared.test_images, test_labels=prepared.test_labels, holdout_labels=prepared.holdout_labels,
        visible=prepared.visible, kind=prepared.kind, columns=prepared.columns,
        packages=tuple(map(package_name, workspace.course.requirements)),
        files=tuple(sorted(student_files(workspace.release(assignment).parent, assignment, prepared).names)),
    )
