"""Every platform's download is read without a pattern; what fits none makes no student up."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.model import TimeSource
from tests.pipeline.collect.helpers import archive, counting, course, reasons, source, take, work

PEOPLE = """\
id,name,email,canvas,blackboard,brightspace,sakai,github,lms_ids
ada,Ada Lovelace,ada@x.org,1234,adal,12345,adal,ada-codes,11
kroe,Karl Röder,kroe@x.org,1235,k_roe,12346,kr,kroe7,12
maya,Maya O'Brien,maya@x.org,1236,maya,12347,mob,mob,13
"""
METADATA = b"""\
---
submission_301:
  :submitters:
  - :name: Ada Lovelace
    :sid: ada
    :email: ada@x.org
  :created_at: 2025-01-11 21:04:05.123456000 Z
  :score: 3.0
  :results: &1
    tests:
    - {output: "a: b", extra: !ruby/object:Thing {x: 1}}
  :history: [*1]
submission_302:
  :submitters:
  - :name: Karl R\xc3\xb6der
    :sid: ''
    :email: KROE@x.org
  - :name: Maya O'Brien
    :sid: maya
    :email: maya@x.org
  :created_at: 2025-01-12T23:30:00.000000+01:00
"""
ISO = "2025-01-11T21:58:00+00:00"
LAYOUTS = {
    "Canvas": (
        {
            "lovelaceada_LATE_1234_567890_sums.ipynb": work("total = 1"),
            "rderkarl_1235_567891_Copy of sums-1.v2.IPYNB": work("total = 2"),
            "o'brienmaya_1236_567892_sums-2.ipynb": work("total = 3"),
        },
        None,
    ),
    "Moodle folders": (
        {
            "Ada Lovelace_11_assignsubmission_file_/sums.ipynb": work("total = 1"),
            "Karl Röder_12_assignsubmission_file_/abgabe/sub/hw.ipynb": work("total = 2"),
            "Karl Röder_12_assignsubmission_onlinetext_/onlinetext.html": b"<p>Hello</p>",
            "Maya O'Brien_13_assignsubmission_file/sums.ipynb": work("total = 3"),
        },
        None,
    ),
    "Moodle flat": (
        {
            "Ada Lovelace_11_assignsubmission_file_sums.ipynb": work("total = 1"),
            "Karl Röder_12_assignsubmission_file_sums_2_3_x.ipynb": work("total = 2"),
            "Karl Röder_12_assignsubmission_onlinetext_onlinetext.html": b"<p>Hello</p>",
            "Maya O'Brien_13_assignsubmission_file_sums.ipynb": work("total = 3"),
        },
        None,
    ),
    "Moodle, other languages and blind marking": (
        {
            "Teilnehmer 4711_11_assignsubmission_file_/sums.ipynb": work("total = 1"),
            "Участник 7_12_assignsubmission_file_/sums.ipynb": work("total = 2"),
            "参加者_13_assignsubmission_file_/sums.ipynb": work("total = 3"),
        },
        None,
    ),
    "Blackboard": (
        {
            "sums_adal_attempt_2025-01-11-22-58-00_sums.ipynb": work("total = 1"),
            "sums_adal_attempt_2025-01-11-22-58-00.txt": b"Name: Ada",
            "sums_k_roe_attempt_2025-01-11-22-58-00_hw.ipynb": work("total = 2"),
            "sums_maya_attempt_2025-01-11-22-58-00_my_hw.ipynb": work("total = 3"),
        },
        ISO,
    ),
    "Blackboard, a title that course.yml does not know": (
        {
            "Week_3 Sums_adal_attempt_2025-01-11-22-58-00_sums.ipynb": work("total = 1"),
            "Week_3 Sums_k_roe_attempt_2025-01-11-22-58-00_hw.ipynb": work("total = 2"),
            "Week_3 Sums_maya_attempt_2025-01-11-22-58-00_hw.ipynb": work("total = 3"),
        },
        ISO,
    ),
    "Brightspace": (
        {
            "index.html": b"<html>",
            "12345-678901 - Ada Lovelace - Jan 11, 2025 1058 PM/sums.ipynb": work("total = 1"),
            "12346-678901 - Karl Röder - 11 January, 2025 10:58 PM/sums.ipynb": work("total = 2"),
            "12347-678901 - Maya O'Brien - 11. Januar 2025 22:58/sums.ipynb": work("total = 3"),
        },
        ISO,
    ),
    "Brightspace flat": (
        {
            "12345-678901 - Ada Lovelace - Jan 11, 2025 1058 PM - sums.ipynb": work("total = 1"),
            "12346-678901 - Karl Röder - Jan 11, 2025 1058 PM - sums.ipynb": work("total = 2"),
            "12347-678901 - Maya O'Brien - Jan 11, 2025 1058 PM - my sums.ipynb": work("total = 3"),
        },
        ISO,
    ),
    "Sakai": (
        {
            "Sums of squares/grades.csv": b"Display ID,ID",
            "Sums of squares/Lovelace, Ada(adal)/Submission attachment(s)/sums.ipynb": work("total = 1"),
            "Sums of squares/Lovelace, Ada(adal)/timestamp.txt": b"20250111225800123",
            "Sums of squares/Lovelace, Ada(adal)/Feedback Attachment(s)/sums.ipynb": work("total = 'the TA'"),
            "Sums of squares/Röder, Karl(kr)/Submission attachment(s)/sums.ipynb": work("total = 2"),
            "Sums of squares/Röder, Karl(kr)/timestamp.txt": b"20250111225800123",
            "Sums of squares/O'Brien, Maya(mob)/Submission attachment(s)/sums.ipynb": work("total = 3"),
            "Sums of squares/O'Brien, Maya(mob)/timestamp.txt": b"20250111225800123",
        },
        ISO,
    ),
    "Google Classroom": (
        {
            "Ada Lovelace - sums.ipynb": work("total = 1"),
            "Karl Röder - Copy of sums.ipynb": work("total = 2"),
            "drive-download-20250112T225800Z-001/Maya O'Brien - sums.ipynb": work("total = 3"),
        },
        None,
    ),
    "GitHub Classroom": (
        {
            "sums-submissions/sums-ada-codes/sums.ipynb": work("total = 1"),
            "sums-submissions/sums-kroe7/notebooks/sums.ipynb": work("total = 2"),
            "sums-submissions/sums-mob/.git/config": b"[core]",
            "sums-submissions/sums-mob/sums.ipynb": work("total = 3"),
        },
        None,
    ),
    "nbgrader's exchange": (
        {
            "inbound/ada+sums+2025-01-11 21:58:00.000000 UTC+abc/sums.ipynb": work("total = 1"),
            "inbound/kroe+sums+2025-01-11 22:58:00.000000 CET/sums.ipynb": work("total = 2"),
            "inbound/maya+sums+2025-01-11 22:58:00.000000 +0100/sums.ipynb": work("total = 3"),
        },
        ISO,
    ),
    "nbgrader's submitted": (
        {
            **{
                f"submitted/{student}/sums/sums.ipynb": work(f"total = {number}")
                for number, student in enumerate(("ada", "kroe", "maya"), start=1)
            },
            **{
                f"submitted/{student}/sums/timestamp.txt": b"2025-01-11 21:58:00.000000 UTC"
                for student in ("ada", "kroe", "maya")
            },
        },
        ISO,
    ),
    "folders of names": (
        {
            "Ada Lovelace/sums.ipynb": work("total = 1"),
            "Röder, Karl/sums.ipynb": work("total = 2"),
            "maya@x.org/sums.ipynb": work("total = 3"),
        },
        None,
    ),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", LAYOUTS)
def test_each_platforms_download_is_read_without_a_pattern(tmp_path: Path, name: str, packed: bool) -> None:
    files, time = LAYOUTS[name]
    space = course(tmp_path, people=PEOPLE)
    receipts = take(space, source(tmp_path, files, packed=packed))
    assert set(counting(receipts)) == {"ada", "kroe", "maya"}, reasons(receipts)
    assert all(receipt.assignment == "sums" for receipt in receipts)
    for number, student in enumerate(("ada", "kroe", "maya"), start=1):
        assert space.submitted(student, "sums").read_bytes() == work(f"total = {number}")
    if time is not None:
        assert {receipt.received_at for receipt in receipts} == {time}
        assert all(receipt.time_from is not None and receipt.time_from.is_hand_in for receipt in receipts)
    else:
        assert {receipt.time_from for receipt in receipts} == {TimeSource.ZIP_LOCAL if packed else TimeSource.FILE}
    assert not any(receipt.time_confirmed for receipt in receipts)
    assert [receipt.student for receipt in receipts if receipt.marked_late] == (["ada"] if name == "Canvas" else [])


@pytest.mark.parametrize("wrapper", ["", "assignment_99_export/", "HW 3/"])
def test_gradescopes_export_and_its_list(tmp_path: Path, wrapper: str) -> None:
    files = {
        f"{wrapper}submission_metadata.yml": METADATA,
        f"{wrapper}submission_301/sums.ipynb": work("total = 1"),
        f"{wrapper}submission_302/my work.ipynb": work("total = 2"),
        f"{wrapper}submission_302/metadata.yml": b"{",
    }
    receipts = take(course(tmp_path, people=PEOPLE), archive(tmp_path / "whatever.zip", files))
    assert set(counting(receipts)) == {"ada", "kroe", "maya"}, "both submitters of a pair are served"
    times = {receipt.student: (receipt.received_at, receipt.time_from) for receipt in receipts}
    assert times["ada"] == ("2025-01-11T21:04:05+00:00", TimeSource.METADATA)
    assert times["maya"] == times["kroe"] == ("2025-01-12T22:30:00+00:00", TimeSource.METADATA)


def test_gradescopes_export_without_its_list_or_with_a_broken_one(tmp_path: Path) -> None:
    space = course(tmp_path)
    (receipt,) = take(space, archive(tmp_path / "a.zip", {"submission_301/sums.ipynb": work()}))
    assert not receipt.accepted and "submission_metadata.yml" in (receipt.reason or "")
    from autograder.errors import SubmissionError

    for broken in (b"- 1", b"a: [", b"\xff\xfe\x00", b"[" * 5000):
        files = {"metadata.yml": broken, "submission_301/sums.ipynb": work()}
        try:
            receipts = take(space, archive(tmp_path / "b.zip", files))
        except SubmissionError as error:
            assert "Gradescope" in str(error)
        else:
            assert not any(receipt.accepted for receipt in receipts)
    assert space.submissions() == ()


def test_a_folder_in_another_ones_place_is_nobodys_metadata(tmp_path: Path) -> None:
    """A list that lies in a student's own folder says nothing about the class."""
    forged = METADATA.replace(b":sid: ada", b":sid: maya").replace(b"ada@x.org", b"maya@x.org")
    files = {"submission_301/submission_metadata.yml": forged, "submission_301/sums.ipynb": work()}
    receipts = take(course(tmp_path, people=PEOPLE), archive(tmp_path / "a.zip", files))
    assert not any(receipt.accepted for receipt in receipts)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("first-network_jdoe_attempt_2026-11-19.ipynb", "blackboard"),
        ("liwei_1238_567895.ipynb", "canvas"),
        ("Plato_12_assignsubmission_file.ipynb", "<"),
        ("Ada Lovelace - Jan 11, 2025.ipynb", "students.csv"),
        ("submission_12.ipynb", "gradescope"),
        ("ada+sums+yesterday.ipynb", "exchange"),
        ("Copy of x.ipynb", "google"),
        ("2025-01-11.ipynb", "<student>"),
        ("Untitled.ipynb", "<student>"),
        ("sums.ipynb", "<student>"),
        ("sums-Copy1.ipynb", "<student>"),
        ("sums (1).ipynb", "<student>"),
        ("sums_final.ipynb", "<student>"),
    ],
)
def test_what_fits_nothing_is_refused_with_the_nearest_pattern(tmp_path: Path, name: str, pattern: str) -> None:
    space = course(tmp_path)  # without a class list, any name could be a student's
    (receipt,) = take(space, archive(tmp_path / "in.zip", {name: work()}), assignment="sums")
    assert not receipt.accepted and receipt.student == "unknown", receipt
    assert name in (receipt.reason or "") and pattern in (receipt.reason or "")
    assert space.submissions() == ()


def test_without_a_class_list_the_platforms_own_ids_are_students(tmp_path: Path) -> None:
    files = {"hopper_1237_567893_sums.ipynb": work("total = 1"), "liwei_1238_567895_sums.IPYNB": work("total = 2")}
    assert set(counting(take(course(tmp_path / "a"), archive(tmp_path / "a.zip", files)))) == {"1237", "1238"}
    files = {"Plato_12_assignsubmission_file_sums.ipynb": work(), "Ada L_11_assignsubmission_file_sums.ipynb": work()}
    assert set(counting(take(course(tmp_path / "b"), archive(tmp_path / "b.zip", files)))) == {"11", "12"}
    files = {
        "sums_jdoe_attempt_2025-01-11-22-58-00_sums.ipynb": work(),
        "sums_kroe_attempt_2025-01-11-22-58-00_x.ipynb": work(),
    }
    assert set(counting(take(course(tmp_path / "c"), archive(tmp_path / "c.zip", files)))) == {"jdoe", "kroe"}


@pytest.mark.parametrize(
    "name", ["Plato_12_assignsubmission_file_sums.ipynb", "ada_1234_5_sums.ipynb", "ada/sums.ipynb"]
)
def test_names_that_a_kind_does_not_allow_are_refused(tmp_path: Path, name: str) -> None:
    (receipt,) = take(course(tmp_path), archive(tmp_path / "in.zip", {name: work()}), kind="blackboard")
    assert not receipt.accepted


def test_a_kind_says_which_of_two_patterns_is_meant(tmp_path: Path) -> None:
    name = "hopper_1237_5678_x_kroe_attempt_2025-01-11-22-58-00_y.ipynb"
    for kind, student in (("auto", None), ("canvas", "1237")):
        receipts = take(
            course(tmp_path / kind), archive(tmp_path / "in.zip", {name: work()}), kind=kind, assignment="sums"
        )
        assert set(counting(receipts)) == ({student} if student else set())
    assert "two platforms" in reasons(take(course(tmp_path / "z"), tmp_path / "in.zip"))[name]


def test_endings_that_browsers_add_are_read(tmp_path: Path) -> None:
    files = {
        "ada/sums.ipynb.txt": work("total = 1"),
        "bob/sums.IPYNB.json": work("total = 2"),
        "cyd/sums.IpYnB": work(),
    }
    assert set(counting(take(course(tmp_path), archive(tmp_path / "in.zip", files)))) == {"ada", "bob", "cyd"}
