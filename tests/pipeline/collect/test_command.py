"""`autograder collect` as people and programs use it: counts, exit codes, JSON; and `export` for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from autograder.cli.grading import KINDS
from autograder.cli.main import _run
from autograder.course import parse_people
from autograder.errors import CourseError
from autograder.grades import Grade, State, TaskGrade
from autograder.pipeline.collect import Kind, TimesFrom
from autograder.safe.spreadsheet import harmless
from tests.pipeline.collect.helpers import archive, blank, course, foreign, work


def run(space: Any, *arguments: str) -> int:
    return _run(["--course", str(space.root), "--output", str(space.output), *arguments])


def test_what_is_found_counts_and_is_kept_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    space = course(tmp_path)
    files = {
        "ada/sums.ipynb": work(),
        "ada/sums-Copy1.ipynb": blank(),
        "bob/sums.ipynb": work("total = 2"),
        "bob/x.ipynb": foreign(),
        "cyd/sums.ipynb": work("total = 3"),
        "dan/sums.ipynb": work("total = 4"),
    }
    path = archive(tmp_path / "in.zip", files)
    assert run(space, "collect", str(path)) == 0
    assert "6 notebooks found, 4 count, 2 kept, 0 refused" in capsys.readouterr().err
    assert run(space, "collect", str(path), "--json") == 0
    out = json.loads(capsys.readouterr().out)
    assert {name: out[name] for name in ("found", "count", "kept", "refused")} == {
        "found": 6,
        "count": 4,
        "kept": 2,
        "refused": 0,
    }
    assert len(out["receipts"]) == 6
    assert {"time_from", "time_confirmed", "marked_late", "claimed_as", "flags", "counts"} <= out["receipts"][0].keys()


@pytest.mark.parametrize("files", [{"ada/sums.ipynb": b"# no"}, {"x_attempt_y.ipynb": work()}, {"notes.csv": b""}, {}])
def test_nothing_collected_is_no_success(
    tmp_path: Path, files: dict[str, bytes], capsys: pytest.CaptureFixture[str]
) -> None:
    space = course(tmp_path)
    assert run(space, "collect", str(archive(tmp_path / "in.zip", files)), "--json") == 9
    assert json.loads(capsys.readouterr().out)["count"] == 0


def test_one_good_one_among_refused_ones_is_a_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    space = course(tmp_path)
    assert (
        run(space, "collect", str(archive(tmp_path / "in.zip", {"ada/sums.ipynb": b"# no", "bob/sums.ipynb": work()})))
        == 0
    )
    err = capsys.readouterr().err
    assert "refused ada sums" in err and "1 count, 0 kept, 1 refused" in err


def test_the_command_offers_what_the_package_knows() -> None:
    from typing import get_args

    from autograder.cli import grading

    assert get_args(Kind) == KINDS and get_args(TimesFrom) == get_args(grading.TimesFrom)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ada", "ada"),
        ("-1.5", "-1.5"),
        ("+2", "+2"),
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-rf", "'-rf"),
        ("+a", "'+a"),
        ("\t=1", "'\t=1"),
        (" =1", "' =1"),
        ("\r=1", "'\r=1"),
        ("\uff1d1", "'\uff1d1"),
        ("", ""),
        ("a=b", "a=b"),
    ],
)
def test_no_cell_of_the_export_is_a_formula(text: str, expected: str) -> None:
    assert harmless(text) == expected


def test_the_exported_table_is_harmless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from autograder.pipeline import up_to_date

    grade = Grade(student="=cmd|' /C calc'!A0", assignment="sums", state=State.GRADED, last_name="@x",
                  tasks=(TaskGrade(id="t", title="T", cell="test-t", points=1, automatic=-1.0),))
    monkeypatch.setattr(up_to_date, "current_grades", lambda *_: [grade])
    assert run(course(tmp_path), "export") == 0
    (found,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (found["student_id"], found["last_name"], found["raw_score"]) == ("'=cmd|' /C calc'!A0", "'@x", "-1.0")


# students.csv


@pytest.mark.parametrize(
    "text",
    [
        "id,name,email,canvas\nada,Ada Lovelace,ada@x.org,1234\n",
        "\ufeffid;name;email;canvas\r\nada;Ada Lovelace;ada@x.org;1234\r\n",
        "sep=;\nID;Name;E-Mail;Canvas ID\nada;Ada Lovelace;ada@x.org;1234",
        "canvas_id\tfull name\tid\temail\n1234\tAda Lovelace\tada\tada@x.org\n",
        '\n"id","name","email","canvas"\n"ada", "Ada Lovelace","ada@x.org","1234"\n\n,,,\n',
    ],
)
def test_students_csv_is_read_as_spreadsheets_write_it(text: str) -> None:
    (person,) = parse_people(text)
    assert (person.id, person.name, person.email, person.ids) == (
        "ada",
        "Ada Lovelace",
        "ada@x.org",
        {"canvas": ("1234",)},
    )


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "first line"),
        ("name\nAda\n", "line 1: the column 'id' is missing"),
        ("id,nmae\n", "line 1: the column 'nmae' is unknown: is 'name' meant?"),
        ("id,id\n", "twice"),
        ("id,phone\n", "line 1: the column 'phone' is unknown"),
        ("id\nada\n\nada\n", "line 4: 'ada' in the column 'id'"),
        ("id\nada\nADA\n", "line 3"),
        ("id,canvas\nada,1\nbob,1\n", "line 3: '1' in the column 'canvas' belongs to 'ada'"),
        ("id,email\nada,a@x.org\nbob,A@X.org\n", "line 3"),
        ("id\n../x\n", "line 2"),
        ("id,name\n,Ada\n", "line 2"),
        ("id\nada,b\n", "line 2: there are 2 cells"),
        ('id,name\nada,"Ada\n', "not CSV"),
        ('id,name\nada,Ada\nbob,"x\ny"\n-z,Z\n', "line 5"),
    ],
)
def test_errors_of_students_csv_name_the_line(text: str, part: str) -> None:
    with pytest.raises(CourseError) as caught:
        parse_people(text)
    assert part in str(caught.value) and "students.csv" in str(caught.value) and str(caught.value).endswith((".", "?"))


def test_students_csv_is_a_class_list_and_agrees_with_the_other_one(tmp_path: Path) -> None:
    assert course(tmp_path / "a", people="id,name\nada,Ada\n").course.students == ("ada",)
    assert course(tmp_path / "b", people="id,name\nada,Ada\n", students="ada, bob").course.students == ("ada", "bob")
    with pytest.raises(CourseError, match=r"'cyd', which is not among 'students' in course\.yml"):
        course(tmp_path / "c", people="id,name\ncyd,Cyd\n", students="ada, bob")
    space = course(tmp_path / "d")
    (space.root / "students.csv").write_bytes(b"id\n\xff\n")
    from autograder.workspace.layout import open_workspace

    with pytest.raises(CourseError, match=r"students\.csv must be UTF-8"):
        open_workspace(space.root)
