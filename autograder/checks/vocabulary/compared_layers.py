"""A student's layers and the required ones, row by row; marks by which one mistake in several models is known. Pure.

Everything here is made of the student's own model and of what the check's `expected` sentence says anyway: settings
that a check leaves open stay open, and the reference's own model is never looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from autograder.artifacts import LayerSpec
from autograder.checks.vocabulary.layers import Layer, difference, step_text
from autograder.model import LayerRow

MOST_ROWS = 40
SIZES = ("units", "filters", "kernel_size")
"""Settings that change the number of parameters."""


def rows(steps: Sequence[LayerSpec], layers: Sequence[Layer]) -> tuple[LayerRow, ...]:
    """Return the layers of a model next to those that a check requires."""
    pairs = list(zip_longest(steps, layers))[:MOST_ROWS]
    return tuple(LayerRow(seen=step_text(step) if step else None, expected=str(layer) if layer else None,
                          differs=step is None or layer is None or difference(step, layer) is not None)
                 for step, layer in pairs)


def parameters_mark(count: int) -> str:
    """Return the mark of a model with a wrong number of parameters."""
    return f"parameters {count}"


def marks(steps: Sequence[LayerSpec], layers: Sequence[Layer], parameters: int) -> tuple[str, ...]:
    """Return the marks of how a model differs: that of the first layer that does, and of its size where that is wrong.

    Args:
        parameters: of the student's model. A check of the number alone sees the same mistake.
    """
    for position, (step, layer) in enumerate(zip(steps, layers, strict=False), start=1):
        different = difference(step, layer)
        if different is not None:
            sized = any(_wrong(step, layer, key) for key in SIZES)
            size = [parameters_mark(parameters)] if sized and parameters else []
            return (f"layer {position} {different[0]}", *size)
    return ()


def _wrong(step: LayerSpec, layer: Layer, key: str) -> bool:
    return getattr(layer, key) is not None and getattr(step, key) != getattr(layer, key)
