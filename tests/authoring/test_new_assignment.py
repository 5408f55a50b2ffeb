"""`autograder new assignment`: the parts are there, course.yml keeps what it says, nothing is overwritten."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from autograder.authoring import Source, create_assignment, create_course, kinds
from autograder.authoring.assignment_entry import with_entry
from autograder.authoring.template_files import ASSIGNMENTS
from autograder.cli import cli
from autograder.errors import CourseError
from autograder.pipeline.release.validate import check_source
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.variant_files import load_variants
from autograder.workspace.layout import Workspace, open_workspace

ENTRY = ["title: New", "data: own  # why"]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return open_workspace(create_course(tmp_path, "intro"))


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_offered() -> None:
    assert set(kinds()) == {"blank", "images", "regression", "tabular", "text"}


@pytest.mark.parametrize("like", kinds())
def test_every_template_is_complete(workspace: Workspace, like: str) -> None:
    """Whether it can be released is tested by releasing it: tests/authoring/test_installed.py."""
    made = create_assignment(workspace, "first", Source(like=like), title="Mine")
    opened = open_workspace(workspace.root)
    assert opened.course.assignment("first").title == "Mine" and opened.course.assignment("first").data == "own"
    source = read_source(opened.source("first"))
    check_source(source)
    tasks = {cell["id"] for cell in source["cells"] if cell["metadata"]["nbgrader"]["solution"]}
    for kind in ("right", "wrong"):
        variants = load_variants(opened, "first", "right" if kind == "right" else "wrong")
        assert len(variants) >= 2
        assert {cell.task for variant in variants for cell in variant.cells} <= tasks
    checks = [path for path in opened.hidden("first").glob("test_*.py") if ast.parse(path.read_text())]
    assert checks and made.next_steps[0] == "autograder release first"


@pytest.mark.parametrize("like", kinds())
def test_code_of_a_template_can_be_read(like: str) -> None:
    """Lines as long as anywhere here, and Python that parses, in notebooks too."""
    folder = ASSIGNMENTS / like
    texts = [path.read_text() for path in folder.rglob("*.py.template")]
    texts += ["".join(cell["source"]) for cell in json.loads((folder / "notebook.ipynb.template").read_bytes())["cells"]
              if cell["cell_type"] == "code"]
    for text in texts:
        ast.parse(text)
        assert max(map(len, text.splitlines())) <= 120


def test_a_second_one_is_added_after_the_first(workspace: Workspace) -> None:
    for name in ("zeta", "alpha"):
        create_assignment(open_workspace(workspace.root), name, Source())
    assert list(open_workspace(workspace.root).course.assignments) == ["zeta", "alpha"]
    text = (workspace.root / "course.yml").read_text()
    assert text.count("# due: ") == 2 and "# timezone: Europe/Berlin" in text


@pytest.mark.parametrize("there", ["assignments/first", "tests/hidden/FIRST", "reference/first", "release/first"])
def test_what_exists_is_left_alone(workspace: Workspace, there: str) -> None:
    (workspace.root / there).mkdir(parents=True)
    (workspace.root / there / "mine").write_text("mine")
    before = snapshot(workspace.root)
    with pytest.raises(CourseError, match="exists already, and nothing is overwritten"):
        create_assignment(workspace, "first", Source(like="images"))
    assert snapshot(workspace.root) == before


@pytest.mark.parametrize("name", ["../up", "", "a b", "_draft", ".x"])
def test_a_name_is_a_plain_folder(workspace: Workspace, name: str) -> None:
    with pytest.raises(CourseError, match="An assignment is named by"):
        create_assignment(workspace, name, Source())


def test_a_copy_has_all_parts_but_the_deadline_and_what_was_measured(workspace: Workspace) -> None:
    create_assignment(workspace, "first", Source(like="images"))
    file = workspace.root / "course.yml"
    text = file.read_text().replace("    # due: 2030-01-31T23:59:00+01:00",
                                    "    due: 2030-01-31T23:59:00+01:00\n    # a note of mine")
    file.write_text(text.replace('title: "First"', "title: >-\n      A long\n      title"))
    root = workspace.root
    (root / "assignments/first/table.csv").write_text("1,2")
    (root / "reference/first/reference.json").write_text("{}")
    (root / "reference/first/releases").mkdir()
    made = create_assignment(open_workspace(root), "second", Source(assignment="first"))
    course = open_workspace(root).course
    assert course.assignment("second").title == "Second" and course.assignment("second").due is None
    assert course.assignment("second").limits == course.assignment("first").limits
    assert course.assignment("first").title == "A long title" and course.assignment("first").due is not None
    assert file.read_text().count("# a note of mine") == 2
    assert sorted(path.name for path in (root / "assignments/second").iterdir()) == ["second.ipynb", "table.csv"]
    assert [path.name for path in (root / "reference/second").iterdir()] == ["variants"]
    assert snapshot(root / "tests/hidden/second") == snapshot(root / "tests/hidden/first")
    assert snapshot(root / "reference/second/variants") == snapshot(root / "reference/first/variants")
    # What the first one measured is not the second one's: it is calibrated before the proof compares with it.
    assert made.next_steps[:3] == (
        "autograder release --no-proof second", "autograder calibrate second", "autograder release second")


def test_a_copy_needs_something_to_copy(workspace: Workspace) -> None:
    with pytest.raises(CourseError, match="has no assignment 'nothing'"):
        create_assignment(workspace, "second", Source(assignment="nothing"))


def test_one_beginning_at_a_time(workspace: Workspace) -> None:
    done = CliRunner().invoke(
        cli, ["--course", str(workspace.root), "new", "assignment", "x", "--like", "blank", "--from", "y"])
    assert done.exit_code == 2 or isinstance(done.exception, SystemExit)
    assert not (workspace.root / "assignments/x").exists()


HEAD = "# top\nid: a\ntitle: T\n"
PLACES = {
    "none": (HEAD, HEAD + "assignments:\n  new:\n    title: New\n    data: own  # why\n"),
    "empty, with a comment": (HEAD + "assignments: {}  # here\nlinks: {}\n",
                              HEAD + "assignments:  # here\n  new:\n    title: New\n    data: own  # why\nlinks: {}\n"),
    "in the middle": (HEAD + "assignments:\n    old:\n        title: Old\n        # last\n\n# links\nlinks: {}\n",
                      HEAD + "assignments:\n    old:\n        title: Old\n        # last\n    new:\n      title: New\n"
                      "      data: own  # why\n\n# links\nlinks: {}\n"),
    "after a text of several lines": (
        HEAD + "assignments:\n  old:\n    title: Old\n    ai_rule: |\n      # no comment\n      # either\n",
        HEAD + "assignments:\n  old:\n    title: Old\n    ai_rule: |\n      # no comment\n      # either\n  new:\n"
        "    title: New\n    data: own  # why\n"),
    "without a last line break": (HEAD + "assignments:\n  old:\n    title: Old",
                                  HEAD + "assignments:\n  old:\n    title: Old\n  new:\n    title: New\n"
                                  "    data: own  # why\n"),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_entry_is_added_and_nothing_else_changes(place: str) -> None:
    before, after = PLACES[place]
    folders = [*(yaml.safe_load(before).get("assignments") or {}), "new"]
    assert with_entry(before, "new", ENTRY, folders) == after
    windows = with_entry(before.replace("\n", "\r\n"), "new", ENTRY, folders)
    assert windows == after.replace("\n", "\r\n")


def test_an_entry_that_is_there_is_kept() -> None:
    with pytest.raises(CourseError, match="has an assignment 'old' already"):
        with_entry(HEAD + "assignments:\n  old:\n    title: Old\n", "old", ENTRY, ["old"])


def test_a_form_without_lines_of_its_own_is_refused() -> None:
    with pytest.raises(CourseError, match="No entry for 'new' can be added"):
        with_entry(HEAD + "assignments: {old: {title: Old}}\n", "new", ENTRY, ["old", "new"])
