"""A summary of the class, for staff only: what is withheld, flagged or failed."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.feedback import words
from autograder.feedback.page import encodable, environment
from autograder.model import Result, Status


def render_overview(results: Iterable[Result]) -> str:
    """Return one HTML table of the class. It shows staff notes: never give it to students."""
    ordered = sorted(results, key=lambda result: (result.assignment, result.student))
    rows = [{"result": result, "phrase": words.in_one_phrase(result), "notes": _notes(result),
             "automatic": sum(task.points for task in result.tasks if not task.manual)} for result in ordered]
    return encodable(environment().get_template("overview.html.j2").render(rows=rows, failing=_failing(ordered)))


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
