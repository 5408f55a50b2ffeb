"""An audit as a person reads it in a terminal of 100 columns."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.cli.audit_text import render, verdict
from autograder.model import Basis, CheckSpec
from autograder.pipeline.audit.matrix import Matrix, Row, Run, State

CHECKS = 36


def made(mistakes: int, *more: Row, **changed: Any) -> Matrix:
    """A matrix in which mistake k fails check k, with names as long as real ones."""
    checks = tuple(CheckSpec(id=f"test-uses-training-data-{number}", task=f"task-{number // 3}", title="T.", points=1,
                             basis=Basis.MEASURED) for number in range(max(CHECKS, mistakes)))
    rows = [row(f"mistake-{number}", "wrong", checks[number].id, checks) for number in range(mistakes)]
    return Matrix(**{"assignment": "mlp-digits", "data": "mnist:0d085790813b3052", "form": "full", "checks": checks,
                     "rows": (*rows, *more), **changed})


def row(name: str, kind: Any, lost: str, checks: tuple[CheckSpec, ...], loses: tuple[str, ...] | None = None) -> Row:
    states = {check.id: State.LOST if check.id == lost else State.KEPT for check in checks}
    declared = (lost,) if loses is None else loses
    return Row(name=name, kind=kind, why="People take one for the other, " * 5, loses=declared,
               runs=(Run(seed=1, score=1, states=states),))


@pytest.mark.parametrize("mistakes", [1, 5, 9, 30, 34, 47, 60])
@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_longer_than_the_terminal(mistakes: int, width: int) -> None:
    assert all(len(line) <= width for line in render(made(mistakes), width).splitlines())


def test_forty_mistakes_still_fit_as_columns() -> None:
    lines = render(made(40), 100).splitlines()
    start = lines.index("task-0")
    column = lines[start + 1].index("x")
    assert [lines[start - 2][column], lines[start - 1][column]] == [" ", "1"], "its number is above it"
    line = next(line for line in lines if "data-11 " in line)
    assert [lines[start - 2][line.index("x")], lines[start - 1][line.index("x")]] == ["1", "2"]
    assert line.count("x") == 1 + line.split()[0].count("x") and line.count("·") == 39


def test_what_does_not_fit_is_a_list() -> None:
    text = render(made(70), 60)
    assert "test-uses-training-data-3: catches mistake-3" in text and "·" not in text


def test_the_legend_says_what_each_number_is() -> None:
    assert " 12  mistake-11  People take one for the other, People" in render(made(36), 100)


def test_a_clean_audit_ends_with_one_sentence() -> None:
    text = render(made(CHECKS), 100)
    assert text.splitlines()[-1] == "mlp-digits: clean; every row is as declared, every check catches a mistake."


def test_some_rows_alone_prove_nothing_about_checks() -> None:
    text = render(made(1, partial=True), 100)
    assert text.splitlines()[-1].endswith("as declared; the others were not run.") and "catch nothing" not in text


def test_what_has_to_be_fixed_is_named_with_a_remedy() -> None:
    checks = made(1).checks
    fair = row("fair", "right", checks[0].id, checks, loses=())
    unseen = row("unseen", "wrong", "none", checks, loses=(checks[0].id,))
    more = row("more", "wrong", checks[2].id, checks, loses=())
    found = made(CHECKS - 1, fair, unseen, more)
    text = render(found, 200)
    assert "fair: test-uses-training-data-0 failed with seed 1, declared passed; fix the check, or move" in text
    assert "unseen: test-uses-training-data-0 passed with seed 1, declared failed; make the check stricter" in text
    assert "more: test-uses-training-data-2 failed with seed 1, declared passed; add it to LOSES" in text
    assert "Mistakes that nothing catches\n  unseen: write a check or make one stricter." in text
    assert "Right variants that lose points\n  fair" in text
    assert "  test-uses-training-data-35: write a wrong variant that fails it." in text
    assert verdict(found) == "mlp-digits: 3 rows not as declared and 1 check catching nothing."


def test_the_short_form_says_what_it_leaves_out() -> None:
    text = render(made(3, unjudged=("test-uses-training-data-0",), left_out=("one-epoch",), form="short"), 100)
    assert next(line for line in text.splitlines() if "data-0 " in line).endswith("-  -  -".replace("  ", " "))
    assert "only training shows them\n  one-epoch" in text
    assert "35 of 36 checks" in text


def test_a_missed_minimum_of_the_solution_comes_first() -> None:
    checks = tuple(one.model_copy(update={"minimum": True}) for one in made(1).checks)
    solution = row("solution", "solution", checks[0].id, checks, loses=())
    text = render(Matrix(assignment="a", data="d", form="full", checks=checks, rows=(solution,)), 100)
    told = text.index("no longer reaches its own minimum\n  test-uses-training-data-0: calibrate again")
    assert told < text.index("Not as declared")
