"""The rubric of a written answer: what a source notebook may say, and the way through a comment and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.grades import RubricLine, parse_rubric, read_comment, rubric_points, write_comment

LINES = [{"points": 2, "text": "Names the slope."}, {"points": 2, "text": "Says what it does."},
         {"points": -1, "text": "Contradicts itself."}]
RUBRIC = parse_rubric(LINES, 4)


@pytest.mark.parametrize(("found", "said"), [
    ({}, "list of 1 to 9"), ([], "list of 1 to 9"), ([{"points": 1, "text": "a"}] * 10, "list of 1 to 9"),
    ("two points for the slope", "list of 1 to 9"), ([7], "line 1"), ([{"points": 4}], "keys points and text"),
    ([{"points": 4, "text": "a", "why": 1}], "keys points and text"), ([{"points": 0, "text": "a"}], "other than 0"),
    ([{"points": True, "text": "a"}], "other than 0"), ([{"points": float("nan"), "text": "a"}], "other than 0"),
    ([{"points": "4", "text": "a"}], "other than 0"), ([{"points": 4, "text": " "}], "one line of"),
    ([{"points": 4, "text": "a\nb"}], "one line of"), ([{"points": 4, "text": "a" * 201}], "one line of"),
    ([{"points": 3, "text": "a"}], "3 points together and the answer is worth 4"),
    ([{"points": 2, "text": "a"}, {"points": 2, "text": "a"}], "same text"),
])
def test_a_rubric_that_cannot_be_used_is_refused_with_a_reason(found: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_rubric(found, 4)


def test_no_rubric_is_none() -> None:
    assert parse_rubric(None, 4) == ()


def test_points_follow_from_the_lines_within_what_the_answer_is_worth() -> None:
    assert [rubric_points(RUBRIC, ticked, 4) for ticked in ((), (0,), (0, 1), (0, 1, 2), (2,))] == [0, 2, 4, 3, 0]


def test_a_student_reads_every_line_that_gives_points_and_the_deductions_that_were_made() -> None:
    assert write_comment(RUBRIC, (0, 2), "Look at page 3.") == (
        "[x] 2 of 2: Names the slope.\n[ ] 0 of 2: Says what it does.\n[x] \N{MINUS SIGN}1: Contradicts itself.\n\n"
        "Look at page 3.")
    assert write_comment(RUBRIC, (), " ") is None
    assert write_comment(RUBRIC, (), "Good.") == "Good."


@given(ticked=st.sets(st.integers(0, 2)), words=st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"])))
def test_a_comment_is_read_as_it_was_written(ticked: set[int], words: str) -> None:
    assert read_comment(RUBRIC, write_comment(RUBRIC, ticked, words)) == (tuple(sorted(ticked)), words)


def test_a_line_of_an_earlier_rubric_becomes_words() -> None:
    changed = (RubricLine(points=4, text="Something else."),)
    assert read_comment(changed, write_comment(RUBRIC, (0, 1), "")) == (
        (), "[x] 2 of 2: Names the slope.\n[x] 2 of 2: Says what it does.")
