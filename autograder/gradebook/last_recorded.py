"""The last recorded state of one submitted notebook: the answers, and the grades held for a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

_WHOLE = ""    # the row of the whole submission
RESULT = " result"
"""Row of the result that was recorded last: a digest. A leading space occurs in no cell's name."""
FEW = 500
"""Most students that are named in a statement; of more, everybody is read."""
EXTENSION = " extension"
"""Row of the extension that course.yml gave, in seconds: any other one was granted in nbgrader."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """``submission`` is the SHA-256 of the recorded upload; ``answers`` and ``held`` are by grade cell.

    A held grade is one that a regrade of the same upload would have lowered: it remains as the manual score,
    marked for review, until a person decides.
    """

    submission: str | None = None
    answers: dict[str, str] = field(default_factory=dict)
    held: dict[str, float] = field(default_factory=dict)


def load(book: Any, notebook_id: str) -> Memory:
    """Return what is remembered of a submitted notebook (nbgrader's id)."""
    from sqlalchemy import text

    rows = book.db.execute(
        text("SELECT cell, answer, held FROM autograder_memory WHERE notebook_id = :id"), {"id": notebook_id}
    ).all()
    return Memory(
        submission=next((answer for cell, answer, _ in rows if cell == _WHOLE), None),
        answers={cell: answer for cell, answer, _ in rows if cell.strip() == cell != _WHOLE and answer is not None},
        held={cell: held for cell, _, held in rows if held is not None},
    )


def save(book: Any, notebook_id: str, memory: Memory) -> None:
    """Replace what is remembered; the caller commits."""
    from sqlalchemy import text

    book.db.execute(text("DELETE FROM autograder_memory WHERE notebook_id = :id AND cell NOT LIKE ' %'"),
                    {"id": notebook_id})
    rows = [{"id": notebook_id, "cell": cell, "answer": memory.answers.get(cell), "held": memory.held.get(cell)}
            for cell in sorted(memory.answers.keys() | memory.held.keys())]
    rows.append({"id": notebook_id, "cell": _WHOLE, "answer": memory.submission, "held": None})
    book.db.execute(
        text("INSERT INTO autograder_memory (notebook_id, cell, answer, held) VALUES (:id, :cell, :answer, :held)"),
        rows,
    )


def held(book: Any, assignment: str, students: Collection[str] | None = None) -> dict[tuple[str, str], float]:
    """Return the held scores of an assignment, by the submitted notebook's id and the cell.

    Args:
        students: at least those of these; None: everybody's.
    """
    rows, memory = _rows(assignment, students)
    return {(notebook_id, cell): score
            for _, notebook_id, cell, _, score in book.db.execute(rows.where(memory.c.held.is_not(None)))}


def recorded_results(book: Any, assignment: str, students: Collection[str] | None = None) -> dict[str, str]:
    """Return the digest of the result that was recorded last, by student.

    Args:
        students: at least those of these; None: everybody's.
    """
    rows, memory = _rows(assignment, students)
    return {student: answer for student, _, _, answer, _ in book.db.execute(rows.where(memory.c.cell == RESULT))}


def _rows(assignment: str, students: Collection[str] | None) -> tuple[Any, Any]:
    """Return a query for student, notebook, cell, answer and held score of work on an assignment, and our table."""
    from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import column, select, table

    memory = table("autograder_memory", *map(column, ("notebook_id", "cell", "answer", "held")))
    rows = select(SubmittedAssignment.student_id, *memory.c).select_from(memory).join(
        SubmittedNotebook, SubmittedNotebook.id == memory.c.notebook_id).join(
        SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id).join(
        Assignment, Assignment.id == SubmittedAssignment.assignment_id).where(Assignment.name == assignment)
    if students is not None and len(students) <= FEW:
        rows = rows.where(SubmittedAssignment.student_id.in_(sorted(students)))
    return rows, memory


def noted(book: Any, notebook_id: str, row: str) -> str | None:
    """Return the value in one of the rows `RESULT` and `EXTENSION`, None where there is none."""
    from sqlalchemy import text

    found = book.db.execute(text("SELECT answer FROM autograder_memory WHERE notebook_id = :id AND cell = :row"),
                            {"id": notebook_id, "row": row}).scalar()
    return None if found is None else str(found)


def note(book: Any, notebook_id: str, row: str, value: str | None) -> None:
    """Write one of these rows, or remove it; nothing is written where nothing changes. The caller commits."""
    from sqlalchemy import text

    if noted(book, notebook_id, row) == value:
        return
    book.db.execute(text("DELETE FROM autograder_memory WHERE notebook_id = :id AND cell = :row"),
                    {"id": notebook_id, "row": row})
    if value is not None:
        book.db.execute(text("INSERT INTO autograder_memory (notebook_id, cell, answer) VALUES (:id, :row, :value)"),
                        {"id": notebook_id, "row": row, "value": value})
