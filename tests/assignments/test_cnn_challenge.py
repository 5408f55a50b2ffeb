"""cnn-challenge: the numbers that its text states are true, and its budget is one that the solution keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.notebook.variants import solution_submission
from tests.assignments.common import Assignment, source

ASSIGNMENT = Assignment("cnn-challenge")
TASKS = [
    "prepare", "one-hot", "guided-build", "count-parameters", "guided-compile", "guided-fit", "curves",
    "guided-evaluate", "challenge-fit", "challenge-name",
]
RIGHT = {
    "add-method", "functional-api", "separate-activations", "numpy-spellings", "objects", "helper-functions",
    "extra-cells", "another-architecture",
}
MISTAKES = {
    "train-mages", "labels-scaled", "scaled-by-250", "own-statistics", "statistics-together", "divided-in-place",
    "scrambled", "sparse-loss", "from-logits", "logits-left", "sigmoid-output", "accuracy-object", "filters-exchanged",
    "pool-size-3", "normalization-missing", "dropout-missing", "batch-size-left-out", "validated-on-test",
    "other-model-trained", "fit-on-test-set", "answers-typed", "weights-pasted", "nb-epoch", "early-lr", "np-utils",
    "layers-core", "curves-of-something-else", "curves-without-labels", "curves-missing",
}


def test_tasks_points_and_bounds() -> None:
    assert ASSIGNMENT.tasks() == TASKS
    assert ASSIGNMENT.points() == (40, 10)
    contract = source(ASSIGNMENT.cells()[0])
    assert "40 of the {{ points }} points" in contract and "The other 10 points" in contract
    bounds = {name for name in ASSIGNMENT.placeholders() if name.startswith("minimum.")}
    assert bounds == {f"minimum.{name}" for name in
                      ("guided_accuracy", "challenge_bronze", "challenge_silver", "challenge_gold")}


def test_the_tiers_are_worth_what_the_table_says() -> None:
    about = source(ASSIGNMENT.cell("about-challenge-fit"))
    tiers = {tier: int(ASSIGNMENT.specs[f"challenge-{tier}"].points) for tier in ("bronze", "silver", "gold")}
    for tier, points in tiers.items():
        row = next(line for line in about.splitlines() if line.startswith(f"| {tier} |"))
        assert row.endswith(f"| {points} |")
    others = sum(spec.points for spec in ASSIGNMENT.specs.values() if spec.task == "challenge-fit")
    assert f"The other {int(others) - sum(tiers.values())} points" in about
    # Outside the budget the accuracy is worth bronze at most.
    assert all({"challenge-parameters", "challenge-epochs"} <= set(ASSIGNMENT.specs[f"challenge-{tier}"].needs)
               for tier in ("silver", "gold"))


def test_numbers_in_the_text() -> None:
    text, sizes = ASSIGNMENT.prose(), ASSIGNMENT.sizes()
    assert f"`BUDGET_PARAMETERS` ({sizes['BUDGET_PARAMETERS']:,})" in text
    assert f"`BUDGET_EPOCHS` ({sizes['BUDGET_EPOCHS']})" in text
    convolutions = 4 * (25 + 1) + 16 * (4 * 25 + 1)
    dense = 256 * 100 + 100
    assert 4 + convolutions + dense + 100 * 10 + 10 == 28_434
    assert f"{dense:,} of 28,434" in text and "28,434 parameters" in text
    assert "1,616" not in text and "1616" not in text, "the answer of a task"
    for part in ("over 98 %", "0.980", "0.985", "initial_accumulator_value=0", "test images",
                 "decide by validation images"):
        assert part in text, part
    for old in ("border_mode", "layers.core", "layers.normalization", "np_utils", "lr=", "nb_epoch", '"acc"'):
        assert old in source(ASSIGNMENT.cell("old-spellings")), old


def test_variants_cover_spellings_and_mistakes() -> None:
    assert {variant.name for variant in ASSIGNMENT.variants("right")} >= RIGHT
    assert {variant.name for variant in ASSIGNMENT.variants("wrong")} >= MISTAKES


def test_public_cells_tell_the_usual_mistakes() -> None:
    sizes = {name: int(value) for name, value in ASSIGNMENT.sizes().items()}
    train = np.zeros((sizes["TRAIN_IMAGES"], 28, 28, 1), dtype="float32")
    test = np.zeros((sizes["TEST_IMAGES"], 28, 28, 1), dtype="float32")
    train[0], test[0] = 1, 1
    ASSIGNMENT.run_test("prepare", X_train=train, X_test=test)
    with pytest.raises(AssertionError, match="under the name X_train"):
        ASSIGNMENT.run_test("prepare", X_train=train * 255, X_test=test)
    with pytest.raises(AssertionError, match="divided more than once"):
        ASSIGNMENT.run_test("prepare", X_train=train / 255, X_test=test)
    with pytest.raises(AssertionError, match="one channel at the end"):
        ASSIGNMENT.run_test("prepare", X_train=train[..., 0], X_test=test)
    with pytest.raises(AssertionError, match="float32"):
        ASSIGNMENT.run_test("prepare", X_train=train.astype("float64"), X_test=test)
    with pytest.raises(AssertionError, match="it has 31"):
        ASSIGNMENT.run_test("challenge-name", leaderboard_name="x" * 31)
    ASSIGNMENT.run_test("challenge-name", leaderboard_name="")


@pytest.mark.slow
def test_the_networks_are_as_large_as_the_text_says() -> None:
    keras = pytest.importorskip("keras")
    cells = {cell["id"]: source(cell) for cell in solution_submission(ASSIGNMENT.notebook)["cells"]}
    names: dict[str, Any] = {"keras": keras}
    exec(cells["guided-build"], names)
    exec(cells["challenge-fit"].split("challenge_model.compile")[0], names)
    guided, own = names["guided_model"], names["challenge_model"]
    assert guided.count_params() == 28_434
    assert sum(int(np.prod(weight.shape)) for weight in guided.non_trainable_weights) == 2
    rows = [line for line in source(ASSIGNMENT.cell("about-guided-build")).splitlines() if line.startswith("| ")]
    for layer, row in zip(guided.layers, rows[-len(guided.layers):], strict=True):
        assert row.rstrip(" |").endswith(" × ".join(map(str, layer.output.shape[1:]))), row
    assert own.count_params() == 27_186 <= ASSIGNMENT.sizes()["BUDGET_PARAMETERS"]
    assert f"{own.count_params():,} parameters" in cells["experiments"]
