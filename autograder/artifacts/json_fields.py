"""Small readers for fields of untrusted JSON: the value if it has the expected type, else None. They never raise."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

MAX_SHAPE = 32
MAX_HISTORY = 100_000
_WORDS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def whole(value: Any) -> int | None:
    """Return a whole number; booleans are not accepted."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def count(value: Any) -> int | None:
    """Return a whole number from 0 to 2**62."""
    number = whole(value)
    return number if number is not None and 0 <= number <= 1 << 62 else None


def real(value: Any) -> float | None:
    """Return a number as a float; NaN and the infinities are written as words."""
    if isinstance(value, str):
        return _WORDS.get(value)
    if isinstance(value, float):
        return value
    number = whole(value)
    return float(number) if number is not None else None


def truth(value: Any) -> bool | None:
    """Return a boolean."""
    return value if isinstance(value, bool) else None


def text(value: Any, longest: int = 200) -> str | None:
    """Return a string, cut to ``longest`` characters."""
    return value[:longest] if isinstance(value, str) else None


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object, or an empty one."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    """Return a list, or an empty one."""
    return value if isinstance(value, list) else []


def shape(value: Any) -> tuple[int, ...] | None:
    """Return a shape of known sides."""
    sides = [count(side) for side in value[: MAX_SHAPE + 1]] if isinstance(value, list) else [None]
    known = tuple(side for side in sides if side is not None)
    return known if len(known) == len(sides) <= MAX_SHAPE else None


def open_shape(value: Any) -> tuple[int | None, ...] | None:
    """Return a shape whose sides may be left open."""
    if not isinstance(value, list) or not 0 < len(value) <= MAX_SHAPE:
        return None
    if any(side is not None and count(side) is None for side in value):
        return None
    return tuple(value)


def curves(value: Any) -> dict[str, tuple[float, ...]]:
    """Return a history: name → one number per epoch; whatever is not a number is left out."""
    result: dict[str, tuple[float, ...]] = {}
    for name, numbers in list(mapping(value).items())[:100]:
        kept = (real(number) for number in sequence(numbers)[:MAX_HISTORY])
        result[name[:200]] = tuple(number for number in kept if number is not None)
    return result
