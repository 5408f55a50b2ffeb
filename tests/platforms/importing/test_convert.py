"""Notebooks of other systems as assignments of ours: sources of different make, and what is refused."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AutograderError, NotebookError, ReleaseError
from autograder.notebook import grade_id, layout
from autograder.pipeline.release.validate import check_points, check_source
from autograder.platforms.importing.convert import Converted, convert

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "imports"
SYSTEMS = {path.stem: "otter" if path.stem.startswith("otter") else "nbgrader" for path in SAMPLES.glob("*.ipynb")
           if path.stem != "neither"}


def sample(name: str) -> Converted:
    return convert((SAMPLES / f"{name}.ipynb").read_bytes(), f"{name}.ipynb", name, SYSTEMS[name])  # type: ignore[arg-type]  # a plain text here


def made_of(*cells: tuple[str, str, dict[str, Any] | None], system: str = "nbgrader", **metadata: Any) -> Converted:
    """Convert a notebook of (kind, text, nbgrader's metadata)."""
    document = {"nbformat": 4, "nbformat_minor": 4, "metadata": metadata, "cells": [
        {"cell_type": kind, "metadata": {"nbgrader": roles} if roles else {}, "source": text,
         **({"outputs": [], "execution_count": None} if kind == "code" else {})} for kind, text, roles in cells]}
    return convert(json.dumps(document).encode(), "foreign.ipynb", "foreign", system)  # type: ignore[arg-type]  # a plain text here


def roles(name: str, **given: Any) -> dict[str, Any]:
    return {"grade_id": name, "grade": False, "solution": False, "locked": False, "schema_version": 3, **given}


def cells(converted: Converted) -> dict[str, dict[str, Any]]:
    return {str(grade_id(cell)): cell for cell in converted.notebook["cells"]}


ANSWER = ("code", "### BEGIN SOLUTION\nx = 1\n### END SOLUTION", roles("x", solution=True))
TEST = ("code", "assert x == 1", roles("x-test", grade=True, locked=True, points=2))


@pytest.mark.parametrize("name", sorted(SYSTEMS))
def test_every_sample_is_an_assignment_with_checks(name: str) -> None:
    made = sample(name)
    check_source(made.notebook)
    ast.parse(made.checks)
    points = {task.id: task.points for task in layout(made.notebook).tasks if task.kind == "code"}
    for task, wanted in points.items():
        assert sum(draft.points for draft in made.drafts if draft.task == task) == pytest.approx(wanted, abs=1e-9)
    assert len({draft.name for draft in made.drafts}) == len(made.drafts)
    assert f"def {made.drafts[0].name}(student):" in made.checks


def test_a_source_of_nbgrader() -> None:
    made = sample("nbgrader-source")
    found = cells(made)
    assert [task.id for task in layout(made.notebook).tasks] == ["average", "table", "explain", "draw"]
    assert made.points == 9.5 and made.title == "Numbers and arrays" and made.data == "own"
    public = found["test-average"]["source"]
    assert public.startswith("average([1, 2, 3])") and "average([2, 4]) == 3" in public and "HIDDEN" not in public
    assert "average([1, 2, 4])" not in public and "average([1, 2, 4])" not in json.dumps(made.notebook)
    assert 'student.called("average", [1, 2, 4]).number().is_about(2.333' in made.checks
    assert found["average"]["metadata"]["autograder"]["title"] == "Mean of a list"
    assert found["draw"]["metadata"]["autograder"]["rubric"] == [
        {"points": 1, "text": "the axes have labels"}, {"points": 1.5, "text": "the figure shows data of the notebook"}]
    assert "MARK SCHEME" not in json.dumps(made.notebook)
    assert any("test_table" in sentence and "could not be translated" in sentence for sentence in made.found.look)
    assert "#     assert table[1, 0] == 10" in made.checks


def test_a_release_of_an_early_nbgrader() -> None:
    made = sample("nbgrader-release-schema1")
    found = cells(made)
    assert all(cell["metadata"]["nbgrader"]["schema_version"] == 3 for cell in made.notebook["cells"])
    assert found["test-build-model"]["metadata"]["nbgrader"]["points"] == 3, "points as text"
    assert any("schema 0 and 1" in sentence for sentence in made.found.done)
    missing = [sentence for sentence in made.found.look if "solution of" in sentence]
    assert len(missing) == 2 and "'build-model' (cell 3)" in missing[0]
    assert 'student.model("model").has_parameter_count(7850)' in made.checks


def test_a_source_of_otter_with_blocks() -> None:
    made = sample("otter-blocks")
    found = cells(made)
    assert {task.id: task.points for task in layout(made.notebook).tasks} == {"q1": 3, "q2": 2, "q3": 1}
    assert found["test-q1"]["source"] == "assert count > 0"
    assert [draft.points for draft in made.drafts if draft.task == "q1"] == [1, 1, 1]
    assert found["q2"]["source"] == "The sum divided by the number of values."
    assert any("'show_question_pionts'" in sentence and "'show_question_points'" in sentence
               for sentence in made.found.look)
    assert "for staff" not in json.dumps(made.notebook)


def test_a_source_of_otter_from_before_version_1() -> None:
    made = sample("otter-before-1")
    assert {task.id: (task.points, task.kind) for task in layout(made.notebook).tasks} == {
        "q1": (3, "code"), "q2": (2, "written"), "q3": (1, "code")}
    assert "BEGIN QUESTION" not in json.dumps(made.notebook)
    assert [draft.points for draft in made.drafts] == [1, 2, 1], "a list of points is one for each test"
    assert cells(made)["q1"]["metadata"]["autograder"]["title"] == "Question 1"


def test_a_source_of_otter_with_test_functions_in_fenced_markdown() -> None:
    made = sample("otter-functions")
    (draft,) = made.drafts
    assert draft.points == 4, "all or nothing is one check"
    assert 'student.called("area", 2).number().is_about(12.56' in draft.text
    assert 'student.number("unit").lies_between(3.14, 3.15)' in draft.text
    assert "test_unit" not in json.dumps(made.notebook), "a hidden test stays hidden"
    assert any("prompt" in sentence for sentence in made.found.look)


def test_a_notebook_of_no_system() -> None:
    made = sample("plain")
    assert [(task.id, task.kind) for task in layout(made.notebook).tasks] == [
        ("load", "code"), ("double", "code"), ("free", "code"), ("words", "written")]
    assert 'student.array("x").has_length(5)' in made.checks
    assert 'raise NotImplementedError("write this check")' in made.checks
    assert made.kind == "plain" and any("no points" in sentence for sentence in made.found.look)


def test_answers_that_nothing_tests_are_ungraded() -> None:
    made = made_of(("code", "import numpy", roles("imports", solution=True)), ("markdown", "Now x.", None),
                   ANSWER, TEST,
                   ("code", "y = 2", roles("y", solution=True)), ("code", "assert y", roles("t", grade=True, points=0)),
                   ("code", "z = 3", roles("z", solution=True)),
                   ("markdown", "Why?", roles("w", grade=True, solution=True, points=1)))
    check_source(made.notebook)
    assert [task.id for task in layout(made.notebook).tasks] == ["x", "w"]
    ungraded = [name for name, cell in cells(made).items() if cell["metadata"].get("autograder", {}).get("ungraded")]
    assert ungraded == ["imports", "y", "z"]


def test_two_answers_with_one_test_are_one_cell() -> None:
    made = made_of(("code", "a = 1", roles("a", solution=True)), ANSWER, TEST)
    (task,) = layout(made.notebook).tasks
    assert task.id == "x" and "a = 1" in cells(made)["x"]["source"]


def test_code_that_a_person_graded_asks_for_a_check() -> None:
    made = made_of(("code", "plot = 1", roles("plot", solution=True, grade=True, points=3)))
    assert made.points == 3 and any("person graded" in sentence for sentence in made.found.look)


def test_points_that_cannot_be_kept_are_named() -> None:
    made = made_of(TEST, ANSWER, ("code", "assert x == 1", roles("again", grade=True, points=1)),
                   ("markdown", "Read.", roles("read", grade=True, points=4)))
    text, test = made.found.impossible
    assert made.points == 1 and "4 points" in text and "2 points" in test


def test_double_braces_are_no_placeholder_of_ours() -> None:
    made = made_of(("markdown", r"$\frac{{a}}{b}$ and {{ points }}", None), ANSWER, TEST)
    assert "{{" not in made.notebook["cells"][0]["source"]


@pytest.mark.parametrize(("name", "kept"), [("part a/1", "part-a-1"), ("größe", "grosse"), ("x" * 80, "x" * 50)])
def test_ids_that_cannot_be_kept_are_renamed_and_named(name: str, kept: str) -> None:
    made = made_of(("code", "v = 1", roles(name, solution=True)), TEST)
    assert layout(made.notebook).tasks[0].id in (kept, kept.replace("grosse", "groe"))
    assert any(repr(name[:60]) in sentence for sentence in made.found.done)


def test_packages_and_shell_lines_are_to_be_looked_at() -> None:
    made = made_of(("code", "!pip install torchvision\nimport torchvision.models as m\nimport numpy, json", None),
                   ANSWER, TEST)
    (packages,) = [sentence for sentence in made.found.look if "imports" in sentence]
    assert "torchvision" in packages and "numpy" not in packages
    assert any("!pip install torchvision" in sentence for sentence in made.found.look)


@pytest.mark.parametrize(("name", "system", "words"), [
    ("neither", "nbgrader", "neither.ipynb to have nbgrader's metadata"),
    ("neither", "otter", "it has none"),
    ("otter-blocks", "nbgrader", "run `autograder import otter`"),
    ("nbgrader-source", "otter", "run `autograder import nbgrader`"),
])
def test_a_notebook_of_another_kind_is_refused(name: str, system: Any, words: str) -> None:
    with pytest.raises(ReleaseError) as caught:
        convert((SAMPLES / f"{name}.ipynb").read_bytes(), f"{name}.ipynb", name, system)
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_ids_that_occur_twice_are_named_with_their_cells() -> None:
    with pytest.raises(ReleaseError, match=r"'x' in cells 1 and 3; 'x-test' in cells 2 and 4"):
        made_of(ANSWER, TEST, ANSWER, TEST)
    question = ("raw", "# BEGIN QUESTION\nname: q1", None)
    with pytest.raises(ReleaseError, match=r"name of a question .* 'q1' in cells 1 and 2"):
        made_of(question, question, system="otter")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"[]", b'{"a": 1}', b"\x80abc", b"{" * 100_000],
                         ids=["empty", "pdf", "list", "json", "binary", "deep"])
def test_a_file_that_is_no_notebook_is_one_sentence(data: bytes) -> None:
    with pytest.raises(NotebookError) as caught:
        convert(data, "foreign.ipynb", "foreign", "nbgrader")
    assert "\n" not in str(caught.value)


def test_other_languages_newer_schemas_and_ungraded_notebooks_are_refused() -> None:
    with pytest.raises(NotebookError, match="only Python"):
        made_of(ANSWER, TEST, kernelspec={"language": "R"})
    with pytest.raises(ReleaseError, match="schema 4, but 3 is the newest"):
        made_of(("code", "x", roles("x", solution=True, schema_version=4)))
    with pytest.raises(ReleaseError, match="nothing that is graded"):
        made_of(ANSWER)


@pytest.mark.parametrize("settings", [
    "a: &a [1]\nb: *a", "[" * 3_000, "x" * 20_000, "name: [", "- 1", "name: !!python/object/apply:os.system [id]",
], ids=["alias", "deep", "long", "broken", "list", "tag"])
def test_settings_of_otter_that_cannot_be_read_are_a_finding(settings: str) -> None:
    made = made_of(("raw", f"# ASSIGNMENT CONFIG\n{settings}", None),
                   ("raw", "# BEGIN QUESTION\nname: q1\npionts: 2", None), ("raw", "# BEGIN SOLUTION", None),
                   ("code", "x = 1 # SOLUTION", None), ("raw", "# END SOLUTION", None),
                   ("raw", "# END QUESTION", None), system="otter")
    assert any("without its settings" in sentence for sentence in made.found.look)
    assert any("'pionts' for the question 'q1'; the nearest is 'points'" in sentence for sentence in made.found.look)


def test_hostile_metadata_is_read_or_refused_in_one_sentence() -> None:
    for odd in (None, [], "x", {"grade": "true", "points": "1e999", "grade_id": 5, "solution": True},
                {"grade_id": ["a"], "solution": 1}, {"grade_id": "a\n\"\"\"", "solution": True, "points": [1]},
                {"task": True, "points": None}, {"grade": True, "points": -3, "grade_id": "n"}):
        document = {"nbformat": 4, "metadata": {"kernelspec": 3}, "cells": [
            {"cell_type": "code", "metadata": {"nbgrader": odd}, "source": "x = 1 # \\N{x} \"\"\" \x00"},
            {"cell_type": "code", "metadata": {"nbgrader": TEST[2]},
             "source": 'assert x == 1, "\\\\N{bad} \\"\\"\\"" '}]}
        try:
            made = convert(json.dumps(document).encode(), 'a"""\\N.ipynb', "a", "nbgrader")
        except AutograderError as error:
            assert "\n" not in str(error)
        else:
            check_source(made.notebook)
            ast.parse(made.checks)


def test_points_of_checks_and_test_cells_agree(tmp_path: Path) -> None:
    """As `autograder release` compares them, with thirds that do not add up in two decimals."""
    from autograder.model import CheckSpec

    tests = [cell for number in range(3) for cell in [("code", f"assert x == {number}", None)]]
    made = made_of(("raw", "# BEGIN QUESTION\nname: q\npoints: 1", None), ("raw", "# BEGIN SOLUTION", None),
                   ("code", "x = 1 # SOLUTION", None), ("raw", "# END SOLUTION", None), ("raw", "# BEGIN TESTS", None),
                   *tests, ("raw", "# END TESTS", None), system="otter")
    assert [draft.points for draft in made.drafts] == [0.33, 0.33, 0.34]
    check_points(made.notebook, [CheckSpec(id=draft.name, task=draft.task, title="t", points=draft.points,
                                           basis="measured") for draft in made.drafts])  # type: ignore[arg-type]  # a plain text here
