"""What counts as a child's time, by figures that the kernel could have given."""

from __future__ import annotations

import pytest

from autograder.model import Limits
from autograder.model.limits import STRETCH
from autograder.sandbox.deadlines import Deadlines
from autograder.sandbox.fair_clock import FairClock, Over, kept_from

LIMIT = 10.0
STEP = 0.25


@pytest.mark.parametrize(("ran", "waited", "cores", "kept"), [
    (0.0, 0.0, 1, 0.0),      # it sleeps
    (1.0, 0.0, 1, 0.0),      # it computes as much as it wants
    (0.25, 0.75, 1, 0.75),   # it wants a core and gets a quarter of one
    (0.1, 0.1, 1, 0.1),      # it mostly sleeps, and waits as long as it runs
    (1.0, 39.0, 1, 0.0),     # 40 that spin on one core: together they have it
    (2.0, 198.0, 1, 0.0),    # 200 on two cores, of which one was promised
    (0.25, 49.75, 1, 0.75),  # 50 that spin and get a quarter together: as much is kept from them as from one
    (1.0, 1.0, 2, 0.5),      # two threads on one core, two cores promised
    (2.0, 0.0, 2, 0.0),      # two threads on two cores
    (0.5, 0.5, 2, 0.5),      # one thread on half a core, though two cores are promised
    (1.5, 0.0, 1, 0.0),      # more than was promised, as nobody else wants it
    (0.0, 9.0, 4, 1.0),      # nothing at all
])
def test_what_is_kept_from_a_child(ran: float, waited: float, cores: int, kept: float) -> None:
    assert kept_from(1.0, ran, waited, cores) == pytest.approx(kept)


def test_no_figures_give_back_more_than_the_window_or_take_more() -> None:
    for ran in (0.0, 0.3, 1.0, 50.0):
        for waited in (0.0, 0.3, 1.0, 500.0):
            for cores in (1, 2, 64):
                assert 0.0 <= kept_from(0.5, ran, waited, cores) <= 0.5
    assert kept_from(0.0, 1.0, 1.0, 1) == 0.0


def ends_after(ran: float, waited: float, *, cores: int = 1) -> tuple[float, Over]:
    """Return when something that gets these shares of a processor is out of time, and why."""
    clock = FairClock(cores, 0.0)
    mark, now = clock.mark(0.0), 0.0
    while True:
        now += STEP
        clock.book(now, ran * STEP, waited * STEP)
        over = clock.over(mark, LIMIT, now)
        if over is not None:
            return now, over


def test_a_quiet_machine_ends_everything_at_its_limit() -> None:
    for ran, waited in ((0.0, 0.0), (1.0, 0.0), (1.9, 0.0), (2.0, 38.0)):
        assert ends_after(ran, waited) == (LIMIT + STEP, Over.TIME)


def test_on_a_busy_machine_it_has_its_processor_time() -> None:
    now, over = ends_after(0.5, 0.5)
    assert over is Over.TIME and now * 0.5 == pytest.approx(LIMIT, abs=STEP)


def test_the_clock_ends_what_gets_hardly_anything() -> None:
    assert ends_after(0.1, 0.9) == (STRETCH * LIMIT + STEP, Over.CLOCK)
    assert ends_after(0.0, 1e6) == (STRETCH * LIMIT + STEP, Over.CLOCK)


def made(**limits: float) -> Deadlines:
    return Deadlines(Limits.model_validate({"cell_seconds": 4.0, "notebook_seconds": 10.0, **limits}),
                     cores=2, grace=2.0, now=0.0)


def test_a_turn_has_a_time_of_its_own_and_the_notebook_one_of_all_turns() -> None:
    times = made()
    times.open_turn(0.0)
    assert times.turn_over(4.0) is None and times.turn_over(4.1) is Over.TIME
    times.open_turn(4.0)
    assert times.turn_over(8.0) is None and times.notebook_over(10.0) is None
    assert times.notebook_over(10.1) is Over.TIME


def test_what_one_turn_waited_gives_the_next_one_nothing() -> None:
    times = made()
    times.open_turn(0.0)
    times.clock.book(3.0, 0.0, 3.0)
    assert times.turn_waited == 3.0
    times.open_turn(3.0)
    assert times.turn_waited == 0.0 and times.turn_over(7.1) is Over.TIME
    assert times.notebook_over(13.0) is None and times.notebook_over(13.1) is Over.TIME


def test_no_promise_exceeds_the_processors_of_the_machine() -> None:
    """Eight threads on two cores: both were given, so nothing was kept from them."""
    times = made(threads=8)
    times.clock.book(1.0, 2.0, 6.0)
    assert times.clock.waited == 0.0


def test_an_interrupt_is_repeated_once_and_then_the_grace_is_over() -> None:
    times = made()
    times.open_turn(0.0)
    asked = []
    for step in range(80):
        now = 4.1 + step / 10
        if times.grace_over(now):
            break
        if times.is_interrupt_due(now):
            asked.append(now)
    assert asked == pytest.approx([4.1, 5.1]) and now == pytest.approx(6.2, abs=0.11)


def test_who_said_a_last_word_has_to_go() -> None:
    times = made()
    assert times.leaving_over(35.0, since=5.0) is None
    assert times.leaving_over(35.1, since=5.0) is Over.TIME
