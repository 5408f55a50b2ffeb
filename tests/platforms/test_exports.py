"""What goes to another platform: nothing about people, everything that grading needs, exact versions."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from pathlib import Path

import pytest

from autograder.course import Assignment
from autograder.errors import CourseError
from autograder.model import Limits
from autograder.platforms import export_gradescope
from autograder.platforms.bundle import as_zip, course_files, write_files
from autograder.platforms.gradescope_zip import needs_of
from autograder.platforms.otter_export import otter_settings, read_settings, refuse_foreign
from autograder.platforms.packaging import pins, wheel
from autograder.testing import ASSIGNMENT, make_course
from autograder.workspace.layout import Workspace, open_workspace

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = """\
students: [lovelace, bob]
extensions: {lovelace: {small: 2030-03-01T00:00:00+01:00}}
excused: {bob: [small]}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_course(tmp_path / "course")
    path = made.root / "course.yml"
    path.write_text(path.read_text() + PEOPLE)
    (made.root / "students.csv").write_text("id,name\nlovelace,Ada\nbob,Bob\n")
    return open_workspace(made.root)


def test_the_bundle_is_a_course_of_one_assignment_that_names_nobody(workspace: Workspace, tmp_path: Path) -> None:
    files = course_files(workspace, ASSIGNMENT)
    assert not [name for name, content in files.items() if b"lovelace" in content.lower() or "students" in name]
    write_files(files, tmp_path / "goal")
    opened = open_workspace(tmp_path / "goal")
    assert opened.course.assignment(ASSIGNMENT) == workspace.course.assignment(ASSIGNMENT)
    assert opened.release(ASSIGNMENT).is_file() and list(opened.hidden(ASSIGNMENT).glob("test_*.py"))
    assert opened.sampling_secret.read_bytes() == workspace.sampling_secret.read_bytes()
    assert (tmp_path / "goal").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("assignment", sorted(path.parent.name for path in ROOT.glob("assignments/*/*.ipynb")))
def test_each_assignment_of_this_course_is_a_course_of_its_own(
    assignment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What only other assignments make valid, such as a grader's profile of sizes, is left out."""
    monkeypatch.setenv("AUTOGRADER_DATA", str(tmp_path))
    course = open_workspace(ROOT, tmp_path / "output")
    write_files(course_files(course, assignment), tmp_path / "goal")
    opened = open_workspace(tmp_path / "goal").course
    assert list(opened.assignments) == [assignment]
    assert opened.assignment(assignment) == course.course.assignment(assignment)


def test_what_was_not_released_is_not_exported(workspace: Workspace) -> None:
    workspace.release(ASSIGNMENT).unlink()
    with pytest.raises(CourseError, match="autograder release small"):
        course_files(workspace, ASSIGNMENT)


def test_the_wheel_is_one_that_pip_reads() -> None:
    name, content = wheel()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        stem = "-".join(name.split("-")[:2])
        assert {"autograder/__init__.py", "autograder/feedback/templates/page.html.j2",
                f"{stem}.dist-info/METADATA"} <= set(names)
        recorded = archive.read(f"{stem}.dist-info/RECORD").decode().splitlines()
        assert [line.split(",")[0] for line in recorded] == [*sorted(set(names) - {f"{stem}.dist-info/RECORD"}),
                                                             f"{stem}.dist-info/RECORD"]
    assert wheel()[1] == content


def test_every_dependency_has_one_exact_version() -> None:
    found = pins("keras-autograder[cpu]")
    names = [line.partition("==")[0] for line in found]
    assert {"keras", "numpy", "pydantic", "nbformat"} <= set(names) and len(set(names)) == len(names)
    assert "keras-autograder" not in names and all(line.partition("==")[2] for line in found)


@pytest.mark.parametrize(("given", "said"), [
    ({"run_on": "colab"}, "nearest is 'runs_on'"),
    ({"runs_on": "moon"}, "'runs_on' for Otter is wrong"),
    ({"runs_on": "colab"}, "tests_url_prefix"),
    ({"score_threshold": 3}, "'score_threshold'"),
    ({"plugins": []}, "There is no setting 'plugins'"),
])
def test_settings_that_otter_would_ignore_are_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(CourseError, match=said):
        otter_settings(given)


def test_a_file_of_settings_has_to_be_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("runs_on: colab\ntests_url_prefix: https://example.org/tests\n")
    assert otter_settings(read_settings(tmp_path / "a.yml")).runs_on == "colab" and read_settings(None) == {}
    (tmp_path / "b.yml").write_text("- runs_on\n")
    with pytest.raises(CourseError, match="name: value"):
        read_settings(tmp_path / "b.yml")


def test_a_folder_with_other_files_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(CourseError, match="contains other files"):
        refuse_foreign(tmp_path)


# Gradescope


def test_the_zip_has_everything_and_starts_with_what_is_shown_if_the_grader_fails(
    workspace: Workspace, tmp_path: Path
) -> None:
    made = export_gradescope(workspace, ASSIGNMENT, tmp_path / "a.zip", stand_in=False, minutes=10)
    with zipfile.ZipFile(made.path) as archive:
        names = set(archive.namelist())
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
        run = archive.read("run_autograder").decode()
        shown = json.loads(archive.read("grader/not-graded.json"))
        archive.extractall(tmp_path / "zip")
    assert {"setup.sh", "run_autograder", "course.yml", "grader/requirements.txt"} <= names
    assert {name for name, mode in modes.items() if mode != 0o600} == {"setup.sh", "run_autograder"}
    assert run.index("not-graded.json") < run.index("container gradescope")
    assert shown["tests"][-1]["visibility"] == "hidden" and "timeout --kill-after=10 570" in run
    for script in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n", str(tmp_path / "zip" / script)], check=True)


def test_it_says_what_the_default_container_cannot_hold(workspace: Workspace, tmp_path: Path) -> None:
    made = export_gradescope(workspace, ASSIGNMENT, tmp_path / "a.zip", stand_in=False, minutes=3)
    said = " ".join(made.notes)
    assert f"set at least 1 CPU, {made.needs.mib} MB and {made.needs.minutes} minutes" in said
    assert "weaker mode `restricted`" in said and "--minutes" in said
    small = Assignment(id="a", title="A", limits=Limits(notebook_seconds=100, memory_mib=64))
    assert needs_of(small).mib > 768 and not needs_of(small).fits_the_default


def test_without_real_data_the_instructor_has_to_allow_the_stand_in(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workspace.root / "course.yml"
    path.write_text(path.read_text().replace("data: own", "data: mnist"))
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(CourseError, match="--stand-in"):
        export_gradescope(open_workspace(workspace.root), ASSIGNMENT, tmp_path / "a.zip", stand_in=False, minutes=10)


def test_the_same_files_give_the_same_zip() -> None:
    files = {"b": b"2", "a": b"1"}
    assert as_zip(files) == as_zip(dict(reversed(files.items())))
