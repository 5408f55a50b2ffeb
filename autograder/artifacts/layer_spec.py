"""Describes the layers of a model, however it was written. Never raises: odd configurations give incomplete results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import Any

from autograder.artifacts.allowed import MODEL_ALIASES, MODELS, activation_name
from autograder.artifacts.model_values import LayerSpec
from autograder.artifacts.values import OpenShape

MAX_NESTING = 8
MAX_LAYERS = 500
_INPUT = "InputLayer"
# Layers and operations that only apply one function, with the settings under which they equal the named function.
_FUNCTIONS: dict[str, tuple[str, Mapping[str, tuple[Any, ...]]]] = {
    "ReLU": ("relu", {"max_value": (None,), "negative_slope": (0, None), "threshold": (0, None)}),
    "Relu": ("relu", {}),
    "Relu6": ("relu6", {}),
    "Softmax": ("softmax", {"axis": (-1, None)}),
    "LogSoftmax": ("log_softmax", {"axis": (-1, None)}),
    "ELU": ("elu", {"alpha": (1, None)}),
    "Elu": ("elu", {"alpha": (1, None)}),
    "LeakyReLU": ("leaky_relu", {"negative_slope": (0.2,)}),
    "LeakyRelu": ("leaky_relu", {"negative_slope": (0.2, None)}),
    "Sigmoid": ("sigmoid", {}),
    "Tanh": ("tanh", {}),
    "Selu": ("selu", {}),
    "Softplus": ("softplus", {}),
    "Softsign": ("softsign", {}),
    "Silu": ("silu", {}),
}
_KEEPS_RANK = frozenset({"Dense", "Dropout", "Activation", "BatchNormalization", "GaussianNoise", "AlphaDropout",
                         "LayerNormalization", "Normalization", "Rescaling", *_FUNCTIONS})


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """The layers of one model.

    Attributes:
        layers: flattened, without inputs, in the order in which they compute.
        steps: the same with separate activations merged and no-ops left out.
        chain: whether they form one chain.
        input_shape: with None for the batch axis; None where the configuration does not say.
    """

    layers: tuple[LayerSpec, ...]
    steps: tuple[LayerSpec, ...]
    chain: bool
    input_shape: OpenShape | None


def layout(document: Any) -> Layout:
    """Read the layers out of a serialised model (`keras.saving.serialize_keras_object`)."""
    nodes, chain = _ordered(document, ())
    shape = _input_shape(document, [node for node, _ in nodes])
    layers = tuple(spec_of(node, inside) for node, inside in nodes if node.get("class_name") != _INPUT)
    flat = shape is not None and len(shape) == 2
    return Layout(layers=layers, steps=tuple(_steps(layers, flat=flat)), chain=chain, input_shape=shape)


Nested = tuple[Mapping[str, Any], tuple[str, ...]]
"""A layer's node, and the names of the models inside the model that contain it."""


def _ordered(document: Any, inside: tuple[str, ...]) -> tuple[list[Nested], bool]:
    """Return all layer nodes in the order in which they compute, nested models opened."""
    config = document.get("config") if isinstance(document, dict) else None
    raw = config.get("layers") if isinstance(config, dict) else None
    listed = [node for node in raw[:MAX_LAYERS] if isinstance(node, dict)] if isinstance(raw, list) else []
    chain = True
    if any("inbound_nodes" in node for node in listed):
        listed, chain = _by_inbound(listed)
    result: list[Nested] = []
    for node in listed:
        name = node.get("class_name")
        if isinstance(name, str) and MODEL_ALIASES.get(name, name) in MODELS and len(inside) < MAX_NESTING:
            inner, inner_chain = _ordered(node, (*inside, str(_setting(node, "name"))[:200]))
            result.extend(item for item in inner if item[0].get("class_name") != _INPUT)
            chain = chain and inner_chain
        else:
            result.append((node, inside))
    return result, chain


def _by_inbound(listed: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], bool]:
    """Order the layers of a functional model by their connections; also say whether they form one chain."""
    by_name = {str(node.get("name")): node for node in listed}
    parents = {name: _parents(node) for name, node in by_name.items()}
    calls = [node.get("inbound_nodes") for node in listed]
    if len(by_name) != len(listed):
        return listed, False
    heads = sum(1 for found in parents.values() if not found)
    fed = [parent for found in parents.values() for parent in found]
    single = all(isinstance(call, list) and len(call) <= 1 for call in calls)
    chain = heads == 1 and len(set(fed)) == len(fed) and single
    chain = chain and all(len(found) <= 1 for found in parents.values())
    graph = {name: set(found) & by_name.keys() for name, found in parents.items()}
    try:
        return [by_name[name] for name in TopologicalSorter(graph).static_order()], chain
    except CycleError:
        return listed, False


def _parents(node: Mapping[str, Any]) -> list[str]:
    """Return the names of the layers whose tensors this one is called with."""
    found: list[str] = []
    open_items: list[Any] = [node.get("inbound_nodes")]
    while open_items:
        item = open_items.pop()
        if isinstance(item, dict):
            history = item.get("keras_history")
            if isinstance(history, list) and history and isinstance(history[0], str):
                found.append(history[0])
            open_items.extend(item.values())
        elif isinstance(item, list):
            open_items.extend(item)
    return found


def _input_shape(document: Any, nodes: list[Mapping[str, Any]]) -> OpenShape | None:
    candidates: list[Any] = []
    for node in nodes:
        if node.get("class_name") == _INPUT:
            candidates.append(_setting(node, "batch_shape"))
    if isinstance(document, dict):
        build = document.get("build_config")
        built = build.get("input_shape") if isinstance(build, dict) else None
        candidates += [_setting(document, "build_input_shape"), built]
    for candidate in candidates:
        if isinstance(candidate, list) and candidate and all(side is None or _whole(side) for side in candidate):
            return (None, *candidate[1:])
    return None


def spec_of(node: Mapping[str, Any], inside: tuple[str, ...] = ()) -> LayerSpec:
    """Return one serialised layer in terms that do not depend on how it was written."""
    raw = node.get("config")
    config: Mapping[str, Any] = raw if isinstance(raw, dict) else {}
    name = node.get("class_name")
    class_name = name if isinstance(name, str) else "unknown"
    padding, rate, bias = config.get("padding"), config.get("rate"), config.get("use_bias")
    return LayerSpec(
        class_name=class_name,
        name=str(config.get("name", "")),
        activation=_activation(class_name, config),
        units=_number(config.get("units")),
        filters=_number(config.get("filters")),
        kernel_size=_numbers(config.get("kernel_size")),
        strides=_numbers(config.get("strides")),
        pool_size=_numbers(config.get("pool_size")),
        padding=padding.lower() if isinstance(padding, str) else None,
        rate=float(rate) if isinstance(rate, (int, float)) and not isinstance(rate, bool) else None,
        use_bias=bias if isinstance(bias, bool) else None,
        initializer=_class_of(config.get("kernel_initializer")),
        regularizer=_regularizer(config.get("kernel_regularizer")),
        trainable=config.get("trainable") is not False,
        inside=inside,
        config=config,
    )


def _regularizer(value: Any) -> str | None:
    """Return which weight penalty a serialised regularizer is: one whose factors are all 0 counts as none."""
    name = _class_of(value)
    if name is None or name.lower() not in ("l1", "l2", "l1l2", "l1_l2"):
        return name
    config = value.get("config") if isinstance(value, dict) else None
    if not isinstance(config, dict):
        return name.upper().replace("_", "")
    return "".join(kind.upper() for kind in ("l1", "l2") if config.get(kind)) or None


def _activation(class_name: str, config: Mapping[str, Any]) -> str | None:
    if class_name in _FUNCTIONS:
        name, settings = _FUNCTIONS[class_name]
        return name if all(config.get(key, values[0]) in values for key, values in settings.items()) else None
    if "activation" not in config:
        return None
    value = config["activation"]
    name_or_none = activation_name(value)
    if name_or_none is None and isinstance(value, dict):
        inner = spec_of(value) if value.get("class_name") != "function" else None
        return inner.activation or inner.class_name if inner else str(value.get("config"))[:60]
    return name_or_none or str(value)[:60]


def _steps(layers: tuple[LayerSpec, ...], *, flat: bool) -> Iterator[LayerSpec]:
    """Yield the layers with separate activations merged into the layer before, and no-ops left out."""
    previous: LayerSpec | None = None
    for given in layers:
        layer = given
        reshapes = layer.class_name == "Flatten" or (
            layer.class_name == "Reshape" and len(_numbers(layer.config.get("target_shape")) or ()) == 1)
        if layer.class_name == "Identity" or (reshapes and flat):
            continue
        only_function = layer.class_name == "Activation" or (
            layer.class_name in _FUNCTIONS and layer.activation is not None)
        if reshapes:
            layer = replace(layer, class_name="Flatten")
        flat = reshapes or (flat and layer.class_name in _KEEPS_RANK)
        if not only_function:
            if previous is not None:
                yield previous
            previous = layer
        elif layer.activation == "linear":
            continue
        elif previous is not None and previous.activation == "linear":
            previous = replace(previous, activation=layer.activation,
                               config={**previous.config, "activation": layer.activation})
        else:
            if previous is not None:
                yield previous
            previous = replace(layer, class_name="Activation")
    if previous is not None:
        yield previous


def _setting(node: Mapping[str, Any], key: str) -> Any:
    config = node.get("config")
    return config.get(key) if isinstance(config, dict) else None


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: Any) -> int | None:
    return value if _whole(value) else None


def _numbers(value: Any) -> tuple[int, ...] | None:
    if _whole(value):
        return (value,)
    return tuple(value) if isinstance(value, list) and value and all(_whole(item) for item in value) else None


def _class_of(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    name = value.get("class_name") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None
