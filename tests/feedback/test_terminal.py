"""The class on the terminal."""

from __future__ import annotations

import io
from types import ModuleType
from typing import Any

from rich.console import Console

from autograder.feedback.terminal import summary_table
from autograder.feedback.words import check_points, number, points, seeds, task_score
from autograder.model import Result, Status, TaskResult


def shown(*results: Result) -> list[str]:
    screen = io.StringIO()
    Console(width=160, file=screen).print(summary_table(results))
    return [" ".join(line.split()) for line in screen.getvalue().splitlines()]


def graded(samples: ModuleType, *statuses: Status, **changed: Any) -> Result:
    checks = tuple(samples.check(status, place) for place, status in enumerate(statuses))
    task = TaskResult(id="t", title="T", points=2.0 * len(checks), earned=changed.get("score", 0), checks=checks)
    manual = TaskResult(id="w", title="W", points=5, earned=None, manual=True)
    values: dict[str, Any] = {"student": "ada", "assignment": "a", "status": "graded", "tasks": (task, manual)}
    return Result(**values | changed)


def test_one_row_per_student_in_order(result: Result, samples: ModuleType) -> None:
    rows = shown(
        graded(samples, Status.PASSED, student="zoe", score=2), result,
        graded(samples, Status.PASSED, Status.FAILED, student="[red]bob", score=1 / 3),
        Result(student="carl", assignment="a", status="refused", message="A notebook was expected."),
    )
    assert rows[0] == "student score withheld what happened"
    assert rows[1] == "[red]bob 0.33 / 4 check_failed_1"
    assert rows[2] == "carl refused A notebook was expected."
    assert rows[3] == "zoe 2 / 2 all checks passed"
    assert rows[4] == "ada 4 / 16 6 The notebook ran out of its 60 seconds in Task 4."


def test_many_lost_checks_are_counted(samples: ModuleType) -> None:
    [_, row] = shown(graded(samples, Status.PASSED, *[Status.FAILED] * 6))
    assert row.endswith("check_failed_1, check_failed_2, check_failed_3, check_failed_4 and 2 more")
    [_, row] = shown(graded(samples, *[Status.FAILED] * 6))
    assert row.endswith("no check passed")


def test_words(samples: ModuleType) -> None:
    assert [number(value) for value in (2.0, 1.5, 1 / 3, 0.0, 10.0, 100.0)] == ["2", "1.5", "0.33", "0", "10", "100"]
    assert (points(1), points(2.5)) == ("1 point", "2.5 points")
    assert "3 random seeds" in seeds((1, 2, 3)) and "once" in seeds((1,))
    assert [check_points(samples.check(Status.FAILED, points=worth, earned=earned))
            for worth, earned in ((2, 0), (2, 2), (1, 1), (1.5, 0.5), (0, 0), (2, None))] == [
        "0 of 2 points", "2 points", "1 point", "0.5 of 1.5 points", "", ""]
    task = TaskResult(id="t", title="T", points=3, earned=2.5)
    assert task_score(task) == "2.5 of 3"
    assert task_score(task.model_copy(update={"manual": True, "answered": False, "earned": 0.0})).startswith("0 of 3")


def test_a_table_fits_into_100_columns_and_loses_no_student(result: Result, samples: ModuleType) -> None:
    screen = io.StringIO()
    names = ["a" * 40, "émile.zola@university.example", "s123456"]
    checks = (*(samples.check(Status.FAILED, place) for place in range(6)),
              samples.check(Status.PASSED, points=12.25, earned=12.25),
              samples.check(Status.ERRORED, points=7.75))
    task = TaskResult(id="t", title="T", points=32.0, earned=None, checks=checks)
    long = [graded(samples, student=name, tasks=(task,)) for name in names]
    sentence = "A notebook was expected, but " + "this file is something else entirely, " * 4 + "send the .ipynb."
    refused = Result(student="m", assignment="a", status="refused", message=sentence)
    Console(width=100, file=screen).print(summary_table([*long, refused, result]))
    lines = screen.getvalue().splitlines()
    assert max(map(len, lines)) <= 100
    text = " ".join(screen.getvalue().split())
    assert all(name in text for name in names)
    assert text.count("12.25 / 32") == 3 and text.count("7.75") == 3
    assert all(word in text for word in sentence.split())
