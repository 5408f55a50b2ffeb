"""Finds which rows of a table a student's prepared rows were made from, where they are in another order.

A student who divides a table draws rows at random. One column of numbers that are nearly all different says which rows
these are: the smallest and the largest sampled value, taken for any two values of the table, predict where all others
have to be. What is found is only a proposal; `recover_table` then verifies every column on these rows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts.preprocessing import MIN_ROWS
from autograder.artifacts.values import Array

MOST_PAIRS = 300_000
"""Of values that are tried for one column: enough for tables of 5,000 rows."""
MOST_COLUMNS = 40
"""Prepared and raw columns that are tried."""
DIFFERENT = 0.5
"""Share of a raw column's values that have to differ."""
MOST_TRIES = 60_000_000
"""Of pairs and values together, for all columns: a few seconds."""
_CHUNK = 200_000
_NEAR = 2e-6
"""How far a value may be from that of the table, relative to the range of the column: rounding to float32."""
_EDGE = 6
"""The least of k sampled values is, but for one sample in hundreds, among the first n · _EDGE / k of the table."""

class _Tries:
    """How many pairs may still be tried."""

    def __init__(self) -> None:
        self.left = MOST_TRIES

    def take(self, count: int) -> bool:
        """Whether this many more may be."""
        self.left -= count
        return self.left >= 0


Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


def match_rows(rows: Array, raw: Array) -> tuple[Rows, Rows] | None:
    """Return positions among the prepared rows, and of the table's row that each of these was made from.

    Args:
        rows: prepared rows ``(k, columns)``.
        raw: all rows of the table ``(n, raw columns)``.

    Returns:
        At least 8 rows that belong to one row of the table each; None where there is no such column, or too many have
        to be tried.
    """
    if rows.ndim != 2 or raw.ndim != 2 or len(rows) < MIN_ROWS or rows.dtype.kind not in "fiu":
        return None
    prepared, table = rows.astype(np.float64), raw.astype(np.float64)
    if not np.isfinite(prepared).all():
        return None
    tries = _Tries()
    for column in _columns(table):
        values, first = np.unique(table[:, column], return_index=True)
        once = np.bincount(np.searchsorted(values, table[:, column]), minlength=len(values)) == 1
        for place in range(min(rows.shape[1], MOST_COLUMNS)):
            found = _places(prepared[:, place], values, tries)
            if found is not None and (kept := once[found]).sum() >= MIN_ROWS:
                return np.flatnonzero(kept), first[found[kept]]
    return None


def _columns(table: Floats) -> list[int]:
    """Return the columns whose values are nearly all different, those with the most different ones first."""
    counts = {column: len(np.unique(table[:, column])) for column in range(min(table.shape[1], MOST_COLUMNS))
              if np.isfinite(table[:, column]).all()}
    return sorted((column for column, count in counts.items() if count >= max(DIFFERENT * len(table), MIN_ROWS)),
                  key=lambda column: -counts[column])


def _places(sample: Floats, values: Floats, tries: _Tries) -> NDArray[np.intp] | None:
    """Return the position in ``values`` (sorted, all different) of each sampled value; None: no or no single way."""
    low, high = float(sample.min()), float(sample.max())
    if low == high:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        parts = (sample - low) / (high - low)
    # Values that are nearer than rounding tell no pair from another one.
    if not np.isfinite(parts).all() or len(np.unique(np.round(parts / _NEAR))) < DIFFERENT * len(sample):
        return None  # another column: the values of this one nearly all differ
    edge = min(len(values), max(8, len(values) * _EDGE // len(sample)))
    if edge * edge > MOST_PAIRS:
        return None
    starts, ends = values[:edge], values[-edge:]
    found = _pairs(parts, starts, ends, values, tries) + _pairs(parts, ends, starts, values, tries)
    if len(found) != 1:
        return None
    start, end = found[0]
    return _nearest(start + parts * (end - start), values)


def _pairs(parts: Floats, starts: Floats, ends: Floats, values: Floats, tries: _Tries) -> list[tuple[float, float]]:
    """Return the values that the least and the greatest sampled one can be, so that all others are in the table."""
    start, end = (side.reshape(-1) for side in np.meshgrid(starts, ends, indexing="ij"))
    near = _NEAR * (values[-1] - values[0])
    # The middle of the sample first: few pairs are left after a handful of values.
    for part in parts[np.argsort(np.abs(parts - 0.5))]:
        if not tries.take(len(start)):
            return []
        kept = np.concatenate([
            _is_near(start[at : at + _CHUNK] + part * (end - start)[at : at + _CHUNK], values, near)
            for at in range(0, len(start), _CHUNK)]) if len(start) else np.zeros(0, bool)
        start, end = start[kept], end[kept]
        if not len(start):
            return []
    return list(zip(start.tolist(), end.tolist(), strict=True))


def _is_near(wanted: Floats, values: Floats, near: float) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = np.abs(values[_nearest(wanted, values)] - wanted) <= near
    return found


def _nearest(wanted: Floats, values: Floats) -> NDArray[np.intp]:
    right = np.clip(np.searchsorted(values, wanted), 1, len(values) - 1)
    found: NDArray[np.intp] = np.where(wanted - values[right - 1] < values[right] - wanted, right - 1, right)
    return found
