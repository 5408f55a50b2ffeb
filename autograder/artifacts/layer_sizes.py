"""Parameters and output shapes of a recorded model's layers, worked out from its configuration and weight shapes.

Only for models whose layers form one chain. The formulas are those of Keras's documentation of each layer.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder.artifacts.allowed import MODEL_ALIASES, MODELS
from autograder.artifacts.model_record import weight_counts
from autograder.artifacts.model_values import LayerSpec, ModelRecord
from autograder.artifacts.values import Shape

_KEEP_SHAPE = frozenset({"Activation", "Dropout", "BatchNormalization", "LayerNormalization", "GaussianNoise", "ReLU",
                         "LeakyReLU", "ELU", "Softmax", "Rescaling", "Normalization", "Identity", "GaussianDropout"})
_POOLING = frozenset({"MaxPooling2D", "AveragePooling2D"})


@dataclass(frozen=True, kw_only=True, slots=True)
class LayerSize:
    """One layer.

    Attributes:
        parameters: the numbers in its weight arrays.
        inputs: numbers that each unit or filter is connected to; None for layers other than dense and convolutional.
        output: shape of its output for one example; None where it is unknown.
    """

    parameters: int
    inputs: int | None = None
    output: Shape | None = None


def layer_sizes(record: ModelRecord) -> tuple[LayerSize, ...] | None:
    """Return the size of each of ``record.layers``; None where the weights cannot be assigned to them.

    A network inside the network counts as unknown, since Keras's own summary shows it as one layer.
    """
    if record.unsupported is not None or not record.chain or _nested(record.architecture):
        return None
    output = _closed(record.input_shape[1:]) if record.input_shape else None
    found: list[LayerSize] = []
    start = 0
    for layer in record.layers:
        counts = weight_counts(layer)
        if counts is None:
            return None
        own = record.weight_shapes[start : start + sum(counts)]
        start += sum(counts)
        output = _output(layer, output)
        kernel = own[0] if own and layer.class_name in ("Dense", "Conv2D") else None
        found.append(LayerSize(parameters=sum(map(math.prod, own)), output=output,
                               inputs=math.prod(kernel[:-1]) if kernel else None))
    return tuple(found)


def _nested(architecture: Mapping[str, Any]) -> bool:
    layers = architecture.get("config", {}).get("layers", ())
    return any(MODEL_ALIASES.get(layer["class_name"], layer["class_name"]) in MODELS for layer in layers)


def _closed(sides: tuple[int | None, ...]) -> Shape | None:
    known = tuple(side for side in sides if side is not None)
    return known if len(known) == len(sides) else None


def _output(layer: LayerSpec, given: Shape | None) -> Shape | None:
    if given is None:
        return None
    if layer.class_name in _KEEP_SHAPE:
        return given
    if layer.class_name == "Dense" and layer.units is not None:
        return (*given[:-1], layer.units)
    if layer.class_name == "Flatten":
        return (math.prod(given),)
    if layer.class_name == "Conv2D":
        return _convolved(layer, given)
    if layer.class_name in _POOLING:
        return _pooled(layer, given)
    return None


def _convolved(layer: LayerSpec, given: Shape) -> Shape | None:
    dilated = layer.config.get("dilation_rate", [1, 1])
    if layer.kernel_size is None or layer.filters is None or dilated not in ([1, 1], (1, 1), 1):
        return None
    sides = _sides(layer, given, layer.kernel_size, layer.strides or (1, 1))
    return (*sides, layer.filters) if sides is not None else None


def _pooled(layer: LayerSpec, given: Shape) -> Shape | None:
    if layer.pool_size is None:
        return None
    sides = _sides(layer, given, layer.pool_size, layer.strides or layer.pool_size)
    return (*sides, given[2]) if sides is not None else None


def _sides(layer: LayerSpec, given: Shape, window: Shape, strides: Shape) -> Shape | None:
    """Return height and width of the maps; images have their channels last."""
    channels_last = layer.config.get("data_format", "channels_last") in (None, "channels_last")
    if len(given) != 3 or len(window) not in (1, 2) or len(strides) not in (1, 2) or not channels_last:
        return None
    pairs = list(zip(given[:2], window * (2 // len(window)), strides * (2 // len(strides)), strict=True))
    if any(step < 1 for _, _, step in pairs):
        return None
    if layer.padding == "same":
        return tuple(-(-side // step) for side, _, step in pairs)
    sides = tuple((side - size) // step + 1 for side, size, step in pairs)
    return sides if layer.padding == "valid" and min(sides) > 0 else None
