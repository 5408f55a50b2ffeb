"""Assignments, students and submissions in nbgrader's gradebook, as its own pipeline would make them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from autograder.course import Course
from autograder.errors import GradebookError
from autograder.gradebook.recorded import Recorded
from autograder.gradebook.release_cells import NotebookLayout
from autograder.gradebook.scores import CellScore
from autograder.gradebook.update_scores import UpdateOutcome, leave_open, update_scores


def register_assignment(book: Any, layout: NotebookLayout, due: datetime | None) -> None:
    """Create or update an assignment, its notebook and its cells from the release.

    Raises:
        GradebookError: graded cells would be added or removed although submissions are recorded.
    """
    name = layout.assignment
    if due is None:
        book.update_or_create_assignment(name)
    else:
        book.update_or_create_assignment(name, duedate=due)
    notebook = book.update_or_create_notebook(name, name, kernelspec=layout.kernelspec)
    if not _unchanged(notebook, layout):
        _refuse_changed_grades(notebook, layout)
        _write_cells(book, notebook, layout)


def _unchanged(notebook: Any, layout: NotebookLayout) -> bool:
    """Whether the database already describes this release: the usual case, and then nothing is written."""
    stored = {cell.name: (cell.cell_type, cell.locked, cell.source, cell.checksum) for cell in notebook.source_cells}
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    return (
        stored == {cell.name: (cell.kind, cell.locked, cell.source, cell.checksum) for cell in layout.cells}
        and points == {cell.name: cell.points for cell in layout.graded}
        and {cell.name for cell in notebook.solution_cells} == {cell.name for cell in layout.solutions}
    )


def _refuse_changed_grades(notebook: Any, layout: NotebookLayout) -> None:
    stored = {cell.name for cell in notebook.grade_cells} | {cell.name for cell in notebook.solution_cells}
    wanted = {cell.name for cell in layout.cells if cell.grade or cell.solution}
    if stored != wanted and notebook.submissions:
        names = ", ".join(sorted(stored ^ wanted))
        raise GradebookError(
            f"The gradebook has {len(notebook.submissions)} submissions of {layout.assignment} whose graded cells "
            f"differ from the release ({names}); release the earlier cells again, or back up gradebook.db and remove "
            f"the assignment with `nbgrader db assignment remove {layout.assignment} --force`."
        )


def _write_cells(book: Any, notebook: Any, layout: NotebookLayout) -> None:
    name = layout.assignment
    wanted = {cell.name for cell in layout.cells}
    graded = {cell.name for cell in layout.graded}
    solutions = {cell.name for cell in layout.solutions}
    for stored, keep in ((notebook.source_cells, wanted), (notebook.grade_cells, graded),
                         (notebook.solution_cells, solutions)):
        for cell in [cell for cell in stored if cell.name not in keep]:
            book.db.delete(cell)
    book.db.commit()
    for cell in layout.cells:
        if cell.grade:
            book.update_or_create_grade_cell(cell.name, name, name, max_score=cell.points, cell_type=cell.kind)
        if cell.solution:
            book.update_or_create_solution_cell(cell.name, name, name)
        book.update_or_create_source_cell(cell.name, name, name, cell_type=cell.kind, locked=cell.locked,
                                          source=cell.source, checksum=cell.checksum)


def add_submitted(book: Any, recorded: Recorded, course: Course) -> Any:
    """Return nbgrader's record of a student's notebook; it is made where there is none."""
    from nbgrader.api import MissingEntry

    try:
        book.find_student(recorded.student)
    except MissingEntry:
        book.add_student(recorded.student)
    with book.db.no_autoflush:    # nbgrader builds a submission in steps that may not be flushed one by one
        submission = book.update_or_create_submission(recorded.assignment, recorded.student)
    set_extension(submission, course)
    set_timestamp(submission, recorded)
    return book.find_submission_notebook(recorded.assignment, recorded.assignment, recorded.student)


def set_timestamp(submission: Any, recorded: Recorded) -> None:
    """Set the time of submission from the receipt, so that late penalties are right; the caller commits.

    A late time that is only that of an archive or a file is left out: nobody loses points for the time of a
    download or copy.
    """
    from nbgrader.utils import parse_utc

    if recorded.received_at is None:
        return
    try:
        moment = parse_utc(recorded.received_at)
        due = submission.duedate
        is_late = due is not None and moment > due
        submission.timestamp = None if is_late and not recorded.time_can_cost else moment
    except (ValueError, OverflowError) as error:
        raise GradebookError(
            f"The receipt of {recorded.student} says that it was handed in at “{recorded.received_at}”, which is not "
            f"time; collect {recorded.assignment} again."
        ) from error


def set_extension(submission: Any, course: Course) -> None:
    """Apply the later deadline that course.yml gives this student; without one, an extension set in nbgrader stays."""
    assignment = submission.assignment.name
    later, due = course.extension(submission.student.id, assignment), course.assignment(assignment).due
    if later is not None and due is not None:
        submission.extension = later - due


def update_submission(book: Any, submitted: Any, recorded: Recorded, scores: Sequence[CellScore]) -> UpdateOutcome:
    """Put one submission's scores into the gradebook; the caller commits."""
    result = recorded.result
    if result is None:
        return leave_open(submitted, recorded.reason or "There is no result.", flag=not recorded.queued)
    return update_scores(
        book, submitted, scores,
        submission=result.provenance.submission if result.provenance else None,
        answers=recorded.answers,
        flag=bool(result.staff_flags),
    )
