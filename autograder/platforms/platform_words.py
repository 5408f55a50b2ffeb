"""What a student, and what staff, read on another platform of a result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from autograder.feedback.words import run_notes
from autograder.grades import Grade, State, grade_of
from autograder.model import CheckResult, Isolation, Result

WITHHELD: Final = "A person will decide about this check; its points are not lost."
WEAKER: Final = {
    Isolation.RESTRICTED: "weaker mode: one container without user namespaces. Landlock, seccomp and, as root, a "
                          "separate user id keep student code from the hidden checks; a fault of one of these would "
                          "show them",
    Isolation.NONE: "no isolation at all: student code could read the hidden checks and write its own score",
}
"""The modes that a platform's container may have to do with, as every result names them for staff."""


def check_lines(check: CheckResult) -> list[str]:
    """Return what a check says to the student: what was seen, expected and meant, without points."""
    lines = [
        f"Seen: {check.seen}" if check.seen else "",
        f"Expected: {check.expected}" if check.expected else "",
        check.hint or "",
        f"Not judged: “{check.blocked_by}” has to pass first." if check.blocked_by else "",
        WITHHELD if check.status.withheld else "",
    ]
    return [line for line in lines if line]


def result_notes(result: Result) -> list[str]:
    """Return what a student has to know about the whole result."""
    grade = grade_of(result, None)
    notes = [grade.message or "", *result.merge_notes, *_left_to_people(grade), *run_notes(result.execution)]
    return [note for note in notes if note]


def _left_to_people(grade: Grade) -> Iterator[str]:
    if grade.state is not State.GRADED:
        return
    written = grade.waiting - grade.withheld
    if written:
        yield f"{written:g} points of written answers are graded by a person."
    if grade.withheld:
        yield f"{grade.withheld:g} points wait for a person's decision and are not in the score yet."


def weaker_mode(result: Result) -> str | None:
    """Return the sentence on the isolation of this run where it was weaker than on a grader of one's own."""
    return WEAKER.get(result.execution.isolation) if result.execution else None


def staff_lines(result: Result) -> list[str]:
    """Return the lines for instructors only: score, isolation, flags, and what checks noted."""
    notes = [f"{check.id}: {check.staff_note}" for task in result.tasks for check in task.checks if check.staff_note]
    mode = f"isolation: {result.execution.isolation.value}" if result.execution else "not run"
    weaker, grade = weaker_mode(result), grade_of(result, None)
    return [f"{result.assignment}: {result.status}, {grade.total:g} of {grade.max_points:g}, {mode}",
            *([weaker] if weaker else ()), *result.staff_flags, *notes]
