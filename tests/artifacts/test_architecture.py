"""The allow-list: what is written anew, and what makes a model unjudged."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.artifacts.allowed import activation_name
from autograder.artifacts.architecture import canonical
from autograder.artifacts.layer_spec import layout
from autograder.artifacts.model_record import read_model
from autograder.errors import ArtifactError

Make = Callable[..., dict[str, Any]]


def function(name: str) -> dict[str, Any]:
    return {"module": "builtins", "class_name": "function", "config": name, "registered_name": "function"}


def test_only_our_own_names_and_neutral_training_settings_come_out(layer: Make, sequential: Make) -> None:
    own = {"module": "student", "class_name": "Halves", "config": {}, "registered_name": "student>Halves"}
    dense = layer("Dense", units=3, activation=function("softmax_v2"), kernel_initializer=own, kernel_regularizer=own,
                  bias_constraint=own, dtype={"module": "keras", "class_name": "DTypePolicy",
                                              "config": {"name": "float32"}, "registered_name": None})
    dense["compile_config"] = dense["extra"] = {"module": "os", "class_name": "system"}
    dense["module"] = "keras.src.layers.core.dense"
    seen = canonical(sequential(dense))["config"]["layers"][1]
    assert seen == {
        "module": "keras.layers", "class_name": "Dense", "registered_name": None,
        "config": {"units": 3, "activation": "softmax", "kernel_initializer": "zeros", "kernel_regularizer": None,
                   "bias_constraint": None, "dtype": "float32"},
    }


@pytest.mark.parametrize(("written", "name"), [
    ("relu", "relu"), ("swish", "silu"), (None, "linear"), (function("softmax_v2"), "softmax"),
    (function("log_softmax_v2"), "log_softmax"), (function("identity"), "linear"), (function("my_own"), None),
    ("my_own", None), (7, None), ([], None), ({"class_name": "ReLU"}, None),
])
def test_activations_have_one_name(written: Any, name: str | None) -> None:
    assert activation_name(written) == name


def refused() -> dict[str, Any]:
    def one(kind: str, module: Any = "keras.layers", registered: Any = None, **config: Any) -> dict[str, Any]:
        return {"module": module, "class_name": kind, "config": config, "registered_name": registered}

    deep: Any = 0
    for _ in range(60):
        deep = [deep]
    return {
        "Lambda": one("Lambda", function={"class_name": "__lambda__", "config": {"code": "4wE="}}),
        "lambda inside": one("Dense", units=3, name={"class_name": "__lambda__", "config": {"value": "4wE="}}),
        "SavedModel": one("TFSMLayer", filepath="/etc"),
        "torch": one("TorchModuleWrapper", module={}),
        "vocabulary file": one("StringLookup", vocabulary="/etc/passwd"),
        "other module": one("Dense", module="os"),
        "no module": one("Dense", module=None),
        "odd module": one("Dense", module=["keras.layers"]),
        "own class": one("Dense", registered="student>Dense"),
        "own class of Keras's name": one("Dense", module="__main__"),
        "unknown operation": one("Map", module="keras.src.ops.core"),
        "operation elsewhere": one("Add", module="subprocess"),
        "class is no text": {"module": "keras.layers", "class_name": ["Dense"], "config": {}},
        "configuration is no object": {"module": "keras.layers", "class_name": "Dense", "config": "x"},
        "own activation": one("Dense", units=3, activation=function("shifted")),
        "hidden in a wrapper": one("TimeDistributed", layer=one("Lambda")),
        "activation layer of its own": one("Dense", activation=one("Shifted", module="__main__")),
        "huge number": one("Dense", units=10**9),
        "long text": one("Dense", units=3, name="x" * 1000),
        "deep": one("Reshape", target_shape=deep),
        "long": one("Normalization", mean=[0.0] * 300_000),
        "quantized": one("Dense", units=3, quantization_config={"mode": "int8"}),
        "text type": one("Embedding", dtype="string"),
        "odd type": one("Dense", dtype=[1]),
        "own policy": one("Dense", dtype={"class_name": "Mine", "config": {"name": "float32"}}),
    }


@pytest.mark.parametrize("name", refused())
def test_what_cannot_be_rebuilt_is_said_in_one_sentence(name: str, sequential: Make) -> None:
    with pytest.raises(ArtifactError) as caught:
        canonical(sequential(refused()[name]))
    assert str(caught.value).endswith(".") and len(str(caught.value)) < 300


@pytest.mark.parametrize("document", [
    None, [], {}, {"class_name": "Sequential"}, {"class_name": "Sequential", "module": "keras", "config": None},
    {"class_name": "Model", "module": "__main__", "config": {}}, {"class_name": {}, "module": [], "config": {}},
])
def test_what_is_no_model_is_refused(document: Any) -> None:
    with pytest.raises(ArtifactError):
        canonical(document)


def test_too_many_layers_and_inputs_are_refused(layer: Make, sequential: Make) -> None:
    with pytest.raises(ArtifactError, match="500 layers"):
        canonical(sequential(*[layer("Identity")] * 600))
    with pytest.raises(ArtifactError, match="2 inputs"):
        canonical(sequential(layer("InputLayer", batch_shape=[None, 3])))


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.sampled_from(["Dense", "Sequential", "Functional", "keras", "keras.layers", "InputLayer", "relu", "function"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["class_name", "module", "config", "layers", "inbound_nodes", "keras_history", "name", "units",
                         "activation", "dtype", "registered_name", "build_config", "use_bias", "batch_shape", "args",
                         "optimizer", "loss", "metrics", "architecture", "compile", "weights", "path", "target_shape"]),
        inner, max_size=6),
    max_leaves=25,
)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(JUNK)
def test_any_document_gives_a_record(document: Any) -> None:
    node = {"module": "keras", "class_name": "Sequential", "config": document}
    for fields in (document, {"architecture": document, "built": True, "compile": document, "weights": document},
                   {"architecture": node, "built": True, "class": "Sequential", "compile": document}):
        record = read_model(fields, {}, model=1, version=1)
        assert record.unsupported is None or record.architecture == {}
        json.dumps(record.architecture)
    layout(node)
