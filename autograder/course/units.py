"""Parses times and sizes with units: ``10 min``, ``2 GiB``."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_SECONDS = {"s": 1, "sec": 1, "second": 1, "seconds": 1, "min": 60, "minute": 60, "minutes": 60, "h": 3600,
            "hour": 3600, "hours": 3600}
_MEBIBYTES = {"KiB": 1 / 1024, "MiB": 1, "GiB": 1024, "TiB": 1024**2,
              "kB": 1e3 / 2**20, "MB": 1e6 / 2**20, "GB": 1e9 / 2**20, "TB": 1e12 / 2**20}
_QUANTITY = re.compile(r"\s*(\d{1,12}(?:\.\d{1,6})?)\s*([A-Za-z]{1,8})\s*")


def parse_seconds(value: object) -> float:
    """Return a time in seconds; a bare number is seconds.

    Raises:
        ValueError: neither a number nor a number with s, min or h.
    """
    return _parse(value, _SECONDS, "a time such as 90 s, 10 min or 2 h")


def parse_mebibytes(value: object) -> int:
    """Return a size in whole mebibytes, rounded up; a bare number is refused, since its unit is ambiguous.

    Raises:
        ValueError: not a number with MiB, GiB, MB or GB.
    """
    expected = "a size with its unit, such as 512 MiB or 2 GiB"
    if not isinstance(value, str):
        raise ValueError(expected)
    size = _parse(value, _MEBIBYTES, expected)
    return int(size) if size == int(size) else int(size) + 1


def _parse(value: object, units: dict[str, float] | dict[str, int], expected: str) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    match = _QUANTITY.fullmatch(value) if isinstance(value, str) else None
    if match is None or match[2] not in units:
        raise ValueError(expected)
    return float(match[1]) * units[match[2]]


_TIME_SCHEMA = {
    "anyOf": [{"type": "number", "exclusiveMinimum": 0},
              {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*(s|sec|seconds?|min|minutes?|h|hours?)\s*$"}],
    "description": "a time such as 90 s, 10 min or 2 h; a bare number is seconds",
}
_SIZE_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*\d+(\.\d+)?\s*([KMGT]iB|kB|[MGT]B)\s*$",
    "description": "a size with its unit, such as 512 MiB or 2 GiB",
}

Seconds = Annotated[float, BeforeValidator(parse_seconds), WithJsonSchema(_TIME_SCHEMA)]
Mebibytes = Annotated[int, BeforeValidator(parse_mebibytes), WithJsonSchema(_SIZE_SCHEMA)]
