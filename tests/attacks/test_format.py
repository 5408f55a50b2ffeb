"""The format of an attack: what a file says is read without running it, and mistakes are told by name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.pipeline.session.source_notebook import read_source
from tests.attacks import attack as form
from tests.attacks.attack import AttackError, load_corpus, read_attack
from tests.attacks.classroom import ASSIGNMENT, HERE
from tests.attacks.real import baseline_of, make_real_classroom, nickname

HEAD = '"""Does a thing.\n\nGains: a point\nor two.\n"""\n'
CELL = "# %% [reshape]\nX_train = '{{ course }}'\n"
SOURCE = read_source(HERE / "course" / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function: text → the path of an attack of the family harness."""
    def make(text: str, family: str = "harness") -> Path:
        path = tmp_path / family / "made_here.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    return make


def test_what_a_file_says(write: Callable[..., Path]) -> None:
    found = read_attack(write(HEAD + 'HONEST = ["build"]\nREST = "solution"\nFLAGGED = True\nCLAIMED = "open"\n'
                              'MODES = ["full"]\n\n' + CELL))
    assert (found.name, found.family) == ("made_here", "harness")
    assert (found.what, found.gains) == ("Does a thing.", "a point or two.")
    assert (found.honest, found.rest, found.flagged, found.claimed, found.modes, found.raw) == (
        ("build",), "solution", True, "open", ("full",), False)


def test_nothing_is_run_to_read_it(write: Callable[..., Path], tmp_path: Path) -> None:
    read_attack(write(HEAD + f"# %% [fit]\nopen({str(tmp_path / 'ran')!r}, 'w')\n"))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(("text", "words"), [
    (CELL, "must begin with one sentence"),
    ('"""No gains."""\n' + CELL, "Gains"),
    (HEAD + "# %% [reshap]\npass\n", "the nearest is 'reshape'"),
    (HEAD + "# %% reshape\npass\n", "is not a cell header"),
    (HEAD + "HONST = []\n" + CELL, "the nearest is 'HONEST'"),
    (HEAD + 'HONEST = ["fits"]\n' + CELL, "the nearest is 'fit'"),
    (HEAD + 'HONEST = "fit"\n' + CELL, "must be a list"),
    (HEAD + 'MODES = ["strict"]\n' + CELL, "MODES 'strict' is unknown"),
    (HEAD + 'REST = "blanc"\n' + CELL, "must be one of 'blank', 'solution'"),
    (HEAD + "FLAGGED = bool(1)\n" + CELL, "plain value"),
    (HEAD + "import os\n" + CELL, "before the first # %%"),
    (HEAD, "either cells"),
    (HEAD + 'FILE = "raw"\n' + CELL, "either cells"),
    (HEAD + "(\n" + CELL, "line 6"),
])
def test_mistakes_are_reported_by_name(write: Callable[..., Path], text: str, words: str) -> None:
    with pytest.raises(AttackError, match="made_here") as told:
        read_attack(write(text))
    assert words in str(told.value)


def test_an_unknown_family_is_refused(write: Callable[..., Path]) -> None:
    with pytest.raises(AttackError, match="families are"):
        read_attack(write(HEAD + CELL, family="tricks"))


def test_a_name_is_used_once(write: Callable[..., Path], tmp_path: Path) -> None:
    write(HEAD + CELL)
    write(HEAD + CELL, family="leakage")
    with pytest.raises(AttackError, match="names are unique"):
        load_corpus(tmp_path)


def source_of(uploaded: bytes, cell_id: str) -> str:
    return str(next(cell["source"] for cell in json.loads(uploaded)["cells"] if cell["id"] == cell_id))


def test_other_answers_are_blank_or_the_solution(write: Callable[..., Path]) -> None:
    blank = json.loads(json.dumps(SOURCE))
    for cell in blank["cells"]:
        if cell["metadata"]["nbgrader"]["solution"]:
            cell["source"] = "# YOUR CODE HERE"
    for rest, expected in (("blank", "# YOUR CODE HERE"), ("solution", "model.count_params()")):
        uploaded = read_attack(write(f'{HEAD}REST = "{rest}"\n{CELL}')).upload(SOURCE, blank, {"course": "/there"})
        assert source_of(uploaded, "reshape") == "X_train = '/there'"
        assert expected in source_of(uploaded, "parameters")


def test_a_raw_upload_is_what_its_function_writes(write: Callable[..., Path], tmp_path: Path) -> None:
    raw = read_attack(write(HEAD + 'FILE = "raw"\n\ndef upload(path, released):\n    released.clear()\n'
                            '    path.write_text("{}")\n'))
    released: dict[str, list[object]] = {"cells": []}
    assert raw.upload(SOURCE, released, {"scratch": str(tmp_path)}) == b"{}"
    assert released == {"cells": []}, "the release of the next attack was changed"


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Return a function: text → the path of an attack on a real assignment."""
    def make(text: str, name: str = "made_here") -> Path:
        path = tmp_path / "any_family" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    monkeypatch.setattr(form, "REAL_CORPUS", tmp_path)
    return make


REAL = HEAD + 'ASSIGNMENT = "mlp-digits"\n'
UPDATES = "# %% [updates]\nupdates_per_epoch = 47\n"


def test_what_a_file_says_of_a_real_assignment(real: Callable[..., Path]) -> None:
    found = read_attack(real(REAL + 'HONEST = "rest"\nREST = "solution"\nBASELINE = "blank"\nBOARD = "off"\n'
                             'NICKNAME = "N"\nFAILS = "It is known."\n' + UPDATES))
    assert (found.assignment, found.baseline, found.board, found.nickname, found.fails) == (
        "mlp-digits", True, "off", "N", "It is known.")
    assert "reshape" in found.honest and "updates" not in found.honest and found.attacked == {"updates"}
    assert nickname(found) == "N"


@pytest.mark.parametrize(("text", "words"), [
    (HEAD + UPDATES, "must say which assignment"),
    (HEAD + 'ASSIGNMENT = "mlp-digit"\n' + UPDATES, "must be one of"),
    (REAL + CELL.replace("reshape", "evaluate"), "the nearest is 'sigmoid-evaluate'"),
    (REAL + 'HONEST = ["update/x"]\n' + UPDATES, "the nearest is 'updates'"),
    (REAL + 'BOARD = "low"\n' + UPDATES, "must be one of 'any', 'below', 'off'"),
    (REAL + "NICKNAME = 3\n" + UPDATES, "must be a text"),
])
def test_mistakes_about_real_assignments_are_reported_by_name(real: Callable[..., Path], text: str, words: str) -> None:
    with pytest.raises(AttackError, match="made_here") as told:
        read_attack(real(text))
    assert words in str(told.value)


def test_keys_of_real_assignments_are_unknown_on_the_small_one(write: Callable[..., Path]) -> None:
    with pytest.raises(AttackError, match="key 'ASSIGNMENT' is unknown"):
        read_attack(write(HEAD + 'ASSIGNMENT = "mlp-digits"\n' + CELL))


@pytest.mark.slow
def test_a_baseline_is_the_submission_with_the_attacked_answers_blank(
    real: Callable[..., Path], tmp_path: Path, stand_in: Path
) -> None:
    room = make_real_classroom(tmp_path / "room", stand_in, "mlp-digits")
    told = REAL + 'REST = "solution"\nBASELINE = "blank"\n' + UPDATES
    first, second = read_attack(real(told)), read_attack(real(told + "# %% [count-parameters]\npass\n", "other"))
    assert baseline_of(first) != baseline_of(second)
    uploads = room.uploads([first, second])
    assert set(uploads) == {"made_here", "other", baseline_of(first), baseline_of(second)}
    assert source_of(uploads["made_here"], "updates") == "updates_per_epoch = 47"
    blank = uploads[baseline_of(first)]
    assert "47" not in source_of(blank, "updates") and "784 * 512" in source_of(blank, "count-parameters")
    assert "784 * 512" not in source_of(uploads[baseline_of(second)], "count-parameters")
