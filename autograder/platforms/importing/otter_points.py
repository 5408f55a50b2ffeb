"""The points of an Otter question, shared among its tests as Otter shares them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograder.platforms.importing.otter_code import TestCell
from autograder.platforms.importing.parts import Findings, Test
from autograder.platforms.importing.plain_data import is_number


@dataclass(frozen=True, kw_only=True)
class Points:
    """What a question says about its points: all of them, those of each test, or nothing."""

    total: float | None = None
    each: float | None = None
    listed: tuple[float, ...] = ()


def points_of(settings: Mapping[str, Any], name: str, found: Findings) -> Points:
    """Return the points of a question; older versions have a list, or a mapping with `each` or `total`."""
    given = settings.get("points")
    if given is None:
        return Points()
    if _is_points(given):
        return Points(total=float(given))
    if isinstance(given, list) and given and all(map(_is_points, given)):
        return Points(total=float(sum(given)), listed=tuple(map(float, given)))
    if isinstance(given, dict) and given and all(map(_is_points, given.values())):
        each, total = given.get("each"), given.get("total", given.get("manual"))
        if each is not None or total is not None:
            return Points(each=each, total=total)
    found.look.append(f"The points of the question {name!r} are {str(given)[:60]!r}, which is no number; it was given "
                      "1.")
    return Points()


def shared(tests: Sequence[tuple[TestCell, Test]], points: Points, settings: Mapping[str, Any], name: str,
           found: Findings) -> list[Test]:
    """Return the tests with their points: their own, else an equal share of what is left of the question's."""
    own = [_own(read, index, points) for index, (read, _) in enumerate(tests)]
    left = [index for index, value in enumerate(own) if value is None]
    total = points.total
    if total is None:
        total = sum(value for value in own if value is not None) or 1.0
        if points.each is None and len(left) == len(own):
            found.look.append(f"The question {name!r} has no points; Otter gives it 1, and so does the import.")
    rest = max(0.0, total - sum(value for value in own if value is not None))
    shares = iter(_equal(rest, len(left)))
    given = [next(shares) if value is None else value for value in own]
    if settings.get("all_or_nothing") is True and len(tests) > 1:
        found.done.append(f"The question {name!r} gives all of its points or none, so its tests are one check.")
        return [replace(tests[0][1], points=sum(given), public=_joined(test.public for _, test in tests),
                        hidden=_joined(test.hidden for _, test in tests))]
    return [replace(test, points=value) for (_, test), value in zip(tests, given, strict=True)]


def _own(read: TestCell, index: int, points: Points) -> float | None:
    value = read.settings.get("points")
    if value is not None and _is_points(value):
        return float(value)
    if points.each is not None:
        return float(points.each)
    return points.listed[index] if index < len(points.listed) else None


def _equal(total: float, count: int) -> list[float]:
    """Return equal shares with two decimals that add up exactly; the last one has what rounding leaves."""
    if not count:
        return []
    share = round(total / count, 2)
    return [share] * (count - 1) + [round(total - share * (count - 1), 6)]


def _joined(codes: Iterable[str]) -> str:
    return "\n\n".join(filter(None, codes))


def _is_points(value: object) -> bool:
    return is_number(value) and 0 <= value <= 10_000
