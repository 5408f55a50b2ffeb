"""Names in a download of Canvas: ``<name>_[LATE_]<user number>_<file number>_<file>``.

Canvas writes both numbers. A student chooses the file's name and, on some installations, the name in front, so either
may contain numbers that look like Canvas's. So every possible reading is considered, and ambiguous names are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from autograder.pipeline.collect.claims import Claim, Place

_NUMBERS: Final = re.compile(
    r"_(?:(?P<late>LATE|late)_)?(?P<user>[1-9][0-9]*)_(?:(?P<number>[1-9][0-9]*)_(?P<file>.+)|(?:text|link)\.html)",
    re.DOTALL)
_ANONYMOUS: Final = re.compile(
    r"anon_(?:(?P<late>LATE|late)_)?(?P<user>[0-9A-Za-z]{5})_(?:(?P<number>[1-9][0-9]*)_.+|(?:text|link)\.html)",
    re.DOTALL)
_MAX_DIGITS: Final = 18
"""Numbers with more digits are not database keys."""


@dataclass(frozen=True, kw_only=True)
class _Reading:
    user: str
    number: str
    is_late: bool


def _readings(name: str) -> list[_Reading]:
    found: dict[tuple[str, str], _Reading] = {}
    for at, char in enumerate(name):
        match = _NUMBERS.fullmatch(name, at) if char == "_" else None
        if match is not None and len(match["number"] or "") <= _MAX_DIGITS:
            user, number = match["user"], match["number"] or ""
            # "_LATE_12_34_" is found first, then the same numbers without the word.
            found.setdefault((user, number), _Reading(user=user, number=number, is_late=match["late"] is not None))
    return list(found.values())


def digits_of_files(names: Iterable[str]) -> tuple[int, int] | None:
    """Return the fewest and the most digits of Canvas's file numbers, from the names that have only one reading.

    Canvas counts files upwards, so the numbers of one download have about the same length.
    """
    lengths = [len(found[0].number) for name in names if len(found := _readings(name)) == 1 and found[0].number]
    return (min(lengths), max(lengths)) if lengths else None


def read_canvas(place: Place) -> tuple[Claim, ...]:
    """Return the claim of a name that Canvas made, or nothing."""
    if len(place.parts) > 1:
        return ()
    anonymous = _ANONYMOUS.fullmatch(place.parts[0])
    if anonymous is not None:
        return (_claim(place, [_Reading(user=anonymous["user"], number=anonymous["number"] or "",
                                        is_late=anonymous["late"] is not None)]),)
    readings = _readings(place.parts[0])
    digits = place.context.canvas_digits
    if len(readings) > 1 and digits is not None:
        usual = [one for one in readings if digits[0] - 1 <= len(one.number) <= digits[1] + 1]
        readings = usual or readings
    return (_claim(place, readings),) if readings else ()


def _claim(place: Place, readings: list[_Reading]) -> Claim:
    users = tuple(dict.fromkeys(one.user for one in readings))
    problem = None
    if len(users) > 1 and not place.context.class_list:
        problem = (f"can be read as the work of several users ({', '.join(users)}): list the class in course.yml or "
                   f"students.csv, or rename it")
    number = int(readings[0].number or 0) if len(readings) == 1 else 0
    return Claim(layout="Canvas", system="canvas", keys=users, marked_late=any(one.is_late for one in readings),
                 attempt=number, grows=number > 0, problem=problem)
