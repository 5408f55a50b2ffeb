"""The grade of one submission, made from a result and from what people decided."""

from __future__ import annotations

import pytest

from autograder.grades import CellMarks, Facts, Marks, State, certain_points, grade_of
from autograder.grades.changes import Cause, Judgement, next_entry, read_history
from autograder.model import Basis, CheckResult, Result, Status, TaskResult


def check(points: float, status: Status) -> CheckResult:
    earned = points if status is Status.PASSED else None if status.withheld else 0.0
    return CheckResult(id=status.value, task="t", title="T.", points=points, earned=earned, status=status,
                       basis=Basis.MEASURED)


def result(*tasks: TaskResult) -> Result:
    return Result(student="ada", assignment="a", status="graded", tasks=tasks)


CODE = TaskResult(id="t", title="T", points=3, earned=2.0)
WORDS = TaskResult(id="w", title="W", points=4, earned=None, manual=True)


def test_a_result_alone_is_a_grade() -> None:
    grade = grade_of(result(CODE, WORDS), None)
    assert (grade.points, grade.max_points, grade.score, grade.waiting, grade.withheld) == (2.0, 7.0, None, 4.0, 0.0)
    assert grade.open_cells == ("w",)
    assert grade_of(result(CODE), None).score == 2.0


def test_what_people_decide_counts() -> None:
    marks = Marks(penalty=1.0, cells=(
        CellMarks(cell="test-t", points=3, automatic=2.0, manual=3.0, comment="Given back."),
        CellMarks(cell="w", points=4, automatic=None, manual=3.5, extra=0.5)))
    grade = grade_of(result(CODE, WORDS), marks)
    assert (grade.points, grade.total, grade.score, grade.complete) == (7.0, 6.0, 6.0, True)
    assert [task.comment for task in grade.tasks] == ["Given back.", None]
    assert grade.read_by_person


def test_a_held_grade_is_known_and_needs_a_person() -> None:
    marks = Marks(cells=(CellMarks(cell="test-t", points=3, automatic=1.0, manual=3.0, held=3.0, open=True),))
    grade = grade_of(result(CODE), marks)
    assert (grade.points, grade.score, grade.held, grade.complete) == (3.0, 3.0, True, False)
    assert not grade.read_by_person


@pytest.mark.parametrize(("statuses", "counted", "waiting"), [
    ((Status.PASSED, Status.UNJUDGED), 2.0, 2.0),
    ((Status.FAILED, Status.UNJUDGED), None, 2.0),
    ((Status.PASSED, Status.FAILED, Status.ERRORED), 2.0, 2.0),
    ((Status.UNMATCHED, Status.UNMATCHED), None, 4.0),
])
def test_points_that_are_certain_count_while_others_are_withheld(
    statuses: tuple[Status, ...], counted: float | None, waiting: float
) -> None:
    task = TaskResult(id="t", title="T", points=2.0 * len(statuses), earned=None,
                      checks=tuple(check(2.0, status) for status in statuses))
    grade = grade_of(result(task), None)
    assert (grade.tasks[0].counted, grade.withheld, grade.score) == (counted, waiting, None)
    assert certain_points(task) == counted


@pytest.mark.parametrize("state", [state for state in State if state is not State.GRADED])
def test_without_a_grade_there_is_no_score_and_no_zero(state: State) -> None:
    marks = Marks(cells=(CellMarks(cell="test-t", points=3, automatic=2.0),))
    assert grade_of(result(CODE), marks, Facts(state=state)).score is None
    empty = grade_of(None, None, Facts(state=state, max_points=7), student="ada", assignment="a")
    assert (empty.score, empty.max_points, empty.points) == (None, 7, 0)


def test_a_penalty_takes_at_most_everything() -> None:
    marks = Marks(penalty=9.0, cells=(CellMarks(cell="test-t", points=3, automatic=2.0),))
    assert grade_of(result(CODE), marks).score == 0.0


def test_a_task_that_the_gradebook_does_not_have_waits() -> None:
    grade = grade_of(result(CODE, WORDS), Marks(cells=(CellMarks(cell="w", points=4, manual=4.0),)))
    assert (grade.open_cells, grade.score) == (("test-t",), None)


def test_a_history_has_one_line_per_change_and_its_cause() -> None:
    def cell(**given: float | bool | None) -> Marks:
        return Marks(cells=(CellMarks.model_validate({"cell": "test-t", "points": 3, "automatic": 2.0, **given}),))

    first = next_entry(grade_of(result(CODE), cell()), None, Judgement(submission="x", checks="c"), at="1")
    assert first is not None and (first.cause, first.changed) == (Cause.HAND_IN, {"test-t": (None, 2.0)})
    assert next_entry(grade_of(result(CODE), cell()), first, Judgement(submission="x", checks="d"), at="2") is None
    steps = [
        (cell(automatic=2.5), "x", Cause.GRADING), (cell(manual=1.0), "x", Cause.PERSON),
        (Marks(penalty=1.0, cells=cell(manual=1.0).cells), "x", Cause.RULES), (cell(automatic=0.0), "y", Cause.HAND_IN)]
    lines, last = [first.to_json(indent=None)], first
    for marks, upload, cause in steps:
        entry = next_entry(grade_of(result(CODE), marks), last, Judgement(submission=upload, checks="c"), at="3")
        assert entry is not None and entry.cause is cause, cause
        lines.append(entry.to_json(indent=None))
        last = entry
    assert read_history([*lines, lines[0][:40]])[-1] == last, "a line that was cut costs no other"
