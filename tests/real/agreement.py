"""Compares what the grader says about a notebook with what a person says."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from autograder.model import CheckResult, Result, Status, TaskResult
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, open_session
from autograder.workspace.layout import open_workspace
from tests.assignments.common import ROOT
from tests.real.tables import Row

UNCALIBRATED = "has not been calibrated yet"


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How one notebook was graded: tasks judged as by the person, tasks left to a person, and all disagreements."""

    name: str
    same: int
    asked: int
    disagreements: tuple[str, ...]


@contextmanager
def grader(assignment: str, folder: Path, *, whole: bool = False) -> Iterator[Session]:
    """Open the real grader: sandbox, hidden checks, continuing from correct arrays.

    Args:
        whole: with the assignment's own sizes and calibrated bounds; else with the short sizes, for which there are no
            bounds: whether one is reached is not compared.
    """
    workspace = replace(open_workspace(ROOT), output=folder)
    options = RunOptions(allow_stand_in=True, force_stand_in=True, profile=None if whole else "short", calibrated=whole)
    with open_session(workspace, assignment, options) as session:
        yield session


def compare(result: Result, row: Row) -> Agreement:
    """Return where a result differs from what the person says."""
    found: list[str] = []
    same = asked = 0
    if result.status != "graded":
        found.append(f"{result.status}: {result.message}")
    for task in result.tasks:
        if task.manual:
            if not task.answered and task.id not in row.blank:
                found.append(f"{task.id}: a written answer that is there was not found")
            continue
        text, left = _differs(task, row)
        found += [f"{task.id}: {text}"] if text else []
        same, asked = same + (not text and not left), asked + (not text and left)
    return Agreement(name=row.name, same=same, asked=asked, disagreements=tuple(found))


def _differs(task: TaskResult, row: Row) -> tuple[str, bool]:
    """Return a sentence where the points differ, else none, and whether a person is asked."""
    earned = sum(check.earned or 0.0 for check in task.checks)
    open_ = [check for check in task.checks if check.status.withheld and not _is_uncalibrated(check)]
    unknown = [check for check in task.checks if check in open_ or _is_uncalibrated(check)]
    wanted, most = row.points[task.id], earned + sum(check.points for check in unknown)
    reasons = "; ".join(f"{check.id} {check.status.value} ({check.seen or check.staff_note or 'no reason'})"
                        for check in task.checks if check.earned is None or check.earned < check.points)
    if open_ and task.id not in row.open:
        return f"withheld, but a person gives {wanted:g} of {task.points:g} without being asked: {reasons}", True
    if not earned <= wanted <= most:
        text = f"{earned:g} of {task.points:g} points, a person gives {wanted:g}: {reasons or 'all passed'}"
        return text, bool(open_)
    if silent := [check.id for check in open_ if not check.seen]:
        return f"withheld without a reason: {', '.join(silent)}", True
    return "", bool(open_)


def _is_uncalibrated(check: CheckResult) -> bool:
    return check.minimum and check.status is Status.UNJUDGED and UNCALIBRATED in (check.seen or "")


def summary(found: dict[str, list[Agreement]]) -> list[str]:
    """Return the lines that `make fairness` prints at its end."""
    everyone: list[Any] = [(assignment, one) for assignment, ones in found.items() for one in ones]
    same, asked = sum(one.same for _, one in everyone), sum(one.asked for _, one in everyone)
    wrong = [f"  {assignment}/{one.name}: {text}" for assignment, one in everyone for text in one.disagreements]
    tasks = same + asked + len(wrong)
    return [
        f"{len(everyone)} notebooks of {len(found)} assignments, {tasks} graded tasks: {same} as by a person, "
        f"{asked} left to a person with a reason, {len(wrong)} disagreements",
        *(["disagreements:", *wrong] if wrong else ["disagreements: none"]),
    ]
