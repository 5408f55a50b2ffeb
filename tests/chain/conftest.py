"""A small course whose solution runs in two seconds: released and calibrated once, then graded by the real parts."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder import data
from autograder.model import Receipt, Result, Status
from autograder.notebook.variants import Variant, apply_variant, parse_variant
from autograder.pipeline.collect import collect
from autograder.pipeline.experiments.calibrate import calibrate_assignment
from autograder.pipeline.grade.batch import grade_class
from autograder.pipeline.reading import budgets
from autograder.pipeline.release.release import release_assignment
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.variant_files import as_file, load_variants, make_submission
from autograder.sandbox.isolation import syscalls as sc
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent
from tests.processes import orphans, state

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "tests" / "samples"
ASSIGNMENT = "mini"
PATIENCE = 600.0  # seconds for something that must happen, on a busy machine


def without_true_data(home: Path) -> dict[str, str]:
    """Return this process's environment with no MNIST in sight: these tests must give the same anywhere."""
    kept = {name: value for name, value in os.environ.items() if name != "AUTOGRADER_DATA"}
    return kept | {"HOME": str(home)}


@contextmanager
def environment(changed: Mapping[str, str]) -> Iterator[None]:
    """Put another environment in the place of this process's."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(changed)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@dataclass(frozen=True)
class Classroom:
    """A course folder of its own; knows how to hand in and how to grade, here or by the command line."""

    root: Path
    home: Path

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.root)

    @property
    def released(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.workspace.release(ASSIGNMENT).read_bytes())
        return loaded

    def variant(self, name: str) -> dict[str, Any]:
        """Return the notebook of a student with the solution or a variant of the course."""
        return make_submission(self.workspace, ASSIGNMENT, name, self.released)

    def variant_of(self, student: str, name: str) -> dict[str, Any]:
        """Return the same with a comment of the student's in the first answer: it is run for this student alone."""
        notebook = self.variant(name)
        answer = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code"
                      and cell["metadata"].get("nbgrader", {}).get("solution"))
        answer["source"] = f"{''.join(answer['source'])}\n# {student}"
        return notebook

    def variants(self, kind: Any) -> tuple[Variant, ...]:
        return load_variants(self.workspace, ASSIGNMENT, kind)

    def made_of(self, text: str) -> dict[str, Any]:
        """Return the notebook that a variant's text describes."""
        variant = parse_variant(text, "made-here", "right")
        return apply_variant(read_source(self.workspace.source(ASSIGNMENT)), variant, self.released)

    def hand_in(self, notebooks: Mapping[str, dict[str, Any] | bytes]) -> list[Receipt]:
        """Collect one notebook (or any bytes) per student."""
        digest = hashlib.sha256(repr(sorted(notebooks)).encode()).hexdigest()[:8]
        folder = self.root / f"downloads-{digest}-{time.monotonic_ns()}"
        for student, content in notebooks.items():
            path = folder / student / f"{ASSIGNMENT}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(content if isinstance(content, bytes) else as_file(content))
        receipts = collect(self.workspace, folder, assignment=ASSIGNMENT, kind="folder")
        shutil.rmtree(folder)
        return receipts

    def grade(self, **options: Any) -> dict[str, Result]:
        """Grade in this process; returns the results by student."""
        chosen = RunOptions(**{"workers": 2, "allow_stand_in": True, "gradebook": False, **options})
        with environment(without_true_data(self.home)):
            return {result.student: result for result in
                    grade_class(self.workspace, (ASSIGNMENT,), chosen, Silent()).results}

    def start(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start the command line in a process group of its own."""
        return subprocess.Popen(
            [sys.executable, "-m", "autograder", "--course", str(self.root), *arguments], cwd=ROOT, text=True,
            env=without_true_data(self.home), start_new_session=True,
            **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, **options})

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line to its end."""
        process = self.start(*arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def result(self, student: str) -> Result:
        return Result.from_json(self.workspace.result(student, ASSIGNMENT).read_bytes())

    def graded(self) -> dict[str, str]:
        """Return, for every result on disk, when it was made."""
        found = {}
        for path in self.workspace.results_root.glob(f"*/{ASSIGNMENT}/result.json"):
            with suppress(OSError, ValueError):  # it may just be moved
                result = Result.from_json(path.read_bytes())
                if result.provenance:
                    found[result.student] = f"{result.provenance.graded_at} {path.stat().st_mtime_ns}"
        return found


def lost(result: Result) -> set[str]:
    """Return the checks that cost points."""
    assert result.status == "graded", result.message
    return {check.id for task in result.tasks for check in task.checks if check.status is not Status.PASSED}


def told(result: Result) -> str:
    """Return what went wrong, for the message of a failed assertion."""
    return "; ".join(f"{check.id} {check.status} (seen {check.seen!r}, note {check.staff_note!r})"
                     for task in result.tasks for check in task.checks if check.status is not Status.PASSED)


@pytest.fixture(scope="session")
def look() -> Any:
    """The helpers that read results, for tests that cannot import this file."""
    class Look:
        lost = staticmethod(lost)
        told = staticmethod(told)
        environment = staticmethod(environment)
        without_true_data = staticmethod(without_true_data)
        share = staticmethod(share)

    return Look


@pytest.fixture(scope="session")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder with the stand-in, which takes ten seconds to make: the repository's where it has one."""
    cache = ROOT / ".cache"
    if not list(cache.glob("stand-in-*.npz")):
        cache = tmp_path_factory.mktemp("cache")
    data.prepare(data.stand_in(cache), cache)
    return cache


def share(cache: Path, course: Path) -> None:
    """Let a course use the data of another cache; nothing else of it."""
    own = course / ".cache"
    own.mkdir(exist_ok=True)
    for path in (*cache.glob("stand-in-*.npz"), cache / "data"):
        (own / path.name).symlink_to(path)


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder in which Keras has cached nothing."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def mini_course(tmp_path_factory: pytest.TempPathFactory, stand_in: Path, empty_home: Path) -> Path:
    """The mini course, released and calibrated; copied for every test that writes into it.

    The first process of a test run that needs it makes it for all of them: calibrating takes most of a minute.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    course, made = shared / "mini-course", shared / "mini-course-made"
    with (shared / "mini-course-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            shutil.rmtree(course, ignore_errors=True)
            make_mini_course(course, stand_in, empty_home)
            made.touch()
    return course


def make_mini_course(course: Path, stand_in: Path, empty_home: Path) -> None:
    shutil.copytree(SAMPLES / ASSIGNMENT, course)
    share(stand_in, course)
    with environment(without_true_data(empty_home)):
        release_assignment(open_workspace(course), ASSIGNMENT, prove=None)
        options = RunOptions(workers=2, allow_stand_in=True, force_stand_in=True)
        calibrate_assignment(open_workspace(course), ASSIGNMENT, options, Silent(), seeds=5)
        release_assignment(open_workspace(course), ASSIGNMENT, prove=None)


@pytest.fixture
def classroom(mini_course: Path, empty_home: Path, tmp_path: Path) -> Classroom:
    """A fresh, calibrated mini course."""
    course = tmp_path / "course"
    shutil.copytree(mini_course, course, symlinks=True)
    return Classroom(course, empty_home)


@pytest.fixture(scope="module")
def shared_classroom(mini_course: Path, empty_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """The same for all tests of a file."""
    course = tmp_path_factory.mktemp("shared") / "course"
    shutil.copytree(mini_course, course, symlinks=True)
    return Classroom(course, empty_home)


@pytest.fixture
def nothing_left() -> Iterator[Callable[[], None]]:
    """Makes this process the heir of everything that a command leaves behind; call it to see that nothing is left.

    What this very process started before, such as readers or a warm process for another fixture, is not the command's.
    """
    sc.become_subreaper()
    earlier = set(orphans())

    def check() -> None:
        deadline = time.monotonic() + PATIENCE / 4
        own = budgets._SHARED._readers
        known = earlier | ({own.process_id} if own is not None else set())
        while (left := [pid for pid in orphans() if pid not in known]) and time.monotonic() < deadline:
            time.sleep(0.05)
        names = [Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")[:200] for pid in left if state(pid)]
        assert not left, f"processes are left: {names}"

    yield check
    for pid in set(orphans()) - earlier:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def wait_for() -> Callable[..., Any]:
    """Wait until a condition gives something true, and return it."""
    def wait(condition: Callable[[], Any], what: str) -> Any:
        deadline = time.monotonic() + PATIENCE
        while not (found := condition()):
            assert time.monotonic() < deadline, f"never seen: {what}"
            time.sleep(0.02)
        return found

    return wait
