"""Reads nbgrader's cell metadata, and lists the tasks of a notebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from autograder.errors import ReleaseError

Cell = dict[str, Any]
TEST_PREFIX = "test-"


@dataclass(frozen=True, kw_only=True)
class TaskSpec:
    """One graded step; indices count all cells of the notebook. A written task has no test cell."""

    id: str
    title: str
    points: float
    kind: Literal["code", "written"]
    answer_cell: int
    test_cell: int | None


@dataclass(frozen=True, kw_only=True)
class Layout:
    """The tasks of a notebook in its order."""

    tasks: tuple[TaskSpec, ...]

    @property
    def points(self) -> float:
        """Points of all tasks together."""
        return sum(task.points for task in self.tasks)

    def task(self, name: str) -> TaskSpec:
        """Return one task.

        Raises:
            KeyError: the notebook has no such task.
        """
        for task in self.tasks:
            if task.id == name:
                return task
        raise KeyError(name)


def source(cell: Cell) -> str:
    """Return the text of a cell, whether stored as one string or as lines."""
    text = cell.get("source", "")
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def grading(cell: Cell) -> dict[str, Any]:
    """Return nbgrader's metadata of a cell, or an empty mapping."""
    metadata = cell.get("metadata")
    found = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


def grade_id(cell: Cell) -> str | None:
    """Return nbgrader's id of a cell."""
    found = grading(cell).get("grade_id")
    return found if isinstance(found, str) and found else None


def is_code(cell: Cell) -> bool:
    """Whether the cell is a code cell."""
    return cell.get("cell_type") == "code"


def is_test(cell: Cell) -> bool:
    """Whether the cell is a task's test cell: graded, locked code that no student writes."""
    found = grading(cell)
    return is_code(cell) and found.get("grade") is True and found.get("solution") is not True


def is_answer(cell: Cell) -> bool:
    """Whether the cell is for a student's code."""
    found = grading(cell)
    return is_code(cell) and found.get("solution") is True


def is_ungraded(cell: Cell) -> bool:
    """Whether the cell is for a student's code that no task grades: imports, functions of the student's, scratch."""
    metadata = cell.get("metadata")
    own = metadata.get("autograder") if isinstance(metadata, dict) else None
    return is_answer(cell) and isinstance(own, dict) and own.get("ungraded") is True


def is_written(cell: Cell) -> bool:
    """Whether the cell is for a written answer, graded by a person."""
    found = grading(cell)
    return not is_code(cell) and found.get("grade") is True and found.get("solution") is True


def is_locked(cell: Cell) -> bool:
    """Whether the cell's text always comes from the release (nbgrader's rule: graded or locked, and no solution)."""
    found = grading(cell)
    return found.get("solution") is not True and (found.get("grade") is True or found.get("locked") is True)


def points(cell: Cell) -> float:
    """Return the points that nbgrader gives the cell; 0 where it has none."""
    found = grading(cell).get("points", 0)
    return float(found) if isinstance(found, int | float) and not isinstance(found, bool) else 0.0


def title(cell: Cell) -> str | None:
    """Return the task's title."""
    metadata = cell.get("metadata")
    own = metadata.get("autograder") if isinstance(metadata, dict) else None
    found = own.get("title") if isinstance(own, dict) else None
    return found if isinstance(found, str) and found else None


def task_of_test(cell: Cell) -> str:
    """Return the task that a test cell belongs to: its id without the leading ``test-``."""
    return (grade_id(cell) or "").removeprefix(TEST_PREFIX)


def layout(notebook: dict[str, Any]) -> Layout:
    """List the tasks of a source or released notebook.

    Raises:
        ReleaseError: an id occurs twice, or a test cell and its answer cell do not belong together.
    """
    cells: list[Cell] = notebook["cells"]
    _refuse_repeated_ids(cells)
    tasks: list[TaskSpec] = []
    answer: int | None = None
    for index, cell in enumerate(cells):
        if is_written(cell):
            name = grade_id(cell) or ""
            tasks.append(TaskSpec(id=name, title=_title(cell, name), points=points(cell), kind="written",
                                  answer_cell=index, test_cell=None))
        elif is_answer(cell) and not is_ungraded(cell):
            answer = index if answer is None or grade_id(cells[answer]) is None else answer
        elif is_test(cell):
            tasks.append(_code_task(cells, answer, index))
            answer = None
    return Layout(tasks=tuple(tasks))


def _code_task(cells: list[Cell], answer: int | None, test: int) -> TaskSpec:
    name = task_of_test(cells[test])
    if answer is None or grade_id(cells[answer]) != name:
        seen = f"'{grade_id(cells[answer])}' is" if answer is not None else "none is"
        raise ReleaseError(
            f"The test cell '{grade_id(cells[test])}' needs an answer cell '{name}' before it, but {seen} there: "
            f"rename or add the answer cell."
        )
    return TaskSpec(id=name, title=_title(cells[answer], name), points=points(cells[test]), kind="code",
                    answer_cell=answer, test_cell=test)


def _title(cell: Cell, name: str) -> str:
    return title(cell) or name.replace("-", " ").replace("_", " ").capitalize()


def _refuse_repeated_ids(cells: list[Cell]) -> None:
    seen: set[str] = set()
    for cell in cells:
        name = grade_id(cell)
        if name in seen:
            raise ReleaseError(f"Every cell needs its own grade_id, but '{name}' occurs twice: rename one.")
        if name:
            seen.add(name)


def continuation_names(release: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return, for each task with ``metadata.autograder.continue``, the names that later steps build on."""
    cells = release.get("cells")
    found: dict[str, tuple[str, ...]] = {}
    for cell in cells if isinstance(cells, list) else ():
        names = cell.get("metadata", {}).get("autograder", {}).get("continue")
        task = grade_id(cell)
        if names and task and is_answer(cell):
            found[task] = tuple(str(name) for name in names)
    return found
