"""How each check went for the class: share passed, discrimination, points lost, and checks to look at. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograder.feedback.report.class_report import Item
from autograder.feedback.report.material import checks_of
from autograder.model import CheckResult, Result, Status

FEWEST = 8
"""With fewer submissions that reached a check, neither discrimination nor a warning says anything."""
STRONGEST = 0.25
_JUDGED = (Status.PASSED, Status.FAILED)


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """One check in one submission, and the points of all other checks there."""

    check: CheckResult
    number: int | None
    rest: float


def list_items(results: Mapping[str, Result]) -> tuple[Item, ...]:
    """Return one item per check, in the order of the notebook."""
    seen: dict[str, list[_Seen]] = {}
    for result in results.values():
        earned = sum(check.earned or 0.0 for check in checks_of(result))
        for task in result.tasks:
            for check in task.checks:
                seen.setdefault(check.id, []).append(
                    _Seen(check=check, number=task.number, rest=earned - (check.earned or 0.0)))
    return tuple(_item(found) for _, found in sorted(seen.items(), key=lambda pair: _place(results, pair[0])))


def _place(results: Mapping[str, Result], check: str) -> float:
    """Return where a check is in the newest list that has it; releases may differ in what they have."""
    for result in results.values():
        order = [one.id for one in checks_of(result)]
        if check in order:
            return order.index(check) / len(order)
    return math.inf


def _item(found: Sequence[_Seen]) -> Item:
    first = found[0]
    statuses = [one.check.status for one in found]
    judged = [one for one in found if one.check.status in _JUDGED]
    lost = sum(one.check.points - (one.check.earned or 0.0) for one in found if not one.check.status.withheld)
    discrimination = _discrimination(judged)
    return Item(
        check=first.check.id, task=first.check.task, number=first.number, title=first.check.title,
        points=first.check.points, basis=first.check.basis, reached=len(judged),
        passed=statuses.count(Status.PASSED), blocked=statuses.count(Status.BLOCKED),
        not_reached=statuses.count(Status.NOT_REACHED), withheld=sum(status.withheld for status in statuses),
        points_lost=round(lost, 6), discrimination=discrimination, warning=_warning(judged, discrimination))


def _passed(one: _Seen) -> bool:
    return one.check.status is Status.PASSED


def _discrimination(judged: Sequence[_Seen]) -> float | None:
    """Return the point-biserial correlation of passing with the points of the other checks (item-rest correlation)."""
    if len(judged) < FEWEST:
        return None
    x, y = [float(_passed(one)) for one in judged], [one.rest for one in judged]
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    covariance = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    spread = math.sqrt(sum((a - mean_x) ** 2 for a in x) * sum((b - mean_y) ** 2 for b in y))
    return round(covariance / spread, 3) if spread > 1e-9 else None


def _warning(judged: Sequence[_Seen], discrimination: float | None) -> str | None:
    if len(judged) < FEWEST:
        return None
    strongest = sorted(judged, key=lambda one: -one.rest)[:max(2, round(len(judged) * STRONGEST))]
    failed = sum(not _passed(one) for one in strongest)
    if 2 * failed >= len(strongest):
        return f"Look at this check: {failed} of the {len(strongest)} strongest fail it."
    if discrimination is not None and discrimination < 0:
        return "Look at this check: stronger students fail it more often than weaker ones."
    return None
