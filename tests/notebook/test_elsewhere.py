"""Answers that stand in no slot of their own, and what builds on them."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from autograder.model import Merged, SlotStatus
from autograder.notebook import (
    causes,
    grade_id,
    is_answer,
    is_code,
    is_locked,
    is_written,
    job_cells,
    merge,
    origins,
    read,
    source,
)
from tests.fairness.editors import own
from tests.fairness.judged import release_of, solution_of

NAME = "first-network"
Notebook = dict[str, Any]


def fit(notebook: Notebook) -> Merged:
    return merge(release_of(NAME), read(json.dumps(notebook).encode(), "x.ipynb"))


def cell(notebook: Notebook, name: str) -> dict[str, Any]:
    return next(one for one in notebook["cells"] if grade_id(one) == name)


def at(notebook: Notebook, name: str) -> int:
    return notebook["cells"].index(cell(notebook, name))


@pytest.fixture
def solution() -> Notebook:
    return copy.deepcopy(solution_of(NAME))


@pytest.fixture
def one_cell(solution: Notebook) -> tuple[Notebook, str]:
    """The solution with blank answer cells, and all of its code."""
    answers = [one for one in solution["cells"] if is_answer(one)]
    text = "\n".join(source(one) for one in answers)
    for one in answers:
        one["source"] = "# YOUR CODE HERE"
    return solution, text


def code_statuses(merged: Merged) -> set[SlotStatus]:
    return {slot.status for slot in merged.slots if slot.kind == "code"}


def test_all_code_in_one_cell_at_the_end_is_withheld_and_said_once(one_cell: tuple[Notebook, str]) -> None:
    notebook, text = one_cell
    notebook["cells"].append(own(text, "mine"))
    merged = fit(notebook)
    assert code_statuses(merged) == {SlotStatus.UNMATCHED}
    assert len(merged.notes) == 1 and len(merged.staff_flags) == 1 and "below them" in merged.notes[0]


@pytest.mark.parametrize("place", ["after the imports", "in the first answer cell"])
def test_all_code_in_one_cell_at_the_top_runs_there_and_what_fails_is_withheld(
    one_cell: tuple[Notebook, str], place: str
) -> None:
    notebook, text = one_cell
    if place == "after the imports":
        notebook["cells"].insert(at(notebook, "libraries") + 1, own(text, "mine"))
    else:
        cell(notebook, "load")["source"] = text
    merged = fit(notebook)
    assert code_statuses(merged) == {SlotStatus.ANSWERED}
    assert set(merged.doubts) >= {slot.task for slot in merged.slots if slot.kind == "code"} - {"load"}
    order = [one.source for one in job_cells(merged)]
    assert order.index(text) < next(i for i, one in enumerate(job_cells(merged)) if one.task == "look")


def test_a_blank_answer_stays_blank_where_nothing_answers_it(solution: Notebook) -> None:
    cell(solution, "scale")["source"] = "# YOUR CODE HERE"
    solution["cells"].append(own("print(X_train.shape)", "mine"))
    merged = fit(solution)
    assert merged.slot("scale").status is SlotStatus.BLANK and merged.doubts == {}
    assert merged.notes == () and merged.staff_flags == ()


def test_imports_typed_into_a_locked_cell_run_after_it_and_are_no_change(solution: Notebook) -> None:
    place = cell(solution, "libraries")
    place["source"] = "from keras.models import Sequential\n" + source(place)
    merged = fit(solution)
    run = [one.source for one in job_cells(merged)]
    assert run[1] == "from keras.models import Sequential" and run[0] == source(cell(release_of(NAME), "libraries"))
    assert merged.staff_flags == () and len(merged.notes) == 1 and merged.receipt_notes == merged.notes
    assert merged.doubts == {} and code_statuses(merged) == {SlotStatus.ANSWERED}


def test_a_definition_typed_into_a_locked_cell_is_named_where_it_is_missed(solution: Notebook) -> None:
    place = cell(solution, "libraries")
    place["source"] = source(place) + "\ndef scaled(images):\n    return images.astype('float32') / 255"
    cell(solution, "scale")["source"] = "X_train, X_test = scaled(X_train), scaled(X_test)"
    merged = fit(solution)
    assert "`scaled`" in merged.doubts["scale"] and "libraries" in merged.doubts["scale"]
    assert "fit" in merged.doubts and "one-hot" not in merged.doubts and "count" not in merged.doubts
    assert all("def scaled" not in one.source for one in job_cells(merged))


def test_all_answers_typed_into_a_locked_cell_are_withheld(one_cell: tuple[Notebook, str]) -> None:
    notebook, text = one_cell
    cell(notebook, "libraries")["source"] += "\n" + text
    assert code_statuses(fit(notebook)) == {SlotStatus.UNMATCHED}


@pytest.mark.parametrize("commented", [True, False])
def test_a_written_answer_in_a_code_cell_is_found(solution: Notebook, commented: bool) -> None:
    answer = source(cell(solution, "mushrooms"))
    cell(solution, "mushrooms")["source"] = "YOUR ANSWER HERE"
    text = "\n".join(f"# {line}" for line in answer.splitlines()) if commented else f'"""{answer}"""'
    solution["cells"].insert(at(solution, "mushrooms") + 1, own(text, "words"))
    merged = fit(solution)
    slot = merged.slot("mushrooms")
    assert slot.status is SlotStatus.ANSWERED
    assert answer in source(merged.notebook["cells"][slot.cells[0]])


def test_a_line_that_was_commented_out_is_no_written_answer(solution: Notebook) -> None:
    cell(solution, "mushrooms")["source"] = "YOUR ANSWER HERE"
    solution["cells"].insert(at(solution, "mushrooms") + 1, own("# model.fit(X_train, Y_train, epochs=5)", "words"))
    assert fit(solution).slot("mushrooms").status is SlotStatus.BLANK


def test_a_foreign_notebook_says_so_once_and_first() -> None:
    cells = [own("import otter\ngrader = otter.Notebook()", "a"), own("answer = 42", "b"),
             own("# Lab 3", "c", "markdown")]
    merged = fit({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    assert merged.notes[0] == "None of the 64 cells of this assignment are in this file: probably the wrong file."
    assert len(merged.notes) == 2 and merged.staff_flags == merged.notes[:1] == merged.receipt_notes
    assert {slot.status for slot in merged.slots} == {SlotStatus.UNMATCHED} and merged.doubts == {}


@pytest.mark.parametrize("ids", [True, False])
def test_a_translated_notebook_raises_one_flag(solution: Notebook, ids: bool) -> None:
    for one in solution["cells"]:
        if is_locked(one) and not is_code(one):
            one["source"] = " ".join(word[::-1] for word in source(one).split())
    if not ids:
        for number, one in enumerate(solution["cells"]):
            one["metadata"], one["id"] = {}, f"x{number}"
    merged = fit(solution)
    assert len(merged.staff_flags) <= 1 and len(merged.notes) <= 3
    assert code_statuses(merged) == {SlotStatus.ANSWERED}


def test_a_step_that_fails_through_a_stop_names_it(solution: Notebook) -> None:
    merged = fit(solution)
    (index,) = merged.slot("compile").cells
    found = causes(merged, {index: "stopped with ValueError: Argument(s) not recognized: {'lr': 0.1}"})
    assert found["fit"].startswith("Task 9, “Compile the network”, stopped with ValueError")
    assert origins(merged, {index: "stopped"})["fit"] == "compile"
    assert {"fit", "evaluate", "predict"} <= set(found) and not {"build", "count", "one-hot", "compile"} & set(found)


def test_written_answers_in_one_text_cell_at_the_end_are_a_persons_case(solution: Notebook) -> None:
    written = [one for one in solution["cells"] if is_written(one)]
    text = "\n\n".join(source(one) for one in written)
    for one in written:
        one["source"] = "YOUR ANSWER HERE"
    solution["cells"].append(own(text, "answers", "markdown"))
    assert {slot.status for slot in fit(solution).slots if slot.kind == "written"} == {SlotStatus.UNMATCHED}


def test_a_later_step_that_builds_on_a_name_is_not_where_that_name_comes_from(solution: Notebook) -> None:
    """A misspelt name stays a mistake, although a later answer gives the right one a new value."""
    cell(solution, "reshape")["source"] = source(cell(solution, "reshape")).replace("X_train", "x_train")
    cell(solution, "scale")["source"] = "X_train = X_train / 255\nX_test /= 255"
    assert fit(solution).doubts == {}
    cell(solution, "scale")["source"] = "X_train = train_images.reshape(60000, 784) / 255\nX_test /= 255"
    assert "reshape" in fit(solution).doubts


def test_a_drawing_in_a_cell_of_ones_own_may_answer_a_blank_step_that_sets_nothing(solution: Notebook) -> None:
    """Without ids, a figure that was moved away from its slot sets no name by which its step could be recognized."""
    blank = {slot.task for slot in fit(solution).slots if slot.status is SlotStatus.BLANK}
    cell(solution, "scale")["source"] = "# YOUR CODE HERE"
    solution["cells"].append(own("plt.imshow(X_train[0])", "mine"))
    merged = fit(solution)
    assert merged.slot("scale").status is SlotStatus.UNMATCHED and "scale" not in blank and merged.notes
