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

_ALIKE = 1e-5
"""How far a correlation may be from 1 for a column to be tried."""
MOST_TRIED = 8
MAX_COLUMNS = 4_000

Floats = NDArray[np.float64]
_Map = tuple[int, float, float]


def recover_table(rows: Array, raw_rows: Array) -> Preprocessing | None:
    """Return the map from raw to prepared rows of a table, or None where there is none of this form.

    Args:
        rows: prepared rows ``(k, columns)`` of any real or whole number type.
        raw_rows: the same ``k`` rows as the grader has them, ``(k, raw columns)``; at least 8.
    """
    if not _comparable(rows, raw_rows):
        return None
    prepared, raw = rows.astype(np.float64), raw_rows.astype(np.float64)
    if not np.isfinite(prepared).all():
        return None
    known = np.isfinite(raw).all(axis=0)  # a column with gaps was filled in a way that nobody can see
    relative = TOLERANCE.get(rows.dtype.itemsize if rows.dtype.kind == "f" else 8, 1e-5)
    maps = _maps(prepared, np.where(known, raw, 0.0), relative)
    if maps is None or all(scale == 0.0 for _, scale, _ in maps):
        return None
    columns, scale, shift = (tuple(part) for part in zip(*maps, strict=True))
    return Preprocessing(shape=(rows.shape[1],), scale=scale, shift=shift, columns=columns,
                         undetermined=sum(one == 0.0 for one in scale))


def _comparable(rows: Array, raw_rows: Array) -> bool:
    return (
        rows.ndim == 2 and raw_rows.ndim == 2 and rows.dtype.kind in "fiub" and raw_rows.dtype.kind in "fiub"
        and len(rows) == len(raw_rows) >= MIN_ROWS and 0 < rows.shape[1] <= MAX_COLUMNS and raw_rows.shape[1] > 0
    )


def _maps(prepared: Floats, raw: Floats, relative: float) -> list[_Map] | None:
    alike = np.abs(_correlations(prepared[::2], raw[::2]))
    found: list[_Map] = []
    for place in range(prepared.shape[1]):
        column = prepared[:, place]
        if np.ptp(column) == 0:
            found.append((min(place, raw.shape[1] - 1), 0.0, float(column[0])))
            continue
        tolerance = relative * max(float(np.max(np.abs(column))), 1e-30)
        if tolerance > MAX_NOISE * np.ptp(column):
            return None
        # The same place is tried first: of two equal columns it is the one that the student meant.
        order = sorted(np.flatnonzero(alike[place] >= 1 - _ALIKE), key=lambda one: (one != place, -alike[place][one]))
        fitted = next((made for one in order[:MOST_TRIED]
                       if (made := _fit(column, raw[:, one], int(one), tolerance)) is not None), None)
        if fitted is None:
            return None
        found.append(fitted)
    return found


def _correlations(prepared: Floats, raw: Floats) -> Floats:
    """Return the correlation of each prepared column with each raw one; 0 where one of them never changes."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        one, other = (part - part.mean(axis=0) for part in (prepared, raw))
        sizes = np.sqrt((one**2).sum(axis=0))[:, None] * np.sqrt((other**2).sum(axis=0))[None, :]
        found: Floats = np.nan_to_num((one.T @ other) / sizes, nan=0.0, posinf=0.0, neginf=0.0)
    return found


def _fit(column: Floats, raw: Floats, place: int, tolerance: float) -> _Map | None:
    """Fit one column on the even rows and verify it on the odd ones, where it has to change too."""
    x, y = raw[::2], column[::2]
    variance = float(np.var(x))
    if variance == 0.0 or np.ptp(raw[1::2]) == 0:
        return None
    scale = float(np.mean((x - x.mean()) * y)) / variance
    shift = float(y.mean()) - scale * float(x.mean())
    if scale == 0.0 or not float(np.max(np.abs(scale * raw + shift - column))) <= tolerance:
        return None
    return place, clean(scale, 1.0), clean(shift, 0.0, tolerance)
