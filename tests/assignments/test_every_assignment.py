"""What holds for every assignment of the course: valid for nbgrader, complete, and no answer in what students see."""

from __future__ import annotations

import ast
import re
from functools import cache
from typing import Any

import nbformat
import numpy as np
import pytest
from nbgrader.nbgraderformat import MetadataValidator

from autograder.model import Basis
from autograder.notebook.variants import apply_variant, solution_submission
from tests.assignments.common import Assignment, every_assignment, grading, source

pytestmark = pytest.mark.slow

PASSED = 'print("Public checks passed. This is not your grade.")'


@cache
def read(name: str) -> Assignment:
    return Assignment(name)


@pytest.fixture(params=every_assignment())
def assignment(request: pytest.FixtureRequest) -> Assignment:
    return read(request.param)


def test_metadata_is_valid_for_nbgrader(assignment: Assignment) -> None:
    notebook: Any = nbformat.from_dict(assignment.notebook)  # type: ignore[no-untyped-call]  # nbformat types only half of itself
    nbformat.validate(notebook)
    MetadataValidator().validate_nb(notebook)
    assert all(grading(cell)["schema_version"] == 3 for cell in assignment.cells())


def test_every_cell_has_its_id_and_nothing_else_is_open(assignment: Assignment) -> None:
    ids = [cell["id"] for cell in assignment.cells()]
    assert len(set(ids)) == len(ids)
    assert all(cell["id"] == grading(cell)["grade_id"] for cell in assignment.cells())
    assert all(grading(cell)["locked"] != grading(cell)["solution"] for cell in assignment.cells())
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in assignment.cells("code"))


def test_each_task_has_its_text_before_and_its_test_cell_behind(assignment: Assignment) -> None:
    ids = [cell["id"] for cell in assignment.cells()]
    for cell in (*assignment.answers(), *assignment.written()):
        assert f"about-{cell['id']}" in ids[: ids.index(cell["id"])], cell["id"]
        assert cell["metadata"]["autograder"]["title"]
    for task in assignment.tasks():
        assert ids[ids.index(task) + 1] == f"test-{task}"
    assert [cell["id"] for cell in assignment.public_tests()] == [f"test-{task}" for task in assignment.tasks()]
    assert assignment.written(), "a written question belongs to every assignment"


def test_an_answer_cell_is_nothing_but_its_solution(assignment: Assignment) -> None:
    for cell in assignment.answers():
        lines = source(cell).splitlines()
        assert (lines[0], lines[-1]) == ("### BEGIN SOLUTION", "### END SOLUTION"), cell["id"]
        assert "SOLUTION" not in "".join(lines[1:-1])


def test_no_solution_line_is_in_what_students_see(assignment: Assignment) -> None:
    seen = "\n".join(source(cell) for cell in assignment.cells() if not grading(cell)["solution"])
    lines = {line.strip() for cell in assignment.cells() if grading(cell)["solution"]
             for line in source(cell).splitlines()}
    assert not [line for line in lines if len(line) >= 15 and not line.startswith("###") and line in seen]


def test_placeholders_are_in_text_and_every_bound_is_stated_at_its_task(assignment: Assignment) -> None:
    assert "{{" not in "".join(source(cell) for cell in assignment.cells("code"))
    contract = set(re.findall(r"\{\{ (\w+) \}\}", source(assignment.cells()[0])))
    assert contract >= {"title", "deadline", "late_rule", "attempts", "ai_rule", "points"}
    for spec in assignment.specs.values():
        name = spec.id.replace("-", "_")
        about = source(assignment.cell(f"about-{spec.task}"))
        told = f"{{{{ minimum.{name} }}}}" in about or f"{{{{ maximum.{name} }}}}" in about
        assert told == spec.minimum, spec.id


def test_public_asserts_speak_and_end_with_the_same_line(assignment: Assignment) -> None:
    for cell in assignment.public_tests():
        tree = ast.parse(source(cell))
        asserts = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
        assert asserts and all(node.msg is not None for node in asserts), cell["id"]
        assert source(cell).splitlines()[-1] == PASSED, cell["id"]
        assert not [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]


def test_a_blank_task_is_reported_in_words(assignment: Assignment) -> None:
    """Where nothing was written, the first assert speaks: no NameError, and the missing name is in the sentence."""
    for cell in assignment.public_tests():
        first = re.search(r'"(\w+)" in globals', source(cell))
        assert first is not None, cell["id"]
        with pytest.raises(AssertionError, match=f"{first[1]} does not exist yet"):
            exec(compile(source(cell), cell["id"], "exec"), {"np": np, **assignment.sizes()})


def test_every_name_is_given_before_it_is_needed(assignment: Assignment) -> None:
    """What a test cell looks for, the text of this task or of an earlier one names."""
    told = ""
    for cell in assignment.cells():
        if cell["cell_type"] == "markdown" and not grading(cell)["solution"]:
            told += source(cell)
        for name in re.findall(r'"(\w+)" in globals', source(cell) if grading(cell)["grade"] else ""):
            assert f"`{name}`" in told or f"`{name}(" in told, f"{cell['id']} asks for {name}"


def test_hints_open_on_demand(assignment: Assignment) -> None:
    text = assignment.prose()
    assert text.count("<details>") >= 5 and text.count("<details>") == text.count("</details>")


def test_every_variant_is_a_whole_submission(assignment: Assignment) -> None:
    solution = solution_submission(assignment.notebook)
    for variant in assignment.variants():
        made = apply_variant(assignment.notebook, variant)
        assert made != solution, variant.name
        for cell in made["cells"]:
            if cell["cell_type"] == "code" and "%" not in source(cell)[:2]:
                ast.parse(source(cell))


def test_hidden_checks_carry_the_points_of_their_test_cells(assignment: Assignment) -> None:
    specs = assignment.specs.values()
    for cell in assignment.public_tests():
        task = cell["id"].removeprefix("test-")
        assert sum(spec.points for spec in specs if spec.task == task) == grading(cell)["points"], task
    assert {spec.task for spec in specs} == set(assignment.tasks())


def test_at_most_30_percent_is_only_claimed(assignment: Assignment) -> None:
    claimed = sum(spec.points for spec in assignment.specs.values() if spec.basis is Basis.CLAIMED)
    assert claimed <= 0.3 * assignment.points()[0]


def test_a_wrong_variant_names_checks_that_exist(assignment: Assignment) -> None:
    for variant in assignment.variants("wrong"):
        assert set(variant.loses) | set(variant.blocks) <= set(assignment.specs), variant.name
        assert not set(variant.loses) & set(variant.blocks), variant.name


def test_every_check_is_lost_by_a_wrong_variant(assignment: Assignment) -> None:
    lost = {check for variant in assignment.variants("wrong") for check in variant.loses}
    if assignment.name != "mlp-digits":  # made before the rule; its matrix is the audit's business
        assert set(assignment.specs) <= lost, sorted(set(assignment.specs) - lost)


def test_what_students_read_of_a_check_is_a_sentence(assignment: Assignment) -> None:
    for spec in assignment.specs.values():
        assert spec.title.endswith(".") and "obvious" not in spec.title and len(spec.title) <= 110, spec.title
