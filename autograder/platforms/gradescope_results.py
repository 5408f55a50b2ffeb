"""`results.json` of Gradescope's autograder specification: only what a student may read, nothing for staff."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from autograder.grades import grade_of
from autograder.model import CheckResult, Result, Status, TaskResult
from autograder.platforms.gradescope_metadata import Submission, last_counted
from autograder.platforms.platform_words import check_lines, result_notes, weaker_mode
from autograder.safe import plain_words

DAY: Final = 86_400
NOT_GRADED: Final = ("Your work has arrived and could not be graded yet. This is not your doing, and no points are "
                     "lost: your instructor can have it graded again.")
FOR_STAFF: Final = "Not graded (for staff)"

Results = dict[str, Any]


def as_gradescope(
    result: Result, submission: Submission | None = None, ranked: Sequence[tuple[str, float, str]] = ()
) -> Results:
    """Return a result as ``results.json``.

    Args:
        submission: what Gradescope says of it.
        ranked: name, value and order (``asc`` or ``desc``) of each column of the leaderboard.
    """
    notes = [*result_notes(result), *_late(submission)]
    board = [{"name": name, "value": value, "order": order} for name, value, order in ranked]
    return {
        "score": grade_of(result, None).total,
        "execution_time": round(sum(result.timings.values())),
        "output": _markdown(notes),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "md",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": _extra(result, submission),
        "tests": [_test(check, task, f"{task.number or place}.{number}")
                  for place, task in enumerate(result.tasks, start=1)
                  for number, check in enumerate(task.checks, start=1)],
        **({"leaderboard": board} if board else {}),
    }


def not_graded(reason: str) -> Results:
    """Return what is shown while there is no result: a hidden test keeps students from seeing the total, which is 0."""
    return {
        "score": 0, "output": NOT_GRADED, "output_format": "text", "stdout_visibility": "hidden",
        "extra_data": {"graded": False},
        "tests": [{"name": "Not graded yet", "output": NOT_GRADED, "output_format": "text", "visibility": "visible"},
                  {"name": FOR_STAFF, "output": f"{reason}\nGrade this submission again; standard output says more.",
                   "output_format": "text", "visibility": "hidden"}],
    }


def refused(reason: str) -> Results:
    """Return what is shown for an upload that is no submission: zero points, and a sentence that says what to do."""
    return {
        "score": 0, "output": reason, "output_format": "text", "visibility": "visible", "stdout_visibility": "hidden",
        "extra_data": {"graded": False}, "tests": [],
    }


def beyond_attempts(submission: Submission, allowed: int) -> Results:
    """Return the results of the last attempt that counts, for one after it."""
    sentence = (f"This is attempt {submission.attempt}, and {allowed} count. It was not graded; the results of your "
                "last attempt that counts stand.")
    kept = last_counted(submission, allowed)
    if kept is None or "score" not in kept:
        return not_graded(f"Attempt {submission.attempt} of {allowed}; Gradescope has no results of an earlier one.")
    shown = str(kept.get("output") or "").removeprefix(sentence).strip()
    return {**kept, "output": f"{sentence}\n\n{shown}".strip(), "output_format": "md", "test_output_format": "md",
            "test_name_format": "md", "visibility": "visible", "stdout_visibility": "hidden",
            "extra_data": {"graded": False, "attempt": submission.attempt}}


def _test(check: CheckResult, task: TaskResult, number: str) -> dict[str, Any]:
    judged = {} if check.status.withheld else {"status": "passed" if check.status is Status.PASSED else "failed"}
    return {
        "score": check.earned or 0.0, "max_score": check.points, **judged,
        "name": plain_words(f"{task.title}: {check.title}"), "name_format": "md", "number": number,
        "output": _markdown(check_lines(check)), "output_format": "md", "tags": [task.id], "visibility": "visible",
        "extra_data": {"check": check.id, "task": task.id, "status": check.status.value},
    }


def _markdown(lines: list[str]) -> str:
    """Return sentences, some of which quote a student's values, as Markdown with one line each."""
    return "  \n".join(plain_words(line) for line in lines)


def _late(submission: Submission | None) -> Iterator[str]:
    if submission is not None and submission.seconds_late:
        days = -int(-submission.seconds_late // DAY)
        yield (f"It was handed in after the deadline (day {days}); what that costs is decided by the course's rule and "
               "is not in this score.")


def _extra(result: Result, submission: Submission | None) -> dict[str, Any]:
    """Return what comes back in `previous_submissions`, and what Gradescope keeps for the instructor."""
    found, grade = result.provenance, grade_of(result, None)
    weaker = weaker_mode(result)
    return {
        "graded": result.status == "graded", "withheld": grade.withheld, "manual": grade.waiting - grade.withheld,
        "attempt": submission.attempt if submission else None,
        "seconds_late": submission.seconds_late if submission else 0.0,
        "isolation": result.execution.isolation.value if result.execution else None,
        **({"weaker_mode": weaker} if weaker else {}),
        **({"release": found.release, "data": found.data, "seeds": list(found.seeds),
            "checks": found.checks_fingerprint, "graded_at": found.graded_at} if found else {}),
    }
