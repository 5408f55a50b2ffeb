"""A budget that runs out on the trusted side: a sentence, a flag, points withheld, and the rest of the class graded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Result
from autograder.pipeline.session.variant_files import as_file
from autograder.workspace.page_files import notebook_page

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=4)]
SCRIPT = Path(__file__).resolve().parent / "tight.py"
ROOT = SCRIPT.parents[2]
HONEST = ("aaron", "zoe")
BUDGETS = {
    "merge": ("merges", 0.25), "assemble": ("prints", 0.25), "examine": ("records", 0.25), "page": ("writes", 0.6),
}
"""Seconds of processor time and whose work has them; a fast machine takes at least twice as much for their work."""
LOOK = "so a person has to look at it."

MANY_OUTPUTS = """import sys
for number in range(250_000):
    print(number, flush=True)
    print(1, file=sys.stderr, flush=True)"""


def first(notebook: dict[str, Any], code: str) -> dict[str, Any]:
    """Return the notebook with a cell of code before the first answer."""
    cells = notebook["cells"]
    place = next(n for n, cell in enumerate(cells) if cell["metadata"].get("nbgrader", {}).get("solution"))
    cell = {"cell_type": "code", "id": "own-one", "metadata": {}, "source": code, "outputs": [],
            "execution_count": None}
    return {**notebook, "cells": [*cells[:place], cell, *cells[place:]]}


def text(notebook: dict[str, Any], source: str, count: int) -> bytes:
    more = [{"cell_type": "markdown", "id": f"own-{n}", "metadata": {}, "source": source} for n in range(count)]
    return as_file({**notebook, "cells": [*notebook["cells"], *more]})


@pytest.fixture(scope="module")
def batch(shared_classroom: Any, look: Any) -> Any:
    """What grading and feedback of one class said, with hostile work among honest work."""
    course = shared_classroom
    solution = course.variant("solution")
    blank = course.released
    code_as_text = {**blank, "cells": [
        *blank["cells"][:4],
        *({"cell_type": "markdown", "id": f"merges-{n}", "metadata": {}, "source": "x = [1, 2, f(3)]\n" * 5_000}
          for n in range(120)), *blank["cells"][4:]]}
    course.hand_in({
        **{name: course.variant_of(name, "solution") for name in HONEST}, "merges": as_file(code_as_text),
        "prints": first(solution, MANY_OUTPUTS),
        "records": text(solution, "a long story, " * 5_000, 120), "writes": text(solution, "**a*" * 5_000, 120)})

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(SCRIPT), json.dumps(BUDGETS), "--course", str(course.root), *arguments], cwd=ROOT,
            env={**look.without_true_data(course.home), "PYTHONPATH": str(ROOT)}, text=True, capture_output=True,
            check=False)

    return command("grade", "mini", "--stand-in", "--workers", "2", "--json"), command("feedback", "mini")


@pytest.fixture(scope="module")
def results(batch: Any) -> dict[str, Result]:
    assert batch[0].returncode == 5, batch[0].stderr[-2000:]  # one of the class could not be graded
    every = (Result.model_validate(one["result"]) for one in json.loads(batch[0].stdout))
    return {found.student: found for found in every}


def flags(result: Result) -> list[str]:
    return [flag for flag in result.staff_flags if LOOK in flag]


@pytest.mark.parametrize("student", HONEST)
def test_neighbours_are_graded_as_ever(results: dict[str, Result], look: Any, student: str) -> None:
    assert not look.lost(results[student]), look.told(results[student])
    assert not flags(results[student]) and results[student].complete


def test_a_notebook_that_cannot_be_merged_in_time_is_withheld(results: dict[str, Result]) -> None:
    result = results["merges"]
    assert result.status == "failed" and not result.complete
    assert [task.earned for task in result.tasks] == [None] * len(result.tasks)
    assert result.message == flags(result)[0] and result.message.startswith("Fitting the notebook into its release")


def test_outputs_that_take_too_long_cost_only_the_outputs(
    shared_classroom: Any, results: dict[str, Result], look: Any
) -> None:
    result = results["prints"]
    assert result.status == "graded" and flags(result) and LOOK in " ".join(result.merge_notes)
    held = {check.id for task in result.tasks for check in task.checks if check.status.withheld}
    assert look.lost(result) == held, look.told(result)
    executed = json.loads(shared_classroom.workspace.executed("prints", "mini").read_bytes())
    assert not any(cell.get("outputs") for cell in executed["cells"])


def test_a_record_that_takes_too_long_withholds_everything(results: dict[str, Result]) -> None:
    result = results["records"]
    checks = [check for task in result.tasks for check in task.checks]
    assert result.status == "graded" and result.score == 0 and not result.complete
    assert checks and {check.earned for check in checks} == {None}
    assert flags(result) and LOOK in " ".join(result.merge_notes)


def test_a_page_that_takes_too_long_is_written_without_the_notebook(
    shared_classroom: Any, batch: Any, results: dict[str, Result], look: Any
) -> None:
    assert batch[1].returncode == 0, batch[1].stderr[-2000:]
    assert not look.lost(results["writes"])
    workspace = shared_classroom.workspace
    page = workspace.feedback("writes", "mini").read_text()
    assert LOOK in page and not notebook_page(workspace, "writes", "mini").exists()
    assert notebook_page(workspace, "writes", "mini").name not in page, "no link leads to a file that is not there"
    assert "writes, mini: Drawing the notebook" in batch[1].stdout + batch[1].stderr
    second = notebook_page(workspace, HONEST[0], "mini")
    assert second.is_file() and second.name in workspace.feedback(HONEST[0], "mini").read_text()
