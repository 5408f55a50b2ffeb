"""What judging stored work again does to a student's grade, and why. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from pydantic import Field

from autograder.grades.grade import Grade
from autograder.model import CheckResult, Result, Value

_ROUNDING = 1e-9


class Effect(StrEnum):
    """What happens to the grade."""

    RAISED = "raised"
    HELD = "held"            # it would sink: the earlier grade counts until a person has decided
    LOWERED = "lowered"      # only where another attempt counts now, or a held grade is no longer needed
    UNDECIDED = "undecided"  # the same points, but a person has other things to decide
    SAME = "same"


class CheckChange(Value):
    """One check whose outcome or points are not what they were; None: there was or is no such check."""

    id: str
    task: str
    before: str | None
    after: str | None
    points_before: float | None = None
    points_after: float | None = None

    @property
    def sentence(self) -> str:
        """The change in one phrase: ``scale-train: failed → passed (0 → 2)``."""
        points = "" if self.points_before == self.points_after else (
            f" ({_points(self.points_before)} → {_points(self.points_after)})")
        return f"{self.id}: {_outcome(self.before)} → {_outcome(self.after)}{points}"


class Change(Value):
    """One student's grade before and after the stored work was judged again."""

    before: Grade
    after: Grade
    checks: tuple[CheckChange, ...] = ()
    failed: str | None = Field(None, description="why it could not be judged again; the grade stays as it is")

    @property
    def student(self) -> str:
        """Whose work it is."""
        return self.before.student

    @property
    def sinking(self) -> float | None:
        """The points that the held grade would have sunk to, None where nothing is held."""
        if not self.after.held:
            return None
        counted = (task.automatic if task.held is not None else task.counted for task in self.after.tasks)
        return round(sum(points or 0.0 for points in counted), 6)

    @property
    def effect(self) -> Effect:
        """What happens to the grade."""
        if self.failed is not None:
            return Effect.SAME
        if self._newly_held:
            return Effect.HELD
        difference = self.after.total - self.before.total
        if abs(difference) > _ROUNDING:
            return Effect.RAISED if difference > 0 else Effect.LOWERED
        if self.after.score != self.before.score or self.after.open_cells != self.before.open_cells:
            return Effect.UNDECIDED
        return Effect.SAME

    @property
    def _newly_held(self) -> bool:
        held = {task.cell: (task.held, task.automatic) for task in self.before.tasks if task.held is not None}
        return any(held.get(task.cell) != (task.held, task.automatic) for task in self.after.tasks
                   if task.held is not None)

    @property
    def sentence(self) -> str:
        """Whose grade changes, from what to what."""
        before, after = _points(self.before.total), _points(self.after.total)
        match self.effect:
            case Effect.HELD:
                return f"{before}, held: it would sink to {_points(self.sinking)}, and a person has to decide"
            case Effect.UNDECIDED:
                return f"{before}, and other points wait for a person"
            case Effect.SAME:
                return before
        return f"{before} → {after}"

    def report(self) -> dict[str, Any]:
        """Return the change for programs."""
        return {
            "student": self.student, "effect": self.effect.value, "from": self.before.total, "to": self.after.total,
            "score_from": self.before.score, "score_to": self.after.score, "would_be": self.sinking,
            "open_cells": list(self.after.open_cells), "failed": self.failed,
            "checks": [check.model_dump(mode="json") for check in self.checks],
        }


def check_changes(before: Result, after: Result) -> tuple[CheckChange, ...]:
    """Return the checks that are judged differently now, in the order of the notebook."""
    old, new = dict(_checks(before)), dict(_checks(after))
    return tuple(_compared(old.get(name), new.get(name)) for name in {**old, **new}
                 if _verdict(old.get(name)) != _verdict(new.get(name)))


def _checks(result: Result) -> Iterator[tuple[str, CheckResult]]:
    for task in result.tasks:
        for check in task.checks:
            yield check.id, check


def _verdict(check: CheckResult | None) -> tuple[object, ...]:
    return () if check is None else (check.status, check.earned, check.points)


def _compared(old: CheckResult | None, new: CheckResult | None) -> CheckChange:
    named = new or old
    assert named is not None  # noqa: S101 - the name came from one of them
    return CheckChange(
        id=named.id, task=named.task, before=old.status.value if old else None, after=new.status.value if new else None,
        points_before=old.earned if old else None, points_after=new.earned if new else None)


def _outcome(status: str | None) -> str:
    return "no such check" if status is None else status.replace("_", " ")


def _points(points: float | None) -> str:
    return "none yet" if points is None else f"{points:g}"
