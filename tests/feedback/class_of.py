"""A class without files: results, grades and receipts of as many students as a test needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.feedback.report import Material
from autograder.grades import Facts, State, grade_of
from autograder.model import (
    Basis,
    Calibration,
    CheckResult,
    MetricSpread,
    Provenance,
    Receipt,
    Reference,
    Result,
    Status,
    TaskResult,
)

CHECKS = (("shape", "reshape", 2.0), ("scaled", "scale", 3.0), ("units", "build", 1.0), ("accuracy", "build", 4.0))
TASKS = ("reshape", "scale", "build")
SPREAD = MetricSpread(values=(0.8, 0.84), mean=0.82, deviation=0.02, tolerance_bound=0.75, coverage=0.999,
                      confidence=0.95, slack=0.0, minimum=0.75, false_fail=0.001)
REFERENCE = Reference(assignment="digits", calibrations={"mnist/cpu": Calibration(
    data="mnist:0", device="cpu", versions={}, calibrated_at="", runs=(), metrics={"build/model": SPREAD})})
MADE = Provenance(submission="5a" * 32, release="1", data="mnist:0", seeds=(1,), isolation="full", versions={},
                  execution_fingerprint="e", checks_fingerprint="c", graded_at="2026-03-01T10:00:00+00:00")


def made(student: str, failed: Mapping[str, str] | None = None, **changed: Any) -> Result:
    """Return a graded result in which these checks failed with these messages."""
    failed = failed or {}
    statuses = changed.pop("statuses", {})
    tasks = []
    for number, task in enumerate(TASKS, start=1):
        checks = tuple(_check(name, task, points, failed.get(name), statuses.get(name))
                       for name, where, points in CHECKS if where == task)
        tasks.append(TaskResult(id=task, title=task.title(), number=number, checks=checks,
                                points=sum(check.points for check in checks),
                                answered=task not in changed.get("blank", ()),
                                earned=sum(check.earned or 0.0 for check in checks)))
    changed.pop("blank", None)
    return Result(**{"student": student, "assignment": "digits", "status": "graded", "max_score": 10.0,
                     "tasks": tuple(tasks), "provenance": MADE} | changed)


def _check(name: str, task: str, points: float, seen: str | None, status: Status | None) -> CheckResult:
    status = status or (Status.PASSED if seen is None else Status.FAILED)
    earned = points if status is Status.PASSED else None if status.withheld else 0.0
    return CheckResult(id=name, task=task, title=f"What {name} says.", points=points, earned=earned, status=status,
                       basis=Basis.MEASURED, seen=seen, minimum=name == "accuracy")


def material(*results: Result, missing: tuple[str, ...] = (), **changed: Any) -> Material:
    """Return what is known of a class with these results."""
    grades = [grade_of(result, None) for result in results]
    grades += [grade_of(None, None, Facts(state=State.MISSING, max_points=10), student=name, assignment="digits")
               for name in missing]
    values: dict[str, Any] = {
        "assignment": "digits", "title": "Digits", "made_at": "2026-03-01T10:00:00+00:00", "grades": grades,
        "results": {result.student: result for result in results}, "reference": REFERENCE}
    return Material(**values | changed)


def receipt(student: str, **changed: Any) -> Receipt:
    """Return the receipt of an accepted upload."""
    return Receipt(**{"student": student, "assignment": "digits", "accepted": True, "source": "a.ipynb",
                      "sha256": "5a" * 32, "received_at": "2026-03-01T09:00:00+00:00"} | changed)
