"""One mistake costs points only once: which further runs a submission gets, and which checks count from them. Pure.

A task opts in through its answer cell's ``metadata.autograder.continue``: names that later steps build on. If one of
its checks fails, the notebook is run again, and just after that task these names are set to the solution's values
(`autograder.pipeline.grade.given`). A task that compiles a model from an earlier task opts in automatically: the
student's own model is then compiled like the solution's.

**The rule.** The student's code can read whatever a run is given, from the first cell on. So no check whose answer is
among these values may count from that run:

1. Each task that went wrong has a run of its own. That run is given the arrays and settings of this task and of those
   that went wrong before it, and of no others; only checks of tasks *after* it count.
2. Of these, a task does not count if its own arrays are given under another name, and if settings are given, no task
   counts that compiles a model (`Given.answered`).

Both hold whatever the student's code does, and whichever task is chosen below: a choice can only cost a run, never
give points away.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from autograder.model import CheckResult, Merged, SlotStatus, Status

if TYPE_CHECKING:
    from autograder.pipeline.grade.attempt import Attempt
    from autograder.pipeline.session.session import Session

_WITHOUT_POINTS = (Status.FAILED, Status.BLOCKED, Status.UNJUDGED)
"""Unjudged too: if a wrong step scrambled the images, the grader has nothing to evaluate a model on."""

Chain = tuple[str, ...]
"""The tasks whose results are given in one run, in the order of the notebook; only checks after the last one count."""


def failed_tasks(session: Session, results: Sequence[CheckResult]) -> tuple[str, ...]:
    """Return the tasks with a continuation that went wrong in a run, in the order of the notebook."""
    failed = {check.task for check in results if check.status is Status.FAILED}
    blocked = failed | {check.task for check in results if check.status is Status.BLOCKED}
    # Correct settings do not help if the model is wrong, so a step that only compiles must itself have failed.
    return tuple(task for task in _order(session)
                 if (task in session.continuation and task in blocked) or (task in session.compiled and task in failed))


def following(
    session: Session, merged: Merged, counted: Sequence[CheckResult], newest: Sequence[CheckResult],
    chain: Chain = (),
) -> Chain:
    """Return the tasks whose results the next run is given; empty if no further run could restore any points.

    Args:
        counted: the checks as they count so far.
        newest: the checks of the latest run, which show what is still wrong.
        chain: what the latest run was given; empty for the first.
    """
    order = _order(session)
    blank = {slot.task for slot in merged.slots if slot.status is SlotStatus.BLANK}
    lost = {order.index(check.task) for check in counted
            if check.status in _WITHOUT_POINTS and check.task not in blank}
    wrong = [task for task in failed_tasks(session, newest) if not chain or order.index(task) > order.index(chain[-1])]
    for number, task in enumerate(wrong):
        chain = (*chain, task)
        # A blank answer stays wrong in any run: tasks after it are left to the run that gives its arrays too.
        end = next((order.index(later) for later in wrong[number + 1:] if later in blank), len(order))
        if any(order.index(task) < position < end for position in lost):
            return chain
    return ()


def credited(session: Session, chain: Chain, answered: Collection[str]) -> frozenset[str]:
    """Return the tasks whose checks may count from a run that is given the results of ``chain``.

    Args:
        answered: tasks whose answers are among the given values (`Given.answered`).
    """
    order = _order(session)
    return frozenset(order[order.index(chain[-1]) + 1:]) - frozenset(answered)


def credit_run(
    session: Session, counted: Attempt, run: Attempt, chain: Chain, answered: Collection[str] = ()
) -> Attempt:
    """Return the attempt that counts, with those checks replaced that ``run`` passed and that may count from it.

    The run's flags for staff are added, since points may come from it.
    """
    allowed, titles = credited(session, chain, answered), {task.id: task.title for task in session.layout.tasks}
    passed = {check.id: check for check in run.checks
              if check.task in allowed and (check.status is Status.PASSED or check.status.withheld)}
    named = " and ".join(f"“{titles[task]}”" for task in chain)
    note = (f"Judged from here on with correct {_describe_given(session, chain)}, "
            f"so that {named} costs its points only once.")
    checks = tuple(
        passed[check.id].model_copy(update={"hint": note})
        if check.id in passed and check.status in _WITHOUT_POINTS and check.status is not passed[check.id].status
        else check
        for check in counted.checks)
    flags = tuple(dict.fromkeys((*counted.staff_flags, *run.staff_flags)))
    return replace(counted, checks=checks, staff_flags=flags)


def given_away(
    order: Sequence[str], continuation: Mapping[str, Sequence[str]], values: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[str, str, str], ...]:
    """Return, as (task, later task, name), the solution's later answers that are among the values given after a task.

    Such an answer could be copied, so an assignment that has one is not released. `Given.answered` applies the same
    rule at grading time, when sizes may differ from those at release.

    Args:
        order: all tasks in the order of the notebook.
        values: per task, a fingerprint of each array in the solution's namespace after it.
    """
    found = []
    for task, names in continuation.items():
        shown = {values.get(task, {}).get(name) for name in names} - {None}
        previous = values.get(task, {})
        for later in order[order.index(task) + 1:]:
            if later in values:  # a written answer has no values
                found += [(task, later, name) for name, value in values[later].items()
                          if value in shown and previous.get(name) != value]
                previous = values[later]
    return tuple(found)


def _describe_given(session: Session, chain: Chain) -> str:
    arrays = "arrays" if any(task in session.continuation for task in chain) else ""
    settings = "compile settings" if any(task in session.compiled for task in chain) else ""
    return " and ".join(filter(None, (arrays, settings)))


def _order(session: Session) -> list[str]:
    return [task.id for task in session.layout.tasks]
