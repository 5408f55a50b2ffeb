"""Initializers and strengths of weight penalties, by whichever of their names they were made."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.artifacts import LayerSpec
from autograder.checks import Unjudged, initializer, layer, regularizer
from autograder.checks.vocabulary.layer_settings import is_penalised, strengths
from autograder.errors import CheckError
from autograder.model import Basis


def made(name: str, **config: Any) -> dict[str, Any]:
    return {"module": "keras.initializers", "class_name": name, "config": {"seed": None, **config}}


L2 = {"class_name": "L2", "config": {"l2": 0.01}}
SCALED = made("VarianceScaling", scale=2.0, mode="fan_in", distribution="truncated_normal")


@pytest.mark.parametrize(("wanted", "configured"), [
    (initializer("HeNormal"), made("HeNormal")), (initializer("he_normal"), made("HeNormal", seed=7)),
    (initializer("HeNormal"), SCALED), (initializer("VarianceScaling", scale=2), made("HeUniform")),
    (initializer("RandomNormal", stddev=0.05), made("RandomNormal", mean=0.0, stddev=0.05000000074505806)),
    (initializer("RandomNormal"), made("RandomNormal", mean=0.0, stddev=0.3)),
    (initializer("Zeros"), made("Constant", value=0.0)), (initializer("ones"), made("Ones")),
    (initializer("random_uniform", minval=-1), made("RandomUniform", minval=-1.0, maxval=1.0)),
])
def test_equal_initializers(wanted: Any, configured: Any) -> None:
    assert wanted.fits(configured)


@pytest.mark.parametrize(("wanted", "configured"), [
    (initializer("HeNormal"), made("GlorotUniform")), (initializer("HeNormal"), made("HeUniform")),
    (initializer("RandomNormal", stddev=0.01), made("RandomNormal", mean=0.0, stddev=0.05)),
    (initializer("Zeros"), made("Ones")), (initializer("HeNormal"), None), (initializer("HeNormal"), 3),
    (initializer("Constant", value=1), made("Zeros")),
])
def test_other_initializers(wanted: Any, configured: Any) -> None:
    assert not wanted.fits(configured)


@pytest.mark.parametrize(("configured", "expected"), [
    (None, (0, 0)), (L2, (0, 0.01)), ("l2", (0, 0.01)),
    ({"class_name": "L1L2", "config": {"l1": 0.1, "l2": 0}}, (0.1, 0)),
    ({"class_name": "OrthogonalRegularizer", "config": {"factor": 0.01}}, None), ({"class_name": "L2"}, (0, 0)),
])
def test_strengths(configured: Any, expected: Any) -> None:
    assert strengths(configured) == expected


def test_a_penalty_of_any_part_of_a_layer_is_in_its_loss() -> None:
    assert is_penalised(LayerSpec(class_name="Dense", config={"bias_regularizer": L2}))
    assert is_penalised(LayerSpec(class_name="ActivityRegularization", config={"l1": 0.1, "l2": 0.0}))
    assert not is_penalised(LayerSpec(class_name="Dense", config={"kernel_regularizer": None}))


@pytest.fixture
def network(craft: Any, tiny: Any) -> Any:
    """Return a function: configuration of the first layer, and whether its penalties are proven → the model."""
    def make(proven: bool = True, **config: Any) -> Any:
        craft.lines.clear()
        hidden = craft.dense(16, "relu")
        hidden["config"].update(config)
        craft.model(1, [hidden, craft.dense(10, "softmax")])
        craft.checkpoint("t", {"net": craft.net(1), "X": np.ones((3, 784))})
        from autograder.checks import Proof

        return craft.student(tiny, "t", proofs=(Proof(model=1, version=1, penalties=proven),)).model("net")

    return make


def test_strengths_of_a_models_penalties_are_measured(network: Any, said: Any) -> None:
    found = network(kernel_regularizer=L2).has_regularizer("L2", l2=0.01)
    found.contains(layer("Dense", units=16, regularizer=regularizer(l1=0, l2=0.01)))
    assert found.evidence.weakest is Basis.MEASURED
    assert "penalised by l2 0.01. | l2 0.001." in said(lambda: network(kernel_regularizer=L2).has_regularizer(l2=0.001))
    assert "no layer Dense(16, regularizer l2 0.1)" in said(
        lambda: network(kernel_regularizer=L2).contains(layer("Dense", units=16, regularizer=regularizer(l2=0.1))))
    network(bias_regularizer=L2).contains(layer("Dense", bias_regularizer="L2"))
    assert "no layer" in said(lambda: network().contains(layer("Dense", bias_regularizer="L2")))
    with pytest.raises(Unjudged):
        network(False, kernel_regularizer=L2).has_regularizer(l2=0.01)
    with pytest.raises(Unjudged):
        network(False, bias_regularizer=L2).contains(layer("Dense", bias_regularizer=regularizer(l2=1)))


def test_starting_weights_are_a_claim(network: Any, said: Any) -> None:
    found = network(kernel_initializer=made("HeNormal"), bias_initializer=made("Zeros"))
    found.contains(layer("Dense", units=16, initializer=initializer("HeNormal"), bias_initializer="zeros"))
    assert found.evidence.weakest is Basis.CLAIMED
    other = network(kernel_initializer=made("RandomNormal", mean=0.0, stddev=0.05))
    wanted = [layer("Dense", initializer=initializer("RandomNormal", stddev=0.01)), layer("Dense")]
    assert "has initializer RandomNormal(mean 0, stddev 0.05)" in said(lambda: other.has_layers(wanted))


def test_a_penalty_without_a_strength_is_a_mistake_of_the_check() -> None:
    with pytest.raises(CheckError):
        regularizer()
