"""Packages that a course needs in addition to the grader's own, and the file that locks their versions. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import AfterValidator, Field

from autograder.errors import CourseError

MAX_LOCK_BYTES: Final = 64 * 1024
MOST_PINS: Final = 150
_ASKED: Final = "# asked: "
_PIN: Final = re.compile(r"([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)==([A-Za-z0-9][A-Za-z0-9.+!_-]{0,99})")
_HEADER: Final = ("# Written by `autograder build`: change `requirements` in course.yml and run it again.",)


def _requirement(text: str) -> str:
    # Not at the top: every process imports this module, students' processes too, and few courses require a package.
    from packaging.requirements import InvalidRequirement, Requirement

    expected = "a package and its versions such as keras-tuner>=1.4"
    try:
        parsed = Requirement(text)
    except InvalidRequirement:
        raise ValueError(expected) from None
    if parsed.url is not None:
        raise ValueError(f"{expected}; what an address leads to can change, so it cannot be locked")
    return str(parsed)


Package = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_requirement)]
"""A requirement by PEP 508 without an address."""


def package_name(requirement: str) -> str:
    """Return the normalized name of the package that a requirement is about: ``Keras_Tuner>=1.4`` → keras-tuner."""
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    return canonicalize_name(Requirement(requirement).name)


@dataclass(frozen=True, kw_only=True)
class Lock:
    """The exact versions of a course's packages, and of everything that these need in addition to the grader's own.

    Attributes:
        asked: the requirements of course.yml that it was made for.
        pins: normalized name → version.
    """

    asked: tuple[str, ...] = ()
    pins: Mapping[str, str]

    @property
    def lines(self) -> tuple[str, ...]:
        """The pins as pip reads them."""
        return tuple(f"{name}=={version}" for name, version in sorted(self.pins.items()))

    @property
    def wanted(self) -> dict[str, str]:
        """Package → version of those that the course itself names, in the order of course.yml."""
        return {name: self.pins[name] for name in map(package_name, self.asked) if name in self.pins}

    def text(self) -> str:
        """Return the file's text, which pip reads too."""
        return "\n".join([*_HEADER, *(f"{_ASKED}{one}" for one in self.asked), *self.lines, ""])


def parse_lock(text: str, shown: str) -> Lock:
    """Parse a lock file.

    Args:
        shown: the file's name for the message.

    Raises:
        CourseError: a line is neither a comment nor ``name==version``, or there are too many.
    """
    asked: list[str] = []
    pins: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        pin = _PIN.fullmatch(line.strip())
        if line.startswith(_ASKED):
            asked.append(line.removeprefix(_ASKED).strip())
        elif pin is not None:
            pins[pin[1]] = pin[2]
        elif line.strip() and not line.startswith("#"):
            raise CourseError(f"{shown}, line {number}: expected name==version, but it is {line[:80]!r}; "
                              "run `autograder build --upgrade` to write the file again.")
    if len(pins) > MOST_PINS:
        raise CourseError(f"{shown} names {len(pins)} packages, but a course may have {MOST_PINS}: require fewer.")
    return Lock(asked=tuple(asked), pins=pins)
