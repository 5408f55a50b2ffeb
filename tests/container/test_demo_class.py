"""The demo class, graded behind the image's walls: everyone gets there what they get on the host.

In CI the solution and a third of the others, which the commit chooses: the class is graded twice.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.model import Isolation, Result, Status
from autograder.pipeline.collect import collect
from autograder.pipeline.demo import ASSIGNMENT, CLASS, MARKDOWN, Demo, hand_in
from tests import rotation
from tests.container.conftest import ROOT, autograder

pytestmark = [pytest.mark.slow, pytest.mark.container, pytest.mark.rotates(parts=2, part=0)]
RIGHT = ("amira", "bela", "chidi")
"""Who handed in the solution, or the same work in another spelling."""
THIRDS = 3
SHOWN = tuple(student for number, student in enumerate(CLASS)
              if not rotation.asked() or student == RIGHT[0] or number % THIRDS == rotation.turn(THIRDS))


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output folder of the course in which the class is collected."""
    output = tmp_path_factory.mktemp("demo-class") / "output"
    demo = Demo.open(ROOT, output)
    receipts = collect(demo.course, hand_in(demo, output / "downloads.zip"), assignment=ASSIGNMENT, kind="zip")
    assert {receipt.student for receipt in receipts} == set(CLASS)
    return output


def graded(output: Path, *arguments: str) -> dict[str, Result]:
    students = [word for student in SHOWN for word in ("--student", student)]
    done = autograder("--output", str(output), *arguments, *students, "--stand-in", "--workers", "2", "--no-gradebook")
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    paths = (output / "results").glob(f"*/{ASSIGNMENT}/result.json")
    return {result.student: result for result in map(Result.from_json, (path.read_bytes() for path in paths))}


def shown(result: Result) -> tuple[str, float | None, dict[str, float | None]]:
    """What counts of a result."""
    return result.status, result.score, {check.id: check.earned for task in result.tasks for check in task.checks}


def test_the_demo_class_earns_the_same_in_containers_as_on_the_host(handed_in: Path, image: str) -> None:
    host = handed_in.with_name("host")
    shutil.copytree(handed_in, host)
    inside = graded(handed_in, "container", "run", ASSIGNMENT, "--image", image)
    here = graded(host, "grade", ASSIGNMENT)
    assert set(inside) == set(here) == set(SHOWN)
    assert {student: shown(result) for student, result in inside.items()} == {
        student: shown(result) for student, result in here.items()}
    right = [inside[student] for student in RIGHT if student in SHOWN]
    assert {check.status for result in right for task in result.tasks for check in task.checks} == {Status.PASSED}
    for student, result in inside.items():
        if CLASS[student] == MARKDOWN:
            assert result.status == "refused"
        else:
            assert result.execution is not None and result.execution.isolation is Isolation.FULL
