"""Uploads taken into ``submitted/``: every layout, every refusal in one sentence, nothing lost or overwritten."""

from __future__ import annotations

import io
import json
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import CourseError, SubmissionError
from autograder.model import Receipt
from autograder.pipeline.collect import collect
from autograder.pipeline.reading.releases import Releases
from autograder.workspace.layout import Workspace, open_workspace

RELEASE = (Path(__file__).parents[2] / "samples" / "submissions" / "release.ipynb").read_bytes()
COURSE = """\
id: sample
title: Sample
assignments:
  sums:
    title: Sums
  other:
    title: Other
students: [ada, bob, carl, "12345", Dora@x.org]
collect:
  notebook: 1 MiB
  archive: 8 MiB
  files: 200
"""
NOW = datetime(2027, 1, 15, 12, tzinfo=UTC)


def work(total: str = "total = sum(squares)", **own: Any) -> bytes:
    """A submission that answers one task; ``own`` replaces parts of its autograder metadata."""
    notebook = json.loads(RELEASE)
    notebook["metadata"]["autograder"].update(own)
    for cell in notebook["cells"]:
        if cell["id"] == "total":
            cell["source"] = total
    return json.dumps(notebook).encode()


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    root = tmp_path / "course"
    for name in ("sums", "other"):
        (root / "assignments" / name).mkdir(parents=True)
    (root / "course.yml").write_text(COURSE)
    space = open_workspace(root, tmp_path / "out")
    put(space.release("sums"), RELEASE)
    put(space.archived_release("sums", "2026.1"), RELEASE)
    other = work(assignment="other")
    put(space.release("other"), other)
    return space


def put(path: Path, data: bytes, when: datetime | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    if when is not None:
        os.utime(path, (when.timestamp(), when.timestamp()))
    return path


def tree(root: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        put(root / name, data, NOW - timedelta(days=1))
    return root


def archive(path: Path, files: Mapping[str, bytes], when: tuple[int, ...] = (2027, 1, 10, 9, 0, 0)) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            info = zipfile.ZipInfo(name, when)  # type: ignore[arg-type]  # a date out of range
            info.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(info, data)
    return path


def take(space: Workspace, source: Path, **options: Any) -> list[Receipt]:
    receipts = collect(space, source, now=NOW, **options)
    for receipt in receipts:
        if not receipt.accepted:
            assert receipt.reason and "\n" not in receipt.reason and receipt.reason.endswith(".")
    return receipts


def snapshot(space: Workspace) -> dict[str, bytes]:
    return {path.relative_to(space.output).as_posix(): path.read_bytes()
            for path in sorted(space.output.rglob("*")) if path.is_file() and path.name != ".collect.lock"}


def who(receipts: list[Receipt]) -> list[tuple[str, str, bool]]:
    return sorted((receipt.student, receipt.assignment, receipt.accepted) for receipt in receipts)


@pytest.mark.parametrize("name", [
    "ada/sums.ipynb", "ada/sums/sums.ipynb", "ada_sums.ipynb", "ada-sums.ipynb", "sums_ada.ipynb", "sums/ada.ipynb",
    "sums/ada/sums.ipynb", "ada/Untitled.ipynb", "ada.ipynb", "ada/sums/my work.ipynb", "submitted/ada/sums/sums.ipynb",
    "class/ada/sums/sums.ipynb", "ADA/sums.ipynb", "ada+sums+2027-01-10 09:00:00.000000 UTC+x1y2/sums.ipynb",
    "sample/inbound/ada+sums+2027-01-10 09:00:00 UTC/sums.ipynb",
])
@pytest.mark.parametrize("packed", [False, True])
def test_layouts(space: Workspace, tmp_path: Path, name: str, packed: bool) -> None:
    files = {name: work()}
    source = archive(tmp_path / "in.zip", files) if packed else tree(tmp_path / "in", files)
    (receipt,) = take(space, source)
    assert (receipt.student, receipt.assignment, receipt.accepted, receipt.reason) == ("ada", "sums", True, None)
    assert (receipt.answered, receipt.blank, receipt.unmatched) == (("total",), ("squares", "mean", "why"), ())
    assert receipt.release == "2026.1" and receipt.source == name
    assert space.submitted("ada", "sums").read_bytes() == work()
    assert space.receipts("sums") == [receipt]
    assert [path.suffix for path in sorted(space.uploads("ada", "sums").iterdir())] == [".ipynb", ".json"]


@pytest.mark.parametrize(("name", "student"), [
    ("adalovelace_12345_67890_sums.ipynb", "12345"), ("lovelaceada_LATE_12345_67890_sums-2.ipynb", "12345"),
    ("Ada Lovelace_12345_assignsubmission_file_/sums.ipynb", "12345"),
    ("Ada Lovelace_12345_assignsubmission_file/hw.ipynb", "12345"),
])
@pytest.mark.parametrize("kind", ["auto", "lms"])
def test_bulk_downloads(space: Workspace, tmp_path: Path, name: str, student: str, kind: str) -> None:
    (receipt,) = take(space, archive(tmp_path / "submissions.zip", {name: work()}), kind=kind)
    assert (receipt.student, receipt.assignment, receipt.accepted) == (student, "sums", True)


def test_a_pattern_of_ones_own(space: Workspace, tmp_path: Path) -> None:
    files = {"hw1 (ada) 2027-01-02 03:04:05.ipynb": work(), "hw1 nobody.ipynb": work()}
    pattern = r"hw\d \((?P<student>\w+)\) (?P<timestamp>.*)\.ipynb"
    good, bad = sorted(take(space, tree(tmp_path / "in", files), pattern=pattern), key=lambda r: not r.accepted)
    assert good.student == "ada" and good.received_at == "2027-01-02T03:04:05+00:00"
    assert "does not say whose it is" in (bad.reason or "")
    for wrong in ("(", "no group"):
        with pytest.raises(SubmissionError, match="pattern"):
            take(space, tmp_path / "in", pattern=wrong)


def test_the_metadata_says_the_assignment_where_the_name_does_not(space: Workspace, tmp_path: Path) -> None:
    source = tree(tmp_path / "in", {"ada.ipynb": work(assignment="other"), "bob.ipynb": work(assignment="nothing")})
    assert who(take(space, source)) == [("ada", "other", True), ("bob", "unknown", False)]
    assert who(take(space, source, assignment="sums")) == [("ada", "other", True), ("bob", "sums", True)]
    with pytest.raises(CourseError, match="no assignment"):
        take(space, source, assignment="nothing")


def test_one_bad_upload_never_stops_the_others(space: Workspace, tmp_path: Path) -> None:
    source = tree(tmp_path / "in", {
        "ada/sums.ipynb": b"# Notes\n", "bob/sums.ipynb": work()[:300], "carl/sums.ipynb": work(),
        "eve/sums.ipynb": work(), "12345/sums.ipynb": b"x" * (2**20 + 1), "Dora@x.org/exam/exam.ipynb": work(),
        "a b/sums.ipynb": work(), "README.md": b"not an upload",
    })
    (source / "bob" / "link.ipynb").symlink_to(source / "carl" / "sums.ipynb")
    os.mkfifo(source / "bob" / "pipe.ipynb")
    seen: list[Receipt] = []
    receipts = take(space, source, on_receipt=seen.append)
    assert seen == receipts
    reasons = {receipt.source: receipt.reason or "" for receipt in receipts}
    assert "Markdown" in reasons["ada/sums.ipynb"]
    assert "breaks off" in reasons["bob/sums.ipynb"]
    assert reasons["carl/sums.ipynb"] == ""
    assert "not in the class list" in reasons["eve/sums.ipynb"]
    assert "larger than the 1 MiB" in reasons["12345/sums.ipynb"]
    assert "is for 'exam', but the course has sums, other" in reasons["Dora@x.org/exam/exam.ipynb"]
    assert "no usable student id" in reasons["a b/sums.ipynb"]
    assert "is a link" in reasons["bob/link.ipynb"]
    assert "not a regular file" in reasons["bob/pipe.ipynb"]
    assert len(receipts) == 9
    assert not (space.submitted_root / "eve").exists() and not (space.submitted_root / "a b").exists()
    # A refusal is kept, so that the student gets a result too.
    kept = {(receipt.student, receipt.accepted) for receipt in space.receipts("sums")}
    assert kept >= {("ada", False), ("carl", True), ("bob", False), ("12345", False)}


def test_a_student_who_sends_something_else_hears_of_it(space: Workspace, tmp_path: Path) -> None:
    source = tree(tmp_path / "in", {"ada/report.pdf": b"%PDF", "ada/notes.txt": b"x", "bob/sums.ipynb": work(),
                                    "bob/plot.html": b"<html>"})
    receipts = take(space, source, assignment="sums")
    assert who(receipts) == [("ada", "sums", False), ("bob", "sums", True)]
    assert "is not a notebook" in (receipts[0].reason or receipts[1].reason or "")


def test_junk_of_operating_systems_is_passed_over(space: Workspace, tmp_path: Path) -> None:
    files = {"ada/sums.ipynb": work(), "__MACOSX/ada/._sums.ipynb": b"x", "ada/.ipynb_checkpoints/sums.ipynb": b"x",
             ".DS_Store": b"x"}
    assert who(take(space, archive(tmp_path / "in.zip", files))) == [("ada", "sums", True)]


def test_of_two_filled_notebooks_of_one_time_the_assignments_own_name_counts(space: Workspace, tmp_path: Path) -> None:
    source = tree(tmp_path / "in", {"ada/sums/sums.ipynb": work(), "ada/sums/draft.ipynb": work("total = 1")})
    receipts = {receipt.source: receipt for receipt in take(space, source)}
    assert receipts["ada/sums/sums.ipynb"].counts and not receipts["ada/sums/draft.ipynb"].counts
    assert space.submitted("ada", "sums").read_bytes() == work()
    assert any("'ada/sums/draft.ipynb' is kept" in flag for flag in receipts["ada/sums/sums.ipynb"].flags)
    assert {path.read_bytes() for path in space.uploads("ada", "sums").glob("*.ipynb")} == {work(), work("total = 1")}


def test_the_wrong_notebook_is_reported(space: Workspace, tmp_path: Path) -> None:
    (receipt,) = take(space, tree(tmp_path / "in", {"ada/sums.ipynb": work(assignment="other")}))
    assert not receipt.accepted and "is the notebook of other, but was handed in for sums" in (receipt.reason or "")


# Times, repetitions, what is already there


def test_two_uploads_the_latest_counts_and_both_are_kept(space: Workspace, tmp_path: Path) -> None:
    inbound = {f"ada+sums+2027-01-{day} 09:00:00.000000 UTC+r": work(f"total = {day}") for day in (12, 10, 11)}
    receipts = take(space, tree(tmp_path / "in", {f"{name}/sums.ipynb": data for name, data in inbound.items()}))
    assert [receipt.received_at[:10] for receipt in receipts] == ["2027-01-10", "2027-01-11", "2027-01-12"]
    assert receipts[1].supersedes == receipts[0].sha256 and receipts[0].supersedes is None
    assert space.submitted("ada", "sums").read_bytes() == work("total = 12")
    assert {path.read_bytes() for path in space.uploads("ada", "sums").glob("*.ipynb")} == set(inbound.values())


def test_an_earlier_upload_that_comes_late_is_kept_but_does_not_count(space: Workspace, tmp_path: Path) -> None:
    def upload(day: int) -> Path:
        return tree(tmp_path / f"in{day}", {f"ada+sums+2027-01-{day} 09:00:00 UTC/sums.ipynb": work(f"total = {day}")})

    take(space, upload(12))
    (late,) = take(space, upload(11))
    assert late.accepted and "later upload of 2027-01-12" in (late.reason or "")
    assert space.submitted("ada", "sums").read_bytes() == work("total = 12")
    assert space.receipts()[0].received_at.startswith("2027-01-12")
    assert len(list(space.uploads("ada", "sums").glob("*.ipynb"))) == 2


def test_collecting_again_changes_nothing(space: Workspace, tmp_path: Path) -> None:
    source = tree(tmp_path / "in", {
        "ada+sums+2027-01-10 09:00:00 UTC/sums.ipynb": work("total = 1"), "bob/sums.ipynb": b"# no",
        "ada+sums+2027-01-11 09:00:00 UTC/sums.ipynb": work("total = 2"), "carl/sums.ipynb": b"x" * 2**21,
    })
    first = take(space, source)
    before = snapshot(space)
    assert take(space, source) == first
    assert snapshot(space) == before


def test_handing_the_first_version_in_again_makes_it_count(space: Workspace, tmp_path: Path) -> None:
    for number, day in enumerate((10, 11, 12)):
        data = work("total = 1" if day != 11 else "total = 2")
        take(space, tree(tmp_path / f"in{number}", {f"ada+sums+2027-01-{day} 09:00:00 UTC/sums.ipynb": data}))
    assert space.submitted("ada", "sums").read_bytes() == work("total = 1")
    assert space.receipts()[0].received_at.startswith("2027-01-12")


def test_a_refused_upload_does_not_take_the_place_of_a_good_one(space: Workspace, tmp_path: Path) -> None:
    take(space, tree(tmp_path / "a", {"ada/sums.ipynb": work()}))
    put(tmp_path / "b" / "ada" / "sums.ipynb", b"# no", NOW)
    (refused,) = take(space, tmp_path / "b")
    assert not refused.accepted
    assert space.receipts()[0].accepted and space.submitted("ada", "sums").read_bytes() == work()
    assert len(list(space.uploads("ada", "sums").glob("*.json"))) == 2


def test_a_good_upload_takes_the_place_of_a_refused_one(space: Workspace, tmp_path: Path) -> None:
    put(tmp_path / "b" / "ada" / "sums.ipynb", b"# no", NOW)
    take(space, tmp_path / "b")
    (receipt,) = take(space, tree(tmp_path / "a", {"ada/sums.ipynb": work()}))
    assert receipt.accepted and space.receipts() == [receipt]


def test_what_somebody_put_there_by_hand_is_kept_and_said(space: Workspace, tmp_path: Path) -> None:
    put(space.submitted("ada", "sums"), b"by hand")
    (receipt,) = take(space, tree(tmp_path / "in", {"ada/sums.ipynb": work()}))
    assert receipt.accepted and "put here by hand is kept as" in (receipt.reason or "")
    assert b"by hand" in [path.read_bytes() for path in space.uploads("ada", "sums").glob("*.ipynb")]
    space.submitted("ada", "sums").write_bytes(b"changed by a TA")
    take(space, tmp_path / "in")
    assert space.submitted("ada", "sums").read_bytes() == b"changed by a TA"
    put(tmp_path / "in" / "ada" / "sums.ipynb", work("total = 1"), NOW)
    take(space, tmp_path / "in")
    assert space.submitted("ada", "sums").read_bytes() == work("total = 1")
    assert b"changed by a TA" in [path.read_bytes() for path in space.uploads("ada", "sums").glob("*.ipynb")]


def test_notebooks_placed_in_submitted_by_hand_get_receipts(space: Workspace) -> None:
    put(space.submitted("ada", "sums"), work(), NOW)
    (receipt,) = take(space, space.submitted_root)
    assert receipt.accepted and space.receipts() == [receipt]
    assert take(space, space.submitted_root) == [receipt]


def test_a_link_among_the_submissions_is_not_written_through(space: Workspace, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    space.submitted_root.mkdir(parents=True)
    (space.submitted_root / "ada").symlink_to(tmp_path / "elsewhere")
    (receipt,) = take(space, tree(tmp_path / "in", {"ada/sums.ipynb": work()}))
    assert not receipt.accepted and "not a link" in (receipt.reason or "")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_nobody_hands_in_tomorrow(space: Workspace, tmp_path: Path) -> None:
    (receipt,) = take(space, tree(tmp_path / "in", {"ada+sums+2031-01-10 09:00:00 UTC/sums.ipynb": work()}))
    assert receipt.received_at == NOW.isoformat()


@pytest.mark.parametrize(("words", "time"), [
    ("2027-01-10 09:00:00.000000 UTC", "2027-01-10T09:00:00+00:00"),
    ("2027-01-10 09:00:00.5 +0200", "2027-01-10T07:00:00+00:00"), ("nonsense", None),
])
def test_nbgraders_time_stamp_files(space: Workspace, tmp_path: Path, words: str, time: str | None) -> None:
    files = {"ada/sums/sums.ipynb": work(), "ada/sums/timestamp.txt": words.encode()}
    (receipt,) = take(space, tree(tmp_path / "in", files))
    assert receipt.received_at == (time or (NOW - timedelta(days=1)).isoformat())


# Releases


def test_a_submission_is_compared_with_its_own_release(space: Workspace, tmp_path: Path) -> None:
    newer = json.loads(RELEASE)
    newer["metadata"]["autograder"]["release"] = "2027.1"
    newer["cells"] = [cell for cell in newer["cells"] if cell["id"] not in ("about-mean", "mean", "test-mean")]
    put(space.release("sums"), json.dumps(newer).encode())
    source = tree(tmp_path / "in", {
        "ada.ipynb": work(), "bob.ipynb": work(release="2019.9"), "carl.ipynb": work(release="../../course")})
    ada, bob, carl = sorted(take(space, source), key=lambda receipt: receipt.student)
    assert (ada.release, ada.reason, ada.blank) == ("2026.1", None, ("squares", "mean", "why"))
    assert (bob.release, bob.blank) == ("2027.1", ("squares", "why"))
    assert "names the release 2019.9, which is not in the archive" in (bob.reason or "")
    assert "names no release" in (carl.reason or "") and carl.accepted


def test_an_assignment_that_was_not_released_cannot_be_collected(space: Workspace, tmp_path: Path) -> None:
    space.release("other").unlink()
    source = tree(tmp_path / "in", {"ada.ipynb": work(assignment="other", release="x"), "bob.ipynb": work()})
    ada, bob = sorted(take(space, source), key=lambda receipt: receipt.student)
    assert not ada.accepted and "has not been released" in (ada.reason or "") and bob.accepted
    # Not the student's fault: collected as soon as it can be.
    put(space.release("other"), work(assignment="other"))
    assert who(take(space, source)) == [("ada", "other", True), ("bob", "sums", True)]
    assert Releases.within(space, "other").of({"metadata": {}})[1] is not None


# Hostile archives


def hostile(path: Path, name: str, data: bytes, **attributes: Any) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        info = zipfile.ZipInfo("placeholder", (2027, 1, 1, 0, 0, 0))
        for key, value in attributes.items():
            setattr(info, key, value)
        info.filename = name
        made.writestr(info, data)
        made.writestr(zipfile.ZipInfo("bob/sums.ipynb", (2027, 1, 1, 0, 0, 0)), work())
    return path


@pytest.mark.parametrize(("name", "attributes", "part"), [
    ("../ada/sums.ipynb", {}, "outside its archive"),
    ("ada/../../sums.ipynb", {}, "outside its archive"),
    ("/ada/sums.ipynb", {}, "outside its archive"),
    ("C:/ada/sums.ipynb", {}, "outside its archive"),
    ("ada\\..\\..\\sums.ipynb", {}, "outside its archive"),
    ("../../../evil.sh", {}, "outside its archive"),
    ("ada/sums.ipynb", {"external_attr": (stat.S_IFLNK | 0o777) << 16}, "is a link"),
    ("ada/sums.ipynb", {"external_attr": (stat.S_IFIFO | 0o777) << 16}, "special file"),
    ("ada/sums.ipynb", {"compress_type": zipfile.ZIP_LZMA}, "unusual way"),
])
def test_a_hostile_entry_is_refused_and_the_rest_is_taken(
    space: Workspace, tmp_path: Path, name: str, attributes: dict[str, Any], part: str
) -> None:
    before = set(tmp_path.rglob("*"))
    receipts = take(space, hostile(tmp_path / "in.zip", name, work(), **attributes))
    assert sorted(receipt.accepted for receipt in receipts) == [False, True]
    assert part in next(receipt.reason or "" for receipt in receipts if not receipt.accepted)
    new = {path.relative_to(tmp_path).parts[0] for path in set(tmp_path.rglob("*")) - before}
    assert new == {"out", "in.zip"}


def test_a_bomb_is_refused_by_its_declared_size(space: Workspace, tmp_path: Path) -> None:
    (receipt,) = take(space, archive(tmp_path / "in.zip", {"ada/sums.ipynb": b" " * (30 * 2**20)}))
    assert not receipt.accepted and "larger than the 1 MiB" in (receipt.reason or "")


def lying(path: Path, claimed: int) -> Path:
    """A zip whose entry unpacks to 30 MiB and says that it has ``claimed`` bytes."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packed.compress(b" " * (30 * 2**20)) + packed.flush()
    name, crc = b"ada/sums.ipynb", zlib.crc32(b" " * claimed)
    common = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 0x5A21, crc, len(data), claimed, len(name), 0)
    local = b"PK\x03\x04" + common + name + data
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(central), len(local), 0)
    path.write_bytes(local + central + end)
    return path


@pytest.mark.parametrize("claimed", [100, 2**20])
def test_a_bomb_that_lies_about_its_size_is_refused(space: Workspace, tmp_path: Path, claimed: int) -> None:
    (receipt,) = take(space, lying(tmp_path / "in.zip", claimed))
    assert not receipt.accepted and not space.submitted("ada", "sums").exists()


def test_the_whole_upload_has_a_limit_too(space: Workspace, tmp_path: Path) -> None:
    notebook = work("#" * 900_000)
    files = {f"ada/{number}.ipynb": notebook + b" " * number for number in range(12)}
    receipts = take(space, archive(tmp_path / "in.zip", files))
    assert len(receipts) == 12 and 0 < sum(receipt.accepted for receipt in receipts) < 12
    assert any("whole upload unpacks to more" in (receipt.reason or "") for receipt in receipts)


def test_too_many_files_are_refused(space: Workspace, tmp_path: Path) -> None:
    with pytest.raises(SubmissionError, match="201 files"):
        take(space, archive(tmp_path / "in.zip", {f"{n}.txt": b"" for n in range(201)}))
    with pytest.raises(SubmissionError, match="more files"):
        take(space, tree(tmp_path / "in", {f"{n}.txt": b"" for n in range(201)}))


def test_a_table_of_contents_that_is_too_large_is_refused_unread(space: Workspace, tmp_path: Path) -> None:
    path = archive(tmp_path / "in.zip", {"ada/sums.ipynb": work()})
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.rfind(b"PK\x05\x06") + 12, 2**30)
    path.write_bytes(data)
    with pytest.raises(SubmissionError, match="table of contents"):
        take(space, path)


@pytest.mark.parametrize("data", [b"", b"PK", b"not a zip", b"PK\x05\x06" + b"\xff" * 18])
def test_a_source_that_is_no_archive_is_one_sentence(space: Workspace, tmp_path: Path, data: bytes) -> None:
    with pytest.raises(SubmissionError, match=r"'in\.zip'"):
        take(space, put(tmp_path / "in.zip", data))


def packed(files: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name, (2027, 1, 2, 0, 0, 0)), data)
    return stream.getvalue()


@pytest.mark.parametrize("name", ["ada.zip", "ada/hw.zip", "ada/sums/hw.zip", "x_12345_1_hw.zip"])
def test_students_may_hand_in_a_zip(space: Workspace, tmp_path: Path, name: str) -> None:
    (receipt,) = take(space, tree(tmp_path / "in", {name: packed({"sums.ipynb": work(), "data.csv": b"1,2"})}))
    assert receipt.accepted and receipt.student in ("ada", "12345")
    assert receipt.source == f"{name} → sums.ipynb"


def test_hostile_zips_of_students_cost_only_them(space: Workspace, tmp_path: Path) -> None:
    inner = packed({"sums.ipynb": work()})
    source = archive(tmp_path / "in.zip", {
        "ada/a.zip": packed({"b.zip": inner}), "bob/b.zip": packed({"../../sums.ipynb": work()}),
        "carl/c.zip": b"PK\x03\x04 damaged", "12345/d.zip": packed({"sums.ipynb": b" " * (30 * 2**20)}),
        "Dora@x.org/sums.ipynb": work(),
    })
    receipts = {receipt.student: receipt for receipt in take(space, source, assignment="sums")}
    assert {student for student, receipt in receipts.items() if receipt.accepted} == {"Dora@x.org"}
    assert "archive inside an archive" in (receipts["ada"].reason or "")
    assert "outside its archive" in (receipts["bob"].reason or "")
    assert "not a readable zip archive" in (receipts["carl"].reason or "")
    assert "larger than" in (receipts["12345"].reason or "")


def test_a_damaged_entry_costs_only_itself(space: Workspace, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as made:
        made.writestr("ada/sums.ipynb", work("total = 'MARK'"))
        made.writestr("bob/sums.ipynb", work())
    data = (tmp_path / "in.zip").read_bytes().replace(b"MARK", b"KRAM")
    receipts = take(space, put(tmp_path / "in.zip", data))
    assert who(receipts) == [("ada", "sums", False), ("bob", "sums", True)]


def test_a_password_is_reported(space: Workspace, tmp_path: Path) -> None:
    path = archive(tmp_path / "in.zip", {"ada/sums.ipynb": work()})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    (receipt,) = take(space, path)
    assert not receipt.accepted and "encrypted" in (receipt.reason or "")


def test_a_folder_announced_as_zip_is_one_sentence(space: Workspace, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pytest.raises(SubmissionError, match="is a folder"):
        take(space, tmp_path / "in", kind="zip")
