"""How often one submission is run: with fresh seeds, on from correct arrays, or again when the grader failed.

What a submission scores follows from its work alone, never from what was graded before: judging what is stored makes
the same decisions as a fresh grading, and runs what they ask for and the store does not have.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from autograder.errors import ExecutionError
from autograder.model import Ending, Merged, NotebookJob, Status
from autograder.pipeline.grade import continuation
from autograder.pipeline.grade.attempt import Attempt, judge_attempt, run_attempt
from autograder.pipeline.grade.given import Given, given
from autograder.pipeline.session.session import GradingContext
from autograder.workspace.layout import ARTIFACTS, CONTINUED, EXECUTED, EXECUTION, GIVEN

FRESH_SEEDS = (2, 3)
"""Seeds of the repetitions for work whose only failure is a calibrated minimum."""
TRIES = 3
"""How often a submission is started when the grader's own processes die under it."""


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
    _keep(best, fresh)
    seeds = tuple(attempt.seed for attempt in attempts)
    if best.execution.ending is Ending.LOST:
        return best, seeds
    return _gone_on(context, merged, job.model_copy(update={"seed": best.seed}), best, fresh), seeds


def judge_again(
    context: GradingContext, merged: Merged, job: NotebookJob, folder: Path, *, seeds: tuple[int, ...]
) -> Attempt | None:
    """Judge what stored runs left in ``folder``; the student's code runs only where a run is needed that is not there.

    Args:
        seeds: all that were tried when it was graded.

    Returns:
        None where a fresh grading would look at other seeds than the one that was kept: all has to be run again.
    """
    if len(seeds) > 1:
        return None
    first = judge_attempt(context, merged, job, folder)
    if missed_only_minimums(first):
        return None
    return _gone_on(context, merged, job, first, folder)


def _gone_on(context: GradingContext, merged: Merged, job: NotebookJob, first: Attempt, folder: Path) -> Attempt:
    """Return the attempt that counts after all runs that go on from correct arrays, stored ones included."""
    counted = newest = first
    chain: continuation.Chain = ()
    while chain := continuation.following(context, merged, counted.checks, newest.checks, chain):
        correct = given(context)
        newest = _continued(context, merged, job, folder, chain, correct)
        counted = continuation.better(context, counted, newest, chain, correct.answered(chain))
    return counted


def _continued(
    context: GradingContext, merged: Merged, job: NotebookJob, folder: Path, chain: continuation.Chain, correct: Given
) -> Attempt:
    """Return the run that was given the results of ``chain``: judged again where it is stored, else made and stored."""
    kept = folder / CONTINUED / chain[-1]
    origin = json.dumps({"chain": chain, "given": correct.id, "seed": job.seed})
    if is_stored(kept) and (kept / GIVEN).is_file() and (kept / GIVEN).read_text() == origin:
        return judge_attempt(context, merged, job, kept)
    _clear(folder)
    attempt = _attempt(context, merged, correct.put_into(job, chain), folder, label=CONTINUED)
    if attempt.execution.ending is Ending.LOST:
        raise ExecutionError(f"the grader's own processes died {TRIES} times under its run after {chain[-1]}")
    (attempt.folder / GIVEN).write_text(origin)
    if is_stored(kept.parent):  # of a version that kept one such run only
        shutil.rmtree(kept.parent)
    shutil.rmtree(kept, ignore_errors=True)
    kept.parent.mkdir(exist_ok=True)
    attempt.folder.rename(kept)
    _clear(folder)
    return attempt


def is_stored(folder: Path) -> bool:
    """Whether what a run left is still there; a folder that somebody tidied up must not be judged as empty work."""
    return (folder / ARTIFACTS).is_dir() and all(
        (folder / name).is_file() for name in (EXECUTION, EXECUTED))


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


def _keep(best: Attempt, fresh: Path) -> None:
    """Move the counted attempt's files to where later gradings look for them, and drop the others."""
    for item in best.folder.iterdir():
        item.rename(fresh / item.name)
    _clear(fresh)


def _clear(folder: Path) -> None:
    """Remove what attempts left that do not count, those of a grading that was killed included."""
    for leftover in folder.glob(".*-*-*"):
        shutil.rmtree(leftover, ignore_errors=True)
