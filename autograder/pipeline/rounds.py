"""How often one submission is run: with fresh seeds, with mended arrays, or again when the grader failed."""

from __future__ import annotations

import shutil
from pathlib import Path

from autograder.errors import ExecutionError
from autograder.model import Ending, Merged, NotebookJob, Status
from autograder.pipeline import continuation
from autograder.pipeline.attempt import Attempt, judge_attempt, run_attempt
from autograder.pipeline.context import GradingContext

FRESH_SEEDS = (2, 3)
"""Seeds of the repetitions for work whose only failure is a calibrated minimum."""
TRIES = 3
"""How often a submission is started when the grader's own processes die under it."""
CONTINUED = "continued"
"""Folder beside the counted attempt's files that holds the run with mended arrays."""


class Stopped(Exception):
    """The batch was given up while this submission ran; nothing is written for it."""


def run(context: GradingContext, merged: Merged, job: NotebookJob, fresh: Path) -> tuple[Attempt, tuple[int, ...]]:
    """Run a submission as often as fairness asks; return the attempt that counts and all seeds tried.

    The counted attempt's files end up in ``fresh``.
    """
    first = _attempt(context, merged, job, fresh)
    attempts = [first]
    if missed_only_minimums(first):
        attempts += _fresh_seeds(context, merged, job, fresh)
    best = max(attempts, key=lambda attempt: attempt.earned)
    second = None
    if continuation.worth_it(context, best.checks):
        tasks = continuation.failed_tasks(context, best.checks)
        second = _attempt(context, merged, continuation.mended(context, job, tasks), fresh, label=CONTINUED)
        if second.execution.ending is Ending.LOST:
            raise ExecutionError(f"the grader's own processes died {TRIES} times under its second run")
    _keep(best, second, fresh)
    if second is not None:
        best = continuation.better(context, best, second)
    return best, tuple(attempt.seed for attempt in attempts)


def judge_again(context: GradingContext, merged: Merged, job: NotebookJob, folder: Path) -> Attempt:
    """Judge what stored runs left; nothing of the student's is run."""
    first = judge_attempt(context, merged, job, folder)
    if not (folder / CONTINUED).is_dir() or not continuation.failed_tasks(context, first.checks):
        return first
    return continuation.better(context, first, judge_attempt(context, merged, job, folder / CONTINUED))


def missed_only_minimums(attempt: Attempt) -> bool:
    """Whether the only points lost are those of calibrated minimums."""
    lost = [check for check in attempt.checks
            if check.status in (Status.FAILED, Status.BLOCKED, Status.NOT_REACHED)]
    return bool(lost) and all(check.minimum and check.status is Status.FAILED for check in lost)


def _fresh_seeds(context: GradingContext, merged: Merged, job: NotebookJob, fresh: Path) -> list[Attempt]:
    """Luck must not decide: run with other seeds until the minimums are reached."""
    attempts: list[Attempt] = []
    for seed in FRESH_SEEDS:
        attempts.append(_attempt(context, merged, job.model_copy(update={"seed": seed}), fresh))
        if not missed_only_minimums(attempts[-1]):
            break
    return attempts


def _attempt(
    context: GradingContext, merged: Merged, job: NotebookJob, fresh: Path, *, label: str = "first"
) -> Attempt:
    """Run once; the grader's own deaths are tried again."""
    attempt = None
    for number in range(TRIES):
        folder = fresh / f".{label}-{job.seed}-{number}"
        folder.mkdir()
        if context.stopped.is_set():
            raise Stopped
        attempt = run_attempt(context, merged, job, folder)
        # Whoever ends a whole machine or service sends every process a signal: no end but its own counts then.
        if context.stopped.is_set() and attempt.execution.ending is not Ending.COMPLETED:
            raise Stopped
        if attempt.execution.ending is not Ending.LOST:
            break
    assert attempt is not None  # noqa: S101 - TRIES is at least one
    return attempt


def _keep(best: Attempt, second: Attempt | None, fresh: Path) -> None:
    """Move the counted attempts' files to where later gradings look for them, and drop the others."""
    for item in best.folder.iterdir():
        item.rename(fresh / item.name)
    if second is not None:
        second.folder.rename(fresh / CONTINUED)
    for leftover in fresh.glob(".*-*-*"):
        shutil.rmtree(leftover)
