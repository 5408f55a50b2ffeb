"""A training is rebuilt from allow-lists: what Keras has comes through as plain settings, all else is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.artifacts import Fit
from autograder.artifacts.architecture import canonical
from autograder.artifacts.callbacks import callbacks, first_rate
from autograder.artifacts.recorded_training import MAX_CARRIED, read_training
from autograder.errors import ArtifactError

SGD = {"class": "SGD", "config": {"name": "sgd", "learning_rate": 0.01, "momentum": 0.0, "clipnorm": None}}


def document(architecture: Any, **compiled: Any) -> dict[str, Any]:
    return {"built": True, "class": "Sequential", "architecture": architecture,
            "compile": {"optimizer": SGD, "loss": "mse", "metrics": ["accuracy"], **compiled}}


def serialised(module: str, kind: str, /, **config: Any) -> dict[str, Any]:
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


def test_what_a_training_needs_is_kept_and_seeds_are_not(layer: Any, sequential: Any) -> None:
    dense = layer("Dense", units=3, seed=5, kernel_initializer=serialised("keras.initializers", "HeNormal", seed=5),
                  kernel_regularizer=serialised("keras.regularizers", "L2", l2=0.01),
                  kernel_constraint=serialised("keras.constraints", "MaxNorm", max_value=2, axis=0))
    kept = read_training(document(sequential(dense))).architecture["config"]["layers"][1]["config"]
    assert kept["kernel_initializer"] == {**serialised("keras.initializers", "HeNormal"), "config": {}}
    assert kept["kernel_regularizer"]["config"] == {"l2": 0.01} and kept["seed"] is None
    assert kept["kernel_constraint"]["class_name"] == "MaxNorm"
    asked = canonical(sequential(dense))["config"]["layers"][1]["config"]
    assert asked["kernel_initializer"] == "zeros"
    assert asked["kernel_regularizer"]["config"] == {"l2": 0.01}, "the predictor proves the penalties of weights too"


@pytest.mark.parametrize("initializer", [
    serialised("__main__", "Kept"), {**serialised("builtins", "HeNormal"), "registered_name": "mine>HeNormal"},
    serialised("keras.initializers", "Constant", value={"class_name": "__numpy__", "config": {"value": [1.0] * 9}}),
    serialised("keras.initializers", "Constant", value=[0.1] * 65),
    serialised("keras.initializers", "Zeros", x="a" * 99),
], ids=str)
def test_an_initializer_that_carries_weights_or_code_is_refused(initializer: Any, layer: Any, sequential: Any) -> None:
    with pytest.raises(ArtifactError, match="initializer"):
        read_training(document(sequential(layer("Dense", units=3, kernel_initializer=initializer))))


def test_a_configuration_that_carries_a_network_is_refused(layer: Any, sequential: Any) -> None:
    hidden = layer("Rescaling", scale=[0.5] * (MAX_CARRIED + 1), offset=0.0)
    with pytest.raises(ArtifactError, match="numbers outside its weights"):
        read_training(document(sequential(hidden)))


def test_a_layer_that_was_adapted_apart_from_fit_is_refused(layer: Any, sequential: Any) -> None:
    with pytest.raises(ArtifactError, match="adapted to data outside of `fit`"):
        read_training(document(sequential(layer("Normalization", axis=[-1], mean=None, variance=None))))


def test_optimizer_loss_and_metrics_are_named_by_us(layer: Any, sequential: Any) -> None:
    schedule = serialised("keras.optimizers.schedules", "ExponentialDecay", initial_learning_rate=0.1, decay_steps=10,
                          decay_rate=0.9, staircase=False, name="ExponentialDecay")
    found = read_training(document(
        sequential(layer("Dense", units=3)), optimizer={"class": "Adam", "config": {"learning_rate": schedule}},
        loss=serialised("keras.losses", "CategoricalCrossentropy", from_logits=True, name="x"),
        metrics=["acc", serialised("keras.metrics", "CategoricalAccuracy", name="right", dtype="float32"),
                 serialised("builtins", "function", **{}) | {"config": "my_metric"}]))
    made = json.loads(found.compiled())
    settings = {"initial_learning_rate": 0.1, "decay_steps": 10, "decay_rate": 0.9, "staircase": False}
    assert made["optimizer"] == {
        "class": "Adam", "settings": {}, "schedule": {"class": "ExponentialDecay", "settings": settings}}
    assert made["loss"] == {"class": "CategoricalCrossentropy", "settings": {"from_logits": True, "name": "x"}}
    assert made["metrics"] == ["acc", {"class": "CategoricalAccuracy", "settings": {"name": "right"}}]
    assert not found.all_metrics
    rate = read_training(document(sequential(layer("Dense", units=3)))).compiled(0.5)
    assert json.loads(rate)["optimizer"]["settings"]["learning_rate"] == 0.5


@pytest.mark.parametrize(("compiled", "why"), [
    ({"optimizer": {"class": "Mine", "config": {"learning_rate": 0.1}}}, "The optimizer “Mine”"),
    ({"optimizer": {"class": "SGD", "config": {}}}, "learning rate was not recorded"),
    ({"optimizer": {"class": "SGD", "config": {"learning_rate": 0.1, "momentum": {"a": 1}}}}, "than plain numbers"),
    ({"loss": {"class_name": "function", "config": "my_loss"}}, "The loss “my_loss”"),
    ({"loss": None}, "with a single loss"),
    ({"loss": ["mse", "mae"]}, "The loss “unknown”|with a single loss"),
], ids=str)
def test_what_is_not_kerass_own_is_refused_by_name(compiled: Any, why: str, layer: Any, sequential: Any) -> None:
    with pytest.raises(ArtifactError, match=why):
        read_training(document(sequential(layer("Dense", units=3)), **compiled))


def test_callbacks_are_made_of_their_recorded_settings() -> None:
    fit = Fit(fit=1, model=1, callbacks=("EarlyStopping", "CSVLogger", "LearningRateScheduler", "ModelCheckpoint"),
              callback_settings=({"monitor": "val_loss", "patience": 3, "factor": 9}, {}, {},
                                 {"monitor": "val_loss", "save_best_only": True}),
              history={"learning_rate": (0.1, 0.05)})
    stop, rates = callbacks(fit, taken_back=False)
    assert stop == {"class": "EarlyStopping", "settings": {"monitor": "val_loss", "patience": 3}}
    assert rates["settings"] == {"rates": [0.1, 0.05]} and first_rate(fit) == 0.1
    assert callbacks(fit, taken_back=True)[-1] == {"class": "ModelCheckpoint", "settings": {"monitor": "val_loss"}}
    with pytest.raises(ArtifactError, match="The callback “Swaps”"):
        callbacks(Fit(fit=1, model=1, callbacks=("Swaps",)), taken_back=False)
