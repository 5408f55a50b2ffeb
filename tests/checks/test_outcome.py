"""`holds`: an assertion as a question."""

from __future__ import annotations

import pytest

from autograder.checks import CheckFailed, Unjudged, holds
from autograder.model import Basis


def test_an_assertion_that_passes_holds_and_one_that_fails_does_not(craft, tiny):
    craft.checkpoint("t", {"n": 3})
    student = craft.student(tiny, "t")
    assert holds(lambda: student.number("n").is_close_to(3, 0.1))
    assert not holds(lambda: student.number("n").is_close_to(4, 0.1))
    assert not holds(lambda: student.number("missing"))
    assert student.evidence.weakest is Basis.MEASURED


@pytest.mark.parametrize("error", [Unjudged("cannot be judged"), AssertionError("a plain assert"), ZeroDivisionError()])
def test_what_is_no_answer_is_raised(error):
    def raising():
        raise error

    with pytest.raises(type(error)):
        holds(raising)


def test_a_claim_stays_a_claim(craft, tiny):
    craft.checkpoint("t", {"figure": 1})
    student = craft.student(tiny, "t", figures={"t": 1})
    assert holds(lambda: student.figures().at_least(1))
    assert student.evidence.weakest is Basis.CLAIMED


def test_only_a_failed_check_is_a_no():
    def failing():
        raise CheckFailed("seen")

    assert not holds(failing)
