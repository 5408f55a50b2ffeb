"""A new gradebook: whole or not there at all, and the same as nbgrader's own."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import pytest

from autograder.gradebook import database as store
from autograder.gradebook.database import open_gradebook, programs_on_path

pytestmark = pytest.mark.slow


def columns(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of nbgrader's with its columns."""
    with contextlib.closing(sqlite3.connect(path)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: [row[:4] for row in database.execute(f"PRAGMA table_info({name})")]
                for name in tables if name not in ("autograder_memory", "alembic_version")}


def version(path: Path) -> list[tuple[str]]:
    with contextlib.closing(sqlite3.connect(path)) as database:
        return list(database.execute("SELECT version_num FROM alembic_version"))


def test_a_new_gradebook_is_the_one_that_nbgrader_makes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbgrader.api import Gradebook

    theirs, ours = tmp_path / "theirs.db", tmp_path / "ours.db"
    with programs_on_path(), contextlib.closing(Gradebook(f"sqlite:///{theirs}", "course")):
        pass

    def refuse(*arguments: object, **options: object) -> None:
        raise AssertionError(f"expected no process, saw {arguments}")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with open_gradebook(ours, "course") as book:
        assert book.course_id == "course"
    assert columns(ours) == columns(theirs) and version(ours) == version(theirs) and len(version(ours)) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ours.db", "theirs.db"]


def test_one_that_another_command_made_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "gradebook.db"
    with open_gradebook(path, "course") as book:
        book.add_student("alice")
    store._make(path)
    with open_gradebook(path, "course") as book:
        assert [student.id for student in book.students] == ["alice"]


def test_where_there_are_no_links_nbgrader_makes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    with open_gradebook(tmp_path / "gradebook.db", "course") as book:
        assert book.students == []
    assert len(version(tmp_path / "gradebook.db")) == 1
