"""Otter's side of the benchmark: every task has a test that Otter can read, run where the task's test cell is."""

from __future__ import annotations

import ast
import doctest
import zipfile
from pathlib import Path
from typing import Any

import pytest

from benchmarks.asserts import ASSERTS
from benchmarks.otter_rival import for_otter, write_autograder


def read_tests(path: Path) -> dict[str, dict[str, Any]]:
    with zipfile.ZipFile(path) as archive:
        texts = [archive.read(name).decode() for name in archive.namelist() if name.startswith("tests/")]
    found = [ast.literal_eval(text.partition("test = ")[2]) for text in texts]
    return {test["name"]: test for test in found}


def test_every_task_has_hidden_asserts(tmp_path: Path) -> None:
    write_autograder(tmp_path / "autograder.zip")
    found = read_tests(tmp_path / "autograder.zip")
    assert set(found) == set(ASSERTS)
    for test in found.values():
        (case,) = test["suites"][0]["cases"]
        code = "".join(example.source for example in doctest.DocTestParser().get_examples(case["code"]))
        assert case["hidden"] and case["points"] == 1
        assert "assert" in code or "_compiled(" in code
        ast.parse(code)


@pytest.mark.parametrize(("graded", "solution", "expected"), [
    (True, False, 'grader.check("fit")'), (True, True, "x = 1"), (False, False, "x = 1")])
def test_tests_run_in_the_place_of_test_cells(graded: bool, solution: bool, expected: str) -> None:
    meta = {"nbgrader": {"grade": graded, "solution": solution, "grade_id": "test-fit"}}
    made = for_otter({"cells": [{"cell_type": "code", "source": "x = 1", "metadata": meta}]})
    assert [cell["source"] for cell in made["cells"]][1:] == [expected]
    assert 'otter.Notebook("work.ipynb")' in made["cells"][0]["source"]
