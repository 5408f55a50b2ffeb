"""Submissions fitted into their release: whatever a student did to the cells, no answer is lost or guessed."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.model import Merged, SlotStatus
from autograder.notebook import grade_id, is_locked, job_cells, layout, merge, read, source

SAMPLES = Path(__file__).parents[1] / "samples" / "submissions"
BYTES = (SAMPLES / "release.ipynb").read_bytes()
Notebook = dict[str, Any]
ANSWERS = {
    "squares": "squares = [number ** 2 for number in numbers]",
    "total": "total = sum(squares)",
    "mean": "mean = total / len(squares)",
    "why": "Because the variance is never negative.",
}
ANSWERED, BLANK, UNMATCHED = SlotStatus.ANSWERED, SlotStatus.BLANK, SlotStatus.UNMATCHED


def release() -> Notebook:
    return read(BYTES, "release.ipynb")


def solved() -> Notebook:
    notebook = release()
    for cell in notebook["cells"]:
        cell["source"] = ANSWERS.get(grade_id(cell) or "", cell["source"])
    return notebook


def at(notebook: Notebook, name: str) -> int:
    return next(i for i, cell in enumerate(notebook["cells"]) if grade_id(cell) == name)


def code(text: str, name: str = "mine", **metadata: Any) -> Notebook:
    return {"cell_type": "code", "id": name, "metadata": metadata, "source": text, "outputs": [],
            "execution_count": None}


def text(words: str, name: str = "words") -> Notebook:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": words}


def without_ids(notebook: Notebook) -> Notebook:
    """What Colab may leave of it: other cell ids, no nbgrader metadata."""
    for index, cell in enumerate(notebook["cells"]):
        cell["id"], cell["metadata"] = f"colab{index}", {"id": f"x{index}"}
    return notebook


def without_metadata(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    return notebook


def fit(notebook: Notebook) -> Merged:
    merged = merge(release(), read(json.dumps(notebook).encode(), "x.ipynb"))
    assert_whole(merged)
    assert_nothing_lost(notebook, merged)
    return merged


def squeezed(words: str) -> str:
    return "".join(words.split())


def assert_whole(merged: Merged) -> None:
    """Every cell of the release exactly once and in order, locked ones unchanged; valid; slots point at answers."""
    cells, skeleton = merged.notebook["cells"], release()["cells"]
    names = [name for cell in cells if (name := grade_id(cell))]
    assert names == [grade_id(cell) for cell in skeleton]
    for original in skeleton:
        if is_locked(original):
            (found,) = [cell for cell in cells if grade_id(cell) == grade_id(original)]
            assert (found["source"], found["cell_type"]) == (original["source"], original["cell_type"])
    nbformat.validate(nbformat.from_dict(merged.notebook))
    assert all(cell["outputs"] == [] for cell in cells if cell["cell_type"] == "code")
    assert [slot.task for slot in merged.slots] == ["squares", "total", "mean", "why"]
    tests = {cell.task: cell.index for cell in job_cells(merged) if cell.task}
    for slot in merged.slots:
        assert slot.cells
        kinds = {cells[index]["cell_type"] for index in slot.cells}
        assert kinds == ({"code"} if slot.kind == "code" else {"markdown"})
        if slot.kind == "code":
            assert max(slot.cells) < tests[slot.task]


def assert_nothing_lost(notebook: Notebook, merged: Merged) -> None:
    shown = [source(cell) for cell in (*merged.notebook["cells"], *release()["cells"])]
    everything = [squeezed(words) for words in (*shown, *merged.notes)]
    for cell in notebook["cells"]:
        assert any(squeezed(source(cell)) in place for place in everything), source(cell)


def statuses(merged: Merged) -> list[SlotStatus]:
    return [slot.status for slot in merged.slots]


def test_the_layout_of_the_release() -> None:
    tasks = layout(release())
    assert [(task.id, task.kind, task.points) for task in tasks.tasks] == [
        ("squares", "code", 2), ("total", "code", 2), ("mean", "code", 3), ("why", "written", 4)]
    assert tasks.points == 11 and tasks.task("mean").title == "The mean"
    assert tasks.task("why").test_cell is None and tasks.task("why").answer_cell == at(release(), "why")


def test_an_ordinary_submission() -> None:
    merged = fit(solved())
    assert statuses(merged) == [ANSWERED] * 4
    assert {slot.matched_by for slot in merged.slots} == {"id"}
    assert (merged.notes, merged.staff_flags, merged.release) == ((), (), "2026.1")
    assert [cell.task for cell in job_cells(merged) if cell.task] == ["squares", "total", "mean"]


def test_the_release_itself_is_blank() -> None:
    merged = fit(release())
    assert statuses(merged) == [BLANK] * 4 and merged.notes == () and merged.staff_flags == ()


@pytest.mark.parametrize("answer", ["", "   \n", "#YOUR CODE HERE", "# squares = ...\n# YOUR CODE HERE\n# Help"])
def test_comments_and_spaces_are_no_answer(answer: str) -> None:
    notebook = release()
    notebook["cells"][at(notebook, "squares")]["source"] = answer
    assert fit(notebook).slot("squares").status is BLANK


def test_a_template_with_code_is_blank_modulo_comments() -> None:
    notebook = release()
    notebook["cells"][at(notebook, "mean")]["source"] = "mean=None"
    assert fit(notebook).slot("mean").status is BLANK


@pytest.mark.parametrize("lose", [without_ids, without_metadata])
def test_ids_or_metadata_lost(lose: Callable[[Notebook], Notebook]) -> None:
    merged = fit(lose(solved()))
    assert statuses(merged) == [ANSWERED] * 4 and merged.notes == ()
    assert statuses(fit(lose(release()))) == [BLANK] * 4


def test_aligned_answers_say_so() -> None:
    assert {slot.matched_by for slot in fit(without_ids(solved())).slots} == {"alignment"}


def test_cells_that_fold_or_lack_everything_optional() -> None:
    notebook = solved()
    for cell in notebook["cells"]:
        for key in ("id", "outputs", "execution_count"):
            cell.pop(key, None)
        cell["source"] = cell["source"].splitlines(keepends=True)
    assert statuses(fit(notebook)) == [ANSWERED] * 4


@pytest.mark.parametrize("lose", [lambda notebook: notebook, without_ids])
def test_an_answer_split_over_cells_with_helpers_and_prints(lose: Callable[[Notebook], Notebook]) -> None:
    notebook = solved()
    place = at(notebook, "squares")
    notebook["cells"][place : place + 1] = [
        code("def square(x):\n    return x * x", "a"), text("I use a helper.", "b"),
        code("squares = list(map(square, numbers))", "c"), code("print(squares)", "d")]
    merged = fit(lose(notebook))
    assert statuses(merged) == [ANSWERED] * 4
    run = [cell.source for cell in job_cells(merged)]
    assert run[1:4] == ["def square(x):\n    return x * x", "squares = list(map(square, numbers))", "print(squares)"]
    assert len(merged.slot("squares").cells) == 3


def test_jupyters_split_leaves_two_cells_with_one_id() -> None:
    notebook = solved()
    place = at(notebook, "squares")
    first, second = copy.deepcopy(notebook["cells"][place]), copy.deepcopy(notebook["cells"][place])
    first["source"], second["source"], second["id"] = "squares = []", "squares += [n * n for n in numbers]", "other"
    notebook["cells"][place : place + 1] = [first, second]
    merged = fit(notebook)
    assert merged.slot("squares").status is ANSWERED and len(merged.slot("squares").cells) == 2


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answer_cell_that_became_text_is_code_again(kind: str) -> None:
    notebook = solved()
    notebook["cells"][at(notebook, "total")]["cell_type"] = kind
    merged = fit(notebook)
    assert merged.slot("total").status is ANSWERED
    assert "total = sum(squares)" in [cell.source for cell in job_cells(merged)]
    assert any("had become a text cell" in note for note in merged.notes)


def test_an_answer_put_aside_as_text_stays_text_when_other_code_answers() -> None:
    notebook = solved()
    place = at(notebook, "total")
    notebook["cells"][place]["cell_type"] = "raw"
    notebook["cells"].insert(place + 1, code("total = 30"))
    merged = fit(notebook)
    run = [cell.source for cell in job_cells(merged)]
    assert "total = 30" in run and "total = sum(squares)" not in run
    assert any(cell["source"] == "total = sum(squares)" for cell in merged.notebook["cells"])


def test_a_written_answer_that_became_code_is_text_again() -> None:
    notebook = solved()
    notebook["cells"][at(notebook, "why")]["cell_type"] = "code"
    merged = fit(notebook)
    assert merged.slot("why").status is ANSWERED
    assert ANSWERS["why"] not in [cell.source for cell in job_cells(merged)]


@pytest.mark.parametrize("lose", [lambda notebook: notebook, without_ids])
def test_a_written_answer_below_the_given_cell(lose: Callable[[Notebook], Notebook]) -> None:
    notebook = release()
    place = at(notebook, "why")
    notebook["cells"][place + 1 : place + 1] = [text("First thought.", "a"), text("Second thought.", "b")]
    merged = fit(lose(notebook))
    assert merged.slot("why").status is ANSWERED
    (index,) = merged.slot("why").cells
    assert merged.notebook["cells"][index]["source"].endswith("First thought.\n\nSecond thought.")


@pytest.mark.parametrize("name", ["test-squares", "about-total", "load", "rule-1", "contract"])
@pytest.mark.parametrize("lose", [lambda notebook: notebook, without_ids])
def test_a_deleted_locked_cell_is_put_back_and_said(name: str, lose: Callable[[Notebook], Notebook]) -> None:
    notebook = solved()
    del notebook["cells"][at(notebook, name)]
    merged = fit(lose(notebook))
    assert statuses(merged) == [ANSWERED] * 4
    assert len(merged.notes) == 1 and "missing" in merged.notes[0]


def test_a_deleted_answer_cell_is_blank_and_replaced_by_the_template() -> None:
    notebook = solved()
    del notebook["cells"][at(notebook, "total")]
    merged = fit(notebook)
    assert statuses(merged) == [ANSWERED, BLANK, ANSWERED, ANSWERED]


@pytest.mark.parametrize("lose", [lambda notebook: notebook, without_ids])
def test_white_space_and_outputs_in_a_test_cell_are_no_change(lose: Callable[[Notebook], Notebook]) -> None:
    notebook = solved()
    cell = notebook["cells"][at(notebook, "test-squares")]
    cell["source"] = cell["source"].replace(" == ", "==").replace("\n", "\n\n") + "\n  \n"
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "fine"}]
    assert fit(lose(notebook)).notes == ()


def test_a_changed_test_cell_is_restored_kept_unrun_and_said() -> None:
    notebook = solved()
    notebook["cells"][at(notebook, "test-mean")]["source"] = "assert True  # changed"
    merged = fit(notebook)
    assert merged.slot("mean").status is ANSWERED
    assert any("The test cell of “The mean” was changed" in note for note in merged.notes)
    assert all("changed" not in cell.source for cell in job_cells(merged))
    assert any("The mean" in flag for flag in merged.staff_flags)


def test_a_stale_checksum_does_not_matter() -> None:
    notebook = solved()
    for cell in notebook["cells"]:
        cell["metadata"]["nbgrader"]["checksum"] = "0" * 32
    assert fit(notebook).notes == ()


def test_an_answer_typed_into_the_test_cell_is_not_guessed() -> None:
    notebook = release()
    cell = notebook["cells"][at(notebook, "test-squares")]
    cell["source"] = ANSWERS["squares"] + "\n" + cell["source"]
    merged = fit(notebook)
    assert merged.slot("squares").status is UNMATCHED and merged.slot("squares").matched_by == "none"
    assert any("may be the answer" in note for note in merged.notes)


@pytest.mark.parametrize("lose", [lambda notebook: notebook, without_ids])
def test_locked_text_that_a_student_typed_into_is_kept_next_to_it(lose: Callable[[Notebook], Notebook]) -> None:
    notebook = release()
    notebook["cells"][at(notebook, "about-why")]["source"] += "\n\nBecause the variance is never negative."
    merged = fit(lose(notebook))
    assert merged.slot("why").status is UNMATCHED
    assert any(cell["source"].endswith("never negative.") and cell["metadata"] == {"autograder": {"kept": True}}
               for cell in merged.notebook["cells"])
    assert any("An answer may be here" in flag for flag in merged.staff_flags)


def test_code_typed_into_locked_text_above_a_blank_answer_is_not_guessed() -> None:
    notebook = release()
    notebook["cells"][at(notebook, "about-total")]["source"] += "\n\ntotal = sum(squares)"
    assert fit(notebook).slot("total").status is UNMATCHED


@pytest.mark.parametrize("lose", [lambda notebook: notebook, without_ids])
def test_an_answer_below_the_test_cell_is_not_guessed(lose: Callable[[Notebook], Notebook]) -> None:
    notebook = release()
    notebook["cells"].insert(at(notebook, "test-total") + 1, code("total = sum(squares)"))
    merged = fit(lose(notebook))
    assert statuses(merged) == [BLANK, UNMATCHED, BLANK, BLANK]


def test_code_below_the_test_cell_of_an_answered_task_is_only_extra() -> None:
    notebook = solved()
    notebook["cells"].insert(at(notebook, "test-total") + 1, code("print(total)"))
    merged = fit(notebook)
    assert statuses(merged) == [ANSWERED] * 4 and merged.notes == ()
    order = [cell.source for cell in job_cells(merged)]
    assert order[order.index("print(total)") - 1].startswith("assert isinstance(total")


def test_code_in_a_text_cell_next_to_a_blank_answer_is_not_guessed() -> None:
    notebook = release()
    notebook["cells"].insert(at(notebook, "total") + 1, text("```python\ntotal = sum(squares)\n```"))
    assert fit(notebook).slot("total").status is UNMATCHED


def test_an_answer_copied_from_another_task_counts_where_it_is() -> None:
    """JupyterLab copies a cell's id with it: the place says which task it answers."""
    notebook = solved()
    notebook["cells"][at(notebook, "mean")] = copied = copy.deepcopy(notebook["cells"][at(notebook, "total")])
    copied["source"], copied["id"] = "mean = sum(squares) / 4", "copied"
    merged = fit(notebook)
    assert statuses(merged) == [ANSWERED] * 4
    (index,) = merged.slot("mean").cells
    assert merged.notebook["cells"][index]["source"] == "mean = sum(squares) / 4"
    assert len(merged.slot("total").cells) == 1


def test_a_copied_test_cell_used_as_scratch_paper_is_the_students_own() -> None:
    notebook = solved()
    copied = copy.deepcopy(notebook["cells"][at(notebook, "test-squares")])
    copied["source"], copied["id"] = "print('scratch')", "scratch"
    notebook["cells"].insert(at(notebook, "test-squares") + 1, copied)
    merged = fit(notebook)
    assert merged.notes == () and "print('scratch')" in [cell.source for cell in job_cells(merged)]


def test_a_repeated_locked_cell_is_kept_once() -> None:
    notebook = solved()
    for name in ("about-total", "test-total", "load"):
        notebook["cells"].append(copy.deepcopy(notebook["cells"][at(notebook, name)]))
    assert fit(notebook).notes == ()


@pytest.mark.parametrize("lose", [lambda notebook: notebook, without_ids])
def test_sections_in_another_order_are_put_back(lose: Callable[[Notebook], Notebook]) -> None:
    notebook = solved()
    cells = notebook["cells"]
    start, middle, end = at(notebook, "about-total"), at(notebook, "about-mean"), at(notebook, "about-why")
    cells[start:end] = cells[middle:end] + cells[start:middle]
    merged = fit(lose(notebook))
    assert statuses(merged) == [ANSWERED] * 4
    assert merged.notes == ()


def test_an_answer_moved_away_is_found_by_its_id() -> None:
    notebook = solved()
    notebook["cells"].insert(2, notebook["cells"].pop(at(notebook, "mean")))
    merged = fit(notebook)
    assert statuses(merged) == [ANSWERED] * 4
    run = [cell.source for cell in job_cells(merged)]
    assert run.index(ANSWERS["mean"]) > run.index(ANSWERS["total"])


def test_an_answer_moved_away_without_ids_is_not_guessed() -> None:
    notebook = solved()
    notebook["cells"].insert(2, notebook["cells"].pop(at(notebook, "mean")))
    merged = fit(without_ids(notebook))
    assert merged.slot("mean").status is UNMATCHED or "mean" in merged.doubts, "what fails is withheld"
    assert ANSWERS["mean"] in [cell.source for cell in job_cells(merged)]


def test_everything_locked_deleted_and_no_ids_is_not_guessed() -> None:
    notebook = solved()
    notebook["cells"] = [code(ANSWERS[name], name=f"c{i}") for i, name in enumerate(("squares", "total", "mean"))]
    merged = fit(notebook)
    assert statuses(merged)[:3] == [UNMATCHED] * 3
    assert any("could not be matched" in note for note in merged.notes)


def test_one_deleted_heading_and_test_between_two_answers_without_ids() -> None:
    notebook = solved()
    del notebook["cells"][at(notebook, "about-mean")]
    del notebook["cells"][at(notebook, "test-total")]
    merged = fit(without_ids(notebook))
    # Two answers are now between two locked cells: which is which is unclear.
    assert statuses(merged)[1:3] == [UNMATCHED, UNMATCHED]


def pasted(first: Notebook, second: Notebook) -> Notebook:
    second = copy.deepcopy(second)
    for cell in second["cells"]:
        cell["id"] += "-2"
    return {**first, "cells": first["cells"] + second["cells"]}


@pytest.mark.parametrize("lose", [lambda notebook: notebook, without_ids])
def test_two_notebooks_in_one(lose: Callable[[Notebook], Notebook]) -> None:
    assert statuses(fit(lose(pasted(solved(), solved())))) == [ANSWERED] * 4
    assert statuses(fit(lose(pasted(release(), solved())))) == [ANSWERED] * 4
    assert statuses(fit(lose(pasted(solved(), release())))) == [ANSWERED] * 4
    other = solved()
    other["cells"][at(other, "total")]["source"] = "total = 31"
    merged = fit(lose(pasted(solved(), other)))
    assert statuses(merged) == [ANSWERED, UNMATCHED, ANSWERED, ANSWERED]
    assert any("more than one answer" in note for note in merged.notes)


def test_shell_lines_stay_and_magics_do_not_break_the_comparison() -> None:
    notebook = solved()
    notebook["cells"].insert(1, code("!pip install keras", "pip"))
    notebook["cells"][at(notebook, "total")]["source"] = "%%time\ntotal = sum(squares)"
    merged = fit(notebook)
    assert job_cells(merged)[0].source == "!pip install keras"
    assert statuses(merged) == [ANSWERED] * 4


def test_students_cannot_pose_as_the_release() -> None:
    """Metadata of a student's cell does not get through: it would carry points or a lock."""
    notebook = solved()
    notebook["cells"].insert(3, code("x = 1", "own", nbgrader={
        "grade_id": "test-free", "grade": True, "locked": True, "solution": False, "points": 100}))
    merged = fit(notebook)
    assert all(cell.task in (None, "squares", "total", "mean") for cell in job_cells(merged))
    cell = next(cell for cell in merged.notebook["cells"] if cell["source"] == "x = 1")
    assert cell["metadata"] == {}


def test_a_template_from_elsewhere_is_blank_too() -> None:
    template, notebook = release(), release()
    for one in (template, notebook):
        one["cells"][at(one, "squares")]["source"] = "raise NotImplementedError()"
    merged = merge(release(), notebook, template)
    assert merged.slot("squares").status is BLANK


def test_merging_twice_changes_nothing() -> None:
    once = fit(solved())
    assert merge(release(), once.notebook).notebook == once.notebook


OPERATIONS = ("delete", "duplicate", "swap", "edit", "retype", "insert", "split", "strip", "empty", "retitle")


@st.composite
def mangled(draw: st.DrawFn) -> Notebook:
    notebook = solved() if draw(st.booleans()) else release()
    if draw(st.integers(0, 9)) == 0:
        notebook = pasted(notebook, solved())
    cells = notebook["cells"]
    for step in range(draw(st.integers(0, 12))):
        operation = draw(st.sampled_from(OPERATIONS))
        place = draw(st.integers(0, max(0, len(cells) - 1)))
        if operation == "insert" or not cells:
            made = [code(f"extra_{step} = {step}"), text(f"thought {step}"), code("")]
            cells.insert(place, draw(st.sampled_from(made)))
            continue
        cell = cells[place]
        if operation == "delete":
            del cells[place]
        elif operation == "duplicate":
            cells.insert(draw(st.integers(0, len(cells))), copy.deepcopy(cell))
        elif operation == "swap":
            other = draw(st.integers(0, len(cells) - 1))
            cells[place], cells[other] = cells[other], cells[place]
        elif operation == "edit":
            cell["source"] += f"\nedited_{step} = {step}"
        elif operation == "retype":
            kind = draw(st.sampled_from(["code", "markdown", "raw"]))
            cells[place] = {**code("", cell["id"]), **cell, "cell_type": kind}
        elif operation == "split":
            half = len(cell["source"]) // 2
            cells.insert(place + 1, {**copy.deepcopy(cell), "source": cell["source"][half:]})
            cell["source"] = cell["source"][:half]
        elif operation == "strip":
            cell["metadata"], cell["id"] = {}, f"stripped{step}"
        elif operation == "empty":
            cell["source"] = ""
        elif operation == "retitle":
            cell["metadata"] = copy.deepcopy(cells[draw(st.integers(0, len(cells) - 1))]["metadata"])
    if draw(st.integers(0, 4)) == 0:
        without_ids(notebook)
    return notebook


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
@given(mangled())
def test_whatever_was_done_nothing_is_lost_and_the_release_is_whole(notebook: Notebook) -> None:
    fit(notebook)


@pytest.mark.slow
@pytest.mark.rotates(part=1)
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mangled())
def test_whatever_was_done_at_length(notebook: Notebook) -> None:
    fit(notebook)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["helper", "print", "note", "blank"]), max_size=8), st.integers(0, 30), st.booleans())
def test_extra_cells_never_cost_an_answer(extras: list[str], start: int, lost: bool) -> None:
    """Extra prints, helpers and notes anywhere but inside a locked cell leave every answer where it is."""
    notebook = solved()
    made = {"helper": "def helper_{0}():\n    pass", "print": "print({0})", "note": "note {0}", "blank": ""}
    for number, extra in enumerate(extras):
        place = (start * (number + 1)) % (len(notebook["cells"]) + 1)
        words = made[extra].format(number)
        notebook["cells"].insert(place, text(words, f"e{number}") if extra == "note" else code(words, f"e{number}"))
    merged = fit(without_ids(notebook) if lost else notebook)
    assert statuses(merged) == [ANSWERED] * 4
    assert merged.notes == ()
