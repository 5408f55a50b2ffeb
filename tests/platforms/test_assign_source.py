"""The source for `otter assign` is the release with Otter's blocks around its steps."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from autograder.errors import ReleaseError
from autograder.notebook import TaskSpec, source
from autograder.pipeline.session.source_notebook import read_source
from autograder.platforms.assign_source import assign_source, check_names, same_as_release
from autograder.testing import ASSIGNMENT, make_course, make_session

CONFIG = {"runs_on": "default", "tests": {"ok_format": False}}


@pytest.fixture
def course(tmp_path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The instructor's notebook and the release."""
    workspace = make_course(tmp_path)
    return read_source(workspace.source(ASSIGNMENT)), make_session(workspace).release


def texts(made: dict[str, Any]) -> list[str]:
    return [source(cell) for cell in made["cells"]]


def task(name: str) -> TaskSpec:
    return TaskSpec(id=name, title=name, points=1, kind="code", answer_cell=0, test_cell=1)


def test_each_step_is_a_question_and_everything_else_stays(course: tuple[dict[str, Any], dict[str, Any]]) -> None:
    instructor, release = course
    made = assign_source(instructor, release, CONFIG)
    found = texts(made)
    assert yaml.safe_load(found[0].partition("\n")[2]) == CONFIG and found[0].startswith("# ASSIGNMENT CONFIG")
    begin = found.index("# BEGIN QUESTION\nname: double\npoints: 3")
    assert found[begin + 1:begin + 8] == [
        "# BEGIN SOLUTION",
        "# YOUR CODE HERE\n# BEGIN SOLUTION NO PROMPT\ndoubled = np.multiply(numbers, 2.0)\n# END SOLUTION",
        "# END SOLUTION", "# BEGIN TESTS",
        "def test_double(env):\n"
        "    exec(compile(\"assert 'doubled' in globals()\", 'public tests of double', 'exec'), env)",
        "# END TESTS", "# END QUESTION"]
    kept = {cell["id"] for cell in made["cells"]}
    assert {"load", "double", "total", "why"} <= kept and made["metadata"] == release["metadata"]


def test_a_template_with_lines_of_its_own_stays_in_front_of_the_solution(
    course: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    instructor, release = copy.deepcopy(course)
    for notebook, text in ((release, "def f(x):\n    # YOUR CODE HERE\nf(1)"),
                           (instructor, "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\nf(1)")):
        next(cell for cell in notebook["cells"] if cell["id"] == "double")["source"] = text
    made = next(cell for cell in assign_source(instructor, release, CONFIG)["cells"] if cell["id"] == "double")
    assert made["source"] == ("def f(x):\n    # YOUR CODE HERE\n    # BEGIN SOLUTION NO PROMPT\n    return x\n"
                              "# END SOLUTION\nf(1)")


@pytest.mark.parametrize("names", [("fit", "fit"), ("fit", "Fit")])
def test_two_tests_of_one_name_are_refused(names: tuple[str, str]) -> None:
    with pytest.raises(ReleaseError, match=f"'{names[0]}' and '{names[1]}' would be one test"):
        check_names(tuple(map(task, names)))


def test_a_name_that_is_no_file_is_refused() -> None:
    with pytest.raises(ReleaseError, match=r"'a\.b' would be the name of a test's file"):
        check_names((task("a.b"),))


def test_a_test_cell_with_a_magic_is_refused(course: tuple[dict[str, Any], dict[str, Any]]) -> None:
    instructor, release = course
    next(cell for cell in release["cells"] if cell["id"] == "test-total")["source"] = "%time total"
    with pytest.raises(ReleaseError, match="test cell of 'total' has to be plain Python"):
        assign_source(instructor, release, CONFIG)


def test_a_student_version_that_is_not_the_release_is_noticed(course: tuple[dict[str, Any], dict[str, Any]]) -> None:
    _, release = course
    assert same_as_release(release, release) is None
    lost = {**release, "cells": [cell for cell in release["cells"] if cell["id"] != "load"]}
    assert "'load' of the release" in (same_as_release(lost, release) or "")
    more = {**release, "cells": [*release["cells"], {**release["cells"][0], "source": "more"}]}
    assert "more cells" in (same_as_release(more, release) or "")
