"""The simulated night of a deadline: calculated by hand where it is small, bounded where it is large."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.deadline import HandIn, hand_ins, main, recorded, simulate
from tests.conftest import ROOT


def at(hours: float, student: int, takes: float = 1.0) -> HandIn:
    return HandIn(student=student, at=hours, takes=takes)


def test_one_worker_serves_in_order() -> None:
    night = simulate([at(-3, 0), at(-2.5, 1), at(-2.25, 2)], workers=1)
    assert night.waits.tolist() == [1, 1.5, 2.25]
    assert (night.finished, night.waiting_at_deadline, night.replaced) == (0.0, 0, 0)


def test_two_workers_wait_for_nobody_who_is_free() -> None:
    night = simulate([at(-3, 0), at(-2.5, 1), at(-2.25, 2), at(5, 3)], workers=2)
    assert night.waits.tolist() == [1, 1, 1.25, 1] and night.finished == 6


def test_an_attempt_that_was_replaced_while_it_waited_is_graded_last() -> None:
    # Student 0 works for the worker until -1; 1 hands in twice meanwhile, and 2 before the second of them.
    night = simulate([at(-2, 0), at(-1.9, 1), at(-1.8, 2), at(-1.7, 1)], workers=1)
    assert night.replaced == 1
    assert night.waits == pytest.approx([1, 1.8, 2.7])  # student 0, 2, then the newer attempt of 1
    assert night.finished == 2.0, "the older attempt of 1 is graded too, after all others"
    assert night.waiting_at_deadline == 2


@pytest.mark.parametrize("workers", [1, 3, 8])
def test_everything_is_graded_and_no_worker_is_idle_while_somebody_waits(workers: int) -> None:
    ones = hand_ins([30, 60, 200], np.random.default_rng(workers), students=400, attempts=3, mean_hours=2,
                    window_hours=48)
    night, work = simulate(ones, workers), sum(one.takes for one in ones)
    assert len(night.waits) + night.replaced == 1200
    longest = max(one.takes for one in ones)
    # While work is left, all workers are busy but for the last task of each: Graham's bound for list scheduling.
    latest = max(0.0, *(sum(one.takes for one in ones if one.at >= begin) / workers + begin + longest
                        + sum(one.takes for one in ones if one.at < begin) / workers for begin in (ones[0].at, 0.0)))
    assert work / workers + ones[0].at <= night.finished <= latest
    assert (night.waits >= min(one.takes for one in ones) - 1e-9).all()


def test_more_workers_make_nobody_wait_longer_on_average() -> None:
    ones = hand_ins([60], np.random.default_rng(1), students=2000, attempts=2, mean_hours=3, window_hours=72)
    means = [simulate(ones, workers).waits.mean() for workers in (4, 8, 16)]
    assert means[0] > means[1] > means[2] >= 60 / 3600


def test_hand_ins_are_drawn_within_the_window_and_by_seed() -> None:
    def drawn(seed: int) -> list[HandIn]:
        return hand_ins([5, 7], np.random.default_rng(seed), students=50, attempts=3, mean_hours=40, window_hours=24)

    ones = drawn(3)
    assert ones == drawn(3) != drawn(4)
    assert all(-24 <= one.at <= 0 and round(one.takes * 3600) in (5, 7) for one in ones)
    assert [one.at for one in ones] == sorted(one.at for one in ones)
    assert {sum(one.student == student for one in ones) for student in range(50)} == {3}


def test_every_assignment_of_this_course_has_recorded_seconds() -> None:
    found = recorded(ROOT)
    assert set(found) == {path.parent.name for path in ROOT.glob("reference/*/reference.json")}
    assert all(len(seconds) >= 5 and min(seconds) > 0 for seconds in found.values())


def test_real_data_is_preferred_and_nothing_recorded_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="run `autograder calibrate` first"):
        recorded(tmp_path)
    path = tmp_path / "reference" / "sums" / "reference.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"calibrations": {"stand-in/cpu": {"seconds": [9]}, "mnist/cpu": {"seconds": [4]}}}))
    assert recorded(tmp_path) == {"sums": [4.0]}


def test_the_command_prints_a_row_for_each_assignment(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--students", "60", "--attempts", "2", "--nodes", "1"])
    printed = capsys.readouterr().out
    assert "60 students, 2 attempts each, 1 node;" in printed
    for name in recorded(ROOT):
        assert f"| {name} | 2 |" in printed
    assert "| 20 nodes | 40 |" in printed
