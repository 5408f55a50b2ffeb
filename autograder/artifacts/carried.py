"""Counts the numbers that a model stores outside its weights, and the calls of its layers. Pure; never raises.

A budget of parameters covers every number that was learned, wherever it is stored: arrays among the arguments of an
operation, ``Rescaling(scale=array)``, ``Normalization(mean=array)``. What only describes the model (sides, strides,
axes) or matters only for training (rates, initializers, penalties) is not counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograder.artifacts.allowed import ARRAYS, MODEL_ALIASES, MODELS, words

FREE_NUMBERS = 32
"""Numbers that a model may store outside its weights before all of them are counted: rescaling, slopes, margins."""
MAX_SIDES = 32
MAX_DEPTH = 100

# Whole numbers under these keys are sizes and axes; a fraction is not, and neither is a long list.
_STRUCTURE = words(
    """attention_axes axes axis batch_input_shape batch_shape batch_size bias_axes
    build_input_shape cropping data_format depth_multiplier dilation_rate dims dim filters groups height implementation
    input_dim input_length input_shape k kernel_size key_dim keepdims max_rank min_rank n ndim new_shape newshape
    normalized_shape num_heads output_dim output_padding output_shape padding pool_size rank seed shape shared_axes size
    source destination axis1 axis2 strides target_shape units upsampling value_dim width input_layers
    output_layers"""
)
_TRAINING_ONLY = words(
    """build_config compile_config dropout dtype momentum name noise_shape power_iterations rate recurrent_dropout
    registered_name module class_name keras_history renorm trainable stddev factor height_factor width_factor fill_mode
    fill_value interpolation value_range seed_generator lora_rank lora_alpha"""
)
_TRAINING_ENDS = ("_initializer", "_regularizer", "_constraint")


def carried_numbers(document: Mapping[str, Any]) -> int:
    """Return how many numbers a serialised model stores outside its weights; 0 where they are only a few settings.

    Every element of an array or list counts, including repeated ones. Of single numbers only distinct ones count: a
    slope that twenty layers share is one number. Up to `FREE_NUMBERS` together are settings and do not count.
    """
    tally = _Tally()
    tally.visit(document, "", 0)
    total = tally.listed + len(tally.single)
    return total if total > FREE_NUMBERS else 0


class _Tally:
    def __init__(self) -> None:
        self.listed = 0
        self.single: set[tuple[str, str]] = set()

    def visit(self, node: Any, key: str, depth: int) -> None:
        if depth > MAX_DEPTH or key in _TRAINING_ONLY or key.endswith(_TRAINING_ENDS):
            return
        if isinstance(node, dict):
            self._mapping(node, depth)
        elif isinstance(node, list):
            self._list(node, key, depth)
        elif isinstance(node, float) or (type(node) is int and key not in _STRUCTURE):
            self.single.add((key, repr(node)))

    def _mapping(self, node: Mapping[str, Any], depth: int) -> None:
        kind = str(node.get("class_name"))
        if kind in ARRAYS:
            self.listed += sum(1 for _ in _leaves(node.get("config")))
        elif kind != "__slice__":
            for key, item in node.items():
                self.visit(item, str(key), depth + 1)

    def _list(self, node: list[Any], key: str, depth: int) -> None:
        if key == "args":
            for item in node:
                self.visit(item, "", depth + 1)
            return
        leaves = list(_leaves(node))
        plain = [leaf for leaf in leaves if leaf is not None and not isinstance(leaf, dict)]
        if key not in _STRUCTURE or len(plain) > MAX_SIDES or any(isinstance(leaf, float) for leaf in plain):
            self.listed += len(plain)
        for leaf in leaves:
            if isinstance(leaf, dict):
                self.visit(leaf, "", depth + 1)


def _leaves(node: Any) -> Iterator[Any]:
    """Yield the items of nested lists; of the description of an array only its values."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, dict) and "value" in item and "class_name" not in item:
            waiting.append(item["value"])
        else:
            yield item


def calls_of(document: Any, depth: int = 0) -> int:
    """Return how many calls of layers one prediction takes, counting those of nested and shared models each time."""
    config = document.get("config") if isinstance(document, dict) else None
    layers = config.get("layers") if isinstance(config, dict) else None
    if not isinstance(layers, list) or depth > MAX_DEPTH:
        return 1
    return sum(_called(layer) * _inner(layer, depth) for layer in layers if isinstance(layer, dict))


def _called(layer: Mapping[str, Any]) -> int:
    nodes = layer.get("inbound_nodes")
    return max(1, len(nodes)) if isinstance(nodes, list) else 1


def _inner(layer: Mapping[str, Any], depth: int) -> int:
    """Return the calls inside one call of a layer: of a nested model, or of the layers inside a wrapper."""
    name, config = layer.get("class_name"), layer.get("config")
    if isinstance(name, str) and MODEL_ALIASES.get(name, name) in MODELS:
        return calls_of(layer, depth + 1)
    parts = list(config.values()) if isinstance(config, dict) and depth <= MAX_DEPTH else []
    parts += [item for value in parts if isinstance(value, list) for item in value]
    inner = [item for item in parts if isinstance(item, dict) and "class_name" in item and "config" in item]
    return 1 + sum(_inner(item, depth + 1) for item in inner if str(item["class_name"]) not in ARRAYS)
