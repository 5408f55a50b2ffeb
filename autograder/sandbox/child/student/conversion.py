"""Converts containers of numbers (arrays, tensors, frames, lists, ranges) into NumPy arrays, within limits.

Sizes and depth are checked before NumPy sees anything, and no method of a student's own class is called: inside a
container, only Python's own numbers, lists and tuples, and objects of NumPy, the backends and pandas are converted.
"""

from __future__ import annotations

import array as plain_arrays
from collections import deque
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from numpy import asarray, bool_, empty, generic, ndarray, stack
from numpy.typing import NDArray

MAX_NUMBERS: Final = 8_000_000
"""Numbers that are converted from the containers of one checkpoint: 10,000 images, or all labels many times over."""
MAX_TEXTS: Final = 200_000
"""Texts in one list that are looked through."""
_MAX_DEPTH = 6
_MAX_PARTS = 100_000
_MAX_PARTS_OF_TABLE = 200
_MAX_OF_TABLE = 1_000_000
_MAX_WHOLE = 1 << 63
_TENSORS = ("tensorflow.", "jax.", "jaxlib.", "torch", "keras.src.backend.")
_PLAIN = {bool, int, float}
_EXACT = (Decimal, Fraction)
SEQUENCES: Final[tuple[type[Any], ...]] = (
    list, tuple, range, deque, plain_arrays.array, type({}.values()), type({}.keys()))
"""Ordered containers that are not arrays."""


class TooManyNumbers(Exception):
    """A container of numbers is too large to be converted, so nothing can be said about it."""


def made_by(kind: type, *modules: str) -> bool:
    """Whether a type comes from one of these modules."""
    module = getattr(kind, "__module__", "")
    return type(module) is str and f"{module}.".startswith(modules)


def as_array(value: Any) -> NDArray[Any] | None:
    """Return the values of an array, a tensor or a pandas object with numbers; None for anything else."""
    kind = type(value)
    if issubclass(kind, ndarray):
        return _numeric(asarray(value).view(ndarray))
    if made_by(kind, *_TENSORS):
        if hasattr(value, "detach"):
            value = value.detach().cpu()
        # Symbolic tensors and layers have no values.
        if hasattr(value, "numpy"):
            return asarray(value.numpy())
        return asarray(value) if hasattr(value, "__array__") and hasattr(value, "shape") else None
    if made_by(kind, "pandas.") and hasattr(value, "to_numpy"):
        array = _numeric(asarray(value.to_numpy()))
        return array if array.dtype.kind in "biuf" else None
    if made_by(kind, "scipy.sparse.") and hasattr(value, "toarray"):
        rows, columns = value.shape
        return asarray(value.toarray()) if rows * columns <= MAX_NUMBERS else None
    return None


def parts_of(value: Any) -> dict[str, list[Any] | Any] | None:
    """Return a frame of pandas as a dict of its columns, a series with text as labels as a dict of its values.

    None for anything else, and for larger ones than a dict would be recorded of.
    """
    kind = type(value)
    if not made_by(kind, "pandas.") or kind.__name__ not in ("DataFrame", "Series"):
        return None
    labels = list(value.columns if kind.__name__ == "DataFrame" else value.index)
    if len(value) > _MAX_PARTS_OF_TABLE or len(labels) > _MAX_PARTS_OF_TABLE or not all(
            type(label) is str for label in labels):
        return None
    if kind.__name__ == "Series":
        return dict(zip(labels, value.tolist(), strict=True))
    return {label: value.iloc[:, place].tolist() for place, label in enumerate(labels)}


def columns_of(value: Any) -> dict[str, Any]:
    """Return the columns of a frame of pandas by name; none of anything else, of a wide one, or of a very large one."""
    kind = type(value)
    if not made_by(kind, "pandas.") or kind.__name__ != "DataFrame":
        return {}
    labels = list(value.columns)
    few = 0 < len(labels) <= _MAX_PARTS_OF_TABLE and len(labels) * len(value) <= _MAX_OF_TABLE
    named = few and len(set(labels)) == len(labels) and all(type(label) is str for label in labels)
    return {label: value.iloc[:, place] for place, label in enumerate(labels)} if named else {}


def texts_of(value: Any) -> list[Any] | None:
    """Return the items of a series of pandas that may be texts; None for anything else."""
    kind = type(value)
    if made_by(kind, "pandas.") and kind.__name__ == "Series" and len(value) <= MAX_TEXTS:
        return list(value.tolist())
    return None


def numbers_in(value: Any, room: int) -> NDArray[Any] | None:
    """Return the numbers of a list, a tuple, nested ones, or a list of arrays, as ``numpy.array`` would; None where
    it holds something else, or rows of different lengths.

    Args:
        value: a list, tuple, range, deque, `array.array`, or the keys or values of a dict.
        room: how many numbers may be converted.

    Raises:
        TooManyNumbers: there are more, as far as is apparent without counting all of them.
    """
    kind = type(value)
    if kind is range or kind is plain_arrays.array:
        if len(value) > room:
            raise TooManyNumbers
        return asarray(list(value)) if kind is range else asarray(value)
    base = next((known for known in SEQUENCES if issubclass(kind, known)), None)
    if base is None:
        return None
    if base.__len__(value) > room:
        raise TooManyNumbers
    return _converted(list(base.__iter__(value)), room, 1)


def _converted(items: list[Any] | tuple[Any, ...], room: int, depth: int) -> NDArray[Any] | None:
    shape = _regular(items, room, depth)
    if shape is not None:
        array: NDArray[Any] = asarray(items)
        return array if array.dtype.kind in "biuf" and array.shape == shape else None
    return _stacked(items, room, depth)


def _regular(items: Any, room: int, depth: int) -> tuple[int, ...] | None:
    """Return the shape of nested lists of Python's own numbers; None where they hold anything else."""
    if not len(items) or depth > _MAX_DEPTH:
        return None
    kinds = set(map(type, items))
    if kinds <= _PLAIN:
        # Whole numbers beyond 64 bits would make an array of objects.
        return (len(items),) if int not in kinds or all(-_MAX_WHOLE < item < _MAX_WHOLE for item in items) else None
    if not kinds <= {list, tuple}:
        return None
    if len(items) > room:
        raise TooManyNumbers
    first = _regular(items[0], room // len(items), depth + 1)
    if first is None or any(_regular(item, room // len(items), depth + 1) != first for item in items):
        return None
    size = len(items)
    for side in first:
        size *= side
    if size > room:
        raise TooManyNumbers
    return (len(items), *first)


def _stacked(items: list[Any] | tuple[Any, ...], room: int, depth: int) -> NDArray[Any] | None:
    """Return rows that are arrays, tensors or NumPy's numbers, stacked into one array."""
    if not items or len(items) > _MAX_PARTS or depth > _MAX_DEPTH:
        return None
    parts: list[Any] = []
    for item in items:
        part = _part(item, room, depth)
        if part is None or part.dtype.kind not in "biuf" or (parts and part.shape != parts[0].shape):
            return None
        if part.size * len(items) > room:
            raise TooManyNumbers
        parts.append(part)
    array: NDArray[Any] = stack(parts)
    return array if array.dtype.kind in "biuf" else None


def _part(item: Any, room: int, depth: int) -> NDArray[Any] | None:
    kind = type(item)
    if kind in _PLAIN or issubclass(kind, generic):
        return asarray(item)
    if kind in _EXACT:
        return asarray(float(item))
    if kind in (list, tuple):
        return _converted(item, room, depth + 1)
    return as_array(item)


def _numeric(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of objects, all of them plain numbers, as an array of numbers; any other as it is."""
    if array.dtype.kind != "O" or not 0 < array.size <= MAX_NUMBERS:
        return array
    items = array.reshape(-1).tolist()
    kinds = set(map(type, items))
    if kinds == {bool}:
        return array.astype(bool_)
    if all(kind in _PLAIN or issubclass(kind, generic) for kind in kinds):
        found = asarray([item.item() if isinstance(item, generic) else item for item in items])
        return found.reshape(array.shape) if found.dtype.kind in "biuf" else array
    if all(issubclass(kind, ndarray) for kind in kinds) and len({item.shape for item in items}) == 1:
        whole = empty((len(items), *items[0].shape), items[0].dtype)
        for place, item in enumerate(items):
            whole[place] = item
        return whole if array.ndim == 1 and whole.dtype.kind in "biuf" else array
    return array
