"""One mistake costs once: which further runs a submission gets, and which checks count from them. Pure.

A task opts in through its answer cell's ``metadata.autograder.continue``: names that later steps build on. When one of
its checks fails, the notebook is run again, and just after that task these names are set to what the solution makes of
them (`autograder.pipeline.grade.given`). A task that compiles a model which an earlier one has built opts in by itself:
the student's own model is then compiled as the solution's is.

**The rule.** What is given in a run can be read by the student's code from the first cell of that run on, so no check
that it answers may count from that run:

1. Each task that went wrong has a run of its own. In it lie the arrays and settings of this task and of those that went
   wrong before it, and of no other; only checks of tasks *after* it count.
2. Of these, a task does not count whose own arrays are among those given under another name, nor, where settings are
   given, any task that compiles a model (`Given.answered`).

Both hold whatever the student's code does, and whichever task the decision below chooses: a choice can cost a run,
never hand out a point.
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
"""Unjudged too: images that a wrong step has scrambled leave the grader nothing to ask a model about."""

Chain = tuple[str, ...]
"""The tasks whose results are given in one run, in the order of the notebook; checks count from after the last one."""


def failed_tasks(session: Session, results: Sequence[CheckResult]) -> tuple[str, ...]:
    """Return the tasks that opted in and that went wrong in a run, in the order of the notebook."""
    failed = {check.task for check in results if check.status is Status.FAILED}
    blocked = failed | {check.task for check in results if check.status is Status.BLOCKED}
    # Settings help nobody whose model is the problem, so a step that only compiles has to fail itself.
    return tuple(task for task in _order(session)
                 if (task in session.continuation and task in blocked) or (task in session.compiled and task in failed))


def following(
    session: Session, merged: Merged, counted: Sequence[CheckResult], newest: Sequence[CheckResult],
    chain: Chain = (),
) -> Chain:
    """Return what the next run is given, empty where no further run could give a point back.

    Args:
        counted: the checks as they count so far.
        newest: the checks of the latest run, which say what still goes wrong.
        chain: what the latest run was given; empty for the first.
    """
    order = _order(session)
    blank = {slot.task for slot in merged.slots if slot.status is SlotStatus.BLANK}
    lost = {order.index(check.task) for check in counted
            if check.status in _WITHOUT_POINTS and check.task not in blank}
    wrong = [task for task in failed_tasks(session, newest) if not chain or order.index(task) > order.index(chain[-1])]
    for number, task in enumerate(wrong):
        chain = (*chain, task)
        # A blank answer stays wrong whatever it is given: what lies after it is for the run that gives its arrays too.
        end = next((order.index(later) for later in wrong[number + 1:] if later in blank), len(order))
        if any(order.index(task) < position < end for position in lost):
            return chain
    return ()


def credited(session: Session, chain: Chain, answered: Collection[str]) -> frozenset[str]:
    """Return the tasks whose checks may count from a run that is given the results of ``chain``.

    Args:
        answered: tasks whose answers lie among what is given (`Given.answered`).
    """
    order = _order(session)
    return frozenset(order[order.index(chain[-1]) + 1:]) - frozenset(answered)


def credit_run(
    session: Session, counted: Attempt, run: Attempt, chain: Chain, answered: Collection[str] = ()
) -> Attempt:
    """Return the attempt that counts, with the checks replaced that ``run`` passed and that may count from it.

    What staff should know of the run is kept with it: points may come from there.
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
    """Return, as (task, later task, name), which later answers of the solution lie among what a task's run is given.

    Such an answer could be copied, so an assignment that has one is not released. `Given.answered` is the same rule for
    the tasks that opted in, at grading time, when sizes may be others than those at release.

    Args:
        order: all tasks in the order of the notebook.
        values: per task, a fingerprint of each array in the solution's namespace after it.
    """
    found = []
    for task, names in continuation.items():
        shown = {values.get(task, {}).get(name) for name in names} - {None}
        held = values.get(task, {})
        for later in order[order.index(task) + 1:]:
            if later in values:  # a written answer holds nothing
                found += [(task, later, name) for name, value in values[later].items()
                          if value in shown and held.get(name) != value]
                held = values[later]
    return tuple(found)


def _describe_given(session: Session, chain: Chain) -> str:
    arrays = "arrays" if any(task in session.continuation for task in chain) else ""
    settings = "compile settings" if any(task in session.compiled for task in chain) else ""
    return " and ".join(filter(None, (arrays, settings)))


def _order(session: Session) -> list[str]:
    return [task.id for task in session.layout.tasks]
