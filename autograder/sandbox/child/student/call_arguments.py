"""Makes the arguments of the calls that the grader requests, and finds those that a function changed."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import keras
from numpy import array_equal, dtype, frombuffer, ndarray

from autograder.sandbox.child.student.model_book import is_model

_MODULES = ("optimizers", "losses", "metrics", "regularizers", "initializers", "callbacks", "layers", "models")
Record = dict[str, Any]


class Arguments:
    """The arguments of one call.

    Attributes:
        args, kwargs: to call the function with.
    """

    def __init__(self, call: Record, namespace: Mapping[str, Any]) -> None:
        self._namespace = namespace
        self.args = [self._argument(node) for node in call["args"]]
        self.kwargs = {name: self._argument(node) for name, node in call["kwargs"].items()}
        self._before = {place: value.copy() for place, value in self._all().items() if type(value) is ndarray}

    def changed(self) -> Record:
        """Return the arguments that may have been changed in place, by position as text or by name.

        These are models, lists and dicts, and arrays that hold other values than before the call.
        """
        return {place: value for place, value in self._all().items()
                if is_model(value) or type(value) is list or issubclass(type(value), dict)
                or (place in self._before and not _same(self._before[place], value))}

    def _all(self) -> Record:
        return {**{str(place): value for place, value in enumerate(self.args)}, **self.kwargs}

    def _argument(self, node: Record) -> Any:
        match node["kind"]:
            case "list":
                return [self._argument(item) for item in node["items"]]
            case "tuple":
                return tuple(self._argument(item) for item in node["items"])
            case "dict":
                return {self._argument(key): self._argument(item) for key, item in node["items"]}
            case "bunch":
                return _bunch({name: self._argument(item) for name, item in node["items"].items()})
            case "array":
                return frombuffer(b64decode(node["data"]), dtype(node["dtype"])).reshape(node["shape"]).copy()
            case "float":
                return float(node["value"])
            case "keras":
                return _made(node["path"], {name: self._argument(item) for name, item in node["settings"].items()})
            case "student":
                if node["name"] not in self._namespace:
                    raise NameError(f"name {node['name']!r} is not defined")
                return _copied(self._namespace[node["name"]], fresh=node.get("fresh", False))
        return node["value"]


def _made(path: str, settings: Mapping[str, Any]) -> Any:
    module, *names = path.split(".")
    if module not in _MODULES:
        raise ValueError(f"keras.{module} is not for calls")
    found: Any = getattr(keras, module)
    for name in names:
        found = getattr(found, name)
    return found(**settings)


def _bunch(items: Record) -> Any:
    """Return a `Bunch` of scikit-learn, whose keys are attributes too. It is imported only where a check needs it."""
    return import_module("sklearn.utils").Bunch(**items)


def _copied(value: Any, *, fresh: bool) -> Any:
    """Return a value that a function may modify, without changing the student's own arrays and models.

    Args:
        fresh: of a model, only its layers: not compiled, and with new weights.
    """
    if type(value) is ndarray:
        return value.copy()
    if is_model(value) and fresh:
        # `clone_model` would compile the clone like the original.
        return type(value).from_config(value.get_config())
    if is_model(value) and value.built:
        clone = keras.models.clone_model(value)
        clone.set_weights(value.get_weights())
        if value.compiled:
            clone.compile_from_config(value.get_compile_config())
        return clone
    return value


def _same(before: Any, after: Any) -> bool:
    return bool(array_equal(before, after, equal_nan=before.dtype.kind == "f"))
