"""`autograder export action`: nothing hidden where students are, and a result.json whatever happens."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from autograder.errors import CourseError
from autograder.grades import grade_of
from autograder.model import Basis, CheckResult, Result, Status, TaskResult
from autograder.platforms.action_export import export_action
from autograder.platforms.action_result import as_action
from autograder.testing import ASSIGNMENT, make_course
from autograder.workspace.layout import Workspace


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return make_course(tmp_path_factory.mktemp("a") / "course")


@pytest.fixture(scope="module")
def exported(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export_action(workspace, ASSIGNMENT, tmp_path_factory.mktemp("b") / "out", stand_in=False).folder


def workflows(exported: Path) -> dict[str, Any]:
    """Return every workflow, parsed; YAML reads its key `on` as true."""
    return {path.name: yaml.safe_load(path.read_text()) for path in exported.rglob(".github/workflows/*.yml")}


def test_students_get_the_release_and_nothing_else(workspace: Workspace, exported: Path) -> None:
    files = {str(path.relative_to(exported / "student")): path.read_bytes()
             for path in (exported / "student").rglob("*") if path.is_file()}
    assert set(files) == {f"{ASSIGNMENT}.ipynb", ".github/workflows/hand-in.yml"}
    assert files[f"{ASSIGNMENT}.ipynb"] == workspace.release(ASSIGNMENT).read_bytes()
    assert b"secrets" not in files[".github/workflows/hand-in.yml"]
    hidden = [path.read_bytes() for path in (exported / "teacher/course/tests/hidden").rglob("*.py")]
    assert hidden and not any(text in content for text in hidden for content in files.values())
    assert exported.stat().st_mode & 0o077 == 0


def test_actions_are_pinned_and_permissions_are_the_least(exported: Path) -> None:
    found = workflows(exported)
    assert set(found) == {"hand-in.yml", f"grade-{ASSIGNMENT}.yml"}
    for workflow in found.values():
        assert workflow["permissions"] in ({}, {"contents": "read"})
        for job in workflow["jobs"].values():
            assert job.get("permissions", {}) in ({}, {"contents": "read"}) and job["timeout-minutes"] < 360
            for step in job["steps"]:
                if "uses" in step:
                    assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", step["uses"])
                    assert "checkout" not in step["uses"] or step["with"]["persist-credentials"] is False


def test_no_expression_is_in_a_command_and_none_is_a_students_text(exported: Path) -> None:
    for path in exported.rglob(".github/workflows/*.yml"):
        used = set(re.findall(r"\$\{\{\s*(.*?)\s*\}\}", path.read_text()))
        assert used <= {"steps.fetch.outputs.count", "secrets.AUTOGRADER_TOKEN", "github.repository_owner",
                        "vars.AUTOGRADER_PREFIX"}
        for job in yaml.safe_load(path.read_text())["jobs"].values():
            assert not [step for step in job["steps"] if "${{" in step.get("run", "")]
            assert "@" not in "".join(step.get("run", "") for step in job["steps"]), "a value was not filled in"


def test_student_code_runs_in_a_job_without_the_token(exported: Path) -> None:
    jobs = workflows(exported)[f"grade-{ASSIGNMENT}.yml"]["jobs"]
    assert [name for name, job in jobs.items() if "secrets." in json.dumps(job)] == ["fetch", "report"]
    assert "hand_ins.py grade" in json.dumps(jobs["grade"])


def test_an_export_is_replaced_and_other_folders_are_not(workspace: Workspace, exported: Path, tmp_path: Path) -> None:
    before = {path: path.read_bytes() for path in exported.rglob("*") if path.is_file()}
    export_action(workspace, ASSIGNMENT, exported, stand_in=False)
    assert {path: path.read_bytes() for path in exported.rglob("*") if path.is_file()} == before
    (tmp_path / "README.md").write_text("my thesis")
    with pytest.raises(CourseError, match="contains other files"):
        export_action(workspace, ASSIGNMENT, tmp_path, stand_in=False)


def run(exported: Path, *arguments: str, **environment: str) -> tuple[int, dict[str, Any]]:
    """Run the written autograder.py as a CI would; it needs no package until it has a notebook to grade."""
    folder = Path(arguments[0]).parent
    done = subprocess.run([sys.executable, "-I", "-S", str(exported / "teacher/autograder.py"), *arguments], cwd=folder,
                          env={"PATH": os.environ["PATH"], **environment}, capture_output=True, text=True, check=False)
    return done.returncode, json.loads((folder / "result.json").read_text())


FIELDS = {"schema", "classroom", "assignment", "submission", "commit", "release", "review", "datetime", "score",
          "max-score", "tests"}


def test_what_is_no_hand_in_gets_a_sentence_and_no_points(exported: Path, tmp_path: Path) -> None:
    (tmp_path / "two").mkdir()
    for name in ("a.ipynb", "b.ipynb", ".hidden.ipynb"):
        (tmp_path / "two" / name).write_text("{}")
    (tmp_path / "link.ipynb").symlink_to(exported / "teacher/course/course.yml")
    for place, words in (("missing", "there is none"), ("two", "there are 2"), ("link.ipynb", "there is none")):
        code, result = run(exported, str(tmp_path / place), CLASSROOM="cs", SUBMISSION_TAG="submit/1")
        assert code == 0 and result.keys() >= FIELDS and words in result["output"][0]
        assert (result["graded"], result["score"], result["max-score"]) == (False, 0, 0)
        assert (result["classroom"], result["assignment"], result["submission"]) == ("cs", ASSIGNMENT, "submit/1")


@pytest.mark.slow
def test_a_grader_that_fails_or_takes_too_long_writes_a_result_too(exported: Path, tmp_path: Path) -> None:
    notebook, empty = tmp_path / "a.ipynb", tmp_path / "empty"
    notebook.write_text("{}")
    empty.mkdir()
    for more in (["--course=/nowhere"], [f"--course={empty}"], ["--seconds=0"]):
        code, result = run(exported, str(notebook), *more)
        assert code == 1 and result["output"][0].startswith("Not graded yet") and result["max-score"] == 0
    code, result = run(exported, str(notebook), "--unknown")
    assert code == 2 and result["output"][0].startswith("Not graded yet")


def test_a_result_has_the_points_of_the_grade_and_nothing_for_staff() -> None:
    def check(name: str, status: Status, earned: float | None) -> CheckResult:
        return CheckResult(id=name, task="double", title=f"[{name}](javascript:1)", points=2, status=status,
                           earned=earned, basis=Basis.MEASURED, staff_note="hidden/test_small.py line 3")

    checks = (check("a", Status.PASSED, 2), check("b", Status.FAILED, 0.5), check("c", Status.UNJUDGED, None))
    result = Result(student="s", assignment=ASSIGNMENT, status="graded", score=2.5, max_score=10, withheld=2, manual=4,
                    tasks=(TaskResult(id="double", title="Doubles", points=6, earned=None, checks=checks),
                           TaskResult(id="why", title="Why", points=4, earned=None, manual=True)))
    made, grade = as_action(result), grade_of(result, None)
    assert (made["score"], made["max-score"], made["waiting"]) == (grade.total, grade.max_points, grade.waiting)
    assert (made["score"], made["waiting"]) == (2.5, 6) and isinstance(made["max-score"], int)
    assert [one["passed"] for one in made["tests"]] == [True, False, False, False]
    assert sum(one["max-score"] for one in made["tests"]) == made["max-score"]
    assert "line 3" not in json.dumps(made) and "](javascript" not in json.dumps(made)
    failed = as_action(Result(student="s", assignment=ASSIGNMENT, status="failed", max_score=6, message="secret"))
    assert failed["max-score"] == 0 and "secret" not in json.dumps(failed)


# Fetching and reporting

NAMES = ("small-ada", "small-ben", "small-cy", "small-eve", "other", "small-$(id)")
COMMIT = "a" * 40


@pytest.fixture
def side(exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AUTOGRADER_OWNER", "org")
    spec = importlib.util.spec_from_file_location("exported_hand_ins", exported / "teacher/hand_ins.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def about(path: str) -> list[dict[str, Any]]:
    """Return the statuses of a commit: Ben has points, Ada wrote some herself, Eve has hers behind a page of others."""
    ours = {"context": f"autograder/{ASSIGNMENT}", "state": "success", "creator": {"id": 7}}
    other = {**ours, "creator": {"id": 99}}
    if "-eve/" in path:
        return [other] * 100 if path.endswith("&page=1") else [ours]
    return [ours] if "-ben/" in path else [other, {**ours, "creator": None}] if "-ada/" in path else []


def test_only_new_hand_ins_of_the_class_are_fetched(side: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def call(path: str, **_: Any) -> bytes:
        if path.startswith("/orgs/org/repos"):
            return json.dumps([{"name": name} for name in NAMES]).encode()
        if path.endswith("/commits/HEAD"):
            return json.dumps({"sha": COMMIT}).encode()
        if path == "/user":
            return b'{"id": 7}'
        if "/statuses" in path:
            return json.dumps(about(path)).encode()
        if "cy" in path:
            raise side.Missing
        return b"{}"

    monkeypatch.setattr(side, "call", call)
    monkeypatch.setenv("GITHUB_OUTPUT", "output.txt")
    side.fetch()
    assert sorted(str(path) for path in Path("hand-ins").rglob("*") if path.is_file()) == [
        "hand-ins/small-ada/commit.txt", f"hand-ins/small-ada/{ASSIGNMENT}.ipynb", "hand-ins/small-cy/commit.txt"]
    assert Path("output.txt").read_text() == "count=2\n"


def test_points_are_reported_at_the_commit(side: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: dict[str, Any] = {}
    monkeypatch.setattr(side, "call", lambda path, body: sent.update({path: body}))
    Path("results").mkdir()
    good = {"submission": COMMIT, "graded": True, "score": 2.5, "max-score": 6, "waiting": 2, "output": []}
    for name, result in (("ada", good), ("ben", {**good, "submission": "../../x"}), ("cy", {**good, "score": "rm"}),
                         ("fay", {**good, "submission": None}),
                         ("dora", {**good, "graded": False, "output": ["Expected one notebook\n" + "x" * 300]}),
                         ("eve", {**good, "graded": False, "output": ["Not graded yet: later"]})):
        Path(f"results/small-{name}.json").write_text(json.dumps(result))
    Path("results/other.json").write_text(json.dumps(good))  # a repository that is not of the class
    side.report()
    states = {path.split("/")[3].removeprefix("small-"): body for path, body in sent.items()}
    assert set(states) == {"ada", "dora", "eve"}
    assert states["ada"]["description"] == "2.5 of 6 points; 2 wait for a person"
    assert (states["dora"]["state"], states["eve"]["state"]) == ("failure", "error")
    assert len(states["dora"]["description"]) <= 140 and "\n" not in states["dora"]["description"]
