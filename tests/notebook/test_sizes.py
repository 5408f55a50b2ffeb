"""The sizes cell: read as plain numbers, replaced by a profile, refused in one sentence when it is anything else."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from autograder.errors import ReleaseError
from autograder.notebook import check_sizes, job_cells, merge, read_sizes, with_sizes

TEXT = "# How much of MNIST we use.\nTRAIN_IMAGES = 6_000  # of 60,000\nEPOCHS = 3\nRATE = 0.1"


def cell(name: str, source: str, *, sizes: bool = False, locked: bool = True, solution: bool = False) -> dict[str, Any]:
    nbgrader = {"grade_id": name, "locked": locked, "solution": solution, "grade": False, "task": False,
                "schema_version": 3}
    own = {"autograder": {"sizes": True}} if sizes else {}
    return {"cell_type": "code", "id": name, "metadata": {"nbgrader": nbgrader, **own}, "source": source,
            "outputs": [], "execution_count": None}


def notebook(text: str = TEXT, **changes: Any) -> dict[str, Any]:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {},
            "cells": [cell("sizes", text, **{"sizes": True, **changes}), cell("load", "x = TRAIN_IMAGES")]}


def test_sizes_are_read_in_their_order() -> None:
    assert list(read_sizes(notebook()).items()) == [("TRAIN_IMAGES", 6000), ("EPOCHS", 3), ("RATE", 0.1)]
    assert read_sizes({"cells": [cell("load", "x = 1")]}) == {}


def test_a_profile_replaces_numbers_and_nothing_else() -> None:
    before = notebook()
    kept = copy.deepcopy(before)
    after = with_sizes(before, {"TRAIN_IMAGES": 60_000, "RATE": 1})
    assert after["cells"][0]["source"] == (
        "# How much of MNIST we use.\nTRAIN_IMAGES = 60_000  # of 60,000\nEPOCHS = 3\nRATE = 1.0")
    assert read_sizes(after) == {"TRAIN_IMAGES": 60_000, "EPOCHS": 3, "RATE": 1.0}
    assert after["cells"][1] == before["cells"][1] and before == kept


def test_two_sizes_on_one_line_are_replaced_in_place() -> None:
    after = with_sizes(notebook("A = 1; B = 22"), {"A": 1000, "B": 3})
    assert after["cells"][0]["source"] == "A = 1_000; B = 3"


def test_without_sizes_the_notebook_is_the_same() -> None:
    before = notebook()
    assert with_sizes(before, {}) is before


@pytest.mark.parametrize(("text", "part"), [
    ("EPOCHS = 2 + 1", "line 1 is “EPOCHS = 2 + 1”"), ("epochs = 3", "epochs = 3"), ("EPOCHS = -3", "EPOCHS = -3"),
    ("EPOCHS = True", "EPOCHS = True"), ("EPOCHS = '3'", "EPOCHS = '3'"), ("A = B = 3", "A = B = 3"),
    ("import os\nEPOCHS = 3", "line 1 is “import os”"), ("EPOCHS = 1e999", "EPOCHS"),
    ("EPOCHS =", "line 1 is not Python"),
    ("EPOCHS = 3\nEPOCHS = 4", "EPOCHS twice"), ("print('hello')", "print('hello')"),
])
def test_anything_but_plain_numbers_is_refused(text: str, part: str) -> None:
    with pytest.raises(ReleaseError) as caught:
        read_sizes(notebook(text))
    assert part in str(caught.value) and "\n" not in str(caught.value)


def test_the_cell_is_one_locked_and_called_sizes() -> None:
    with pytest.raises(ReleaseError, match="locked code cell"):
        read_sizes(notebook(locked=False))
    with pytest.raises(ReleaseError, match="locked code cell"):
        read_sizes({"cells": [cell("numbers", TEXT, sizes=True)]})
    with pytest.raises(ReleaseError, match="2 cells are marked"):
        read_sizes({"cells": [*notebook()["cells"], cell("sizes", TEXT, sizes=True)]})


def test_a_profile_names_known_sizes_of_the_same_kind() -> None:
    with pytest.raises(ReleaseError, match=r"profile 'full' name TRAIN_IMAGE, .*the nearest name is TRAIN_IMAGES"):
        check_sizes(notebook(), {"TRAIN_IMAGE": 1}, "full")
    with pytest.raises(ReleaseError, match="it has no sizes"):
        with_sizes({"cells": [cell("load", "x = 1")]}, {"EPOCHS": 1})
    with pytest.raises(ReleaseError, match=r"EPOCHS the value 1\.5, but the notebook's is the whole number 3"):
        check_sizes(notebook(), {"EPOCHS": 1.5}, "full")


def test_a_student_changes_no_size() -> None:
    """Their edit of the locked cell is undone, and a cell of their own that calls itself `sizes` counts for nothing."""
    release = notebook()
    submitted = copy.deepcopy(release)
    submitted["cells"][0]["source"] = TEXT.replace("3", "300")
    submitted["cells"].append({**cell("mine", "EPOCHS = 300", sizes=True), "id": "mine"})
    merged = merge(release, submitted)
    assert read_sizes(merged.notebook) == {"TRAIN_IMAGES": 6000, "EPOCHS": 3, "RATE": 0.1}
    run = [one.source for one in job_cells(merged.model_copy(update={"notebook": with_sizes(
        merged.notebook, {"EPOCHS": 1})}))]
    assert run[0] == TEXT.replace("EPOCHS = 3", "EPOCHS = 1")
