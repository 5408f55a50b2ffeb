"""The plugin's events, called as Otter calls them, and `otter run` itself on honest work and on attacks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import AutograderError, CourseError, ExecutionError, SubmissionError
from autograder.model import Basis, CheckResult, Result, Status, TaskResult
from autograder.otter import Plugin, one_submission, otter_plugin
from autograder.otter.plugin_settings import plugin_settings
from benchmarks.attacks import load_forms
from tests.attacks.classroom import ASSIGNMENT, HALF_WORK, Classroom, make_classroom, stand_in_cache
from tests.container.conftest import unhurried


class Config:
    """What Otter's AutograderConfig has of interest."""

    grade_from_log = True
    show_all_public = show_hidden = False
    force_public_test_summary = True


def check(name: str, status: Status, earned: float | None, **more: Any) -> CheckResult:
    return CheckResult(id=name, task="fit", title=name.title(), points=2, earned=earned, status=status,
                       basis=Basis.MEASURED, **more)


CHECKS = (check("shape", Status.PASSED, 2), check("scale", Status.FAILED, 0, seen="0–255", expected="0–1"),
          check("model", Status.UNJUDGED, None))
RESULT = Result(student="s", assignment="a", status="graded", score=2, max_score=10, withheld=2, manual=4, tasks=(
    TaskResult(id="fit", title="Train", points=6, earned=None, checks=CHECKS),
    TaskResult(id="why", title="Why", points=4, earned=None, manual=True)), staff_flags=("Left by os._exit.",))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Otter's folder after an upload with everything that Otter would have run or unpickled."""
    place = tmp_path / "submission"
    (place / "tests").mkdir(parents=True)
    for name in ("work.ipynb", "otter.py", ".OTTER_LOG", "tests/fit.py", "__init__.py"):
        (place / name).write_text("student's")
    (place / "link").symlink_to(tmp_path)
    return place


def started(folder: Path, monkeypatch: pytest.MonkeyPatch, result: Result | Exception = RESULT) -> Plugin:
    def grade(submission: Path, settings: Any, *, source: Path) -> Result:
        assert submission.read_text() == "student's" and source == folder.resolve().parent / "source"
        if isinstance(result, Exception):
            raise result
        return result

    monkeypatch.setattr(otter_plugin, "grade", grade)
    return Plugin(str(folder / "work.ipynb"), {}, {"assignment": "a"})


def graded(plugin: Plugin) -> Any:
    """Go through the events in Otter's order, with results as of a kernel that broke."""
    from otter.test_files import GradingResults

    config = Config()
    plugin.before_grading(config)
    assert not config.grade_from_log and config.show_all_public and not config.force_public_test_summary
    assert plugin.before_execution({"cells": ["student's"]})["cells"] == []
    results = GradingResults.without_results(RuntimeError("the kernel died"))
    plugin.after_grading(results)
    return results


def test_nothing_of_the_students_is_left_where_otter_works(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = started(folder, monkeypatch)
    graded(plugin)
    assert sorted(path.name for path in folder.iterdir()) == ["tests", "work.ipynb"]
    assert not list((folder / "tests").iterdir()) and folder.parent.is_dir()
    assert plugin._kept is not None and not plugin._kept.exists()


def test_each_task_is_one_test_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from otter.run import AutograderConfig

    plugin = started(folder, monkeypatch)
    results = graded(plugin)
    assert (results.total, results.possible, list(results.results)) == (2, 6, ["fit"])
    config = AutograderConfig()
    plugin.before_grading(config)
    shown = results.to_gradescope_dict(config)
    (test,) = shown["tests"]
    assert (test["score"], test["max_score"], test["visibility"]) == (2, 6, "visible")
    assert "Seen: 0–255" in test["output"] and "A person will decide" in test["output"]
    assert "os._exit" not in json.dumps(shown) and "Left by os._exit." in plugin.generate_report()
    assert "2 points wait" in shown["output"]


def test_what_was_refused_earns_nothing_and_says_why(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    task = TaskResult(id="fit", title="Train", points=6, earned=0, answered=False)
    refused = Result(student="s", assignment="a", status="refused", message="It is no notebook.", tasks=(task,))
    results = graded(started(folder, monkeypatch, refused))
    assert (results.total, results.possible, results.output) == (0, 6, "It is no notebook.")


@pytest.mark.parametrize("failure", [ExecutionError("lost"), Result(student="s", assignment="a", status="failed")])
def test_the_graders_own_failure_is_an_error_and_no_zero(
    folder: Path, monkeypatch: pytest.MonkeyPatch, failure: Any
) -> None:
    with pytest.raises(AutograderError):
        graded(started(folder, monkeypatch, failure))


def test_a_link_is_no_submission(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = started(folder, monkeypatch)
    (folder / "work.ipynb").unlink()
    (folder / "work.ipynb").symlink_to(folder / "otter.py")
    with pytest.raises(SubmissionError, match="one notebook"):
        plugin.before_grading(Config())


@pytest.mark.parametrize(("given", "said"), [
    ({"asignment": "a"}, "nearest is 'assignment'"), ({}, "'assignment'"),
    ({"assignment": "a", "isolation": "strong"}, "'isolation'"), ({"assignment": "a", "stand_in": "maybe"}, "stand_in"),
])
def test_settings_are_checked(given: dict[str, Any], said: str) -> None:
    with pytest.raises(CourseError, match=said):
        plugin_settings(given)


def test_without_a_course_it_says_where_one_belongs(tmp_path: Path) -> None:
    (tmp_path / "work.ipynb").write_text("{}")
    with pytest.raises(CourseError, match="autograder export otter"):
        one_submission.grade(tmp_path / "work.ipynb", plugin_settings({"assignment": "a"}), source=tmp_path)


# Otter itself


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    cache = stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in")
    return unhurried(make_classroom(tmp_path_factory.mktemp("otter"), cache))


@pytest.fixture(scope="module")
def exported(room: Classroom) -> Path:
    """The attacked course's assignment, exported by the command; Otter does not grade the solution first."""
    goal = room.output / "otter"
    done = room.command("export", "otter", ASSIGNMENT, f"--into={goal}", "--stand-in", "--no-proof")
    assert done.returncode == 0, done.stderr
    return goal


def otter_run(exported: Path, room: Classroom, upload: Path) -> dict[str, float]:
    """Return the score of each task that `otter run` gives."""
    into = upload.with_suffix("")
    into.mkdir()
    command = [sys.executable, "-I", "-m", "otter", "run", str(upload), "-a", str(exported / "autograder.zip"), "-o",
               str(into), "--no-logo"]
    done = subprocess.run(command, cwd=into, env=room.environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    shown = json.loads((into / "results.json").read_text())
    assert "canary" not in json.dumps(shown)
    return {test["name"]: test["score"] for test in shown["tests"]}


def trap(path: Path) -> bytes:
    """Return a zip whose modules and log leave a file at ``path`` where anything of them runs."""
    code = f"open({str(path)!r}, 'a').write(__name__)\n"
    made = path.with_suffix(".zip")
    with zipfile.ZipFile(made, "w") as archive:
        for module in ("otter", "numpy", "keras", "IPython", "autograder", "sitecustomize", "usercustomize"):
            archive.writestr(f"{module}.py", code)
        archive.writestr(".OTTER_LOG", f"cos\nsystem\n(S'touch {path}'\ntR.".encode())
    return made.read_bytes()


@pytest.mark.slow
@pytest.mark.rotates(part=1)
def test_otter_gives_each_task_the_points_that_grade_gives(
    exported: Path, room: Classroom, tmp_path: Path
) -> None:
    """Half of the work, in the notebook that `otter assign` made, in a zip with everything that Otter would run."""
    student = json.loads((exported / "student" / f"{ASSIGNMENT}.ipynb").read_bytes())
    half = room.honest()[HALF_WORK]
    answers = {cell["id"]: cell["source"] for cell in json.loads(half)["cells"]}
    for cell in student["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    ran = tmp_path / "ran"
    trap(ran)
    with zipfile.ZipFile(tmp_path / "ran.zip", "a") as archive:
        archive.writestr(f"{ASSIGNMENT}.ipynb", json.dumps(student))
    shutil.move(tmp_path / "ran.zip", tmp_path / "half.zip")
    room.hand_in({HALF_WORK: half})
    assert room.command("grade", ASSIGNMENT, "--stand-in", "--no-gradebook").returncode == 0
    expected = {task.id: sum(check.earned or 0 for check in task.checks)
                for task in room.result(HALF_WORK).tasks if not task.manual}
    assert otter_run(exported, room, tmp_path / "half.zip") == expected and 0 < sum(expected.values()) < 13
    assert not ran.exists()


@pytest.mark.slow
@pytest.mark.rotates(part=2)
def test_the_attack_with_full_marks_under_otter_gains_nothing(exported: Path, room: Classroom, tmp_path: Path) -> None:
    attack = next(form.attack for form in load_forms() if form.attack.name == "doctest_agrees")
    (tmp_path / "attack.ipynb").write_bytes(room.uploads([attack])[attack.name])
    assert set(otter_run(exported, room, tmp_path / "attack.ipynb").values()) == {0}


@pytest.mark.slow
@pytest.mark.rotates(part=0)
def test_otter_assign_grades_the_solution_by_the_plugin(room: Classroom, tmp_path: Path) -> None:
    done = room.command("export", "otter", ASSIGNMENT, f"--into={tmp_path / 'export'}", "--stand-in")
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in (tmp_path / "export").iterdir()) == [
        "autograder", "autograder.zip", "source", "student"]
    assert "BEGIN SOLUTION" not in (tmp_path / "export" / "student" / f"{ASSIGNMENT}.ipynb").read_text()
