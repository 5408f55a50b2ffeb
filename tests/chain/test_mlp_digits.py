"""The real assignment through `autograder audit`: a sample of its rows on the stand-in and on true MNIST.

The whole matrix takes minutes: `make audit` runs it, and what was run there is found again here.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.cli.audit_text import render
from autograder.pipeline.audit.audit import AuditOptions, audit_assignments, plan
from autograder.pipeline.audit.matrix import Matrix
from autograder.workspace.layout import open_workspace
from autograder.workspace.progress import Silent

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = "mlp-digits"
AUTOMATIC = 40.0
ON_STAND_IN = ("solution", "blank", "separate-activations", "scrambled-reshape", "one-epoch", "early-layers-core")
"""One of each kind: other spellings, a mistake that is given back later, one that training shows, an early spelling."""
ON_TRUE_DATA = ("solution", "functional-api", "own-statistics", "sigmoid-kept")


def audited(names: tuple[str, ...], *, stand_in: bool) -> Matrix:
    """Audit some rows of the committed course, with its committed reference, one seed each."""
    options = AuditOptions(seeds=1, stand_in=stand_in, only=names)
    (found,) = audit_assignments(open_workspace(ROOT), (ASSIGNMENT,), options, Silent())
    assert {row.name for row in found.rows} == set(names)
    return found


@pytest.mark.slow
@pytest.mark.rotates(part=5)
def test_on_the_stand_in(stand_in: Path) -> None:
    found = audited(ON_STAND_IN, stand_in=True)
    assert found.data.startswith("stand-in:") and not found.undeclared, render(found)
    scores = {row.name: row.runs[0].score for row in found.rows}
    assert (scores["solution"], scores["separate-activations"], scores["blank"]) == (AUTOMATIC, AUTOMATIC, 0)


@pytest.mark.slow
@pytest.mark.rotates(part=5)
def test_on_true_mnist(true_mnist: Path) -> None:
    found = audited(ON_TRUE_DATA, stand_in=False)
    assert found.data.startswith("mnist:") and not found.undeclared, render(found)


def test_every_check_is_declared_lost_by_a_wrong_variant() -> None:
    """The files at least declare what the audit proves by running."""
    whole = plan(open_workspace(ROOT), ASSIGNMENT, "full")
    declared = {check for row in whole.rows for check in row.loses}
    assert {spec.id for spec in whole.specs} == declared


def test_the_short_form_keeps_what_structure_shows() -> None:
    short = plan(open_workspace(ROOT), ASSIGNMENT, "short")
    assert {"relu-accuracy", "sigmoid-evaluation"} <= set(short.unjudged)
    assert "evaluation-skipped" in short.left_out and "one-epoch" not in short.left_out
    assert all(not set(row.loses) & set(short.unjudged) for row in short.rows)


def test_a_plan_for_some_rows_keeps_their_declarations() -> None:
    from autograder.pipeline.audit.audit import restrict_plan

    whole = plan(open_workspace(ROOT), ASSIGNMENT, "full")
    some = restrict_plan(whole, ("own-statistics",))
    assert [row.loses for row in some.rows] == [("test-uses-training-statistics",)]
    assert replace(some, rows=whole.rows) == whole


def test_the_notebook_states_the_minimums_that_are_graded(repository: Path) -> None:
    """Students read the numbers of true MNIST; they must be those of the reference."""
    released = json.loads((repository / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_bytes())
    text = "".join("".join(cell["source"]) for cell in released["cells"])
    calibrations = json.loads((repository / "reference" / ASSIGNMENT / "reference.json").read_bytes())["calibrations"]
    specs = plan(open_workspace(repository), ASSIGNMENT, "full").specs
    minimums = [f"{spec.task}/{model}" for spec in specs if spec.minimum for model, _ in spec.predicts]
    assert len(minimums) == 3
    for metric in minimums:
        assert str(calibrations["mnist/cpu"]["metrics"][metric]["minimum"]) in text, metric
