"""Our result as Otter's: one test file per task, one test case per check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from otter.test_files.abstract_test import TestCase, TestCaseResult
from otter.test_files.ottr_test import OttrTestFile

from autograder.model import CheckResult, Result, Status, TaskResult
from autograder.platforms.platform_words import check_lines, result_notes


def fill(results: Any, result: Result, plugin: str) -> None:
    """Replace everything in Otter's results (`otter.test_files.GradingResults`) by our result."""
    results.clear_results()
    results._catastrophic_error = None  # Otter's kernel, in which nothing ran, has no say
    for task in result.tasks:
        if not task.manual:
            results.results[task.id] = _test_file(task)
    results.set_output("\n".join(result_notes(result)))
    results.set_plugin_data(plugin, result.model_dump(mode="json"))


def _test_file(task: TaskResult) -> Any:
    outcomes = list(_outcomes(task))
    made = OttrTestFile(name=task.id, path=f"{task.id}.py", test_cases=[outcome.test_case for outcome in outcomes],
                        all_or_nothing=False)
    made.test_case_results = outcomes
    made.update_score(earned(task))
    return made


def earned(task: TaskResult) -> float:
    """Return what a task has without a person's decision."""
    if task.checks:
        return round(sum(check.earned or 0.0 for check in task.checks), 6)
    return task.earned or 0.0


def _outcomes(task: TaskResult) -> Iterator[Any]:
    if not task.checks:
        yield _outcome(task.name, task.points, passed=False, message=task.note or "")
    for check in task.checks:
        yield _outcome(check.title, check.points, passed=check.status is Status.PASSED, message=_message(check))


def _outcome(name: str, points: float, *, passed: bool, message: str) -> Any:
    # Otter shows a case's message and its result: one of them is enough.
    case = TestCase(name=name, body="", hidden=False, points=points, success_message=None, failure_message=None)
    return TestCaseResult(test_case=case, message=message, passed=passed)


def _message(check: CheckResult) -> str:
    points = f"{check.earned or 0:g} of {check.points:g} points"
    return "\n".join([points if not check.status.withheld else f"up to {check.points:g} points", *check_lines(check)])
