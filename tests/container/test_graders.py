"""What `graders` of course.yml says about containers, read from the engine's command lines."""

from __future__ import annotations

import itertools
import json
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli import cli
from autograder.course import Course, Grader
from autograder.model import Receipt
from autograder.pipeline.containers.graders import bounds_of, image_of, workers_option
from autograder.pipeline.release.release import stamp
from autograder.pipeline.session.source_notebook import read_source, strip
from autograder.workspace.layout import Workspace, open_workspace

SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "release"
FAKE = """#!{python}
import json, sys
with open({log!r}, "a") as log:
    print(json.dumps(sys.argv[1:]), file=log)
sys.exit(2 if "judge" in sys.argv else 0)
"""
GRADERS = "graders:\n  cpu: {image: 'example.org/own:1', cpus: 3, memory: 5 GiB, time: 7 min}\n"


def pairs(command: list[str]) -> set[tuple[str, str]]:
    return set(itertools.pairwise(command))


@pytest.fixture
def course(tmp_path: Path) -> Workspace:
    """The sample course, released, with one hand-in and a grader described in course.yml."""
    root = tmp_path / "course"
    shutil.copytree(SAMPLE, root)
    text = (root / "course.yml").read_text()
    (root / "course.yml").write_text(GRADERS + text)
    space = open_workspace(root)
    for path, content in (
        (space.release("tiny"), json.dumps(stamp(strip(read_source(space.source("tiny"))), "tiny"))),
        (space.receipt("ada", "tiny"), Receipt(
            student="ada", assignment="tiny", accepted=True, source="a.ipynb", sha256="5" * 64,
            received_at="2030-01-01T00:00:00+00:00").to_json()),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return space


def started(course: Workspace, tmp_path: Path, *arguments: str) -> list[list[str]]:
    """Run the command line with a program in the engine's place; return the command lines of all its calls."""
    program, log = tmp_path / "podman", tmp_path / "log"
    program.write_text(FAKE.format(python=sys.executable, log=str(log)))
    program.chmod(0o755)
    group, command, *rest = arguments
    said = CliRunner().invoke(cli, ["--course", str(course.root), group, command, f"--engine={program}", *rest])
    (tmp_path / "stderr").write_text(said.stderr)
    return [json.loads(line) for line in log.read_text().splitlines()]


def roles(calls: list[list[str]]) -> tuple[list[str], list[str]]:
    """Return the calls that start runner and judge."""
    runner = next(call for call in calls if call[-1] == "worker")
    return runner, next(call for call in calls if "judge" in call)


def test_a_class_is_graded_in_the_image_and_within_the_bounds_of_course_yml(course: Workspace, tmp_path: Path) -> None:
    runner, judge = roles(started(course, tmp_path, "container", "run", "tiny", "--no-gradebook"))
    assert "example.org/own:1" in runner and "example.org/own:1" in judge
    assert ("--cpus", "3") in pairs(runner) and ("--cpus", "3") in pairs(judge)
    assert {("--memory", "5120m"), ("--memory-swap", "5120m")} <= pairs(runner)
    assert "--memory" not in judge, "what the trusted side takes is no submission's"
    # 5 GiB less 1 for the warm process hold two submissions of 2 GiB.
    assert "--workers=2" in judge


def test_the_command_line_comes_first(course: Workspace, tmp_path: Path) -> None:
    runner, judge = roles(started(course, tmp_path, "container", "run", "tiny", "--no-gradebook", "--image=mine",
                                  "--workers=1", "--run-option=--cpus=8"))
    assert "mine" in runner and "mine" in judge and "example.org/own:1" not in runner
    assert runner.index("--cpus=8") > runner.index("--cpus"), "an engine takes the last of two"
    assert judge.index("--workers=1") > judge.index("--workers=2")


@pytest.mark.parametrize(("workers", "said"), [("3", True), ("2", False)])
def test_staff_read_that_fewer_workers_run(course: Workspace, tmp_path: Path, workers: str, said: bool) -> None:
    started(course, tmp_path, "container", "run", "tiny", "--no-gradebook", f"--workers={workers}")
    printed = " ".join((tmp_path / "stderr").read_text().split())
    assert ("tiny: --workers 3 was given, but `cpus` and `memory` of the grader in course.yml allow 2 at the same "
            "time, so 2 run." in printed) == said


def test_the_image_that_is_run_is_the_image_that_is_built(course: Workspace, tmp_path: Path) -> None:
    (build,) = started(course, tmp_path, "container", "build")
    assert ("--tag", "example.org/own:1") in pairs(build)


@pytest.mark.parametrize(("grader", "asked", "image"), [
    (Grader(), None, "localhost/autograder:cpu"), (Grader(image="a:1"), None, "a:1"),
    (Grader(image="a:1"), "b:2", "b:2"),
])
def test_which_image(grader: Grader, asked: str | None, image: str) -> None:
    described = Course(id="c", title="C", graders={"cpu": grader})
    assert image_of(described, "cpu", asked) == image
    assert image_of(described, "gpu") == "localhost/autograder:gpu", "each kind of machine has its own"


def test_without_settings_nothing_is_bounded() -> None:
    plain = Course(id="c", title="C")
    assert bounds_of(plain, "cpu").flags == [] and workers_option(plain, "any", "cpu") == ()
