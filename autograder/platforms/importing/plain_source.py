"""Reads notebooks of no system: a cell with a placeholder, or with nothing in it, is where students write. Pure."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from typing import Any

from autograder.notebook import source
from autograder.notebook.code_names import parse
from autograder.platforms.importing import solution_marks
from autograder.platforms.importing.parts import Answer, Cell, Findings, Locked, Part, Test, Written

_OTTER = re.compile(r"^\s*(?:import otter\b.*|from otter\b.*|grader\s*=\s*otter\..*|"
                    r"grader\.(?:check|check_all|export)\(.*)$")


def is_plain(notebook: dict[str, Any]) -> bool:
    """Whether a notebook of no system has at least one place for an answer."""
    cells = notebook["cells"]
    return any(_kind(cell, cells, index) in ("answer", "written") for index, cell in enumerate(cells))


def read_plain(notebook: dict[str, Any], found: Findings) -> list[Part]:
    """Return the parts of a notebook; every answer and written answer gets one point."""
    parts: list[Part] = []
    cells = notebook["cells"]
    for index, cell in enumerate(cells):
        place, text = f"cell {index + 1}", source(cell)
        kind = _kind(cell, cells, index)
        last = parts[-1] if parts else None
        if isinstance(last, Answer) and kind != "test":
            parts.append(Test(place=last.place, points=1.0))
        match kind:
            case "empty":
                found.done.append(f"The empty {place} was left out.")
            case "answer":
                made = solution_marks.from_placeholders(text) or solution_marks.whole(text)
                parts.append(Answer(source=made.source, complete=made.complete, place=place))
            case "test" if isinstance(last, Test):
                parts[-1] = replace(last, public="\n".join(filter(None, (last.public, text))))
            case "test" if isinstance(last, Answer):
                parts.append(Test(place=place, public=text, points=1.0))
            case "written":
                parts.append(Written(source=text, place=place, points=1.0, complete=False))
            case _:
                parts += locked(cell, place, found)
    if parts and isinstance(parts[-1], Answer):
        parts.append(Test(place=parts[-1].place, points=1.0))
    found.look.append("The source has no points: every task was given 1. Change `points` of the test cells, of the "
                      "written answers and of the checks together.")
    return parts


def locked(cell: Cell, place: str, found: Findings) -> list[Part]:
    """Return a cell that students do not change, without Otter's own lines."""
    text = source(cell)
    if cell["cell_type"] == "code":
        kept = [line for line in text.split("\n") if not _OTTER.match(line)]
        if len(kept) < len(text.split("\n")):
            found.done.append(f"Otter's own lines in {place} were removed.")
        text = "\n".join(kept)
    if not text.strip():
        return []
    return [Locked(kind=cell["cell_type"], source=text, place=place, attachments=cell.get("attachments"))]


def _kind(cell: Cell, cells: list[Cell], index: int) -> str:
    text = source(cell)
    if cell["cell_type"] == "markdown" and _is_written(cell):
        return "written"
    if cell["cell_type"] != "code":
        return "empty" if not text.strip() else "locked"
    if not text.strip():
        # Jupyter leaves an empty cell after the last code cell: only one after a text is a place for an answer.
        before = cells[index - 1] if index else None
        is_question = before is not None and before["cell_type"] == "markdown" and not _is_written(before)
        return "answer" if is_question else "empty"
    if any(map(solution_marks.PLACEHOLDER.match, text.split("\n"))):
        return "answer"
    return "test" if _only_tests(text) else "locked"


def _is_written(cell: Cell) -> bool:
    text = source(cell)
    return len(text) < 400 and solution_marks.TEXT_PLACEHOLDER.search(text) is not None


def _only_tests(text: str) -> bool:
    """Whether a cell has asserts, and otherwise only imports and calls such as `print`."""
    tree = parse(text)
    body = tree.body if tree else []
    harmless = (ast.Assert, ast.Import, ast.ImportFrom, ast.Expr)
    return any(isinstance(one, ast.Assert) for one in body) and all(isinstance(one, harmless) for one in body)
