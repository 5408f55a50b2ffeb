"""optimizer-search: the facts that its text states about Keras and scikit-learn hold for the versions in use."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from autograder.notebook.variants import solution_submission
from tests.assignments.common import Assignment, source

ASSIGNMENT = Assignment("optimizer-search")
TASKS = ["prepare", "create-network", "grid", "count-trainings", "search", "table", "plot", "best", "mend-adadelta"]
OPTIMIZERS = ["SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "Adamax", "Nadam"]
RIGHT = {"functional-api", "objects", "numpy-spellings", "another-order", "helper-functions", "extra-cells"}
MISTAKES = {
    "train-mages", "labels-scaled", "scaled-by-250", "own-statistics", "statistics-together", "divided-in-place",
    "scrambled", "sparse-loss", "from-logits", "sigmoid-output", "accuracy-object", "units-literal", "literal-shape",
    "optimizer-ignored", "one-network-for-all", "more-epochs", "other-model-trained", "searched-on-test-set",
    "scores-typed", "old-wrapper", "early-lr", "error-bars-missing", "deviations-doubled", "names-missing",
}


def test_tasks_points_and_bounds() -> None:
    assert ASSIGNMENT.tasks() == TASKS
    assert ASSIGNMENT.points() == (40, 10)
    contract = source(ASSIGNMENT.cells()[0])
    assert "40 of the {{ points }} points" in contract and "The other 10 points" in contract
    bounds = {name for name in ASSIGNMENT.placeholders() if name.startswith("minimum.")}
    assert bounds == {"minimum.best_accuracy", "minimum.mended_accuracy"}


def test_the_text_says_what_the_course_demands() -> None:
    text, old = ASSIGNMENT.prose(), source(ASSIGNMENT.cell("old-spellings"))
    for part in ("0.874", "0.954", "0.955", "0.946", "**0.957**", "no rows for Adagrad and Adadelta",
                 "Unknown variable", "within one deviation", "fit_kwargs", "one epoch per training"):
        assert part in text, part
    for part in ("keras.wrappers.scikit_learn", "KerasClassifier", "nb_epoch", "lr=1.0", "np_utils"):
        assert part in old, part
    shown = source(ASSIGNMENT.cell("show-signatures"))
    assert "signature(SKLearnClassifier" in shown and "signature(GridSearchCV" in shown
    assert "29" not in re.findall(r"\d+", text) and "1,500" not in text, "the text gives an answer away"


def test_variants_cover_spellings_and_mistakes() -> None:
    assert {variant.name for variant in ASSIGNMENT.variants("right")} >= RIGHT
    assert {variant.name for variant in ASSIGNMENT.variants("wrong")} >= MISTAKES


def test_public_cells_tell_the_usual_mistakes() -> None:
    grid = {"model_kwargs": [{"optimizer": name} for name in OPTIMIZERS]}
    ASSIGNMENT.run_test("grid", param_grid=grid)
    with pytest.raises(AssertionError, match="one key 'model_kwargs'"):
        ASSIGNMENT.run_test("grid", param_grid={"optimizer": OPTIMIZERS})
    with pytest.raises(AssertionError, match="it holds 6"):
        ASSIGNMENT.run_test("grid", param_grid={"model_kwargs": grid["model_kwargs"][1:]})
    with pytest.raises(AssertionError, match="holds NaN"):
        ASSIGNMENT.run_test("search", results={}, score_deviations=0, best_model=0, best_accuracy=0,
                            mean_scores=np.full(7, np.nan))
    with pytest.raises(AssertionError, match="a pair"):
        ASSIGNMENT.run_test("table", table=dict.fromkeys(OPTIMIZERS, 0.5))
    with pytest.raises(AssertionError, match="Store the name itself"):
        ASSIGNMENT.run_test("best", best_optimizer=3)


@pytest.mark.slow
def test_standard_learning_rates_are_those_of_the_table() -> None:
    keras = pytest.importorskip("keras")
    table = source(ASSIGNMENT.cell("background"))
    for name in OPTIMIZERS:
        rate = float(getattr(keras.optimizers, name)().learning_rate)
        row = next(line for line in table.splitlines() if line.startswith(f"| {name} |"))
        assert row.endswith(f"| {rate:g} |"), row


@pytest.mark.slow
def test_the_wrapper_behaves_as_the_text_says() -> None:
    """It makes one-hot labels itself, refuses those that are, and its copies forget `fit_kwargs`."""
    keras = pytest.importorskip("keras")
    sklearn = pytest.importorskip("sklearn.base")
    names: dict[str, Any] = {"keras": keras, "UNITS": 4}
    cells = {cell["id"]: source(cell) for cell in solution_submission(ASSIGNMENT.notebook)["cells"]}
    exec(cells["create-network"], names)
    seen = []

    def watched(X: Any, y: Any, optimizer: str) -> Any:
        seen.append(np.shape(y))
        return names["create_network"](X, y, optimizer)

    rows, labels = np.zeros((6, 3), dtype="float32"), np.array([0, 1, 2, 0, 1, 2])
    wrapper = keras.wrappers.SKLearnClassifier(watched, model_kwargs={"optimizer": "sgd"}, fit_kwargs={"epochs": 2})
    copied = sklearn.clone(wrapper)
    assert copied.fit_kwargs is None and copied.model_kwargs == {"optimizer": "sgd"}
    copied.fit(rows, labels, verbose=0)
    assert seen == [(6, 3)]
    with pytest.raises(ValueError, match="1d array"):
        copied.fit(rows, np.eye(3)[labels], verbose=0)
    adam = keras.optimizers.Adam()
    for made in (names["create_network"](rows, np.eye(3)[labels], adam) for _ in range(2)):
        if adam.built:
            with pytest.raises(ValueError, match=r"(?i)unknown variable"):
                made.fit(rows, np.eye(3)[labels], verbose=0)
        else:
            made.fit(rows, np.eye(3)[labels], verbose=0)
