"""The section `serve` of course.yml: mistakes in it are named with what was probably meant."""

from __future__ import annotations

import pytest

from autograder.course import parse
from autograder.errors import CourseError


def test_staff_and_the_hourly_number_are_read() -> None:
    rule = parse("id: c\ntitle: C\nserve: {staff: [prof], staff_groups: [ta], uploads_per_hour: 3}\n", folders=[]).serve
    assert (rule.staff, rule.staff_groups, rule.uploads_per_hour) == (("prof",), ("ta",), 3)


@pytest.mark.parametrize(("text", "said"), [
    ("{staf: [prof]}", "did you mean 'staff'"), ("{staff: prof}", "serve.staff"),
    ("{uploads_per_hour: '3'}", "must be a whole number"), ("{uploads_per_hour: 0}", "serve.uploads_per_hour")])
def test_a_mistake_is_named(text: str, said: str) -> None:
    with pytest.raises(CourseError, match=said):
        parse(f"id: c\ntitle: C\nserve: {text}\n", folders=[])
