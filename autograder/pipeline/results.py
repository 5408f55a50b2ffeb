"""From judged checks to the one result that every report is made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from autograder import checks
from autograder.model import Merged, Provenance, Receipt, Result, SlotStatus, TaskResult
from autograder.notebook import Layout
from autograder.pipeline.attempt import Attempt
from autograder.pipeline.context import GradingContext


def graded(
    context: GradingContext, receipt: Receipt, merged: Merged, attempt: Attempt, *,
    seeds: tuple[int, ...], fingerprint: str,
) -> Result:
    """Return the result of a submission that was run and judged."""
    tasks = checks.task_results(context.specs, attempt.checks, context.layout)
    tasks = tuple(_with_answer(task, merged) for task in tasks)
    automatic = [task for task in tasks if not task.manual]
    withheld = sum(
        check.points for check in attempt.checks if check.status.withheld)
    return Result(
        student=receipt.student, assignment=receipt.assignment, status="graded",
        score=round(attempt.earned, 6), max_score=sum(task.points for task in tasks),
        manual=sum(task.points for task in tasks if task.manual), withheld=round(withheld, 6),
        complete=all(task.earned is not None for task in automatic), tasks=tasks, execution=attempt.execution,
        merge_notes=merged.notes, staff_flags=(*merged.staff_flags, *attempt.staff_flags),
        provenance=provenance(context, receipt, merged, seeds=seeds, fingerprint=fingerprint),
        timings=dict(attempt.timings),
    )


def provenance(
    context: GradingContext, receipt: Receipt, merged: Merged, *, seeds: tuple[int, ...], fingerprint: str
) -> Provenance:
    """Return what the result depends on."""
    return Provenance(
        submission=receipt.sha256, release=merged.release, data=context.data_name, seeds=seeds,
        isolation=context.pool.isolation.value, versions=dict(context.pool.versions),
        execution_fingerprint=fingerprint, checks_fingerprint=context.checks_fingerprint,
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def refused(receipt: Receipt, layout: Layout, *, status: str = "refused", message: str | None = None) -> Result:
    """Return the result of a submission that could not be graded: no points, and one sentence that says why."""
    tasks = tuple(
        TaskResult(id=task.id, title=task.title, points=task.points, earned=None if status != "refused" else 0.0,
                   manual=task.kind == "written", answered=False)
        for task in layout.tasks
    )
    return Result.model_validate({
        "student": receipt.student, "assignment": receipt.assignment, "status": status,
        "message": message or receipt.reason, "max_score": sum(task.points for task in tasks),
        "complete": status == "refused", "tasks": tasks,
    })


def summary(results: Iterable[Result]) -> Mapping[str, int]:
    """Count results by status."""
    counted: dict[str, int] = {}
    for result in results:
        counted[result.status] = counted.get(result.status, 0) + 1
    return counted


def _with_answer(task: TaskResult, merged: Merged) -> TaskResult:
    status = merged.slot(task.id).status
    updates: dict[str, object] = {"answered": status is not SlotStatus.BLANK}
    if task.manual and status is SlotStatus.BLANK:
        updates["earned"] = 0.0
    return task.model_copy(update=updates)
