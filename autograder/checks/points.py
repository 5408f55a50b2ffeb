"""From judged checks to graded tasks: the only place where points are added up. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.errors import CheckError
from autograder.model import Basis, CheckResult, CheckSpec, SlotStatus, TaskResult, Value

PRECISION = 6
"""Decimals that sums of points are rounded to, so that 0.1 + 0.2 is 0.3."""
CLAIMED_SHARE = 0.3
"""Of an assignment's points, at most: claims can be forged inside a student's process."""


class TaskLayout(Value):
    """One graded step of the release, in the order of the notebook."""

    id: str
    title: str
    points: float
    manual: bool = False


def task_results(
    specs: Sequence[CheckSpec], checks: Sequence[CheckResult], layout: Sequence[TaskLayout],
    slots: Mapping[str, SlotStatus] | None = None,
) -> tuple[TaskResult, ...]:
    """Return one result per task, in the order of ``layout``.

    ``earned`` is the sum over the task's checks, None while one of them is withheld or a person has to grade it; the
    note then says how many points are certain. Points are rounded to a millionth.

    Raises:
        CheckError: a check belongs to no task, or has no result.
    """
    tasks = {task.id for task in layout}
    stray = next((spec for spec in specs if spec.task not in tasks), None)
    if stray is not None:
        raise CheckError(f"Check {stray.id!r} belongs to task {stray.task!r}, which the release does not have; "
                         f"its tasks are {', '.join(sorted(tasks))}.")
    judged = {check.id: check for check in checks}
    missing = next((spec for spec in specs if spec.id not in judged), None)
    if missing is not None:
        raise CheckError(f"Check {missing.id!r} has no result; judge the submission again.")
    return tuple(
        _task(task, tuple(judged[spec.id] for spec in specs if spec.task == task.id),
              slots.get(task.id) if slots else None)
        for task in layout
    )


def audit(specs: Sequence[CheckSpec], results: Sequence[CheckResult]) -> float:
    """Compare the declared bases with the evidence that the solution's run used; return the claimed share of points.

    Raises:
        CheckError: a check declared measured repeats a claim, or claims carry more than `CLAIMED_SHARE` of the points.
    """
    used = {result.id: result for result in results}
    for spec in specs:
        if spec.basis is Basis.MEASURED and spec.id in used and used[spec.id].basis is Basis.CLAIMED:
            raise CheckError(f"Check {spec.id!r} says basis measured, but {used[spec.id].staff_note}; "
                             'declare it basis="claimed".')
    total = sum(spec.points for spec in specs)
    share = sum(spec.points for spec in specs if spec.basis is Basis.CLAIMED) / total if total else 0.0
    if share > CLAIMED_SHARE:
        raise CheckError(f"Claimed checks may carry at most {CLAIMED_SHARE:.0%} of the points, here they carry "
                         f"{share:.1%}; measure more, or give them fewer points.")
    return share


def _task(task: TaskLayout, checks: tuple[CheckResult, ...], slot: SlotStatus | None) -> TaskResult:
    withheld = round(sum(check.points for check in checks if check.status.withheld), PRECISION)
    certain = round(sum(check.earned or 0.0 for check in checks), PRECISION)
    undecided = task.manual or any(check.status.withheld for check in checks)
    note = None
    if withheld:
        note = f"{certain:g} of {task.points:g} points are certain; a person decides about {withheld:g} more."
    return TaskResult(
        id=task.id, title=task.title, points=task.points, earned=None if undecided else certain, manual=task.manual,
        # A blank notebook passes no check, so if one passed, the answer is somewhere else.
        answered=slot is not SlotStatus.BLANK or any(check.earned for check in checks), checks=checks, note=note,
    )
