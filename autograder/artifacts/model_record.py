"""Turns what was recorded about one state of a model into a `ModelRecord`, which says what cannot be read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograder.artifacts.architecture import canonical
from autograder.artifacts.carried import carried_numbers
from autograder.artifacts.compilation import read_compile
from autograder.artifacts.json_fields import count, mapping, open_shape, sequence, text, whole
from autograder.artifacts.layer_spec import Layout, layout
from autograder.artifacts.masks import without_masks
from autograder.artifacts.model_values import LayerSpec, ModelRecord
from autograder.artifacts.text_front import split_front
from autograder.artifacts.text_rows import TextRows
from autograder.artifacts.values import Array, Shape
from autograder.errors import ArtifactError

MAX_PARAMETERS = 25_000_000
_NORMALIZATIONS = ("BatchNormalization", "LayerNormalization", "GroupNormalization", "RMSNormalization")
_FROZEN_NAMES = frozenset({"moving_mean", "moving_variance", "mean", "variance", "count", "seed_generator_state"})


def read_model(document: Any, weights: Mapping[str, Array] | None, *, model: int, version: int) -> ModelRecord:
    """Return the record of one state of one model.

    Args:
        document: parsed ``model-<m>-<v>.json``, or None where it cannot be read.
        weights: arrays of ``weights-<m>-<v>.npz``, or None where they cannot be read.
    """
    fields = mapping(document)
    node = serialised(fields)
    shown = layout(node)
    shapes = tuple(array.shape for array in weights.values()) if weights is not None else ()
    texts, architecture, unsupported = _canonical(node, fields.get("vectorizer"))
    total, carried = sum(map(math.prod, shapes)), carried_numbers(node)
    unsupported = _too_many(total) or _missing(fields, weights) or unsupported or _misfit(shown, shapes)
    return ModelRecord(
        model=model,
        version=version,
        name=text(fields.get("name")) or "",
        class_name=text(fields.get("class")) or text(node.get("class_name")) or "unknown",
        built=fields.get("built") is True,
        architecture=architecture if unsupported is None else {},
        layers=shown.layers,
        steps=shown.steps,
        chain=shown.chain,
        compile=read_compile(fields.get("compile")),
        iterations=count(fields.get("iterations")),
        halvings=whole(fields.get("halvings")),
        total_parameters=total + carried,
        carried_numbers=carried,
        trainable_parameters=total - _frozen(shown.layers, shapes, fields),
        weight_shapes=shapes,
        input_shape=shown.input_shape or open_shape(fields.get("input_shape")),
        output_shape=open_shape(fields.get("output_shape")),
        finite=all(_finite(array) for array in (weights or {}).values()),
        unsupported=unsupported,
        texts=texts,
    )


def _too_many(parameters: int) -> str | None:
    if parameters <= MAX_PARAMETERS:
        return None
    return f"The model has {parameters:,} parameters; at most {MAX_PARAMETERS:,} are rebuilt."


def ordered_weights(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """Return the arrays w0, w1, … in the order of their numbers.

    Raises:
        ArtifactError: other names, a gap, or an array that is not numeric.
    """
    names = [f"w{number}" for number in range(len(arrays))]
    if set(names) != set(arrays):
        raise ArtifactError("Expected weights named w0, w1, … without a gap, got other names: they were not read.")
    if any(array.dtype.kind not in "fiub" for array in arrays.values()):
        raise ArtifactError("Expected numbers as weights, got another type: they were not read.")
    return {name: arrays[name] for name in names}


def serialised(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the model as Keras serialises it, also where only its configuration was recorded."""
    node = mapping(fields.get("architecture"))
    if "class_name" in node and isinstance(node.get("config"), dict):
        return without_masks(dict(node))
    name = text(fields.get("class")) or ""
    module = "keras.src.models.functional" if name in ("Functional", "Model") else "keras"
    return without_masks({"module": module, "class_name": name, "config": dict(node), "registered_name": None})


def _canonical(serialised: dict[str, Any], vectorizer: Any) -> tuple[TextRows | None, dict[str, Any], str | None]:
    """Return how texts become rows, what is rebuilt, and why nothing is."""
    try:
        split = split_front(serialised, vectorizer)
        return (None, canonical(serialised), None) if split is None else (split[0], canonical(split[1]), None)
    except ArtifactError as error:
        return None, {}, str(error)


def _missing(fields: Mapping[str, Any], weights: Mapping[str, Array] | None) -> str | None:
    if not fields or not mapping(fields.get("architecture")):
        return "The model's configuration was not recorded or cannot be read."
    if fields.get("built") is not True:
        return "The model has no weights yet: it was neither given an input shape nor trained."
    foreign = [name for item in sequence(fields.get("foreign"))[:20] if (name := text(item, 60))]
    if foreign:
        return f"The model has layers that are not Keras's own, whatever they are called: {', '.join(foreign)}."[:300]
    if weights is None:
        return "The model's weights were not recorded or cannot be read."
    return None


def _misfit(shown: Layout, shapes: Sequence[Shape]) -> str | None:
    """Compare the recorded weights with the layers, so that neither can be claimed without the other."""
    start = 0
    for layer in shown.layers:
        known = weight_counts(layer)
        if known is None:
            return None
        own = shapes[start : start + sum(known)]
        width = layer.units if layer.class_name == "Dense" else layer.filters
        kernels = layer.class_name in ("Dense", "Conv1D", "Conv2D", "Conv3D")
        if len(own) < sum(known) or (kernels and any(shape[-1:] != (width,) for shape in own)):
            return f"The recorded weights do not fit the layer {layer.class_name} named “{layer.name[:60]}”."
        start += sum(known)
    return None if start == len(shapes) else "The model has more weights than its layers."


def _frozen(layers: Sequence[LayerSpec], shapes: Sequence[Shape], fields: Mapping[str, Any]) -> int:
    """Return how many parameters training does not change."""
    frozen = start = 0
    for layer in layers:
        known = weight_counts(layer)
        if known is None or start + sum(known) > len(shapes):
            return _frozen_by_name(layers, shapes, fields)
        trained = known[0] if layer.trainable else 0
        frozen += sum(map(math.prod, shapes[start + trained : start + sum(known)]))
        start += sum(known)
    return frozen


def _frozen_by_name(layers: Sequence[LayerSpec], shapes: Sequence[Shape], fields: Mapping[str, Any]) -> int:
    """The same from the recorded names of weights, for layers whose weights we cannot count."""
    locked = {layer.name for layer in layers if not layer.trainable and layer.name}
    frozen = 0
    for shape, weight in zip(shapes, sequence(fields.get("weights")), strict=False):
        path = (text(mapping(weight).get("path"), 1000) or "").split("/")
        if path[-1] in _FROZEN_NAMES or locked & set(path):
            frozen += math.prod(shape)
    return frozen


def weight_counts(layer: LayerSpec) -> tuple[int, int] | None:
    """Return how many arrays training changes in a layer and how many it does not; None for layers not known here."""
    name, config = layer.class_name, layer.config
    bias = 1 if config.get("use_bias", True) else 0
    if name in ("Dense", "Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "DepthwiseConv2D"):
        return 1 + bias, 0
    if name in ("SeparableConv1D", "SeparableConv2D", "SimpleRNN", "LSTM", "GRU"):
        return 2 + bias, 0
    if name in _NORMALIZATIONS:
        scale = 1 if config.get("scale", True) else 0
        centre = 1 if config.get("center", name != "RMSNormalization") else 0
        return scale + centre, 2 if name == "BatchNormalization" else 0
    if name in ("Embedding", "PReLU"):
        return 1, 0
    if name == "Normalization":
        return (0, 0) if config.get("mean") is not None else (0, 3)
    return (0, 0) if name in _WEIGHTLESS else None


_WEIGHTLESS = frozenset(
    ["Activation", "Flatten", "Reshape", "Permute", "RepeatVector", "Identity", "Masking", "ReLU", "LeakyReLU", "ELU",
     "Softmax", "Dropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianDropout", "GaussianNoise", "Rescaling",
     "MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D", "GlobalMaxPooling1D",
     "GlobalMaxPooling2D", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "UpSampling2D", "ZeroPadding2D", "Add",
     "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot", "Relu", "Sigmoid", "Tanh",
     "TextVectorization"]
)


def _finite(array: Array) -> bool:
    return array.dtype.kind != "f" or bool(np.isfinite(array).all())
