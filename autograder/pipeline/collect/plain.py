"""The layout without a platform: a folder or a file per student, with the assignment's name if there are several."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from autograder.course import Course
from autograder.pipeline.collect.claims import Claim, Place
from autograder.pipeline.collect.entries import Entry
from autograder.pipeline.collect.owner import Roster
from autograder.pipeline.collect.platforms import is_plain

_NOBODY = {
    "untitled", "copy", "of", "notebook", "homework", "solution", "assignment", "submission", "hw", "test", "scratch",
    "upload", "file", "final", "draft", "work", "my", "new", "old", "task", "exercise", "lab", "project", "answers",
    "abgabe", "aufgabe", "uebung", "übung", "kopie", "devoir", "copie", "tarea", "copia",
}
_VERSION = re.compile(r"\(?[0-9]{1,2}\)?|v[0-9.]+|copy[ 0-9()]*|final|draft|solution|old|new|backup", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[\W\d_]+")
_JOINTS = ("_", "-", "+", ".", " ")


def read_plain(
    place: Place, entry: Entry, course: Course, roster: Roster, *, any_name: bool
) -> tuple[Claim, ...]:
    """Return the claim of ``<student>/…``, ``<student>_<assignment>.ipynb`` or ``<student>.ipynb``.

    Args:
        any_name: also accept a student's name that looks like a platform's, which would otherwise invent students.
    """
    parts = place.parts
    if len(parts) > 1:
        assignment = _inner_assignment(parts, entry, course)
        student = parts[0]
    else:
        name = PurePosixPath(parts[0])
        stem = PurePosixPath(name.stem).stem if name.stem.lower().endswith(".ipynb") else name.stem
        student, assignment = _flat(stem, course, roster)
        if not student or (place.assignment is not None and student.casefold() == place.assignment.casefold()):
            return ()
        if entry.outer is not None and assignment is None:
            assignment = _stem_assignment(entry.parts[-1], course)
        if not roster.closed and _is_nobody(student, course):
            return ()
    if not any_name and not roster.names(student) and not is_plain(student):
        return ()
    return (Claim(layout="Name", system="id", keys=(student,), name=student, assignment=assignment),)


def _is_nobody(name: str, course: Course) -> bool:
    """Whether a file's name says what it is, not whose: like ``hw_final2``, or if it contains an assignment's name."""
    words = [word for word in _NO_LETTERS.split(name.casefold()) if word]
    return (bool(words) and all(word in _NOBODY for word in words)) or any(
        assignment.casefold() in name.casefold() for assignment in course.assignments)


def _stem_assignment(name: str, course: Course) -> str | None:
    stem = PurePosixPath(name).stem
    return stem if stem in course.assignments else None


def _inner_assignment(parts: tuple[str, ...], entry: Entry, course: Course) -> str | None:
    """Return the assignment that a folder below the student's, or the file itself, is named after."""
    inner = next((part for part in parts[1:-1] if part in course.assignments), None)
    own = _stem_assignment(entry.parts[-1], course)
    if inner is None and own is None and entry.outer is None and len(parts) == 3:
        # nbgrader's <student>/<assignment>/<assignment>.ipynb of another course's assignment is refused by its name.
        stem = PurePosixPath(parts[2]).stem
        return stem if stem == parts[1] else None
    return inner or own


def _flat(stem: str, course: Course, roster: Roster) -> tuple[str, str | None]:
    for name in sorted(course.assignments, key=len, reverse=True):
        for joint in _JOINTS:
            if stem.endswith(joint + name) and stem != joint + name:
                return stem[: -len(name) - 1], name
            if stem.startswith(name + joint) and stem != name + joint:
                rest = stem[len(name) + 1 :]
                return ("", None) if _VERSION.fullmatch(rest) and not roster.names(rest) else (rest, name)
    return ("", None) if stem in course.assignments else (stem, None)
