"""nbgrader's side: its own `autograde` command on the same hand-ins with the same asserts as hidden tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.notebook.variants import Variant
from autograder.pipeline.release.release import serialize
from autograder.pipeline.session.source_notebook import read_source
from benchmarks.asserts import with_hidden_tests
from benchmarks.course import ASSIGNMENT, Notebook, submissions, write_submissions
from benchmarks.ours import Failed, children_cpu

CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "benchmark"
# Thirty seconds for a cell, the default, is little on a busy machine; the time that is needed stays the same.
c.Execute.timeout = 600
"""
# Keras downloads MNIST unless its cache holds the very file; the kernels get the same prepared one as our children.
# What is imported here need not be imported in the notebook's first cell, so this costs nothing.
STARTUP = """\
import keras.src.datasets.mnist as _mnist
_mnist.get_file = lambda *arguments, **options: {path!r}
del _mnist
"""


@dataclass(frozen=True, kw_only=True)
class Rival:
    """Wall seconds of ``processes`` processes of another grader side by side for ``count`` submissions.

    ``cpu`` are processor seconds of that grader and its kernels.
    """

    processes: int
    wall: float
    cpu: float
    count: int
    tool: str = "nbgrader"

    @property
    def per_submission(self) -> float:
        """Wall seconds per submission."""
        return self.wall / self.count


def environment(home: Path, data: Path) -> dict[str, str]:
    """Return the environment of nbgrader and its kernels: MNIST without a network, and stderr kept empty.

    Threads are TensorFlow's default: all cores.
    """
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "data.py").write_text(STARTUP.format(path=str(data)))
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "HOME": str(home), "KERAS_HOME": str(home / ".keras"), "IPYTHONDIR": str(home / ".ipython"),
            "TF_CPP_MIN_LOG_LEVEL": "3", "PATH": search}


def nbgrader(folder: Path, env: Mapping[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    """Start nbgrader's own command in a course folder; what it says goes to ``log``."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen([sys.executable, "-m", "nbgrader", *arguments], cwd=folder, env=dict(env),
                                stdout=log, stderr=subprocess.STDOUT)


def write_course(folder: Path, source: Path, env: Mapping[str, str]) -> Notebook:
    """Write nbgrader's course into the new folder, generate its release there and return the release."""
    place = folder / "source" / ASSIGNMENT
    place.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG)
    (place / f"{ASSIGNMENT}.ipynb").write_bytes(serialize(with_hidden_tests(read_source(source))))
    _finish(nbgrader(folder, env, "generate_assignment", ASSIGNMENT), folder)
    return read_source(folder / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")


def grade(
    base: Path, folder: Path, env: Mapping[str, str], made: Mapping[str, Notebook], *, processes: int
) -> Rival:
    """Copy the course once per process, give each its share of the hand-ins and time them side by side.

    Raises:
        Failed: nbgrader failed, or a submission has not full marks, so that nothing can be compared.
    """
    students = sorted(made)
    courses = []
    for number in range(processes):
        course = folder / f"course-{number}"
        shutil.copytree(base, course)
        write_submissions(made, course / "submitted", students[number::processes])
        courses.append(course)
    before, start = children_cpu(), time.perf_counter()
    running = [nbgrader(course, env, "autograde", ASSIGNMENT) for course in courses]
    for process, course in zip(running, courses, strict=True):
        _finish(process, course)
    wall, cpu = time.perf_counter() - start, children_cpu() - before
    for number, course in enumerate(courses):
        _hold(course, students[number::processes])
    return Rival(processes=processes, wall=wall, cpu=cpu, count=len(students))


def hand_ins(source: Path, release: Notebook, count: int, variants: Sequence[Variant]) -> dict[str, Notebook]:
    """Return the same hand-ins as ours, filled into nbgrader's release."""
    return submissions(with_hidden_tests(read_source(source)), release, count, variants)


def _finish(process: subprocess.Popen[bytes], course: Path) -> None:
    if process.wait():
        raise Failed(f"nbgrader ended with {process.returncode}: {(course / 'log').read_text()[-2000:]}")


def _hold(course: Path, students: Sequence[str]) -> None:
    """Raise unless every automatically graded cell of every submission has its points."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        graded = {submission.student.id: submission for submission in book.assignment_submissions(ASSIGNMENT)}
        for student in students:
            lost = [grade.name for grade in _automatic(graded[student]) if grade.auto_score != grade.max_score]
            if lost:
                raise Failed(f"nbgrader took points of {student} for {lost}, so the comparison would be void; see the "
                             f"outputs in {course / 'autograded' / student}.")


def _automatic(submission: Any) -> list[Any]:
    return [grade for notebook in submission.notebooks for grade in notebook.grades if grade.cell.cell_type == "code"]
