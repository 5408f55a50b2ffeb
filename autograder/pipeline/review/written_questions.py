"""The written questions of an assignment: text, model answer and rubric."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.errors import ReleaseError
from autograder.gradebook.recorded import read_release
from autograder.grades import RubricLine, parse_rubric
from autograder.notebook import grade_id, is_code, is_locked, is_written, layout, source
from autograder.pipeline.session.source_notebook import read_source
from autograder.workspace.layout import Workspace


@dataclass(frozen=True, kw_only=True)
class Question:
    """One written question; ``prompt`` is the released text before its answer, ``model`` the model answer."""

    task: str
    title: str
    points: float
    prompt: str
    model: str = ""
    rubric: tuple[RubricLine, ...] = ()


def read_questions(workspace: Workspace, assignment: str) -> tuple[Question, ...]:
    """Return the written questions in the notebook's order.

    Text and points are the release's. The model answer and the rubric are those of the source notebook, where there is
    one: a grader's machine may have only the release.

    Raises:
        GradebookError: no release.
        ReleaseError: the source notebook or a rubric in it cannot be read.
    """
    _, release = read_release(workspace, assignment)
    solved = _solved(workspace, assignment)
    found = []
    for task in layout(release).tasks:
        if task.kind == "written":
            own = solved.get(task.id, {})
            found.append(Question(task=task.id, title=task.title, points=task.points,
                                  prompt=_prompt(release["cells"], task.answer_cell),
                                  model=source(own).strip(), rubric=_rubric(own, task.id, task.points)))
    return tuple(found)


def _solved(workspace: Workspace, assignment: str) -> dict[str, Any]:
    path = workspace.source(assignment)
    if not path.is_file():
        return {}
    return {grade_id(cell): cell for cell in read_source(path)["cells"] if is_written(cell)}  # type: ignore[misc]  # every written cell has an id


def _rubric(cell: dict[str, Any], task: str, points: float) -> tuple[RubricLine, ...]:
    try:
        return parse_rubric(cell.get("metadata", {}).get("autograder", {}).get("rubric"), points)
    except ValueError as error:
        raise ReleaseError(f"The rubric of the written answer {task!r} cannot be used: {error}.") from None


def _prompt(cells: list[dict[str, Any]], answer: int) -> str:
    """Return the locked text just before an answer."""
    start = answer
    while start > 0 and is_locked(cells[start - 1]) and not is_code(cells[start - 1]):
        start -= 1
    return "\n\n".join(source(cell).strip() for cell in cells[start:answer])
