"""An assignment that needs a GPU, without one: host, judge and containers all leave its submissions queued.

The engine is a program that starts judge and runner without walls, as in test_run.py; the sample course needs no Keras.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.cli.main import _run
from autograder.container import Engine
from autograder.errors import StorageError
from autograder.model import Provenance, Result
from autograder.pipeline.containers import run as containers
from autograder.pipeline.containers.judge import judge_assignment
from autograder.pipeline.containers.run import ContainerOptions, grade_in_containers, judge_arguments
from autograder.pipeline.containers.stage import Stage, collect_results
from autograder.pipeline.grade.results import Grading, make_ungraded_result
from autograder.pipeline.grade.stored_results import load_result, store_result
from autograder.pipeline.session.options import RunOptions
from autograder.testing import ASSIGNMENT, make_course, make_receipt, make_session
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent
from tests.container.test_run import FAKE

pytestmark = pytest.mark.slow

ALL = RunOptions(allow_stand_in=True, gradebook=False)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """The small course with `grader: gpu`, one accepted and one refused upload, on a machine that shows no GPU."""
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    root = tmp_path / "course"
    make_course(root)
    settings = root / "course.yml"
    settings.write_text(settings.read_text() + "    grader: gpu\n")
    workspace = open_workspace(root)
    for student, accepted in (("ada", True), ("bob", False)):
        receipt = make_receipt(student, accepted=accepted)
        path = workspace.receipt(student, ASSIGNMENT)
        path.parent.mkdir(parents=True)
        path.write_text(receipt.to_json())
    return workspace


@pytest.fixture
def in_containers(tmp_path: Path) -> Callable[..., Grading]:
    def run(workspace: Workspace, options: RunOptions = ALL) -> Grading:
        program = tmp_path / "podman"
        program.write_text(FAKE.format(python=sys.executable, log=str(tmp_path / "log"), trouble=""))
        program.chmod(0o755)
        engine = Engine(name="podman", program=(str(program),), uid=os.getuid(), gid=os.getgid())
        return grade_in_containers(workspace, (ASSIGNMENT,), ContainerOptions(engine=engine, image="fake"), options,
                                   Silent())

    return run


def statuses(results: Any) -> dict[str, str]:
    return {result.student: result.status for result in results}


WAITING = {"ada": "queued", "bob": "refused"}


def test_the_judge_leaves_work_queued_as_the_host_does(course: Workspace) -> None:
    graded = judge_assignment(course, ASSIGNMENT, io.BytesIO(), io.BytesIO(), ALL, Silent())
    assert statuses(graded.results) == WAITING and graded.exit_code == 8
    stored = load_result(course.result("ada", ASSIGNMENT))
    assert stored is not None and stored.status == "queued" and not stored.complete
    assert _run(["--course", str(course.root), "grade", "--no-gradebook"]) == 8
    assert load_result(course.result("ada", ASSIGNMENT)) == stored


def test_containers_pass_on_that_work_waits(
    course: Workspace, in_containers: Callable[..., Grading]
) -> None:
    graded = in_containers(course)
    assert statuses(graded.results) == WAITING and graded.exit_code == 8
    stored = load_result(course.result("ada", ASSIGNMENT))
    assert stored is not None and stored.status == "queued"


def test_what_waits_keeps_the_files_of_an_earlier_upload(
    course: Workspace, in_containers: Callable[..., Grading]
) -> None:
    folder = course.results("ada", ASSIGNMENT)
    (folder / "artifacts").mkdir(parents=True)
    (folder / "executed.ipynb").write_text("{}")
    earlier = graded_result(course, sha256="6" * 64)
    store_result(course, earlier)
    assert statuses(in_containers(course).results) == WAITING
    assert sorted(path.name for path in folder.iterdir()) == ["artifacts", "executed.ipynb", "result.json"]


def graded_result(course: Workspace, sha256: str) -> Result:
    """A result of this student that a machine with a GPU has made."""
    made = make_ungraded_result(make_receipt("ada"), make_session(replace(course, output=course.root)).layout)
    return made.model_copy(update={"status": "graded", "message": None, "provenance": Provenance(
        submission=sha256, release="1", data="own:1", device="gpu", seeds=(1,), versions={}, isolation="full",
        execution_fingerprint="e", checks_fingerprint="c", graded_at="2030")})


def test_what_was_graded_on_a_gpu_stays(course: Workspace, in_containers: Callable[..., Grading]) -> None:
    earlier = graded_result(course, sha256="5" * 64)
    store_result(course, earlier)
    graded = in_containers(course)
    assert statuses(graded.results) == {"ada": "graded", "bob": "refused"} and graded.exit_code == 0
    assert load_result(course.result("ada", ASSIGNMENT)) == earlier


@pytest.mark.parametrize(("codes", "code"), [((0,), 0), ((8,), 8), ((5,), 5)])
def test_the_judges_exit_code_is_the_commands(
    course: Workspace, monkeypatch: pytest.MonkeyPatch, codes: tuple[int, ...], code: int
) -> None:
    """Work that failed and keeps its earlier grade is seen in no result; only the judge's exit code tells."""
    monkeypatch.setattr(containers, "_run_pair", lambda *_: (codes[0], "words"))
    options = ContainerOptions(engine=Engine(name="podman", program=("none",), uid=0, gid=0), image="fake")
    assert grade_in_containers(course, (ASSIGNMENT,), options, ALL, Silent()).exit_code == code


def test_containers_ask_for_room_before_anything_starts(course: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(folder: Path, **_: Any) -> None:
        raise StorageError("The folder results is needed, but it has no space left.")

    monkeypatch.setattr("autograder.pipeline.grade.recording.require_room", none)
    monkeypatch.setattr(containers, "_run_pair", lambda *_: pytest.fail("it started"))
    options = ContainerOptions(engine=Engine(name="podman", program=("none",), uid=0, gid=0), image="fake")
    with pytest.raises(StorageError):
        grade_in_containers(course, (ASSIGNMENT,), options, ALL, Silent())


def test_a_failure_brings_a_result_alone(course: Workspace, tmp_path: Path) -> None:
    """The judge is given only the earlier result.json: what it returns without a run must not replace the rest."""
    folder = course.results("ada", ASSIGNMENT)
    (folder / "artifacts").mkdir(parents=True)
    stage = Stage(course=course.root, output=tmp_path / "output", data=None)
    inside = replace(course, output=stage.output)
    failed = make_ungraded_result(make_receipt("ada"), make_session(course).layout, status="failed", message="No.")
    store_result(inside, failed)
    assert collect_results(course, stage, ASSIGNMENT) == [failed]
    assert (folder / "artifacts").is_dir() and json.loads((folder / "result.json").read_bytes())["status"] == "failed"


def test_the_judge_gets_the_options_of_the_host() -> None:
    asked = RunOptions(students=("ada", "bob"), workers=3, force=True, allow_stand_in=True)
    assert judge_arguments("mini", asked) == (
        "mini", "--student=ada", "--student=bob", "--workers=3", "--force", "--stand-in")
    assert judge_arguments("mini", RunOptions()) == ("mini",)
