"""Hand-ins that claim to be somebody else's, or harm the rest of the class: through the real command."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.collect.helpers import ZIP_TIME, archive, course, put, work

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]
HONEST, FORGED = work("total = 'the work of 101'"), work("total = 'forged by 102'")
EXCHANGE_101 = "101+sums+2025-01-14 09:00:00.000000 UTC+abcd"
PEOPLE = (
    "id,name,canvas,moodle,blackboard,brightspace,sakai,github,gradescope\n"
    "101,Ada Lovelace,101,101,101,101,101,101,101\n102,Tom Riddle,102,102,102,102,102,102,102\n"
)


@dataclass(frozen=True)
class Layout:
    """How a platform wraps the file ``rest`` of a student; ``flat`` platforms have no folders."""

    wrap: Callable[[str, str], str]
    flat: bool = False


NAMES = {"101": "Ada Lovelace", "102": "Tom Riddle"}
LAYOUTS = {
    "plain": Layout(lambda who, rest: f"{who}/{rest}"),
    "submitted": Layout(lambda who, rest: f"submitted/{who}/sums/{rest}"),
    "by assignment": Layout(lambda who, rest: f"sums/{who}/{rest}"),
    "exchange": Layout(lambda who, rest: f"inbound/{who}+sums+2025-01-11 09:00:00.000000 UTC+xy/{rest}"),
    "moodle": Layout(lambda who, rest: f"{NAMES[who]}_{who}_assignsubmission_file_/{rest}"),
    "moodle flat": Layout(lambda who, rest: f"{NAMES[who]}_{who}_assignsubmission_file_{rest}", flat=True),
    "canvas": Layout(lambda who, rest: f"{NAMES[who].replace(' ', '').lower()}_{who}_5678{who}_{rest}", flat=True),
    "blackboard": Layout(lambda who, rest: f"sums_{who}_attempt_2025-01-11-09-00-00_{rest}", flat=True),
    "brightspace": Layout(lambda who, rest: f"{who}-7 - {NAMES[who]} - Jan 11, 2025 900 AM/{rest}"),
    "sakai": Layout(lambda who, rest: f"Sums of squares/{NAMES[who]}, X({who})/Submission attachment(s)/{rest}"),
    "gradescope": Layout(lambda who, rest: f"submission_{who}/{rest}"),
    "github": Layout(lambda who, rest: f"sums-submissions/sums-{who}/{rest}"),
}
METADATA = "".join(
    f"submission_{who}:\n  :submitters:\n  - :sid: '{who}'\n    :name: {NAMES[who]}\n"
    f"  :created_at: 2025-01-11 09:00:00 Z\n"
    for who in NAMES
).encode()


def zipped(files: dict[str, bytes], when: tuple[int, ...] = ZIP_TIME) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(zipfile.ZipInfo(name, when), data)  # type: ignore[arg-type]
    return stream.getvalue()


CLAIMS = {
    "an exchange entry of another": f"{EXCHANGE_101}/sums.ipynb",
    "a folder of another": "101/sums.ipynb",
    "a folder of another's work": "101/sums/sums.ipynb",
    "nbgrader's folders": "submitted/101/sums/sums.ipynb",
    "a Moodle folder": "Ada Lovelace_101_assignsubmission_file_/sums.ipynb",
    "a Brightspace folder": "101-7 - Ada Lovelace - Jan 14, 2025 900 AM/sums.ipynb",
    "a Sakai folder": "Lovelace, Ada(101)/Submission attachment(s)/sums.ipynb",
    "a Gradescope folder": "submission_101/sums.ipynb",
    "a GitHub folder": "sums-101/sums.ipynb",
    "folders around it": "submissions/class/101/sums.ipynb",
    "a file of another's name": "101_sums.ipynb",
    "a Canvas name": "lovelaceada_101_5678101_sums.ipynb",
    "a Moodle name": "Ada Lovelace_101_assignsubmission_file_sums.ipynb",
    "a Blackboard name": "sums_101_attempt_2025-01-14-09-00-00_sums.ipynb",
    "a zip of another's folders": "hw.zip",
    "a zip of another's name": "101.zip",
}


def collected(space: Any, path: Path, *options: str) -> tuple[dict[str, Any], int]:
    """Run the real command; the tests' clock is the machine's, so no time in the names lies in the future."""
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "autograder",
            "--course",
            str(space.root),
            "--output",
            str(space.output),
            "collect",
            str(path),
            "--json",
            *options,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in run.stderr and run.returncode in (0, 2, 9), run.stderr
    return (json.loads(run.stdout) if run.stdout else {"error": run.stderr}), run.returncode


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """The command in this process: one start of Python for each of many cases would take minutes."""
    from autograder.cli.main import _run

    def run(space: Any, path: Path, *options: str) -> tuple[dict[str, Any], int]:
        code = _run(
            ["--course", str(space.root), "--output", str(space.output), "collect", str(path), "--json", *options]
        )
        out, err = capsys.readouterr()
        assert code in (0, 2, 9), err
        return (json.loads(out) if out else {"error": err}), code

    return run


@pytest.mark.parametrize("listed", [True, False], ids=["class list", "no class list"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_nothing_below_the_platforms_own_name_can_name_another(
    tmp_path: Path, name: str, listed: bool, in_process: Any
) -> None:
    """102 hands in each of the claims, through each platform, before and after 101's own work was collected."""
    layout = LAYOUTS[name]
    honest = {layout.wrap("101", "sums.ipynb"): HONEST}
    if name == "gradescope":
        honest["submission_metadata.yml"] = METADATA
    for number, (what, claim) in enumerate(CLAIMS.items()):
        data = FORGED
        if claim == "hw.zip":
            data = zipped({path: FORGED for path in CLAIMS.values() if not path.endswith(".zip")})
        elif claim == "101.zip":
            data = zipped({"101/sums.ipynb": FORGED})
        rest = claim.replace("/", "_") if layout.flat else claim
        space = course(tmp_path / str(number), people=PEOPLE if listed else None)
        found, _ = in_process(space, archive(tmp_path / f"{number}.zip", {**honest, layout.wrap("102", rest): data}))
        receipts = found.get("receipts", [])
        owner, other = ("101-7", "102-7") if name == "brightspace" and not listed else ("101", "102")
        assert [one["student"] for one in receipts if one["source"] in honest] == [owner], (what, receipts)
        assert {one["student"] for one in receipts if one["source"] not in honest} <= {other, "unknown"}, (
            what,
            receipts,
        )
        assert space.submitted(owner, "sums").read_bytes() == HONEST, what
        assert FORGED not in [path.read_bytes() for path in space.uploads(owner, "sums").glob("*")], what


@pytest.mark.parametrize("claim", [EXCHANGE_101 + "/sums.ipynb", "101/sums.ipynb", "submitted/101/sums/sums.ipynb"])
def test_also_where_it_is_the_only_upload(tmp_path: Path, claim: str, in_process: Any) -> None:
    for number, name in enumerate(LAYOUTS):
        layout = LAYOUTS[name]
        if layout.flat or name == "gradescope":
            continue
        space = course(tmp_path / str(number), people=PEOPLE)
        found, _ = in_process(space, archive(tmp_path / f"{number}.zip", {layout.wrap("102", claim): FORGED}))
        assert {one["student"] for one in found["receipts"]} == {"102"}, (name, found)
        assert not space.submitted("101", "sums").exists()


def test_somebody_who_is_not_in_the_class_names_nobody(tmp_path: Path, in_process: Any) -> None:
    space = course(tmp_path, people=PEOPLE)
    files = {"eve/101/sums.ipynb": FORGED, "eve/sums/101/sums.ipynb": FORGED, "102/sums.ipynb": work()}
    found, _ = in_process(space, archive(tmp_path / "in.zip", files))
    assert [one["student"] for one in found["receipts"] if one["accepted"]] == ["102"]
    (tmp_path / "b").mkdir()
    found, code = in_process(space, archive(tmp_path / "b" / "in.zip", {"eve/101/sums.ipynb": FORGED}))
    assert code == 9 and not space.submitted("101", "sums").exists()


def test_a_pattern_of_the_teachers_own_does_not_look_below_a_students_folder(tmp_path: Path, in_process: Any) -> None:
    space = course(tmp_path, people=PEOPLE)
    files = {"101/a/hw 102.ipynb": HONEST, "Tom Riddle_102_assignsubmission_file_/hw 101.ipynb": FORGED}
    found, _ = in_process(
        space, archive(tmp_path / "in.zip", files), "--pattern", r"hw (?P<student>\d+)\.ipynb", "--assignment", "sums"
    )
    assert not any(one["accepted"] for one in found["receipts"])
    files = {"102/hw 102.ipynb": HONEST, "eve/hw 101.ipynb": FORGED}
    (tmp_path / "b").mkdir()
    in_process(space, archive(tmp_path / "b" / "in.zip", files), "--pattern", r"hw (?P<student>\d+)\.ipynb")
    assert not space.submitted("101", "sums").exists(), "nobody knows who eve is"


def test_two_claims_of_the_platform_itself_are_a_conflict(tmp_path: Path, in_process: Any) -> None:
    space = course(tmp_path, people=PEOPLE)
    files = {
        # A number of 102 with the name of 101; and two people of one name, of whom none is known by number.
        "Ada Lovelace_102_assignsubmission_file_/sums.ipynb": FORGED,
        "Tom Riddle_102_assignsubmission_file_101_assignsubmission_file_/sums.ipynb": FORGED,
        "Tom Riddle_771_assignsubmission_file_/sums.ipynb": work("total = 1"),
        "Tom Riddle_772_assignsubmission_file_/sums.ipynb": work("total = 2"),
    }
    found, code = in_process(space, archive(tmp_path / "in.zip", files))
    assert code == 9 and space.submissions() == ()
    told = " ".join(one["reason"] for one in found["receipts"])
    assert "more than one student (101, 102)" in told and "both mean 102" in told and "two participants" in told


@pytest.mark.parametrize("listed", [True, False])
def test_ids_that_differ_in_capitals_only(tmp_path: Path, listed: bool, in_process: Any) -> None:
    space = course(tmp_path, students="ada, bob" if listed else None)
    files = {"ada/sums.ipynb": HONEST, "ADA/sums.ipynb": FORGED, "bob/sums.ipynb": work()}
    found, _ = in_process(space, archive(tmp_path / "in.zip", files))
    assert [one["student"] for one in found["receipts"] if one["accepted"]] == ["bob"], "who is who cannot be said"
    in_process(space, archive(tmp_path / "first.zip", {"ada/sums.ipynb": HONEST}))
    found, _ = in_process(space, archive(tmp_path / "later.zip", {"AdA/sums.ipynb": work("total = 3")}))
    assert found["receipts"][0]["student"] == ("ada" if listed else "unknown"), "mapped by the class list, or refused"


FULL_WIDTH, CYRILLIC = "\uff11\uff10\uff11", "\u0430d\u0430"
ODD_IDS = [
    "-rf",
    "--output",
    "@SUM(A1)",
    "+1",
    "=1+1",
    "101.",
    "101 ",
    " 101",
    FULL_WIDTH,
    CYRILLIC,
    "ada\u200b",
    "\u202eada",
    "ada\u202e",
    "ad\u0131",
    unicodedata.normalize("NFD", "zoë"),
    "CON",
    "nul.txt",
    "aux",
    "com1",
    ".ada",
    "a/../ada",
    "ada\n101",
    "ada\t",
    "ada\x1b[2J",
    "ada\r101",
    "a;b",
    "$(id)",
    "`id`",
    "a|b",
    "~",
    "*",
    "x" * 300,
]


@pytest.mark.parametrize("odd", ODD_IDS, ids=lambda text: repr(text)[:30])
def test_odd_ids_become_nobody(tmp_path: Path, odd: str, in_process: Any) -> None:
    for number, students in enumerate((None, "ada, adi, '101', zoe")):
        space = course(tmp_path / str(number), students=students)
        files = [
            (f"{odd}/sums.ipynb", FORGED),
            (f"{odd}_5_6_x.ipynb", FORGED),
            ("bob_7_8_x.ipynb", work()),
            (f"{odd}_sums.ipynb", FORGED),
            (f"sums_{odd}_attempt_2025-01-11-09-00-00_x.ipynb", FORGED),
        ]
        found, _ = in_process(space, archive(tmp_path / f"{number}.zip", files[:1]))
        is_mapped = students is not None and odd.strip(" ") == "101"
        assert found["count"] == is_mapped and space.submissions() == ((("101", "sums"),) if is_mapped else ()), found
        for one in found["receipts"]:
            assert all(
                char.isprintable()
                for text in (one["source"], one["reason"] or "", one["claimed_as"] or "")
                for char in text
            ), one
        found, _ = in_process(space, archive(tmp_path / f"b{number}.zip", files[3:]), "--assignment", "sums")
        assert found["count"] == 0 or is_mapped, found


def test_odd_ids_are_mapped_by_the_class_list(tmp_path: Path, in_process: Any) -> None:
    space = course(tmp_path, people="id;name;blackboard;lms_ids\nada;Ada;-ada;=A1 @x\nzoe;Zoë;z;\n")
    files = {
        "sums_-ada_attempt_2025-01-11-09-00-00_x.ipynb": work("total = 1"),
        f"{unicodedata.normalize('NFD', 'Zoë')}/sums.ipynb": work("total = 2"),
    }
    found, _ = in_process(space, archive(tmp_path / "in.zip", files))
    assert [one["student"] for one in found["receipts"] if one["accepted"]] == ["ada", "zoe"]


def test_a_class_list_holds_no_such_ids(tmp_path: Path) -> None:
    from autograder.errors import CourseError

    for odd in ("-rf", "@x", "con", "a."):
        with pytest.raises(CourseError, match="student id"):
            course(tmp_path / odd.strip("-@."), students=f"'{odd}'")
        with pytest.raises(CourseError, match=r"students\.csv, line 2"):
            course(tmp_path / "csv" / odd.strip("-@."), people=f"id\n{odd}\n")


@pytest.mark.parametrize(
    "name",
    [
        "/101/sums.ipynb",
        "../101/sums.ipynb",
        "102/../101/sums.ipynb",
        "C:\\101\\sums.ipynb",
        "\\\\host\\101\\sums.ipynb",
        "102\\..\\101\\sums.ipynb",
        "./../101/sums.ipynb",
    ],
)
def test_paths_that_leave_their_place(tmp_path: Path, name: str, in_process: Any) -> None:
    space = course(tmp_path, people=PEOPLE)
    found, _ = in_process(space, archive(tmp_path / "in.zip", {name: FORGED, "102/sums.ipynb": HONEST}))
    assert found["count"] == 1 and not space.submitted("101", "sums").exists()
    files = {"102/hw.zip": zipped({name: FORGED}), "101/sums.ipynb": HONEST}
    in_process(space, archive(tmp_path / "inner.zip", files))
    assert space.submitted("101", "sums").read_bytes() == HONEST
    assert not (tmp_path / "101").exists() and not (space.output / "101").exists()


def test_links_to_anothers_work(tmp_path: Path, in_process: Any) -> None:
    space = course(tmp_path, people=PEOPLE)
    put(tmp_path / "in" / "101" / "sums.ipynb", HONEST)
    (tmp_path / "in" / "102").mkdir()
    (tmp_path / "in" / "102" / "sums.ipynb").symlink_to("../101/sums.ipynb")
    (tmp_path / "in" / "103").symlink_to("101")
    found, _ = in_process(space, tmp_path / "in")
    assert [one["student"] for one in found["receipts"] if one["accepted"]] == ["101"]
    linked = io.BytesIO()
    with zipfile.ZipFile(linked, "w") as made:
        info = zipfile.ZipInfo("sums.ipynb", ZIP_TIME)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(info, "../101/sums.ipynb")
    found, _ = in_process(space, archive(tmp_path / "b.zip", {"102/hw.zip": linked.getvalue()}))
    assert found["count"] == 0


def test_one_name_twice_in_an_archive(tmp_path: Path, in_process: Any) -> None:
    space = course(tmp_path, people=PEOPLE)
    with pytest.warns(UserWarning, match="Duplicate"):
        path = archive(
            tmp_path / "in.zip", [("102/sums.ipynb", work("total = 1")), ("102/sums.ipynb", work("total = 2"))]
        )
    found, _ = in_process(space, path)
    assert (found["count"], found["kept"]) == (1, 1)
    (counts,) = [one for one in found["receipts"] if one["counts"]]
    assert any("which one was meant" in flag for flag in counts["flags"])
    assert len(list(space.uploads("102", "sums").glob("*.ipynb"))) == 2


def test_a_date_in_a_students_own_archive_is_not_the_hand_in_time(tmp_path: Path, in_process: Any) -> None:
    early = (2025, 1, 1, 0, 0, 0)
    inner = {
        "a": zipped({"sums.ipynb": work("total = 1")}, early),
        "b": zipped({"sums.ipynb": work("total = 2"), "timestamp.txt": b"2025-01-01 00:00:00 UTC"}, early),
        "c": zipped({"102+sums+2025-01-01 00:00:00 UTC/sums.ipynb": work("total = 3")}, early),
        "d": zipped(
            {"x_1_2_sums.ipynb": work("total = 4"), "sums_102_attempt_2025-01-01-00-00-00_x.ipynb": work("total = 5")},
            early,
        ),
    }
    for name, layout in LAYOUTS.items():
        for what, data in inner.items():
            space = course(tmp_path / name / what, people=PEOPLE)
            files = {layout.wrap("102", "hw.zip"): data} | ({"metadata.yml": METADATA} if name == "gradescope" else {})
            found, _ = in_process(space, archive(tmp_path / name / f"{what}.zip", files, (2025, 1, 14, 0, 0, 0)))
            accepted = [one for one in found["receipts"] if one["accepted"]]
            assert accepted and not any(one["received_at"].startswith("2025-01-01") for one in accepted), (name, what)


def test_a_timestamp_that_a_student_put_next_to_the_work_is_not_believed(tmp_path: Path, in_process: Any) -> None:
    late = (2025, 1, 14, 0, 0, 0)
    for name in ("moodle", "brightspace", "sakai", "github", "plain"):
        layout = LAYOUTS[name]
        space = course(tmp_path / name, people=PEOPLE)
        files = {
            layout.wrap("102", "sums.ipynb"): work(),
            layout.wrap("102", "timestamp.txt"): b"2025-01-01 00:00:00 UTC",
        }
        found, _ = in_process(space, archive(tmp_path / f"{name}.zip", files, late))
        (one,) = [one for one in found["receipts"] if one["accepted"]]
        assert not one["received_at"].startswith("2025-01-01"), name


def test_a_flood_of_files_costs_only_its_sender(tmp_path: Path, in_process: Any) -> None:
    space = course(tmp_path, people=PEOPLE)
    flood = io.BytesIO()
    with zipfile.ZipFile(flood, "w") as made:
        for number in range(9_000):
            made.writestr(f"{number}", b"")
    many = {f"n{number}.ipynb": work(f"total = {number}") for number in range(60)}
    files = {"102/flood.zip": flood.getvalue(), "102/many.zip": zipped(many), "101/sums.ipynb": HONEST}
    found, _ = in_process(space, archive(tmp_path / "in.zip", files))
    assert space.submitted("101", "sums").read_bytes() == HONEST
    told = {one["source"]: one["reason"] for one in found["receipts"] if not one["accepted"]}
    assert "9000 files" in told["102/flood.zip"]
    assert len(found["receipts"]) <= 33, "most of the sixty are named in one refusal"
    assert any("more files are not looked at" in reason for reason in told.values())


def test_a_hundred_thousand_entries_of_one_student(tmp_path: Path, in_process: Any) -> None:
    """The table of contents is refused by its size, or by the number in it, before anything is unpacked."""
    space = course(tmp_path, people=PEOPLE)
    settings = space.root / "course.yml"
    settings.write_text(
        settings.read_text().replace("notebook: 1 MiB, archive: 8 MiB", "notebook: 20 MiB, archive: 64 MiB")
    )
    flood = io.BytesIO()
    with zipfile.ZipFile(flood, "w") as made:
        for number in range(100_000):
            made.writestr(f"{number}.ipynb", b"")
    files = {"102/flood.zip": flood.getvalue(), "101/sums.ipynb": HONEST}
    found, _ = in_process(space, archive(tmp_path / "in.zip", files))
    assert space.submitted("101", "sums").read_bytes() == HONEST
    assert [one["accepted"] for one in found["receipts"] if one["student"] == "102"] == [False]


def test_one_student_cannot_use_up_what_the_others_may_unpack(tmp_path: Path, in_process: Any) -> None:
    space = course(tmp_path, people=PEOPLE)
    big = {f"n{number}.ipynb": work("#" * 900_000 + str(number)) for number in range(20)}
    files = {**{f"101/{name}": data for name, data in big.items()}, "102/sums.ipynb": HONEST}
    found, _ = in_process(space, archive(tmp_path / "in.zip", files))
    assert space.submitted("102", "sums").read_bytes() == HONEST
    assert any("unpacks to more" in one["reason"] for one in found["receipts"] if not one["accepted"])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_in_a_live_exchange_the_owner_of_a_file_counts(tmp_path: Path, in_process: Any) -> None:
    import pwd

    other = pwd.getpwuid(1) if pwd.getpwall()[0].pw_uid == 0 else pwd.getpwall()[0]
    space = course(tmp_path)
    for student in ("101", other.pw_name):
        path = put(tmp_path / "inbound" / f"{student}+sums+2025-01-11 09:00:00 UTC" / "sums.ipynb", FORGED)
        os.chown(path, other.pw_uid, -1)
    found, _ = in_process(space, tmp_path / "inbound")
    assert [one["student"] for one in found["receipts"] if one["accepted"]] == [other.pw_name]
    assert "belongs to the user" in next(one["reason"] for one in found["receipts"] if not one["accepted"])


def test_through_the_command_in_a_process_of_its_own(tmp_path: Path) -> None:
    """The case that was found: an exchange entry of 101 in the Moodle folder of 102."""
    space = course(tmp_path, people=PEOPLE)
    files = {
        "Ada Lovelace_101_assignsubmission_file_/sums.ipynb": HONEST,
        f"Tom Riddle_102_assignsubmission_file_/{EXCHANGE_101}/sums.ipynb": FORGED,
    }
    found, code = collected(space, archive(tmp_path / "in.zip", files))
    assert code == 0 and {one["student"] for one in found["receipts"] if one["counts"]} == {"101", "102"}
    assert space.submitted("101", "sums").read_bytes() == HONEST
    assert space.submitted("102", "sums").read_bytes() == FORGED
