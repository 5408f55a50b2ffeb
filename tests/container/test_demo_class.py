"""The demo class, graded behind the image's walls: everyone gets there what they get on the host."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.model import Isolation, Result, Status
from autograder.pipeline.collect import collect
from autograder.pipeline.demo import ASSIGNMENT, CLASS, MARKDOWN, hand_in
from autograder.workspace.layout import open_workspace
from tests.container.conftest import ROOT, autograder

pytestmark = [pytest.mark.slow, pytest.mark.container]
RIGHT = ("amira", "bela", "chidi")
"""Who handed in the solution, or the same work in another spelling."""


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder of the course in which the class is collected."""
    output = tmp_path_factory.mktemp("demo-class") / "output"
    workspace = open_workspace(ROOT, output)
    receipts = collect(workspace, hand_in(workspace, output / "downloads.zip"), assignment=ASSIGNMENT, kind="zip")
    assert {receipt.student for receipt in receipts} == set(CLASS)
    return output


def graded(output: Path, *arguments: str) -> dict[str, Result]:
    done = autograder("--output", str(output), *arguments, "--stand-in", "--lanes", "2", "--no-gradebook")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    paths = (output / "results").glob(f"*/{ASSIGNMENT}/result.json")
    return {result.student: result for result in map(Result.from_json, (path.read_bytes() for path in paths))}


def shown(result: Result) -> tuple[str, float | None, dict[str, float | None]]:
    """What counts of a result."""
    return result.status, result.score, {check.id: check.earned for task in result.tasks for check in task.checks}


def test_the_demo_class_earns_the_same_in_containers_as_on_the_host(handed_in: Path, image: str) -> None:
    beside = handed_in.with_name("host")
    shutil.copytree(handed_in, beside)
    inside = graded(handed_in, "container", "run", ASSIGNMENT, "--image", image)
    here = graded(beside, "grade", ASSIGNMENT)
    assert set(inside) == set(here) == set(CLASS)
    assert {student: shown(result) for student, result in inside.items()} == {
        student: shown(result) for student, result in here.items()}
    assert {check.status for student in RIGHT for task in inside[student].tasks for check in task.checks} == {
        Status.PASSED}
    for student, result in inside.items():
        if CLASS[student] == MARKDOWN:
            assert result.status == "refused"
        else:
            assert result.execution is not None and result.execution.isolation is Isolation.FULL
