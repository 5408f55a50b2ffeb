"""Every right variant of every assignment, in the three forms that students bring: all keep full marks."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.model import SlotStatus, Status
from autograder.notebook import is_code, is_locked, merge, read, source
from autograder.notebook.variants import apply_variant
from autograder.pipeline.release.proof import grade_notebook
from autograder.pipeline.session.source_notebook import read_source
from tests.assignments.common import ROOT, Assignment, every_assignment
from tests.chain.test_continuation import graders
from tests.fairness.forms import FORMS
from tests.fairness.judged import release_of, solution_of

Notebook = dict[str, Any]


def works(name: str) -> dict[str, Notebook]:
    """Return the solution and the right variants as they are handed in."""
    original = read_source(ROOT / "assignments" / name / f"{name}.ipynb")
    variants = {variant.name: apply_variant(original, variant, release_of(name))
                for variant in Assignment(name).variants("right")}
    return {"solution": solution_of(name)} | variants


def formed(notebook: Notebook, form: str) -> Notebook:
    return read(json.dumps(FORMS[form](notebook)).encode(), "x.ipynb")


def program(merged: Any) -> str:
    """Return the student's code in the order in which it runs, without spaces and comments of the templates."""
    texts = [source(cell) for cell in merged.notebook["cells"] if is_code(cell) and not is_locked(cell)]
    return "".join("".join(text.split()) for text in texts if text.strip() != "# YOUR CODE HERE")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", [
    name if name == "iris-classes" else pytest.param(name, marks=pytest.mark.slow) for name in every_assignment()])
def test_each_form_runs_the_same_code_in_the_same_slots(name: str, form: str) -> None:
    for variant, notebook in works(name).items():
        plain, other = merge(release_of(name), notebook), merge(release_of(name), formed(notebook, form))
        assert {slot.task: slot.status for slot in other.slots} == {slot.task: slot.status for slot in plain.slots}
        assert {slot.status for slot in other.slots} == {SlotStatus.ANSWERED}, variant
        assert other.staff_flags == () and other.doubts == {}, variant
        if form != "imports in the locked cell":
            assert program(other) == program(plain), variant
            assert other.notes == (), variant


@pytest.mark.slow
@pytest.mark.rotates(parts=27)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", every_assignment())
def test_each_form_keeps_full_marks(name: str, form: str, tmp_path: Path) -> None:
    with graders(name, tmp_path) as session:
        for variant, notebook in works(name).items():
            plain = grade_notebook(session, f"{variant}-plain", notebook)
            result = grade_notebook(session, f"{variant}-formed", formed(notebook, form))
            assert {check.id: check.status for task in result.tasks for check in task.checks} == {
                check.id: check.status for task in plain.tasks for check in task.checks}, variant
            lost = [check.id for task in result.tasks for check in task.checks
                    if check.status is not Status.PASSED and not check.minimum]
            assert not lost, f"{variant}: full marks, except for bounds, which the short sizes do not have"
