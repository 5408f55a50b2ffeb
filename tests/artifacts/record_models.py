"""Run as a script: records real Keras models as a student's process would, into the folder of its first argument."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from autograder.sandbox.child.probing import probe_of

KEY = "00"


def sequential() -> Any:
    return keras.Sequential([
        keras.Input((784,)), layers.Dense(16, activation="sigmoid"), layers.Dense(10, activation="softmax"),
    ])


def added() -> Any:
    model = keras.Sequential()
    model.add(keras.Input(shape=(784,)))
    model.add(layers.Dense(16))
    model.add(layers.Activation("sigmoid"))
    model.add(layers.Dense(10))
    model.add(layers.Softmax())
    return model


def functional() -> Any:
    inputs = keras.Input((784,))
    hidden = layers.Dense(16, activation=keras.activations.sigmoid)(inputs)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(hidden))


def operations() -> Any:
    inputs = keras.Input((784,))
    hidden = keras.ops.sigmoid(layers.Dense(16)(inputs))
    return keras.Model(inputs, keras.ops.softmax(layers.Dense(10)(hidden)))


def nested() -> Any:
    return keras.Sequential([
        keras.Input((784,)), keras.Sequential([layers.Dense(16, activation="sigmoid")]),
        keras.Sequential([layers.Dense(10), layers.Activation("softmax")]),
    ])


def lazily_built() -> Any:
    model = keras.Sequential([layers.Dense(16, activation="sigmoid"), layers.Dense(10, activation="softmax")])
    model(np.zeros((1, 784), "float32"))
    return model


def from_tensorflow() -> Any:
    import tensorflow as tf

    return keras.Sequential([
        keras.Input((784,)), layers.Dense(16, activation=tf.nn.sigmoid), layers.Dense(10, activation=tf.nn.softmax),
    ])


def dropout() -> Any:
    return keras.Sequential([
        keras.Input((784,)), layers.Dense(16, activation="relu", kernel_initializer="he_normal"), layers.Dropout(0.2),
        layers.Dense(10, activation="softmax", kernel_regularizer="l2"),
    ])


def convolution() -> Any:
    return keras.Sequential([
        keras.Input((28, 28, 1)), layers.Rescaling(1 / 255), layers.Conv2D(4, 3, padding="same"), layers.ReLU(),
        layers.BatchNormalization(), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10, activation="softmax"),
    ])


def branches() -> Any:
    inputs = keras.Input((28, 28))
    flat = layers.Flatten()(inputs)
    left, right = layers.Dense(8, activation="relu")(flat), layers.Dense(8, activation="tanh")(flat[:, :300])
    scaled = left * 2.0 + np.arange(8, dtype="float32")
    return keras.Model(inputs, layers.Dense(10)(layers.Concatenate()([scaled, right])))


def constants() -> Any:
    inputs = keras.Input((784,))
    scaled = inputs[:, :20] * 0.5 + np.arange(20, dtype="float32")
    mixed = keras.ops.matmul(scaled, np.random.default_rng(1).normal(size=(20, 9)).astype("float32")[:, :9])
    return keras.Model(inputs, layers.Dense(10)(layers.Concatenate()([mixed, inputs[:, :1]])))


def normalized() -> Any:
    layer = layers.Normalization()
    layer.adapt(np.random.default_rng(0).normal(3.0, 2.0, (100, 784)).astype("float32"))
    return keras.Sequential([keras.Input((784,)), layer, layers.Dense(10, activation="softmax")])


def recurrent() -> Any:
    return keras.Sequential([
        keras.Input((28, 28)), layers.Bidirectional(layers.LSTM(4, return_sequences=True)),
        layers.TimeDistributed(layers.Dense(3, activation=layers.LeakyReLU(0.1))), layers.GRU(5), layers.Dense(10),
    ])


def masked() -> Any:
    """The functional API records the mask of an embedding as an operation and an argument."""
    words = keras.Input((784,))
    vectors = layers.Embedding(300, 6, mask_zero=True)(words)
    return keras.Model(words, layers.Dense(10)(layers.GlobalAveragePooling1D()(vectors)))


def neighbours() -> Any:
    """Its answer about one image depends on the other images of the batch."""
    inputs = keras.Input((784,))
    hidden = layers.Dense(10)(inputs)
    return keras.Model(inputs, hidden + keras.ops.max(hidden, axis=0, keepdims=True))


def open_task() -> Any:
    """Every layer that a search for accuracy is likely to try, one after the other."""
    adapted = layers.Normalization()
    adapted.adapt(np.random.default_rng(0).normal(3.0, 2.0, (50, 28, 28, 1)).astype("float32"))
    return keras.Sequential([
        keras.Input((28, 28, 1)), adapted, layers.Rescaling(2.0, offset=0.5), layers.GaussianNoise(0.1),
        layers.RandomTranslation(0.1, 0.1), layers.RandomRotation(0.05), layers.RandomZoom(0.1),
        layers.ZeroPadding2D(1), layers.Conv2D(4, 3, kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02),
                                               kernel_initializer=keras.initializers.HeNormal(seed=3)),
        layers.LeakyReLU(), layers.SeparableConv2D(6, 3, padding="same"), layers.PReLU(shared_axes=[1, 2]),
        layers.BatchNormalization(momentum=0.9), layers.DepthwiseConv2D(3, strides=2), layers.ELU(),
        layers.AveragePooling2D(2), layers.SpatialDropout2D(0.2), layers.LayerNormalization(),
        layers.Conv2D(8, 2, activation="swish", kernel_constraint=keras.constraints.MaxNorm(2)),
        layers.GlobalAveragePooling2D(), layers.Dense(12, activation="gelu", bias_regularizer="l1",
                                                      activity_regularizer="l2"),
        layers.AlphaDropout(0.1), layers.Dense(10, activation="softmax", kernel_initializer="orthogonal"),
    ])


def residual() -> Any:
    inputs = keras.Input((28, 28, 1))
    first = layers.Conv2D(4, 3, padding="same", activation="relu")(inputs)
    second = layers.Conv2D(4, 3, padding="same")(first)
    joined = layers.Activation("relu")(layers.Add()([first, second]))
    wide = layers.Concatenate()([layers.MaxPooling2D(2)(joined), layers.AveragePooling2D(2)(first)])
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(layers.GlobalMaxPooling2D()(wide)))


def custom_initializer() -> Any:
    @keras.saving.register_keras_serializable(package="student")
    class Halves(keras.initializers.Initializer):  # type: ignore[misc]  # Keras has no types
        def __call__(self, shape: Any, dtype: Any = None, **_: Any) -> Any:
            return keras.ops.full(shape, 0.5, dtype=dtype)

    return keras.Sequential([keras.Input((784,)), layers.Dense(10, kernel_initializer=Halves())])


def unbuilt() -> Any:
    return keras.Sequential([layers.Dense(16), layers.Dense(10)])


def with_lambda() -> Any:
    return keras.Sequential([keras.Input((784,)), layers.Lambda(lambda x: x / 255), layers.Dense(10)])


def own_layer() -> Any:
    class Dense(layers.Dense):  # type: ignore[misc]  # the same
        def call(self, inputs: Any, training: Any = None) -> Any:
            return 3 * super().call(inputs)

    return keras.Sequential([keras.Input((784,)), Dense(10)])


def own_activation() -> Any:
    def shifted(x: Any) -> Any:
        return keras.ops.relu(x) + 1

    return keras.Sequential([keras.Input((784,)), layers.Dense(10, activation=shifted)])


def disguised_activation() -> Any:
    def relu(x: Any) -> Any:
        return keras.ops.relu(x) + 1

    return keras.Sequential([keras.Input((784,)), layers.Dense(10, activation=relu)])


def subclassed() -> Any:
    class Network(keras.Model):  # type: ignore[misc]  # the same
        def __init__(self) -> None:
            super().__init__()
            self.dense = layers.Dense(10)

        def call(self, inputs: Any) -> Any:
            return self.dense(inputs)

    model = Network()
    model(np.zeros((1, 784), "float32"))
    return model


def two_inputs() -> Any:
    first, second = keras.Input((784,)), keras.Input((784,))
    return keras.Model([first, second], layers.Add()([first, second]))


MODELS = (sequential, added, functional, operations, nested, lazily_built, from_tensorflow, dropout, convolution,
          branches, constants, normalized, recurrent, open_task, residual, custom_initializer, neighbours, unbuilt,
          with_lambda, own_layer, own_activation, disguised_activation, subclassed, two_inputs, masked)
"""A new one comes last: the weights of each follow from its number."""


def record(number: int, model: Any, folder: Path) -> None:
    if model.built and not isinstance(model.input_shape if hasattr(model, "input_shape") else None, list):
        model.compile(optimizer="sgd", loss="categorical_crossentropy", metrics=["acc"])
    fields = {
        "model": number, "version": 1, "name": model.name, "built": model.built, "class": type(model).__name__,
        "architecture": keras.saving.serialize_keras_object(model), "iterations": 47,
        "compile": model.get_compile_config() if getattr(model, "compiled", False) else None,
        "parameters": {"total": 1, "trainable": 1},
        "weights": [{"name": w.name, "path": w.path, "shape": list(w.shape)} for w in model.weights],
        "input_shape": None, "output_shape": [None, 10],
    }
    (folder / f"model-{number}-1.json").write_text(json.dumps(fields, default=str))
    generator = np.random.default_rng(number)
    if not model.built:
        return
    for weight in model.weights:
        if "normalization" not in weight.path:
            weight.assign(generator.normal(0, 0.05, weight.shape))
    arrays: dict[str, Any] = {f"w{i}": np.asarray(w) for i, w in enumerate(model.weights)}
    np.savez(folder / f"weights-{number}-1.npz", **arrays)
    probe = probe_of(model, KEY, 32) if hasattr(model, "input_shape") else None
    if probe is not None:
        np.savez(folder / f"probe-{number}-1.npz", **probe)


if __name__ == "__main__":
    out = Path(sys.argv[1])
    for number, make in enumerate(MODELS):
        record(number, make(), out)
    (out / "names.json").write_text(json.dumps([make.__name__ for make in MODELS]))
