"""What happened to a grade, as one line per change: when, through whom, which points from what to what. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from pydantic import Field, ValidationError

from autograder.grades.grade import Grade, State
from autograder.model import Value

Points = float | None
_PASSED = "passed"


class Cause(StrEnum):
    """Through whom a grade changed."""

    HAND_IN = "handed in"      # another upload was graded
    GRADING = "graded again"   # the same upload, e.g. after a check was changed
    PERSON = "a person"        # points or extra credit were given in nbgrader
    RULES = "course"           # a deadline, an extension, an excuse, a refusal or another upload that waits


class Entry(Value):
    """One line of ``history.jsonl``: the grade after a change, and the change."""

    at: str = Field(description="UTC, ISO 8601: when it was noticed")
    cause: Cause
    state: State
    points: float
    late_penalty: float
    score: Points = Field(description="null while any points are undecided")
    changed: dict[str, tuple[Points, Points]] = Field(
        default_factory=dict, description="grade cell → points before and after")
    tasks: dict[str, Points] = Field(default_factory=dict, description="grade cell → points")
    person: dict[str, Points] = Field(default_factory=dict, description="those of them that a person gave")
    submission: str | None = Field(None, description="SHA-256 of the upload")
    checks: str | None = Field(None, description="fingerprint of the checks that judged it")
    by: str | None = Field(None, description="the account whose command noticed it")
    not_passed: dict[str, str] | None = Field(None, description="check → outcome, of those that did not pass; null: "
                                                                "not recorded")
    judged: dict[str, tuple[str, str]] = Field(
        default_factory=dict, description="check → outcome before and after, where it changed")


class Judgement(Value):
    """What a line of the history says about the judged work, in addition to its grade."""

    submission: str | None = None
    checks: str | None = None
    not_passed: dict[str, str] | None = None


def next_entry(
    grade: Grade, last: Entry | None, made: Judgement, *, at: str, by: str | None = None
) -> Entry | None:
    """Return the line to write, None where nothing has changed."""
    tasks = {task.cell: task.counted for task in grade.tasks}
    person = {task.cell: task.counted for task in grade.tasks if task.person is not None or task.extra is not None}
    before = last.tasks if last else {}
    changed = {cell: (before.get(cell), tasks.get(cell)) for cell in sorted({*before, *tasks})
               if before.get(cell) != tasks.get(cell)}
    entry = Entry(at=at, cause=Cause.HAND_IN, state=grade.state, points=grade.points, late_penalty=grade.late_penalty,
                  score=grade.score, changed=changed, tasks=tasks, person=person, submission=made.submission,
                  checks=made.checks, by=by, not_passed=made.not_passed, judged=_judged(made, last))
    if last is None:
        return entry
    if not changed and (entry.state, entry.late_penalty, entry.score, entry.person) == (
            last.state, last.late_penalty, last.score, last.person):
        return None
    return entry.model_copy(update={"cause": _cause(entry, last)})


def _judged(made: Judgement, last: Entry | None) -> dict[str, tuple[str, str]]:
    """Return the checks whose outcome changed; none for another upload, of which all of them are new."""
    if last is None or last.submission != made.submission:
        return {}
    return outcome_changes(last.not_passed, made.not_passed)


def outcome_changes(
    before: Mapping[str, str] | None, after: Mapping[str, str] | None
) -> dict[str, tuple[str, str]]:
    """Return check → outcome before and after; both are given by the checks that did not pass."""
    if before is None or after is None:
        return {}
    return {name: (before.get(name, _PASSED), after.get(name, _PASSED)) for name in sorted({*before, *after})
            if before.get(name) != after.get(name)}


def _cause(entry: Entry, last: Entry) -> Cause:
    if entry.submission != last.submission:
        return Cause.HAND_IN
    if entry.person != last.person:
        return Cause.PERSON
    return Cause.GRADING if entry.changed or entry.checks != last.checks else Cause.RULES


def read_history(lines: Iterable[str]) -> list[Entry]:
    """Return the lines that can be read, oldest first; one that was cut in the middle is left out."""
    found = []
    for line in lines:
        try:
            found.append(Entry.from_json(line))
        except ValidationError:
            continue
    return found
