"""The sizes of an assignment: how many images and epochs its one locked cell of plain numbers sets.

Such a cell has the grade_id ``sizes`` and ``metadata.autograder.sizes`` true, and contains only lines like
``TRAIN_IMAGES = 6_000  # of 60,000``. A grader may replace them with the numbers of another *profile*.
"""

from __future__ import annotations

import ast
import difflib
import math
import re
from collections.abc import Mapping
from typing import Any

from autograder.errors import ReleaseError
from autograder.notebook.cells import Cell, grade_id, is_code, is_locked, source
from autograder.notebook.syntax import parse_syntax

Size = int | float
GRADE_ID = "sizes"
SIZE_NAME = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
_FORM = "lines like TRAIN_IMAGES = 6_000 and comments"


def read_sizes(notebook: Mapping[str, Any]) -> dict[str, Size]:
    """Return the numbers of a notebook's sizes cell by name, in its order; empty where it has no such cell.

    Raises:
        ReleaseError: more than one such cell, another grade_id, an unlocked cell, or anything in it but plain numbers.
    """
    cell = _cell(notebook)
    return {} if cell is None else {name: value for name, (value, _) in _literals(source(cell)).items()}


def with_sizes(notebook: dict[str, Any], sizes: Mapping[str, Size]) -> dict[str, Any]:
    """Return the notebook with these numbers in its sizes cell; other names keep theirs. The argument is not changed.

    Raises:
        ReleaseError: as `read_sizes` and `check_sizes`.
    """
    if not sizes:
        return notebook
    check_sizes(notebook, sizes)
    marked = _cell(notebook)
    cells: list[Cell] = notebook["cells"]
    sized = [{**cell, "source": _replaced(source(cell), sizes)} if cell is marked else cell for cell in cells]
    return {**notebook, "cells": sized}


def check_sizes(notebook: Mapping[str, Any], sizes: Mapping[str, Size], profile: str = "") -> None:
    """Compare the numbers of a profile with the sizes cell.

    Raises:
        ReleaseError: a name that the cell does not have, or a fraction where the cell has a whole number.
    """
    known = read_sizes(notebook)
    which = f"The sizes of the profile {profile!r}" if profile else "The sizes"
    for name, value in sizes.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
            has = f"the nearest name is {near[0]}" if near else f"it has {', '.join(known) or 'no sizes'}"
            raise ReleaseError(f"{which} name {name}, which the notebook's sizes cell does not have ({has}); "
                               "correct course.yml or the cell.")
        if isinstance(known[name], int) and not isinstance(value, int):
            raise ReleaseError(f"{which} give {name} the value {value}, but the notebook's is the whole number "
                               f"{known[name]}; write a whole number in course.yml.")


def _cell(notebook: Mapping[str, Any]) -> Cell | None:
    """Return the one sizes cell; students' own cells have lost their metadata in the merge."""
    marked: list[Cell] = [cell for cell in notebook["cells"] if _is_marked(cell)]
    if not marked:
        return None
    if len(marked) > 1:
        raise ReleaseError(f"A notebook has one sizes cell, but {len(marked)} cells are marked as such; "
                           "put all sizes into the first.")
    if grade_id(marked[0]) != GRADE_ID or not is_locked(marked[0]) or not is_code(marked[0]):
        raise ReleaseError(f"The sizes cell has to be a locked code cell with the grade_id {GRADE_ID!r}, but "
                           f"{grade_id(marked[0])!r} is marked as one; lock and rename it.")
    return marked[0]


def _is_marked(cell: Mapping[str, Any]) -> bool:
    metadata = cell.get("metadata")
    own = metadata.get("autograder") if isinstance(metadata, dict) else None
    return isinstance(own, dict) and own.get("sizes") is True


def _literals(text: str) -> dict[str, tuple[Size, ast.Constant]]:
    """Return value and place of each number of a sizes cell."""
    try:
        statements = parse_syntax(text).body
    except SyntaxError as error:
        raise ReleaseError(f"The sizes cell may contain only {_FORM}, but its line {error.lineno} is not Python; "
                           "fix it.") from None
    found: dict[str, tuple[Size, ast.Constant]] = {}
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=int() | float() as value) as node) \
                    if not isinstance(value, bool) and math.isfinite(value) and SIZE_NAME.fullmatch(name):
                if name in found:
                    raise ReleaseError(f"The sizes cell gives {name} twice; remove one of the lines.")
                found[name] = (value, node)
            case _:
                raise ReleaseError(f"The sizes cell may contain only {_FORM}, but line {statement.lineno} is "
                                   f"“{ast.unparse(statement)[:60]}”; move it to another cell.")
    return found


def _replaced(text: str, sizes: Mapping[str, Size]) -> str:
    lines = text.splitlines(keepends=True)
    for name, (value, node) in reversed(_literals(text).items()):  # from the end, so that earlier positions stay valid
        if name not in sizes:
            continue
        # Offsets count bytes of UTF-8; only ASCII comes before a number on its line.
        line = lines[node.lineno - 1]
        shown = f"{sizes[name]:_}" if isinstance(value, int) else repr(float(sizes[name]))
        lines[node.lineno - 1] = line[: node.col_offset] + shown + line[node.end_col_offset :]
    return "".join(lines)
