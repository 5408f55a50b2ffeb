"""Names that become folder names: checked before anything touches a disk."""

from __future__ import annotations

import re

from autograder.errors import CourseError

# A leading - looks like an option of a command, a leading @ like a formula of a spreadsheet; Windows drops a
# trailing dot.
_STUDENT = re.compile(r"(?=.{1,64}\Z)[A-Za-z0-9_](?:[A-Za-z0-9._@-]*[A-Za-z0-9_@-])?")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
ID_RULE = ("at most 64 letters, digits and . _ - @, of which the first is a letter, a digit or _ and the last is "
           "not a dot, and not be a name that Windows reserves (such as con or aux)")
_ASSIGNMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def is_student_id(text: str) -> bool:
    """Whether ``text`` may name a student's folder, and is harmless on a command line and in a spreadsheet."""
    return _STUDENT.fullmatch(text) is not None and _RESERVED.fullmatch(text) is None


def is_assignment_id(text: str) -> bool:
    """Whether ``text`` may name an assignment's folder."""
    return _ASSIGNMENT.fullmatch(text) is not None


def student_id(text: str) -> str:
    """Return ``text`` when it is safe as a folder name.

    Raises:
        CourseError: other characters than letters, digits and ``._-@``, a leading ``.``, ``-`` or ``@``, a trailing
            dot, a name that Windows reserves, or more than 64 characters.
    """
    if is_student_id(text):
        return text
    raise CourseError(
        f"A student id must have {ID_RULE}, but {_shown(text)} was given: use the id from the class list."
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
