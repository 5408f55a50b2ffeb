"""Reads what was recorded of single layers and of datasets. Malformed parts count as unknown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.artifacts.json_fields import count, mapping, open_shape, sequence, text
from autograder.artifacts.values import MAX_VOCABULARY, DatasetValue, LayerValue

MAX_PARTS = 50


def read_layer(node: Mapping[str, Any], _depth: int) -> LayerValue | None:
    """Return a single layer; None where its class cannot be read."""
    name, words = text(node.get("class")), node.get("vocabulary")
    if name is None:
        return None
    found = [text(word) for word in sequence(words)[:MAX_VOCABULARY]]
    known = isinstance(words, list) and None not in found
    return LayerValue(name=name, settings=dict(mapping(node.get("settings"))), size=count(node.get("size")),
                      vocabulary=tuple(word for word in found if word is not None) if known else None)


def read_dataset(node: Mapping[str, Any], _depth: int) -> DatasetValue | None:
    """Return a dataset; None where its elements cannot be read."""
    elements = [mapping(one) for one in sequence(node.get("elements"))[:MAX_PARTS]]
    if not elements:
        return None
    return DatasetValue(shapes=tuple(() if one.get("shape") == [] else open_shape(one.get("shape"))
                                     for one in elements),
                        dtypes=tuple(text(one.get("dtype")) or "unknown" for one in elements),
                        batch_size=count(node.get("batch_size")), steps=count(node.get("steps")))
