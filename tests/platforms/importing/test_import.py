"""What an import writes into a course: all of it or nothing, and never over what is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.authoring import with_entry
from autograder.course import parse
from autograder.course.source import read_source
from autograder.errors import AutograderError, CourseError
from autograder.platforms.importing import import_notebook as importing
from autograder.workspace.layout import Workspace, open_workspace

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "imports"
COURSE = """\
# Ours.
id: tiny
title: Tiny   # said aloud
assignments:
    # The first.
    first:
        title: First
        data: own

# What uploads may be.
collect:
    notebook: 20 MiB
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "assignments" / "first").mkdir(parents=True)
    (tmp_path / "course.yml").write_text(COURSE)
    return open_workspace(tmp_path)


def everything(workspace: Workspace) -> dict[str, bytes]:
    return {str(path.relative_to(workspace.root)): path.read_bytes() for path in workspace.root.rglob("*")
            if path.is_file()}


def test_an_import_is_an_assignment_of_the_course(workspace: Workspace) -> None:
    made = importing.import_notebook(workspace, SAMPLES / "otter-blocks.ipynb", "otter", None)
    assert made.written == ("assignments/otter-blocks/otter-blocks.ipynb", "assignments/otter-blocks/flowers.csv",
                            "tests/hidden/otter-blocks/test_otter_blocks.py", "course.yml")
    opened = open_workspace(workspace.root)
    assert opened.course.assignment("otter-blocks").title == "Arrays with Otter"
    assert opened.course.assignment("otter-blocks").data == "own"
    assert any("flowers.csv" in sentence for sentence in made.converted.found.done)
    text = (workspace.root / "course.yml").read_text()
    assert set(COURSE.splitlines()) <= set(text.splitlines()), "every line and comment stays"
    assert text.index("otter-blocks") < text.index("# What uploads may be.")


@pytest.mark.parametrize("there", ["assignments/again/notes.txt", "tests/hidden/again/test_again.py"])
def test_nothing_is_overwritten(workspace: Workspace, there: str) -> None:
    path = workspace.root / there
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    before = everything(workspace)
    with pytest.raises(CourseError, match="replaces nothing"):
        importing.import_notebook(workspace, SAMPLES / "plain.ipynb", "nbgrader", "again")
    assert everything(workspace) == before


def test_a_refused_notebook_leaves_nothing(workspace: Workspace, tmp_path: Path) -> None:
    before = everything(workspace)
    for path in (SAMPLES / "neither.ipynb", SAMPLES, tmp_path / "missing.ipynb", SAMPLES / "flowers.csv"):
        with pytest.raises(AutograderError) as caught:
            importing.import_notebook(workspace, path, "nbgrader", "new")
        assert "\n" not in str(caught.value)
    with pytest.raises(CourseError, match="id of an assignment"):
        importing.import_notebook(workspace, SAMPLES / "plain.ipynb", "nbgrader", "../out")
    assert everything(workspace) == before


def test_a_crash_while_writing_leaves_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything(workspace)

    def full(path: Path, data: str | bytes) -> None:
        if path.name == "course.yml":
            raise OSError(28, "No space left on device")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())

    monkeypatch.setattr(importing, "write_atomically", full)
    with pytest.raises(OSError, match="No space"):
        importing.import_notebook(workspace, SAMPLES / "plain.ipynb", "nbgrader", None)
    assert everything(workspace) == before


def test_only_files_inside_of_the_notebooks_folder_are_copied(workspace: Workspace, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere" / "hw"
    folder.mkdir(parents=True)
    shutil.copyfile(SAMPLES / "otter-blocks.ipynb", folder / "hw.ipynb")
    (folder.parent / "secret.csv").write_text("1")
    (folder / "flowers.csv").symlink_to(folder.parent / "secret.csv")
    made = importing.import_notebook(workspace, folder, "otter", None)
    assert made.assignment == "hw" and not any("flowers" in name for name in made.written)


@pytest.mark.parametrize("text", [
    "id: a\ntitle: A\n", "id: a\ntitle: A\nassignments:\n", "id: a\ntitle: A\nassignments: {}\n",
    "id: a\ntitle: A\nassignments:   # none yet\ncollect: {notebook: 20 MiB}",
    "assignments:\n  old: {title: Old}\nid: a\ntitle: A\n",
    "id: a\ntitle: A\nassignments:\n  old:\n    title: |\n      Old\n",
])
def test_an_entry_is_added_to_every_form_of_the_file(text: str) -> None:
    folders = ["old", "new"] if "old" in text else ["new"]
    made = with_entry(text, "new", ['title: "A \\"new\\": one"', "data: own"], folders)
    before, after = read_source(text).data, read_source(made).data
    assert after["assignments"].pop("new") == {"title": 'A "new": one', "data": "own"}
    assert {**after, "assignments": after["assignments"] or None} == {
        **before, "assignments": before.get("assignments") or None}
    assert "new" in parse(made, folders=folders).assignments


def test_a_form_that_takes_no_entry_is_refused() -> None:
    with pytest.raises(CourseError, match="No entry for 'new' can be added"):
        with_entry("id: a\ntitle: A\nassignments: {old: {title: Old}}\n", "new", ["title: N"], ["old", "new"])
    with pytest.raises(CourseError, match="has an assignment 'new' already"):
        with_entry("id: a\ntitle: A\nassignments: {new: {title: Old}}\n", "new", ["title: N"], ["new"])
