"""A notebook made for Otter is read as one of ours; nothing that a student wrote is lost."""

from __future__ import annotations

from typing import Any

import pytest

from autograder import notebook
from autograder.notebook import is_for_otter, source, without_otter
from autograder.testing import make_course, make_notebook, make_session

INIT = '# Initialize Otter\nimport otter\ngrader = otter.Notebook("small.ipynb")'


@pytest.fixture
def release(tmp_path: Any) -> dict[str, Any]:
    return make_session(make_course(tmp_path)).release


@pytest.fixture
def solved(tmp_path: Any) -> dict[str, Any]:
    return make_notebook(make_course(tmp_path / "other"))


def code(text: str, name: str = "x") -> dict[str, Any]:
    return {"cell_type": "code", "id": name, "metadata": {}, "source": text, "outputs": [], "execution_count": None}


def for_otter(made: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook as `otter assign` would have handed it out."""
    cells = [code(f'grader.check("{notebook.task_of_test(cell)}")', cell["id"]) if notebook.is_test(cell) else cell
             for cell in made["cells"]]
    return {**made, "cells": [code("%pip install -q otter-grader==7.0.0", "pip"), code(INIT, "init"), *cells,
                              code("grader.check_all()", "all"), code("grader.export(pdf=False)", "export")]}


def test_a_submission_is_merged_as_the_same_work_in_our_form(release: dict[str, Any], solved: dict[str, Any]) -> None:
    ours = notebook.merge(release, solved)
    theirs = notebook.merge(release, without_otter(for_otter(solved), release))
    assert theirs == ours and [slot.status.value for slot in theirs.slots if slot.kind == "code"] == ["answered"] * 2


def test_a_notebook_without_otter_is_left_alone(release: dict[str, Any], solved: dict[str, Any]) -> None:
    assert without_otter(solved, release) is solved and not is_for_otter(solved) and is_for_otter(for_otter(solved))


def test_a_students_lines_next_to_a_call_stay(release: dict[str, Any]) -> None:
    text = 'total = 30.0\nif total:\n    grader.check("total")\nprint("# Initialize Otter")'
    made = without_otter({**release, "cells": [code(INIT, "i"), code(text)]}, release)
    assert [source(cell) for cell in made["cells"]] == ['total = 30.0\nif total:\n    pass\n'
                                                        'print("# Initialize Otter")']


def test_a_check_of_no_step_is_left_out_and_any_name_of_the_grader_counts(release: dict[str, Any]) -> None:
    cells = [code("import otter\nmine = otter.Notebook()", "i"), code('mine.check("other")', "a"),
             code("mine.check('total')", "b"), code("mine.check(total)", "c"), code("grader.check('x')", "d")]
    made = without_otter({**release, "cells": cells}, release)
    assert [cell["id"] for cell in made["cells"]] == ["b", "d"]
    assert source(made["cells"][0]) == "assert total == 30.0"


def test_time_is_linear_in_hostile_text(release: dict[str, Any]) -> None:
    rows = [code(INIT, "i"), code("grader.check(" + ")   " * 200_000 + "x"),
            code("grader.check()" + " " * 500_000 + "x"),
            code("grader.check(" + " " * 500_000), code(" " * 500_000 + "= otter.Notebook(")]
    assert len(without_otter({**release, "cells": rows}, release)["cells"]) == 4
