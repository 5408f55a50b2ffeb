"""Names that become folder names: checked before anything touches a disk."""

from __future__ import annotations

import re

from autograder.errors import CourseError

_STUDENT = re.compile(r"[A-Za-z0-9_@-][A-Za-z0-9._@-]{0,63}")
_ASSIGNMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def is_student_id(text: str) -> bool:
    """Whether ``text`` may name a student's folder."""
    return _STUDENT.fullmatch(text) is not None


def is_assignment_id(text: str) -> bool:
    """Whether ``text`` may name an assignment's folder."""
    return _ASSIGNMENT.fullmatch(text) is not None


def student_id(text: str) -> str:
    """Return ``text`` when it is safe as a folder name.

    Raises:
        CourseError: other characters than letters, digits and ``._-@``, a leading dot, or more than 64 characters.
    """
    if is_student_id(text):
        return text
    raise CourseError(
        f"A student id has at most 64 letters, digits and . _ - @ and does not begin with a dot, "
        f"but {_shown(text)} was given: use the id from the class list."
    )


def assignment_id(text: str) -> str:
    """Return ``text`` when it is safe as a folder name.

    Raises:
        CourseError: other characters than letters, digits, ``_`` and ``-``, or more than 64 characters.
    """
    if is_assignment_id(text):
        return text
    raise CourseError(
        f"An assignment id has at most 64 letters, digits, _ and -, and begins with a letter or digit, "
        f"but {_shown(text)} was given: rename it."
    )


def _shown(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "…")
