"""A cell for a student's code that no task grades: it is run where it is, and belongs to no slot."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from autograder.errors import ReleaseError
from autograder.model import SlotStatus
from autograder.notebook import compiled_names, is_ungraded, job_cells, layout, merge, places
from autograder.pipeline.release.validate import check_source
from autograder.pipeline.session.calibration import own_data

Notebook = dict[str, Any]
BLANK = "# YOUR CODE HERE"
SOLVED = "### BEGIN SOLUTION\n{}\n### END SOLUTION"


def cell(name: str, text: str, *, kind: str = "code", solution: bool = False, points: int | None = None,
         **own: Any) -> Notebook:
    graded: Notebook = {"grade": points is not None, "solution": solution, "locked": not solution, "grade_id": name}
    metadata: Notebook = {"nbgrader": graded | ({} if points is None else {"points": points})}
    return {"cell_type": kind, "id": name, "source": text, "metadata": metadata | ({"autograder": own} if own else {})}


def notebook(imports: str = BLANK, answer: str = BLANK) -> Notebook:
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
        cell("about", "Import what you need.", kind="markdown"), cell("imports", imports, solution=True, ungraded=True),
        cell("load", "numbers = [1, 2]"), cell("total", answer, solution=True),
        cell("test-total", "assert total == 3", points=2)]}


def handed_in(*, ids: bool = True, **texts: str) -> Any:
    given = notebook(**texts)
    if not ids:
        for number, one in enumerate(given["cells"]):
            one["id"], one["metadata"] = f"x{number}", {}
    return merge(notebook(), given)


def test_it_is_no_task() -> None:
    given = notebook()
    assert [is_ungraded(one) for one in given["cells"]] == [False, True, False, False, False]
    assert [task.id for task in layout(given).tasks] == ["total"] and layout(given).points == 2


@pytest.mark.parametrize("ids", [True, False])
def test_its_code_runs_before_what_follows_and_answers_nothing(ids: bool) -> None:
    merged = handed_in(ids=ids, imports="import math", answer="total = math.fsum(numbers)")
    assert [one.source for one in job_cells(merged)][:2] == ["import math", "numbers = [1, 2]"]
    assert {slot.task: slot.status for slot in merged.slots} == {"total": SlotStatus.ANSWERED}
    assert not merged.staff_flags and not merged.notes and not merged.doubts
    assert places(merged)[1] == "a cell of your own before Task 1"


def test_left_blank_it_costs_nothing() -> None:
    merged = handed_in(answer="total = sum(numbers)")
    assert not merged.staff_flags and not merged.notes and not merged.doubts


def test_a_whole_answer_in_it_is_found_like_one_in_any_other_cell() -> None:
    merged = handed_in(imports="numbers = [1, 2]\ntotal = sum(numbers)")
    assert merged.slot("total").status is SlotStatus.ANSWERED and "total" in merged.doubts


def test_several_cells_in_its_place_all_run() -> None:
    given = notebook(imports="import math", answer="total = more(numbers)")
    given["cells"].insert(2, {"cell_type": "code", "id": "mine", "metadata": {}, "source": "more = math.fsum"})
    merged = merge(notebook(), given)
    assert [one.source for one in job_cells(merged)][:3] == ["import math", "more = math.fsum", "numbers = [1, 2]"]
    assert not merged.doubts


def source(**texts: str) -> Notebook:
    given = {"imports": "", "answer": "total = 3", **texts}
    return notebook(**{name: SOLVED.format(text) for name, text in given.items()})


def test_a_source_notebook_may_have_one_wherever_a_locked_cell_follows() -> None:
    check_source(source(imports="import math"))
    last = source()
    last["cells"].append(last["cells"].pop(1))
    check_source(last)
    for wrong in (1, 4):
        moved = source()
        moved["cells"][2:3] = []
        if wrong == 4:
            moved["cells"].insert(2, moved["cells"].pop(1))
        with pytest.raises(ReleaseError):
            check_source(moved)
    unmarked = notebook(imports="import math", answer=SOLVED.format("total = 3"))
    with pytest.raises(ReleaseError, match="BEGIN SOLUTION"):
        check_source(unmarked)


def test_data_after_it_still_belongs_to_the_reference() -> None:
    changed = copy.deepcopy(notebook())
    changed["cells"][2]["source"] = "numbers = [1, 2, 3]"
    assert own_data(notebook()) != own_data(changed)
    assert own_data(notebook()) == own_data(notebook(imports="import math"))


def test_what_it_compiles_is_no_step() -> None:
    given = source(imports="net = make()\nnet.compile()", answer="net.compile('adam')")
    assert compiled_names(given) == {"total": ("net",)}
