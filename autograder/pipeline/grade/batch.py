"""Grades a class: results that are still valid are reused, and one bad submission never stops the batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from autograder import notebook
from autograder.errors import ExecutionError, GraderError
from autograder.model import Receipt, Result
from autograder.pipeline.grade.alone import grade_all
from autograder.pipeline.grade.best_attempt import grade_attempts
from autograder.pipeline.grade.recording import Record, Recording, open_gradebook
from autograder.pipeline.grade.results import make_ungraded_result
from autograder.pipeline.grade.stored_results import load_graded, store_result
from autograder.pipeline.grade.submission import grade_submission
from autograder.pipeline.session.course_files import read_release
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, open_session, place_assignment
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter

QUEUED = "This work is graded on a GPU; it waits for a machine that has one, and you need not do anything."


def grade_class(
    workspace: Workspace, assignments: Sequence[str], options: RunOptions, reporter: Reporter
) -> list[Result]:
    """Grade every collected submission of the chosen assignments and record the results in the gradebook.

    Raises:
        AutograderError: course, data, checks or isolation are unusable; never because of one submission.
    """
    graded: list[Result] = []
    with open_gradebook(workspace, "Grading", wanted=options.gradebook, reporter=reporter) as book:
        for assignment in workspace.chosen(assignments):
            found = list(grade_assignment(workspace, assignment, options, reporter, book))
            graded += sorted(found, key=lambda result: result.student)
    return graded


def grade_assignment(
    workspace: Workspace, assignment: str, options: RunOptions, reporter: Reporter, book: Recording
) -> Iterator[Result]:
    """Grade one assignment, here or with a runner container; yield each result as soon as it is on disk.

    If the assignment needs a GPU and there is none, its submissions are left queued.

    Raises:
        ExecutionError: the runner container was lost; results from before are kept.
        AutograderError: course, data, checks or isolation are unusable; never because of one submission.
    """
    receipts = [receipt for receipt in workspace.receipts(assignment) if options.chosen(receipt.student)]
    if not receipts:
        reporter.note(f"{assignment}: nothing was collected.")
        return
    try:
        placement = place_assignment(workspace, assignment)
    except GraderError as missing:
        yield from _queue(workspace, assignment, receipts, missing, reporter, book.add)
        book.write()
        return
    if placement.note:
        reporter.note(placement.note)
    options = replace(options, refits=True, overlap=True)
    with (
        open_session(workspace, assignment, options, reporter=reporter, placement=placement) as session,
        reporter.task(f"grade {assignment}", len(receipts)) as bar,
    ):
        book.warm_up()

        def grade(session: Session, receipt: Receipt) -> Result:
            result = grade_attempts(session, receipt, partial(grade_submission, force=options.force))
            book.add(result)
            return result

        for result in grade_all(session, receipts, grade, reporter):
            bar.advance(result.student)
            book.write()
            yield result
            if session.pool.lost:
                raise ExecutionError("The runner container was lost; what was graded until then is kept.")


def _queue(
    workspace: Workspace, assignment: str, receipts: Iterable[Receipt], missing: GraderError, reporter: Reporter,
    record: Record,
) -> Iterator[Result]:
    """Leave submissions for a machine that has what they need; results that exist already are kept."""
    layout = notebook.layout(read_release(workspace, assignment))
    waiting = 0
    for receipt in receipts:
        result = load_graded(workspace, receipt)
        if result is None:
            waiting += receipt.accepted
            result = make_ungraded_result(receipt, layout, status="queued", message=QUEUED) if receipt.accepted else \
                make_ungraded_result(receipt, layout, message=receipt.reason or "The upload was refused.")
            store_result(workspace, result)
        record(result)
        yield result
    if waiting:
        reporter.note(f"{waiting} of {assignment} left queued: {missing}")
