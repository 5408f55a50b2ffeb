"""Makes a grade from the two things that are known: what the grader found out, and what people decided. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.grades.grade import Grade, State, TaskGrade
from autograder.grades.marks import CellMarks, Marks
from autograder.model import CheckResult, Result, TaskResult, Value

TEST_PREFIX = "test-"


class Facts(Value):
    """What is known of a student and an assignment apart from any grading."""

    state: State
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    due: str | None = None
    enrolled: bool = True
    message: str | None = None
    max_points: float = 0.0


def automatic_points(task: TaskResult) -> float | None:
    """Return what a task has without a person, None while a part of it is withheld or a person has to grade it."""
    if task.manual:
        return None if task.answered else 0.0
    if task.earned is None or any(check.status.withheld for check in task.checks):
        return None
    return task.earned


def certain_points(task: TaskResult) -> float | None:
    """Return the points of checks that have passed in a task of which a part is withheld, None where none has."""
    certain = sum(check.earned or 0.0 for check in task.checks if not check.status.withheld)
    return round(certain, 6) or None


def grade_of(result: Result | None, marks: Marks | None, facts: Facts | None = None, *,
             student: str = "", assignment: str = "") -> Grade:
    """Return the grade of one submission.

    Args:
        result: what the grader found out; None where there is no usable result.
        marks: what the gradebook has; None where the submission is not in it, and then the result alone counts.
        facts: None: as the result says.
        student, assignment: needed where there is no result.
    """
    if facts is None:
        facts = Facts(state=State(result.status), message=result.message) if result else Facts(state=State.MISSING)
    tasks = _tasks(result, marks)
    most = sum(task.points for task in tasks) or (result.max_score if result else 0.0) or facts.max_points
    given = marks or Marks()
    return Grade(
        student=result.student if result else student, assignment=result.assignment if result else assignment,
        state=facts.state, message=facts.message, max_points=most, tasks=tasks, late_penalty=given.penalty,
        handed_in=given.handed_in, due=facts.due, own_due=given.due or facts.due, extended=given.extended,
        first_name=facts.first_name, last_name=facts.last_name, email=facts.email, enrolled=facts.enrolled)


def grades_of(results: Iterable[Result], known: Iterable[Grade] = ()) -> list[Grade]:
    """Return one grade per result, in the same order: the known one, or what the result alone says."""
    by_student = {(grade.student, grade.assignment): grade for grade in known}
    return [by_student.get((result.student, result.assignment)) or grade_of(result, None) for result in results]


def grade_task(task: TaskResult) -> TaskGrade:
    """Return the grade of one task by its result alone."""
    return _task(task, None, graded=True, in_gradebook=False)


def _tasks(result: Result | None, marks: Marks | None) -> tuple[TaskGrade, ...]:
    """Return the result's tasks in the notebook's order, then those that only the gradebook knows."""
    known = {_cell(task): task for task in result.tasks} if result else {}
    given = {cell.cell: cell for cell in marks.cells} if marks else {}
    graded = result is not None and result.status == "graded"
    found = [_task(task, given.get(cell), graded=graded, in_gradebook=marks is not None)
             for cell, task in known.items()]
    return (*found, *(_only_marked(cell) for name, cell in given.items() if name not in known))


def _cell(task: TaskResult) -> str:
    return task.id if task.manual else f"{TEST_PREFIX}{task.id}"


def _task(task: TaskResult, cell: CellMarks | None, *, graded: bool, in_gradebook: bool) -> TaskGrade:
    lost = sum(map(_refused, task.checks)) if graded else 0.0
    same = {"id": task.id, "title": task.title, "cell": _cell(task), "written": task.manual}
    if cell is not None:
        return TaskGrade(**same, points=cell.points, lost=lost, **_given(cell))
    auto = automatic_points(task) if graded else None
    points = auto if auto is not None else certain_points(task) if graded else None
    # The gradebook is made from the release: a task that it does not have waits for a person.
    return TaskGrade(**same, points=task.points, lost=lost, automatic=points, open=auto is None or in_gradebook)


def _given(cell: CellMarks) -> dict[str, float | bool | str | None]:
    person = None if cell.held is not None else cell.manual
    return {"automatic": cell.automatic, "person": person, "extra": cell.extra, "held": cell.held, "open": cell.open,
            "comment": cell.comment}


def _only_marked(cell: CellMarks) -> TaskGrade:
    task = cell.cell.removeprefix(TEST_PREFIX)
    return TaskGrade(id=task, title=task, cell=cell.cell, written=task == cell.cell, points=cell.points,
                     **_given(cell))


def _refused(check: CheckResult) -> float:
    return check.points - (check.earned or 0.0) if not check.status.withheld else 0.0
