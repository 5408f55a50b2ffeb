"""Settings of course.yml in the real chain: the best attempt counts, and a grader's bounds hold."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from autograder.gradebook import export
from autograder.model import Ending, Receipt, Result
from autograder.workspace.layout import Workspace

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=5)]
SLEEPER = "import time\ntime.sleep(90)"


def with_settings(classroom: Any, *lines: str) -> None:
    """Add settings to the mini course, written under its only assignment unless they name their place."""
    path = classroom.root / "course.yml"
    path.write_text(path.read_text() + "".join(f"{line}\n" for line in lines))


def hand_in(classroom: Any, name: str) -> Receipt:
    (receipt,) = classroom.hand_in({"ada": classroom.variant(name)})
    return receipt


@pytest.fixture
def best(classroom: Any) -> Iterator[Any]:
    with_settings(classroom, "    counts: best")
    yield classroom


def upload(workspace: Workspace) -> dict[int, Receipt]:
    return {receipt.attempt or 0: receipt for receipt in workspace.upload_receipts("ada", "mini")}


def test_the_best_attempt_counts_and_no_other_is_lost(best: Any) -> None:
    space = best.workspace
    first = hand_in(best, "units_31")
    weak = best.grade(gradebook=True)["ada"]
    hand_in(best, "solution")
    assert space.submitted("ada", "mini").read_bytes() == Shelved(space)[first], "grading decides, not collecting"
    strong = best.grade(gradebook=True)["ada"]
    assert strong.score > weak.score and strong.provenance is not None
    receipts = upload(space)
    assert receipts[2].counts and not receipts[1].counts
    assert strong.provenance.submission == receipts[2].sha256 == space.receipts("mini")[0].sha256
    assert best.result("ada") == strong
    assert f"Attempt 2 counts as the best with {strong.score:g} points" in (receipts[2].reason or "")
    assert f"attempt 1 has {weak.score:g} points" in (receipts[1].reason or "")
    assert any("attempt 2 counts as the best" in flag for flag in strong.staff_flags)
    # A worse attempt afterwards changes nothing, and is graded all the same.
    hand_in(best, "float64")
    again = best.grade(gradebook=True)["ada"]
    assert again.provenance == strong.provenance and upload(space)[2].counts and not upload(space)[3].counts
    kept = sorted(path.name for path in space.attempts("ada", "mini").iterdir())
    assert [name[:2] for name in kept] == ["1-", "3-"]
    assert {Result.from_json(path.read_bytes()).status for path in
            space.attempts("ada", "mini").glob("*/results/ada/mini/result.json")} == {"graded"}
    (row,) = export(space, ("mini",))
    assert float(row["raw_score"]) == strong.score
    # Nothing is run again for nothing.
    before = {path: path.stat().st_mtime_ns for path in space.output.rglob("result.json")}
    assert best.grade()["ada"] == again
    assert {path: path.stat().st_mtime_ns for path in space.output.rglob("result.json")} == before


class Shelved(dict[Receipt, bytes]):
    """The bytes of kept uploads, by receipt."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._folder = workspace.uploads("ada", "mini")

    def __missing__(self, receipt: Receipt) -> bytes:
        (path,) = self._folder.glob(f"*-{receipt.sha256[:8]}.ipynb")
        return path.read_bytes()


def test_points_that_lateness_costs_are_subtracted_before_attempts_are_compared(best: Any) -> None:
    """The better work is so late that it earns nothing."""
    hand_in(best, "units_31")
    hand_in(best, "solution")
    space = best.workspace
    due = space.course.assignment("mini").due
    assert due is not None
    for path in (*space.uploads("ada", "mini").glob("*.json"), space.receipt("ada", "mini")):
        receipt = Receipt.from_json(path.read_bytes())
        moment = due + timedelta(days=-1 if receipt.attempt == 1 else 1)
        path.write_text(receipt.model_copy(update={
            "received_at": moment.astimezone(UTC).isoformat(), "time_confirmed": True}).to_json())
    result = best.grade()["ada"]
    assert result.provenance is not None and result.provenance.submission == upload(space)[1].sha256
    assert "attempt 2 has 0 points" in (upload(space)[2].reason or "")


def test_of_equal_attempts_the_latest_counts(best: Any) -> None:
    """Its written answers are the ones that a person reads."""
    hand_in(best, "solution")
    hand_in(best, "functional")
    best.grade()
    assert upload(best.workspace)[2].counts


def test_a_notebook_that_a_person_put_in_place_is_graded_alone(best: Any) -> None:
    hand_in(best, "solution")
    hand_in(best, "float64")
    path: Path = best.workspace.submitted("ada", "mini")
    path.write_text(json.dumps(best.variant("units_31")))
    best.grade()
    assert not best.workspace.attempts("ada", "mini").exists()


def test_a_graders_time_ends_a_notebook_and_is_said(classroom: Any) -> None:
    with_settings(classroom, "graders:", "  cpu: {time: 8 s}")
    notebook = classroom.variant("functional")
    answers = [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    answers[0]["source"] = SLEEPER
    # One cell may take longer than the grader's time, so that nothing else ends the notebook.
    text = (classroom.root / "course.yml").read_text()
    (classroom.root / "course.yml").write_text(text.replace("cell_time: 20 s", "cell_time: 55 s"))
    classroom.hand_in({"ada": notebook})
    run = classroom.command("grade", "mini", "--stand-in", "--no-gradebook")
    said = " ".join(run.stderr.split())
    assert "may run 8 s, although its limits.notebook_time is 60 s: graders.cpu.time allows no more." in said, said
    result = classroom.result("ada")
    assert result.execution is not None and result.execution.ending is Ending.TIMED_OUT
