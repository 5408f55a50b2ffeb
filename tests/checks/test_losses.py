"""What `evaluate` shows, computed anew: by hand, and held against Keras itself."""

from __future__ import annotations

import os
import warnings
from typing import Any

import numpy as np
import pytest

from autograder.artifacts import CompileSpec
from autograder.checks.vocabulary.losses import equal_numbers, shown_losses

LABELS = np.array([0, 2])
OUTPUTS = np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]], "float32")


def compiled(loss: str | None, metrics: tuple[str, ...] = (), **settings: Any) -> CompileSpec:
    return CompileSpec(optimizer="sgd", settings={}, loss=loss, loss_settings=settings, metrics=metrics)


class TestByHand:
    def test_crossentropy_of_probabilities(self):
        wanted = -(np.log(0.5) + np.log(0.8)) / 2
        for settings in ({}, {"from_logits": False, "label_smoothing": 0.0}):
            seen = shown_losses(compiled("categorical_crossentropy", **settings), "softmax", OUTPUTS, LABELS)
            assert np.allclose(seen, wanted)

    def test_outputs_that_do_not_sum_to_1_are_divided_by_their_sum(self):
        seen = shown_losses(compiled("categorical_crossentropy"), "linear", 4 * OUTPUTS, LABELS)
        assert seen == pytest.approx([-(np.log(0.5) + np.log(0.8)) / 2])

    def test_a_loss_of_logits(self):
        logits = np.log(OUTPUTS) + 7
        seen = shown_losses(compiled("categorical_crossentropy", from_logits=True), "linear", logits, LABELS)
        assert seen == pytest.approx([-(np.log(0.5) + np.log(0.8)) / 2])

    def test_mean_squared_error(self):
        assert shown_losses(compiled("mean_squared_error"), "softmax", OUTPUTS, LABELS) == pytest.approx([0.435 / 6])

    @pytest.mark.parametrize("known", [None, compiled(None), compiled("poisson"),
                                       compiled("categorical_crossentropy", label_smoothing=0.1)])
    def test_nothing_is_said_about_other_losses(self, known):
        assert shown_losses(known, "softmax", OUTPUTS, LABELS) == ()

    def test_junk_outputs_give_numbers_and_no_warning(self):
        junk = np.array([[0.0, 0.0, 0.0], [1e30, -1e30, 0.0]], "float32")
        for last in ("softmax", "sigmoid", "linear"):
            for from_logits in (False, True):
                assert shown_losses(compiled("categorical_crossentropy", from_logits=from_logits), last, junk, LABELS)

    def test_equal_numbers(self):
        assert equal_numbers(np.array([[1, 0, 0], [0.5, 0, 0.5]]), LABELS) == pytest.approx(4 / 6)


@pytest.mark.slow
@pytest.mark.parametrize("activation", ["softmax", "sigmoid", None])
@pytest.mark.parametrize("loss", ["categorical_crossentropy", "logits", "mse"])
def test_keras_shows_the_same(activation: str | None, loss: str) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    random = np.random.default_rng(0)
    images, labels = random.random((90, 4), "float32"), random.integers(0, 3, 90)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation=activation)])
    made = keras.losses.CategoricalCrossentropy(from_logits=True) if loss == "logits" else loss
    model.compile(loss=made, metrics=[keras.metrics.Accuracy()])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Keras warns of logits that are none, which is what is tried here
        shown, equal = model.evaluate(images, np.eye(3)[labels], verbose=0)
    outputs = model.predict(images, verbose=0)
    name = "mean_squared_error" if loss == "mse" else "categorical_crossentropy"
    seen = shown_losses(compiled(name, from_logits=loss == "logits"), activation or "linear", outputs, labels)
    assert min(abs(value - shown) for value in seen) < 1e-4
    assert equal_numbers(outputs, labels) == pytest.approx(equal)
