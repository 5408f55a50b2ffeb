"""Whose turn it is: the newest of a student first, students in turn, no more than the hourly number, nobody never."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from autograder.watch.turn_order import (
    HOUR,
    MOST,
    YIELD,
    Start,
    Waiting,
    allowed_from,
    finish_times,
    next_turn,
    order,
    typical,
)

NOW = 1_000_000.0


def waits(student: str, arrived: float, assignment: str = "a") -> Waiting:
    return Waiting(student=student, assignment=assignment, work="w", arrived=arrived)


def students(waiting: list[Waiting], starts: list[Start] | None = None, per_hour: int | None = None) -> list[str]:
    return [turn.waiting.student for turn in order(waiting, starts or [], per_hour, NOW)]


def test_who_came_first_is_first() -> None:
    assert students([waits("ben", NOW - 1), waits("ada", NOW - 2)]) == ["ada", "ben"]


def test_the_newest_of_a_student_is_first() -> None:
    turns = order([waits("ada", NOW - 9, "old"), waits("ada", NOW - 1, "new")], [], None, NOW)
    assert [turn.waiting.assignment for turn in turns] == ["new", "old"]


def test_a_student_with_thirty_submissions_does_not_delay_the_others() -> None:
    many = [Start(student="ada", at=NOW - second) for second in range(30)]
    assert students([waits("ada", NOW - 60), waits("ben", NOW - 1), waits("cy", NOW)], many) == ["ben", "cy", "ada"]


def test_one_who_has_waited_long_enough_is_first_all_the_same() -> None:
    many = [Start(student="ada", at=NOW - 1)] * 200
    assert students([waits("ada", NOW - YIELD * MOST - 1), waits("ben", NOW)], many) == ["ada", "ben"]


def test_the_hourly_number_makes_the_next_one_wait() -> None:
    starts = [Start(student="ada", at=NOW - 50), Start(student="ada", at=NOW - 10)]
    turns = order([waits("ada", NOW - 9), waits("ben", NOW)], starts, 2, NOW)
    assert [(turn.waiting.student, turn.ready) for turn in turns] == [("ben", NOW), ("ada", NOW - 50 + HOUR)]
    assert next_turn(turns[1:], NOW) is None
    assert next_turn(turns[1:], NOW - 50 + HOUR) == turns[1].waiting
    assert [turn.ready for turn in order([waits("ada", NOW - 9)], starts, 3, NOW)] == [NOW]
    assert [turn.ready for turn in order([waits("ada", NOW - 9)], starts, None, NOW)] == [NOW]


def test_several_submissions_of_one_student_share_the_hourly_number() -> None:
    turns = order([waits("ada", NOW - 2, "a"), waits("ada", NOW - 1, "b")], [], 1, NOW)
    assert [(turn.waiting.assignment, turn.ready) for turn in turns] == [("b", NOW), ("a", NOW + HOUR)]


def test_work_that_is_being_graded_is_not_begun_again() -> None:
    turns = order([waits("ada", NOW - 2), waits("ben", NOW)], [], None, NOW)
    found = next_turn(turns, NOW, without={("ada", "a")})
    assert found is not None and found.student == "ben"
    assert next_turn(turns, NOW, assignment="b") is None


def test_estimates_follow_the_queue() -> None:
    turns = order([waits("ada", NOW - 3), waits("ben", NOW - 2), waits("cy", NOW - 1, "b")], [], None, NOW)
    assert finish_times(turns, [NOW + 5], {"a": 10.0}, 2, NOW) == [NOW + 10, NOW + 15, None]
    assert finish_times(turns, [], {"a": 10.0, "b": 1.0}, 1, NOW) == [NOW + 10, NOW + 20, NOW + 21]


def test_one_long_run_does_not_spoil_the_estimate() -> None:
    assert typical([3.0, 900.0, 2.0]) == 3.0
    assert typical([]) is None


NAMES = st.sampled_from(["ada", "ben", "cy"])
WAITING = st.lists(st.builds(waits, NAMES, st.floats(NOW - 7200, NOW), st.sampled_from("abc")), max_size=9,
                   unique_by=lambda one: one.key)
STARTS = st.lists(st.builds(Start, student=NAMES, at=st.floats(NOW - 7200, NOW)), max_size=20)


@given(WAITING, STARTS, st.none() | st.integers(1, 4))
def test_everybody_is_in_the_queue_once(waiting: list[Waiting], starts: list[Start], per_hour: int | None) -> None:
    turns = order(waiting, starts, per_hour, NOW)
    assert Counter(turn.waiting for turn in turns) == Counter(waiting)
    assert turns == order(waiting[::-1], starts[::-1], per_hour, NOW), "the order of arguments must not matter"
    late = [turn.ready > NOW for turn in turns]
    assert late == sorted(late), "who may not begin comes after everybody who may"


@given(WAITING, STARTS)
def test_what_one_student_does_never_changes_the_order_of_the_others(
    waiting: list[Waiting], starts: list[Start],
) -> None:
    def others(waiting: list[Waiting], starts: list[Start]) -> list[Waiting]:
        return [turn.waiting for turn in order(waiting, starts, None, NOW) if turn.waiting.student != "ada"]

    quiet = [one for one in waiting if one.student != "ada"]
    assert others(waiting, starts) == others(quiet, [start for start in starts if start.student != "ada"])


@given(st.lists(st.floats(NOW - 4000, NOW), max_size=12), st.integers(1, 5))
def test_no_hour_has_more_than_the_number(times: list[float], per_hour: int) -> None:
    """A student who begins whenever it is allowed never has more within any hour than before, or than the number."""
    begun = sorted(times)
    now = NOW
    for _ in range(8):
        now = max(now, allowed_from(begun, per_hour, now))
        begun.append(now)
        within = [time for time in begun if now - HOUR < time <= now]
        assert len(within) <= max(per_hour, len([time for time in times if time > now - HOUR]))
        assert allowed_from([], per_hour, now) == now
