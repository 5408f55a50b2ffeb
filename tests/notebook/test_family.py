"""A release with variants: its metadata, a student's copy, and what a handed-in notebook says about its own."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from autograder.errors import ReleaseError
from autograder.notebook import (
    Claimed,
    Family,
    check_ranges,
    claimed_variant,
    family_of,
    merge,
    personal_copy,
    read_sizes,
    skeleton,
    with_draw,
)
from tests.notebook.test_sizes import cell, notebook

FAMILY = Family(draw={"EPOCHS": (3, 4, 5), "RATE": (0.1, 0.2)}, secret="0123456789abcdef")
MINE = {"EPOCHS": 4, "RATE": 0.2}


def release() -> dict[str, Any]:
    made = notebook()
    made["metadata"] = {"autograder": {"assignment": "a", "release": "abc", "variants": FAMILY.model_dump(mode="json")}}
    return made


def test_a_release_says_which_numbers_are_drawn() -> None:
    assert family_of(release()) == FAMILY
    assert family_of(notebook()) is None and family_of({"cells": []}) is None
    broken = release()
    broken["metadata"]["autograder"]["variants"] = {"draw": 3}
    with pytest.raises(ReleaseError, match="run `autograder release` again"):
        family_of(broken)


@pytest.mark.parametrize(("ranges", "said"), [
    ({"EPOCH": (3, 4)}, "variants of a' name EPOCH, .* nearest name is EPOCHS"),
    ({"EPOCHS": (3, 4.5)}, "whole number"),
])
def test_ranges_have_to_fit_the_sizes_cell(ranges: dict[str, Any], said: str) -> None:
    check_ranges(notebook(), FAMILY.draw, "a")
    with pytest.raises(ReleaseError, match=said):
        check_ranges(notebook(), ranges, "a")


def test_a_copy_differs_in_numbers_and_code_only() -> None:
    base = release()
    before = copy.deepcopy(base)
    mine = personal_copy(base, MINE, "AAAA-BBBB")
    assert base == before
    assert read_sizes(mine) == {"TRAIN_IMAGES": 6_000, "EPOCHS": 4, "RATE": 0.2}
    assert mine["metadata"]["autograder"] == {**base["metadata"]["autograder"], "variant": "AAAA-BBBB"}
    assert mine["cells"][1:] == base["cells"][1:]


def test_what_an_upload_says_is_read_even_without_ids() -> None:
    mine = personal_copy(release(), MINE, "AAAA-BBBB")
    assert claimed_variant(mine, FAMILY) == Claimed(numbers=MINE, code="AAAA-BBBB")
    for one in mine["cells"]:
        one["metadata"] = {}
    mine["metadata"] = {}
    assert claimed_variant(mine, FAMILY) == Claimed(numbers=MINE)


def test_imports_that_a_student_added_hide_no_numbers() -> None:
    base = release()
    mine = personal_copy(base, MINE, "AAAA-BBBB")
    mine["cells"][0]["source"] = "import os\n" + mine["cells"][0]["source"]
    claimed = claimed_variant(mine, FAMILY)
    assert claimed.numbers == MINE
    merged = merge(skeleton(base, FAMILY, claimed), mine)
    assert merged.staff_flags == () and "were run after it" in merged.notes[0]


@pytest.mark.parametrize("text", [
    "", "EPOCHS = 4", "EPOCHS = 4\nRATE = open('/etc/passwd')", "EPOCHS = (", "EPOCHS = 1e999\nRATE = 1", "x" * 20_000,
    "EPOCHS = True\nRATE = 0.1", "(" * 5_000, "EPOCHS = " + "9" * 6_000 + "\nRATE = 0.1",
])
def test_nothing_that_a_student_writes_is_an_error(text: str) -> None:
    upload = {"metadata": {"autograder": {"variant": ["x"]}}, "cells": [cell("sizes", text, sizes=True)]}
    assert claimed_variant(upload, FAMILY) == Claimed()


def test_a_number_that_no_float_can_hold_is_only_another_number() -> None:
    base = release()
    upload = {**base, "cells": [cell("sizes", f"EPOCHS = {'9' * 4_000}\nRATE = 0.1", sizes=True), base["cells"][1]]}
    claimed = claimed_variant(upload, FAMILY)
    assert claimed.numbers["EPOCHS"] == int("9" * 4_000) and skeleton(base, FAMILY, claimed) is base
    assert Claimed.model_validate_json(claimed.model_dump_json()) == claimed


def test_numbers_of_the_family_are_no_change_of_the_cell_and_others_are() -> None:
    base = release()
    mine = personal_copy(base, MINE, "AAAA-BBBB")
    claimed = claimed_variant(mine, FAMILY)
    assert merge(skeleton(base, FAMILY, claimed), mine).notes == ()
    mine["cells"][0]["source"] = mine["cells"][0]["source"].replace("EPOCHS = 4", "EPOCHS = 1")
    edited = claimed_variant(mine, FAMILY)
    assert edited.numbers["EPOCHS"] == 1 and skeleton(base, FAMILY, edited) is base
    assert any("was changed" in note for note in merge(skeleton(base, FAMILY, edited), mine).notes)


def test_the_numbers_in_an_upload_never_count() -> None:
    base = release()
    other = personal_copy(base, {"EPOCHS": 5, "RATE": 0.1}, "CCCC-DDDD")
    merged = with_draw(merge(skeleton(base, FAMILY, claimed_variant(other, FAMILY)), other), MINE)
    assert read_sizes(merged.notebook) == {"TRAIN_IMAGES": 6_000, "EPOCHS": 4, "RATE": 0.2}
    assert merged.drawn == MINE and with_draw(merged, {}).notebook is merged.notebook
