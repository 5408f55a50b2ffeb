"""The tasks of a page in the notebook's order: which are shown in full, and which fold to a line. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from autograder.feedback.causes import Cause
from autograder.feedback.own_answers import NO_ANSWER, Answer, short
from autograder.grades import Grade, TaskGrade, grade_task
from autograder.model import CheckResult, Result, Status, TaskResult

Kind = Literal["passed", "unreached", "waiting", "repeated", "open"]
"""How a task is shown: repeated mistakes fold alone, open ones do not fold, the others fold with their neighbours."""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One task of the page.

    Attributes:
        name: number and heading as the notebook has them.
        same_as: the task that has the mistake which cost points here, None where it is this one.
        passed, others: its checks.
        again: ids of checks that failed through the same mistake as an earlier one of this task.
    """

    task: TaskResult
    given: TaskGrade
    name: str
    kind: Kind
    answer: Answer = NO_ANSWER
    same_as: str | None = None
    passed: Sequence[CheckResult] = field(default=())
    others: Sequence[CheckResult] = field(default=())
    again: frozenset[str] = frozenset()

    @property
    def short(self) -> str:
        """What a sentence calls it: ``Task 6``."""
        return short(self.name)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Neighbours that are shown alike; ``title`` names the first and the last of them."""

    kind: Kind
    title: str
    items: Sequence[Item]


def task_items(
    result: Result, grade: Grade, answers: Mapping[str, Answer], causes: Sequence[Cause]
) -> list[Item]:
    """Return the tasks in the notebook's order."""
    homes = {cause.task for cause in causes}
    origin = {check: cause for cause in causes for check in cause.checks}
    names = {task.id: (answers.get(task.id, NO_ANSWER).heading or task.name) for task in result.tasks}
    items = []
    for task in result.tasks:
        given = grade.task(task.id) or grade_task(task)
        elsewhere = [origin[check.id].task for check in task.checks
                     if check.id in origin and origin[check.id].task != task.id]
        kind = _kind(task, given, repeated=bool(elsewhere) and task.id not in homes)
        items.append(Item(
            task=task, given=given, name=names[task.id], kind=kind, answer=answers.get(task.id, NO_ANSWER),
            same_as=elsewhere[0] if kind == "repeated" else None,
            passed=[check for check in task.checks if check.status is Status.PASSED],
            others=[check for check in task.checks if check.status is not Status.PASSED],
            again=_again(task, origin)))
    return items


def _again(task: TaskResult, origin: Mapping[str, Cause]) -> frozenset[str]:
    seen: set[Cause] = set()
    found = set()
    for check in task.checks:
        cause = origin.get(check.id)
        if cause in seen:
            found.add(check.id)
        if cause is not None:
            seen.add(cause)
    return frozenset(found)


def _kind(task: TaskResult, given: TaskGrade, *, repeated: bool) -> Kind:
    if task.manual and not task.checks:
        read = given.comment or not given.undecided
        return "open" if read or not task.answered else "waiting"
    if given.comment or given.person is not None or given.held is not None or any(
            check.status.withheld for check in task.checks):
        return "open"
    statuses = {check.status for check in task.checks}
    if task.checks and statuses == {Status.PASSED} and not task.note:
        return "passed"
    if statuses == {Status.NOT_REACHED}:
        return "unreached"
    return "repeated" if repeated else "open"


def grouped(items: Sequence[Item]) -> list[Group]:
    """Return neighbours that fold together as one group each; every other task is a group of its own."""
    groups = []
    for (kind, _), same in groupby(enumerate(items), key=lambda pair: _together(*pair)):
        members = [item for _, item in same]
        groups.append(Group(kind=kind, items=members, title=_title(members)))
    return groups


def _together(place: int, item: Item) -> tuple[Kind, int]:
    return item.kind, place if item.kind in ("repeated", "open") else -1


def _title(items: Sequence[Item]) -> str:
    first, last = items[0], items[-1]
    if first is last:
        return first.name
    words, numbers = zip(*((*item.short.rsplit(" ", 1), "")[:2] for item in (first, last)), strict=True)
    if words[0] == words[1] and all(number.isdigit() for number in numbers):
        return f"{words[0]}s {numbers[0]} to {numbers[1]}"
    return f"{first.short} to {last.short}"


def listed(names: Sequence[str]) -> str:
    """Return ``Tasks 3 to 5 and 9`` for ``Task 3``, ``Task 4``, ``Task 5`` and ``Task 9``; other names as they are."""
    split = [name.rsplit(" ", 1) for name in names]
    if len(names) > 1 and all(len(parts) == 2 and parts[0] == split[0][0] and parts[1].isdigit() for parts in split):
        return f"{split[0][0]}s {_joined(_runs([int(parts[1]) for parts in split]))}"
    return _joined(list(names))


def _runs(numbers: Sequence[int]) -> list[str]:
    """Return three or more consecutive numbers as one: ``3 to 5``."""
    found: list[str] = []
    for _, pairs in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        run = [number for _, number in pairs]
        found += [f"{run[0]} to {run[-1]}"] if len(run) > 2 else map(str, run)
    return found


def _joined(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
