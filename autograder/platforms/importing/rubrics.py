"""A marking scheme in words, read as a rubric where its points add up. Pure."""

from __future__ import annotations

import re
from typing import Any

from autograder.grades import parse_rubric

_NUMBER = r"(?P<{0}>[-+−]?\d+(?:[.,]\d+)?)"
_UNIT = r"(?:points?|pts?\.?|marks?|p\b)"
_POINTS = re.compile(
    rf"[(\[]?\**\s*(?:{_NUMBER.format('first')}\s*{_UNIT}|[(\[]\s*{_NUMBER.format('second')}\s*[)\]])\**\s*[)\]]?\**"
    r"\s*[:–—-]?\s*", re.IGNORECASE)
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d+[.)])\s+")


def read_rubric(scheme: str, points: float) -> list[dict[str, Any]] | None:
    """Return the lines of a rubric; None where the lines have no points, or points that do not add up.

    Args:
        scheme: one line for each item, such as ``- names the cause (2 points)`` or ``1 pt: reads the table``.
        points: those of the answer.
    """
    lines = [read for line in scheme.splitlines() if line.strip() and (read := _line(line)) is not None]
    try:
        parse_rubric(lines, points)
    except ValueError:
        return None
    return lines or None


def _line(line: str) -> dict[str, Any] | None:
    text = _BULLET.sub("", line)
    match = _POINTS.search(text)
    if match is None:
        return None
    number = float((match["first"] or match["second"]).replace(",", ".").replace("−", "-"))
    rest = " ".join((text[:match.start()] + " " + text[match.end():]).replace("**", "").split()).strip(" :–—-")
    return {"points": int(number) if number == int(number) else number, "text": rest} if rest else None
