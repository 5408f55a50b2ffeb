"""Describes single layers of Keras's and datasets of `tf.data` as plain data, without reading what a dataset yields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from keras import Model
from keras.layers import IntegerLookup, Layer, Normalization, StringLookup, TextVectorization

from autograder.artifacts.text_rows import RECORDED_WORD
from autograder.artifacts.values import MAX_VOCABULARY
from autograder.sandbox.child.probing import as_numpy
from autograder.sandbox.child.student.conversion import made_by
from autograder.sandbox.child.student.given_data import batch_of
from autograder.sandbox.child.student.own import is_operation
from autograder.sandbox.child.student.records import encoder

_VOCABULARIES: dict[type, Any] = {
    kind: kind.get_vocabulary for kind in (IntegerLookup, StringLookup, TextVectorization)}
"""Keras's own functions: an object or a class may get another one of this name later."""
_MOST = 20_000
_MOST_PARTS = 50
_MOST_CHARACTERS = 80_000
_encode = encoder(repr)
_decode = json.JSONDecoder().decode
Record = dict[str, Any]


def describe(value: Any) -> Record | None:
    """Return the description of a layer or a dataset for a checkpoint; None for anything else."""
    kind = type(value)
    if issubclass(kind, Layer) and not issubclass(kind, Model):
        return describe_layer(value) if is_operation(kind) else None
    if made_by(kind, "tensorflow.python.data") and any(base.__name__ == "DatasetV2" for base in kind.__mro__):
        return _dataset(value)
    return None


def describe_layer(layer: Any) -> Record:
    """Return settings of one of Keras's own layers, with its vocabulary or statistics where it has learned some."""
    settings = dict(type(layer).get_config(layer))
    if type(layer) is Normalization and settings.get("mean") is None and layer.built and hasattr(layer, "mean"):
        settings |= {name: as_numpy(getattr(layer, name)).reshape(-1)[:_MOST].tolist() for name in ("mean", "variance")}
    settings.pop("vocabulary", None)
    encoded = _encode(settings)
    record: Record = {"kind": "layer", "class": type(layer).__name__,
                      "settings": _decode(encoded) if len(encoded) <= _MOST * 10 else None}
    if type(layer) in _VOCABULARIES:
        words = [str(word)[:RECORDED_WORD] for word in _VOCABULARIES[type(layer)](layer)[: _MOST * 10]]
        long = sum(map(len, words[:MAX_VOCABULARY])) > _MOST_CHARACTERS
        record |= {"vocabulary": None if long else words[:MAX_VOCABULARY], "size": len(words)}
    return record


def _dataset(dataset: Any) -> Record:
    """Return shapes and types of what one step yields, and how many steps there are: nothing is drawn from it."""
    elements = [_element(one) for one in _leaves(dataset.element_spec)]
    steps = int(as_numpy(dataset.cardinality()))
    return {"kind": "dataset", "elements": elements[:_MOST_PARTS], "batch_size": batch_of(dataset),
            "steps": steps if steps >= 0 else None}


def _element(spec: Any) -> Record:
    shape: Any = getattr(spec, "shape", None)
    known = shape is not None and shape.rank is not None
    return {"shape": list(shape) if known else None, "dtype": str(getattr(getattr(spec, "dtype", None), "name", ""))}


def _leaves(spec: Any) -> list[Any]:
    if isinstance(spec, Mapping):
        return [leaf for part in spec.values() for leaf in _leaves(part)]
    if isinstance(spec, (tuple, list)):
        return [leaf for part in spec for leaf in _leaves(part)]
    return [spec]
