"""Converts a result to the contents of each cell of nbgrader's gradebook. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from autograder.gradebook.release_cells import CellLayout, NotebookLayout
from autograder.grades import automatic_points, certain_points
from autograder.model import CheckResult, Result, Status, TaskResult

NO_RESPONSE = "No response."    # what nbgrader itself writes at an unchanged answer
SHOWN_CHECKS = 3


@dataclass(frozen=True, kw_only=True)
class CellScore:
    """What one grade cell earned: ``auto`` is None while a person has to decide.

    ``reason`` then says why, and ``certain`` are the points of checks that have passed all the same; ``comment`` is
    what student and TA read at the answer cell.
    """

    cell: str
    task: str
    points: float
    auto: float | None
    comment: str | None = None
    reason: str | None = None
    written: bool = False
    certain: float | None = None

    @property
    def counted(self) -> float | None:
        """What nbgrader counts while no person has given points."""
        return self.auto if self.auto is not None else self.certain

    @property
    def withheld(self) -> bool:
        """Whether points wait for a person although they are normally given automatically."""
        return self.auto is None and not self.written


def score_cells(layout: NotebookLayout, result: Result) -> tuple[CellScore, ...]:
    """Return one score per grade cell of the release, in its order.

    A cell without a usable result is never scored: it stays open for a person, neither full marks nor zero.
    """
    if result.status != "graded":
        reason = result.message or f"The submission was not graded ({result.status})."
        return withhold_all(layout, reason)
    tasks = {task.id: task for task in result.tasks}
    return tuple(_score(cell, tasks.get(cell.task)) for cell in layout.graded)


def withhold_all(layout: NotebookLayout, reason: str) -> tuple[CellScore, ...]:
    """Return scores that leave every cell open, e.g. because nothing was graded."""
    return tuple(_open(cell, reason) for cell in layout.graded)


def _open(cell: CellLayout, reason: str) -> CellScore:
    return CellScore(cell=cell.name, task=cell.task, points=cell.points, auto=None, reason=reason,
                     comment=reason, written=cell.solution)


def _score(cell: CellLayout, task: TaskResult | None) -> CellScore:
    if task is None:
        return _open(cell, "There is no result for this task; a person has to look at it.")
    if cell.solution:
        return _written(cell, task)
    if abs(task.points - cell.points) > 1e-9:
        return _open(cell, f"The result was made for {task.points:g} points, the cell carries {cell.points:g}; "
                           "grade this submission again.")
    if automatic_points(task) is None:
        return replace(_open(cell, _withheld_sentence(task)), certain=_certain(cell, task))
    if task.earned is None or not -1e-9 <= task.earned <= cell.points + 1e-9:
        return _open(cell, f"The result says {task.earned} of {cell.points:g} points, which is impossible.")
    return CellScore(cell=cell.name, task=cell.task, points=cell.points, auto=task.earned,
                     comment=_comment(task, task.earned))


def _certain(cell: CellLayout, task: TaskResult) -> float | None:
    certain = certain_points(task)
    return certain if certain is not None and 0 <= certain <= cell.points + 1e-9 else None


def _written(cell: CellLayout, task: TaskResult) -> CellScore:
    if not task.answered:
        return CellScore(cell=cell.name, task=cell.task, points=cell.points, auto=0.0, comment=NO_RESPONSE,
                         written=True)
    return CellScore(cell=cell.name, task=cell.task, points=cell.points, auto=None, written=True,
                     reason="A written answer waits for a person.", comment=task.note)


def _withheld_sentence(task: TaskResult) -> str:
    open_points = sum(check.points for check in task.checks if check.status.withheld) or task.points
    sentence = task.note or f"{open_points:g} of {task.points:g} points are withheld until a person has decided."
    why = next((check.seen for check in task.checks if check.status.withheld and check.seen), None)
    return f"{sentence} {why}" if why else sentence


def _comment(task: TaskResult, earned: float) -> str:
    """Return at most a few sentences; the feedback report has the rest."""
    if not task.answered:
        return NO_RESPONSE
    sentences = [f"{earned:g} of {task.points:g} points."]
    missed = [check for check in task.checks if check.status is not Status.PASSED]
    sentences += [_check_sentence(check) for check in missed[:SHOWN_CHECKS]]
    if len(missed) > SHOWN_CHECKS:
        sentences.append(f"{len(missed) - SHOWN_CHECKS} more in the feedback report.")
    if task.note:
        sentences.append(task.note)
    return "\n".join(sentences)


def _check_sentence(check: CheckResult) -> str:
    title = check.title.rstrip(".")
    if check.status is Status.BLOCKED and check.blocked_by:
        return f"Not judged before “{check.blocked_by.rstrip('.')}” is met: {title}."
    if check.status is Status.NOT_REACHED:
        return f"Not reached: {title}."
    details = "; ".join(part for part in (check.seen and f"seen: {check.seen}",
                                          check.expected and f"expected: {check.expected}") if part)
    return f"Not met: {title} ({details})." if details else f"Not met: {title}."
