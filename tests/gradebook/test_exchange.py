"""nbgrader's own commands on a course of ours, with a real exchange folder and, where tests run as root, two users."""

from __future__ import annotations

import csv
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder.gradebook.export import as_csv, row_of
from autograder.model import Receipt
from autograder.pipeline.up_to_date import current_grades
from autograder.testing import ASSIGNMENT, make_course, make_notebook
from autograder.workspace.layout import Workspace, open_workspace
from tests.gradebook.by_hand import grade_by_hand

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=4)]

REPOSITORY = Path(__file__).resolve().parents[2]
OTHER_USER = "nobody"
PROGRAM = """
import os, sys
from autograder.imports import SLOW, without
with without(*SLOW):
    import nbformat
import nbgrader.apps, nbgrader.exchange, nbgrader.auth, nbgrader.plugins
from nbgrader.apps.nbgraderapp import NbGraderApp
user = int(sys.argv[1])
if user:
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)
NbGraderApp.launch_instance(sys.argv[2:])
"""
"""The interpreter may lie in a folder of root's, so the program becomes the other user after it has been loaded.
nbformat is loaded first, without the grammar of web addresses: that takes as long as nbgrader.
"""


@dataclass(frozen=True)
class Person:
    """Somebody with a home folder who runs nbgrader."""

    home: Path
    uid: int = 0

    def nbgrader(self, *arguments: str, cwd: Path | None = None, fails: bool = False) -> str:
        """Run one of nbgrader's commands and return what it printed."""
        environment = {**os.environ, "HOME": str(self.home), "PYTHONPATH": str(REPOSITORY),
                       "JUPYTER_DATA_DIR": str(self.home / "data"), "JUPYTER_CONFIG_DIR": str(self.home / "config"),
                       "AUTOGRADER_OUTPUT": ""}
        done = subprocess.run([sys.executable, "-c", PROGRAM, str(self.uid), *arguments], cwd=cwd or self.home,
                              env=environment, capture_output=True, text=True, check=False)
        said = done.stdout + done.stderr
        assert (done.returncode != 0) == fails, said
        return said


@dataclass(frozen=True)
class Campus:
    """A course, an exchange, the instructor and a student."""

    space: Workspace
    exchange: Path
    teacher: Person
    student: Person
    name: str


@pytest.fixture
def campus() -> Iterator[Campus]:
    root = Path(tempfile.mkdtemp(prefix="autograder-exchange-"))
    root.chmod(0o755)
    two = os.geteuid() == 0
    entry = pwd.getpwnam(OTHER_USER) if two else pwd.getpwuid(os.geteuid())
    exchange, course, homes = root / "exchange", root / "course", [root / "teacher", root / "student"]
    for folder in (exchange, course, *homes):
        folder.mkdir()
    exchange.chmod(0o777)
    space = make_course(course)
    text = (REPOSITORY / "nbgrader_config.py").read_text()
    (course / "nbgrader_config.py").write_text(
        f"{text}\nc.Exchange.root = {str(exchange)!r}\nc.ReleaseExporter.proof = False\n")
    (homes[1] / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'small-course'\nc.Exchange.root = {str(exchange)!r}\n")
    if two:
        for path in (homes[1], homes[1] / "nbgrader_config.py"):
            os.chown(path, entry.pw_uid, entry.pw_gid)
    yield Campus(space, exchange, Person(homes[0]), Person(homes[1], entry.pw_uid if two else 0), entry.pw_name)
    shutil.rmtree(root, ignore_errors=True)


def work_on(campus: Campus) -> None:
    """Let the student write the solution into the fetched notebook."""
    path = campus.student.home / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.write_text(json.dumps(make_notebook(campus.space)))


def test_work_goes_through_the_exchange_and_the_page_comes_back(campus: Campus) -> None:
    teacher, student, space = campus.teacher, campus.student, campus.space
    root = space.root
    before = space.release(ASSIGNMENT).read_bytes()
    teacher.nbgrader("generate_assignment", ASSIGNMENT, "--force", cwd=root)
    assert json.loads(space.release(ASSIGNMENT).read_bytes())["metadata"]["autograder"]["release"], "our release"
    assert before
    teacher.nbgrader("release_assignment", ASSIGNMENT, cwd=root)
    student.nbgrader("fetch_assignment", ASSIGNMENT)
    work_on(campus)
    # A student's own files of these names must not become ours.
    forged = campus.student.home / ASSIGNMENT / "receipt.json"
    forged.write_text("{}")
    student.nbgrader("submit", ASSIGNMENT)

    said = teacher.nbgrader("collect", ASSIGNMENT, cwd=root)
    assert f"Collected: {campus.name} {ASSIGNMENT}" in said
    receipt = Receipt.from_json(space.receipt(campus.name, ASSIGNMENT).read_bytes())
    assert receipt.accepted and receipt.time_can_cost and receipt.answered == ("double", "total", "why")
    key = (space.submission_folder(campus.name, ASSIGNMENT) / "submission_secret.txt").read_text()
    assert key == next((campus.exchange / "small-course/inbound").glob("*/submission_secret.txt")).read_text()

    grade_by_hand(space, campus.name, earned={"double": 2.0, "total": 2.0})
    teacher.nbgrader("autograde", ASSIGNMENT, "--force", cwd=root)
    teacher.nbgrader("generate_feedback", ASSIGNMENT, "--force", cwd=root)
    page = space.feedback(campus.name, ASSIGNMENT).read_text()
    assert page.startswith("<!doctype html>") and '<p class="score">4 <small>of 9 points, so far' in page
    teacher.nbgrader("release_feedback", ASSIGNMENT, cwd=root)
    student.nbgrader("fetch_feedback", ASSIGNMENT)
    (fetched,) = (campus.student.home / ASSIGNMENT / "feedback").rglob("*.html")
    assert fetched.read_text() == page

    teacher.nbgrader("export", cwd=root)
    theirs = (root / "grades.csv").read_text()
    assert theirs == as_csv(map(row_of, current_grades(open_workspace(root))))
    (row,) = csv.DictReader(theirs.splitlines())
    assert (row["student_id"], row["raw_score"], row["score"], row["status"]) == (campus.name, "4.0", "", "graded")


def test_handing_in_again_keeps_the_earlier_upload_and_its_key(campus: Campus) -> None:
    teacher, student, space = campus.teacher, campus.student, campus.space
    teacher.nbgrader("release_assignment", ASSIGNMENT, cwd=space.root)
    student.nbgrader("fetch_assignment", ASSIGNMENT)
    student.nbgrader("submit", ASSIGNMENT)
    teacher.nbgrader("collect", ASSIGNMENT, cwd=space.root)
    first = space.submitted(campus.name, ASSIGNMENT).read_bytes()
    work_on(campus)
    student.nbgrader("submit", ASSIGNMENT)
    teacher.nbgrader("collect", ASSIGNMENT, "--update", cwd=space.root)
    uploads = {path.read_bytes() for path in space.uploads(campus.name, ASSIGNMENT).glob("*.ipynb")}
    assert first in uploads and len(uploads) == 2, "nothing that was handed in is lost"
    assert space.submitted(campus.name, ASSIGNMENT).read_bytes() != first
    keys = {path.read_text() for path in (campus.exchange / "small-course/inbound").glob("*/submission_secret.txt")}
    assert len(keys) == 2
    newest = max((campus.exchange / "small-course/inbound").iterdir(), key=lambda path: path.name)
    assert (space.submission_folder(campus.name, ASSIGNMENT) / "submission_secret.txt").read_text() == (
        newest / "submission_secret.txt").read_text()


def test_a_release_that_is_refused_leaves_the_current_one(campus: Campus) -> None:
    space = campus.space
    before = space.release(ASSIGNMENT).read_bytes()
    checks = space.hidden(ASSIGNMENT) / "test_small.py"
    checks.write_text(checks.read_text().replace("points=2", "points=7"))
    said = campus.teacher.nbgrader("generate_assignment", ASSIGNMENT, "--force", cwd=space.root, fails=True)
    assert "Traceback" not in said and "autograder: " in said
    assert space.release(ASSIGNMENT).read_bytes() == before
