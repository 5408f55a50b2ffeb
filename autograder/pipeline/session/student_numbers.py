"""The numbers that each student of an assignment with variants has: drawn here, never read from what they hand in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from autograder import notebook
from autograder.errors import CourseError
from autograder.notebook import Family, Size
from autograder.workspace.layout import Workspace
from autograder.workspace.variant_secret import read_secret, variants_secret


@dataclass(frozen=True)
class Draws:
    """The variants of one release, with the secret that they are drawn with."""

    secret: str
    assignment: str
    family: Family
    students: tuple[str, ...]

    def of(self, student: str) -> dict[str, Size]:
        """Return a student's numbers."""
        return notebook.draw_sizes(self.secret, self.assignment, student, self.family.draw)

    def code(self, student: str) -> str:
        """Return the code of a student's copy."""
        return notebook.variant_code(self.secret, self.assignment, student)

    @cached_property
    def everyone(self) -> Mapping[str, dict[str, Size]]:
        """The numbers of the whole class."""
        return {student: self.of(student) for student in self.students}

    def with_numbers(self, numbers: Mapping[str, Size]) -> tuple[str, ...]:
        """Return the students who have these numbers; names that are not given may have any."""
        return tuple(student for student, own in self.everyone.items()
                     if all(own[name] == number for name, number in numbers.items()))

    def with_code(self, code: str) -> str | None:
        """Return the student whose copy has a code, None where nobody's has."""
        return next((student for student in self.students if self.code(student) == code), None)


def open_draws(workspace: Workspace, assignment: str, release: Mapping[str, Any]) -> Draws | None:
    """Return how the numbers of a release are drawn, None where all students have the same.

    Raises:
        CourseError: the secret is missing, or is not the one that was used for this release.
    """
    family = notebook.family_of(release)
    if family is None:
        return None
    secret = read_secret(workspace)
    require_same_secret(workspace, assignment, secret, family)
    return Draws(secret, assignment, family, workspace.students())


def require_same_secret(workspace: Workspace, assignment: str, secret: str, family: Family) -> None:
    """Compare the secret with the one of a release.

    Raises:
        CourseError: it is another one, so every student would be graded with numbers that they never had.
    """
    found = notebook.secret_fingerprint(secret)
    if found != family.secret:
        raise CourseError(
            f"The release of {assignment} was made with the secret {family.secret}, but "
            f"{variants_secret(workspace).name} has {found}: put the right file back. For a new class, remove "
            f"release/{assignment} and release again.")


def draws_of_version(workspace: Workspace, assignment: str, version: str) -> Draws | None:
    """Return how the numbers of one release that was handed out are drawn; raises like `open_draws`."""
    archived = workspace.archived_release(assignment, version)
    path = archived if archived.is_file() else workspace.release(assignment)
    return open_draws(workspace, assignment, json.loads(path.read_bytes())) if path.is_file() else None
