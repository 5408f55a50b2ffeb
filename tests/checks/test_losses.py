"""What `evaluate` shows, recomputed: by hand, and compared with Keras itself."""

from __future__ import annotations

import os
import warnings
from typing import Any

import numpy as np
import pytest

from autograder.artifacts import CompileSpec
from autograder.artifacts.compilation import read_compile
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

    @pytest.mark.parametrize("known", [None, compiled(None), compiled("dice"),
                                       compiled("categorical_crossentropy", reduction="sum"),
                                       compiled("sparse_categorical_crossentropy", ignore_class=0),
                                       compiled("mean_squared_error", unheard_of=1)])
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


SPELLINGS: dict[str, Any] = {
    "sparse_categorical_crossentropy": "sparse_categorical_crossentropy", "mse": "mean_squared_error",
    "MSE": "mean_squared_error", "mae": "mean_absolute_error", "mean_absolute_error": "mean_absolute_error",
    "binary_crossentropy": "binary_crossentropy", "bce": "binary_crossentropy", "huber": "huber",
    "mape": "mean_absolute_percentage_error", "msle": "mean_squared_logarithmic_error", "log_cosh": "log_cosh",
    "kl_divergence": "kl_divergence", "poisson": "poisson", "hinge": "hinge", "squared_hinge": "squared_hinge",
    "categorical_hinge": "categorical_hinge", "cosine_similarity": "cosine_similarity",
    "CategoricalCrossentropy": {"label_smoothing": 0.1}, "SparseCategoricalCrossentropy": {"from_logits": True},
    "BinaryCrossentropy": {"label_smoothing": 0.2}, "Huber": {"delta": 0.3}, "MeanSquaredError": {},
    "MeanAbsoluteError": {}, "KLDivergence": {}, "CosineSimilarity": {}, "LogCosh": {},
}


@pytest.mark.slow
@pytest.mark.parametrize("spelling", list(SPELLINGS))
def test_every_loss_is_what_keras_shows_for_every_spelling(spelling: str) -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import keras

    from autograder.sandbox.child.student.model_book import _compile

    made = spelling
    if isinstance(SPELLINGS[spelling], dict):
        made = getattr(keras.losses, spelling)(**SPELLINGS[spelling])
    random = np.random.default_rng(2)
    images, labels = random.random((90, 4), "float32"), random.integers(0, 3, 90)
    for activation in ("softmax", "sigmoid"):
        model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation=activation)])
        model.compile(loss=made)
        spec = read_compile(_compile(model))
        assert spec is not None and spec.loss is not None
        target = labels if "sparse" in spec.loss else np.eye(3)[labels]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shown = model.evaluate(images, target, verbose=0)
        seen = shown_losses(spec, activation, model.predict(images, verbose=0), labels)
        if spec.loss == "binary_crossentropy" and activation == "softmax":
            assert seen == ()  # TensorFlow goes back to logits that outputs do not tell
            continue
        assert min(abs(value - shown) for value in seen) <= 1e-4 * max(1.0, abs(shown)), (activation, seen, shown)


@pytest.mark.slow
def test_one_unit_that_says_yes_or_no() -> None:
    import keras

    random = np.random.default_rng(2)
    images, labels = random.random((90, 4), "float32"), random.integers(0, 2, 90)
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy")
    shown = model.evaluate(images, labels, verbose=0)
    seen = shown_losses(compiled("binary_crossentropy"), "sigmoid", model.predict(images, verbose=0), labels)
    assert min(abs(value - shown) for value in seen) < 1e-4
