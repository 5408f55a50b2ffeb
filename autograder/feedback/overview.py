"""A summary of the class, for staff only: what is withheld, flagged or failed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograder.feedback import words
from autograder.feedback.page import encodable, environment
from autograder.grades import Grade, grade_of
from autograder.model import Result, Status


def render_overview(results: Iterable[Result], grades: Iterable[Grade] | None = None) -> str:
    """Return one HTML table of the class. It shows staff notes: never give it to students.

    Args:
        grades: one row each, also of students who have no result; None: of the results alone.
    """
    by_student = {(result.student, result.assignment): result for result in results}
    rows = [_row(grade, by_student.get((grade.student, grade.assignment)))
            for grade in sorted(grades if grades is not None else [grade_of(one, None) for one in by_student.values()],
                                key=lambda grade: (grade.assignment, grade.student))]
    return encodable(environment().get_template("overview.html.j2").render(
        rows=rows, failing=_failing(by_student.values())))


def _row(grade: Grade, result: Result | None) -> dict[str, Any]:
    phrase = words.in_one_phrase(result) if result and grade.state.value == result.status else grade.message or ""
    notes = _notes(result) if result else []
    notes += [f"{task.cell}: graded again, it would have {words.points(task.automatic or 0.0)}; the earlier "
              f"{words.number(task.held)} count until a person has decided."
              for task in grade.tasks if task.held is not None]
    return {"grade": grade, "result": result, "phrase": phrase, "notes": notes}


def _notes(result: Result) -> list[str]:
    checks = [check for task in result.tasks for check in task.checks if check.status.withheld]
    trained = [entry.sentence for entry in result.refits if entry.sentence not in result.staff_flags]
    waiting = (f"{check.id}: {check.staff_note or check.seen or check.status}" for check in checks)
    return [*result.staff_flags, *trained, *waiting]


def _failing(results: Iterable[Result]) -> list[tuple[str, int]]:
    """Return how many submissions did not pass each check, most frequent first: what to explain again in class."""
    counted: dict[str, int] = {}
    for result in results:
        missed = {check.title for task in result.tasks for check in task.checks
                  if check.status in (Status.FAILED, Status.BLOCKED)}
        for title in missed:
            counted[title] = counted.get(title, 0) + 1
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:10]
