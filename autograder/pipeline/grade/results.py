"""Turns judged checks into the one result that every report is made from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from autograder import checks
from autograder.model import Provenance, Receipt, Result, TaskResult
from autograder.notebook import Layout, number_slots, number_tasks
from autograder.pipeline.grade.attempt import Attempt
from autograder.pipeline.grade.judging import slot_statuses
from autograder.pipeline.grade.work import Work
from autograder.pipeline.session.session import Session

FAILED_EXIT = 5
QUEUED_EXIT = 8


@dataclass(frozen=True, kw_only=True)
class Grading:
    """What a command graded: one result per submission, and the command's exit code.

    The results alone do not say how a command ends: an attempt that does not count may have failed, or grading again
    may have failed where the earlier grade is kept.
    """

    results: tuple[Result, ...]
    exit_code: int


def make_result(
    session: Session, work: Work, attempt: Attempt, seeds: tuple[int, ...], *, shared: bool = False
) -> Result:
    """Return the result of a submission that was run and judged.

    Args:
        attempt: the one that counts.
        seeds: all that were tried.
        shared: the run is that of another submission with the same answers.
    """
    receipt, merged = work.receipt, work.merged
    slots = slot_statuses(session.layout, merged)
    tasks = checks.task_results(session.specs, attempt.checks, _layout(session.layout), slots)
    numbers = number_slots(merged)
    tasks = tuple(_zero_if_unwritten(task).model_copy(update={"number": numbers.get(task.id)}) for task in tasks)
    automatic = [task for task in tasks if not task.manual]
    withheld = sum(check.points for check in attempt.checks if check.status.withheld)
    return Result(
        student=receipt.student, assignment=receipt.assignment, status="graded",
        score=round(attempt.earned, 6), max_score=sum(task.points for task in tasks),
        manual=sum(task.points for task in tasks if task.manual), withheld=round(withheld, 6),
        complete=all(task.earned is not None for task in automatic), tasks=tasks, execution=attempt.execution,
        merge_notes=(*merged.notes, *attempt.notes),
        staff_flags=(*receipt.flags, *merged.staff_flags, *attempt.staff_flags),
        provenance=_provenance(session, work, seeds, attempt.seed, shared=shared), timings=dict(attempt.timings),
    )


def make_ungraded_result(
    receipt: Receipt, layout: Layout, *, status: str = "refused", message: str | None = None, flags: Sequence[str] = (),
) -> Result:
    """Return the result of a submission that could not be graded: no points, and one sentence that says why."""
    numbers = number_tasks(layout)
    tasks = tuple(
        TaskResult(id=task.id, title=task.title, points=task.points, earned=None if status != "refused" else 0.0,
                   manual=task.kind == "written", answered=False, number=numbers.get(task.id))
        for task in layout.tasks
    )
    return Result.model_validate({
        "student": receipt.student, "assignment": receipt.assignment, "status": status,
        "message": message or receipt.reason, "max_score": sum(task.points for task in tasks),
        "complete": status == "refused", "tasks": tasks,
        "staff_flags": tuple(flags),
    })


def choose_exit_code(results: Iterable[Result]) -> int:
    """Return the exit code of a command that graded: 5 if a submission failed, 8 if one waits, otherwise 0."""
    statuses = {result.status for result in results}
    return FAILED_EXIT if "failed" in statuses else QUEUED_EXIT if "queued" in statuses else 0


def _provenance(
    session: Session, work: Work, seeds: tuple[int, ...], counted: int, *, shared: bool
) -> Provenance:
    """Return what the result depends on."""
    return Provenance(
        submission=work.receipt.sha256, release=work.merged.release, data=session.data_name, seeds=seeds,
        device=session.placement.device, calibration=session.calibration_key,
        isolation=session.pool.isolation.value, versions=dict(session.pool.versions),
        execution_fingerprint=work.fingerprint, checks_fingerprint=session.checks_fingerprint,
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        content=work.content, arrangement=work.arrangement, seed=counted, shared=shared,
    )


def _layout(layout: Layout) -> tuple[checks.TaskLayout, ...]:
    return tuple(checks.TaskLayout(id=task.id, title=task.title, points=task.points, manual=task.kind == "written")
                 for task in layout.tasks)


def _zero_if_unwritten(task: TaskResult) -> TaskResult:
    """A written answer that is still the template earns nothing; nobody has to look at it."""
    return task.model_copy(update={"earned": 0.0}) if task.manual and not task.answered else task
