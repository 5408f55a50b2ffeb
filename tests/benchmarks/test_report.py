"""Tables: ratios the right way round, requirements told honestly."""

from __future__ import annotations

import pytest

from autograder.model import Ending, Execution, Isolation, Result
from benchmarks.bare import Bare, code_of
from benchmarks.ours import CELLS, DURING_NEXT, REST, Graded, stages
from benchmarks.report import BEGIN, END, Measured, Table, markdown, put_between, tables
from benchmarks.rival import Rival


def _result(name: str, run: float) -> Result:
    execution = Execution(ending=Ending.COMPLETED, isolation=Isolation.FULL, peak_memory_mib=300.0, seconds=3.0)
    return Result(student=name, assignment="a", status="graded", execution=execution,
                  timings={"run": run, "evaluate": 0.5})


def _graded(workers: int, wall: float) -> Graded:
    return Graded(workers=workers, wall=wall, startup=2.0, collect=1.0, cpu=wall,
                  results=(_result("x", 3.0), _result("y", 3.0)))


def _rows(found: Measured, title: str) -> dict[str, tuple[str, ...]]:
    table = next(table for table in tables(found) if table.title.startswith(title))
    return {row[0]: row[1:] for row in table.rows}


def test_throughput_is_a_ratio_to_our_runs_on_both_sides() -> None:
    found = Measured(runs=(_graded(1, 99.0), _graded(2, 8.0), Rival(processes=1, wall=40.0, count=2, cpu=1.0),
                           _graded(2, 12.0), Rival(processes=2, wall=15.0, count=2, cpu=1.0)))
    rows = _rows(found, "Throughput")
    assert rows["nbgrader, 1 process"][-3:] == ("4.00 ×", "4.5 ×", "NOT MET")
    assert rows["nbgrader, 2 processes"][-3:] == ("1.25 ×", "2.5 ×", "NOT MET")
    assert rows["autograder, 1 worker"][1] == "49.50"


def test_each_grader_is_named_and_compared_with_its_own_neighbours() -> None:
    found = Measured(runs=(_graded(2, 8.0), Rival(processes=1, wall=40.0, count=2, cpu=1.0), _graded(2, 8.0),
                           Rival(tool="otter run", processes=2, wall=40.0, count=2, cpu=1.0), _graded(2, 24.0)))
    rows = _rows(found, "Throughput")
    assert rows["nbgrader, 1 process"][-3:] == ("5.00 ×", "4.5 ×", "met")
    assert rows["otter run, 2 processes"][-3:] == ("2.50 ×", "2.5 ×", "met")


def test_nbgrader_alone_has_no_ratio() -> None:
    found = Measured(runs=(Rival(processes=1, wall=40.0, count=2, cpu=1.0), _graded(1, 9.0)))
    assert _rows(found, "Throughput")["nbgrader, 1 process"][-3:] == ("", "4.5 ×", "")


def test_overhead_and_memory_are_differences_to_the_bare_training() -> None:
    found = Measured(runs=(_graded(1, 12.0),), bare=Bare(seconds=(3.0, 4.0), memory_mib=100.0))
    above = _rows(found, "Overhead")["what grading costs above it"]
    assert above == ("1.50", "≤ 1.5", "met")
    assert _rows(found, "Private memory")["child beyond the training"] == ("200", "≤ 250", "met")


def test_the_limit_is_bare_training_in_two_processes() -> None:
    found = Measured(runs=(_graded(1, 99.0), _graded(2, 8.0), _graded(2, 10.0)), limit=4.0,
                     without_runs={"feedback": 0.5, "regrade": 0.2, "again": 0.3})
    rows = _rows(found, "Compared with bare")
    assert rows["autograder, 2 workers, with start, gradebook and feedback"] == ("5.00", "1.25 ×", "≤ 1.25 ×", "met")
    assert _rows(found, "Where no")["a check has changed: stored work is judged again"] == (
        "0.200", "≤ 0.15", "NOT MET")


def test_stages_of_the_worker_add_up_to_the_wall_time() -> None:
    graded = _graded(1, 12.0)
    found = stages(graded, gradebook=0.4)
    assert found[f"{DURING_NEXT}evaluate"] == 0.5
    assert found[f"{DURING_NEXT}gradebook"] == 0.2
    assert sum(seconds for name, seconds in found.items() if not name.startswith(DURING_NEXT)) == pytest.approx(5.0)
    assert found[REST] == pytest.approx(5.0 - 3.0)


def test_shares_are_of_the_worker() -> None:
    rows = _rows(Measured(stages={CELLS: 3.0, REST: 1.0, f"{DURING_NEXT}check": 2.0}), "Where the time")
    assert rows[CELLS] == ("3.000", "75%")
    assert rows[f"{DURING_NEXT}check"] == ("2.000", "50%")


def test_what_was_not_measured_has_no_table() -> None:
    assert tables(Measured()) == []


def test_markdown_has_as_many_columns_in_every_line() -> None:
    text = markdown(Table(title="T", columns=("", "a"), rows=(("x", "1"), ("y", "2"))))
    assert {line.count("|") for line in text.splitlines() if line.startswith("|")} == {3}


def test_the_page_keeps_the_text_around_the_figures() -> None:
    page = f"above\n{BEGIN}\nold\n{END}\nbelow\n"
    new = put_between(page, "new\n")
    assert new == f"above\n{BEGIN}\n\nnew\n\n{END}\nbelow\n"
    assert put_between(new, "new") == new


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="markers"):
        put_between("nothing", "new")


def test_the_page_of_the_repository_has_the_markers() -> None:
    from benchmarks.run import PAGE

    assert "X" in put_between(PAGE.read_text(encoding="utf-8"), "X")


def test_bare_code_has_neither_tests_nor_magics() -> None:
    def cell(source: str, **meta: object) -> dict[str, object]:
        return {"cell_type": "code", "source": source, "metadata": {"nbgrader": meta} if meta else {}}

    notebook = {"cells": [cell("%%time\nx = 1", grade=False), cell("assert x", grade=True), cell("y = 2"),
                          {"cell_type": "markdown", "source": "text", "metadata": {}}]}
    assert code_of(notebook) == ["x = 1", "y = 2"]
