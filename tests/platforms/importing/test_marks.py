"""Solutions of other systems between our marks: what students get is valid, and nothing of the solution."""

from __future__ import annotations

import ast

import pytest

from autograder.platforms.importing import solution_marks
from autograder.platforms.importing.otter_code import asserted, read_test, solved
from autograder.platforms.importing.parts import STUB


def released(text: str) -> str:
    """Return what our release makes of a marked cell."""
    kept, inside = [], False
    for line in text.split("\n"):
        if "BEGIN SOLUTION" in line:
            kept.append(line[:len(line) - len(line.lstrip())] + STUB)
            inside = True
        elif "END SOLUTION" in line:
            inside = False
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


SOLUTIONS = [
    "x = 3 # SOLUTION",
    "def f(x):\n    return x ** 2 # SOLUTION",
    "def f(x):\n    # BEGIN SOLUTION\n    return secret\n    # END SOLUTION\ny = f(secret) # SOLUTION",
    "for i in range(3):\n    # BEGIN SOLUTION NO PROMPT\n    print(secret)\n    # END SOLUTION",
    "class A:\n    def f(self):\n        return secret # SOLUTION\n\n    def g(self):\n        secret() # SOLUTION",
]


@pytest.mark.parametrize("text", SOLUTIONS)
def test_both_versions_of_an_answer_are_valid(text: str) -> None:
    made = solved(text)
    assert made.complete
    ast.parse(made.source)
    ast.parse(released(made.source))
    assert "secret" not in released(made.source) and "SOLUTION" not in released(made.source)
    assert "# SOLUTION" not in made.source


@pytest.mark.parametrize("text", ["# YOUR CODE HERE\nraise NotImplementedError()", "x = ...", "...",
                                  "def f(x):\n    '''Doc.'''\n    # your code here\n    pass",
                                  "# Write your code here"])
def test_a_placeholder_is_where_the_solution_goes(text: str) -> None:
    made = solution_marks.from_placeholders(text)
    assert made is not None and not made.complete
    assert "### BEGIN SOLUTION" in made.source and "NotImplementedError" not in released(made.source)


def test_dots_that_are_an_index_are_no_placeholder() -> None:
    assert solution_marks.from_placeholders("y = x[..., 0]") is None
    assert solution_marks.from_placeholders("print('... done')") is None


def test_without_marks_the_whole_cell_is_the_solution() -> None:
    assert solution_marks.from_regions("x = 1\ny = 2").source == "### BEGIN SOLUTION\nx = 1\ny = 2\n### END SOLUTION"
    assert solution_marks.whole("%%time\nx = 1").source.startswith("%%time\n### BEGIN SOLUTION")


def test_prompts_are_no_part_of_the_answer() -> None:
    made = solved('x = 1 # SOLUTION NO PROMPT\n""" # BEGIN PROMPT\nx = ...\n""" # END PROMPT')
    assert made.prompts == ("x = ...",) and made.source == "### BEGIN SOLUTION\nx = 1\n### END SOLUTION"


def test_what_otter_compares_becomes_an_assert() -> None:
    assert asserted("y = 2\nx > y", "True") == "y = 2\nassert x > y"
    assert asserted("x.shape", "(3, 4)") == "assert x.shape == (3, 4)"
    assert asserted("x + 1", "4") == "assert (x + 1) == 4"
    assert asserted("x", "array([1, 2])") == "x", "only what can be read without running it"
    assert asserted("x", None) == "x" and asserted("assert x", "True") == "assert x"


def test_the_settings_of_a_test() -> None:
    read = read_test('""" # BEGIN TEST CONFIG\nhidden: true\npoints: 2\n""" # END TEST CONFIG\nx == 1')
    assert (read.code, read.hidden, read.settings["points"]) == ("x == 1", True, 2)
    assert read_test("# HIDDEN\nx == 1").hidden and read_test("# HIDDEN\nx == 1").code == "x == 1"
    assert read_test("## Hidden Test ##\nx").hidden and not read_test("# TEST\nx").hidden
    assert read_test('""" # BEGIN TEST CONFIG\na: [\n""" # END TEST CONFIG\nx').fault
