"""Finds in the executed notebook what belongs to each task: heading, the student's own cells, figures. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from autograder.feedback.notebook_cells import ShownCell

TEST_PREFIX = "test-"
MOST_LINES = 40
"""Lines of an answer that the page shows; the rest is in the notebook."""
_HEADING = re.compile(r"^#{1,6}[ \t]+(\S.{0,200}?)[ \t]*#*$", re.MULTILINE)
_POINTS = re.compile(r"\s*\(\d+(?:\.\d+)? points?\)$")
_SHORT = re.compile(r"^(\w{1,20} \d{1,3})\b")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a student wrote for one task.

    Attributes:
        heading: of the task as the notebook has it, empty where it has none.
        cells: the student's own cells that are not empty.
        figures: pictures drawn by them and by the task's test cell, as data URIs.
        place: index of the first of the cells in the notebook, None where there is none.
    """

    heading: str = ""
    cells: tuple[ShownCell, ...] = ()
    figures: tuple[str, ...] = ()
    place: int | None = None

    @property
    def source(self) -> str:
        """The text of all cells, shortened."""
        lines = "\n\n".join(cell.source.strip("\n") for cell in self.cells).splitlines()
        if len(lines) <= MOST_LINES:
            return "\n".join(lines)
        return "\n".join([*lines[:MOST_LINES], f"… {len(lines) - MOST_LINES} more lines in your notebook"])


NO_ANSWER = Answer()


def find_answers(cells: Sequence[ShownCell], code: Collection[str], written: Collection[str]) -> dict[str, Answer]:
    """Return the answer to each task that the notebook has.

    An answer in code is all of the student's code between the locked cell before it and the task's test cell; a written
    one is all of the student's text between two locked cells.

    Args:
        code, written: ids of the tasks.
    """
    found: dict[str, Answer] = {}
    pending: list[tuple[int, ShownCell]] = []
    heading = ""
    for place, cell in enumerate(cells):
        task = cell.task.removeprefix(TEST_PREFIX) if cell.task.startswith(TEST_PREFIX) else ""
        if task in code and cell.kind == "code":
            mine = [one for one in pending if one[1].kind == "code"]
            found.setdefault(task, _answer(heading, mine, also=cell))
            pending = []
        elif cell.locked:
            _add_written(found, heading, pending, written)
            pending = []
            heading = _last_heading(cell) or heading if cell.kind == "markdown" else heading
        elif cell.source.strip():
            pending.append((place, cell))
    _add_written(found, heading, pending, written)
    return found


def _add_written(
    found: dict[str, Answer], heading: str, pending: Sequence[tuple[int, ShownCell]], written: Collection[str]
) -> None:
    text = [one for one in pending if one[1].kind == "markdown"]
    starts = [at for at, (_, cell) in enumerate(text) if cell.task in written]
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else len(text)
        # What a student wrote above the first answer cell belongs to it too.
        found.setdefault(text[start][1].task, _answer(heading, text[start if number else 0 : end]))


def _answer(heading: str, cells: Sequence[tuple[int, ShownCell]], also: ShownCell | None = None) -> Answer:
    drawn = [*(cell for _, cell in cells), *([also] if also else [])]
    return Answer(heading=heading, cells=tuple(cell for _, cell in cells), place=cells[0][0] if cells else None,
                  figures=tuple(output.image for cell in drawn for output in cell.outputs if output.image))


def _last_heading(cell: ShownCell) -> str:
    headings: list[str] = _HEADING.findall(cell.source)
    return _POINTS.sub("", headings[-1]) if headings else ""


def short(name: str) -> str:
    """Return how a sentence calls a task: ``Task 6`` for ``Task 6 · Build it``."""
    match = _SHORT.match(name)
    return match[1] if match else name
