"""The head of a page: what counts now, what changed, and what a student can do next. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.feedback import words
from autograder.grades import Grade, State
from autograder.grades.changes import Cause, Entry
from autograder.grades.requests import request_form
from autograder.model import Receipt, Result

MOST_UPLOADS = 10
MOST_CHANGES = 5
BECAUSE = {
    Cause.HAND_IN: "your new upload was graded", Cause.GRADING: "your work was graded again",
    Cause.PERSON: "a teacher has read it", Cause.RULES: "a deadline or a rule of the course was changed for you",
}


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the course says about handing in again; ``until`` in the words that students read, empty: no deadline."""

    until: str = ""
    late: str = ""
    attempts: int | None = None
    best_counts: bool = False


@dataclass(frozen=True, kw_only=True)
class HandIns:
    """What a page says about a student's uploads for one assignment, and the files that lie next to the page.

    Attributes:
        graded: the receipt of the upload that was graded, with time and attempt number.
        others: receipts of those that do not count, with the reasons.
        rules: how to hand in again, None where that is not known.
        history: every change of the grade, oldest first.
        notebook: name of the file with the executed notebook; empty: the page contains it, folded.
        solution: name of the file with model answers; empty: they are not out yet.
    """

    graded: Receipt | None = None
    others: Sequence[Receipt] = ()
    rules: Rules | None = None
    history: Sequence[Entry] = ()
    notebook: str = ""
    solution: str = ""


def notices(result: Result, grade: Grade) -> list[str]:
    """Return sentences on what makes this grade differ from what was found in the notebook."""
    found = [words.lateness(grade)]
    if grade.state is State.EXCUSED:
        found.append("This assignment does not count for you: you are excused.")
    elif grade.state.value != result.status:
        found.append(f"This page is about earlier work. {grade.message or ''}".strip())
    if grade.held:
        found.append("Graded again, some of your work has fewer points than before. Your earlier points count until a "
                     "person has decided.")
    return [sentence for sentence in found if sentence]


def again(hand_ins: HandIns) -> str:
    """Return how often and until when a student can hand in again, empty where the course's rules are not known."""
    rules = hand_ins.rules
    if rules is None:
        return ""
    used = [receipt.attempt for receipt in (hand_ins.graded, *hand_ins.others) if receipt and receipt.attempt]
    left = None if rules.attempts is None else max(0, rules.attempts - max(used, default=0))
    if left == 0:
        return f"You have used all {rules.attempts} attempts." if rules.attempts != 1 else "There is one attempt only."
    often = "as often as you like" if left is None else f"{left} more time{'' if left == 1 else 's'}"
    until = f" until {rules.until}" if rules.until else ""
    counts = "The best attempt counts." if rules.best_counts else "The latest attempt counts."
    late = f" {rules.late}" if rules.late and rules.until else ""
    return f"Correct your notebook and hand it in the way you did before: {often}{until}. {counts}{late}"


def request(grade: Grade, result: Result) -> str:
    """Return the text with which a student requests a regrade; `autograder requests take` reads it."""
    work = result.provenance.submission if result.provenance else ""
    return request_form(grade.student, grade.assignment, work=work)


def changed(history: Sequence[Entry], names: dict[str, str]) -> str:
    """Return what changed since last time, empty where this is the first time.

    Args:
        names: grade cell → what the page calls the task.
    """
    if len(history) < 2:
        return ""
    entry = history[-1]
    moved = [f"{names[cell]}: {_points(before)} → {_points(after)}" for cell, (before, after) in entry.changed.items()
             if cell in names]
    more = f" and {len(moved) - MOST_CHANGES} more" if len(moved) > MOST_CHANGES else ""
    what = f"{'; '.join(moved[:MOST_CHANGES])}{more}" if moved else "no task has other points"
    return f"{what}, since {BECAUSE[entry.cause]} ({moment(entry.at)})."


def _points(value: float | None) -> str:
    return "open" if value is None else words.number(value)


def facts(result: Result, hand_ins: HandIns) -> list[tuple[str, str]]:
    """Return how the submission was graded, as names and values."""
    receipt, made = hand_ins.graded, result.provenance
    handed_in = [("Handed in", _handed_in(receipt)), *_attempts(receipt, hand_ins.others)] if receipt else []
    if made is None:
        return handed_in
    data = made.data.split(":")[0]
    known = {"stand-in": "data used in place of the real data set"}.get(data, data)
    return [
        *handed_in, ("Graded", moment(made.graded_at)), ("Release", made.release), ("Data", known),
        ("Random seeds", words.seeds(made.seeds)),
        ("Your notebook ran", words.ISOLATION.get(made.isolation, made.isolation)),
        ("Your file", f"SHA-256 {made.submission[:16]}…"),
    ]


def used(result: Result) -> str:
    """Return the time and memory that a run used, empty where it did not run."""
    run = result.execution
    return f"{run.seconds:.0f} seconds and {run.peak_memory_mib:.0f} MiB of memory" if run else ""


def _attempts(receipt: Receipt, others: Sequence[Receipt]) -> list[tuple[str, str]]:
    """Return which attempt was graded, and the status of the latest others."""
    found = []
    if receipt.attempt_note is not None:
        best = receipt.reason if receipt.reason and "counts as the best" in receipt.reason else ""
        found.append(("Attempt", f"{receipt.attempt_note[0].upper()}{receipt.attempt_note[1:]}. {best}".strip()))
    return found + [(f"Upload of {moment(other.received_at)}", other.reason or "Kept, but another upload counts.")
                    for other in others[-MOST_UPLOADS:]]


def _handed_in(receipt: Receipt) -> str:
    """Return the time, and a remark where it is only that of a file or an archive."""
    known = receipt.time_from is None or receipt.time_can_cost
    return moment(receipt.received_at) + ("" if known else " (by the file's own time, which costs no points)")


def moment(stamp: str) -> str:
    """Return an ISO 8601 time in UTC in readable form, to the minute."""
    match = re.match(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)", stamp)
    return f"{match[1]} {match[2]} UTC" if match else stamp
