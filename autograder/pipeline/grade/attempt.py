"""One attempt at one submission: run it, read what it left, ask its models, judge."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from autograder import checks, notebook
from autograder.model import CheckResult, Execution, Merged, NotebookJob
from autograder.pipeline.fingerprint import execution_fingerprint
from autograder.pipeline.reading.trainings import Trainings
from autograder.pipeline.session.session import STUDENT_DATA, GradingContext


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What one run with one seed left in ``folder``, and how it was judged.

    ``trainings`` is what it told of them, None where it could not be read within its budget.
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


class Stopwatch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, stage: str) -> None:
        """Book the time since the last lap under ``stage``."""
        now = time.monotonic()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._last, 4)
        self._last = now


def sampling_key(secret: str, student: str, submission: str) -> str:
    """Return the hex key that decides which rows are sampled: fixed per submission, unknown outside."""
    return hashlib.sha256(f"{secret}/{student}/{submission}".encode()).hexdigest()


def make_job(context: GradingContext, merged: Merged, *, seed: int, key: str) -> NotebookJob:
    """Return what the sandbox is asked to run: with the sizes of the context's profile, which the cells then hold.

    Raises:
        ReleaseError: the notebook's sizes cell does not have a size that the profile names.
    """
    return NotebookJob(
        cells=notebook.job_cells(_sized(context, merged)), seed=seed, sampling_key=key,
        limits=context.assignment.limits, mounts=context.student_mounts,
        mnist=STUDENT_DATA if context.student_mounts else None, public=context.public_arrays,
        calls=checks.calls_by_task(context.specs),
    )


def _sized(context: GradingContext, merged: Merged) -> Merged:
    sized = notebook.with_sizes(merged.notebook, context.sizes)
    return merged.model_copy(update={"notebook": sized})


def job_fingerprint(context: GradingContext, job: NotebookJob) -> str:
    """Return the hash of everything that decides what a run of this job leaves."""
    return execution_fingerprint(
        job.cells, continuation=context.continuation, seed=job.seed, sampling_key=job.sampling_key,
        limits=job.limits, data=context.data_name, isolation=context.pool.isolation.value,
        versions=context.pool.versions, calls=job.calls,
    )
