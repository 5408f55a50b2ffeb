"""`autograder variants`: secret, list and copies from the command line, and sentences in place of tracebacks."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from autograder.cli.main import _run
from autograder.notebook import read_sizes
from autograder.testing import ASSIGNMENT, make_course
from autograder.workspace.variant_secret import variants_secret
from tests.pipeline.session.test_student_numbers import CLASS, with_variants


def test_the_list_and_the_copies_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with_variants(tmp_path)
    assert _run(["--course", str(tmp_path), "variants", "list", ASSIGNMENT, "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["student"] for row in rows] == list(CLASS)
    assert _run(["--course", str(tmp_path), "variants", "write", ASSIGNMENT, "--json"]) == 0
    paths = json.loads(capsys.readouterr().out)
    for row, path in zip(rows, paths, strict=True):
        copy = json.loads(Path(path).read_bytes())
        assert {name: str(number) for name, number in read_sizes(copy).items()} == {
            name: row[name] for name in ("UNITS", "EPOCHS")}
        assert copy["metadata"]["autograder"]["variant"] == row["code"]
    assert _run(["--course", str(tmp_path), "variants", "list", ASSIGNMENT, "--student", "s2", "--json"]) == 0
    assert [one["student"] for one in json.loads(capsys.readouterr().out)] == ["s2"]


def test_a_secret_is_made_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    workspace = make_course(tmp_path)
    assert _run(["--course", str(tmp_path), "variants", "init"]) == 0
    kept = variants_secret(workspace).read_text()
    assert kept not in "".join(capsys.readouterr())
    assert _run(["--course", str(tmp_path), "variants", "init"]) == 2
    assert "exists already" in capsys.readouterr().err and variants_secret(workspace).read_text() == kept


@pytest.mark.parametrize("verb", ["list", "write", "prove"])
def test_without_variants_each_verb_says_what_to_do(
    verb: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
) -> None:
    make_course(tmp_path)
    assert _run(["--course", str(tmp_path), "variants", verb, ASSIGNMENT]) == 2
    said = capsys.readouterr().err
    assert "write `variants:` into course.yml" in said and "Traceback" not in said
