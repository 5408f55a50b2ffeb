"""Whether the packages that a course requires are there where notebooks run, in their locked versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from autograder.course import Lock
from autograder.errors import CourseError
from autograder.installed import import_names

_SHOWN: Final = 5


def require_installed(lock: Lock, versions: Mapping[str, str]) -> None:
    """Refuse to run anything where a locked package is missing: students' work would stop at its import.

    Args:
        versions: of the packages where notebooks run, by name.

    Raises:
        CourseError: a package is missing or has another version.
    """
    wrong = [f"{name} {versions.get(name, 'missing')} instead of {version}" for name, version in lock.pins.items()
             if versions.get(name) != version]
    if wrong:
        more = f" and {len(wrong) - _SHOWN} more" if len(wrong) > _SHOWN else ""
        raise CourseError(f"The packages that course.yml requires are not installed as locked where notebooks run "
                          f"({', '.join(wrong[:_SHOWN])}{more}): run `autograder build` there; in containers, build "
                          "the image again with `autograder container build`.")


def required_imports(requirements: tuple[str, ...]) -> tuple[str, ...]:
    """Return what the named packages are imported as, in the order of the names."""
    return tuple(name for package in requirements for name in import_names(package))
