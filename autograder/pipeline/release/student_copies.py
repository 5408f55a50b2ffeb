"""Each student's copy of a release: the same notebook with the student's own numbers in its sizes cell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import notebook
from autograder.errors import CourseError, ReleaseError
from autograder.notebook import Family, Size
from autograder.pipeline.session.course_files import read_release
from autograder.pipeline.session.student_numbers import Draws, open_draws, require_same_secret
from autograder.workspace.layout import Workspace
from autograder.workspace.storage import write_atomically
from autograder.workspace.variant_secret import read_secret, student_copy, variants_secret


@dataclass(frozen=True, kw_only=True)
class StudentVariant:
    """One student's numbers."""

    student: str
    code: str
    numbers: dict[str, Size]


def find_family(workspace: Workspace, assignment: str) -> Family | None:
    """Return the variants that a new release has, None where all students get the same notebook.

    Where the secret is not on this machine, as in continuous integration, its fingerprint is that of the current
    release: so the same source gives the same release there.

    Raises:
        CourseError: no secret was made yet, or another one than for the current release.
    """
    rule = workspace.course.assignment(assignment).variants
    if rule is None:
        return None
    before = _current_family(workspace, assignment)
    if before is not None and not variants_secret(workspace).exists():
        return Family(draw=rule.draw, secret=before.secret)
    secret = read_secret(workspace)
    if before is not None:
        require_same_secret(workspace, assignment, secret, before)
    return Family(draw=rule.draw, secret=notebook.secret_fingerprint(secret))


def write_student_copies(workspace: Workspace, assignment: str, students: Iterable[str] = ()) -> list[Path]:
    """Write the copies of the current release, and return their paths.

    Args:
        students: only these; empty: the whole class.

    Raises:
        CourseError: the assignment has no variants, its secret is missing, or nobody is in the class list.
        DataError: it was not released.
    """
    release = read_release(workspace, assignment)
    written = []
    for one in list_variants(workspace, assignment, students):
        path = student_copy(workspace, one.student, assignment)
        copy = notebook.personal_copy(release, one.numbers, one.code)
        write_atomically(path, json.dumps(copy, indent=1, sort_keys=True, ensure_ascii=False) + "\n")
        written.append(path)
    return written


def list_variants(workspace: Workspace, assignment: str, students: Iterable[str] = ()) -> tuple[StudentVariant, ...]:
    """Return the numbers of each student in the current release; arguments and errors as `write_student_copies`."""
    draws = require_draws(workspace, assignment, read_release(workspace, assignment))
    named = [_in_class(workspace, student) for student in students] or list(workspace.students())
    if not named:
        raise CourseError("Each student gets a variant, but nobody is in the class list: name the students under "
                          "'students' in course.yml or in students.csv, or with --student.")
    return tuple(StudentVariant(student=student, code=draws.code(student), numbers=draws.of(student))
                 for student in named)


def require_draws(workspace: Workspace, assignment: str, release: dict[str, Any]) -> Draws:
    """Return how the numbers of a release are drawn.

    Raises:
        CourseError: the release has no variants, or the secret is missing or another one.
    """
    draws = open_draws(workspace, assignment, release)
    if draws is None:
        raise CourseError(f"All students have the same release of {assignment}: write `variants:` into course.yml and "
                          f"run `autograder release {assignment}` first.")
    return draws


def columns(variants: Iterable[StudentVariant]) -> Iterator[list[str]]:
    """Yield the rows of a table for staff: a heading, then student, code and numbers."""
    for place, one in enumerate(variants):
        if place == 0:
            yield ["student", "code", *one.numbers]
        yield [one.student, one.code, *map(str, one.numbers.values())]


def _in_class(workspace: Workspace, student: str) -> str:
    found = workspace.course.student(student)
    if found is None:
        raise CourseError(f"A student of the class was expected, but {student[:64]!r} is not in the class list: "
                          "correct the id.")
    return found


def _current_family(workspace: Workspace, assignment: str) -> Family | None:
    try:
        return notebook.family_of(json.loads(workspace.release(assignment).read_bytes()))
    except (FileNotFoundError, ValueError, ReleaseError):
        return None
