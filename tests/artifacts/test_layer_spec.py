"""Models are compared by what they are, not by how they were typed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.artifacts import ModelRecord, ModelValue, read
from autograder.artifacts.compilation import read_compile
from autograder.artifacts.layer_spec import layout
from autograder.artifacts.model_record import read_model
from autograder.workspace.artifact_folder import FolderSource

Make = Callable[..., dict[str, Any]]
Short = tuple[str, str | None, int | None]


def short(document: Any) -> list[Short]:
    return [(step.class_name, step.activation, step.units) for step in layout(document).steps]


def functional(*layers: dict[str, Any], fed_by: dict[str, list[str]]) -> dict[str, Any]:
    nodes = [{**item, "name": item["config"]["name"], "inbound_nodes": [
        {"args": [[{"class_name": "__keras_tensor__", "config": {"keras_history": [parent, 0, 0]}}
                   for parent in fed_by[item["config"]["name"]]]], "kwargs": {}}
    ] if item["config"]["name"] in fed_by else []} for item in layers]
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": {"layers": nodes}}


def test_separate_activations_belong_to_the_layer_before(layer: Make, sequential: Make) -> None:
    one = sequential(layer("Dense", units=3, activation="relu"), layer("Dropout", rate=0.2),
                     layer("Dense", units=2, activation="softmax"))
    other = sequential(layer("Dense", units=3, activation="linear"), layer("ReLU", max_value=None, threshold=0.0),
                       layer("Dropout", rate=0.2), sequential(layer("Dense", units=2), layer("Softmax", axis=-1)))
    third = sequential(layer("Dense", units=3, activation="linear"), layer("Activation", activation="relu"),
                       layer("Dropout", rate=0.2), layer("Dense", units=2, activation="linear"),
                       layer("Activation", activation="linear"),
                       layer("Activation", activation={"class_name": "function", "config": "softmax_v2"}))
    expected = [("Dense", "relu", 3), ("Dropout", None, None), ("Dense", "softmax", 2)]
    assert short(one) == short(third) == expected
    assert [item.class_name for item in layout(third).layers].count("Activation") == 3
    # Without an activation in its configuration a layer is one that takes none.
    assert short(other)[:2] == expected[:2]


@pytest.mark.parametrize("settings", [{"max_value": 6.0}, {"negative_slope": 0.1}, {"threshold": 1.0}])
def test_a_relu_with_other_settings_stays_another_layer(layer: Make, sequential: Make, settings: Any) -> None:
    seen = short(sequential(layer("Dense", units=3, activation="linear"), layer("ReLU", **settings)))
    assert seen == [("Dense", "linear", 3), ("ReLU", None, None)]


def test_an_activation_after_an_activation_is_not_swallowed(layer: Make, sequential: Make) -> None:
    seen = short(sequential(layer("Dense", units=3, activation="relu"), layer("Activation", activation="softmax")))
    assert seen == [("Dense", "relu", 3), ("Activation", "softmax", None)]


def test_flatten_is_left_out_only_where_it_does_nothing(layer: Make, sequential: Make) -> None:
    flatten, dense = layer("Flatten"), layer("Dense", units=3, activation="relu")
    assert [name for name, _, _ in short(sequential(flatten, dense, flatten))] == ["Dense"]
    images = sequential(flatten, dense, flatten, shape=(None, 28, 28))
    assert [name for name, _, _ in short(images)] == ["Flatten", "Dense"]


def test_a_functional_model_is_read_in_the_order_in_which_it_computes(layer: Make) -> None:
    first, last = layer("Dense", name="a", units=3, activation="relu"), layer("Dense", name="b", units=2)
    inputs = layer("InputLayer", name="in", batch_shape=[None, 784])
    listed_backwards = functional(last, first, inputs, fed_by={"a": ["in"], "b": ["a"]})
    seen = layout(listed_backwards)
    assert [item.units for item in seen.steps] == [3, 2]
    assert seen.chain and seen.input_shape == (None, 784)


def test_branches_and_circles_are_no_chain(layer: Make) -> None:
    inputs = layer("InputLayer", name="in", batch_shape=[None, 784])
    left, right = layer("Dense", name="a", units=3), layer("Dense", name="b", units=3)
    both = layer("Add", name="c")
    assert not layout(functional(inputs, left, right, both, fed_by={"a": ["in"], "b": ["in"], "c": ["a", "b"]})).chain
    assert not layout(functional(left, right, fed_by={"a": ["b"], "b": ["a"]})).chain


def test_parameters_are_counted_from_the_arrays(layer: Make, sequential: Make) -> None:
    document = sequential(layer("Dense", name="a", units=3, activation="relu"), layer("BatchNormalization", name="b"),
                          layer("Dense", name="c", units=2, trainable=False))
    shapes = [(784, 3), (3,), (3,), (3,), (3,), (3,), (3, 2), (2,)]
    weights = {f"w{i}": np.zeros(shape, np.float32) for i, shape in enumerate(shapes)}
    fields = {"architecture": document, "built": True, "class": "Sequential", "parameters": {"total": 1}}
    record = read_model(fields, weights, model=1, version=1)
    assert record.unsupported is None
    assert (record.total_parameters, record.trainable_parameters) == (784 * 3 + 5 * 3 + 8, 784 * 3 + 3 * 3)


@pytest.mark.parametrize("shapes", [
    [(784, 512), (512,)], [(784, 3)], [(784, 3), (3,), (3,)], [(3,), (784, 3)][:1], [],
])
def test_weights_of_other_layers_are_not_believed(layer: Make, sequential: Make, shapes: Any) -> None:
    weights = {f"w{i}": np.zeros(shape, np.float32) for i, shape in enumerate(shapes)}
    fields = {"architecture": sequential(layer("Dense", units=3, name="a")), "built": True, "class": "Sequential"}
    record = read_model(fields, weights, model=1, version=1)
    assert record.unsupported is not None and "weights" in record.unsupported and record.architecture == {}


def test_diverged_weights_are_said(layer: Make, sequential: Make) -> None:
    weights = {"w0": np.full((784, 3), np.nan, np.float32), "w1": np.zeros(3, np.float32)}
    fields = {"architecture": sequential(layer("Dense", units=3)), "built": True, "class": "Sequential"}
    assert not read_model(fields, weights, model=1, version=1).finite


def serialised(kind: str, module: str = "keras.losses", **config: Any) -> dict[str, Any]:
    return {"module": module, "class_name": kind, "config": config, "registered_name": None}


@pytest.mark.parametrize(("optimizer", "loss", "metrics"), [
    ("SGD", "categorical_crossentropy", ["accuracy"]),
    ({"class": "SGD", "config": {"learning_rate": 0.009999999776482582}}, serialised("CategoricalCrossentropy"),
     ["acc"]),
    (serialised("SGD", learning_rate=0.01), {"class_name": "function", "config": "categorical_crossentropy"},
     [["acc"]]),
    ("sgd", serialised("CategoricalCrossentropy", from_logits=False), {"output": "accuracy"}),
])
def test_compile_settings_have_one_name(optimizer: Any, loss: Any, metrics: Any) -> None:
    seen = read_compile({"optimizer": optimizer, "loss": loss, "metrics": metrics})
    assert seen is not None
    assert (seen.optimizer, seen.loss, seen.metrics) == ("sgd", "categorical_crossentropy", ("accuracy",))
    assert seen.settings.get("learning_rate", 0.01) == 0.01


def test_other_names() -> None:
    seen = read_compile({"optimizer": "RMSprop", "loss": "mse", "metrics": [
        serialised("KLDivergence"), serialised("AUC"), serialised("Accuracy"), "mae", serialised("CategoricalAccuracy"),
        serialised("MeanMetricWrapper", fn={"class_name": "function", "config": "own"}), None, 7, [[[[["deep"]]]]]]})
    assert seen is not None and seen.optimizer == "rmsprop" and seen.loss == "mean_squared_error"
    assert seen.metrics == (
        "kl_divergence", "auc", "exact_accuracy", "mean_absolute_error", "categorical_accuracy", "own")
    assert read_compile(None) is read_compile({}) is read_compile({"optimizer": 3}) is None


REBUILT = ("sequential", "added", "functional", "operations", "nested", "lazily_built", "from_tensorflow")


@pytest.mark.slow
def test_real_models_typed_in_seven_ways_are_the_same(recorded: tuple[Path, dict[str, int]]) -> None:
    folder, numbers = recorded
    artifacts = read(FolderSource(folder), sampling_key="00")
    records = {name: artifacts.model(ModelValue(model=numbers[name], version=1)) for name in numbers}
    for name in REBUILT:
        record = records[name]
        assert [(s.class_name, s.activation, s.units) for s in record.steps] == [
            ("Dense", "sigmoid", 16), ("Dense", "softmax", 10)], name
        assert (record.total_parameters, record.trainable_parameters, record.unsupported) == (12_730, 12_730, None)
        assert record.compile is not None and record.compile.metrics == ("accuracy",)
        assert record.chain and record.input_shape == (None, 784)
    _check_odd_ones(records)


def _check_odd_ones(records: dict[str, ModelRecord]) -> None:
    assert records["normalized"].trainable_parameters == 7850
    assert records["normalized"].total_parameters == 7850 + 2 * 784 + 1
    assert records["dropout"].steps[0].initializer == "HeNormal"
    assert not records["branches"].chain and records["branches"].unsupported is None
    for name, word in {"unbuilt": "no weights yet", "with_lambda": "Lambda", "own_layer": "“Dense”",
                       "two_inputs": "2 inputs", "own_activation": "shifted", "subclassed": "Network"}.items():
        assert word in str(records[name].unsupported), name
