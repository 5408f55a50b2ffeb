"""Variants: read as text, put in the place of answers, refused with one sentence."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.errors import ReleaseError
from autograder.notebook.variants import Variant, apply_variant, parse_variant, solution_submission

WRONG = '''"""Standardizes the test images
with their own mean."""

LOSES = ["test-uses-training-statistics"]
BLOCKS = ["relu-accuracy"]

# %% [standardize] before
%matplotlib inline
import os; os.abort()   # never executed

# %% [standardize]
X_train = X_train - 1

# %% [standardize]
X_test = X_test - 2
# %% [why] markdown
# Because **it** is.
#
# Second paragraph.
'''


def cell(kind: str, grade_id: str, source: str, *, grade: bool = False, solution: bool = False) -> dict[str, Any]:
    grading = {"grade": grade, "grade_id": grade_id, "locked": not solution, "schema_version": 3, "solution": solution}
    made: dict[str, Any] = {"cell_type": kind, "id": grade_id, "metadata": {"nbgrader": grading}, "source": source}
    return made | ({"outputs": [{"text": "old"}], "execution_count": 7} if kind == "code" else {})


def notebook(*cells: dict[str, Any]) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {"autograder": {"release": "1"}}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def source() -> dict[str, Any]:
    code = "import numpy\n### BEGIN SOLUTION\nX_train = X_train / 2\n### END SOLUTION\nprint(1)"
    tests = "assert X_train\n### BEGIN HIDDEN TESTS\nassert secret\n### END HIDDEN TESTS\nprint(2)"
    return notebook(
        cell("markdown", "about", "Text"),
        cell("code", "standardize", code, solution=True),
        cell("code", "test-standardize", tests, grade=True),
        cell("markdown", "why", "The model answer", grade=True, solution=True),
    )


@pytest.fixture
def release(source: dict[str, Any]) -> dict[str, Any]:
    released: dict[str, Any] = json.loads(json.dumps(source))
    released["cells"][1]["source"] = "import numpy\n# YOUR CODE HERE"
    released["cells"][2]["source"] = "assert X_train"
    released["cells"][3]["source"] = "YOUR ANSWER HERE"
    released["metadata"]["autograder"]["release"] = "2"
    return released


def sources(made: dict[str, Any]) -> list[str]:
    return [item["source"] for item in made["cells"]]


def replaced(task: str, place: str = "") -> Variant:
    return parse_variant(f'"""Other."""\n# %% [{task}] {place}\nx = 1\n', "other", "right")


def test_a_file_is_read_as_text() -> None:
    variant = parse_variant(WRONG, "own-statistics", "wrong")
    assert variant.why == "Standardizes the test images with their own mean."
    assert variant.loses == ("test-uses-training-statistics",)
    assert variant.blocks == ("relu-accuracy",)
    assert [(item.task, item.place) for item in variant.cells] == [
        ("standardize", "before"), ("standardize", "replace"), ("standardize", "replace"), ("why", "markdown"),
    ]
    assert variant.cells[0].source.startswith("%matplotlib inline\n")
    assert variant.cells[3].source == "Because **it** is.\n\nSecond paragraph."


def test_a_markdown_answer_may_be_without_comment_signs() -> None:
    variant = parse_variant('"""Why."""\n# %% [why] markdown\nPlain text.\n# and a heading', "plain", "right")
    assert variant.cells[0].source == "Plain text.\n# and a heading"


def test_the_solution_fills_the_release(source: dict[str, Any], release: dict[str, Any]) -> None:
    made = solution_submission(source, release)
    code = "import numpy\nX_train = X_train / 2\nprint(1)"
    assert sources(made) == ["Text", code, "assert X_train", "The model answer"]
    assert made["metadata"]["autograder"]["release"] == "2"
    assert made["cells"][1]["outputs"] == [] and made["cells"][1]["execution_count"] is None
    assert release["cells"][1]["source"] == "import numpy\n# YOUR CODE HERE", "the release must stay as it was"


def test_without_a_release_the_source_is_the_skeleton(source: dict[str, Any]) -> None:
    before = json.dumps(source)
    made = solution_submission(source)
    assert "SOLUTION" not in json.dumps(made) and "secret" not in json.dumps(made)
    assert sources(made)[2] == "assert X_train\nprint(2)"
    assert json.dumps(source) == before


def test_a_variant_replaces_splits_and_adds(source: dict[str, Any], release: dict[str, Any]) -> None:
    made = apply_variant(source, parse_variant(WRONG, "own-statistics", "wrong"), release)
    assert [item["id"] for item in made["cells"]] == [
        "about", "standardize-before-1", "standardize", "standardize-part-2", "test-standardize", "why",
    ]
    assert sources(made)[2:4] == ["X_train = X_train - 1", "X_test = X_test - 2"]
    assert sources(made)[5] == "Because **it** is.\n\nSecond paragraph."
    assert made["cells"][1]["metadata"] == {}
    assert made["cells"][2]["metadata"]["nbgrader"]["grade_id"] == "standardize"


def test_a_source_in_lines_is_read_too(source: dict[str, Any]) -> None:
    source["cells"][1]["source"] = source["cells"][1]["source"].splitlines(keepends=True)
    assert sources(solution_submission(source))[1] == "import numpy\nX_train = X_train / 2\nprint(1)"


def test_an_unknown_task_names_the_nearest(source: dict[str, Any]) -> None:
    with pytest.raises(ReleaseError, match=r"'standardise'.*nearest is 'standardize'"):
        apply_variant(source, replaced("standardise"))


@pytest.mark.parametrize(("task", "place"), [("why", ""), ("why", "before"), ("standardize", "markdown")])
def test_the_kind_of_cell_has_to_fit(source: dict[str, Any], task: str, place: str) -> None:
    with pytest.raises(ReleaseError, match="wrong kind of cell"):
        apply_variant(source, replaced(task, place))


def test_a_release_without_the_answer_cell_is_refused(source: dict[str, Any], release: dict[str, Any]) -> None:
    del release["cells"][1]
    with pytest.raises(ReleaseError, match=r"'standardize'.*release again"):
        solution_submission(source, release)


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("# %% [a]\nx = 1", "right", "has no docstring"),
        ('"""Why."""\n# %% a\nx = 1', "right", "line 2: '# %% a' is not a cell header"),
        ('"""Why."""\n# %% [a] behind\nx = 1', "right", "is not a cell header"),
        ('"""Why."""\nimport os\n# %% [a]\nx = 1', "right", "line 2: before the first # %% only LOSES"),
        ('"""Why."""\nLOSES = ["a", 3]\n# %% [a]\nx = 1', "wrong", "line 2: before the first"),
        ('"""Why."""\nLOSES = [\n# %% [a]\nx = 1', "wrong", "line 2: '\\[' was never closed"),
        ('"""Why."""\n# %% [a]\nx = 1', "wrong", "has to name the checks it loses"),
        ('"""Why."""\nLOSES = ["a"]\n# %% [a]\nx = 1', "right", "has to keep full marks"),
        ('"""Why."""', "right", "replaces nothing"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(text: str, kind: Any, sentence: str) -> None:
    with pytest.raises(ReleaseError, match=sentence) as caught:
        parse_variant(text, "odd", kind)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")


def test_what_a_person_has_to_decide_is_a_list_of_its_own() -> None:
    text = WRONG.replace('BLOCKS = ["relu-accuracy"]', 'WITHHOLDS = ["relu-accuracy"]')
    found = parse_variant(text, "own", "wrong")
    assert (found.loses, found.blocks, found.withholds) == (
        ("test-uses-training-statistics",), (), ("relu-accuracy",))
    with pytest.raises(ReleaseError, match="has to keep full marks"):
        parse_variant(text.replace('LOSES = ["test-uses-training-statistics"]\n', ""), "own", "right")
