"""Distinguishes Keras's own objects from others that only have their names.

Collected before any student code runs, so objects that are patched into Keras's modules later are not among them.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Any

import keras
from keras import Operation
from keras.src import activations, ops

_KINDS = ("losses", "metrics", "optimizers", "callbacks")
# By identity; the objects are kept alive, so that no other object can get the same one.
_OWN = {kind: {id(item): item for item in vars(getattr(keras, kind)).values()} for kind in _KINDS}


def _operations() -> dict[int, Any]:
    """Return Keras's layers, models and operations, by identity."""
    inner = [module for module in vars(ops).values() if inspect.ismodule(module)]
    places = [keras, keras.layers, keras.models, activations.activations, *inner]
    found = [item for place in places for item in vars(place).values() if inspect.isclass(item)]
    made = [keras.src.models.functional.Functional]
    return {id(item): item for item in (*found, *made) if issubclass(item, Operation)}


def _optimizers_of_backend() -> dict[type, type]:
    """Return the classes that the backend puts in the place of Keras's optimizers, each with Keras's own: PyTorch has
    some, which Keras imports when the first optimizer is made.
    """
    if keras.backend.backend() != "torch":
        return {}
    package: Any = importlib.import_module("keras.src.backend.torch.optimizers")
    modules = [importlib.import_module(f"{package.__name__}.{found.name}")
               for found in pkgutil.iter_modules(package.__path__)]
    made = [kind for module in modules for kind in vars(module).values() if inspect.isclass(kind)]
    return {kind: base for kind in made for base in kind.__mro__[1:]
            if base.__name__ == kind.__name__ and id(base) in _OWN["optimizers"]}


_OPERATIONS = _operations()
_IN_PLACE_OF = _optimizers_of_backend()


def is_own(kind: str, value: Any) -> bool:
    """Whether an object or a function is one of Keras's ``losses``, ``metrics``, ``optimizers`` or ``callbacks``.

    A string always is, since Keras looks it up itself.
    """
    if value is None or type(value) is str:
        return True
    held = getattr(value, "_fn", None) if type(value).__name__ == "MeanMetricWrapper" else None
    if held is not None and not is_own(kind, held):
        return False
    functions = _OWN["losses"] | _OWN["metrics"]
    return id(value) in functions if inspect.isfunction(value) else id(public_class(type(value))) in _OWN[kind]


def public_class(kind: type) -> type:
    """Return Keras's class for the one that the backend uses in its place; any other class as it is."""
    return _IN_PLACE_OF.get(kind, kind)


def is_known(kind: str, name: str) -> bool:
    """Whether Keras has something of this name."""
    return any(getattr(item, "__name__", None) == name for item in _OWN[kind].values())


def is_operation(kind: type) -> bool:
    """Whether a class is one of Keras's own layers, models or operations."""
    return id(kind) in _OPERATIONS


def foreign_layers(model: Any) -> list[str]:
    """Return the class names of layers and operations in a model, nested ones too, that are not Keras's own."""
    layers = list(model._flatten_layers())
    inner = [operation for layer in layers for operation in (getattr(layer, "operations", None) or ())]
    names = {type(item).__name__[:60]: None for item in (*layers, *inner) if id(type(item)) not in _OPERATIONS}
    return list(names)[:20]


def foreign_parts(given: Mapping[str, Any], optimizer: Any) -> list[str]:
    """Return which arguments of ``compile`` are not Keras's own: loss, metrics, optimizer."""
    parts = [kind for kind, place in (("loss", "losses"), ("metrics", "metrics"))
             if not all(is_own(place, item) for item in _each(given.get(kind)))]
    return parts + ([] if is_own("optimizers", optimizer) else ["optimizer"])


def _each(value: Any, depth: int = 0) -> Iterator[Any]:
    inner = value.values() if isinstance(value, Mapping) else value if isinstance(value, (list, tuple)) else None
    if inner is None or depth > 4:
        yield value
        return
    for item in inner:
        yield from _each(item, depth + 1)
