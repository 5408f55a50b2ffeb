"""A check that cannot hold since an earlier step never happened: blocked where that is known, never at a guess."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.checks.blocking import Verdicts, Words
from autograder.checks.request import JudgeRequest
from autograder.model import Basis, CheckResult, CheckSpec, SlotStatus, Status

EARLIER, FIGURE = (CheckSpec(id=name, task=name, title=f"{name}.", points=2, basis=Basis.CLAIMED, needs=())
                   for name in ("fit", "figure"))


def judged(folder: Path, status: Status, **given: Any) -> CheckResult:
    """Return the result of a check of a figure without a training, after a failed check of the step before it."""
    slots = {"fit": SlotStatus.ANSWERED, "figure": SlotStatus.ANSWERED}
    found = Verdicts((EARLIER, FIGURE), JudgeRequest(
        artifacts=folder, sampling_key="00", reached=("fit", "figure"), slots=slots, **given))
    found.add(EARLIER, Status.FAILED, Words(seen="Wrong."))
    found.add(FIGURE, status, Words(seen="Empty."))
    found.follows_from_earlier(FIGURE)
    return found.results()[1]


def test_a_failed_check_is_blocked_by_the_step_before_it(tmp_path: Path) -> None:
    found = judged(tmp_path, Status.FAILED)
    assert (found.status, found.earned, found.blocked_by) == (Status.BLOCKED, 0, "fit.")


def test_a_withheld_check_is_blocked_only_where_the_cell_that_stopped_is_known(tmp_path: Path) -> None:
    assert judged(tmp_path, Status.UNJUDGED).earned is None
    found = judged(tmp_path, Status.UNJUDGED, origins={"figure": "fit"}, causes={"figure": "Task 1 stopped."})
    assert (found.status, found.blocked_by, found.hint) == (Status.BLOCKED, "fit.", "Task 1 stopped.")


@pytest.mark.parametrize("given", [
    {"starved": {"figure": "Our machine was too busy."}}, {"doubts": {"figure": "Code of yours did not run."}}])
def test_what_is_withheld_for_another_reason_stays_withheld(tmp_path: Path, given: dict[str, Any]) -> None:
    for status in (Status.FAILED, Status.UNJUDGED):
        assert judged(tmp_path, status, origins={"figure": "fit"}, **given).earned is None
