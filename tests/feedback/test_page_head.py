"""The head of a page: a total in three parts, what changed, and what a student can do next."""

from __future__ import annotations

from autograder.feedback.page_head import HandIns, Rules, again, changed
from autograder.grades import Grade, State, TaskGrade
from autograder.grades.changes import Cause, Entry
from autograder.model import Receipt


def grade(*tasks: TaskGrade) -> Grade:
    return Grade(student="ada", assignment="a", state=State.GRADED, tasks=tasks)


def receipt(attempt: int | None) -> Receipt:
    return Receipt(student="ada", assignment="a", accepted=True, source="a.ipynb", sha256="0", received_at="2030",
                   attempt=attempt)


def test_the_three_parts_are_the_whole() -> None:
    found = grade(
        TaskGrade(id="a", title="A", cell="a", points=4, automatic=3, lost=1),
        TaskGrade(id="b", title="B", cell="b", points=6, automatic=2, open=True, lost=1),
        TaskGrade(id="c", title="C", cell="c", points=5, written=True, open=True),
        TaskGrade(id="d", title="D", cell="d", points=2, written=True, person=1.5))
    parts = found.parts
    assert (parts.checked, parts.checked_of, parts.read, parts.read_of, parts.waiting) == (5, 7, 1.5, 2, 8)
    assert parts.checked + parts.read == found.points
    assert parts.checked_of + parts.read_of + parts.waiting == 17


def test_it_says_how_often_and_until_when_to_hand_in_again() -> None:
    rules = Rules(until="19 March", late="Late work loses 10 %.", attempts=5)
    said = again(HandIns(graded=receipt(1), others=[receipt(2)], rules=rules))
    assert "3 more times until 19 March. The latest attempt counts. Late work loses 10 %." in said
    assert again(HandIns(graded=receipt(5), rules=rules)) == "You have used all 5 attempts."
    assert "as often as you like. The best attempt counts." in again(HandIns(rules=Rules(best_counts=True)))
    assert again(HandIns()) == ""


def test_it_says_what_changed_and_through_whom() -> None:
    first = Entry(at="2030-01-01T10:00:00+00:00", cause=Cause.HAND_IN, state=State.GRADED, points=1, late_penalty=0,
                  score=1)
    person = first.model_copy(update={"cause": Cause.PERSON, "changed": {"test-a": (None, 2.5), "gone": (1.0, None)}})
    assert changed([first], {}) == ""
    assert changed([first, person], {"test-a": "Task 1"}) == \
        "Task 1: open → 2.5, since a teacher has read it (2030-01-01 10:00 UTC)."
    rules = first.model_copy(update={"cause": Cause.RULES})
    assert changed([first, rules], {}).startswith("no task has other points, since a deadline or a rule")
