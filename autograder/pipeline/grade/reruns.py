"""How often one submission is run: with fresh seeds, with correct arrays, or again because the grader failed.

A submission's score depends only on its work, never on earlier gradings: judging stored runs makes the same decisions
as a fresh grading, and makes those runs that are needed but not stored.

Which run comes next depends on how the last one was judged. So the functions here are generators: each yields a run
and is sent the attempt with its judgement.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from autograder.errors import ExecutionError
from autograder.model import Ending, Merged, NotebookJob, Result, Status
from autograder.pipeline.grade import continuation
from autograder.pipeline.grade.attempt import Attempt, NotebookRun, is_run_stored, load_run, run_notebook
from autograder.pipeline.grade.given import Given, prepare_correct_results
from autograder.pipeline.grade.shared_runs import EqualRun, empty, equal_run
from autograder.pipeline.grade.work import Work
from autograder.pipeline.refit.repeat import TrainedRun
from autograder.pipeline.session.session import Session
from autograder.workspace.file_names import CONTINUED, GIVEN, HISTORY
from autograder.workspace.storage import replace_folder

Decided = TypeVar("Decided")
Runs = Generator[NotebookRun, Attempt, Decided]
"""Yields runs to judge, is sent the judged attempts, and returns what follows from them."""
FRESH_SEEDS = (2, 3)
"""Seeds of the repetitions for work whose only failure is a calibrated minimum."""
TRIES = 3
"""How often a submission is started if the grader's own processes die."""


class Stopped(Exception):
    """The batch was aborted while this submission ran; nothing is written for it."""


class RunAlone(Exception):
    """A run was stopped while the machine was busy: the submission is to be graded when nothing else runs."""


class SubmissionRuns:
    """All runs of one submission, in a loop that judges each of them::

        for run in runs:
            runs.judged(…)

    Afterwards ``counted`` is the attempt that counts, ``seeds`` are all that were tried, ``folder`` holds the
    files of the attempt, and ``shared`` says whether they come from another submission with the same answers.
    """

    counted: Attempt
    seeds: tuple[int, ...]
    folder: Path
    shared: bool

    def __init__(self, session: Session, work: Work, earlier: Result | None, cleanup: ExitStack) -> None:
        self._session, self._work, self._earlier, self._cleanup = session, work, earlier, cleanup
        self._latest: Attempt | None = None

    def __iter__(self) -> Iterator[NotebookRun]:
        steps = self._decide()
        try:
            run = next(steps)
            while True:
                yield run
                if self._latest is None:
                    raise AssertionError("Expected each run to be judged before the next one, but it was not.")
                judged, self._latest = self._latest, None
                run = steps.send(judged)
        except StopIteration:
            return

    def judged(self, attempt: Attempt) -> None:
        """Accept the judged attempt of the current run of the loop."""
        self._latest = attempt

    @property
    def trained(self) -> TrainedRun:
        """The run that counts, for repeating its trainings."""
        return TrainedRun(folder=self.folder, key=self._work.job.sampling_key, kept=self._work.folder,
                          trainings=self.counted.trainings)

    def _decide(self) -> Runs[None]:
        """Judge the stored runs again if that is enough; else get others, in a folder that replaces theirs.

        Those are the runs of another submission with the same answers; where there are none, this one is run.
        """
        session, merged, job = self._session, self._work.merged, self._work.job
        self.folder, self.shared = self._work.folder, False
        if self._earlier is not None and self._earlier.provenance is not None and is_run_stored(self.folder):
            self.seeds, self.shared = self._earlier.provenance.seeds, self._earlier.provenance.shared
            rejudged = yield from rejudge_stored(session, merged, job, self.folder, seeds=self.seeds)
            if rejudged is not None:
                self.counted = rejudged
                return
        equal = self._cleanup.enter_context(equal_run(session, self._work, tried=self._earlier is not None))
        self.folder = self._cleanup.enter_context(replace_folder(self._work.folder, keep=(HISTORY,)))
        taken = (yield from judge_equal(session, self._work, equal, self.folder)) if equal is not None else None
        self.shared = taken is not None
        self.counted, self.seeds = taken or (yield from run_fairly(session, merged, job, self.folder))


@contextmanager
def open_runs(session: Session, work: Work, earlier: Result | None) -> Iterator[SubmissionRuns]:
    """Yield the runs of a submission; if the block succeeds, their files replace the earlier ones.

    Args:
        earlier: the stored result whose runs may be judged again; None: everything has to be run.
    """
    with ExitStack() as cleanup:
        yield SubmissionRuns(session, work, earlier, cleanup)


def run_fairly(
    session: Session, merged: Merged, job: NotebookJob, fresh: Path
) -> Runs[tuple[Attempt, tuple[int, ...]]]:
    """Run a submission as often as fairness requires; return the attempt that counts and all seeds tried.

    The files of the attempt that counts end up in ``fresh``.

    Raises:
        ExecutionError: the grader's own processes died each time.
    """
    run = _run_until_kept(session, merged, job, fresh)
    if run is None:
        raise ExecutionError(f"The grader's own processes died {TRIES} times under it.")
    attempts, seeds = [(yield run)], [job.seed]
    if missed_only_minimums(attempts[0]):
        # Luck must not decide: run with other seeds until the minimums are reached.
        for seed in FRESH_SEEDS:
            seeds.append(seed)
            run = _run_until_kept(session, merged, job.model_copy(update={"seed": seed}), fresh)
            if run is None:
                break
            attempts.append((yield run))
            if not missed_only_minimums(attempts[-1]):
                break
    best = max(attempts, key=lambda attempt: attempt.earned)
    _move_up(best, fresh)
    counted = yield from _continue_from_correct(
        session, merged, job.model_copy(update={"seed": best.seed}), best, fresh)
    return counted, tuple(seeds)


def rejudge_stored(
    session: Session, merged: Merged, job: NotebookJob, folder: Path, *, seeds: tuple[int, ...]
) -> Runs[Attempt | None]:
    """Judge the runs that are stored in ``folder``; student code runs only if a run is needed that is not stored.

    Args:
        seeds: all that were tried when it was graded.

    Returns:
        None if a fresh grading would use other seeds than the stored one, or if the stored run did not have its full
        time: then everything has to be run again.
    """
    if len(seeds) > 1:
        return None
    stored = load_run(merged, job, folder)
    if stored.execution.starved:
        return None
    first = yield stored
    if missed_only_minimums(first):
        return None
    return (yield from _continue_from_correct(session, merged, job, first, folder))


def judge_equal(
    session: Session, work: Work, equal: EqualRun, fresh: Path
) -> Runs[tuple[Attempt, tuple[int, ...]] | None]:
    """Judge the run of another submission with the same answers; return what `run_fairly` would have returned.

    Which seeds were tried follows from how the runs were judged, so it is the same for both.

    Args:
        fresh: an empty folder, for its files.

    Returns:
        None if there is no such run any more, or if other seeds are needed; ``fresh`` is empty again then.
    """
    if not equal.take(session, work, fresh):
        return None
    merged, job, seeds = work.merged, equal.job(work), equal.provenance.seeds
    if len(seeds) == 1:
        counted = yield from rejudge_stored(session, merged, job, fresh, seeds=seeds)
    else:
        first = yield load_run(merged, job, fresh)
        counted = yield from _continue_from_correct(session, merged, job, first, fresh)
    if counted is None:
        empty(fresh)
        return None
    return counted, seeds


def _continue_from_correct(
    session: Session, merged: Merged, job: NotebookJob, first: Attempt, folder: Path
) -> Runs[Attempt]:
    """Return the attempt that counts after all runs with correct arrays, stored ones included."""
    counted = newest = first
    chain: continuation.Chain = ()
    while chain := continuation.following(session, merged, counted.checks, newest.checks, chain):
        correct = prepare_correct_results(session, merged.drawn)
        newest = yield from _run_with_correct(session, merged, job, folder, chain, correct)
        counted = continuation.credit_run(session, counted, newest, chain, correct.answered(chain))
    return counted


def _run_with_correct(
    session: Session, merged: Merged, job: NotebookJob, folder: Path, chain: continuation.Chain, correct: Given
) -> Runs[Attempt]:
    """Return the run with the results of ``chain``: judged again if it is stored, otherwise made and stored."""
    kept = folder / CONTINUED / chain[-1]
    origin = json.dumps({"chain": chain, "given": correct.id, "seed": job.seed})
    # Some checks look at what a run was given, so a stored one is judged with the same.
    given = correct.put_into(job, chain)
    if is_run_stored(kept) and (kept / GIVEN).is_file() and (kept / GIVEN).read_text() == origin:
        stored = load_run(merged, given, kept)
        if not stored.execution.starved:
            return (yield stored)
    _remove_uncounted(folder)
    run = _run_until_kept(session, merged, given, folder, label=CONTINUED)
    if run is None:
        raise ExecutionError(f"the grader's own processes died {TRIES} times under its run after {chain[-1]}")
    attempt = yield run
    (attempt.folder / GIVEN).write_text(origin)
    if is_run_stored(kept.parent):  # left by a version that kept only one such run
        shutil.rmtree(kept.parent)
    shutil.rmtree(kept, ignore_errors=True)
    kept.parent.mkdir(exist_ok=True)
    attempt.folder.rename(kept)
    _remove_uncounted(folder)
    return attempt


def missed_only_minimums(attempt: Attempt) -> bool:
    """Whether the only points lost are those of calibrated minimums."""
    lost = [check for check in attempt.checks
            if check.status in (Status.FAILED, Status.BLOCKED, Status.NOT_REACHED)]
    return bool(lost) and all(check.minimum and check.status is Status.FAILED for check in lost)


def _run_until_kept(
    session: Session, merged: Merged, job: NotebookJob, fresh: Path, *, label: str = "first"
) -> NotebookRun | None:
    """Run once, and again if the grader's own processes died; None if they died each time."""
    for number in range(TRIES):
        folder = fresh / f".{label}-{job.seed}-{number}"
        folder.mkdir()
        if session.stopped.is_set():
            raise Stopped
        run = run_notebook(session, merged, job, folder)
        # Shutting down a machine or service signals every process: then only a completed run counts.
        if session.stopped.is_set() and run.execution.ending is not Ending.COMPLETED:
            raise Stopped
        if run.execution.starved and session.puts_off:
            raise RunAlone
        if run.execution.ending is not Ending.LOST:
            return run
    return None


def _move_up(best: Attempt, fresh: Path) -> None:
    """Move the counted attempt's files to where later gradings look for them, and drop the others."""
    for item in best.folder.iterdir():
        item.rename(fresh / item.name)
    _remove_uncounted(fresh)


def _remove_uncounted(folder: Path) -> None:
    """Remove the files of attempts that do not count, including those of a grading that was killed."""
    for leftover in folder.glob(".*-*-*"):
        shutil.rmtree(leftover, ignore_errors=True)
