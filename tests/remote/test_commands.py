"""The commands: what is missing is one sentence, Ctrl-C keeps what is done, scores are those of one machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path

import pytest

from autograder.model import Result
from autograder.remote.local_cluster import start_local, start_scheduler
from autograder.testing import ASSIGNMENT, make_course
from autograder.testing.small_course import make_notebook
from autograder.workspace.layout import Workspace
from tests.remote.bed import ROOT, needs_walls, until

pytestmark = pytest.mark.slow
STUDENTS = 8


def command(workspace: Workspace, *arguments: str, output: Path | None = None) -> list[str]:
    place = ["--output", str(output)] if output else []
    return [sys.executable, "-m", "autograder", "--course", str(workspace.root), *place, *arguments]


def ran(workspace: Workspace, *arguments: str, output: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(workspace, *arguments, output=output), cwd=ROOT, capture_output=True, text=True,
                          timeout=1200, check=False)


def hand_in(workspace: Workspace, output: Path) -> None:
    """Right work, an answer that fails, and the released notebook as it was."""
    blank = json.loads(workspace.release(ASSIGNMENT).read_bytes())
    for number in range(STUDENTS):
        right = make_notebook(workspace, comment=f"s{number}")  # equal work would be run once
        notebook = json.loads(json.dumps(blank)) if number == 1 else right
        if number == 2:
            for cell in notebook["cells"]:
                if cell["metadata"]["nbgrader"]["grade_id"] == "double":
                    cell["source"] = "doubled = numbers / 'two'"
        folder = output / "submitted" / f"s{number}" / ASSIGNMENT
        folder.mkdir(parents=True)
        (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))


def results(output: Path) -> dict[str, Result]:
    found = (Result.from_json(path.read_bytes()) for path in sorted(output.glob(f"results/*/{ASSIGNMENT}/result.json")))
    return {result.student: result for result in found}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A course whose last hidden check looks at what it is given."""
    made = make_course(tmp_path / "course")
    (hidden,) = made.hidden(ASSIGNMENT).glob("test_*.py")
    hidden.write_text(hidden.read_text() + '    student.number("total").is_about(30, tolerance=0.01)\n')
    return made


@pytest.fixture
def log(tmp_path: Path) -> Iterator[int]:
    with (tmp_path / "log").open("wb") as stream:
        yield stream.fileno()


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence of a command that found something missing."""
    assert done.returncode == 11, done
    lines = [line for line in done.stderr.splitlines() if line.startswith("autograder: ")]
    assert len(lines) == 1 and "Traceback" not in done.stderr
    return lines[0]


def test_what_is_missing_is_one_sentence(workspace: Workspace, tmp_path: Path, log: int) -> None:
    hand_in(workspace, workspace.output)
    assert "Expected a scheduler at tcp://127.0.0.1:9, but nothing there" in said(
        ran(workspace, "grade", "--scheduler", "tcp://127.0.0.1:9"))
    assert "not encrypted" in said(ran(workspace, "grade", "--scheduler", "tcp://192.0.2.1:8786"))
    assert "none has answered for 1 seconds" in said(
        ran(workspace, "worker", "--scheduler", "tcp://127.0.0.1:9", "--patience", "1"))
    with ExitStack() as stack:
        address = start_scheduler(stack, tmp_path, log)
        assert "has no workers; start `autograder worker --scheduler" in said(
            ran(workspace, "grade", "--scheduler", address))
    assert results(workspace.output) == {}


def test_a_scheduler_that_unpickles_is_given_no_work(workspace: Workspace, tmp_path: Path, log: int) -> None:
    written = tmp_path / "stock.json"
    stock = subprocess.Popen([sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port",
                              "0", "--no-dashboard", "--scheduler-file", str(written)], stdout=log, stderr=log)
    try:
        until(written.is_file)
        address = json.loads(written.read_bytes())["address"]
        assert "runs code that its members send to it; start it with" in said(
            ran(workspace, "grade", "--scheduler", address))
    finally:
        stock.terminate()
        stock.wait()


@needs_walls
def test_workers_say_the_versions_of_packages_that_the_course_requires(workspace: Workspace) -> None:
    """A worker that does not would run notebooks that stop at an import: it gets no work."""
    hand_in(workspace, workspace.output)
    course = workspace.root / "course.yml"
    course.write_text(course.read_text() + "requirements: [click]\n")
    lock = workspace.root / "reference" / "requirements.lock"
    lock.parent.mkdir(exist_ok=True)
    lock.write_text(f"# asked: click\nclick=={metadata.version('click')}\n")
    with ExitStack() as stack:
        address = stack.enter_context(start_local(1))
        refused = said(ran(workspace, "grade", "--scheduler", address, "--no-gradebook"))
        assert f"click missing instead of {metadata.version('click')}" in refused
    assert results(workspace.output) == {}
    graded = ran(workspace, "grade", "--scheduler", "local", "--workers", "1", "--no-gradebook")
    assert graded.returncode == 0, graded.stderr
    assert all(result.provenance and result.provenance.versions["click"] == metadata.version("click")
               for result in results(workspace.output).values())
    assert len(results(workspace.output)) == STUDENTS


@needs_walls
def test_interrupted_on_workers_and_finished_there_it_is_as_on_one_machine(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Also: with real Keras, and `grade` alone finds nothing left to do."""
    on_workers, alone = tmp_path / "on-workers", tmp_path / "alone"
    for output in (on_workers, alone):
        hand_in(workspace, output)
    grading = ("grade", "--scheduler", "local", "--workers", "2")
    first = subprocess.Popen(command(workspace, *grading, output=on_workers), cwd=ROOT, stderr=subprocess.PIPE,
                             stdout=subprocess.DEVNULL, text=True, start_new_session=True)
    until(lambda: len(results(on_workers)) >= 1, patience=400)
    os.kill(first.pid, signal.SIGINT)
    _, errors = first.communicate(timeout=120)
    kept = results(on_workers)
    assert first.returncode == 130 and "Interrupted" in errors and "Traceback" not in errors
    assert 1 <= len(kept) <= STUDENTS and all(result.status == "graded" for result in kept.values())

    assert ran(workspace, *grading, output=on_workers).returncode == 0
    assert ran(workspace, "grade", output=alone).returncode == 0
    there, here = results(on_workers), results(alone)
    assert len(there) == STUDENTS and there.keys() == here.keys() and kept.items() <= there.items()
    for student, result in there.items():
        assert (result.score, result.withheld, result.tasks) == (
            here[student].score, here[student].withheld, here[student].tasks)
    assert here["s0"].score > here["s1"].score and here["s0"].score > here["s2"].score
    again = ran(workspace, "grade", output=on_workers)
    assert again.returncode == 0 and results(on_workers) == there
