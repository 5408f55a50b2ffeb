"""Attempts are counted: what is one, what comes after the last, and which of them counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.model import Receipt
from autograder.workspace.layout import Workspace
from tests.pipeline.collect.helpers import archive, blank, course, foreign, put, ruled, take, work


def hand_in(space: Workspace, day: int, data: bytes, *, hour: int = 9, student: str = "ada") -> Receipt:
    """Collect one upload with a time that the platform wrote, in the zone of the due date."""
    name = f"sums_{student}_attempt_2025-01-{day:02}-{hour:02}-00-00_x.ipynb"
    (receipt,) = take(space, archive(space.output / f"in-{day}-{hour}-{len(data)}.zip", {name: data}))
    return receipt


def answer(number: int) -> bytes:
    return work(f"total = {number}")


def kept(space: Workspace) -> set[bytes]:
    return {path.read_bytes() for path in space.uploads("ada", "sums").glob("*.ipynb")}


def test_a_receipt_says_which_attempt_it_is(tmp_path: Path) -> None:
    space = course(tmp_path, rules="attempts: 5")
    receipts = [hand_in(space, day, answer(day)) for day in (1, 2, 3)]
    assert [(receipt.attempt, receipt.attempts) for receipt in receipts] == [(1, 5), (2, 5), (3, 5)]
    assert "attempt 3 of 5" in space.receipt("ada", "sums").read_text()


def test_without_a_limit_attempts_are_numbered_all_the_same(tmp_path: Path) -> None:
    space = course(tmp_path)
    assert [hand_in(space, day, answer(day)).attempt_note for day in (1, 2)] == ["attempt 1", "attempt 2"]
    assert hand_in(ruled(space, "attempts: 2"), 3, answer(3)).accepted is False


@pytest.mark.parametrize("together", [True, False])
def test_what_comes_after_the_last_attempt_is_kept_and_refused(tmp_path: Path, together: bool) -> None:
    space = course(tmp_path, rules="attempts: 2")
    if together:
        names = {f"sums_ada_attempt_2025-01-0{day}-09-00-00_x.ipynb": answer(day) for day in (3, 1, 2)}
        receipts = take(space, archive(tmp_path / "in.zip", names))
    else:
        receipts = [hand_in(space, day, answer(day)) for day in (1, 2, 3)]
    assert [receipt.accepted for receipt in receipts] == [True, True, False]
    assert not receipts[2].counts and "Attempt 3 is beyond the 2" in (receipts[2].reason or "")
    assert "attempt 2 of 2 still counts" in (receipts[2].reason or "")
    assert space.submitted("ada", "sums").read_bytes() == answer(2) and space.receipts()[0].attempt == 2
    assert kept(space) == {answer(1), answer(2), answer(3)}, "nothing is lost"


def test_the_same_bytes_are_one_attempt(tmp_path: Path) -> None:
    space = course(tmp_path, rules="attempts: 2")
    source = archive(tmp_path / "in.zip", {f"sums_ada_attempt_2025-01-0{day}-09-00-00_x.ipynb": answer(day)
                                           for day in (1, 2, 3)})
    first = take(space, source)
    before = {path: path.read_bytes() for path in space.output.rglob("*") if path.is_file()}
    assert take(space, source) == first
    assert {path: path.read_bytes() for path in space.output.rglob("*") if path.is_file()} == before
    again = hand_in(space, 4, answer(1))
    assert again.attempt == 1 and again.accepted and again.counts, "the first attempt, handed in again later"
    late = hand_in(space, 5, answer(3))
    assert late.attempt == 3 and not late.accepted, "beyond the last, however often it is handed in"


def test_files_of_one_hand_in_are_one_attempt(tmp_path: Path) -> None:
    space = course(tmp_path, rules="attempts: 2")
    files = {"ada/sums.ipynb": answer(1), "ada/draft.ipynb": answer(2), "ada/blank.ipynb": blank()}
    receipts = take(space, archive(tmp_path / "a.zip", files))
    assert [receipt.attempt for receipt in receipts if receipt.counts] == [1]
    assert [receipt.attempt for receipt in receipts if not receipt.counts] == [None, None]
    (second,) = take(space, archive(tmp_path / "b.zip", {"ada/sums.ipynb": answer(2)}, (2025, 1, 11, 9, 0, 0)))
    assert (second.attempt, second.counts) == (2, True), "a draft that was never graded is a new attempt"
    (third,) = take(space, archive(tmp_path / "c.zip", {"ada/sums.ipynb": answer(3)}, (2025, 1, 12, 9, 0, 0)))
    assert not third.accepted


def test_canvas_numbers_files_and_not_hand_ins(tmp_path: Path) -> None:
    """A download of Canvas holds one hand-in of each student, whatever its files are called."""
    files = {"lovelace_1234_501_sums-1.ipynb": answer(1), "lovelace_1234_502_sums-2.ipynb": answer(2),
             "lovelace_1234_503_notes.ipynb": foreign()}
    receipts = take(course(tmp_path, rules="attempts: 1"), archive(tmp_path / "in.zip", files))
    assert [receipt.accepted for receipt in receipts] == [True] * 3
    assert [receipt.attempt_note for receipt in receipts if receipt.counts] == ["attempt 1 of 1"]


def test_a_pattern_with_the_number_of_an_attempt_tells_hand_ins_apart(tmp_path: Path) -> None:
    files = {f"ada~{number}~sums.ipynb": answer(number) for number in (1, 2, 3)}
    receipts = take(course(tmp_path, rules="attempts: 2"), archive(tmp_path / "in.zip", files),
                    pattern=r"(?P<student>\w+)~(?P<attempt>\d+)~(?P<assignment>\w+)\.ipynb")
    assert sorted((receipt.source, receipt.attempt, receipt.accepted) for receipt in receipts) == [
        ("ada~1~sums.ipynb", 1, True), ("ada~2~sums.ipynb", 2, True), ("ada~3~sums.ipynb", 3, False)]


@pytest.mark.parametrize("other", [blank(), foreign(), b"{", b""], ids=["blank", "foreign", "broken", "empty"])
def test_what_has_no_answers_uses_no_attempt(tmp_path: Path, other: bytes) -> None:
    space = course(tmp_path, rules="attempts: 1")
    assert hand_in(space, 1, other).attempt is None
    assert hand_in(space, 2, answer(2)).attempt_note == "attempt 1 of 1"
    assert hand_in(space, 3, other).attempt is None
    assert space.submitted("ada", "sums").read_bytes() == answer(2)


def test_more_attempts_may_be_allowed_later_and_fewer_take_nothing_back(tmp_path: Path) -> None:
    space = course(tmp_path, rules="attempts: 2")
    receipts = [hand_in(space, day, answer(day)) for day in (1, 2, 3)]
    assert not receipts[2].accepted
    third = hand_in(ruled(space, "attempts: 3"), 3, answer(3))
    assert third.accepted and third.counts and third.attempt_note == "attempt 3 of 3"
    assert space.submitted("ada", "sums").read_bytes() == answer(3)
    assert hand_in(ruled(space, "attempts: 1"), 3, answer(3)) == third
    assert hand_in(ruled(space, "attempts: 1"), 2, answer(2)).accepted


def test_receipts_of_earlier_versions_count_as_attempts(tmp_path: Path) -> None:
    space = course(tmp_path, rules="attempts: 3")
    for day in (1, 2):
        hand_in(space, day, answer(day))
    for path in [*space.uploads("ada", "sums").glob("*.json"), space.receipt("ada", "sums")]:
        old = {key: value for key, value in json.loads(path.read_bytes()).items() if not key.startswith("attempt")}
        put(path, json.dumps(old).encode())
    assert hand_in(space, 3, answer(3)).attempt == 3
    assert not hand_in(space, 4, answer(4)).accepted


def test_attempts_are_counted_for_each_student_and_assignment(tmp_path: Path) -> None:
    space = course(tmp_path, rules="attempts: 1")
    assert hand_in(space, 1, answer(1)).accepted and hand_in(space, 1, answer(1), student="bob").accepted
    assert not hand_in(space, 2, answer(2)).accepted
    answered = work("total = 9", assignment="other")
    (other,) = take(space, archive(tmp_path / "o.zip", {"ada/other/other.ipynb": answered}))
    assert other.attempt_note == "attempt 1"


# Due on 12 January, 23:59 in Berlin.


def test_the_latest_counts_by_default_however_late(tmp_path: Path) -> None:
    space = course(tmp_path)
    hand_in(space, 12, answer(1))
    assert hand_in(space, 13, answer(2)).counts


def test_latest_on_time_is_not_replaced_by_a_late_one(tmp_path: Path) -> None:
    space = course(tmp_path, rules="counts: latest_on_time")
    hand_in(space, 11, answer(1))
    assert hand_in(space, 12, answer(2)).counts
    late = hand_in(space, 13, answer(3))
    assert late.accepted and not late.counts and "after the deadline" in (late.reason or "")
    assert "attempt 2, which was on time, counts" in (late.reason or "")
    assert space.submitted("ada", "sums").read_bytes() == answer(2) and kept(space) >= {answer(3)}
    assert hand_in(space, 13, answer(3)) == late, "collecting again changes nothing"


def test_late_work_counts_until_there_is_one_on_time(tmp_path: Path) -> None:
    space = course(tmp_path, rules="counts: latest_on_time")
    assert hand_in(space, 13, answer(1)).counts
    assert hand_in(space, 14, answer(2)).counts, "of late ones, the latest"
    assert hand_in(space, 12, answer(3)).counts, "one that was on time turns up later"
    assert not hand_in(space, 15, answer(4)).counts


@pytest.mark.parametrize(("rules", "extensions"), [
    ("counts: latest_on_time; late: {grace: 10 h}", ""),
    ("counts: latest_on_time", "{ada: {sums: 2025-01-13T10:00:00+01:00}}"),
])
def test_grace_and_extension_are_on_time(tmp_path: Path, rules: str, extensions: str) -> None:
    space = course(tmp_path, rules=rules, extensions=extensions)
    hand_in(space, 12, answer(1))
    assert hand_in(space, 13, answer(2)).counts, "9:00 on the day after"
    assert not hand_in(space, 13, answer(3), hour=11).counts


def test_nobody_is_late_by_a_time_that_proves_nothing(tmp_path: Path) -> None:
    space = course(tmp_path, rules="counts: latest_on_time")
    hand_in(space, 12, answer(1))
    (receipt,) = take(space, archive(tmp_path / "a.zip", {"ada/sums.ipynb": answer(2)}, (2025, 1, 13, 9, 0, 0)))
    assert receipt.counts and any("--times-from archive" in flag for flag in receipt.flags)


def test_a_blank_notebook_on_time_is_no_reason_to_refuse_late_work(tmp_path: Path) -> None:
    space = course(tmp_path, rules="counts: latest_on_time")
    hand_in(space, 12, blank())
    assert hand_in(space, 13, answer(2)).counts


def test_an_extension_is_known_where_a_time_seems_late(tmp_path: Path) -> None:
    space = course(tmp_path, extensions="{ada: {sums: 2025-01-13T23:59:00+01:00}}")
    files = {"ada/sums.ipynb": answer(1), "bob/sums.ipynb": answer(1)}
    flags = {receipt.student: receipt.flags
             for receipt in take(space, archive(tmp_path / "a.zip", files, (2025, 1, 13, 9, 0, 0)))}
    assert not flags["ada"] and "late by its" in flags["bob"][0]


def test_the_best_is_decided_by_grading(tmp_path: Path) -> None:
    space = course(tmp_path, rules="attempts: 3; counts: best")
    assert hand_in(space, 1, answer(1)).counts
    second = hand_in(space, 2, answer(2))
    assert second.accepted and not second.counts
    assert second.reason == "Kept as attempt 2 of 3: every attempt is graded, and the best one counts."
    assert space.submitted("ada", "sums").read_bytes() == answer(1)
    space = ruled(space, "attempts: 3")
    assert hand_in(space, 2, answer(2)).counts, "another rule decides anew"
