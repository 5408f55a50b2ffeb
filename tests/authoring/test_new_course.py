"""`autograder new course`: every file is there, and nothing that exists is touched."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from autograder import __version__
from autograder.authoring import create_course
from autograder.authoring.new_files import write_folders
from autograder.cli import cli
from autograder.errors import CourseError
from autograder.workspace.layout import open_workspace

ROOT = Path(__file__).resolve().parents[2]


def test_a_new_course_can_be_opened(tmp_path: Path) -> None:
    folder = create_course(tmp_path, "intro-2027", title='Networks: "an introduction" # 1')
    workspace = open_workspace(folder)
    assert (workspace.course.id, workspace.course.title) == ("intro-2027", 'Networks: "an introduction" # 1')
    assert workspace.chosen() == ()
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        "course.yml", "nbgrader_config.py", ".gitignore", "Makefile", "requirements.txt", "README.md",
        ".github/workflows/check.yml", "assignments/.gitkeep", "release/.gitkeep", "reference/.gitkeep",
        "tests/hidden/.gitkeep"}
    assert (folder / "requirements.txt").read_text().endswith(f"keras-autograder[cpu,student]=={__version__}\n")
    assert "<<" not in "".join(path.read_text() for path in folder.rglob("*") if path.is_file())


def test_its_nbgrader_config_is_that_of_this_repository(tmp_path: Path) -> None:
    made = create_course(tmp_path, "intro") / "nbgrader_config.py"
    assert made.read_bytes() == (ROOT / "nbgrader_config.py").read_bytes()


def test_grades_and_submissions_never_get_into_its_repository(tmp_path: Path) -> None:
    """What this repository ignores of a course, the new one ignores too."""
    folder = create_course(tmp_path, "intro")
    subprocess.run(["git", "init", "--quiet"], cwd=folder, check=True)
    private = ["submitted/ada/a/a.ipynb", "results/ada/a/result.json", "feedback/ada/a/a.html", "gradebook.db",
               "students.csv", "attempts/ada/a/1/result.json", "autograded/ada/a/a.ipynb", "report/a.html",
               "solutions/a/a-solution.ipynb", ".cache/sampling-secret", ".collect.lock"]
    found = subprocess.run(["git", "check-ignore", *private], cwd=folder, text=True, capture_output=True, check=False)
    assert found.stdout.split() == private
    kept = ["assignments/a/a.ipynb", "release/a/a.ipynb", "reference/a/reference.json", "tests/hidden/a/test_a.py"]
    assert subprocess.run(["git", "check-ignore", *kept], cwd=folder, check=False).returncode == 1


def test_make_lists_its_targets(tmp_path: Path) -> None:
    folder = create_course(tmp_path, "intro")
    shown = subprocess.run(["make"], cwd=folder, text=True, capture_output=True, check=True).stdout
    assert {line.split()[0] for line in shown.splitlines()} >= {"setup", "status", "release", "audit", "check", "grade"}


def test_its_workflow_runs_what_a_person_can_run(tmp_path: Path) -> None:
    folder = create_course(tmp_path, "intro")
    workflow = yaml.safe_load((folder / ".github/workflows/check.yml").read_text())
    assert workflow["jobs"]["check"]["steps"][-1] == {"run": "make check"}
    assert workflow["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("there", ["folder", "file", "link", "CAPITALS"])
def test_what_exists_is_left_alone(tmp_path: Path, there: str) -> None:
    if there == "file":
        (tmp_path / "intro").write_text("mine")
    elif there == "link":
        (tmp_path / "intro").symlink_to("nowhere")
    else:
        (tmp_path / ("INTRO" if there == "CAPITALS" else "intro")).mkdir()
    before = sorted(tmp_path.iterdir())
    with pytest.raises(CourseError, match=r"exists already, and nothing is overwritten"):
        create_course(tmp_path, "intro")
    assert sorted(tmp_path.iterdir()) == before and not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["..", ".", "a/b", "", "-x", "a b", "x" * 65])
def test_a_name_is_a_plain_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(CourseError, match="A course is named by"):
        create_course(tmp_path, name)
    assert not list(tmp_path.iterdir())


def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "mine").write_text("mine")
    with pytest.raises(OSError, match="second"):
        write_folders({tmp_path / "first": {"a/b": b"1"}, tmp_path / "second": {"c": b"2"}})
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()] == ["second/mine"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["second"]


def test_the_command_says_what_comes_next(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["--course", str(tmp_path), "new", "course", "intro", "--json"])
    assert done.exit_code == 0 and "autograder new assignment NAME --like images" in done.output
    assert (tmp_path / "intro" / "course.yml").is_file()
