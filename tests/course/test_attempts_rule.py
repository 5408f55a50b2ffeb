"""`counts: best` grades every attempt, so the number of attempts has to be bounded."""

from __future__ import annotations

import pytest

from autograder.course import parse
from autograder.errors import CourseError

TEXT = """\
id: sample
title: Sample
defaults: {DEFAULTS}
assignments:
  sums: {OWN}
"""


def text(defaults: str, own: str) -> str:
    return TEXT.replace("{DEFAULTS}", defaults).replace("{OWN}", own)


@pytest.mark.parametrize(("defaults", "own", "line"), [
    ("{counts: best}", "{title: Sums}", 3),
    ("{}", "{title: Sums, counts: best}", 5),
    ("{attempts: 5}", "{title: Sums, counts: best, attempts: null}", 5),
])
def test_best_of_any_number_is_refused(defaults: str, own: str, line: int) -> None:
    with pytest.raises(CourseError) as caught:
        parse(text(defaults, own), folders=["sums"])
    assert f"line {line}" in str(caught.value) and "attempts" in str(caught.value)


@pytest.mark.parametrize(("defaults", "own"), [
    ("{counts: best, attempts: 5}", "{title: Sums}"),
    ("{counts: best}", "{title: Sums, attempts: 2}"),
    ("{counts: best}", "{title: Sums, counts: latest}"),
])
def test_best_of_a_number_and_other_rules_are_taken(defaults: str, own: str) -> None:
    assert parse(text(defaults, own), folders=["sums"]).assignment("sums").title == "Sums"
