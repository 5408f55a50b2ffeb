"""What students read about attempts and time is what the course's rules do."""

from __future__ import annotations

import pytest

from autograder.course import Assignment, Counts, Course, Grader
from autograder.model import Limits
from autograder.pipeline.release.placeholders import assignment_facts


@pytest.mark.parametrize(("attempts", "counts", "text"), [
    (None, "latest", "any number; the last one counts"), (5, "latest", "5"),
    (5, "best", "5; the best one counts"), (None, "best", "any number; the best one counts"),
    (3, "latest_on_time", "3; the last one on time counts"),
])
def test_how_many_attempts_there_are_and_which_counts(attempts: int | None, counts: Counts, text: str) -> None:
    settings = Assignment(id="sums", title="Sums", attempts=attempts, counts=counts)
    assert assignment_facts(settings, {"cells": []})["attempts"] == text


def test_the_time_that_a_grader_gives_is_the_time_that_students_see() -> None:
    settings = Assignment(id="sums", title="Sums", limits=Limits(notebook_seconds=600))
    course = Course(id="c", title="C", graders={"cpu": Grader(seconds=240)}, assignments={"sums": settings})
    assert assignment_facts(course.within_graders(settings), {"cells": []})["notebook_seconds"] == "240"
