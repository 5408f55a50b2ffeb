"""A real Jupyter server with formgrader over a recorded class: pages open, and what a TA enters there stays."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest

from autograder.gradebook import export, record

pytestmark = pytest.mark.slow
FULL = {"double": 3.0, "total": 2.0}


def press(formgrader: Any, path: str) -> Any:
    """Press one of formgrader's buttons and return what it answers."""
    request = urllib.request.Request(f"{formgrader.root}{path}", data=b"", method="POST",
                                     headers={"Authorization": f"token {formgrader.token}"})
    with urllib.request.urlopen(request, timeout=120) as answer:
        return json.loads(answer.read())


def test_a_class_is_reviewed_in_formgrader_and_the_review_survives_a_regrade(
    classroom: Any, formgrader: Any
) -> None:
    result = classroom.hand_in("ada", FULL)
    classroom.hand_in("bob", FULL)
    record(classroom, [result, classroom.without_result("bob", "failed")])

    for path in ("/manage_assignments", "/gradebook", "/gradebook/tiny/tiny"):
        assert "nbgrader formgrade" in formgrader(path)
    (assignment,) = json.loads(formgrader("/api/assignments"))
    assert assignment["name"] == "tiny"
    assert assignment["num_submissions"] == 2
    submissions = {row["student"]: row for row in json.loads(formgrader("/api/submitted_notebooks/tiny/tiny"))}
    assert submissions["ada"]["score"] == 5.0
    assert submissions["ada"]["needs_manual_grade"]
    states = {row["student"]: (row["autograded"], row["needs_manual_grade"], row["score"])
              for row in json.loads(formgrader("/api/submissions/tiny"))}
    assert states == {"ada": (True, True, 5.0), "bob": (True, True, 0.0)}, "nobody needs autograding"
    assert "Manage Submissions" in formgrader("/manage_submissions/tiny")

    page = formgrader(f"/submissions/{submissions['ada']['id']}/")
    assert "3 of 3 points" in page
    assert "Public checks passed." in page
    assert "doubled" in page
    assert "Open: It was failed." in formgrader(f"/submissions/{submissions['bob']['id']}/")

    grades = {grade["name"]: grade for grade in json.loads(
        formgrader(f"/api/grades?submission_id={submissions['ada']['id']}"))}
    formgrader(f"/api/grade/{grades['why']['id']}", {**grades["why"], "manual_score": 3.5})
    comments = {comment["name"]: comment for comment in json.loads(
        formgrader(f"/api/comments?submission_id={submissions['ada']['id']}"))}
    formgrader(f"/api/comment/{comments['why']['id']}", {"manual_comment": "Well seen."})

    record(classroom, [result])    # while formgrader is open
    rows = {row["student_id"]: row for row in export(classroom)}
    assert rows["ada"]["score"] == "8.5"
    pressed = press(formgrader, "/api/assignment/tiny/ada/generate_feedback")
    assert pressed["success"], pressed
    page = (classroom.output / "feedback/ada/tiny/tiny.html").read_text()
    assert '<p class="score">8.5 <small>of 9 points' in page and "Well seen." in page
    assert rows["ada"]["incomplete"] == "no"
    assert rows["bob"]["incomplete"] == "yes"
    after = {comment["name"]: comment for comment in json.loads(
        formgrader(f"/api/comments?submission_id={submissions['ada']['id']}"))}
    assert after["why"]["manual_comment"] == "Well seen."


def test_formgraders_autograde_button_takes_over_stored_results(classroom: Any, formgrader: Any) -> None:
    record(classroom, [classroom.hand_in("ada", FULL)])
    classroom.hand_in("ada", {"double": 0.0, "total": 2.0}, code="doubled = 0")
    said = press(formgrader, "/api/submission/tiny/ada/autograde")
    assert said["success"], said
    assert export(classroom)[0]["raw_score"] == "2.0"
