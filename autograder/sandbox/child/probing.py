"""Evaluates a model on probe inputs: the same ones in the student's process and with the rebuilt model.

Needs Keras, so import it only where Keras is loaded. Names are bound at import, since a student may patch Keras later.
"""

from __future__ import annotations

from typing import Any

import keras
from keras import StatelessScope, Variable
from keras.layers import Embedding
from keras.ops import convert_to_numpy, convert_to_tensor
from numpy import asarray
from numpy.typing import NDArray

from autograder.artifacts.sampling import louder, probe_inputs, probe_sides, probe_weights

_MAX_PROBE = 1 << 22
_TENSORFLOW = keras.backend.backend() == "tensorflow"


def probe_of(model: Any, key: str, rows: int) -> dict[str, NDArray[Any]] | None:
    """Evaluate a model with one input and one output on inputs that both sides can draw.

    Returns:
        x, the inputs; y, its outputs; z, its outputs for scaled-up inputs and weights that both sides draw; p, its
        weight penalty for those weights, as one number. None if the inputs cannot be drawn.
    """
    inputs = inputs_of(model, key, rows)
    if inputs is None:
        return None
    answers = as_numpy(model(inputs, training=False))
    drawn, penalty = drawn_answers(model, inputs, key)
    return {"x": inputs, "y": answers, "z": drawn, "p": asarray([penalty], "float64")}


def inputs_of(model: Any, key: str, rows: int) -> NDArray[Any] | None:
    """Return the probe inputs of a model, None if it does not take one array of a known rank."""
    shape = model.input_shape
    if not isinstance(shape, tuple) or not all(side is None or isinstance(side, int) for side in shape):
        return None
    counts = any(isinstance(layer, Embedding) for layer in model.layers)
    inputs = probe_inputs(key, probe_sides(shape), "int32" if counts else "float32", rows)
    return inputs if inputs.size <= _MAX_PROBE else None


def drawn_answers(model: Any, inputs: NDArray[Any], key: str) -> tuple[NDArray[Any], float]:
    """Return a model's outputs for scaled-up inputs and drawn weights, and its weight penalty for those weights."""
    # The scope substitutes the weights: the model's own are never touched.
    with StatelessScope(state_mapping=drawn_weights(model, key), initialize_variables=False):
        return as_numpy(model(louder(inputs), training=False)), penalty_of(model)


def drawn_weights(model: Any, key: str) -> list[tuple[Any, Any]]:
    """Return each floating-point weight of a model, with a tensor to use in its place."""
    held = [weight for weight in model.weights if "float" in keras.backend.standardize_dtype(weight.dtype)]
    arrays = probe_weights(key, [tuple(map(int, weight.shape)) for weight in held])
    return [(weight, convert_to_tensor(array, dtype=weight.dtype)) for weight, array in zip(held, arrays, strict=True)]


def penalty_of(model: Any) -> float:
    """Return the sum of all weight penalties for the current weights."""
    kept = (weight for weight in model.trainable_weights if getattr(weight, "regularizer", None) is not None)
    return float(sum(float(as_numpy(weight.regularizer(weight))) for weight in kept))


def as_numpy(tensor: Any) -> NDArray[Any]:
    """Return a tensor or variable of the backend as an array; bfloat16 becomes float32, which holds it exactly."""
    held = tensor.value if isinstance(tensor, Variable) else None
    # `convert_to_numpy` copies a TensorFlow variable twice, which is too slow for every checkpoint.
    array = asarray(held.numpy() if _TENSORFLOW and held is not None else convert_to_numpy(tensor))
    return array if array.dtype.kind in "biuf" else array.astype("float32")
