"""A training's claimed curve, compared with the measured accuracy of the resulting model."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.artifacts import ArrayRef, Fit, Validation
from autograder.checks import Unjudged
from autograder.checks.request import Prediction
from autograder.checks.vocabulary.consistency import contradiction

X = np.linspace(0, 1, 400 * 4, dtype="float32").reshape(400, 4)
Y = np.eye(10, dtype="float32")[np.arange(400) % 10]
T = X[:200] + 1
TY = Y[:200][::-1].copy()


@pytest.fixture
def trained(craft, tiny, tmp_path):
    """Return a function that gives the training of a model which is measured to be right about 30 % of the images."""
    def make(history: dict[str, list[float]], *, watched: np.ndarray = T, callbacks: tuple[str, ...] = (),
             right: float | None = 0.3, asked: str = "fit"):
        epochs = len(next(iter(history.values())))
        fit: dict[str, Any] = {
            "fit": 1, "model": 1, "cell": 1, "x": craft.ref(X), "y": craft.ref(Y), "batch_size": 128, "epochs": epochs,
            "initial_epoch": 0, "validation": {"x": craft.ref(watched), "y": craft.ref(TY)},
            "callbacks": list(callbacks), "completed": True, "history": history, "weights_before": "a",
            "weights_after": "b"}
        names = {"X_train": X, "Y_train": Y, "X_test": T, "model": craft.net(1)}
        craft.model(1, [craft.dense(10, "softmax")], inputs=4, iterations=4 * epochs)
        craft.model(1, [craft.dense(10, "softmax")], inputs=4, iterations=8 * epochs, version=2)
        craft.checkpoint("fit", names, [fit])
        craft.checkpoint("later", names | {"model": craft.net(1, version=2)})
        outputs = tmp_path / "outputs.npy"
        if right is not None:
            np.save(outputs, tiny.outputs(right))
        prediction = Prediction(task=asked, model="model", array="X_test",
                                outputs=outputs if right is not None else None,
                                unjudged=None if right is not None else "not rebuilt")
        return craft.student(tiny, "fit", predictions=(prediction,)).fit_of("model"), epochs

    return make


def note(made: tuple[Any, int]) -> str:
    subject, epochs = made
    with pytest.raises(Unjudged) as caught:
        subject.epochs(epochs)
    return caught.value.staff_note or ""


@pytest.mark.parametrize("quantity", ["val_accuracy", "val_acc", "val_categorical_accuracy"])
def test_a_curve_above_the_measured_accuracy_is_withheld(trained, quantity):
    assert note(trained({"loss": [2.0, 0.1], quantity: [0.5, 0.93]})).startswith(f"{quantity} ends at 0.930, but the "
                                                                                 "resulting model")


@pytest.mark.parametrize("curve", [[0.2, 0.3], [0.9, 0.3], [0.2, 0.25], [0.2, 0.35]])
def test_a_curve_that_ends_where_the_model_is_passes(trained, curve):
    subject, epochs = trained({"val_accuracy": curve})
    subject.epochs(epochs)


def test_a_model_that_went_back_to_an_earlier_epoch_passes(trained):
    subject, epochs = trained({"val_accuracy": [0.3, 0.6]}, callbacks=("EarlyStopping",))
    subject.epochs(epochs)


def test_a_model_that_went_back_was_once_as_good_as_it_says(trained):
    assert note(trained({"val_accuracy": [0.5, 0.6]}, callbacks=("EarlyStopping",)))


@pytest.mark.parametrize("change", [
    {"watched": X[:200]},  # other images than those that the model was evaluated on
    {"right": None},  # a model that could not be evaluated
    {"asked": "later"},  # only asked when it had been trained further
])
def test_what_cannot_be_compared_is_believed(trained, change):
    subject, epochs = trained({"accuracy": [0.99, 0.99], "val_accuracy": [0.5, 0.93]}, **change)
    subject.epochs(epochs)


@pytest.mark.parametrize("quantity", ["val_binary_accuracy", "val_top_k_categorical_accuracy", "val_my_accuracy"])
def test_another_kind_of_accuracy_is_not_compared(trained, quantity):
    subject, epochs = trained({quantity: [0.9, 0.98]})
    subject.epochs(epochs)


def test_the_accuracy_on_training_images_is_not_compared(trained):
    subject, epochs = trained({"accuracy": [0.9, 0.99], "val_loss": [5.0, 5.0]})
    subject.epochs(epochs)


def ran(*, epochs: int = 2, batches: int | None = None, **changed: Any) -> Fit:
    """Return a fit of 10 batches an epoch; ``batches`` is what Keras's own loop came to, None where nobody counted."""
    settings: dict[str, Any] = {"batch_size": 10, "history": {"loss": (1.0,) * epochs}, "weights_before": "a",
                                "weights_after": "b", "x": ArrayRef(shape=(100, 4))}
    return Fit(fit=1, model=1, epochs=epochs, batches=batches, completed=True, **settings | changed)


@pytest.mark.parametrize("batches", [0, 2, 19])
def test_a_loop_with_fewer_batches_than_requested_is_reported(batches):
    said = contradiction([ran(batches=batches)], 20, {})
    assert said == f"Keras's loop ran {batches} batches, the arguments require 20"


@pytest.mark.parametrize("batches", [20, 24, None])
def test_a_loop_that_came_to_all_batches_passes(batches):
    """With several steps in one execution the last one counts as whole; earlier records have no count."""
    assert contradiction([ran(batches=batches)], 20, {}) is None


def test_each_fit_has_its_own_count_of_batches():
    assert contradiction([ran(batches=20), ran(batches=20)], 40, {}) is None
    said = contradiction([ran(batches=30), ran(epochs=3, batches=20)], 50, {})
    assert said == "Keras's loop ran 20 batches, the arguments require 30"


@pytest.mark.parametrize("changed", [
    {"validation": Validation(split=0.5), "batches": 10},
    {"epochs": 9, "history": {"loss": (1.0,) * 2}, "callbacks": ("EarlyStopping",)},
    {"batch_size": None, "batches": 8},
], ids=["split", "stopped early", "batches of 32"])
def test_batches_are_those_of_the_rows_and_epochs_that_the_training_had(changed):
    fit = ran(**{"batches": 20} | changed)
    assert contradiction([fit], fit.batches, {}) is None


def test_data_without_a_known_size_asks_for_no_number_of_batches():
    assert contradiction([ran(x=ArrayRef(type="tf.data.Dataset"), batches=3)], 3, {}) is None


def test_steps_that_overflow_in_half_precision_are_counted_by_the_factor_of_the_loss() -> None:
    """Keras halves the factor in place of such a step, which the optimizer does not count, but its loop does."""
    fit = ran(batches=20)
    assert contradiction([fit], 18, {}, halvings=2) is None
    for iterations, halvings in ((18, None), (18, 0), (18, 1), (18, 3), (22, 2), (20, 2), (18, 10**9)):
        assert "the optimizer counted" in (contradiction([fit], iterations, {}, halvings=halvings) or ""), halvings
    long = ran(batches=4500, epochs=1, x=ArrayRef(type="array", shape=(4500 * 10, 2)), history={})
    assert contradiction([long], 4498, {}, halvings=1) is None, "doubled once, so two steps overflowed"
