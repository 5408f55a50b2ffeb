"""The effect of a repeated training on a result: a block and a flag for staff, and withheld claimed points. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.model import Basis, CheckResult, Refit, Result, Status, TaskResult
from autograder.pipeline.refit.choice import must_tell_staff

MARK = "Trained again: "
SEEN = "A person will look at how this model was trained."


UNREAD = "It could not be checked whether its trainings explain its models: "


def apply_refits(result: Result, entries: Sequence[Refit], unread: str | None = None) -> Result:
    """Return the result with these repetitions in place of earlier ones.

    Measured points do not change. Claimed points of the steps in which a contradicted training was recorded are
    withheld until a person has decided; where an earlier repetition had withheld them, they are restored.

    Args:
        unread: why the record could not be read; becomes a flag for staff.
    """
    old = {entry.sentence for entry in result.refits}
    flags = [UNREAD + unread] if unread else []
    flags += [entry.sentence for entry in entries if entry.contradicts
            or (entry.verdict == "impossible" and must_tell_staff(entry.reasons))]
    doubted = {task: entry for entry in entries if entry.contradicts for task in entry.trained_in}
    tasks = tuple(_task(task, doubted.get(task.id)) for task in result.tasks)
    checks = [check for task in tasks for check in task.checks]
    return result.model_copy(update={
        "refits": tuple(entries), "tasks": tasks,
        "staff_flags": (*(flag for flag in result.staff_flags if flag not in old and not flag.startswith(UNREAD)),
                        *flags),
        "score": round(sum(check.earned or 0.0 for check in checks), 6),
        "withheld": round(sum(check.points for check in checks if check.status.withheld), 6),
        "complete": result.complete if tasks == result.tasks else all(
            task.earned is not None for task in tasks if not task.manual),
    })


def _task(task: TaskResult, doubt: Refit | None) -> TaskResult:
    checks = tuple(_check(check, doubt) for check in task.checks)
    if checks == task.checks:
        return task
    certain = round(sum(check.earned or 0.0 for check in checks), 6)
    withheld = round(sum(check.points for check in checks if check.status.withheld), 6)
    undecided = task.manual or any(check.status.withheld for check in checks)
    note = f"{certain:g} of {task.points:g} points are certain; a person decides about {withheld:g} more."
    return task.model_copy(update={"checks": checks, "earned": None if undecided else certain,
                                   "note": note if withheld else None})


def _check(check: CheckResult, doubt: Refit | None) -> CheckResult:
    ours = (check.staff_note or "").startswith(MARK)
    if check.basis is not Basis.CLAIMED or not (ours or check.status is Status.PASSED):
        return check
    if doubt is not None and check.points:
        return check.model_copy(update={"status": Status.UNJUDGED, "earned": None, "seen": SEEN,
                                        "staff_note": MARK + doubt.sentence})
    if ours:
        return check.model_copy(update={"status": Status.PASSED, "earned": check.points, "seen": None,
                                        "staff_note": None})
    return check
