"""Where formgrader shows each submission."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from autograder.gradebook.database import PATIENCE_SECONDS, open_gradebook, patiently
from autograder.workspace.layout import Workspace


def formgrader_pages(
    workspace: Workspace, assignment: str, root: str, *, patience: float = PATIENCE_SECONDS
) -> dict[str, str]:
    """Return the address of formgrader's page by student; empty without a gradebook.

    Args:
        root: where formgrader is served, such as ``http://localhost:8888/formgrader``.

    Raises:
        GradebookError: the database is locked or damaged.
    """
    if not workspace.gradebook.is_file():
        return {}
    with open_gradebook(workspace.gradebook, workspace.course.id, patience) as book:
        ids = patiently(lambda: _ids(book, assignment), workspace.gradebook, undo=book.db.rollback, patience=patience)
    return {student: f"{root.rstrip('/')}/submissions/{quote(found, safe='')}/" for student, found in ids.items()}


def _ids(book: Any, assignment: str) -> dict[str, str]:
    from nbgrader.api import MissingEntry

    try:
        submissions = book.find_assignment(assignment).submissions
    except MissingEntry:
        return {}
    return {submission.student_id: notebook.id for submission in submissions for notebook in submission.notebooks}
