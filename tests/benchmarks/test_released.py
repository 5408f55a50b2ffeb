"""The class that is graded in its own sizes, and its table."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.model import Result
from autograder.workspace.layout import open_workspace
from benchmarks import arrivals, ours, released, resident


@pytest.mark.parametrize("assignment", released.ASSIGNMENTS)
def test_the_class_has_the_released_notebook_and_no_two_hand_ins_are_alike(assignment: str, tmp_path: Path) -> None:
    released.write_course(tmp_path / "course", assignment)
    notebooks = released.hand_in(tmp_path, assignment, 8)
    assert len({path.read_bytes() for path in notebooks}) == 8
    workspace = open_workspace(tmp_path / "course")
    assert workspace.chosen() == (assignment,)
    own = json.loads(workspace.release(assignment).read_bytes())
    sizes = next(cell["source"] for cell in own["cells"] if "EPOCHS" in "".join(cell["source"])
                 and cell["cell_type"] == "code")
    assert all(sizes in [cell["source"] for cell in json.loads(path.read_bytes())["cells"]] for path in notebooks), \
        "nothing is shortened"


@pytest.mark.parametrize("whole, verdict", [(1.2, "met"), (1.3, "NOT MET")])
def test_the_table_compares_the_whole_way_with_bare_training(whole: float, verdict: str) -> None:
    results = tuple(Result(student=f"s{number}", assignment="mlp-digits", status="graded") for number in range(10))
    graded = ours.Graded(workers=2, wall=10 * (whole * 4 - 0.1), cpu=0, startup=0, collect=0, results=results)
    made = released.table([released.Compared(assignment="mlp-digits", limit=4.0, graded=graded, without_runs={
        "feedback": 0.1, "regrade": 0.25, "again": 0.5})])
    assert made.rows[0] == ("`mlp-digits`", "4.00", f"{4 * whole:.2f}", f"{whole:.2f} ×", "≤ 1.25 ×", verdict, "0",
                            "0.25", "0.50")


def test_an_idle_watch_is_measured_beyond_the_cells() -> None:
    found = [arrivals.Arrival(waited=waited, cells=3.0) for waited in (4.0, 4.4, 5.0)]
    rows = arrivals.table(found).rows
    assert [row[2] for row in rows] == ["1.40", "2.00"] and [row[4] for row in rows] == ["met", "NOT MET"]


def test_memory_is_read_where_the_class_has_so_many_results() -> None:
    samples = [resident.Sample(results=number, command=50.0 + number, warm=60.0) for number in (1, 40, 90)]
    found = resident.after(samples, 41)
    assert found is not None and found.results == 90
    assert resident.after(samples, 91) is None
