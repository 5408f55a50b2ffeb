"""Grades as a table with nbgrader's columns, which also shows which scores are not final."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from autograder.gradebook.class_grades import read_grades
from autograder.gradebook.database import PATIENCE_SECONDS
from autograder.grades import Grade, State
from autograder.safe.spreadsheet import harmless
from autograder.workspace.layout import Workspace

COLUMNS = (
    "assignment", "student_id", "last_name", "first_name", "email", "duedate", "timestamp", "raw_score",
    "late_submission_penalty", "score", "max_score", "incomplete", "open_cells", "status", "enrolled",
)


def export(
    workspace: Workspace, assignments: Iterable[str] = (), *, patience: float = PATIENCE_SECONDS
) -> list[dict[str, str]]:
    """Return one row per assignment and student, with nbgrader's columns and four more.

    ``score`` is empty while any points are undecided, and where there is no grade: work that waits is not a zero.
    ``raw_score`` has the points so far, ``incomplete`` is "yes" while a person has to look at anything, and
    ``open_cells`` names the cells. ``status`` says how far the work has come.

    Args:
        assignments: only these; all when empty.

    Raises:
        GradebookError: the database is locked or damaged.
    """
    return [row_of(grade) for grade in read_grades(workspace, assignments, patience=patience)]


def row_of(grade: Grade) -> dict[str, str]:
    """Return one row of the table."""
    given = any(task.counted is not None for task in grade.tasks) and grade.state is not State.EXCUSED
    values = {
        "assignment": grade.assignment, "student_id": grade.student, "last_name": grade.last_name,
        "first_name": grade.first_name, "email": grade.email, "duedate": grade.due, "timestamp": grade.handed_in,
        "raw_score": float(grade.points) if given else None,
        "late_submission_penalty": float(grade.late_penalty) if given else None,
        "score": grade.score if grade.score is None else float(grade.score), "max_score": float(grade.max_points),
        "incomplete": "no" if grade.complete else "yes", "open_cells": " ".join(grade.open_cells),
        "status": grade.state.value, "enrolled": "yes" if grade.enrolled else "no",
    }
    return {column: "" if values[column] is None else str(values[column]) for column in COLUMNS}


def as_csv(rows: Iterable[Mapping[str, str]]) -> str:
    """Return the table as CSV without formulas; its header is there without rows too."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, fieldnames=COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({column: harmless(text) for column, text in row.items()} for row in rows)
    return stream.getvalue()
