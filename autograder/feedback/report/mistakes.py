"""Gives mistakes their names: which submissions fail in the same way, and which wrong variant fails like that. Pure.

A submission's evidence is which checks failed, and with which message, numbers left out. A variant explains it where
all checks that the variant loses failed with the variant's own messages. The largest explanation is taken first, and
each failed check is explained once; what no variant explains is grouped by equal evidence.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.feedback.report.class_report import Mistake
from autograder.feedback.report.material import KnownMistake, Material
from autograder.model import CheckResult, Result, Status

BLANK = "blank-"
MOST_TITLES = 3
_NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")

Evidence = Mapping[str, CheckResult]
"""The failed checks of one submission by id, without those of answers that were left blank."""


@dataclass(frozen=True, kw_only=True)
class _Cause:
    """What explains some failed checks of one submission."""

    key: str
    title: str
    checks: tuple[str, ...]
    named: bool = True
    certain: bool = True
    also: tuple[str, ...] = ()


def shape_of(message: str | None) -> str:
    """Return a message without its numbers, so that the same mistake with other numbers has the same one."""
    return " ".join(_NUMBER.sub("#", message or "").split())


def list_mistakes(material: Material) -> tuple[Mistake, ...]:
    """Return all mistakes of the class, those that the most students make first."""
    graded = material.graded
    causes = {student: causes_of(result, material.known) for student, result in graded.items()}
    students: dict[_Cause, list[str]] = {}
    for student, found in causes.items():
        for cause in found:
            students.setdefault(cause, []).append(student)
    made = [_mistake(material.assignment, cause, who, graded) for cause, who in _merged(students).items()]
    return tuple(sorted(made, key=lambda one: (-len(one.students), -one.points_lost, one.key)))


def causes_of(result: Result, known: Sequence[KnownMistake]) -> tuple[_Cause, ...]:
    """Return what explains the failed checks of one submission; each check is explained once."""
    blank = tuple(
        _Cause(key=f"{BLANK}{task.id}", title=task.name, checks=failed)
        for task in result.tasks if not task.answered
        if (failed := tuple(check.id for check in task.checks if check.status is Status.FAILED)))
    evidence = {check.id: check for task in result.tasks if task.answered for check in task.checks
                if check.status is Status.FAILED}
    return (*blank, *_explained(evidence, known))


def _explained(evidence: Evidence, known: Sequence[KnownMistake]) -> list[_Cause]:
    left, found = dict(evidence), []
    while fitting := [(fit, one) for one in known if (fit := _fit(one, left))]:
        best = max(fit for fit, _ in fitting)
        chosen = [one for fit, one in fitting if fit == best]
        # Among equals, those that lose the same checks are the same evidence; the others may explain what is left.
        same = [one for one in chosen if set(one.loses) == set(chosen[0].loses)]
        checks = tuple(check for check in evidence if check in chosen[0].loses)
        found.append(_Cause(key=same[0].name, title=" Or: ".join(one.why for one in same[:MOST_TITLES]), checks=checks,
                            certain=best[1] == len(checks), also=tuple(one.name for one in same[1:])))
        left = {check: one for check, one in left.items() if check not in checks}
    return [*found, *(_unnamed(check) for check in left.values())]


def _fit(one: KnownMistake, evidence: Evidence) -> tuple[int, int] | None:
    """Return how many checks a variant explains and how many messages agree, None where it does not fit."""
    if not one.loses or any(check not in evidence for check in one.loses):
        return None
    agree = 0
    for check in one.loses:
        shapes = one.messages.get(check)
        if shapes and shape_of(evidence[check].seen) not in shapes:
            return None
        agree += bool(shapes)
    return len(one.loses), agree


def _unnamed(check: CheckResult) -> _Cause:
    shape = shape_of(check.seen)
    digest = hashlib.sha256(json.dumps([check.id, shape]).encode()).hexdigest()[:8]
    return _Cause(key=f"{check.id}-{digest}", title=check.title, checks=(check.id,), named=False)


def _merged(students: Mapping[_Cause, Sequence[str]]) -> dict[_Cause, Sequence[str]]:
    """Join what has no name, and what was left blank, where exactly the same students have it: one row, not many."""
    joined: dict[tuple[bool, tuple[str, ...]], list[_Cause]] = {}
    made: dict[_Cause, Sequence[str]] = {}
    for cause, who in students.items():
        blank = cause.key.startswith(BLANK)
        if blank or not cause.named:
            joined.setdefault((blank, tuple(who)), []).append(cause)
        else:
            made[cause] = who
    for (blank, same_students), causes in joined.items():
        title = f"Nothing was written: {', '.join(cause.title for cause in causes)}" if blank else causes[0].title
        made[replace(causes[0], title=title, checks=tuple(check for cause in causes for check in cause.checks))] = (
            same_students)
    return made


def _mistake(assignment: str, cause: _Cause, who: Iterable[str], results: Mapping[str, Result]) -> Mistake:
    students = tuple(sorted(who))
    failed = [check for student in students for task in results[student].tasks for check in task.checks
              if check.id in cause.checks and check.status is Status.FAILED]
    first = max(failed, key=lambda check: check.points)
    command = shlex.join(["autograder", "comment", assignment, first.id, "--mistake", cause.key, "--text", "…"])
    return Mistake(
        key=cause.key, title=cause.title, named=cause.named, certain=cause.certain, also=cause.also,
        checks=cause.checks, seen=first.seen, students=students, command=command,
        points_lost=round(sum(check.points - (check.earned or 0.0) for check in failed), 6))
