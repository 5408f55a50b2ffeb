"""What a wrong shape usually means, in words. Pure."""

from __future__ import annotations

import math


def shape_hint(seen: tuple[int, ...], wanted: tuple[int, ...] | None) -> str | None:
    """Return what a wrong shape usually means, None where nothing usual fits."""
    if wanted is None:
        return "`reshape` keeps the number of values: the first axis counts rows, the rest are values of one row."
    if seen == wanted[::-1] and len(seen) > 1:
        return "The axes are swapped: the first axis counts rows."
    if math.prod(seen) == math.prod(wanted):
        return "All values are there, in another arrangement: `reshape` returns a new array, is its result stored?"
    if len(seen) == len(wanted) and seen[1:] == wanted[1:]:
        if seen[0] > wanted[0]:
            return f"A slice keeps the first {wanted[0]:,}, `[:{wanted[0]}]`: store its result under the same name."
        return "Rows are missing: was the slice taken twice, or with another number?"
    if seen[:1] == wanted[:1]:
        return "The number of rows is right, the shape of one row is not: was it reshaped?"
    return None


def one_hot_hint(shape: tuple[int, ...], classes: int) -> str:
    """Return what labels of another shape than (rows, classes) usually are."""
    if len(shape) == 1 or (len(shape) == 2 and shape[1] == 1):
        return (
            "These are still class numbers: categorical crossentropy compares rows of probabilities, so one-hot them."
        )
    if len(shape) > 2:
        return "It looks one-hot encoded twice: did the cell run again on its own result?"
    return f"There are {classes} classes, so a row has {classes} numbers."
