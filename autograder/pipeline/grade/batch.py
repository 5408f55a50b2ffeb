"""Grades a class: results that are still valid are reused, and one bad submission never stops the batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

from autograder import notebook
from autograder.errors import ExecutionError, GraderError
from autograder.model import Receipt, Result
from autograder.pipeline.grade.alone import grade_all
from autograder.pipeline.grade.best_attempt import GradedWork, grade_attempts
from autograder.pipeline.grade.recording import Recording, open_gradebook
from autograder.pipeline.grade.results import Grading, choose_exit_code, make_ungraded_result
from autograder.pipeline.grade.stored_results import load_graded, store_result
from autograder.pipeline.grade.submission import grade_submission
from autograder.pipeline.session.course_files import read_release
from autograder.pipeline.session.known_runs import KnownRuns
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.placement import Placement
from autograder.pipeline.session.session import Session, open_session, place_assignment
from autograder.pipeline.session.student_numbers import open_draws
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter

QUEUED = "This work is graded on a GPU; it waits for a machine that has one, and you need not do anything."


def grade_class(
    workspace: Workspace, assignments: Sequence[str], options: RunOptions, reporter: Reporter
) -> Grading:
    """Grade every collected submission of the chosen assignments and record the results in the gradebook.

    Raises:
        AutograderError: course, data, checks or isolation are unusable; never because of one submission.
    """
    graded: list[GradedWork] = []
    with open_gradebook(workspace, "Grading", wanted=options.gradebook, reporter=reporter) as book:
        for assignment in workspace.chosen(assignments):
            found = list(grade_assignment(workspace, assignment, options, reporter, book))
            graded += sorted(found, key=lambda work: work.result.student)
    return summarize(graded)


def summarize(graded: Iterable[GradedWork]) -> Grading:
    """Return the results that count, and the exit code that follows from these and from all other attempts."""
    works = tuple(graded)
    every = (result for work in works for result in (work.result, *work.others))
    return Grading(results=tuple(work.result for work in works), exit_code=choose_exit_code(every))


def grade_assignment(
    workspace: Workspace, assignment: str, options: RunOptions, reporter: Reporter, book: Recording
) -> Iterator[GradedWork]:
    """Grade one assignment, here, with a runner container or on workers; yield each result as soon as it is on disk.

    If the assignment needs a GPU and there is none, its submissions are left queued.

    Raises:
        ExecutionError: the runner container was lost; results from before are kept.
        ClusterError: the same of a scheduler or its workers.
        CourseError: each student has other numbers, and their secret is missing or another.
        AutograderError: course, data, checks or isolation are unusable; never because of one submission.
    """
    receipts = [receipt for receipt in workspace.receipts(assignment) if options.chosen(receipt.student)]
    if not receipts:
        reporter.note(f"{assignment}: nothing was collected.")
        return
    open_draws(workspace, assignment, read_release(workspace, assignment))  # without its secret nothing is graded
    try:
        placement = (options.place or place_assignment)(workspace, assignment)
    except GraderError as missing:
        for result in leave_queued(workspace, assignment, receipts, missing, reporter):
            book.add(result)
            yield GradedWork(result=result)
        book.write()
        return
    with open_for_class(workspace, assignment, options, reporter, placement) as session:
        yield from grade_receipts(session, receipts, book, reporter, total=len(receipts), force=options.force)


@contextmanager
def open_for_class(
    workspace: Workspace, assignment: str, options: RunOptions, reporter: Reporter, placement: Placement
) -> Iterator[Session]:
    """Open a session for the submissions of a class: due trainings are repeated, and spare cores judge.

    The same answers are run once, except where everything is to be run again.

    Raises:
        AutograderError: course, data, checks or isolation are unusable.
    """
    if placement.note:
        reporter.note(placement.note)
    chosen = replace(options, refits=True, overlap=True)
    with open_session(workspace, assignment, chosen, reporter=reporter, placement=placement) as session:
        known = None if options.force else KnownRuns(workspace.results_root, assignment)
        yield replace(session, known_runs=known)


def grade_receipts(
    session: Session, receipts: Iterable[Receipt | None], book: Recording, reporter: Reporter, *, total: int,
    force: bool = False,
) -> Iterator[GradedWork]:
    """Grade submissions in a session, and write each result into the gradebook before it is yielded.

    Args:
        receipts: each is taken when a worker is free; a None says that there is none at the moment.
        total: how many there are, for the progress that is shown.

    Raises:
        ExecutionError: the runner container was lost.
    """
    with reporter.task(f"grade {session.assignment.id}", total) as bar:
        def grade(session: Session, receipt: Receipt) -> GradedWork:
            bar.begin(receipt.student)
            work = grade_attempts(session, receipt, partial(grade_submission, force=force))
            book.add(work.result)
            return work

        book.warm_up()
        shared = 0
        for work in grade_all(session, receipts, grade, reporter):
            bar.advance(work.result.student)
            book.write()
            shared += work.result.provenance is not None and work.result.provenance.shared
            yield work
            if session.pool.lost:
                raise ExecutionError("The runner container was lost; what was graded until then is kept.")
    if shared:
        reporter.note(_describe_shared(shared, session.assignment.id))


def _describe_shared(count: int, assignment: str) -> str:
    which = "1 submission has" if count == 1 else f"{count} submissions have"
    return (f"{which} the same answers as another one, and one run was judged for both; `autograder report "
            f"{assignment}` lists them.")


def leave_queued(
    workspace: Workspace, assignment: str, receipts: Iterable[Receipt], missing: GraderError, reporter: Reporter,
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
        yield result
    if waiting:
        reporter.note(f"{waiting} of {assignment} left queued: {missing}")
