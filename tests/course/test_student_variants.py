"""`variants:` of an assignment: lists and ranges of numbers, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from autograder.course import parse
from autograder.errors import CourseError

COURSE = "id: c\ntitle: C\nassignments:\n  a:\n    title: A\n{}"


def variants(text: str, more: str = "") -> Any:
    return parse(COURSE.format(f"{more}    variants: {text}\n"), folders=["a"]).assignment("a").variants


def test_lists_and_ranges() -> None:
    rule = variants("{draw: {UNITS: {from: 96, to: 160, step: 8}, EPOCHS: [4, 5, 6], "
                    "RATE: {from: 0.1, to: 0.3, step: 0.1}}}")
    assert rule.draw == {"UNITS": tuple(range(96, 161, 8)), "EPOCHS": (4, 5, 6), "RATE": (0.1, 0.2, 0.3)}
    assert rule.seeds == 8 and all(type(number) is int for number in rule.draw["UNITS"])
    assert parse(COURSE.format(""), folders=["a"]).assignment("a").variants is None


@pytest.mark.parametrize(("text", "said"), [
    ("{draw: {UNITS: [3]}}", "a list of different numbers"),
    ("{draw: {UNITS: [3, 3]}}", "a list of different numbers"),
    ("{draw: {UNITS: 96..160}}", "a list of different numbers"),
    ("{draw: {UNITS: [true, false]}}", "a list of different numbers"),
    ("{draw: {UNITS: {from: 5, to: 3, step: 1}}}", "a range such as"),
    ("{draw: {UNITS: {from: 1, to: 3}}}", "a range such as"),
    ("{draw: {UNITS: {from: 1, to: 9, step: 0}}}", "a range such as"),
    ("{draw: {UNITS: {from: 1, to: 1e9, step: 1}}}", "a range such as"),
    ("{draw: {units: [3, 4]}}", "a name in capitals"),
    ("{draw: {}}", "1 to 5 names"),
    ("{draw: {A: [1, 2], B: [1, 2], C: [1, 2], D: [1, 2], E: [1, 2], F: [1, 2]}}", "1 to 5 names"),
    ("{drow: {}}", "did you mean 'draw'"),
    ("{}", "the key 'draw' is missing"),
])
def test_what_is_refused_is_said_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(CourseError, match=said):
        variants(text)


def test_one_device_grades_variants() -> None:
    with pytest.raises(CourseError, match="line 7: 'a' has variants"):
        variants("{draw: {UNITS: [3, 4]}}", "    grader: any\n")
