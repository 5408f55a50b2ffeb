"""Whether something drawn shows certain numbers: a curve, an image, a surface, points. Pure.

Every answer is one of three: it is shown, it is not, or unknown (None), since the figure contains something of which
the record does not say enough.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array, Drawn, Field, Series

Floats = NDArray[np.float64]
IN_SPACE = "3d"
"""The name of axes in space."""
ALIKE = 0.8
"""Least correlation of a drawn image with the expected one: two different digits hardly ever exceed 0.6."""
_ROUNDED = 6e-4
"""Three decimals are enough to draw a curve."""
_NEAR = 5e-3
_MOST = 0.95
_FEWEST = 16
_LEAST = 4
_SAME_FORM = 0.9995


def curve_shown(fields: Iterable[Field], wanted: Sequence[float]) -> bool | None:
    """Return whether some line, row of points or row of bars has the values of a curve, as shares or percentages.

    A line that leaves out the first epochs, or shows a longer training around them, shows the curve too. A line
    of its logarithm, its inverse or 1 minus the curve may be meant for it: then the answer is unknown.
    """
    target = np.asarray(wanted, dtype=np.float64)
    rows = [row for field in fields for row in _rows(field)]
    known = [row for row in rows if row is not None]
    if any(_same_curve(row, target * scale, scale) for row in known for scale in (1.0, 100.0)):
        return True
    unknown = len(known) < len(rows) or any(_same_form(row, target) for row in known)
    return None if unknown else False


def image_shown(fields: Iterable[Field], wanted: Array) -> bool | str | None:
    """Return whether an image looks like ``wanted``, whatever its colours and its scale; ``"turned"`` for one that is
    turned or mirrored.
    """
    target = np.asarray(wanted, dtype=np.float64)
    series = [item for field in fields for item in field.series]
    images = [item for item in series if item.kind == "image"]
    grey = [found for item in images if (found := _grey(item, target.size)) is not None]
    if any(_correlation(values, target) >= ALIKE for values in grey):
        return True
    turns = [turned for side in (target, target.T) for turned in (side, side[::-1], side[:, ::-1], side[::-1, ::-1])]
    if any(_correlation(values, turned) >= ALIKE for values in grey for turned in turns):
        return "turned"
    return None if len(grey) < len([item for item in series if item.kind != "line"]) else False


def surface_shown(fields: Iterable[Field], places: Array, heights: Array) -> bool | None:
    """Return whether the corners of a surface in space are these.

    A surface over the same grid with other heights is a plain no, whatever else the axes in the plane show.

    Args:
        places: shape (n, 2), the points of the grid.
        heights: shape (n,), the height at each of them.
    """
    fields = list(fields)
    in_space = [item for field in fields if field.name == IN_SPACE for item in field.series if item.kind != "line"]
    in_plane = [item for field in fields if field.name != IN_SPACE for item in field.series if item.kind != "line"]
    readable = [points for item in in_space if (points := _in_space(item)) is not None and len(points) >= _FEWEST]
    doubt = len(readable) < len(in_space)
    for points in readable:
        for columns in ((0, 1), (1, 0)):
            distance, nearest = _nearest(points[:, columns], places)
            on_grid = distance <= _NEAR
            if on_grid.mean() < _MOST:
                continue
            wanted = heights[nearest]
            if (np.abs(points[:, 2] - wanted) <= _NEAR + 1e-3 * np.abs(wanted)).mean() >= _MOST:
                return True
    if any(_on_grid(points, places) for points in readable):
        return None if doubt else False
    return None if doubt or in_plane or readable else False


def points_shown(fields: Iterable[Field], wanted: Array) -> bool | None:
    """Return whether some row of points holds all of these, whose shape is (n, 3), in space."""
    series = [item for field in fields for item in field.series]
    readable = [points for item in series if (points := _in_space(item)) is not None]
    for points in readable:
        for columns in ((0, 1, 2), (1, 0, 2)):
            distance, _ = _nearest(wanted, points[:, columns])
            if (distance <= _NEAR).all():
                return True
    return None if len(readable) < len(series) else False


def error_bars_shown(
    fields: Iterable[Field], means: Sequence[float], deviations: Sequence[float]
) -> bool | str | None:
    """Return whether a bar from mean - deviation to mean + deviation is drawn for each pair, upright or lying.

    As shares or percentages. ``"length"``: there are bars at all the means, and some have another length.

    Args:
        means: n numbers.
        deviations: n numbers, none below 0.
    """
    series = [item for field in fields for item in field.series]
    bars = [found for column in ("x", "y") for item in series for found in _bars(item, column)]
    middles, halves = np.array(bars, dtype=np.float64).reshape(-1, 2).T
    verdicts = []
    for scale in (1.0, 100.0):
        near = [np.abs(middles - scale * mean) <= _ROUNDED * scale for mean in means]
        long = [np.abs(halves - scale * deviation) <= _ROUNDED * scale for deviation in deviations]
        verdicts.append((all(np.any(at & by) for at, by in zip(near, long, strict=True)), all(map(np.any, near))))
    if any(same for same, _ in verdicts):
        return True
    if any(item.kind in ("other", "image", "surface") for item in series):
        return None
    return "length" if any(placed for _, placed in verdicts) else False


def is_empty(field: Field) -> bool:
    """Whether a field shows nothing."""
    return not any(item.count or item.kind in ("image", "other") for item in field.series)


def unwritten(figures: Iterable[Drawn], names: Sequence[str]) -> list[str]:
    """Return the names that are written nowhere in these figures, as words of their own and in any case."""
    texts: list[str] = []
    for figure in figures:
        texts += [figure.title, *figure.legend]
        for field in figure.fields:
            texts += [field.title, *field.texts, *field.ticks, *field.legend]
    words = {word for text in texts for word in re.findall(r"\w+", text.casefold())}
    return [name for name in names if not set(re.findall(r"\w+", name.casefold())) <= words]


def lines_of(field: Field) -> list[Series]:
    """Return the lines of a field that have points."""
    return [item for item in field.series if item.kind == "line" and item.count]


def _rows(field: Field) -> list[Floats | None]:
    """Return the heights of every line, row of points and row of bars; None for one that cannot be read."""
    rows: list[Floats | None] = []
    bars = [item.y for item in field.series if item.kind == "bar" and item.y is not None]
    if bars:
        rows.append(np.concatenate(bars))
    for item in field.series:
        if item.kind in ("line", "scatter"):
            whole = item.y is not None and len(item.y) == item.count
            if item.count:
                rows.append(item.y if whole else None)
        elif item.kind != "bar":
            rows.append(None)
    return rows


def _bars(item: Series, column: str) -> list[tuple[float, float]]:
    """Return middle and half of the length of each straight piece that runs along one axis."""
    along, across = (item.x, item.y) if column == "x" else (item.y, item.x)
    single = item.kind == "line" and item.count == 2  # a bar drawn by `plot`
    if not (single or item.kind == "segments") or along is None or across is None or len(along) % 2:
        return []
    return [(float(start + end) / 2, float(abs(end - start)) / 2)
            for start, end, one, other in zip(along[::2], along[1::2], across[::2], across[1::2], strict=True)
            if one == other]


def _same_curve(row: Floats, target: Floats, scale: float) -> bool:
    short, long = (row, target) if len(row) <= len(target) else (target, row)
    if not len(short) or (short is row and 2 * len(row) < len(target)):
        return False
    starts = [len(long) - len(short)] if short is row else range(len(long) - len(short) + 1)
    return any(np.allclose(short, long[start : start + len(short)], rtol=2e-3, atol=_ROUNDED * scale, equal_nan=True)
               for start in starts)


def _same_form(row: Floats, target: Floats) -> bool:
    """Whether a line is the curve after a scale and a shift, its logarithm or its inverse."""
    if len(row) != len(target) or len(row) < _LEAST or not np.isfinite(row).all():
        return False
    forms = [target, np.log(target), 1 / target] if (target > 0).all() else [target]
    return any(_correlation(row, form) >= _SAME_FORM for form in forms)


def _grey(item: Series, size: int) -> Floats | None:
    """Return one number per pixel, None for an image of another size or one that was not recorded."""
    values = item.values
    if values is None or values.size != math.prod(item.shape):
        return None
    if len(item.shape) == 3:
        # The fourth of four channels is the opacity.
        values = values.reshape(-1, item.shape[2])[:, :3].mean(axis=1)
    return np.asarray(values, dtype=np.float64) if values.size == size else None


def _correlation(values: Floats, target: Floats) -> float:
    finite = np.nan_to_num(values.reshape(-1))
    first, second = finite - finite.mean(), target.reshape(-1) - target.mean()
    length = float(np.linalg.norm(first) * np.linalg.norm(second))
    return abs(float(first @ second)) / length if length else 0.0


def _in_space(item: Series) -> Floats | None:
    if item.x is None or item.y is None or item.z is None or not len(item.x) == len(item.y) == len(item.z):
        return None
    points = np.stack([item.x, item.y, item.z], axis=1).astype(np.float64)
    kept: Floats = points[np.isfinite(points).all(axis=1)]
    return kept


def _on_grid(points: Floats, places: Array) -> bool:
    return any((_nearest(points[:, columns], places)[0] <= _NEAR).mean() >= _MOST for columns in ((0, 1), (1, 0)))


def _nearest(points: Array, places: Array) -> tuple[Floats, NDArray[np.int64]]:
    """Return how far each point lies from the nearest place (largest difference of a coordinate), and which it is."""
    if not len(places):
        return np.full(len(points), np.inf), np.zeros(len(points), dtype=np.int64)
    apart = np.abs(points[:, None, :] - np.asarray(places, dtype=np.float64)[None, :, :]).max(axis=2)
    nearest = apart.argmin(axis=1)
    return apart[np.arange(len(points)), nearest], nearest
