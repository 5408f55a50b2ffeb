"""The small course that is graded while things break, its hand-ins, and the grades that a person gave before."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from autograder import data
from autograder.model import Calibration, MetricSpread, Reference
from autograder.pipeline.release.release import release_assignment
from autograder.pipeline.session.variant_files import as_file, make_submission
from autograder.workspace.layout import open_workspace
from benchmarks.faults_class import ASSIGNMENT, COMMENT, EXTRA, KINDS, MANUAL, ROOT, Batch, reviewed

METRIC, MINIMUM = "fit/model", 0.3  # far below what two epochs reach: luck repeats no run
LIMITS = {"cell_time: 20 s": "cell_time: 200 s", "notebook_time: 60 s": "notebook_time: 400 s"}
"""A busy machine must not decide what becomes of a submission."""


def make_course(folder: Path) -> Path:
    """Release the small course of tests/samples for the embedded digits, with a minimum that is set by hand."""
    course = folder / "course"
    shutil.copytree(ROOT / "tests" / "samples" / ASSIGNMENT, course)
    settings = (course / "course.yml").read_text(encoding="utf-8")
    for strict, patient in LIMITS.items():
        settings = settings.replace(strict, patient)
    (course / "course.yml").write_text(settings, encoding="utf-8")
    cache = course / ".cache"
    cache.mkdir()
    for made in (ROOT / ".cache").glob("stand-in-*.npz"):
        (cache / made.name).symlink_to(made)
    prepared = data.prepare(data.stand_in(cache), cache)
    spread = MetricSpread(values=(MINIMUM,), mean=MINIMUM, deviation=0.0, tolerance_bound=MINIMUM, coverage=0.9,
                          confidence=0.9, slack=0.0, minimum=MINIMUM, false_fail=None)
    calibration = Calibration(data=f"{prepared.name}:{prepared.fingerprint}", device="cpu", versions={},
                              calibrated_at="", runs=("by hand",), metrics={METRIC: spread})
    workspace = open_workspace(course)
    reference = Reference(assignment=ASSIGNMENT, calibrations={f"{prepared.name}/cpu": calibration})
    workspace.reference(ASSIGNMENT).write_text(reference.to_json(), encoding="utf-8")
    release_assignment(workspace, ASSIGNMENT, prove=None)
    return course


def make_batch(course: Path, output: Path, home: Path, count: int) -> Batch:
    """Hand in ``count`` notebooks on a released, calibrated mini course; grade and review the last `REVIEWED` of them.

    Raises:
        RuntimeError: a command failed that nothing was done to.
    """
    batch = Batch(course=course, output=output, home=home, count=count)
    workspace = open_workspace(course)
    released: dict[str, Any] = json.loads(workspace.release(ASSIGNMENT).read_bytes())
    handed_in = output / "handed-in"
    for number, student in enumerate(batch.scores):
        kind = KINDS[number % len(KINDS)][0]
        notebook = released if kind == "blank" else make_submission(workspace, ASSIGNMENT, kind, released)
        if kind != "blank":
            _sign(notebook, student)
        path = handed_in / student / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(as_file(notebook))
    chosen = [word for student in reviewed(count) for word in ("--student", student)]
    for command in (("collect", str(handed_in), "--assignment", ASSIGNMENT),
                    ("grade", ASSIGNMENT, "--stand-in", *chosen)):
        said = batch.end(batch.start(*command), time.monotonic())
        if said.code:
            raise RuntimeError(f"{command[0]} was expected to succeed, but ended with {said.code}: {said.text}")
    shutil.rmtree(handed_in)
    _review(output)
    return batch


def _sign(notebook: dict[str, Any], student: str) -> None:
    """Add a comment to the first answer: equal answers would be run once, and fewer faults would meet a run."""
    answer = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code"
                  and cell["metadata"].get("nbgrader", {}).get("solution"))
    answer["source"] = f"{''.join(answer['source'])}\n# {student}"


def _review(output: Path) -> None:
    """Give one grade of every recorded submission by hand, as formgrader stores it."""
    with closing(sqlite3.connect(output / "gradebook.db")) as book, book:
        book.execute("UPDATE grade SET manual_score = ?, extra_credit = ?, needs_manual_grade = 0 "
                     "WHERE id IN (SELECT MIN(id) FROM grade GROUP BY notebook_id)", (MANUAL, EXTRA))
        book.execute("UPDATE comment SET manual_comment = ? "
                     "WHERE id IN (SELECT MIN(id) FROM comment GROUP BY notebook_id)", (COMMENT,))
