"""The grades of a class, after the gradebook has been given every result that it does not have yet."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.grades import Grade
from autograder.pipeline.grade.recording import draw_safely
from autograder.workspace.layout import Workspace
from autograder.workspace.results_on_disk import stored_results


def current_grades(workspace: Workspace, assignments: Iterable[str] = ()) -> list[Grade]:
    """Return the grades of the chosen assignments; by default of all.

    A result that is not in an existing gradebook, since it was made without one or the gradebook was locked, is
    recorded first: a page must not say something else than formgrader does. No gradebook is made here.

    Raises:
        GradebookError: the database is locked or damaged.
    """
    from autograder.gradebook import read_grades, record_missing

    chosen = workspace.chosen(assignments)
    if workspace.gradebook.is_file():
        results = [result for name in chosen for result in stored_results(workspace, name)]
        record_missing(workspace, results, drawing=draw_safely)
    return read_grades(workspace, tuple(assignments))
