"""Finds the mistakes behind lost points: each once, with everything that it cost. Pure.

Two things join checks: equal evidence (the same marks, or the same words about other names), and what blocks what.
Nothing is guessed: a low accuracy is not put down to an earlier mistake unless a check says so.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from autograder.grades import Grade, TaskGrade, grade_task
from autograder.model import CheckResult, Result, Status, TaskResult

LOST = (Status.FAILED, Status.BLOCKED, Status.NOT_REACHED)
_NAME = re.compile("`[^`\n]{1,120}`")
_NUMBER = re.compile(r"\d[\d,.]*")


@dataclass(frozen=True, kw_only=True)
class Cause:
    """One mistake.

    Attributes:
        seen: what was found where it was first seen, a sentence.
        expected: what was required there.
        lost: points that it cost in all tasks.
        task: id of the task in which it was first seen.
        tasks: ids of all tasks that it cost points, in the notebook's order.
        checks: ids of the checks that failed through it.
        stopped: whether it ended the run, so that what followed was not reached.
    """

    seen: str
    expected: str | None
    lost: float
    task: str
    tasks: tuple[str, ...]
    checks: tuple[str, ...]
    stopped: bool


@dataclass(frozen=True, kw_only=True)
class _Loss:
    task: TaskResult
    check: CheckResult
    points: float


def find_causes(result: Result, grade: Grade) -> tuple[Cause, ...]:
    """Return the mistakes of a graded submission, the largest loss first.

    Points that a person has given back are not lost.
    """
    losses = [loss for task in result.tasks for loss in _losses(task, grade.task(task.id) or grade_task(task))]
    groups: dict[int, list[_Loss]] = {}
    for place, root in enumerate(_roots(losses)):
        groups.setdefault(root, []).append(losses[place])
    found = [_cause(group) for group in groups.values()]
    return tuple(sorted((cause for cause in found if cause.lost > 0), key=lambda cause: -cause.lost))


def _losses(task: TaskResult, given: TaskGrade) -> Iterator[_Loss]:
    """Yield what each check of a task cost; where a person gave points back, each check cost less."""
    lost = [(check, check.points - (check.earned or 0.0)) for check in task.checks if check.status in LOST]
    total = sum(points for _, points in lost)
    now = max(0.0, given.points - (given.counted or 0.0) - given.waiting)
    share = min(1.0, now / total) if total else 0.0
    for check, points in lost:
        yield _Loss(task=task, check=check, points=points * share)


def _roots(losses: list[_Loss]) -> list[int]:
    """Return for each loss the place of the first one with the same cause."""
    root = list(range(len(losses)))

    def find(place: int) -> int:
        while root[place] != place:
            place = root[place]
        return place

    first: dict[Hashable, int] = {}
    for place, loss in enumerate(losses):
        others = [first.setdefault(key, place) for key in _keys(loss)]
        for other in (*others, *_blocker(losses, place)):
            low, high = sorted((find(other), find(place)))
            root[high] = low
    return [find(place) for place in range(len(losses))]


def _blocker(losses: list[_Loss], place: int) -> tuple[int, ...]:
    """Return the place of the check that blocks this one: the last before it with the title that it names."""
    title = losses[place].check.blocked_by
    named = [other for other, loss in enumerate(losses)
             if title and loss.check.title == title and loss.check.status is not Status.BLOCKED]
    return tuple([other for other in named if other < place][-1:] or named[:1])


def _keys(loss: _Loss) -> Iterator[Hashable]:
    """Yield what this loss has in common with all others of the same cause."""
    check = loss.check
    if check.status is Status.BLOCKED:
        yield "blocked", check.blocked_by
    elif check.status is Status.NOT_REACHED:
        yield "stopped", check.seen
    elif not loss.task.answered:
        yield "blank", check.seen
    elif check.evidence:
        yield from (("mark", mark) for mark in check.evidence)
    elif check.seen:
        words = _NAME.sub("`", check.seen)
        yield "words", words, _NAME.sub("`", check.expected or "")
        # Training and test set of one step go wrong together: their sizes differ, and nothing else.
        yield "step", loss.task.id, _NUMBER.sub("0", words), check.hint


def _cause(group: list[_Loss]) -> Cause:
    home = next((loss for loss in group if loss.check.status is not Status.BLOCKED), group[0])
    return Cause(
        seen=home.check.seen or home.check.blocked_by or home.check.title, expected=home.check.expected,
        lost=round(sum(loss.points for loss in group), 2), task=home.task.id,
        tasks=tuple(dict.fromkeys(loss.task.id for loss in group if loss.points > 0)),
        checks=tuple(loss.check.id for loss in group), stopped=home.check.status is Status.NOT_REACHED)
