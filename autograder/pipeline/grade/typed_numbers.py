"""Finds numbers of another variant that were typed into answers: `Dense(14)` where the student's number is 12.

A check that reads the sizes and failed is judged again with each other number of the ranges in turn. Where it passes,
that number is in the work. One such number may be a slip; two that the same other student has are no accident.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping

from autograder.checks import JudgeRequest
from autograder.model import CheckResult, Status
from autograder.notebook import Family, Size

MOST_TRIES = 200
"""Numbers that are tried for one submission; a try takes as long as its hidden checks."""
MOST_SECONDS = 60.0
"""For all tries of one submission, whose author decides how long its checks take."""
_ENOUGH = 2

Judge = Callable[[JudgeRequest], tuple[CheckResult, ...]]


def typed_numbers(
    judge: Judge, request: JudgeRequest, family: Family, failed: Collection[str]
) -> dict[str, Size]:
    """Return name → another number of its range with which a failed check passes.

    Args:
        request: with the student's own numbers.
        failed: ids of the checks that read the sizes and failed.
    """
    found: dict[str, Size] = {}
    left, end = MOST_TRIES, time.monotonic() + MOST_SECONDS
    for name, numbers in family.draw.items():
        best = 0
        for number in numbers:
            if number == request.sizes.get(name) or not failed or left <= 0 or time.monotonic() > end:
                continue
            left -= 1
            sizes = {**request.sizes, name: number}
            passed = _passed(judge(request.model_copy(update={"sizes": sizes})), failed)
            if passed > best:
                best, found[name] = passed, number
    return found


def is_evidence(found: Mapping[str, Size], family: Family) -> bool:
    """Whether so many numbers of another variant are no slip: two, or all of a family with one name."""
    return len(found) >= min(_ENOUGH, len(family.draw))


def failed_by_size(results: Collection[CheckResult], sized: Collection[str]) -> frozenset[str]:
    """Return the ids of failed checks that read the sizes."""
    return frozenset(result.id for result in results if result.id in sized and result.status is Status.FAILED)


def _passed(results: Collection[CheckResult], wanted: Collection[str]) -> int:
    return sum(result.id in wanted and result.status is Status.PASSED for result in results)
