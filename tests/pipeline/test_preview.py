"""`autograder preview`: the pages that students will see, made by real grading; nothing else is replaced or deleted."""

from __future__ import annotations

import html
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.authoring import Source, create_assignment, create_course
from autograder.cli import cli
from autograder.errors import CourseError, ReleaseError
from autograder.feedback import render_released
from autograder.pipeline.grade import reruns
from autograder.pipeline.preview import PreviewOptions, preview_assignment
from autograder.pipeline.release.release import release_assignment
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent


@pytest.fixture
def begun(tmp_path: Path) -> Workspace:
    """A course with one assignment that is not released yet, made as an instructor makes it."""
    made = open_workspace(create_course(tmp_path, "intro"))
    create_assignment(made, "first", Source(like="blank"), title="Twice as large")
    return open_workspace(made.root)


@pytest.fixture
def workspace(begun: Workspace) -> Workspace:
    """The same with the assignment released."""
    release_assignment(begun, "first", prove=None)
    return begun


@pytest.mark.slow
@pytest.mark.rotates(part=3)
def test_the_pages_are_those_of_real_grading(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    done = CliRunner().invoke(cli, ["--course", str(workspace.root), "preview", "first", "--json"])
    assert done.exit_code == 0, done.output
    folder = workspace.root / "preview" / "first"
    pages = {page["name"]: page for page in json.loads(done.stdout)}
    assert {name: (page["score"], page["points"]) for name, page in pages.items()} == {
        "blank": (0, 3), "list-repeated": (0, 3), "squared": (1, 3)}
    assert sorted(path.name for path in folder.iterdir()) == [
        "notebook.html", "wrong-list-repeated.html", "wrong-squared.html"]
    squared = html.unescape((folder / "wrong-squared.html").read_text())
    assert "Every number of doubled is twice as large" in squared.replace("<code>", "").replace("</code>", "")
    assert "numbers**2" in squared and "LOSES" not in squared
    notebook = html.unescape((folder / "notebook.html").read_text())
    assert "Twice as large" in notebook and "Task 1 · Double the numbers" in notebook
    assert "YOUR CODE HERE" in notebook and "numbers * 2" not in notebook, "the answer is in no page for students"
    assert "doubled does not exist yet" in notebook, "the cells were run"

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a notebook was run again")

    # The same again, from what was run: in another folder, and only one page.
    monkeypatch.setattr(reruns, "run_notebook", never)
    into = workspace.root / "elsewhere" / "pages"
    again = preview_assignment(workspace, "first", PreviewOptions(only=("squared",), into=into), Silent())
    assert [(page.name, page.path, page.score) for page in again] == [
        ("blank", into / "notebook.html", 0), ("squared", into / "wrong-squared.html", 1)]


@pytest.mark.slow
@pytest.mark.parametrize("only", ["loop", "solution", "squrd"])
def test_only_wrong_variants_have_a_page(workspace: Workspace, only: str) -> None:
    with pytest.raises(ReleaseError, match="there is no such variant"):
        preview_assignment(workspace, "first", PreviewOptions(only=(only,)), Silent())


@pytest.mark.parametrize("name", ["grades.csv", "index.html", "wrong-squared.html.d"])
def test_a_folder_with_anything_else_is_left_alone(begun: Workspace, name: str) -> None:
    folder = begun.root / "pages"
    (folder / name if name.endswith(".d") else folder).mkdir(parents=True)
    if not name.endswith(".d"):
        (folder / name).write_text("mine")
    with pytest.raises(CourseError, match="is no page of a preview: choose another folder"):
        preview_assignment(begun, "first", PreviewOptions(into=folder), Silent())
    assert (folder / name).exists()


def test_a_file_is_no_folder(begun: Workspace) -> None:
    with pytest.raises(CourseError, match=r"course\.yml is none: choose another name"):
        preview_assignment(begun, "first", PreviewOptions(into=begun.root / "course.yml"), Silent())


def test_nothing_is_folded_in_the_notebook_of_students() -> None:
    locked = {"nbgrader": {"grade": False, "solution": False, "locked": True, "grade_id": "load"}}
    notebook = {"cells": [
        {"cell_type": "markdown", "metadata": locked, "source": "# A <b>title</b>"},
        {"cell_type": "code", "metadata": locked, "source": "numbers = 1 < 2", "execution_count": 1, "outputs": []}]}
    page = render_released(notebook, assignment_title="T & T")
    assert "<details>" not in page and "numbers = 1 &lt; 2" in page
    assert "T &amp; T" in page and "Preview for staff" in page
