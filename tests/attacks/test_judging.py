"""The look at an attack can fail: each thing that an attack must not get is found when it is there."""

from __future__ import annotations

import base64
import ctypes
import mmap
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Basis, CheckResult, Isolation, Result, Status, TaskResult
from autograder.sandbox.processes.uid_pool import FIRST_UID
from tests import rotation
from tests.attacks import leftovers
from tests.attacks.attack import Attack
from tests.attacks.judge import gained, leaks, problems, told_to_student
from tests.attacks.real import NICKNAMES, RIGHT, RealBatch, RealClassroom

SECRET = "canary0123456789abcdef"
LABELS = "0813643197533827385289173415937745069880"
CANARIES = {"hidden checks": SECRET, "labels of the holdout": LABELS}


def attack(**changed: Any) -> Attack:
    made: dict[str, Any] = {"name": "forger", "family": "harness", "path": Path("forger.py"), "what": "Forges.",
                            "gains": "points"}
    return Attack(**made | changed)


def check(task: str, earned: float | None, basis: Basis = Basis.MEASURED, status: Status = Status.FAILED,
          note: str | None = None) -> CheckResult:
    return CheckResult(id=f"{task}-{basis}", task=task, title="Sees.", points=1, earned=earned, basis=basis,
                       status=Status.PASSED if earned else status, staff_note=note)


def result(*checks: CheckResult, **changed: object) -> Result:
    tasks = tuple(TaskResult(id=one.task, title=one.task, points=1, earned=one.earned, checks=(one,)) for one in checks)
    return Result.model_validate({"student": "forger", "assignment": "digits-mini", "status": "graded", "tasks": tasks,
                                  "score": sum(one.earned or 0 for one in checks), **changed})


CLEAN = result(check("reshape", 0), check("fit", 0, Basis.CLAIMED))


def found(seen: Result, made: Attack | None = None, holes: str = "", **told: str) -> list[str]:
    return problems(made or attack(), seen, {"the page": "fair", **told}, CANARIES, holes)


def test_an_attack_that_gets_nothing_is_clean() -> None:
    assert found(CLEAN) == []


def test_honest_points_are_no_gain() -> None:
    honest = attack(honest=("reshape", "fit"))
    assert found(result(check("reshape", 1), check("fit", 1, Basis.CLAIMED)), honest) == []


@pytest.mark.parametrize("honest", [(), ("one-hot",)])
def test_one_forged_point_is_found(honest: tuple[str, ...]) -> None:
    assert found(result(check("reshape", 1)), attack(honest=honest)) == [
        "1 measured points instead of at most 0: reshape-measured"]


def test_a_single_check_may_be_honest() -> None:
    seen, made = result(check("fit", 1), check("reshape", 1)), attack(honest=("fit/fit-measured",))
    assert found(seen, made) == ["2 measured points instead of at most 1: reshape-measured"]


def test_what_the_blank_answer_earns_is_no_gain() -> None:
    seen, blank = result(check("reshape", 1), check("build", 1)), result(check("reshape", 1), check("build", 0))
    assert gained(attack(), seen, baseline=seen) == []
    assert "2 measured points instead of at most 1" in gained(attack(), seen, baseline=blank)[0]


@pytest.mark.parametrize(("board", "page", "words"), [
    ("any", "1 attacker, 2 honest", None), ("below", "1 honest, 2 attacker", None), ("below", "1 honest", None),
    ("below", "1 honest, 1 attacker", None), ("off", "1 honest", None),
    ("below", "1 attacker, 2 honest", "it is number 1 of the leaderboard, honest work 2"),
    ("off", "1 honest, 2 attacker", "it is on the leaderboard, as number 2"),
])
def test_a_place_on_the_board_is_found(board: str, page: str, words: str | None) -> None:
    names = {"attacker": "An attacker", "honest": NICKNAMES[RIGHT]}
    rows = "".join(f'<td class="right">{rank}</td><th scope="row"><bdi>{names[name]}</bdi></th>'
                   for rank, name in (row.split() for row in page.split(", ")))
    room = RealClassroom(root=Path(), output=Path(), home=Path(), temporary=Path(), assignment="cnn-challenge")
    batch = RealBatch(room=room, mode=Isolation.FULL, attacks=(), code=0, complaint="", feedback_code=0, printed=(),
                      alone={}, left=(), board_page=rows)
    assert batch.on_the_board(attack(board=board, nickname="An attacker")) == ([words] if words else [])


def test_a_commit_takes_one_part_and_others_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = []
    for number in range(6):
        monkeypatch.setattr(rotation, "commit", lambda number=number: f"{number:040x}")
        turns.append(rotation.turn(3))
    assert turns == [0, 1, 2, 0, 1, 2]
    pairs = set()
    for number in range(12):
        monkeypatch.setattr(rotation, "commit", lambda number=number: f"{number:040x}")
        pairs.add((rotation.turn(3), rotation.turn(4, after=3)))
    assert len(pairs) == 12, "modes and parts come together in every way"
    monkeypatch.setattr(rotation, "commit", lambda: "")
    assert rotation.turn(3) == 0


def test_a_score_that_is_not_the_sum_of_its_checks_is_found() -> None:
    assert "not the sum" in found(result(check("reshape", 0), score=13))[0]


@pytest.mark.parametrize("claimed", ["none", "caught"])
def test_a_forged_claim_is_found(claimed: str) -> None:
    assert "claimed points" in found(result(check("fit", 1, Basis.CLAIMED)), attack(claimed=claimed))[0]


def test_an_open_hole_has_to_be_named() -> None:
    forged, declared = result(check("fit", 1, Basis.CLAIMED)), attack(claimed="open")
    assert "does not name forger" in gained(declared, forged, "Nothing is open.")[0]
    assert gained(declared, forged, "Open: `forger`.") == []


def test_what_is_open_for_claims_is_not_for_measurements() -> None:
    assert gained(attack(claimed="open"), result(check("fit", 1)), "Open: `forger`.")


@pytest.mark.parametrize("text", [
    SECRET, f"x{SECRET}x", SECRET[::-1], SECRET.encode().hex(), base64.b64encode(SECRET.encode()).decode(),
    LABELS, " ".join(LABELS), ", ".join(LABELS), str([int(digit) for digit in LABELS]),
])
def test_a_secret_is_found_in_any_usual_shape(text: str) -> None:
    assert len(found(CLEAN, page=f"before {text} after")) == 1


def test_other_text_is_no_secret() -> None:
    assert leaks({"page": "canary 0123456789 08136 " + LABELS[:20]}, CANARIES) == []


def test_a_status_that_is_no_grade_is_found() -> None:
    assert "failed" in found(CLEAN.model_copy(update={"status": "failed"}))[0]
    assert "refused" in found(CLEAN.model_copy(update={"status": "refused"}))[0]
    assert found(CLEAN.model_copy(update={"status": "refused"}), attack(raw=True)) == []


def test_a_check_that_broke_is_found() -> None:
    assert "broke: ValueError" in found(result(check("reshape", None, status=Status.ERRORED, note="ValueError")))[0]


def test_a_missing_flag_is_found() -> None:
    assert found(CLEAN, attack(flagged=True)) == ["staff are not told"]
    flags = {"staff_flags": ("Left out of the output folder: 'x'.",)}
    assert found(CLEAN.model_copy(update=flags), attack(flagged=True)) == []


def test_staff_notes_are_not_shown_to_students(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("page")
    noted = result(check("reshape", None, status=Status.ERRORED, note=SECRET), staff_flags=(SECRET,))
    told = told_to_student(noted, tmp_path / "none.ipynb", page)
    assert SECRET not in str(told) and told["the feedback page"] == "page"


def test_a_process_that_is_left_is_found() -> None:
    leftovers.adopt()
    program = "import time; print('runs', flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", program, "left-behind"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"runs\n"  # its command line is there now
        found_here = leftovers.processes(wait=0)
        process.kill()
    assert any("left-behind" in line for line in found_here)


def test_a_file_and_a_segment_that_are_left_are_found() -> None:
    before = leftovers.Machine.now()
    path = Path("/dev/shm") / f"attack-left-{os.getpid()}"
    path.write_bytes(b"left")
    libc = ctypes.CDLL(None, use_errno=True)
    segment = libc.shmget(0, mmap.PAGESIZE, 0o600 | 0o1000)
    try:
        if os.geteuid() == 0:  # as a submission's own user would leave them
            os.chown(path, FIRST_UID, FIRST_UID)
        news = leftovers.Machine.now().news(before)
    finally:
        path.unlink()
        libc.shmctl(segment, 0, None)
    assert f"shared: {path}" in news
    if os.geteuid() != 0 and segment >= 0:
        assert f"segments: shm {segment}" in news
