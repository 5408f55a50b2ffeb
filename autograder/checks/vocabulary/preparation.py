"""Explains in words how images were prepared, from the recovered preprocessing. Pure.

Each function that returns a ``Problem`` gives (seen, expected, hint) for `CheckFailed`.
"""

from __future__ import annotations

import math

import numpy as np

from autograder.artifacts import Array
from autograder.artifacts.preprocessing import Preprocessing, recover
from autograder.checks.vocabulary.subject import number_text

__all__ = ["Preprocessing", "Problem", "not_affine", "not_divided", "not_standardized", "per_pixel", "recover", "span",
           "unlike_raw"]

Problem = tuple[str, str, str | None]

SCALE_TOLERANCE = 1e-3
"""Relative: the deviation of another set of images differs by more (6,000 and 60,000 handwritten digits: 0.0028)."""
MEAN_TOLERANCE = 1e-3
"""As a part of one deviation, for the same reason (there: 0.0026)."""
ROUGH = 0.02
"""For recognising a mistake even where the student rounded the statistics by hand."""

DIVIDED = {2: 1e-3}
"""Absolute, for values up to 1, by bytes per number: far below the effect of a divisor of 254 or 256 (0.004)."""
FINER = 1e-4
"""The same for float32 and wider types."""
WHITE = 255

_CHUNK = 1 << 18
"""Values that are summed at a time, few enough to stay in a processor's cache."""

STANDARDIZED = "(pixel − mean) / deviation, both from all training pixels: one mean, one deviation."


def statistics(images: Array) -> tuple[float, float]:
    """Return mean and standard deviation of all values; exact and quick for ``uint8``."""
    if images.dtype != np.uint8:
        return float(np.mean(images, dtype=np.float64)), float(np.std(images, dtype=np.float64))
    values = images.reshape(-1)
    total = squares = 0
    for start in range(0, values.size, _CHUNK):
        part = values[start : start + _CHUNK].astype(np.float64)
        total, squares = total + int(part.sum()), squares + int(part @ part)  # whole numbers below 2**53: exact
    return total / values.size, math.sqrt(values.size * squares - total**2) / values.size


def span(found: Preprocessing) -> str:
    """Return where pixels from 0 to 255 end up, in words: ``0–1``."""
    if found.per_feature:
        return "a separate scale for every pixel"
    ends = sorted(pixel * found.scale[0] + found.shift[0] for pixel in (0, 255))
    low, high = (number_text(round(end, 3)) for end in ends)
    return f"{low} to {high}" if low.startswith("-") else f"{low}–{high}"


def per_pixel(name: str) -> Problem:
    """Return the problem of a map that differs from pixel to pixel."""
    return (f"Every pixel position of {name} was scaled with its own numbers.", STANDARDIZED,
            "`mean()` and `std()` without `axis` give one number each, for all pixels together.")


def unlike_raw(name: str, rows: Array, raw: Array) -> Problem:
    """Return why prepared rows differ from the raw ones."""
    if raw.ndim == 1:
        return (f"{name} differs from the original labels.", "The labels of the same rows, in the same order.",
                "Cut inputs and labels in the same way, and keep training and test labels apart.")
    wanted = f"The values of the original images, row by row, unchanged in {name}."
    found = recover(rows, raw)
    if found is not None and not found.per_feature:
        return (f"{name} holds the right images, but pixel values are in {span(found)} instead of 0–255.", wanted,
                "Scaling comes in a later step. Did a cell run twice?")
    seen, _, hint = not_affine(name, rows, raw)
    return seen, wanted, hint


def not_affine(name: str, rows: Array, raw: Array) -> Problem:
    """Return why no scale and shift turn the raw rows into the prepared ones."""
    wanted = f"Row i of {name} made from image i, by a change of shape and one scale and shift."
    size = math.prod(rows.shape[1:])
    if size != math.prod(raw.shape[1:]):
        return (f"One row of {name} has {size} values, one image {math.prod(raw.shape[1:])}.", wanted,
                "Check the shape first.")
    if rows.min() == rows.max():
        return (f"All values of {name} that we looked at are {number_text(float(rows.flat[0]))}.", wanted,
                "Whole-number types cut off everything between 0 and 1: cast to float32 before dividing.")
    if raw.ndim == 3 and recover(rows.reshape(len(rows), -1), raw.transpose(0, 2, 1)) is not None:
        return (f"Each image in {name} is transposed: rows and columns are swapped.", wanted,
                "`reshape` keeps the order of the values; no `transpose` or `order` is needed.")
    if rows.dtype.kind in "iu" and _rounded(rows, raw):
        return (f"{name} was cut to whole numbers.", wanted, "Cast to float32 before dividing.")
    return (f"{name} cannot be made from the original images by one scale and shift.", wanted,
            "Were the images put in another order, or was the array reshaped across images?")


def _rounded(rows: Array, raw: Array) -> bool:
    x = raw.reshape(len(raw), -1).astype(np.float64).ravel()
    y = rows.reshape(len(rows), -1).astype(np.float64).ravel()
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return False
    return bool(np.corrcoef(x, y)[0, 1] > 0.9)


def not_divided(name: str, rows: Array, raw: Array, divisor: float) -> Problem | None:
    """Return why prepared rows are not the raw ones divided by a number, None where they are."""
    flat, original = rows.reshape(len(rows), -1), raw.reshape(len(raw), -1)
    if np.allclose(flat, original / divisor, atol=DIVIDED.get(rows.dtype.itemsize, FINER)):
        return None
    unchanged = np.array_equal(flat, original)
    return (f"{name} has values from {rows.min():.4g} to {rows.max():.4g} for pixels from 0 to {raw.max()}.",
            f"Every pixel divided by {number_text(divisor)}: values from 0 to {number_text(WHITE / divisor)}.",
            "Is the result stored under exactly this name?" if unchanged else None)


def not_standardized(name: str, found: Preprocessing, own: Array, training: Array) -> Problem | None:
    """Return why a map is not standardization by the training images' statistics, None where it is.

    Args:
        name: the array's name in quotes.
        found: the recovered map.
        own: the raw images that this array was made from.
        training: the raw images whose statistics count.
    """
    if found.per_feature:
        return per_pixel(name)
    scale, shift = found.scale[0], found.shift[0]
    mean, deviation = statistics(training)
    if _is(found, 1 / deviation, -mean / deviation, deviation, SCALE_TOLERANCE, MEAN_TOLERANCE):
        return None
    own_mean, own_deviation = statistics(own)
    if abs(own_mean - mean) > 1e-9 and _is(
        found, 1 / own_deviation, -own_mean / own_deviation, deviation, SCALE_TOLERANCE, MEAN_TOLERANCE
    ):
        return (f"{name} was standardized with its own mean ({own_mean:.1f}).",
                f"The training mean ({mean:.1f}) and the training deviation ({deviation:.1f}).",
                "Use the training statistics for both: the model must see new images on the scale it learned.")
    for known_scale, known_shift, seen, hint in _mistakes(name, mean, deviation):
        if _is(found, known_scale, known_shift, deviation, ROUGH, ROUGH):
            return seen, STANDARDIZED, hint
    used_mean, used_deviation = -shift / scale, 1 / scale
    if abs(used_deviation / deviation - 1) < 0.2 and abs(used_mean - mean) < 0.2 * deviation:
        return (
            f"{name} was standardized with mean {used_mean:.2f} and deviation {used_deviation:.2f}.",
            f"The mean ({mean:.2f}) and the deviation ({deviation:.2f}) of the training images.",
            "Take both from the training images that are kept, after the cut, not from all or from the test images.",
        )
    return f"{name} is {number_text(scale)} · pixel {_signed(shift)}.", STANDARDIZED, None


def _mistakes(name: str, mean: float, deviation: float) -> tuple[tuple[float, float, str, str], ...]:
    brackets = "Check the brackets: subtract the mean first, then divide the difference by the deviation."
    return (
        (1.0, 0.0, f"{name} still has pixel values from 0 to 255.", "Is the result stored under exactly this name?"),
        (1 / 255, 0.0, f"{name} is in 0–1: it was divided by 255.", "That scales, but it does not standardize."),
        (1 / deviation, 0.0, f"{name} was divided by the deviation, the mean was not subtracted.", brackets),
        (1.0, -mean, f"The mean of {name} was subtracted, the division by the deviation is missing.", brackets),
        (1 / deviation, -mean, f"{name} is pixel / deviation − mean.", brackets),
        (1.0, -mean / deviation, f"{name} is pixel − mean / deviation.", brackets),
        (1 / deviation**2, -mean / deviation**2, f"{name} was divided by the variance.",
         "The standard deviation is the square root of the variance: `std()`."),
    )


def _is(
    found: Preprocessing, scale: float, shift: float, deviation: float, relative: float, absolute: float
) -> bool:
    """Whether two maps agree: scales relatively, shifts in units of what one deviation of the pixels becomes."""
    if abs(found.scale[0] - scale) > relative * abs(scale):
        return False
    return abs(found.shift[0] - shift) <= absolute * abs(scale) * deviation


def _signed(value: float) -> str:
    return f"{'−' if value < 0 else '+'} {number_text(abs(value))}"
