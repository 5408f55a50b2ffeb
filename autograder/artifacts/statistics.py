"""Statistics of an array: read once in pieces that stay in the processor's cache, exact where the mean is large."""

from __future__ import annotations

from math import isfinite as finite
from typing import Any

from numpy import add, copyto, dot, empty, float64, isfinite, isnan, maximum, minimum
from numpy.typing import NDArray

from autograder.artifacts.sampling import blocks

_PIECE = 1 << 16


def statistics(array: NDArray[Any]) -> dict[str, Any]:
    """Return minimum, maximum, mean and deviation in double precision without NaN and Inf, and how many those are."""
    moments = _Moments()
    for block in blocks(array):
        for start in range(0, block.size, _PIECE):
            moments.add(block[start : start + _PIECE])
    return moments.numbers()


class _Moments:
    """Statistics of pieces, combined with Chan's formula: no digits are lost where the mean is large."""

    def __init__(self) -> None:
        self._count = self._nan = self._inf = 0
        self._mean = self._squares = 0.0
        self._least: Any = None
        self._greatest: Any = None
        # One buffer that stays in the cache: fresh memory for each piece would cost ten times as much.
        self._buffer = empty(_PIECE, dtype=float64)

    def add(self, piece: NDArray[Any]) -> None:
        """Add one piece of at most ``_PIECE`` numbers."""
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

    def numbers(self) -> dict[str, Any]:
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
