"""Recovers how a student prepared images from a few rows, instead of trusting or repeating the student's code.

The form that can be recovered is ``prepared = scale * raw.reshape(shape) + shift`` with one scale and shift for
everything, else one of each per feature. It is fitted on half of the rows and verified on the other half.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts.values import Array

MIN_ROWS = 8
# Largest difference between fit and proof, relative to the largest prepared value: rounding of a few operations.
TOLERANCE = {2: 4e-3, 4: 1e-5, 8: 1e-5}
# The tolerance must stay far below the spread of the data, or anything would seem to fit.
MAX_NOISE = 0.02

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Preprocessing:
    """A change of shape and an affine map.

    Attributes:
        shape: shape of one prepared input, e.g. ``(784,)`` or ``(28, 28, 1)``.
        scale, shift: one number each, or one per feature in C order.
        columns: of a table: the raw column that each prepared one was made from; empty: all, in their order.
        undetermined: features that never changed in the sampled rows; they keep their one value (scale 0).
    """

    shape: tuple[int, ...]
    scale: tuple[float, ...]
    shift: tuple[float, ...]
    undetermined: int = 0
    columns: tuple[int, ...] = ()

    @property
    def per_feature(self) -> bool:
        """Whether every feature has its own map."""
        return len(self.scale) > 1

    def apply(self, raw: Array) -> NDArray[np.float32]:
        """Prepare raw images ``(n, …)``; returns ``(n, *shape)``.

        Raises:
            ValueError: one raw image has another number of values than one prepared input.
            IndexError: a table has fewer columns.
        """
        if self.columns:
            # In double precision until the end: a column of a table may be large and vary little.
            made = raw.reshape(len(raw), -1)[:, list(self.columns)].astype(np.float64)
            made = made * np.asarray(self.scale) + np.asarray(self.shift)
            prepared: NDArray[np.float32] = made.astype(np.float32).reshape(len(raw), *self.shape)
            return prepared
        flat = raw.reshape(len(raw), math.prod(self.shape)).astype(np.float32)
        flat *= np.asarray(self.scale, np.float32)
        flat += np.asarray(self.shift, np.float32)
        return flat.reshape(len(raw), *self.shape)

    def matches(self, other: Preprocessing, *, low: float = 0.0, high: float = 255.0, relative: float = 1e-3) -> bool:
        """Whether both prepare raw values between ``low`` and ``high`` alike, up to ``relative`` of their spread."""
        if self.shape != other.shape or self.columns != other.columns:
            return False
        with np.errstate(over="ignore", invalid="ignore"):
            mine, yours = (_ends(item, low, high) for item in (self, other))
            spread = float(np.max(np.abs(mine[1] - mine[0])))
            difference = max(float(np.max(np.abs(a - b))) for a, b in zip(mine, yours, strict=True))
        # Beyond the range of floats everything would look alike.
        return math.isfinite(spread) and difference <= relative * spread


def recover(rows: Array, raw_rows: Array) -> Preprocessing | None:
    """Return the map from raw to prepared rows, or None where there is none of this form.

    Args:
        rows: prepared rows ``(k, …)`` of any real or whole number type.
        raw_rows: the same ``k`` rows before any preparation; at least 8.
    """
    if not _comparable(rows, raw_rows):
        return None
    prepared = rows.reshape(len(rows), -1).astype(np.float64)
    raw = raw_rows.reshape(len(raw_rows), -1).astype(np.float64)
    if not (np.isfinite(prepared).all() and np.isfinite(raw).all()):
        return None
    largest = float(np.max(np.abs(prepared)))
    tolerance = TOLERANCE.get(rows.dtype.itemsize if rows.dtype.kind == "f" else 8, 1e-5) * largest
    shape = tuple(int(side) for side in rows.shape[1:])
    # Rows near the limits of floats overflow during the fit: the result is not finite and proves nothing.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.ptp(raw) == 0 or tolerance > MAX_NOISE * np.ptp(prepared) or np.ptp(prepared) == 0:
            return None
        return _one_map(prepared, raw, tolerance, shape) or _map_per_feature(prepared, raw, tolerance, shape)


def _comparable(rows: Array, raw_rows: Array) -> bool:
    return (
        rows.ndim >= 2 and raw_rows.ndim >= 2
        and rows.dtype.kind in "fiu" and raw_rows.dtype.kind in "fiu" and rows.dtype.itemsize <= 8
        and len(rows) == len(raw_rows) >= MIN_ROWS
        and math.prod(rows.shape[1:]) == math.prod(raw_rows.shape[1:]) > 0
    )


def _one_map(prepared: Floats, raw: Floats, tolerance: float, shape: tuple[int, ...]) -> Preprocessing | None:
    """Fit one scale and shift on the even rows and verify them on the odd ones."""
    x, y = raw[::2], prepared[::2]
    centred = x - x.mean()
    variance = float(np.mean(centred**2))
    if variance == 0.0:
        return None
    scale = float(np.mean(centred * y)) / variance
    shift = float(y.mean()) - scale * float(x.mean())
    if scale == 0.0 or not math.isfinite(scale) or not math.isfinite(shift):
        return None
    if not _close(prepared, scale * raw + shift, tolerance):
        return None
    return Preprocessing(shape=shape, scale=(clean(scale, 1.0),), shift=(clean(shift, 0.0, tolerance),))


def _map_per_feature(prepared: Floats, raw: Floats, tolerance: float, shape: tuple[int, ...]) -> Preprocessing | None:
    """Fit each feature on the even rows, verify on the odd ones; then fit once more on all rows."""
    scale, shift, varies = _fit_features(prepared[::2], raw[::2])
    provable = varies & (np.ptp(raw[1::2], axis=0) > 0)
    if not provable.any() or not _close(prepared[:, provable], (scale * raw + shift)[:, provable], tolerance):
        return None
    scale, shift, varies = _fit_features(prepared, raw)
    if not (np.isfinite(scale).all() and np.isfinite(shift).all() and _close(prepared, scale * raw + shift, tolerance)):
        return None
    # A map with more free numbers than proved rows could fit noise: most of the moving features must be proved.
    if provable.sum() * 2 < varies.sum():
        return None
    return Preprocessing(shape=shape, scale=tuple(scale.tolist()), shift=tuple(shift.tolist()),
                         undetermined=int((~varies).sum()))


def _fit_features(prepared: Floats, raw: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Return scale and shift of every feature by least squares, and which features moved at all."""
    centred = raw - raw.mean(axis=0)
    variance = np.mean(centred**2, axis=0)
    varies = np.ptp(raw, axis=0) > 0
    scale = np.zeros_like(variance)
    np.divide(np.mean(centred * prepared, axis=0), variance, out=scale, where=varies)
    return scale, prepared.mean(axis=0) - scale * raw.mean(axis=0), varies


def _close(seen: Floats, fitted: Floats, tolerance: float) -> bool:
    """Whether all differ by at most ``tolerance``; written so that NaN, which compares false, differs."""
    return bool(np.max(np.abs(seen - fitted)) <= tolerance)


def clean(value: float, whole: float, margin: float = 0.0) -> float:
    """Return exactly ``whole`` where the difference is only rounding, so that an unchanged image stays unchanged."""
    return whole if abs(value - whole) <= max(1e-9, margin * 1e-3) else value


def _ends(item: Preprocessing, low: float, high: float) -> tuple[Floats, Floats]:
    scale, shift = np.asarray(item.scale), np.asarray(item.shift)
    return scale * low + shift, scale * high + shift
