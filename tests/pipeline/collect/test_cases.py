"""Downloads in which work was lost, mixed up or misdated once, made again by small generators."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from autograder.model import TimeSource
from tests.pipeline.collect.helpers import archive, blank, counting, course, put, take, unix_time, work

WORKED = work()


def test_blackboard_names(tmp_path: Path) -> None:
    """Two made-up students had the names of files as ids; the time in the name was passed over."""
    files = {
        "sums_jdoe_attempt_2025-01-11-22-58-00_sums.ipynb": WORKED,
        "sums_kroe_attempt_2025-01-11-22-58-00_hw.ipynb": WORKED,
    }
    receipts = take(course(tmp_path), archive(tmp_path / "blackboard.zip", files, (2025, 1, 14, 9, 0, 0)))
    assert set(counting(receipts)) == {"jdoe", "kroe"}
    assert {receipt.received_at for receipt in receipts} == {"2025-01-11T21:58:00+00:00"}
    same = r"[^_]+_(?P<student>[^_]+)_attempt_(?P<timestamp>[\d-]+)_.*"
    again = take(course(tmp_path / "b"), tmp_path / "blackboard.zip", pattern=same)
    assert {receipt.received_at for receipt in again} == {"2025-01-11T21:58:00+00:00"}, (
        "a pattern's time is read as well"
    )


def test_a_blank_original_next_to_a_worked_copy(tmp_path: Path) -> None:
    """Bob's filled copy was dropped without a trace, since the blank one has the assignment's name."""
    early, late = unix_time(datetime(2025, 1, 9, tzinfo=UTC)), unix_time(datetime(2025, 1, 12, tzinfo=UTC))
    files = {
        "ada/sums.ipynb": blank(),
        "ada/sums-Copy1.ipynb": WORKED,
        "bob/sums/sums.ipynb": blank(),
        "bob/sums/sums-Copy1.ipynb": WORKED,
        "cyd/sums/sums.ipynb": WORKED,
        "cyd/sums/sums-Copy1.ipynb": blank(),
    }
    extra = dict(zip(files, (early, late, early, late, early, late), strict=True))
    receipts = take(course(tmp_path), archive(tmp_path / "in.zip", files, extra=extra))
    assert counting(receipts) == {
        "ada": "ada/sums-Copy1.ipynb",
        "bob": "bob/sums/sums-Copy1.ipynb",
        "cyd": "cyd/sums/sums.ipynb",
    }
    assert len(receipts) == 6 and all(receipt.accepted for receipt in receipts)


def test_canvas_in_capitals(tmp_path: Path) -> None:
    files = {
        "lovelaceada_LATE_1234_567890_sums.ipynb": WORKED,
        "turingalan_1235_567891_sums-1.ipynb": WORKED,
        "o'brienmaya_1236_567892_Copy of sums.ipynb": WORKED,
        "hopper_1237_567893_sums.ipynb": WORKED,
        "hopper_1237_567894_scratch.ipynb": blank(),
        "liwei_1238_567895_sums.IPYNB": WORKED,
        "noether_1239_567896_sums-1.v2.ipynb": WORKED,
    }
    receipts = take(course(tmp_path), archive(tmp_path / "in.zip", files))
    assert set(counting(receipts)) == {"1234", "1235", "1236", "1237", "1238", "1239"}
    assert counting(receipts)["1237"] == "hopper_1237_567893_sums.ipynb"
    assert [receipt.student for receipt in receipts if receipt.marked_late] == ["1234"]


def test_two_notebooks_in_one_hand_in(tmp_path: Path) -> None:
    files = {
        "hopper_1237_567893_sums.ipynb": WORKED,
        "hopper_1237_567894_scratch.ipynb": blank(),
        "Tom_15_assignsubmission_file_/sums.ipynb": WORKED,
        "Tom_15_assignsubmission_file_/practice.ipynb": blank(),
    }
    space = course(tmp_path)
    take(space, archive(tmp_path / "in.zip", files))
    assert [space.submitted(student, "sums").read_bytes() for student in ("1237", "15")] == [WORKED, WORKED]


def test_moodle_without_folders(tmp_path: Path) -> None:
    files = {
        "Ada Lovelace_11_assignsubmission_file_sums.ipynb": WORKED,
        "Plato_12_assignsubmission_file_sums.ipynb": WORKED,
    }
    assert set(counting(take(course(tmp_path), archive(tmp_path / "in.zip", files)))) == {"11", "12"}


def test_a_zips_time_is_local(tmp_path: Path) -> None:
    """Due at 23:59 in Berlin. Bob's 23:30 there was taken for UTC, and so late; cyd's UTC field says next morning."""
    space = course(tmp_path)
    extra = {
        "ada/sums.ipynb": unix_time(datetime(2025, 1, 12, 22, 30, tzinfo=UTC)),
        "cyd/sums.ipynb": unix_time(datetime(2025, 1, 13, 4, tzinfo=UTC)),
    }
    files = {f"{student}/sums.ipynb": work(f"total = '{student}'") for student in ("ada", "bob", "cyd")}
    receipts = {
        receipt.student: receipt
        for receipt in take(space, archive(tmp_path / "in.zip", files, (2025, 1, 12, 23, 30, 0), extra))
    }
    assert [receipts[name].received_at for name in ("ada", "bob", "cyd")] == [
        "2025-01-12T22:30:00+00:00",
        "2025-01-12T22:30:00+00:00",
        "2025-01-13T04:00:00+00:00",
    ]
    assert [receipts[name].time_from for name in ("ada", "bob")] == [TimeSource.ZIP_UTC, TimeSource.ZIP_LOCAL]
    assert [bool(receipts[name].flags) for name in ("ada", "bob", "cyd")] == [False, False, True]
    assert not receipts["cyd"].time_can_cost


def test_another_ones_exchange_entry_in_a_moodle_folder(tmp_path: Path) -> None:
    files = {
        "Ada_101_assignsubmission_file_/sums.ipynb": WORKED,
        "Tom_102_assignsubmission_file_/101+sums+2025-01-14 09:00:00 UTC/sums.ipynb": work("total = 0"),
        "Tom_102_assignsubmission_file_/101/sums.ipynb": work("total = 1"),
    }
    space = course(tmp_path)
    receipts = take(space, archive(tmp_path / "in.zip", files))
    assert set(counting(receipts)) == {"101", "102"} and space.submitted("101", "sums").read_bytes() == WORKED


def test_the_same_in_folders_on_disk(tmp_path: Path) -> None:
    put(tmp_path / "in" / "Tom_102_assignsubmission_file_" / "101" / "sums" / "sums.ipynb", WORKED)
    assert set(counting(take(course(tmp_path), tmp_path / "in"))) == {"102"}
