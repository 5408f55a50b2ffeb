"""Run the published recipes and compare what they measure with the published figures.

    read published.json → solution in each profile of its figures, seed by seed → reproduction.json → the two tables
"""

from __future__ import annotations

import difflib
import platform
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import FULL
from autograder.errors import CalibrationError
from autograder.model.keras_backend import DEFAULT_BACKEND, backend_of
from autograder.model.reproduction import NOTEBOOK, Published, Reproduction
from autograder.pipeline.experiments.runs import Job, Run, Shown, run_all
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, open_session
from autograder.pipeline.session.variant_files import SOLUTION
from autograder.pipeline.session.workers import count_workers
from autograder.sandbox.isolation import gpu
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import write_atomically

FEWEST_SEEDS = 3


def reproduce_assignment(
    workspace: Workspace, assignment: str, options: RunOptions, reporter: Reporter, *, seeds: int
) -> tuple[Path, ...]:
    """Write what the recipes of one assignment give, one file for each profile of its figures, and return the paths.

    Finished runs are kept and not repeated. Nothing is withheld from these runs: published figures refer to the whole
    test set, and the solution is our own.

    Raises:
        CalibrationError: there is no ``published.json``, or it has a name that no run has a value for, or a profile
            that the assignment does not have.
    """
    published = read_published(workspace, assignment)
    known = {FULL, NOTEBOOK, *workspace.course.assignment(assignment).sizes}
    for profile in published.profiles:
        if profile not in known:
            raise CalibrationError(f"reference/{assignment}/published.json names the profile {profile!r}, but "
                                   f"{assignment} has {', '.join(sorted(known))}: add it to its sizes in course.yml, "
                                   "or correct the name.")
    return tuple(_reproduce(workspace, published.of_profile(profile), replace(options, profile=profile), reporter,
                            seeds=seeds) for profile in published.profiles)


def _reproduce(
    workspace: Workspace, published: Published, options: RunOptions, reporter: Reporter, *, seeds: int
) -> Path:
    """Write the reproduction of figures that have one profile, that of the options, and return its path."""
    assignment, profile = published.assignment, published.profiles[0]
    with suppress(CalibrationError):  # a damaged file is replaced, as its message says
        before = read_reproduction(workspace, assignment, profile, gpu.backend_name())
        if before is not None:
            each = max(before.seconds) / 60
            reporter.note(f"{assignment}, {recipe_name(profile)}: {seeds} runs, about {each:.1f} min each the last "
                          "time.")
    options = replace(options, calibrated=False, whole=True)
    with open_session(workspace, assignment, options, reporter=reporter) as opened:
        cores = count_workers(options.workers)
        workers = min(cores, seeds)
        session = _with_threads(opened, max(1, cores // workers))
        jobs = [Job(variant=SOLUTION, seed=seed) for seed in range(1, seeds + 1)]
        folder = workspace.cache / "reproduce" / assignment / session.prepared.name / profile
        shown = Shown(reporter=reporter, description=f"reproduce {assignment}", by_cell=True)
        runs = run_all(session, jobs, folder, shown, workers=workers)
        found = summarize(published, sorted(runs, key=lambda run: run.seed), session)
    path = _path(workspace, assignment, profile, backend_of(found.versions))
    write_atomically(path, found.to_json(indent=1) + "\n")
    if found.lost:
        lost = ", ".join(found.lost)
        reporter.note(f"{assignment}, {recipe_name(profile)}: the solution lost {lost}; see {path.name}.")
    return path


def recipe_name(profile: str) -> str:
    """Return what messages and tables call the runs of a profile."""
    return {FULL: "full recipe", NOTEBOOK: "notebook's sizes"}.get(profile, f"profile {profile}")


def summarize(published: Published, runs: Sequence[Run], session: Session) -> Reproduction:
    """Return the measurements of the published quantities from some runs.

    Raises:
        CalibrationError: a run has no number of a name that ``published.json`` compares with.
    """
    names = dict.fromkeys(name for figure in published.figures for name in figure.measured)
    # Checks that evaluate a model rely on the copies in a student's test set, which is complete here.
    asking = {spec.id for spec in session.specs if spec.predicts}
    return Reproduction(
        assignment=published.assignment, profile=published.profiles[0], data=session.data_name,
        versions=dict(session.pool.versions), processor=processor(),
        reproduced_at=datetime.now(UTC).isoformat(timespec="seconds"), sizes=runs[0].sizes,
        threads=session.assignment.limits.threads, seeds=tuple(run.seed for run in runs),
        seconds=tuple(round(run.seconds, 1) for run in runs),
        lost=tuple(sorted({check for run in runs for check in run.lost} - asking)),
        measured={name: tuple(measured(published.assignment, run, name) for run in runs) for name in names},
    )


def measured(assignment: str, run: Run, name: str) -> float:
    """Return the number of a run that ``published.json`` calls ``metric:…``, ``number:…`` or ``history:…[epoch]``.

    Epochs count from 1; -1 is the last.

    Raises:
        CalibrationError: the run has no such number.
    """
    kind, _, rest = name.partition(":")
    known = run.metrics if kind == "metric" else run.numbers
    if kind == "history":
        known = {f"{fit}/{quantity}[{epoch}]": value for fit, curves in run.curves.items()
                 for quantity, values in curves.items() for epoch, value in _epochs(values)}
    if rest in known:
        return known[rest]
    near = difflib.get_close_matches(rest, list(known), n=1, cutoff=0.0)
    raise CalibrationError(
        f"reference/{assignment}/published.json compares a figure with {name}, which the run of seed {run.seed} does "
        f"not have; the nearest is {f'{kind}:{near[0]}' if near else 'none'}: correct the file or the notebook.")


def _epochs(values: Sequence[float]) -> list[tuple[int, float]]:
    return [*enumerate(values, start=1), *((-back, values[-back]) for back in range(1, len(values) + 1))]


def read_published(workspace: Workspace, assignment: str) -> Published:
    """Return the published figures of an assignment.

    Raises:
        CalibrationError: there is no such file, or it has other contents.
    """
    path = workspace.reference(assignment).with_name("published.json")
    try:
        found = Published.from_json(path.read_bytes())
    except OSError:
        raise CalibrationError(f"The published figures of {assignment} were expected in reference/{assignment}/"
                               f"{path.name}, but there is no such file; write it first.") from None
    except ValueError as error:
        raise CalibrationError(f"reference/{assignment}/{path.name} was expected to contain published figures, but "
                               f"does not ({' '.join(str(error).split())[:200]}); correct it.") from None
    if found.assignment != assignment:
        raise CalibrationError(f"reference/{assignment}/{path.name} says that it is of {found.assignment!r}; "
                               "correct it.")
    return found


def read_reproduction(
    workspace: Workspace, assignment: str, profile: str = FULL, backend: str = DEFAULT_BACKEND
) -> Reproduction | None:
    """Return the last reproduction of an assignment in a profile with a backend of Keras, None before the first.

    Raises:
        CalibrationError: the file is there but does not describe one of this profile.
    """
    path = _path(workspace, assignment, profile, backend)
    try:
        found = Reproduction.from_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError:
        found = None
    if found is None or found.profile != profile:
        raise CalibrationError(f"reference/{assignment}/{path.name} does not describe a reproduction in the profile "
                               f"{profile!r}; run `autograder reproduce {assignment}` again.")
    return found


def _path(workspace: Workspace, assignment: str, profile: str, backend: str) -> Path:
    """Return where the reproduction of a profile is kept; the tables are made of TensorFlow's."""
    name = "reproduction" if profile == FULL else f"reproduction-{profile}"
    other = "" if backend == DEFAULT_BACKEND else f".{backend}"
    return workspace.reference(assignment).with_name(f"{name}{other}.json")


def processor() -> str:
    """Return the machine's name for its CPU."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return platform.processor() or platform.machine()
    names = re.findall(r"^model name\s*:\s*(.+)$", text, flags=re.MULTILINE)
    return " ".join(names[0].split()) if names else platform.machine()


def _with_threads(session: Session, threads: int) -> Session:
    """Let a run use cores that would otherwise be idle."""
    limits = session.assignment.limits
    limits = limits.model_copy(update={"threads": max(limits.threads, threads)})
    return replace(session, assignment=session.assignment.model_copy(update={"limits": limits}))
