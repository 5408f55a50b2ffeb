"""From judged checks to the one result that every report is made from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from autograder import checks
from autograder.model import Merged, Provenance, Receipt, Result, TaskResult
from autograder.notebook import Layout
from autograder.pipeline.grade.attempt import Attempt
from autograder.pipeline.grade.judging import slots_of
from autograder.pipeline.session.session import GradingContext


def graded(
    context: GradingContext, receipt: Receipt, merged: Merged, attempt: Attempt, *,
    seeds: tuple[int, ...], fingerprint: str,
) -> Result:
    """Return the result of a submission that was run and judged."""
    slots = slots_of(context.layout, merged)
    tasks = checks.task_results(context.specs, attempt.checks, _layout(context.layout), slots)
    tasks = tuple(_written(task) for task in tasks)
    automatic = [task for task in tasks if not task.manual]
    withheld = sum(
        check.points for check in attempt.checks if check.status.withheld)
    return Result(
        student=receipt.student, assignment=receipt.assignment, status="graded",
        score=round(attempt.earned, 6), max_score=sum(task.points for task in tasks),
        manual=sum(task.points for task in tasks if task.manual), withheld=round(withheld, 6),
        complete=all(task.earned is not None for task in automatic), tasks=tasks, execution=attempt.execution,
        merge_notes=(*merged.notes, *attempt.notes),
        staff_flags=(*receipt.flags, *merged.staff_flags, *attempt.staff_flags),
        provenance=provenance(context, receipt, merged, seeds=seeds, fingerprint=fingerprint),
        timings=dict(attempt.timings),
    )


def provenance(
    context: GradingContext, receipt: Receipt, merged: Merged, *, seeds: tuple[int, ...], fingerprint: str
) -> Provenance:
    """Return what the result depends on."""
    return Provenance(
        submission=receipt.sha256, release=merged.release, data=context.data_name, seeds=seeds,
        device=context.placement.device,
        isolation=context.pool.isolation.value, versions=dict(context.pool.versions),
        execution_fingerprint=fingerprint, checks_fingerprint=context.checks_fingerprint,
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def refused(
    receipt: Receipt, layout: Layout, *, status: str = "refused", message: str | None = None, flags: Sequence[str] = (),
) -> Result:
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
        "staff_flags": tuple(flags),
    })



def _layout(layout: Layout) -> tuple[checks.TaskLayout, ...]:
    return tuple(checks.TaskLayout(id=task.id, title=task.title, points=task.points, manual=task.kind == "written")
                 for task in layout.tasks)


def _written(task: TaskResult) -> TaskResult:
    """A written answer that is still the template earns nothing; nobody has to look at it."""
    return task.model_copy(update={"earned": 0.0}) if task.manual and not task.answered else task
