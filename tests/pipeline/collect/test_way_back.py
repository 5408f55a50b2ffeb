"""Round trips by the commands: a platform's download is collected, and its own table and file names come back."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.cli.main import _run
from autograder.model import Result, TaskResult
from autograder.workspace.layout import Workspace
from tests.pipeline.collect.helpers import archive, course, put, work

PEOPLE = "id,name,email,canvas\nada,Ada Lovelace,ada@x.org,123\nben,Ben Bool,ben@x.org,124\n"
WORKSHEET = (
    "ID,Vollständiger Name,E-Mail-Adresse,Status,Bewertung,Bestwertung,Zuletzt geändert (Bewertung),Feedback als "
    "Kommentar\nTeilnehmer/in11,Ada Lovelace,ada@x.org,abgegeben,,\"10,00\",-,\n"
    "Teilnehmer/in12,Ben Bool,ben@x.org,abgegeben,,\"10,00\",-,\n")


def graded(space: Workspace, student: str, earned: float | None) -> None:
    """Write what `autograder grade` would."""
    task = TaskResult(id="total", title="Total", points=10, earned=earned)
    result = Result(student=student, assignment="sums", status="graded", tasks=(task,), max_score=10)
    put(space.result(student, "sums"), result.to_json().encode())


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def names(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as packed:
        assert all(b"<html" in packed.read(name) for name in packed.namelist())
        return packed.namelist()


def test_moodle_gets_its_worksheet_and_its_folders_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: Any
) -> None:
    space = course(tmp_path, people=PEOPLE)
    download = archive(tmp_path / "in.zip", {
        "Ada Lovelace_11_assignsubmission_file_/sums.ipynb": work(),
        "Ben Bool_12_assignsubmission_file_/sums.ipynb": work("total = 2")})
    root = ["--course", str(space.root), "--output", str(space.output)]
    assert _run([*root, "collect", str(download), "--assignment", "sums"]) == 0
    graded(space, "ada", 7.5)
    graded(space, "ben", None)
    sheet = put(tmp_path / "w.csv", WORKSHEET.encode("utf-8-sig"))
    filled = tmp_path / "filled.csv"
    assert _run([*root, "export", "sums", "--to", "moodle", "--worksheet", str(sheet), "--out", str(filled)]) == 0
    assert filled.read_bytes().startswith(b"\xef\xbb\xbf") and sheet.read_bytes() == WORKSHEET.encode("utf-8-sig")
    assert [row[4] for row in rows(filled.read_text(encoding="utf-8"))[1:]] == ["7,5", ""]
    assert "ben" in capsys.readouterr().err
    assert _run([*root, "return", "sums", "--to", "moodle", "--json"]) == 0
    assert names(Path(json.loads(capsys.readouterr().out)["path"])) == [
        "Ada Lovelace_11_assignsubmission_file_/sums.html", "Ben Bool_12_assignsubmission_file_/sums.html"]
    wrong = put(tmp_path / "other.csv", WORKSHEET.replace("in11", "in71").replace("in12", "in72").encode())
    assert _run([*root, "export", "sums", "--to", "moodle", "--worksheet", str(wrong)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and "another assignment" in said.err and len(said.err.strip().splitlines()) == 1


def test_canvas_gets_its_table_and_its_names_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    space = course(tmp_path, people=PEOPLE)
    download = archive(tmp_path / "in.zip", {"lovelaceada_123_9001_sums.ipynb": work(),
                                             "boolben_LATE_124_9002_sums.ipynb": work("total = 2")})
    root = ["--course", str(space.root), "--output", str(space.output)]
    assert _run([*root, "collect", str(download), "--assignment", "sums", "--kind", "canvas"]) == 0
    graded(space, "ada", 7.5)
    text = space.result("ada", "sums").read_text()
    put(space.result("ben", "sums"), text[: len(text) // 2].encode())
    capsys.readouterr()
    assert _run([*root, "export", "sums", "--to", "canvas"]) == 0
    told = capsys.readouterr()
    assert [[row[1], row[5]] for row in rows(told.out)[2:]] == [["123", "7.5"], ["124", ""]]
    assert "A result of ben for sums was expected" in " ".join(told.err.split())
    assert _run([*root, "return", "sums", "--to", "canvas"]) == 0
    assert names(space.feedback_root / "sums-canvas.zip") == ["lovelaceada_123_9001_sums.html"]
