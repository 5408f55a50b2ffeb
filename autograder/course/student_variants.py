"""A variant for each student: which numbers of the sizes cell are drawn, and from which ranges. Pure."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from autograder.model import Value

MOST_NAMES = 5
"""Every name doubles the runs of a calibration, which tries each combination of lowest and highest numbers."""
MOST_NUMBERS = 1_000
_EXPECTED = (f"a list of different numbers such as [4, 5, 6], or a range such as {{from: 96, to: 160, step: 8}} (2 to "
             f"{MOST_NUMBERS:,} numbers)")
_SCHEMA: dict[str, Any] = {"anyOf": [
    {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": MOST_NUMBERS},
    {"type": "object", "additionalProperties": False, "required": ["from", "to", "step"],
     "properties": {"from": {"type": "number"}, "to": {"type": "number"}, "step": {"type": "number"}}}]}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _numbers(value: object) -> object:
    """Return the numbers of a list or a range, in their order.

    Raises:
        ValueError: neither, or too few or too many.
    """
    if isinstance(value, dict):
        if value.keys() != {"from", "to", "step"} or not all(map(_is_number, value.values())):
            raise ValueError(_EXPECTED)
        value = _counted(value["from"], value["to"], value["step"])
    if not isinstance(value, list | tuple) or not all(map(_is_number, value)):
        raise ValueError(_EXPECTED)
    if not 2 <= len(set(value)) == len(value) <= MOST_NUMBERS:
        raise ValueError(_EXPECTED)
    return tuple(value)


def _counted(first: float, last: float, step: float) -> list[int | float]:
    """Return first, first + step, … up to last, without the rounding of repeated additions."""
    start, width = Decimal(str(first)), Decimal(str(step))
    if width <= 0 or first >= last:
        raise ValueError(_EXPECTED)
    count = int((Decimal(str(last)) - start) / width) + 1
    if count > MOST_NUMBERS:
        raise ValueError(_EXPECTED)
    whole = isinstance(first, int) and isinstance(step, int)
    return [int(start + place * width) if whole else float(start + place * width) for place in range(count)]


def _few(draw: dict[str, Any]) -> dict[str, Any]:
    if not 1 <= len(draw) <= MOST_NAMES:
        raise ValueError(f"1 to {MOST_NAMES} names, each with its numbers")
    return draw


def _size(text: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", text):
        raise ValueError("a name in capitals such as TRAIN_IMAGES, as in the notebook's sizes cell")
    return text


SizeName = Annotated[str, AfterValidator(_size)]
Numbers = Annotated[tuple[int | float, ...], BeforeValidator(_numbers), WithJsonSchema(_SCHEMA)]


class VariantRule(Value):
    """Numbers of the notebook's sizes cell that are drawn for each student."""

    draw: Annotated[dict[SizeName, Numbers], AfterValidator(_few)] = Field(
        description="name in the sizes cell → the numbers that a student may get: a list, or `{from, to, step}`")
    seeds: int = Field(default=8, ge=5, le=10_000, description="calibrated runs for each combination of the lowest and "
                                                               "highest numbers")
