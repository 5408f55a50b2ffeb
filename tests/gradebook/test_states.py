"""After each of our commands, formgrader's own API says of every submission how far it has come."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from autograder.gradebook import configure, register
from autograder.pipeline.collect import collect
from autograder.pipeline.feedback import write_class
from autograder.pipeline.up_to_date import current_grades
from autograder.testing import ASSIGNMENT, make_course, make_notebook
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent
from tests.gradebook.by_hand import grade_by_hand

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Object of type <Submitted")]

NEEDS_GRADING, NEEDS_PERSON, DONE = "needs autograding", "needs manual grading", "graded"


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    return make_course(tmp_path / "course")


def states(space: Workspace) -> dict[str, str]:
    """The status column of formgrader's page on all submissions, by the rule of its own script."""
    def word(row: dict[str, Any]) -> str:
        if not row["autograded"]:
            return NEEDS_GRADING
        return NEEDS_PERSON if row["needs_manual_grade"] else DONE

    return {row["student"]: word(row) for row in api(space).get_submissions(ASSIGNMENT)}


def api(space: Workspace) -> NbGraderAPI:
    config = Config()
    configure(config, space)
    config.Exchange.root = str(space.root / "exchange")
    return NbGraderAPI(config=config)


def hand_in(space: Workspace, student: str, time: str, changed: str = "") -> None:
    """Hand in through a folder of an exchange, whose times are certain, and collect it."""
    notebook = make_notebook(space)
    if changed:
        next(cell for cell in notebook["cells"] if cell["id"] == "total")["source"] = changed
    folder = space.root / "inbound" / f"{student}+{ASSIGNMENT}+{time} UTC+x"
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(notebook))
    collect(space, space.root / "inbound", kind="exchange")


def test_the_status_column_follows_every_command(space: Workspace) -> None:
    register(space, ASSIGNMENT)
    (assignment,) = api(space).get_assignments()
    assert (assignment["name"], assignment["num_submissions"]) == (ASSIGNMENT, 0)
    assert assignment["duedate"] == "2030-01-31T22:59:00"
    for student in ("ada", "bob", "cy", "dan"):
        hand_in(space, student, "2024-01-30 12:00:00")
    assert states(space) == dict.fromkeys(("ada", "bob", "cy", "dan"), NEEDS_GRADING), "after collect"

    grade_by_hand(space, "ada")
    grade_by_hand(space, "bob", written=False)
    grade_by_hand(space, "cy", status="failed")
    grade_by_hand(space, "dan", status="queued")
    after = {"ada": NEEDS_PERSON, "bob": DONE, "cy": NEEDS_PERSON, "dan": NEEDS_GRADING}
    assert states(space) == after, "after grade"
    rows = {row["student"]: row for row in api(space).get_submissions(ASSIGNMENT)}
    assert rows["bob"]["timestamp"] == "2024-01-30T12:00:00"
    assert [rows[student]["score"] for student in ("ada", "bob", "cy")] == [5.0, 5.0, 0.0]

    write_class(space, (), Silent())
    current_grades(space)
    assert states(space) == after, "reading grades changes nothing"

    hand_in(space, "bob", "2024-01-31 12:00:00", "total = 30.0")
    assert states(space) == {**after, "bob": NEEDS_GRADING}, "after another collect"
    write_class(space, (), Silent())
    assert states(space)["bob"] == NEEDS_GRADING, "an earlier result does not make the new work graded"
    grade_by_hand(space, "bob", written=False)
    assert states(space) == after


def test_a_refused_file_needs_a_person(space: Workspace) -> None:
    folder = space.root / "inbound" / f"eve+{ASSIGNMENT}+2024-01-30 12:00:00 UTC+x"
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text("certainly not a notebook")
    collect(space, space.root / "inbound", kind="exchange")
    register(space, ASSIGNMENT)
    assert states(space) == {"eve": NEEDS_GRADING}
    grade_by_hand(space, "eve", status="refused")
    assert states(space) == {"eve": NEEDS_PERSON}
    (grade,) = current_grades(space)
    assert (grade.student, grade.state.value, grade.score) == ("eve", "refused", None)


def test_a_time_that_cannot_cost_points_is_shown_and_costs_nothing(space: Workspace) -> None:
    """nbgrader shows when the file was made; who is late by it alone loses nothing."""
    path = space.root / "course.yml"
    path.write_text(path.read_text().replace("2030-01-31T23:59:00+01:00", "2020-01-31T23:59:00+01:00")
                    + "    late: {per_day: 10, last_day: 7}\n")
    space = open_workspace(space.root)
    folder = space.root / "class" / "fay"
    folder.mkdir(parents=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(make_notebook(space)))
    collect(space, space.root / "class", kind="folder")
    grade_by_hand(space, "fay", written=False)
    assert states(space) == {"fay": DONE}
    (row,) = api(space).get_submissions(ASSIGNMENT)
    assert row["timestamp"]
    (grade,) = current_grades(space)
    assert (grade.late_penalty, grade.score) == (0.0, 5.0)


def test_what_a_student_calls_a_receipt_is_not_ours(space: Workspace) -> None:
    hand_in(space, "ada", "2024-01-30 12:00:00")
    kept = {path.name for path in space.submission_folder("ada", ASSIGNMENT).iterdir()}
    assert kept == {f"{ASSIGNMENT}.ipynb", "receipt.json", ".uploads", "timestamp.txt", "submission_secret.txt"}
    grade_by_hand(space, "ada")
    shown = {path.name for path in space.autograded("ada", ASSIGNMENT).parent.iterdir()}
    assert shown == {f"{ASSIGNMENT}.ipynb", "timestamp.txt", "submission_secret.txt"}
    (page,) = write_class(space, (), Silent())
    pages = {page.name, f"{ASSIGNMENT}-notebook.html"}
    assert {path.name for path in page.parent.iterdir()} == {*pages, "timestamp.txt", "submission_secret.txt"}
