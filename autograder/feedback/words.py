"""Readable words for statuses, endings, isolation and data sets."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.grades import Grade, State, TaskGrade, grade_task
from autograder.model import CellRun, CellStatus, CheckResult, Ending, Execution, Result, Status, TaskResult

STATUS: dict[Status, tuple[str, str]] = {
    Status.PASSED: ("✓", "passed"),
    Status.FAILED: ("✗", "not yet"),
    Status.BLOCKED: ("…", "waits for another step"),
    Status.NOT_REACHED: ("…", "not reached"),
    Status.ERRORED: ("?", "a teacher will look"),
    Status.UNJUDGED: ("?", "a teacher will look"),
    Status.UNMATCHED: ("?", "a teacher will look"),
}
"""Symbol and word of each status; colour only repeats them."""

ENDING: dict[Ending, str] = {
    Ending.TIMED_OUT: "The notebook ran out of time.",
    Ending.OUT_OF_MEMORY: "The notebook ran out of memory.",
    Ending.DIED: "The notebook's process ended before its last cell.",
    Ending.LOST: "The grader's own process ended; the work will be graded again.",
}
ALONE = ("A first run of your notebook ran out of time while our machine was busy, so it was run again with no other "
         "notebook running; that second run counts.")
CELL: dict[CellStatus, str] = {
    CellStatus.INTERRUPTED: "ran out of time",
    CellStatus.UNFINISHED: "the notebook’s process ended in this cell",
    CellStatus.NOT_RUN: "was not run",
}
"""The remark next to a cell of the notebook; where a cell ended normally, its outputs say enough."""

ISOLATION = {
    "full": "in a separate process without network", "namespaces": "in a separate process without network",
    "restricted": "in a restricted process without network", "none": "WITHOUT isolation from the grader",
}


def number(value: float) -> str:
    """Return points without needless decimals: 2, 1.5, 0.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def points(value: float) -> str:
    """Return ``1 point`` or ``N points``."""
    return "1 point" if value == 1 else f"{number(value)} points"


def task_score(task: TaskResult, given: TaskGrade | None = None) -> str:
    """Return what a task has now, or words where a person has to decide.

    Args:
        given: with what people decided; None: the result alone counts.
    """
    given = given or grade_task(task)
    now = f"{number(given.counted or 0.0)} of {number(given.points)}"
    if given.held is not None:
        return f"{now}, until a person has decided"
    if given.undecided and given.person is not None:
        return f"{now} for an earlier answer, to be read again"
    if given.undecided:
        return f"{'graded by a person' if task.manual else 'incomplete'}, up to {points(given.points)}"
    if given.person is not None or given.extra is not None:
        return f"{now}, graded by a person"
    if task.manual and not task.answered:
        return f"0 of {number(given.points)}: nothing was written here"
    return now


def out_of(grade: Grade) -> float:
    """Return the points with which a total is compared: those of all tasks once a person has read anything."""
    return sum(task.points for task in grade.tasks if grade.read_by_person or not task.written)


def scored(grade: Grade) -> str:
    """Return a grade for a table: total and maximum, or a word where there is none."""
    if grade.state is not State.GRADED:
        return grade.state.value
    return f"{number(grade.total)} / {number(out_of(grade))}"


def lateness(grade: Grade) -> str:
    """Return the sentence about a late penalty, empty where there is none."""
    if not grade.late_penalty:
        return ""
    return (f"Your work has {points(grade.points)} and loses {points(grade.late_penalty)}, because it was handed in "
            "after your deadline.")


def check_points(check: CheckResult) -> str:
    """Return what a check earned, empty where it is worth nothing or a person has to decide."""
    if check.earned is None or not check.points:
        return ""
    return points(check.points) if check.earned == check.points else f"{number(check.earned)} of {points(check.points)}"


def cell_notes(execution: Execution | None) -> dict[int, str]:
    """Return, by place in the notebook, the remark for cells that did not end normally."""
    cells = execution.cells if execution else ()
    return {cell.index: CELL[cell.status] for cell in cells if cell.status in CELL}


def run_notes(execution: Execution | None) -> tuple[str, ...]:
    """Return what ran out of time or memory, and why the notebook was run again, one sentence each."""
    return stops(execution) + ((ALONE,) if execution is not None and execution.alone else ())


def stops(execution: Execution | None) -> tuple[str, ...]:
    """Return what ran out of time or memory, one sentence each."""
    if execution is None:
        return ()
    notes = []
    if execution.ending is not Ending.COMPLETED:
        notes.append(execution.detail or ENDING[execution.ending])
    notes += [f"{_place(cell)} {out_of_time(cell)}; the cells after it were still run."
              for cell in execution.cells if cell.status is CellStatus.INTERRUPTED]
    return tuple(notes)


def out_of_time(cell: CellRun) -> str:
    """Say of a cell that was interrupted how long it had run, as the end of a sentence."""
    if cell.starved:
        return (f"was interrupted after {cell.seconds:.0f} seconds, in which our machine was busy and gave it too "
                "little time")
    busy = f" (not counting {cell.waited:.0f} seconds in which our machine was busy)" if cell.waited >= 1 else ""
    return f"ran out of time and was interrupted after {cell.seconds - cell.waited:.0f} seconds{busy}"


def _place(cell: CellRun) -> str:
    place = cell.place or "a cell of your notebook"
    return place[0].upper() + place[1:]


def seeds(tried: Iterable[int]) -> str:
    """Say how often the notebook was run."""
    count = len(tuple(tried))
    if count > 1:
        return f"We tried {count} random seeds, and the best run counts."
    return "It was run once with a fixed random seed."


def in_one_phrase(result: Result) -> str:
    """Return what happened to a submission, short enough for a table."""
    if result.status != "graded":
        return result.message or result.status
    notes = stops(result.execution)
    lost = [check for task in result.tasks for check in task.checks if check.status is not Status.PASSED]
    if notes:
        return notes[0]
    if not lost:
        return "all checks passed"
    if len(lost) == sum(len(task.checks) for task in result.tasks):
        return "no check passed"
    return _named(lost)


def _named(lost: list[CheckResult]) -> str:
    shown = ", ".join(check.id for check in lost[:4])
    return f"{shown} and {len(lost) - 4} more" if len(lost) > 4 else shown
