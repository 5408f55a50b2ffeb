"""Mistakes are found once, from equal evidence and from what blocks what, and nothing is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.feedback.causes import Cause, find_causes
from autograder.feedback.page_tasks import grouped, listed, task_items
from autograder.grades import grade_of
from autograder.model import Basis, CheckResult, Result, Status, TaskResult


def check(name: str, status: Status = Status.FAILED, **changed: Any) -> CheckResult:
    points = changed.pop("points", 1.0)
    earned = None if status.withheld else points if status is Status.PASSED else 0.0
    return CheckResult(**{"id": name, "task": "", "title": f"Title of {name}.", "points": points, "earned": earned,
                          "status": status, "basis": Basis.MEASURED} | changed)


def result(*tasks: list[CheckResult], **changed: Any) -> Result:
    made = tuple(TaskResult(
        id=f"t{number}", title=f"Step {number}", number=number, points=sum(one.points for one in checks),
        earned=None if any(one.status.withheld for one in checks) else sum(one.earned or 0 for one in checks),
        checks=tuple(checks)) for number, checks in enumerate(tasks, start=1))
    return Result(student="ada", assignment="a", status="graded", tasks=made, **changed)


def causes(made: Result) -> tuple[Cause, ...]:
    return find_causes(made, grade_of(made, None))


def test_one_mistake_in_four_models_is_one_cause() -> None:
    marks = ("layer 1 has 500 units", "parameters 648010")
    found = causes(result(
        [check("a", seen="Layer 1 of `m` has 500 units.", evidence=marks), check("fine", Status.PASSED)],
        [check("b", seen="Layer 1 of `n` has 500 units.", evidence=marks)],
        [check("other", points=2, seen="`x` has shape (3,).")],
        [check("c", seen="`o` has 648,010 parameters.", evidence=("parameters 648010",))]))
    assert [(cause.lost, cause.task, cause.tasks) for cause in found] == [
        (3, "t1", ("t1", "t2", "t4")), (2, "t3", ("t3",))]
    assert found[0].seen == "Layer 1 of `m` has 500 units." and found[0].checks == ("a", "b", "c")


@pytest.mark.parametrize("other, together", [
    ({"seen": "`n` is compiled with loss mse.", "expected": "Loss `n`."}, True),
    ({"seen": "`n` is compiled with loss mae.", "expected": "Loss `n`."}, False),
    ({"seen": "`n` is compiled with loss mse.", "expected": "Another."}, False),
    ({"seen": "`m` is compiled with loss mse.", "expected": "Loss `m`.", "evidence": ("a mark",)}, False),
])
def test_equal_words_about_other_names_are_one_cause(other: dict[str, Any], together: bool) -> None:
    first = check("a", seen="`m` is compiled with loss mse.", expected="Loss `m`.")
    assert (len(causes(result([first], [check("b", **other)]))) == 1) == together


def test_sizes_of_training_and_test_set_differ_within_one_step_only() -> None:
    train = check("train", seen="`Y_train` has shape (6000,).", expected="Shape (6000, 10).", hint="One-hot them.")
    test = check("test", seen="`Y_test` has shape (5000,).", expected="Shape (5000, 10).", hint="One-hot them.")
    assert len(causes(result([train, test]))) == 1
    assert len(causes(result([train], [test]))) == 2


def test_what_is_blocked_belongs_to_what_blocks_it() -> None:
    same = "The network has two layers."
    found = causes(result(
        [check("early", title=same, seen="First.")], [check("late", title=same, seen="Second.")],
        [check("accuracy", Status.BLOCKED, points=2, blocked_by=same)]))
    assert [(cause.seen, cause.lost) for cause in found] == [("Second.", 3), ("First.", 1)], "the nearest before it"


def test_what_a_stopped_run_did_not_reach_is_one_cause() -> None:
    ended = "Task 2 used more than 2048 MB of memory."
    lost = [[check(f"c{number}", Status.NOT_REACHED, seen=ended)] for number in range(5)]
    made = result([check("fine", Status.PASSED)], *lost)
    [found] = causes(made)
    assert found.stopped and found.lost == 5 and found.task == "t2" and found.seen == ended
    items = task_items(made, grade_of(made, None), {}, [found])
    assert [(group.kind, group.title) for group in grouped(items)] == [
        ("passed", "Task 1 · Step 1"), ("unreached", "Tasks 2 to 6")]


def test_a_low_accuracy_is_not_put_down_to_an_earlier_mistake() -> None:
    assert len(causes(result([check("a", seen="`m` has relu.")], [check("b", seen="Accuracy 0.2 of `m`.")]))) == 2


def test_nothing_withheld_and_nothing_free_is_a_loss() -> None:
    assert not causes(result([check("a", Status.UNJUDGED), check("b", Status.ERRORED)], [check("c", points=0)]))


def test_points_that_a_person_gave_back_are_not_lost() -> None:
    made = result([check("a", points=2, seen="One.")], [check("b", points=2, seen="Two.")])
    grade = grade_of(made, None)
    back = grade.tasks[0].model_copy(update={"person": 2.0, "open": False})
    [found] = find_causes(made, grade.model_copy(update={"tasks": (back, grade.tasks[1])}))
    assert found.seen == "Two."
    half = back.model_copy(update={"person": 1.0})
    found_half = find_causes(made, grade.model_copy(update={"tasks": (half, grade.tasks[1])}))
    assert [cause.lost for cause in found_half] == [2, 1]


def test_a_repeated_mistake_folds_and_the_first_is_shown() -> None:
    made = result([check("a", evidence=("m",)), check("b", evidence=("m",))], [check("c", evidence=("m",))],
                  [check("d", Status.PASSED)], [check("e", Status.PASSED)])
    items = task_items(made, grade_of(made, None), {}, causes(made))
    assert [item.kind for item in items] == ["open", "repeated", "passed", "passed"]
    assert items[0].again == {"b"} and items[1].same_as == "t1"
    assert [group.title for group in grouped(items)] == ["Task 1 · Step 1", "Task 2 · Step 2", "Tasks 3 to 4"]


@pytest.mark.parametrize("names, said", [
    (["Task 6"], "Task 6"), (["Task 6", "Task 12"], "Tasks 6 and 12"), (["Task 3", "Task 4", "Task 5"], "Tasks 3 to 5"),
    (["Task 3", "Task 4", "Task 5", "Task 9"], "Tasks 3 to 5 and 9"), (["Build it", "Task 2"], "Build it and Task 2"),
    (["Task 1", "Task 2", "Task 4", "Task 6"], "Tasks 1, 2, 4 and 6"),
])
def test_tasks_are_listed_as_people_do(names: list[str], said: str) -> None:
    assert listed(names) == said
