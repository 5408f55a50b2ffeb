"""Describes the values in a student's namespace as plain data, without calling anything that a student wrote.

Only objects of NumPy, the backends, pandas, Keras and matplotlib are examined; a student's own object is never
compared, measured or converted, so hostile ones do no harm. Whatever fails is ``{"kind": "other"}``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from types import FunctionType, ModuleType
from typing import Any

from numpy import asarray, generic, ndarray

from autograder.artifacts.values import SAMPLED_TEXT
from autograder.sandbox.child.student.array_book import ArrayBook
from autograder.sandbox.child.student.conversion import (
    MAX_NUMBERS,
    MAX_TEXTS,
    SEQUENCES,
    TooManyNumbers,
    as_array,
    columns_of,
    made_by,
    numbers_in,
    parts_of,
    texts_of,
)
from autograder.sandbox.child.student.given_data import sources_of

MAX_NAMES = 500
_MAX_ITEMS = 200
_MAX_DEPTH = 3
_MAX_TEXT = 2000
_MAX_NESTED = 5_000
_MAX_TEXTS = 200_000
_MAX_SOURCES = 8
_NAME_LENGTH = 200
Described = dict[str, Any]


class Describer:
    """Turns values into descriptions, within one budget per checkpoint.

    Args:
        arrays: measures arrays.
        known: describes models and histories; None for anything else.
    """

    def __init__(self, arrays: ArrayBook, known: Callable[[Any], Described | None]) -> None:
        self._arrays = arrays
        self._known = known
        self._nested = 0
        self._texts = self._sampled = 0
        self._room = MAX_NUMBERS

    def describe(self, namespace: Mapping[str, Any], own: Mapping[str, Any], found: dict[str, Described]) -> None:
        """Put the public names of a namespace into ``found``, except modules, classes and IPython's own."""
        self._nested = self._texts = self._sampled = 0
        self._room = MAX_NUMBERS
        for name, value in list(namespace.items()):
            if type(name) is not str or name.startswith("_") or own.get(name, found) is value:
                continue
            if issubclass(type(value), (type, ModuleType)):
                continue
            found[_clean(name)[:_NAME_LENGTH]] = self.value(value)
            if len(found) >= MAX_NAMES:
                break

    def one(self, value: Any) -> Described:
        """Describe a value that is in no namespace, with a budget of its own."""
        self._nested = self._texts = self._sampled = 0
        self._room = MAX_NUMBERS
        return self.value(value)

    def value(self, value: Any, depth: int = 0) -> Described:
        """Describe one value; ``depth`` counts the containers around it."""
        self._nested += 1
        if self._nested > _MAX_NESTED:
            return _other(value)
        try:
            return self._described(value, depth) or _other(value)
        except BaseException:
            # KeyboardInterrupt too: a value that takes too long is abandoned, the checkpoint is not.
            return _other(value)

    def _described(self, value: Any, depth: int) -> Described | None:
        kind = type(value)
        if issubclass(kind, (bool, int, float, str)) or kind in (Decimal, Fraction) or value is None:
            return self._plain(value, kind)
        if issubclass(kind, generic):
            return self._array(value, asarray(value).view(ndarray), kind)
        if issubclass(kind, ndarray):
            return self._array(value, as_array(value), kind)
        if issubclass(kind, (*SEQUENCES, set, frozenset)):
            return self._sequence(value, kind, depth)
        if issubclass(kind, dict):
            return self._mapping(value, depth)
        if kind is FunctionType:
            return _function(value)
        found = self._known(value)
        if found is not None:
            return self._with_sources(found, value) if found.get("kind") == "dataset" else found
        if made_by(kind, "matplotlib.figure"):
            return {"kind": "figure"}
        return self._table_or_array(value, kind, depth)

    def _with_sources(self, found: Described, dataset: Any) -> Described:
        """Add the arrays whose rows a dataset yields, in so far as they are known."""
        tensors = sources_of(dataset)
        arrays = [(tensor, as_array(tensor)) for tensor in tensors or ()]
        if not arrays or len(arrays) > _MAX_SOURCES or any(array is None or not array.ndim for _, array in arrays):
            return found
        return {**found, "sources": [self._array(tensor, array, type(tensor)) for tensor, array in arrays]}

    def _table_or_array(self, value: Any, kind: type, depth: int) -> Described | None:
        """Describe an array, a tensor or an object of pandas; None for anything else."""
        array, parts = as_array(value), parts_of(value) if depth == 0 else None
        if parts is None and depth == 0:
            parts = columns_of(value) or None
        items = {_clean(key[:_NAME_LENGTH]): self.value(part, 1) for key, part in (parts or {}).items()}
        if array is not None:
            described = self._array(value, array, kind)
            return {**described, "items": items} if described and items else described
        if parts is not None:
            return {"kind": "mapping", "type": qualified(kind), "length": len(items), "items": items}
        texts = texts_of(value)
        if texts is not None:
            return {"kind": "sequence", "type": qualified(kind), "length": len(texts), "items": [],
                    **self._sampled_texts(texts)}
        return None

    def _plain(self, value: Any, kind: type) -> Described | None:
        if value is None:
            return {"kind": "scalar", "type": "NoneType", "value": None}
        if issubclass(kind, str):
            text = str.__getitem__(value, slice(_MAX_TEXT))
            self._texts += len(text)
            if self._texts > _MAX_TEXTS:
                return None
            return {"kind": "text", "value": _clean(text), "length": str.__len__(value)}
        if kind is bool:
            return {"kind": "scalar", "type": "bool", "value": value}
        if kind in (Decimal, Fraction):
            return _scalar(float(value), kind)
        if issubclass(kind, int):
            return _scalar(int.__add__(value, 0), kind)
        return _scalar(float.__add__(value, 0.0), kind)

    def _array(self, owner: Any, array: Any, kind: type) -> Described | None:
        if array.ndim:
            texts = self._sampled_texts(array.tolist()) if array.ndim == 1 and array.dtype.kind in "UO" else {}
            return {**self._arrays.describe(owner, array, qualified(kind)), **texts}
        if array.dtype.kind in "biuf":
            return _scalar(array.item(), kind)
        return self._plain(array.item(), str) if array.dtype.kind == "U" else None

    def _sequence(self, value: Any, kind: type, depth: int) -> Described | None:
        bases: tuple[type[Any], ...] = (*SEQUENCES, set, frozenset)
        base: Any = next(known for known in bases if issubclass(kind, known))
        length = base.__len__(value)
        if depth >= _MAX_DEPTH:
            return None
        items = [self.value(item, depth + 1) for item, _ in zip(base.__iter__(value), range(_MAX_ITEMS), strict=False)]
        sampled = _begins(items) and length <= MAX_TEXTS and base not in (set, frozenset)
        return {"kind": "sequence", "type": base.__name__, "length": length, "items": items,
                **(self._numbers(value) if depth == 0 else {}),
                **(self._sampled_texts(list(base.__iter__(value))) if sampled else {})}

    def _numbers(self, value: Any) -> Described:
        """Describe a container of numbers of any length as an array; return nothing for any other container."""
        try:
            array = numbers_in(value, self._room)
        except TooManyNumbers:
            return {"large": True}
        if array is None:
            return {}
        self._room -= array.size
        return {"array": self._arrays.describe(array, array, qualified(type(value)))}

    def _sampled_texts(self, values: list[Any]) -> Described:
        """Return the texts at the sampled places of a list that has only texts; nothing for any other."""
        if not values or len(values) > MAX_TEXTS or set(map(type, values)) != {str}:
            return {}
        kept = [_clean(text[:SAMPLED_TEXT]) for text in self._arrays.sampled(values)]
        self._sampled += sum(map(len, kept))
        return {"texts": kept} if self._sampled <= _MAX_TEXTS else {}

    def _mapping(self, value: Any, depth: int) -> Described | None:
        if depth >= _MAX_DEPTH:
            return None
        items: dict[str, Described] = {}
        for key, item in list(dict.items(value))[:_MAX_ITEMS]:
            if type(key) in (str, int, float, bool, type(None)):
                items[_clean(str(key)[:_NAME_LENGTH])] = self.value(item, depth + 1)
        return {"kind": "mapping", "type": "dict", "length": dict.__len__(value), "items": items}


def qualified(kind: type) -> str:
    """Return the name of a type for messages, e.g. ``numpy.ndarray``, ``float``."""
    try:
        module, name = str(kind.__module__), str(kind.__qualname__)
    except BaseException:
        return "unknown"
    return _clean(name if module == "builtins" else f"{module}.{name}")[:_NAME_LENGTH]


def _begins(items: list[Described]) -> bool:
    """Whether the first item of a container is a text."""
    return bool(items) and items[0].get("kind") == "text"


def _scalar(value: Any, kind: type) -> Described | None:
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        value = str(value)
    elif type(value) is int and value.bit_length() > 64:
        return None
    return {"kind": "scalar", "type": qualified(kind), "value": value}


def _function(value: FunctionType) -> Described:
    code = value.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    names = [_clean(name)[:_NAME_LENGTH] for name in code.co_varnames[: min(count, _MAX_ITEMS)]]
    return {"kind": "function", "name": _clean(value.__name__)[:_NAME_LENGTH], "parameters": names}


def _other(value: Any) -> Described:
    return {"kind": "other", "type": qualified(type(value))}


def _clean(text: str) -> str:
    """Return text without lone surrogates, which no reader of UTF-8 accepts."""
    return text.encode("utf-8", "replace").decode("utf-8")
