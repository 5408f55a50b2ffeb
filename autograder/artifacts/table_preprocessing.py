"""Recovers how a student prepared the rows of a table, column by column.

The form that can be recovered: every prepared column is ``scale * column + shift`` of one raw column, in any order; a
category is one raw column per text, 0 or 1. Each map is fitted on half of the rows and verified on the other half,
with a tolerance of its own, since columns of a table differ in size by orders of magnitude.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts.preprocessing import MAX_NOISE, MIN_ROWS, TOLERANCE, Preprocessing, clean
from autograder.artifacts.values import Array

ALIKE = 1e-4
"""How far a correlation may be from 1 for a column to be tried."""
SINGLE = 2.0**-22
"""How far a number that was read as float32 may be from that in the table, relative to itself."""
MOST_TRIED = 8
MAX_COLUMNS = 4_000
_MORE_COLUMNS = 8

Floats = NDArray[np.float64]
_Map = tuple[int, float, float]


def recover_table(rows: Array, raw_rows: Array) -> Preprocessing | None:
    """Return the map from raw to prepared rows of a table, or None where there is none of this form.

    Args:
        rows: prepared rows ``(k, columns)`` of any real or whole number type.
        raw_rows: the same ``k`` rows as the grader has them, ``(k, raw columns)``; at least 8.
    """
    maps = _maps(rows, raw_rows)
    found = [one for one in maps if one is not None]
    if len(found) < len(maps) or all(scale == 0.0 for _, scale, _ in found):
        return None
    columns, scale, shift = (tuple(part) for part in zip(*found, strict=True))
    return Preprocessing(shape=(rows.shape[1],), scale=scale, shift=shift, columns=columns,
                         undetermined=sum(one == 0.0 for one in scale))


def unmatched_columns(rows: Array, raw_rows: Array) -> list[int]:
    """Return the positions of the prepared columns that were made from no raw one; all where nothing can be compared.

    Args:
        rows, raw_rows: as in `recover_table`.
    """
    maps = _maps(rows, raw_rows)
    return [place for place, one in enumerate(maps) if one is None] if maps else list(range(rows.shape[-1]))


def most_columns(raw: int) -> int:
    """Return how many prepared columns a table of this many raw ones may become.

    Columns of one number each would otherwise carry what no one counts as a model's parameters.
    """
    return min(MAX_COLUMNS, 2 * raw + _MORE_COLUMNS)


def _comparable(rows: Array, raw_rows: Array) -> bool:
    return (
        rows.ndim == 2 and raw_rows.ndim == 2 and rows.dtype.kind in "fiub" and raw_rows.dtype.kind in "fiub"
        and len(rows) == len(raw_rows) >= MIN_ROWS and raw_rows.shape[1] > 0
        and 0 < rows.shape[1] <= most_columns(raw_rows.shape[1])
    )


def _maps(rows: Array, raw_rows: Array) -> list[_Map | None]:
    """Return the map of each prepared column, None where there is none; nothing where rows cannot be compared."""
    if not _comparable(rows, raw_rows):
        return []
    prepared, raw = rows.astype(np.float64), raw_rows.astype(np.float64)
    if not np.isfinite(prepared).all():
        return []
    known = np.isfinite(raw).all(axis=0)  # a column with gaps was filled in a way that nobody can see
    raw = np.where(known, raw, 0.0)
    relative = TOLERANCE.get(rows.dtype.itemsize if rows.dtype.kind == "f" else 8, 1e-5)
    alike = correlations(prepared, raw)
    return [_map(prepared[:, place], place, raw, alike[place], relative) for place in range(prepared.shape[1])]


def _map(column: Floats, place: int, raw: Floats, alike: Floats, relative: float) -> _Map | None:
    """Return the map of the prepared column at ``place``, whose correlations with all raw ones are ``alike``."""
    if np.ptp(column) == 0:
        return min(place, raw.shape[1] - 1), 0.0, float(column[0])
    tolerance = relative * max(float(np.max(np.abs(column))), 1e-30)
    if tolerance > MAX_NOISE * np.ptp(column):
        return None

    def rank(one: int) -> tuple[bool, bool, float, int]:
        # Of yes and no it is the column that rises with this one, and of equal columns that at the same place: the
        # ones that the student meant. Rounding must not decide, or two arrays would have different ones.
        return bool(alike[one] < 0), one != place, -round(abs(float(alike[one])), 6), one

    order = sorted(np.flatnonzero(np.abs(alike) >= 1 - ALIKE).tolist(), key=rank)
    return next((made for one in order[:MOST_TRIED]
                 if (made := _fit(column, raw[:, one], one, tolerance)) is not None), None)


def correlations(prepared: Floats, raw: Floats) -> Floats:
    """Return the correlation of each prepared column with each raw one; 0 where one of them never changes."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        one, other = (part - part.mean(axis=0) for part in (prepared, raw))
        sizes = np.sqrt((one**2).sum(axis=0))[:, None] * np.sqrt((other**2).sum(axis=0))[None, :]
        found: Floats = np.nan_to_num((one.T @ other) / sizes, nan=0.0, posinf=0.0, neginf=0.0)
    return found


def _fit(column: Floats, raw: Floats, place: int, tolerance: float) -> _Map | None:
    """Fit one column on the even rows and verify it on the odd ones.

    What changes in one half only, as a rare category does, is fitted on all rows: that it changes in the same ones is
    the proof.
    """
    both = np.ptp(raw[::2]) > 0 and np.ptp(raw[1::2]) > 0
    x, y = (raw[::2], column[::2]) if both else (raw, column)
    variance = float(np.var(x))
    if variance == 0.0:
        return None
    scale = float(np.mean((x - x.mean()) * y)) / variance
    shift = float(y.mean()) - scale * float(x.mean())
    # A large number that varies little loses digits as float32 before it is scaled.
    rounding = min(abs(scale) * float(np.max(np.abs(raw))) * SINGLE, MAX_NOISE * float(np.ptp(column)))
    if scale == 0.0 or not float(np.max(np.abs(scale * raw + shift - column))) <= tolerance + rounding:
        return None
    return place, clean(scale, 1.0), clean(shift, 0.0, tolerance)
