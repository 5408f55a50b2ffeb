"""A small recording as a student's process writes it, made without Keras: files by name, for others to change."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np

Node = dict[str, Any]


def layer(kind: str, name: str, **config: Any) -> Node:
    """Return a serialised layer as Keras writes it."""
    policy = {"module": "keras", "class_name": "DTypePolicy", "config": {"name": "float32"}, "registered_name": None}
    return {
        "module": "keras.layers",
        "class_name": kind,
        "registered_name": None,
        "build_config": {"input_shape": [None, 6]},
        "config": {"name": name, "trainable": True, "dtype": policy, **config},
    }


def dense(name: str, units: int, activation: str = "relu") -> Node:
    """Return a serialised dense layer."""
    start = {
        "module": "keras.initializers",
        "class_name": "GlorotUniform",
        "config": {"seed": None},
        "registered_name": None,
    }
    return layer(
        "Dense",
        name,
        units=units,
        activation=activation,
        use_bias=True,
        kernel_initializer=start,
        kernel_regularizer={
            "module": "keras.regularizers",
            "class_name": "L2",
            "config": {"l2": 0.01},
            "registered_name": None,
        },
        kernel_constraint=None,
    )


def sequential() -> Node:
    """Return a serialised Sequential of two dense layers."""
    first = layer("InputLayer", "input", batch_shape=[None, 6], sparse=False)
    return {
        "module": "keras",
        "class_name": "Sequential",
        "registered_name": None,
        "build_config": {"input_shape": [None, 6]},
        "config": {
            "name": "sequential",
            "trainable": True,
            "build_input_shape": [None, 6],
            "layers": [
                first,
                dense("one", 4),
                layer("Dropout", "out", rate=0.2, seed=3, noise_shape=None),
                dense("two", 3, "softmax"),
            ],
        },
    }


def called(node: Node, *parents: str) -> Node:
    """Return a layer of a functional model that is called with the outputs of others."""
    tensors = [
        {
            "class_name": "__keras_tensor__",
            "config": {"shape": [None, 4], "dtype": "float32", "keras_history": [parent, 0, 0]},
        }
        for parent in parents
    ]
    return {
        **node,
        "name": node["config"]["name"],
        "inbound_nodes": [{"args": tensors, "kwargs": {}}] if parents else [],
    }


def functional() -> Node:
    """Return a serialised functional model with a branch, an operation and a nested activation object."""
    relu = {"module": "keras.layers", "class_name": "ReLU", "registered_name": None, "config": {"max_value": 6.0}}
    operation = {
        "module": "keras.src.ops.numpy",
        "class_name": "Add",
        "registered_name": "Add",
        "config": {"name": "add"},
    }
    layers = [
        called(
            layer("InputLayer", "input", batch_shape=[None, 6]),
        ),
        called(dense("one", 4), "input"),
        called({**dense("two", 4), "config": {**dense("two", 4)["config"], "activation": relu}}, "input"),
        called(operation, "one", "two"),
        called(dense("end", 3, "softmax"), "add"),
    ]
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "registered_name": "Functional",
        "config": {
            "name": "functional",
            "trainable": True,
            "layers": layers,
            "input_layers": ["input", 0, 0],
            "output_layers": ["end", 0, 0],
        },
    }


def model(number: int, architecture: Node) -> Node:
    """Return the record of one model."""
    return {
        "model": number,
        "version": 1,
        "name": "m",
        "built": True,
        "class": architecture["class_name"],
        "architecture": architecture,
        "iterations": 47,
        "parameters": {"total": 43, "trainable": 43},
        "compile": {
            "optimizer": {"class": "SGD", "config": {"learning_rate": 0.01}},
            "loss": "categorical_crossentropy",
            "metrics": ["accuracy", {"class_name": "MeanMetricWrapper", "config": {"fn": "acc"}}],
        },
        "weights": [
            {"name": "kernel", "path": f"{name}/kernel", "shape": [6, 4], "dtype": "float32"} for name in "ab"
        ],
        "input_shape": [None, 6],
        "output_shape": [None, 3],
    }


def saved(**arrays: Any) -> bytes:
    """Return arrays as NumPy saves them."""
    memory = io.BytesIO()
    np.savez(memory, **arrays)
    return memory.getvalue()


def lines() -> list[Node]:
    """Return the lines of the checkpoints."""
    array = {
        "kind": "array",
        "type": "numpy.ndarray",
        "shape": [40, 3],
        "dtype": "float32",
        "min": 0.0,
        "max": 1.0,
        "mean": 0.5,
        "std": 0.1,
        "nan": 0,
        "inf": 0,
        "fingerprint": "ab",
        "rows": "a0",
        "file": 1,
    }
    seen = {"fingerprint": "ab", "shape": [40, 3], "dtype": "float32"}
    fit = {
        "fit": 1,
        "model": 1,
        "cell": 4,
        "x": seen,
        "y": {"type": "tf.data.Dataset"},
        "batch_size": 8,
        "epochs": 2,
        "validation": {"split": 0.2},
        "callbacks": ["EarlyStopping"],
        "callback_settings": [{"patience": 3}],
        "completed": True,
        "history": {"loss": [1.0, "nan"]},
        "steps": 10,
        "weights_before": "a",
        "weights_after": "b",
    }
    names = {
        "X": array,
        "s": {"kind": "scalar", "type": "float", "value": 0.5},
        "m": {"kind": "model", "model": 1, "version": 1},
        "l": {"kind": "sequence", "type": "list", "length": 1, "items": [array]},
        "h": {"kind": "history", "model": 1, "fit": 1, "history": {"loss": [1.0]}},
        "t": {"kind": "text", "value": "words", "length": 5},
        "f": {"kind": "function", "name": "f", "parameters": ["x"]},
        "d": {"kind": "mapping", "type": "dict", "length": 1, "items": {"key": {"kind": "figure"}}},
    }
    return [
        {
            "task": "a",
            "cell": 1,
            "names": names,
            "fits": [fit],
            "evaluations": [{"model": 1, "x": seen, "result": [1.0]}],
        },
        {
            "task": "b",
            "cell": 2,
            "names": {"m": {"kind": "model", "model": 2, "version": 1}},
            "fits": [],
            "evaluations": [{"model": 2, "result": {"loss": 0.5}}],
        },
    ]


def calls() -> Node:
    """Return what became of some calls."""
    number = {"kind": "scalar", "type": "float", "value": 0.5}
    return {
        "task": "a",
        "calls": [
            {"key": "k", "error": None, "value": number, "whole": "c0"},
            {"key": "l", "error": "TypeError: no"},
            {"key": "m", "missing": True},
        ],
    }


def files() -> dict[str, bytes]:
    """Return all files of the recording."""
    rng = np.random.default_rng(1)
    weights = {
        f"w{i}": rng.normal(size=shape).astype("float32") for i, shape in enumerate([(6, 4), (4,), (4, 3), (3,)])
    }
    branches = {
        f"w{i}": rng.normal(size=shape).astype("float32")
        for i, shape in enumerate([(6, 4), (4,), (6, 4), (4,), (4, 3), (3,)])
    }
    probe = saved(x=np.ones((8, 6), "float32"), y=np.ones((8, 3), "float32"))
    return {
        "checkpoints.jsonl": b"\n".join(json.dumps(line).encode() for line in lines()),
        "model-1-1.json": json.dumps(model(1, sequential())).encode(),
        "weights-1-1.npz": saved(**weights),
        "model-2-1.json": json.dumps(model(2, functional())).encode(),
        "weights-2-1.npz": saved(**branches),
        "probe-1-1.npz": probe,
        "probe-2-1.npz": probe,
        "rows-1.npz": saved(a0=rng.normal(size=(40, 3)).astype("float32")),
        "calls-1.json": json.dumps(calls()).encode(),
        "calls-1.npz": saved(c0=np.arange(5)),
    }
