"""Writes the points and comments of a person into nbgrader's gradebook, unless somebody has changed them meanwhile.

Whoever gives a mark has seen an answer and the marks that it had. Both are compared with the gradebook in the
transaction that writes: two people who mark one answer do not overwrite each other, on one page, on two, or in
formgrader.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Self

from autograder.errors import GradebookError
from autograder.gradebook import last_recorded
from autograder.gradebook.database import PATIENCE_SECONDS, open_gradebook, patiently
from autograder.gradebook.late_penalty import LatePenalties
from autograder.gradebook.read_marks import cell_marks
from autograder.gradebook.recorded import received
from autograder.grades import CellMarks
from autograder.workspace.layout import Workspace

_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a person saw of one student's answer.

    Attributes:
        answer: fingerprint of the answer; "": it could not be read.
        marks: the marks that it had.
    """

    student: str
    answer: str
    marks: CellMarks


@dataclass(frozen=True, kw_only=True)
class Given:
    """The points and the comment of a person; ``points`` None: the answer waits for a person again."""

    points: float | None
    comment: str | None


class ChangedMeanwhile(Exception):
    """Somebody has marked an answer, or the student has handed in again; nothing was written."""

    def __init__(self, student: str) -> None:
        super().__init__(student)
        self.student = student


class MarkWriter:
    """An open gradebook to write marks into; for one thread."""

    def __init__(self, workspace: Workspace, assignment: str, *, patience: float = PATIENCE_SECONDS) -> None:
        self._workspace, self._assignment, self._patience = workspace, assignment, patience
        self._late = LatePenalties(workspace)
        self._open = ExitStack()
        self._book: Any = None

    def __enter__(self) -> Self:
        self._book = self._open.enter_context(
            open_gradebook(self._workspace.gradebook, self._workspace.course.id, self._patience))
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def give(self, cell: str, seen: Sequence[Seen], given: Given) -> dict[str, CellMarks]:
        """Give several answers to one question the same mark, all of them or none; return their marks, by student.

        Raises:
            ChangedMeanwhile: an answer or its marks are no longer what was seen.
            GradebookError: points that the cell cannot have, or the database is locked or damaged.
        """
        def transaction() -> dict[str, CellMarks]:
            self._lock()
            found = {one.student: self._unchanged(cell, one) for one in seen}
            for submitted, grade in found.values():
                self._write(submitted, grade, cell, given)
            self._book.db.commit()
            return {student: cell_marks(self._book, submitted, cell) for student, (submitted, _) in found.items()}

        def guarded() -> dict[str, CellMarks]:
            try:
                return transaction()
            except BaseException:
                self._book.db.rollback()
                raise

        marks = patiently(guarded, self._workspace.gradebook, undo=self._book.db.rollback, patience=self._patience)
        self._late_penalties(seen)
        return marks

    def _lock(self) -> None:
        """Begin to write before anything is read: SQLite then lets nobody else write until the transaction ends."""
        from sqlalchemy import text

        self._book.db.rollback()
        self._book.db.expire_all()
        self._book.db.execute(text("UPDATE autograder_memory SET held = held WHERE 0"))

    def _unchanged(self, cell: str, seen: Seen) -> tuple[Any, Any]:
        from nbgrader.api import MissingEntry

        try:
            submitted = self._book.find_submission_notebook(self._assignment, self._assignment, seen.student)
            grade = self._book.find_grade(cell, self._assignment, self._assignment, seen.student)
        except MissingEntry:
            raise ChangedMeanwhile(seen.student) from None
        answer = last_recorded.load(self._book, submitted.id).answers.get(cell)
        if answer not in (None, seen.answer) or cell_marks(self._book, submitted, cell) != seen.marks:
            raise ChangedMeanwhile(seen.student)
        return submitted, grade

    def _write(self, submitted: Any, grade: Any, cell: str, given: Given) -> None:
        if given.points is not None and not -_ROUNDING <= given.points <= grade.max_score + _ROUNDING:
            raise GradebookError(f"{cell} has 0 to {grade.max_score:g} points, but {given.points:g} were given.")
        grade.manual_score, grade.needs_manual_grade = given.points, given.points is None
        for comment in submitted.comments:
            if comment.name == cell:
                comment.manual_comment = given.comment

    def _late_penalties(self, seen: Sequence[Seen]) -> None:
        """A penalty follows from the points; whoever reads grades calculates it again, so this is for formgrader."""
        def assign() -> None:
            for one in seen:
                submitted = self._book.find_submission_notebook(self._assignment, self._assignment, one.student)
                known = received(self._workspace, one.student, self._assignment)
                self._late.assign(submitted, time_can_cost=bool(known.get("time_can_cost", True)))
            self._book.db.commit()

        patiently(assign, self._workspace.gradebook, undo=self._book.db.rollback, patience=self._patience)
