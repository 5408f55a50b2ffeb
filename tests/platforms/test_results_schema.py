"""Every kind of `results.json` that we write is as Gradescope documents it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from autograder.model import Basis, CheckResult, Result, Status, TaskResult
from autograder.platforms.gradescope_metadata import Submission
from autograder.platforms.gradescope_results import as_gradescope, beyond_attempts, not_graded, refused
from tests.platforms.results_schema import faults

EARLIER = Submission(attempt=2, earlier=(
    {"score": 1.0, "output": "earlier", "tests": [], "stdout_visibility": "hidden"},))


def check(status: Status) -> CheckResult:
    earned = None if status.withheld else float(status is Status.PASSED)
    return CheckResult(id=status.value, task="fit", title=f"A check that is {status.value}.", points=1, earned=earned,
                       status=status, basis=Basis.MEASURED, seen="<b>3</b>", expected="4")


def graded(**changes: Any) -> Result:
    task = TaskResult(id="fit", title="Fit", points=len(Status), earned=None, checks=tuple(map(check, Status)),
                      number=3)
    written = TaskResult(id="why", title="Why", points=4, earned=None, manual=True)
    return Result(**{"student": "s", "assignment": "a", "status": "graded", "score": 1, "max_score": len(Status),
                     "tasks": (task, written), "timings": {"run": 3.4}} | changes)


@pytest.mark.parametrize("results", [
    as_gradescope(graded()), as_gradescope(graded(), EARLIER), as_gradescope(graded(tasks=())),
    as_gradescope(graded(), ranked=[("accuracy", 0.93, "desc"), ("parameters", 28_434, "asc")]),
    as_gradescope(Result(student="s", assignment="a", status="refused", message="Not a notebook.")),
    as_gradescope(Result(student="s", assignment="a", status="failed", message="The grader ended.")),
    not_graded("no space left"), refused("Submit one notebook."), beyond_attempts(EARLIER, 1),
    beyond_attempts(Submission(attempt=4), 3),
], ids=range(10))
def test_results_are_as_documented(results: Any) -> None:
    assert faults(json.loads(json.dumps(results, allow_nan=False))) == []


@pytest.mark.parametrize("change", [
    {"scores": 1}, {"score": -1}, {"output_format": "markdown"}, {"stdout_visibility": "visible"},
    {"tests": [{"name": "a", "status": "unjudged"}]}, {"tests": [{"name": "a", "score": 1}]}, {"leaderboard": []},
])
def test_the_schema_refuses_what_is_not_documented(change: dict[str, Any]) -> None:
    assert faults(as_gradescope(graded()) | change)
