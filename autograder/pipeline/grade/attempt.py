"""One run of a notebook: the job for the sandbox, the files that it leaves, and how it was judged."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder import checks, notebook
from autograder.model import CheckResult, Execution, Merged, NotebookJob
from autograder.model.base import Value
from autograder.pipeline.fingerprint import execution_fingerprint
from autograder.pipeline.grade.drawn_once import leave_out_pictures
from autograder.pipeline.grade.feedback_material import write_executed_notebook
from autograder.pipeline.reading.planning import Plan, Questions
from autograder.pipeline.reading.trainings import Trainings
from autograder.pipeline.session.session import Session
from autograder.workspace.file_names import ARTIFACTS, EXECUTED, EXECUTION

ALONE = ("A first run ran out of time while the machine was busy, so the submission was run again while nothing else "
         "of the batch ran; this second run counts.")
"""For staff."""


class Stopwatch:
    """Measures the seconds that each stage takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, stage: str) -> None:
        """Add the time since the last lap to ``stage``."""
        now = time.monotonic()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._last, 4)
        self._last = now


@dataclass(frozen=True, kw_only=True)
class NotebookRun:
    """One run that has ended and is not judged yet; its files are in ``folder``."""

    merged: Merged
    job: NotebookJob
    folder: Path
    execution: Execution
    watch: Stopwatch = field(default_factory=Stopwatch)

    @property
    def artifacts(self) -> Path:
        """The folder with the files that the student's process wrote, which are untrusted."""
        return self.folder / ARTIFACTS


class RunFacts(Value):
    """The facts read from a run's files: see `autograder.pipeline.reading.steps.examine`."""

    tasks: tuple[str, ...]
    problems: tuple[str, ...]
    left_out: str | None
    questions: Questions
    plan: Plan | None
    trainings: Trainings


@dataclass(frozen=True, kw_only=True)
class ReadRun:
    """A run with the facts read from it; ``facts`` is None if reading exceeded its budget, and ``unread`` says so."""

    run: NotebookRun
    facts: RunFacts | None = None
    unread: str = ""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One run with one seed, with its files in ``folder``, and how it was judged.

    ``trainings`` is what the run recorded about them, None if it could not be read within its budget.
    """

    folder: Path
    seed: int
    execution: Execution
    checks: tuple[CheckResult, ...]
    staff_flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    trainings: Trainings | None = None

    @property
    def earned(self) -> float:
        """Points of the checks that passed."""
        return sum(check.earned or 0.0 for check in self.checks)


def make_job(session: Session, merged: Merged, *, seed: int, key: str) -> NotebookJob:
    """Return the job for the sandbox, with the sizes of the session's profile in the notebook's sizes cell.

    Args:
        key: decides which rows are sampled: see `autograder.pipeline.grade.sampling_keys`.

    Raises:
        ReleaseError: a size that the profile names is missing in the notebook's sizes cell.
    """
    files = session.student_files
    return NotebookJob(
        cells=notebook.job_cells(use_profile_sizes(session, merged)), seed=seed, sampling_key=key,
        limits=session.assignment.limits, mounts=files.mounts,
        load_data=files.answers, files=files.names, public=session.public_arrays,
        calls=checks.calls_by_task(session.specs),
    )


def use_profile_sizes(session: Session, merged: Merged) -> Merged:
    """Return the merged notebook with the sizes of the session's profile, and numbers drawn for its student."""
    sized = notebook.with_sizes(merged.notebook, {**session.sizes, **merged.drawn})
    return merged.model_copy(update={"notebook": sized})


def job_fingerprint(session: Session, job: NotebookJob) -> str:
    """Return the hash of everything that determines the output of a run of this job."""
    return execution_fingerprint(
        job, continuation=session.continuation, compiled=session.compiled, data=session.data_name,
        isolation=session.pool.isolation.value, versions=session.pool.versions)


def run_notebook(
    session: Session, merged: Merged, job: NotebookJob, folder: Path, *,
    on_cell: Callable[[int], None] | None = None,
) -> NotebookRun:
    """Run a notebook in the sandbox and store its output in ``folder``, with the executed notebook for people.

    ``on_cell`` is called with the index of each cell that starts.
    """
    watch = Stopwatch()
    shorter, left_out = leave_out_pictures(session, merged, job)
    execution = session.pool.run_notebook(shorter, folder / ARTIFACTS, on_cell=on_cell)
    watch.lap("run")
    if session.alone:
        execution = execution.model_copy(update={"alone": True, "flags": (*execution.flags, ALONE)})
    (folder / EXECUTION).write_text(execution.to_json())
    write_executed_notebook(use_profile_sizes(session, merged).notebook, folder, execution, left_out)
    watch.lap("assemble")
    return NotebookRun(merged=merged, job=job, folder=folder, execution=execution, watch=watch)


def show_run(session: Session, merged: Merged, job: NotebookJob, folder: Path) -> None:
    """Write the executed notebook of a run whose output is in ``folder``: these cells, with the outputs of that run."""
    _, left_out = leave_out_pictures(session, merged, job)
    execution = Execution.from_json((folder / EXECUTION).read_bytes())
    write_executed_notebook(use_profile_sizes(session, merged).notebook, folder, execution, left_out)


def load_run(merged: Merged, job: NotebookJob, folder: Path) -> NotebookRun:
    """Return the run that an earlier grading has stored in ``folder``."""
    execution = Execution.from_json((folder / EXECUTION).read_bytes())
    return NotebookRun(merged=merged, job=job, folder=folder, execution=execution)


def is_run_stored(folder: Path) -> bool:
    """Whether the output of a run still exists; a folder that somebody cleaned up must not be judged as empty work."""
    return (folder / ARTIFACTS).is_dir() and all(
        (folder / name).is_file() for name in (EXECUTION, EXECUTED))
