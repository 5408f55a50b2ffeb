"""The grades of a class, after the gradebook has been given every result that it does not have yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from autograder.grades import Grade
from autograder.model import Result
from autograder.pipeline.grade.recording import draw_safely
from autograder.pipeline.keep_history import keep_history
from autograder.pipeline.reading.budgets import readers
from autograder.workspace.layout import Workspace
from autograder.workspace.results_on_disk import stored_results


def current_grades(
    workspace: Workspace, assignments: Iterable[str] = (), *, students: Collection[str] | None = None,
    stored: Iterable[Result] | None = None,
) -> list[Grade]:
    """Return the grades of the chosen assignments; by default of all.

    A result that is not in an existing gradebook, since it was made without one or the gradebook was locked, is
    recorded first: a page must not say something else than formgrader does. No gradebook is made here. What has changed
    since the last time, through whomever, is added to the history of each grade.

    Args:
        students: only these, which takes a fraction of the time for a large class; None: everybody.
        stored: all stored results of these, if they were read already.

    Raises:
        GradebookError: the database is locked or damaged.
    """
    from autograder.gradebook import Recorder, read_grades, unrecorded

    wanted = tuple(assignments)
    if stored is None:
        stored = (result for name in workspace.chosen(wanted)
                  for result in stored_results(workspace, name, students=students))
    results = {(result.student, result.assignment): result for result in stored}
    missing = unrecorded(workspace, results.values()) if workspace.gradebook.is_file() else []
    if missing:
        with readers(), Recorder(workspace, drawing=draw_safely) as recorder:
            for result in missing:
                recorder.add(result)
    grades = read_grades(workspace, wanted, students=students, results=results.values())
    keep_history(workspace, grades, results)
    return grades
