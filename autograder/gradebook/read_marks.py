"""Reads what the gradebook has for one assignment, after bringing deadlines and late penalties up to date there.

A penalty follows from the points and the deadline. Both may have changed since the last recording: a person gave points
or an extension in nbgrader, or course.yml has another deadline. So it is calculated whenever grades are read.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
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
    submissions = _of(book, assignment, students)
    due = deadline(workspace.course, assignment.name)
    if due is not None and assignment.duedate != due:
        assignment.duedate = due
    for submission in submissions:
        for submitted in submission.notebooks:
            set_extension(book, submitted, workspace.course)
    book.db.commit()
    for submission in _of(book, assignment, students):  # again, because a commit forgets what was read
        can_cost = _can_cost(workspace, submission.student_id, assignment.name)
        for submitted in submission.notebooks:
            late.assign(submitted, time_can_cost=can_cost)
    book.db.commit()
    add_students(book, workspace.course, students)


def read_marks(
    book: Any, workspace: Workspace, assignment: Any, students: Collection[str] | None = None
) -> dict[str, Marks]:
    """Return the marks of the submissions of one ``nbgrader.api.Assignment``, by student.

    Args:
        students: only those of these; None: all.
    """
    held = last_recorded.held(book, assignment.name, students)
    return {submission.student_id: _marks(workspace, assignment, submission, held)
            for submission in _of(book, assignment, students)}


def _of(book: Any, assignment: Any, students: Collection[str] | None) -> list[Any]:
    """Return the submissions with all that is looked at here, in a few statements.

    nbgrader's own attributes would take several statements for every cell of every student.
    """
    from nbgrader.api import Comment, Grade, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy.orm import joinedload, selectinload, undefer

    notebooks = selectinload(SubmittedAssignment.notebooks)
    query = book.db.query(SubmittedAssignment).filter(SubmittedAssignment.assignment_id == assignment.id).options(
        joinedload(SubmittedAssignment.student), notebooks.joinedload(SubmittedNotebook.notebook),
        notebooks.selectinload(SubmittedNotebook.grades).options(undefer(Grade.max_score), joinedload(Grade.cell)),
        notebooks.selectinload(SubmittedNotebook.comments).joinedload(Comment.cell))
    if students is not None and len(students) <= last_recorded.FEW:
        query = query.filter(SubmittedAssignment.student_id.in_(sorted(students)))
    return [submission for submission in query.all() if students is None or submission.student_id in students]


def _can_cost(workspace: Workspace, student: str, assignment: str) -> bool:
    """Whether the time of a submission may cause a penalty; nbgrader's ids need not be names of folders."""
    try:
        return bool(received(workspace, student, assignment).get("time_can_cost", True))
    except CourseError:
        return True


def _marks(workspace: Workspace, assignment: Any, submission: Any, held: Mapping[tuple[str, str], float]) -> Marks:
    can_cost = _can_cost(workspace, submission.student_id, assignment.name)
    late = submission.total_seconds_late > 0
    known = submission.timestamp is not None and (can_cost or not late)
    return Marks(
        cells=tuple(cell for notebook in submission.notebooks for cell in _cells(notebook, held)),
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
    held = {(notebook.id, name): score for name, score in last_recorded.load(book, notebook.id).held.items()}
    return next(marks for marks in _cells(notebook, held) if marks.cell == cell)


def _cells(notebook: Any, held: Mapping[tuple[str, str], float]) -> list[CellMarks]:
    """Return the marks of a notebook's cells; held scores are by the notebook's id and the cell's name."""
    comments = {comment.name: comment.manual_comment for comment in notebook.comments}
    return [_cell(grade, held.get((notebook.id, grade.name)), comments) for grade in notebook.grades]


def _cell(grade: Any, held: float | None, comments: dict[str, str | None]) -> CellMarks:
    task = grade.name.removeprefix("test-")
    is_held = held is not None and grade.needs_manual_grade and grade.manual_score == held
    return CellMarks(
        cell=grade.name, points=grade.max_score or 0.0, automatic=grade.auto_score, manual=grade.manual_score,
        extra=grade.extra_credit, open=bool(grade.needs_manual_grade), held=held if is_held else None,
        comment=comments.get(grade.name) or comments.get(task) or None)
