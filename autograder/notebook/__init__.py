"""Notebooks: read from untrusted bytes, tasks listed, submissions merged into their release. Pure."""

from autograder.notebook.cells import (
    Layout,
    TaskSpec,
    grade_id,
    is_answer,
    is_code,
    is_locked,
    is_test,
    is_written,
    layout,
    points,
    source,
    task_of_test,
    title,
)
from autograder.notebook.merge import assignment_of, job_cells, merge, release_of
from autograder.notebook.read import MAX_CELLS, read

__all__ = [
    "MAX_CELLS",
    "Layout",
    "TaskSpec",
    "assignment_of",
    "grade_id",
    "is_answer",
    "is_code",
    "is_locked",
    "is_test",
    "is_written",
    "job_cells",
    "layout",
    "merge",
    "points",
    "read",
    "release_of",
    "source",
    "task_of_test",
    "title",
]
