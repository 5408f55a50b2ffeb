"""Writes a person's comment for several students at one task, as if it were typed in formgrader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from autograder.gradebook.database import PATIENCE_SECONDS, open_gradebook, patiently
from autograder.workspace.layout import Workspace


class Way(StrEnum):
    """What to do where a person has already commented."""

    KEEP = "keep"          # leave that comment as it is, and do not write this one
    APPEND = "append"
    REPLACE = "replace"


class Effect(StrEnum):
    """What happens, or would happen, to the comment of one student."""

    WRITTEN = "written"
    APPENDED = "appended"
    REPLACED = "replaced"
    KEPT = "kept: a person has already commented"
    SAME = "already there"
    UNKNOWN = "not in the gradebook"

    @property
    def writes(self) -> bool:
        """Whether the gradebook changes."""
        return self in (Effect.WRITTEN, Effect.APPENDED, Effect.REPLACED)


@dataclass(frozen=True, kw_only=True)
class Written:
    """One student, and what a person had written before."""

    student: str
    effect: Effect
    before: str | None = None


def write_comments(
    workspace: Workspace, assignment: str, task: str, students: Iterable[str], text: str, *, way: Way = Way.KEEP,
    preview: bool = False,
) -> list[Written]:
    """Write a comment at a task's answer cell for these students; all of them or, where the database fails, none.

    Args:
        task: its answer cell has the comment, in nbgrader and on the student's page.
        preview: only return what would happen.

    Raises:
        GradebookError: the database is locked or damaged.
    """
    wanted = tuple(students)
    if not workspace.gradebook.is_file():
        return [Written(student=student, effect=Effect.UNKNOWN) for student in wanted]
    with open_gradebook(workspace.gradebook, workspace.course.id, PATIENCE_SECONDS) as book:
        def write() -> list[Written]:
            found = [_write(book, assignment, task, student, text.strip(), way) for student in wanted]
            if preview:
                book.db.rollback()
            else:
                book.db.commit()
            return found

        return patiently(write, workspace.gradebook, undo=book.db.rollback, patience=PATIENCE_SECONDS)


def _write(book: Any, assignment: str, task: str, student: str, text: str, way: Way) -> Written:
    from nbgrader.api import MissingEntry

    try:
        comment = book.find_comment(task, assignment, assignment, student)
    except MissingEntry:
        return Written(student=student, effect=Effect.UNKNOWN)
    before = (comment.manual_comment or "").strip()
    effect = _effect(before, text, way)
    if effect.writes:
        comment.manual_comment = f"{before}\n\n{text}" if effect is Effect.APPENDED else text
    return Written(student=student, effect=effect, before=before or None)


def _effect(before: str, text: str, way: Way) -> Effect:
    if not before:
        return Effect.WRITTEN
    if before == text or (way is not Way.REPLACE and f"\n\n{before}\n\n".find(f"\n\n{text}\n\n") >= 0):
        return Effect.SAME
    return {Way.KEEP: Effect.KEPT, Way.APPEND: Effect.APPENDED, Way.REPLACE: Effect.REPLACED}[way]
