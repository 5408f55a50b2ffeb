"""Run as a script: records models that pose as others, with the recorder of a student's process.

Arguments: the folder to write into. Writes what the recorder writes, and names.json: name → number of the model.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from autograder.sandbox.child.student.model_book import ModelBook
from autograder.sandbox.child.student.records import Recorder

KEY = "00"
ACTIVATIONS = "keras.src.activations.activations"


def network(activation: Any, **settings: Any) -> Any:
    hidden = layers.Dense(16, activation=activation, **settings)
    return keras.Sequential([keras.Input((784,)), hidden, layers.Dense(10, activation="softmax")])


def posing(function: Any, name: str) -> Any:
    function.__name__ = function.__qualname__ = name
    function.__module__ = ACTIVATIONS
    return function


def keras_own() -> Any:
    return network("relu")


def own_but_right() -> Any:
    return network(posing(lambda x: keras.ops.maximum(x, 0), "relu"))


def with_penalty() -> Any:
    return network("relu", kernel_regularizer="l2", bias_regularizer=keras.regularizers.L1L2(0.1, 0.2))


def diverged() -> Any:
    model = network("relu")
    model.layers[0].kernel.assign(np.full((784, 16), np.nan, "float32"))
    return model


def open_axes() -> Any:
    return keras.Sequential([keras.Input((None, None, 1)), layers.Conv2D(4, 3, activation="relu"),
                             layers.GlobalAveragePooling2D(), layers.Dense(10)])


def half() -> Any:
    return keras.Sequential([keras.Input((784,), dtype="float32"), layers.Dense(16, "relu", dtype="mixed_float16"),
                             layers.Dense(10, dtype="float32")])


def indices() -> Any:
    return keras.Sequential([keras.Input((12,), dtype="int32"), layers.Embedding(10, 4), layers.LSTM(5, unroll=True),
                             layers.Dense(10)])


def called_relu() -> Any:
    return network(posing(lambda x: x, "relu"))


def called_relu_6() -> Any:
    return network(posing(lambda x: keras.ops.minimum(keras.ops.relu(x), 6), "relu"))


def called_leaky_relu() -> Any:
    return network(posing(lambda x: keras.ops.leaky_relu(x, 0.01), "relu"))


def called_softmax() -> Any:
    return keras.Sequential([keras.Input((784,)), layers.Dense(10, posing(lambda x: x, "softmax"))])


def hidden_by_zeros() -> Any:
    model = called_relu()
    model.set_weights([np.zeros_like(array) for array in model.get_weights()])
    return model


def hidden_by_nan() -> Any:
    model = called_relu()
    model.set_weights([np.full_like(array, np.nan) for array in model.get_weights()])
    return model


def hidden_by_large_biases() -> Any:
    model = called_relu()
    model.layers[0].bias.assign(np.full(16, 1e3, "float32"))
    return model


def activation_layer() -> Any:
    return keras.Sequential([keras.Input((784,)), layers.Dense(16), layers.Activation(posing(lambda x: x, "tanh")),
                             layers.Dense(10)])


def patched_after_building() -> Any:
    model = network("relu")
    model.layers[0].call = lambda inputs, training=None: keras.ops.matmul(inputs, model.layers[0].kernel)
    return model


def posing_layer() -> Any:
    class Dropout(layers.Layer):  # type: ignore[misc]  # Keras has no types
        def __init__(self, rate: float, **more: Any) -> None:
            super().__init__(**more)
            self.rate = rate

        def call(self, inputs: Any) -> Any:
            return inputs

        def get_config(self) -> Any:
            return {**super().get_config(), "rate": self.rate, "seed": None, "noise_shape": None}

    Dropout.__module__, Dropout.__qualname__ = "keras.src.layers.regularization.dropout", "Dropout"
    return keras.Sequential([keras.Input((784,)), Dropout(0.5), layers.Dense(10)])


def posing_penalty() -> Any:
    class L2(keras.regularizers.L2):  # type: ignore[misc]  # the same
        def __call__(self, x: Any) -> Any:
            return 0.0

    L2.__module__ = "keras.src.regularizers.regularizers"
    return network("relu", kernel_regularizer=L2(0.01))


RIGHT = (keras_own, own_but_right, with_penalty, diverged, open_axes, half, indices)
FORGED = (called_relu, called_relu_6, called_leaky_relu, called_softmax, hidden_by_zeros, hidden_by_nan,
          hidden_by_large_biases, activation_layer, patched_after_building)
OTHER = (posing_layer, posing_penalty)


if __name__ == "__main__":
    scratch = Path(sys.argv[1])
    out = scratch / ".out"
    book = ModelBook(Recorder(str(scratch), output_mib=1, disk_mib=500), KEY, 32)
    keep = {make.__name__: make() for make in (*RIGHT, *FORGED, *OTHER)}
    numbers = {name: book.record(model)["model"] for name, model in keep.items()}
    names = {"right": [make.__name__ for make in RIGHT], "forged": [make.__name__ for make in FORGED]}
    (out / "names.json").write_text(json.dumps({"numbers": numbers, **names}))
