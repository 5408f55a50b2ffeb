"""Masks that Keras makes itself, taken out of a functional model's configuration: it makes them again on rebuilding.

``Embedding(mask_zero=True)`` leaves zeros out. In a functional model Keras records this as an operation ``NotEqual`` of
the embedding's input and as an argument ``mask`` of the layers behind it; in `Sequential` models nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograder.artifacts.json_fields import mapping, sequence, text

_TENSOR = "__keras_tensor__"
_Place = tuple[str, Any, Any]
"""Where a tensor comes from: the name of a layer, the number of its call and of the output."""


def without_masks(node: dict[str, Any]) -> dict[str, Any]:
    """Return a model's serialised configuration without the masks of its embeddings; the given one stays as it is."""
    config = mapping(node.get("config"))
    listed = sequence(config.get("layers"))
    if not listed or not all(isinstance(one, dict) for one in listed):
        return node
    layers = [without_masks(one) for one in listed]
    embedded = {place for one in layers if one.get("class_name") == "Embedding" and
                mapping(one.get("config")).get("mask_zero") is True for place in _inputs(one)}
    masks = {text(one.get("name")) for one in layers if _is_mask(one, embedded)}
    kept = [_without(one, masks) for one in layers if text(one.get("name")) not in masks]
    used = {place[0] for one in kept for place in _inputs(one)}
    if masks & used:
        return {**node, "config": {**config, "layers": layers}}  # a mask is used as numbers
    return {**node, "config": {**config, "layers": kept}}


def _is_mask(layer: dict[str, Any], embedded: set[_Place]) -> bool:
    """Whether an operation says where the input of an embedding is not 0."""
    calls = sequence(layer.get("inbound_nodes"))
    if layer.get("class_name") != "NotEqual" or len(calls) != 1:
        return False
    arguments = sequence(mapping(calls[0]).get("args"))
    return len(arguments) == 2 and _place(arguments[0]) in embedded and arguments[1] in (0, 0.0)


def _without(layer: dict[str, Any], masks: set[str | None]) -> dict[str, Any]:
    """Return a layer whose calls get none of these masks."""
    calls = []
    for call in sequence(layer.get("inbound_nodes")):
        given = dict(mapping(mapping(call).get("kwargs")))
        place = _place(given.get("mask"))
        if place is None or place[0] not in masks:
            calls.append(call)
            continue
        del given["mask"]
        calls.append({**mapping(call), "kwargs": given})
    return {**layer, "inbound_nodes": calls} if calls else layer


def _inputs(layer: dict[str, Any]) -> Iterator[_Place]:
    """Yield where the tensors come from that a layer is called with."""
    open_items: list[Any] = [layer.get("inbound_nodes")]
    while open_items:
        item = open_items.pop()
        place = _place(item)
        if place is not None:
            yield place
        elif isinstance(item, dict):
            open_items += item.values()
        elif isinstance(item, list):
            open_items += item


def _place(item: Any) -> _Place | None:
    if not isinstance(item, dict) or item.get("class_name") != _TENSOR:
        return None
    history = mapping(item.get("config")).get("keras_history")
    if not isinstance(history, list) or len(history) != 3 or not isinstance(history[0], str) \
            or not all(isinstance(part, int) for part in history[1:]):
        return None
    return history[0], history[1], history[2]
