"""A run that was not given its time says nothing against a student from the place on where it was stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.checks.blocking import Verdicts, Words
from autograder.checks.request import JudgeRequest
from autograder.model import Basis, CheckSpec, SlotStatus, Status

STARVED = "Our machine was too busy."
ENDED = "The whole notebook ran longer than 240 s on a busy machine."


def spec(name: str, *, needs: tuple[str, ...] = ()) -> CheckSpec:
    return CheckSpec(id=name, task=name, title=f"{name}.", points=2, basis=Basis.MEASURED, needs=needs)


BEFORE, AT, AFTER = spec("before"), spec("at"), spec("after", needs=("at",))
SPECS = (BEFORE, AT, AFTER)


def verdicts(tmp_path: Path, *, reached: tuple[str, ...] = ("before", "at", "after"), blank: str = "") -> Verdicts:
    slots = {one.task: SlotStatus.BLANK if one.task == blank else SlotStatus.ANSWERED for one in SPECS}
    return Verdicts(SPECS, JudgeRequest(
        artifacts=tmp_path, sampling_key="00", reached=reached, slots=slots, ended=ENDED,
        starved={"at": STARVED, "after": STARVED}))


def test_what_fails_where_it_was_stopped_is_withheld(tmp_path: Path) -> None:
    found = verdicts(tmp_path)
    found.add(BEFORE, Status.FAILED, Words(seen="Wrong."))
    found.add(AT, Status.FAILED, Words(seen="There is no model.", expected="A model.", hint="Train it."))
    assert found.decide_without_run(AFTER)
    before, at, after = found.results()
    assert (before.status, before.earned) == (Status.FAILED, 0)
    assert (at.status, at.earned, at.seen, at.expected, at.hint) == (Status.ERRORED, None, STARVED, None, None)
    assert "There is no model." in (at.staff_note or "")
    assert (after.status, after.earned) == (Status.UNJUDGED, None)


def test_what_was_not_reached_is_withheld(tmp_path: Path) -> None:
    found = verdicts(tmp_path, reached=("before",))
    assert found.decide_without_run(AT) and found.decide_without_run(AFTER)
    assert [one.status for one in found.results()[1:]] == [Status.ERRORED, Status.ERRORED]
    assert found.results()[1].staff_note == ENDED


def test_what_passed_all_the_same_has_its_points(tmp_path: Path) -> None:
    found = verdicts(tmp_path)
    found.add(AT, Status.PASSED)
    assert found.results()[1].earned == 2


@pytest.mark.parametrize("reached", [("before",), ("before", "at", "after")])
def test_a_blank_answer_needs_no_time(tmp_path: Path, reached: tuple[str, ...]) -> None:
    found = verdicts(tmp_path, reached=reached, blank="at")
    if not found.decide_without_run(AT):
        found.add(AT, Status.FAILED, Words(seen="Nothing was written."))
    assert found.results()[1].earned == 0
