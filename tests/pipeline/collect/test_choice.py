"""Which of several notebooks counts: contents, then time, then name; everything is kept; and when it was handed in."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from autograder.model import TimeSource
from autograder.pipeline.collect.times import parse_moment, zip_stamp
from tests.pipeline.collect.helpers import (
    ZIP_TIME,
    archive,
    blank,
    counting,
    course,
    foreign,
    put,
    source,
    take,
    unix_time,
    windows_time,
    work,
)

COPIES = [
    "sums-Copy1.ipynb",
    "sums (1).ipynb",
    "Copy of sums.ipynb",
    "sums_v2.ipynb",
    "Kopie von sums.ipynb",
    "Untitled.ipynb",
]


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize(
    "place",
    ["ada/", "ada/sums/", "Ada_12_assignsubmission_file_/", "a_1234_5_", "sums_ada_attempt_2025-01-10-09-00-00_"],
)
def test_a_blank_original_does_not_beat_a_filled_copy(tmp_path: Path, place: str, copy: str) -> None:
    """Whatever the order in the archive: the blank one may come first, last, or later."""
    for number, names in enumerate(permutations([("sums.ipynb", blank()), (copy, work())])):
        space = course(tmp_path / str(number))
        receipts = take(space, archive(tmp_path / f"{number}.zip", [(place + name, data) for name, data in names]))
        assert list(counting(receipts).values()) == [place + copy]
        student = receipts[0].student
        assert space.submitted(student, "sums").read_bytes() == work()
        assert {path.read_bytes() for path in space.uploads(student, "sums").glob("*.ipynb")} == {work(), blank()}
        kept = next(receipt for receipt in receipts if not receipt.counts)
        assert kept.accepted and "has no answers" in (kept.reason or "")


def test_a_later_blank_one_does_not_beat_a_filled_one_from_before(tmp_path: Path) -> None:
    space = course(tmp_path)
    take(space, archive(tmp_path / "a.zip", {"ada/sums.ipynb": work()}))
    (late,) = take(space, archive(tmp_path / "b.zip", {"ada/sums.ipynb": blank()}, (2025, 1, 12, 9, 0, 0)))
    assert late.accepted and not late.counts and "has no answers" in (late.reason or "")
    assert space.submitted("ada", "sums").read_bytes() == work() and space.receipts()[0].counts
    (better,) = take(space, archive(tmp_path / "c.zip", {"ada/sums.ipynb": work("total = 2")}, (2025, 1, 13, 9, 0, 0)))
    assert better.counts and space.submitted("ada", "sums").read_bytes() == work("total = 2")
    stored = {
        receipt.received_at[:10]: receipt.counts
        for receipt in map(_receipt, space.uploads("ada", "sums").glob("*.json"))
    }
    assert stored == {"2025-01-10": False, "2025-01-12": False, "2025-01-13": True}


def _receipt(path: Path) -> Any:
    from autograder.model import Receipt

    return Receipt.from_json(path.read_bytes())


@pytest.mark.parametrize(
    "names",
    [
        ("hopper_1237_567893_sums.ipynb", "hopper_1237_567894_scratch.ipynb"),
        ("Tom_15_assignsubmission_file_/sums.ipynb", "Tom_15_assignsubmission_file_/practice.ipynb"),
        ("tom/work.ipynb", "tom/zzz.ipynb"),
        ("tom/work.ipynb", "tom/aaa.ipynb"),
    ],
)
@pytest.mark.parametrize("other", [blank(), foreign(), foreign("")], ids=["blank", "unrelated", "empty"])
def test_what_is_not_the_work_does_not_replace_it(tmp_path: Path, names: tuple[str, str], other: bytes) -> None:
    space = course(tmp_path)
    receipts = take(space, archive(tmp_path / "in.zip", {names[0]: work(), names[1]: other}))
    assert list(counting(receipts).values()) == [names[0]] and len(receipts) == 2
    assert all(receipt.accepted and receipt.assignment == "sums" for receipt in receipts), "the other one is kept too"


def test_work_in_a_notebook_of_ones_own_is_put_before_a_person(tmp_path: Path) -> None:
    space = course(tmp_path)
    receipts = take(space, archive(tmp_path / "in.zip", {"ada/sums.ipynb": blank(), "ada/mine.ipynb": foreign()}))
    (chosen,) = [receipt for receipt in receipts if receipt.counts]
    assert chosen.source == "ada/sums.ipynb" and any("the one that counts is blank" in flag for flag in chosen.flags)


def test_two_plausible_ones_are_flagged_and_collecting_again_changes_nothing(tmp_path: Path) -> None:
    space = course(tmp_path)
    files = {
        "ada/sums.ipynb": work("total = 1"),
        "ada/sums-Copy1.ipynb": work("total = 2"),
        "ada/sums-Copy2.ipynb": blank(),
    }
    first = take(space, archive(tmp_path / "in.zip", files))
    assert counting(first) == {"ada": "ada/sums.ipynb"} and sum(receipt.counts for receipt in first) == 1
    (chosen,) = [receipt for receipt in first if receipt.counts]
    assert [flag for flag in chosen.flags if "Copy1" in flag] and not [flag for flag in chosen.flags if "Copy2" in flag]
    before = {path: path.read_bytes() for path in space.output.rglob("*") if path.is_file()}
    assert take(space, tmp_path / "in.zip") == first
    assert {path: path.read_bytes() for path in space.output.rglob("*") if path.is_file()} == before


def test_later_times_decide_between_filled_ones(tmp_path: Path) -> None:
    moments = {
        "ada/sums.ipynb": unix_time(datetime(2025, 1, 10, 8, tzinfo=UTC)),
        "ada/sums-Copy1.ipynb": unix_time(datetime(2025, 1, 10, 9, tzinfo=UTC)),
    }
    files = {"ada/sums.ipynb": work("total = 1"), "ada/sums-Copy1.ipynb": work("total = 2")}
    receipts = take(course(tmp_path), archive(tmp_path / "in.zip", files, extra=moments))
    assert counting(receipts) == {"ada": "ada/sums-Copy1.ipynb"}
    assert next(receipt for receipt in receipts if receipt.counts).flags, "an archive's times are no proof"


def test_attempts_with_times_of_the_platform_need_nobodys_look(tmp_path: Path) -> None:
    files = {f"sums_ada_attempt_2025-01-{day}-09-00-00_x.ipynb": work(f"total = {day}") for day in (11, 10, 12)}
    receipts = take(course(tmp_path), archive(tmp_path / "in.zip", files))
    assert [receipt.counts for receipt in receipts] == [False, False, True]
    assert not any(receipt.flags for receipt in receipts)


# Times


@pytest.mark.parametrize(
    ("extra", "expected", "origin"),
    [
        (b"", "2025-01-10T08:00:00+00:00", TimeSource.ZIP_LOCAL),
        (unix_time(datetime(2025, 1, 10, 3, 4, 5, tzinfo=UTC)), "2025-01-10T03:04:05+00:00", TimeSource.ZIP_UTC),
        (windows_time(datetime(2025, 1, 10, 3, 4, 5, tzinfo=UTC)), "2025-01-10T03:04:05+00:00", TimeSource.ZIP_UTC),
        (b"\x55\x54\x05\x00\x00abcd", "2025-01-10T08:00:00+00:00", TimeSource.ZIP_LOCAL),
        (
            b"\x01\x00\x02\x00ab" + unix_time(datetime(2025, 1, 9, tzinfo=UTC)),
            "2025-01-09T00:00:00+00:00",
            TimeSource.ZIP_UTC,
        ),
    ],
)
def test_a_zips_time_is_local_unless_it_says_utc(
    tmp_path: Path, extra: bytes, expected: str, origin: TimeSource
) -> None:
    (receipt,) = take(
        course(tmp_path), archive(tmp_path / "in.zip", {"ada/sums.ipynb": work()}, extra={"ada/sums.ipynb": extra})
    )
    assert (receipt.received_at, receipt.time_from) == (expected, origin)
    assert not receipt.time_can_cost


def test_a_time_in_a_name_beats_the_archives(tmp_path: Path) -> None:
    name = "sums_ada_attempt_2025-01-12-23-30-00_x.ipynb"
    extra = {name: unix_time(datetime(2025, 1, 13, tzinfo=UTC))}
    (receipt,) = take(course(tmp_path), archive(tmp_path / "in.zip", {name: work()}, extra=extra))
    assert (receipt.received_at, receipt.time_from) == ("2025-01-12T22:30:00+00:00", TimeSource.NAME)
    assert receipt.time_can_cost and not receipt.flags, "23:30 in Berlin is on time"


@pytest.mark.parametrize(
    "name",
    [
        "sums_ada_attempt_2025-13-45-99-00-00_x.ipynb",
        "sums_ada_attempt_2025-01-12_x.ipynb",
        "12-3 - Ada - a while ago, 2025/sums.ipynb",
        "12-3 - Ada - Jan 1, 2025 900 AM - lately/s.ipynb",
        "ada+sums+2025-01-10 09:00:00 XYZ/sums.ipynb",
    ],
)
def test_a_time_that_cannot_be_read_is_said(tmp_path: Path, name: str) -> None:
    (receipt,) = take(course(tmp_path), archive(tmp_path / "in.zip", {name: work()}), assignment="sums")
    assert receipt.accepted and "cannot be read" in (receipt.reason or "") and receipt.time_from is TimeSource.ZIP_LOCAL
    assert any("cannot be read" in flag for flag in receipt.flags)


def test_nobody_is_late_by_an_archives_time_without_a_persons_word(tmp_path: Path) -> None:
    space = course(tmp_path)
    path = archive(
        tmp_path / "in.zip",
        {"ada/sums.ipynb": work(), "b_LATE_12_3_sums.ipynb": work("total = 2")},
        (2025, 1, 13, 9, 0, 0),
    )
    ada, late = sorted(take(space, path), key=lambda receipt: receipt.student, reverse=True)
    assert not ada.time_can_cost and "--times-from archive" in ada.flags[0]
    assert late.marked_late and not late.time_can_cost and "marked it as late" in late.flags[0]
    assert take(space, path) == [late, ada]
    again = {receipt.student: receipt for receipt in take(space, path, times_from="archive")}
    assert again["ada"].time_can_cost and again["ada"].time_from is TimeSource.ZIP_LOCAL
    assert {receipt.student: receipt for receipt in space.receipts()} == again
    assert len(list(space.uploads("ada", "sums").iterdir())) == 2, "the upload is not kept twice"
    assert {receipt.student: receipt for receipt in take(space, path, times_from="archive")} == again


def test_a_corrected_time_leaves_one_receipt(tmp_path: Path) -> None:
    space = course(tmp_path)
    path = archive(tmp_path / "in.zip", {"ada/sums.ipynb": work(), "ada/x.ipynb": blank()})
    take(space, path)
    (receipt,) = [one for one in take(space, path, times_from="collected") if one.counts]
    assert receipt.received_at == "2025-01-15T12:00:00+00:00" and space.receipts() == [receipt]
    assert (
        len(list(space.uploads("ada", "sums").glob("*.json")))
        == len(list(space.uploads("ada", "sums").glob("*.ipynb")))
        == 2
    )


def test_the_time_of_collecting_may_be_taken(tmp_path: Path) -> None:
    (receipt,) = take(
        course(tmp_path), archive(tmp_path / "in.zip", {"ada/sums.ipynb": work()}), times_from="collected"
    )
    assert receipt.received_at == "2025-01-15T12:00:00+00:00" and receipt.time_can_cost


@pytest.mark.parametrize("packed", [False, True])
def test_a_timestamp_file_that_makes_work_punctual_is_reported(tmp_path: Path, packed: bool) -> None:
    space = course(tmp_path)
    files = {"ada/sums/sums.ipynb": work(), "ada/sums/timestamp.txt": b"2025-01-01 00:00:00 UTC"}
    if packed:
        path = archive(tmp_path / "in.zip", files, (2025, 1, 13, 9, 0, 0))
    else:
        path = source(tmp_path, files, packed=False)
        put(path / "ada/sums/sums.ipynb", work(), datetime(2025, 1, 13, 9, tzinfo=UTC))
    (receipt,) = take(space, path)
    assert any("on time by its timestamp.txt" in flag for flag in receipt.flags)
    (receipt,) = take(space, path, times_from="archive")
    assert receipt.received_at.startswith("2025-01-13") and receipt.time_can_cost


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-10-01 12:00:00.000000 UTC", "2025-10-01T12:00:00+00:00"),
        ("2025-10-01 12:00:00.5 +0200", "2025-10-01T12:00:00.500000+02:00"),
        ("2025-10-01 12:00:00 CEST", "2025-10-01T12:00:00+02:00"),
        ("2025-10-01T12:00:00Z", "2025-10-01T12:00:00+00:00"),
        ("2025-10-01-12-00-00", "2025-10-01T12:00:00"),
        ("20251001120000123", "2025-10-01T12:00:00"),
        ("20251001T120000Z", "2025-10-01T12:00:00+00:00"),
        ("Oct 1, 2025 1205 AM", "2025-10-01T00:05:00"),
        ("October 1, 2025 12:05 PM", "2025-10-01T12:05:00"),
        ("1 octobre 2025 9:05", "2025-10-01T09:05:00"),
        ("1. Oktober 2025 21:05", "2025-10-01T21:05:00"),
        ("01.10.2025 21:05", "2025-10-01T21:05:00"),
        ("Oct 1, 2025 905 PM", "2025-10-01T21:05:00"),
        ("1 ene 2025 21:05", "2025-01-01T21:05:00"),
        ("10/01/2025 21:05", None),
        ("2025-10-01 12:00:00 CST", None),
        ("2025-02-30 12:00:00", None),
        ("Oct 1, 2025 1305 PM", None),
        ("2025-10-01 25:00:00", None),
        ("yesterday", None),
        ("", None),
        ("9" * 400, None),
        ("2025-10-01 12:00:00 +9999", None),
    ],
)
def test_formats_of_times(text: str, expected: str | None) -> None:
    found = parse_moment(text)
    assert (found.isoformat() if found else None) == expected


def test_a_zip_without_a_usable_time_has_none() -> None:
    assert zip_stamp((1980, 0, 0, 0, 0, 0), b"") is None
    for broken in (b"\x0a\x00\x20\x00" + b"\xff" * 32, b"\x55\x54\xff\xff\x01", b"\x55\x54\x05\x00\x01abc", b"\x55"):
        found = zip_stamp(ZIP_TIME, broken)
        assert found is not None and found.source is TimeSource.ZIP_LOCAL


def test_copying_a_folder_and_collecting_it_again_changes_nothing(tmp_path: Path) -> None:
    """Every file of the copy is newer than what is stored."""
    space = course(tmp_path)
    files = {"ada/sums.ipynb": work("total = 1"), "ada/a.ipynb": work("total = 2"), "ada/b.ipynb": blank()}
    first = take(space, source(tmp_path / "one", files, packed=False))
    before = {path: path.read_bytes() for path in space.output.rglob("*") if path.is_file()}
    copied = source(tmp_path / "two", files, packed=False)
    for number, name in enumerate(files):
        put(copied / name, files[name], datetime(2025, 1, 11, 9, 10 * number, tzinfo=UTC))
    again = take(space, copied)
    assert sorted(again, key=lambda receipt: receipt.source) == sorted(first, key=lambda receipt: receipt.source)
    future = archive(tmp_path / "in.zip", files, (2030, 1, 1, 0, 0, 0))
    assert {receipt.source: receipt.counts for receipt in take(space, future)}["ada/sums.ipynb"]
    assert {path: path.read_bytes() for path in space.output.rglob("*") if path.is_file()} == before


def test_handing_in_the_first_version_again_without_times_makes_it_count(tmp_path: Path) -> None:
    space = course(tmp_path)
    for number, total in enumerate(("1", "2", "1")):
        files = {"a_12_5_sums.ipynb": work(f"total = {total}")}
        take(space, archive(tmp_path / f"{number}.zip", files, (2025, 1, 10 + number, 9, 0, 0)))
    assert space.submitted("12", "sums").read_bytes() == work("total = 1")
