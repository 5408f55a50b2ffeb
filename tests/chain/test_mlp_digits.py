"""The real assignment: every variant loses exactly what it names, on the stand-in and on true MNIST."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Result
from autograder.pipeline.context import open_context
from autograder.pipeline.grade import run_in_lanes
from autograder.pipeline.prove import BLANK, grade_notebook
from autograder.pipeline.variants import SOLUTION, load_variants, submission_of
from autograder.pipeline.workspace import open_workspace

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = "mlp-digits"
VARIANTS = {kind: {variant.name: variant for variant in load_variants(open_workspace(ROOT), ASSIGNMENT, kind)}
            for kind in ("right", "wrong")}
TRAINED = ("train-mages", "sigmoid-kept", "fit-on-test-set", "own-statistics")
"""Wrong variants whose loss depends on what training makes of the data."""
ON_TRUE_DATA = (SOLUTION, BLANK, "functional-api", "separate-activations", *TRAINED)
AUTOMATIC = 40.0


def grade_all(names: Sequence[str], output: Path, *, stand_in: bool) -> dict[str, Result]:
    """Grade variants of the committed course, with its committed reference, in two lanes."""
    workspace = replace(open_workspace(ROOT), output=output)
    with open_context(workspace, ASSIGNMENT, lanes=2, allow_stand_in=stand_in, force_stand_in=stand_in) as context:
        assert context.prepared.name == ("stand-in" if stand_in else "mnist")

        def work(name: str) -> Result:
            made = context.release if name == BLANK else submission_of(workspace, ASSIGNMENT, name, context.release)
            return grade_notebook(context, name, made)

        return {result.student: result for result in run_in_lanes(work, names, 2, context.stop)}


def agree(result: Result, look: Any) -> None:
    """The result is what its variant says, and no point more or less."""
    lost = look.lost(result)
    points = {check.id: check.points for task in result.tasks for check in task.checks}
    assert sum(points.values()) == AUTOMATIC
    if result.student == BLANK:
        assert (result.score, result.withheld) == (0, 0), look.told(result)
        return
    wrong = VARIANTS["wrong"].get(result.student)
    expected = {*wrong.loses, *wrong.blocks} if wrong else set()
    assert lost == expected, look.told(result)
    assert result.score == AUTOMATIC - sum(points[check] for check in expected)
    assert (result.withheld, result.complete) == (0, True)


@pytest.fixture(scope="session")
def on_stand_in(stand_in: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """Everything, graded once on the embedded digits."""
    return grade_all([SOLUTION, BLANK, *VARIANTS["right"], *VARIANTS["wrong"]], tmp_path_factory.mktemp("stand-in"),
                     stand_in=True)


@pytest.fixture(scope="session")
def on_true_data(true_mnist: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """What depends on the data, graded once on true MNIST."""
    return grade_all(ON_TRUE_DATA, tmp_path_factory.mktemp("true"), stand_in=False)


@pytest.mark.parametrize("name", [SOLUTION, BLANK, *VARIANTS["right"], *VARIANTS["wrong"]])
def test_on_the_stand_in(on_stand_in: dict[str, Result], look: Any, name: str) -> None:
    agree(on_stand_in[name], look)


@pytest.mark.parametrize("name", ON_TRUE_DATA)
def test_on_true_mnist(on_true_data: dict[str, Result], look: Any, name: str) -> None:
    agree(on_true_data[name], look)


def test_the_notebook_states_the_minimums_that_are_graded(on_stand_in: dict[str, Result], repository: Path) -> None:
    """Students read the numbers of true MNIST; they must be those of the reference."""
    released = json.loads((repository / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_bytes())
    text = "".join("".join(cell["source"]) for cell in released["cells"])
    calibrations = json.loads((repository / "reference" / ASSIGNMENT / "reference.json").read_bytes())["calibrations"]
    minimums = {check.id: f"{task.id}/{check.id.removesuffix('-accuracy').replace('-', '_')}_model"
                for task in on_stand_in[SOLUTION].tasks for check in task.checks if check.minimum}
    assert len(minimums) == 3
    for metric in minimums.values():
        assert str(calibrations["mnist/cpu"]["metrics"][metric]["minimum"]) in text, metric
