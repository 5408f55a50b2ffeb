"""Reads what the gradebook has for one assignment, after bringing deadlines and late penalties up to date there.

A penalty follows from the points and the deadline. Both may have changed since the last recording: a person gave points
or an extension in nbgrader, or course.yml has another deadline. So it is calculated whenever grades are read.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from autograder.errors import CourseError
from autograder.gradebook import last_recorded
from autograder.gradebook.late_penalty import LatePenalties
from autograder.gradebook.recorded import received
from autograder.gradebook.register import add_students, deadline, set_extension
from autograder.grades import CellMarks, Marks
from autograder.workspace.layout import Workspace


def refresh(
    book: Any, workspace: Workspace, assignment: Any, late: LatePenalties, students: Collection[str] | None = None
) -> None:
    """Apply deadlines and the late rule to the submissions of one ``nbgrader.api.Assignment``, and commit.

    Args:
        students: only to those of these; None: to all.
    """
    submissions = _of(assignment, students)
    due = deadline(workspace.course, assignment.name)
    if due is not None and assignment.duedate != due:
        assignment.duedate = due
    for submission in submissions:
        for submitted in submission.notebooks:
            set_extension(book, submitted, workspace.course)
    book.db.commit()
    for submission in submissions:
        can_cost = _can_cost(workspace, submission.student_id, assignment.name)
        for submitted in submission.notebooks:
            late.assign(submitted, time_can_cost=can_cost)
    book.db.commit()
    add_students(book, workspace.course)


def read_marks(
    book: Any, workspace: Workspace, assignment: Any, students: Collection[str] | None = None
) -> dict[str, Marks]:
    """Return the marks of the submissions of one ``nbgrader.api.Assignment``, by student.

    Args:
        students: only those of these; None: all.
    """
    return {submission.student_id: _marks(book, workspace, assignment, submission)
            for submission in _of(assignment, students)}


def _of(assignment: Any, students: Collection[str] | None) -> list[Any]:
    return [submission for submission in assignment.submissions
            if students is None or submission.student_id in students]


def _can_cost(workspace: Workspace, student: str, assignment: str) -> bool:
    """Whether the time of a submission may cause a penalty; nbgrader's ids need not be names of folders."""
    try:
        return bool(received(workspace, student, assignment).get("time_can_cost", True))
    except CourseError:
        return True


def _marks(book: Any, workspace: Workspace, assignment: Any, submission: Any) -> Marks:
    can_cost = _can_cost(workspace, submission.student_id, assignment.name)
    late = submission.total_seconds_late > 0
    known = submission.timestamp is not None and (can_cost or not late)
    return Marks(
        cells=tuple(cell for notebook in submission.notebooks for cell in _cells(book, notebook)),
        penalty=sum(notebook.late_submission_penalty or 0.0 for notebook in submission.notebooks),
        handed_in=str(submission.timestamp) if known else None,
        due=str(submission.duedate) if submission.duedate is not None else None,
        extended=submission.extension is not None,
    )


def cell_marks(book: Any, notebook: Any, cell: str) -> CellMarks:
    """Return the marks of one grade cell of an ``nbgrader.api.SubmittedNotebook``.

    Raises:
        StopIteration: it has no such cell.
    """
    return next(marks for marks in _cells(book, notebook) if marks.cell == cell)


def _cells(book: Any, notebook: Any) -> list[CellMarks]:
    held = last_recorded.load(book, notebook.id).held
    comments = {comment.name: comment.manual_comment for comment in notebook.comments}
    return [_cell(grade, held.get(grade.name), comments) for grade in notebook.grades]


def _cell(grade: Any, held: float | None, comments: dict[str, str | None]) -> CellMarks:
    task = grade.name.removeprefix("test-")
    is_held = held is not None and grade.needs_manual_grade and grade.manual_score == held
    return CellMarks(
        cell=grade.name, points=grade.max_score or 0.0, automatic=grade.auto_score, manual=grade.manual_score,
        extra=grade.extra_credit, open=bool(grade.needs_manual_grade), held=held if is_held else None,
        comment=comments.get(grade.name) or comments.get(task) or None)


def is_recorded(book: Any, student: str, assignment: str, digest: str) -> bool:
    """Whether the gradebook has exactly this result, by `autograder.gradebook.recorded.fingerprint`."""
    from nbgrader.api import MissingEntry

    try:
        submitted = book.find_submission_notebook(assignment, assignment, student)
    except MissingEntry:
        return False
    return last_recorded.noted(book, submitted.id, last_recorded.RESULT) == digest
