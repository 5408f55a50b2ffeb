"""Measures arrays once: statistics, fingerprint and sampled rows, all cheap enough for every checkpoint."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite as finite
from typing import Any
from weakref import ref

from numpy import add, asarray, copyto, dot, empty, float64, isfinite, isnan, maximum, minimum, ndarray, uint8, uint64
from numpy.typing import NDArray

from autograder.artifacts.sampling import blocks, fingerprint, sample_indices

_ROW_BYTES = 1 << 20
_PAGE_BYTES = 4096
_FILE_BYTES = 32 << 20
_MAX_AXES = 6
_KEPT = 10_000
_PIECE = 1 << 16
Described = dict[str, Any]


@dataclass(slots=True)
class _Known:
    """An array object that was measured: what tells that it has not changed since, and its description."""

    owner: Callable[[], Any]
    place: tuple[Any, ...]
    content: bytes
    described: Described


class ArrayBook:
    """All arrays seen in one run.

    Args:
        key: decides which rows are sampled.
        sample_rows: how many.
    """

    def __init__(self, key: str, sample_rows: int) -> None:
        self._key = key
        self._count = sample_rows
        self._known: dict[int, _Known] = {}
        self._measured: dict[str, Described] = {}
        self._statistics_of: dict[tuple[str, int, bytes], Described] = {}
        self._rows = 0
        self._room = _FILE_BYTES
        self.pending: dict[str, NDArray[Any]] = {}
        self.file = 1

    def describe(self, owner: Any, array: NDArray[Any], type_name: str) -> Described:
        """Return the description of an array as in the architecture, and keep its sampled rows for `pending`.

        Args:
            owner: the student's object, of which ``array`` are the values: a tensor, a frame or the array itself.
        """
        head = {"kind": "array", "type": type_name, "shape": list(array.shape), "dtype": str(array.dtype)}
        if array.dtype.kind not in "biuf":
            return head
        known = self._unchanged(owner, array)
        measured = known.described if known else self._measure(owner, array)
        return {**head, **measured, **self._with_rows(measured, array)}

    def reference(self, owner: Any, array: NDArray[Any]) -> Described:
        """Return what a fit was called with: fingerprint, shape and type."""
        head: Described = {"shape": list(array.shape), "dtype": str(array.dtype)}
        if array.dtype.kind not in "biuf":
            return {**head, "type": "numpy.ndarray"}
        known = self._unchanged(owner, array)
        digest = known.described["fingerprint"] if known else fingerprint(array)
        if known is None:
            self._keep(owner, array, {"fingerprint": digest}, _content(array))
        return {"fingerprint": digest, **head}

    def drop_pending(self) -> None:
        """Forget the sampled rows that could not be stored, or were: the next go into the next file."""
        self.pending = {}
        self._room = _FILE_BYTES
        self.file += 1

    def _unchanged(self, owner: Any, array: NDArray[Any]) -> _Known | None:
        """Return what is known of this very object, if neither its place in memory nor its content changed."""
        known = self._known.get(id(owner))
        if known is None or known.owner() is not owner or known.place != _place(owner, array):
            return None
        return known if known.content == _content(array) else None

    def _measure(self, owner: Any, array: NDArray[Any]) -> Described:
        digest = fingerprint(array)
        measured = self._measured.get(digest)
        content = _content(array)
        if measured is None:
            measured = {**self._statistics(array, content), "fingerprint": digest}
            self._measured[digest] = measured
        self._keep(owner, array, measured, content)
        return measured

    def _statistics(self, array: NDArray[Any], content: bytes) -> Described:
        """Return the statistics of an array, which another shape of the same numbers shares."""
        key = array.dtype.str, array.size, content
        if key not in self._statistics_of:
            self._statistics_of[key] = _statistics(array)
        return self._statistics_of[key]

    def _with_rows(self, measured: Described, array: NDArray[Any]) -> Described:
        """Sample the rows of content that is new; content that was measured for a fit only is measured now."""
        digest = measured["fingerprint"]
        whole = self._measured.setdefault(digest, measured)
        if "nan" not in whole:
            whole.update(self._statistics(array, _content(array)))
        if "rows" not in whole:
            whole.update(self._sample(array))
        return whole

    def _sample(self, array: NDArray[Any]) -> Described:
        if array.ndim > _MAX_AXES or array.itemsize > 8 or array.nbytes // max(1, array.shape[0]) > _ROW_BYTES:
            return {"rows": None, "file": None}
        rows = array[sample_indices(self._key, array.shape[0], self._count)]
        if self._room < rows.nbytes:
            return {"rows": None, "file": None}
        self._room -= rows.nbytes
        self._rows += 1
        name = f"a{self._rows}"
        self.pending[name] = rows
        return {"rows": name, "file": self.file}

    def _keep(self, owner: Any, array: NDArray[Any], described: Described, content: bytes) -> None:
        try:
            owned = ref(owner)
        except TypeError:
            return
        if len(self._known) > _KEPT:
            self._known.clear()
        self._known[id(owner)] = _Known(owned, _place(owner, array), content, described)


def _place(owner: Any, array: NDArray[Any]) -> tuple[Any, ...]:
    # A tensor's values are copied out anew each time, so only a NumPy array's own address says anything.
    address = array.ctypes.data if type(owner) is ndarray else 0
    return address, array.shape, array.strides, array.dtype.str


def _content(array: NDArray[Any]) -> bytes:
    """Return a hash of all bytes that is ten times as fast as a fingerprint: the sums of pages of 4 KiB, hashed.

    A change within one page that keeps its sum goes unseen; rows that were shuffled do not.
    """
    digest = hashlib.blake2b(digest_size=16)
    for block in blocks(array):
        octets = block.view(uint8)
        whole = octets.size // _PAGE_BYTES * _PAGE_BYTES
        pages = octets[:whole].view(uint64).reshape(-1, _PAGE_BYTES // 8)
        digest.update(asarray(add.reduce(pages, axis=1)).data)
        digest.update(octets[whole:].data)
    return digest.digest()


def _statistics(array: NDArray[Any]) -> Described:
    """Return least, greatest, mean and deviation in double precision without NaN and Inf, and how many there are."""
    moments = _Moments()
    for block in blocks(array):
        for start in range(0, block.size, _PIECE):
            moments.add(block[start : start + _PIECE])
    return moments.numbers()


class _Moments:
    """Statistics of pieces, combined with Chan's formula: no digits get lost where the mean is large."""

    def __init__(self) -> None:
        self._count = self._nan = self._inf = 0
        self._mean = self._squares = 0.0
        self._least: Any = None
        self._greatest: Any = None
        # One buffer that stays in the cache: fresh memory for each piece would cost ten times as much.
        self._buffer = empty(_PIECE, dtype=float64)

    def add(self, piece: NDArray[Any]) -> None:
        """Take one piece of at most ``_PIECE`` numbers."""
        block, missing = _finite(piece)
        self._nan, self._inf = self._nan + missing, self._inf + piece.size - block.size - missing
        if not block.size:
            return
        low, high = minimum.reduce(block), maximum.reduce(block)
        self._least = low if self._least is None else min(self._least, low)
        self._greatest = high if self._greatest is None else max(self._greatest, high)
        values = self._buffer[: block.size]
        copyto(values, block, casting="unsafe")
        middle = float(add.reduce(values)) / values.size
        values -= middle
        step, total = middle - self._mean, self._count + values.size
        self._squares += float(dot(values, values)) + step**2 * self._count * values.size / total
        self._mean += step * values.size / total
        self._count = total

    def numbers(self) -> Described:
        """Return the statistics of all pieces; None where there is no finite number."""
        mean, deviation = (self._mean, (self._squares / self._count) ** 0.5) if self._count else (None, None)
        return {"min": _number(self._least), "max": _number(self._greatest), "mean": _number(mean),
                "std": _number(deviation), "nan": self._nan, "inf": self._inf}


def _finite(block: NDArray[Any]) -> tuple[NDArray[Any], int]:
    """Return the numbers of a piece that are finite, and how many are NaN."""
    if block.dtype.kind != "f" or (finite(minimum.reduce(block)) and finite(maximum.reduce(block))):
        return block, 0
    return block[isfinite(block)], int(add.reduce(isnan(block)))


def _number(value: Any) -> float | int | None:
    if value is None:
        return None
    number = value.item() if hasattr(value, "item") else value
    number = int(number) if isinstance(number, bool) else number
    return number if isinstance(number, int) or finite(number) else None
