"""The gradebook as a table that also shows which scores are not final."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from autograder.gradebook.database import PATIENCE_SECONDS, open_gradebook, patiently
from autograder.workspace.layout import Workspace

COLUMNS = (
    "assignment", "student_id", "last_name", "first_name", "email", "duedate", "timestamp", "raw_score",
    "late_submission_penalty", "score", "max_score", "incomplete", "open_cells",
)


def export(
    workspace: Workspace, assignments: Iterable[str] = (), *, patience: float = PATIENCE_SECONDS
) -> list[dict[str, str]]:
    """Return one row per assignment and student, with nbgrader's columns and two more.

    ``incomplete`` is "yes" while any cell waits for a person (nbgrader counts such a cell as 0), and
    ``open_cells`` names those cells. A student without a submission has score 0 and no timestamp.

    Args:
        assignments: only these; all when empty.

    Raises:
        GradebookError: the database is locked or damaged.
    """
    wanted = set(assignments)
    if not workspace.gradebook.is_file():
        return []
    with open_gradebook(workspace.gradebook, workspace.course.id, patience) as book:
        return patiently(lambda: list(_rows(book, wanted)), workspace.gradebook, undo=book.db.rollback,
                         patience=patience)


def _rows(book: Any, wanted: set[str]) -> Iterator[dict[str, str]]:
    students = list(book.students)
    for assignment in book.assignments:
        if wanted and assignment.name not in wanted:
            continue
        submissions = {submission.student_id: submission for submission in assignment.submissions}
        for student in students:
            yield _row(assignment, student, submissions.get(student.id))


def _row(assignment: Any, student: Any, submission: Any | None) -> dict[str, str]:
    penalty = (submission.late_submission_penalty or 0.0) if submission else 0.0
    raw = (submission.score or 0.0) if submission else 0.0
    open_cells = [grade.name for notebook in submission.notebooks for grade in notebook.grades
                  if grade.needs_manual_grade] if submission else []
    values = {
        "assignment": assignment.name, "student_id": student.id, "last_name": student.last_name,
        "first_name": student.first_name, "email": student.email, "duedate": assignment.duedate,
        "timestamp": submission.timestamp if submission else None, "raw_score": raw,
        "late_submission_penalty": penalty, "score": max(0.0, raw - penalty), "max_score": assignment.max_score,
        "incomplete": "yes" if open_cells else "no", "open_cells": " ".join(sorted(open_cells)),
    }
    return {column: "" if values[column] is None else str(values[column]) for column in COLUMNS}
