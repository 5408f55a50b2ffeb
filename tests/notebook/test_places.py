"""One numbering: what a sentence calls a cell is what the headings of its notebook call the task."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from autograder import notebook
from autograder.model import Merged
from autograder.notebook.places import with_numbers

ROOT = Path(__file__).resolve().parents[2]
RELEASES = sorted((ROOT / "release").glob("*/*.ipynb"))
HEADING = re.compile(r"^#+ .*?Task (\d+)", re.MULTILINE)


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.stem)
def test_tasks_have_the_numbers_of_their_headings(path: Path) -> None:
    release = read(path)
    merged = notebook.merge(release, release)
    numbers = notebook.number_slots(merged)
    assert numbers == notebook.number_tasks(notebook.layout(release)) and numbers
    heading = 0
    for cell in release["cells"]:
        found = HEADING.findall("".join(cell["source"])) if cell["cell_type"] == "markdown" else []
        heading = int(found[-1]) if found else heading
        if cell["cell_type"] == "code" and notebook.grade_id(cell) in numbers:
            assert numbers[notebook.grade_id(cell) or ""] == heading, notebook.grade_id(cell)


@pytest.mark.parametrize("path", RELEASES, ids=lambda path: path.stem)
def test_every_code_cell_has_a_name(path: Path) -> None:
    merged = notebook.merge(read(path), read(path))
    cells = notebook.job_cells(merged)
    assert all(cell.place for cell in cells)
    numbers = notebook.number_slots(merged)
    for cell in cells:
        if cell.task is not None:
            assert cell.place == f"the test cell of Task {numbers[cell.task]}"


def cell(kind: str, name: str | None = None, *, solution: bool = False, points: int | None = None) -> dict[str, Any]:
    graded = {"grade": points is not None, "solution": solution, "locked": not solution, "task": False,
              "schema_version": 3, "grade_id": name} | ({} if points is None else {"points": points})
    made: dict[str, Any] = {"cell_type": kind, "id": name or "own", "source": name or "own = 1",
                            "metadata": {"nbgrader": graded} if name else {}}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def small() -> Merged:
    release = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        cell("code", "load"), cell("code", "first", solution=True), cell("code", "test-first", points=1),
        cell("markdown", "why", solution=True, points=1),
        cell("code", "second", solution=True), cell("code", "test-second", points=1), cell("code", "end")]}
    return notebook.merge(release, release)


def test_names_count_steps_in_code_only() -> None:
    merged = small()
    named = notebook.places(merged)
    assert list(dict(sorted(named.items())).values()) == [
        "a given cell before Task 1", "Task 1", "the test cell of Task 1", "Task 2", "the test cell of Task 2",
        "a given cell after the last task"]


def test_ids_of_tasks_in_a_sentence_become_numbers() -> None:
    merged = small()
    assert with_numbers("Task second: a call of fit cannot be read.", merged) == "Task 2: a call of fit cannot be read."
    assert with_numbers("Task first has more than one checkpoint.", merged) == "Task 1 has more than one checkpoint."
    assert with_numbers("Task unknown has none; Task 2 has.", merged) == "Task unknown has none; Task 2 has."
