"""Turns a notebook made for Otter back into one of ours: its calls of Otter become the release's test cells.

`autograder export otter` keeps ids and texts of the release, so only what Otter added has to go. What the student
wrote stays where it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from autograder.notebook.cells import Cell, is_code, is_test, source, task_of_test

_NOTEBOOK = re.compile(
    r"^(?P<indent>[ \t]*)(?P<name>[A-Za-z_]\w{0,60})[ \t]*=[ \t]*otter\.Notebook\(.*\)[ \t]*$", re.MULTILINE)
_IMPORT = re.compile(r"^(?P<indent>[ \t]*)import otter[ \t]*$", re.MULTILINE)
_REMARKS: Final = ("# Initialize Otter", "%pip install -q otter-grader", "!pip install -q otter-grader")
"""Lines that `otter assign` writes; further words, such as a version, may follow."""


def is_for_otter(notebook: Mapping[str, Any]) -> bool:
    """Whether a notebook creates an `otter.Notebook`, as every one that `otter assign` wrote does."""
    return _grader(notebook) is not None


def without_otter(notebook: dict[str, Any], release: Mapping[str, Any]) -> dict[str, Any]:
    """Return the notebook without Otter: a cell that only calls `grader.check("task")` becomes the task's test cell.

    Otter's own cells are left out. A call among a student's lines becomes `pass`, so that the lines around it run.
    A notebook that does not use Otter is returned unchanged.

    Args:
        notebook: as `read` returns it.
        release: the release that it came from.
    """
    name = _grader(notebook)
    if name is None:
        return notebook
    call = re.compile(rf"^(?P<indent>[ \t]*){name}\.(?:check|check_all|export|run_plugin|to_pdf)\(.*\)"
                      r"[ \t]*(?:;[ \t]*)?$", re.MULTILINE)
    checked = re.compile(rf"{name}\.check\([ \t]*(['\"])(?P<task>[^'\"\n]{{1,200}})\1[ \t]*\)")
    tests = {task_of_test(cell): cell for cell in release["cells"] if is_test(cell)}
    cells: list[Cell] = []
    for cell in notebook["cells"]:
        text = source(cell)
        rest = _left(text, call)
        if not is_code(cell) or rest == text:
            cells.append(cell)
        elif any(line.strip() not in ("", "pass") for line in rest.splitlines()):
            cells.append({**cell, "source": rest})
        elif (found := checked.search(text)) and found["task"] in tests:
            cells.append(_as_test(cell, tests[found["task"]]))
    return {**notebook, "cells": cells}


def _grader(notebook: Mapping[str, Any]) -> str | None:
    """Return the name of the object that checks, None where there is none."""
    for cell in notebook["cells"]:
        if is_code(cell) and (found := _NOTEBOOK.search(source(cell))):
            return found["name"]
    return None


def _left(text: str, call: re.Pattern[str]) -> str:
    """Return a cell's text without what belongs to Otter."""
    if not (call.search(text) or _NOTEBOOK.search(text) or _IMPORT.search(text)
            or any(line.startswith(_REMARKS) for line in text.splitlines())):
        return text
    kept = "\n".join(line for line in text.split("\n") if not line.startswith(_REMARKS))
    kept = _NOTEBOOK.sub(r"\g<indent>pass", _IMPORT.sub(r"\g<indent>pass", kept))
    return call.sub(r"\g<indent>pass", kept)


def _as_test(cell: Cell, test: Cell) -> Cell:
    return {**cell, "metadata": test["metadata"], "source": source(test)}
