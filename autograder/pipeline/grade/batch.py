"""Grade a class: what has not changed is left alone, one bad submission never stops the batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from autograder import notebook
from autograder.errors import (
    AutograderError,
    ExecutionError,
    GraderError,
    IsolationError,
    NotebookError,
    ReadingError,
)
from autograder.frames import roomy
from autograder.model import Ending, Isolation, Merged, NotebookJob, Receipt, Result, Status
from autograder.pipeline.grade import reruns, results
from autograder.pipeline.grade.attempt import job_fingerprint, make_job, sampling_key
from autograder.pipeline.grade.best_attempt import grade_attempts
from autograder.pipeline.grade.recording import Recording
from autograder.pipeline.reading.releases import fit
from autograder.pipeline.refit.repeat import Run, Wanted, left_alone, settle
from autograder.pipeline.session.session import GradingContext, beside_of, lanes_of, open_context, placed, read_release
from autograder.workspace.layout import RESULT, Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import exclusive, recover_folder, replace_folder, require_room, write_atomically

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

FIRST_SEED = 1
PATIENCE = 5.0
"""Seconds to wait for room on a full disk, which another submission's files may give back just now."""
QUEUED = "This work is graded on a GPU; it waits for a machine that has one, and you need do nothing."


@dataclass(frozen=True, kw_only=True)
class GradeOptions:
    """What `autograder grade` was asked for."""

    lanes: int | None = None
    force: bool = False
    allow_stand_in: bool = False
    unsafe: bool = False
    gradebook: bool = True
    isolation: Isolation | None = None
    students: tuple[str, ...] = ()


def grade_class(
    workspace: Workspace, assignments: Sequence[str], options: GradeOptions, reporter: Reporter
) -> list[Result]:
    """Grade every collected submission of the chosen assignments and record the results in the gradebook.

    Raises:
        AutograderError: course, data, checks or isolation are not as they should be; never for a submission.
    """
    graded: list[Result] = []
    with exclusive(workspace.grade_lock, "Grading"), Recording(workspace, options.gradebook) as book:
        require_room(workspace.results_root)  # no hour of training for results that nobody could keep
        for assignment in workspace.chosen(assignments):
            graded += _grade_assignment(workspace, assignment, options, reporter, book)
        book.finish(reporter)
    return graded


def _grade_assignment(
    workspace: Workspace, assignment: str, options: GradeOptions, reporter: Reporter, book: Recording
) -> list[Result]:
    receipts = [receipt for receipt in workspace.receipts(assignment)
                if not options.students or receipt.student in options.students]
    if not receipts:
        reporter.note(f"{assignment}: nothing was collected.")
        return []
    graded = []
    for result in _outcomes(workspace, assignment, receipts, options, reporter, book):
        book.add(result)
        graded.append(result)
    return sorted(graded, key=lambda result: result.student)


def _outcomes(
    workspace: Workspace, assignment: str, receipts: Sequence[Receipt], options: GradeOptions, reporter: Reporter,
    book: Recording,
) -> Iterator[Result]:
    """Yield the result of each submission as soon as it is on disk."""
    try:
        placement = placed(workspace, assignment)
    except GraderError as missing:
        yield from _queue(workspace, assignment, receipts, missing, reporter)
        return
    if placement.note:
        reporter.note(placement.note)
    lanes = placement.lanes(lanes_of(options.lanes))
    beside = placement.beside(lanes, beside_of(lanes))
    with (
        open_context(workspace, assignment, lanes=lanes, beside=beside, allow_stand_in=options.allow_stand_in,
                     unsafe=options.unsafe, isolation=options.isolation, reporter=reporter,
                     placement=placement, refits=True) as context,
        reporter.task(f"grade {assignment}", len(receipts)) as bar,
    ):
        book.expect()

        def work(receipt: Receipt) -> Result:
            return grade_attempts(context, receipt, partial(grade_submission, force=options.force))

        for result in run_in_lanes(work, receipts, lanes + beside, context.stop):
            bar.advance(result.student)
            yield result


def run_in_lanes(
    work: Callable[[Item], Outcome], items: Iterable[Item], lanes: int, stop: Callable[[], None]
) -> Iterator[Outcome]:
    """Yield outcomes as they come; after Ctrl-C or an error ``stop`` ends what runs and the rest never begins."""
    threads = ThreadPoolExecutor(max_workers=lanes, thread_name_prefix="lane")
    futures: list[Future[Outcome]] = [threads.submit(roomy(work), item) for item in items]
    try:
        for future in as_completed(futures):
            yield future.result()
    except BaseException:
        stop()
        raise
    finally:
        threads.shutdown(wait=True, cancel_futures=True)


def _queue(
    workspace: Workspace, assignment: str, receipts: Iterable[Receipt], missing: GraderError, reporter: Reporter
) -> Iterator[Result]:
    """Leave submissions for a machine that has what they need; what was graded on one stays as it is."""
    layout = notebook.layout(read_release(workspace, assignment))
    waiting = 0
    for receipt in receipts:
        earlier = load_result(workspace.results(receipt.student, assignment) / RESULT)
        if earlier is not None and _is_of(earlier, receipt):
            yield earlier
            continue
        result = results.refused(receipt, layout, status="queued", message=QUEUED) if receipt.accepted else \
            results.refused(receipt, layout, message=receipt.reason or "The upload was refused.")
        waiting += receipt.accepted
        _write(workspace, result)
        yield result
    if waiting:
        reporter.note(f"{waiting} of {assignment} left queued: {missing}")


def grade_submission(context: GradingContext, receipt: Receipt, *, force: bool = False) -> Result:
    """Return the result of one submission; it is on disk when this returns. Never raises for a submission's sake.

    Raises:
        StorageError: results can be written for nobody.
    """
    try:
        recover_folder(context.workspace.results(receipt.student, receipt.assignment))
        if not receipt.accepted:
            raise NotebookError(receipt.reason or "The upload was refused.")
        merged = merge_submission(context, receipt)
    except NotebookError as error:
        result = results.refused(receipt, context.layout, message=str(error))
        return _keep(context, receipt, result)
    except ReadingError as error:
        return _unread(context, receipt, error)
    except OSError as error:
        return _unfinished(context, receipt, error)
    return grade_merged(context, receipt, merged, force=force)


def grade_merged(
    context: GradingContext, receipt: Receipt, merged: Merged, *, force: bool = False, seed: int = FIRST_SEED
) -> Result:
    """Return the result of one merged notebook; it is on disk when this returns.

    Raises:
        StorageError: results can be written for nobody.
    """
    job = make_job(context, merged, seed=seed,
                   key=sampling_key(context.secret, receipt.student, receipt.sha256))
    folder = context.workspace.results(receipt.student, receipt.assignment)
    try:
        return _grade(context, receipt, merged, job, folder, force=force)
    except IsolationError:
        raise  # nothing can be graded on this machine: the whole batch has to hear it
    except (AutograderError, OSError, ValueError) as error:
        if context.stopped.is_set():
            raise reruns.Stopped from error
        return _unfinished(context, receipt, error)


def _unfinished(context: GradingContext, receipt: Receipt, error: Exception) -> Result:
    """Return the result that says what the grader's own trouble was.

    Raises:
        StorageError: the trouble is a disk that takes no other submission's result either.
    """
    reason = str(error).rstrip(".")
    if isinstance(error, OSError):
        require_room(context.workspace.results_root, patience=PATIENCE)
        reason = f"{error.strerror or type(error).__name__} while its files were read or written"
    message = f"The grader could not finish this submission ({reason}); run the same command again."
    result = results.refused(receipt, context.layout, status="failed", message=message)
    folder = context.workspace.results(receipt.student, receipt.assignment)
    if not _is_of(load_result(folder / RESULT), receipt):  # our trouble takes no grade away
        with suppress(OSError):  # the command says it all the same
            _write(context.workspace, result)
    return result


def _unread(context: GradingContext, receipt: Receipt, error: ReadingError) -> Result:
    """Return the result of a notebook whose reading broke its budget: all points are withheld, and staff are told."""
    result = results.refused(receipt, context.layout, status="failed", message=str(error), flags=(str(error),))
    if _is_of(load_result(context.workspace.results(receipt.student, receipt.assignment) / RESULT), receipt):
        return result  # this very work was graded before: what broke now takes no grade away
    return _keep(context, receipt, result)


def _keep(context: GradingContext, receipt: Receipt, result: Result) -> Result:
    """Return the result, which is on disk then, or one that says why it could not be written."""
    try:
        _write(context.workspace, result)
    except OSError as error:
        return _unfinished(context, receipt, error)
    return result


def merge_submission(context: GradingContext, receipt: Receipt) -> Merged:
    """Fit a collected notebook into the release that it came from.

    Raises:
        NotebookError: its bytes are not a usable notebook.
        ReadingError: reading them broke its budget.
    """
    path = context.workspace.submitted(receipt.student, receipt.assignment)
    fitted = fit(context.workspace, receipt.assignment, path.read_bytes(), path.name)
    merged = fitted.merged
    return merged.model_copy(update={"notes": (*merged.notes, fitted.remark)}) if fitted.remark else merged


def _grade(
    context: GradingContext, receipt: Receipt, merged: Merged, job: NotebookJob, folder: Path, *, force: bool
) -> Result:
    fingerprint = job_fingerprint(context, job)
    earlier = None if force else load_result(folder / RESULT)
    if earlier and earlier.provenance and _is_of(earlier, receipt) \
            and earlier.provenance.execution_fingerprint == fingerprint:
        if earlier.provenance.checks_fingerprint == context.checks_fingerprint and not _has_errors(earlier):
            return earlier
        again = reruns.judge_again(context, merged, job, folder, seeds=earlier.provenance.seeds) \
            if reruns.is_stored(folder) else None
        if again is not None:
            result = results.graded(context, receipt, merged, again, seeds=earlier.provenance.seeds,
                                    fingerprint=fingerprint)
            result = _trained_again(context, result, Run(folder=folder, key=job.sampling_key, kept=folder,
                                                            told=again.trainings))
            _write(context.workspace, result)
            return result
    with replace_folder(folder) as fresh:
        best, seeds = reruns.run(context, merged, job, fresh)
        if best.execution.ending is Ending.LOST:
            raise ExecutionError(f"The grader's own processes died {reruns.TRIES} times under it.")
        result = results.graded(context, receipt, merged, best, fingerprint=fingerprint, seeds=seeds)
        result = _trained_again(context, result, Run(folder=fresh, key=job.sampling_key, kept=folder,
                                                        told=best.trainings))
        (fresh / RESULT).write_text(result.to_json())
    return result


def _trained_again(context: GradingContext, result: Result, run: Run) -> Result:
    """Repeat trainings that have a reason; runs that nobody handed in have none."""
    if not context.refits:
        return result
    if run.told is None:  # its files were not read within their budget, and staff were told so
        return left_alone(result, run)
    later = context.assignment.refit.leaderboard == "later"
    return settle(context, result, run, Wanted(leaderboard=not later))


def _is_of(earlier: Result | None, receipt: Receipt) -> bool:
    """Whether this very submission was graded before."""
    return (earlier is not None and earlier.status == "graded" and earlier.provenance is not None
            and earlier.provenance.submission == receipt.sha256)


def _has_errors(earlier: Result) -> bool:
    """Whether points are withheld for the grader's own fault, which may be gone by now."""
    return any(check.status is Status.ERRORED for task in earlier.tasks for check in task.checks)


def load_result(path: Path) -> Result | None:
    """Return a stored result, or None where there is none or its schema is another one."""
    try:
        return Result.from_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def _write(workspace: Workspace, result: Result) -> None:
    write_atomically(workspace.results(result.student, result.assignment) / RESULT, result.to_json())

