"""The class of a thousand, with twenty students: nothing is lost, and what is lost is noticed."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.faults_class import ASSIGNMENT
from benchmarks.faults_course import make_course
from benchmarks.thousand import run_term
from benchmarks.thousand_class import hand_ins
from benchmarks.thousand_lost import GRADES, differences

pytestmark = [pytest.mark.slow, pytest.mark.rotates(parts=6)]
STUDENTS = 20


@pytest.fixture(scope="module")
def term(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str], list[str]]]:
    """A course after its term, the names of the steps, and what was found."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("AUTOGRADER_DATA", raising=False)  # the course is calibrated for the embedded digits
        course = make_course(tmp_path_factory.mktemp("thousand"))
        steps, memory, found = run_term(course, STUDENTS)
        assert memory, "no look at the memory of the grading command"
        assert memory[-1].results > STUDENTS / 2 and min(one.command for one in memory[1:]) > 1
        yield course, [step.name for step in steps], found


def test_a_class_goes_through_every_command_and_nothing_is_lost(term: tuple[Path, list[str], list[str]]) -> None:
    _, steps, found = term
    assert steps == ["release", "collect", "grade", "feedback", "report", "export"]
    assert found == []


def test_no_two_hand_ins_are_alike_and_every_kind_is_there(term: tuple[Path, list[str], list[str]]) -> None:
    made = hand_ins(term[0], 200)
    kinds = Counter(work.kind for work in made.values())
    assert kinds == {"right": 130, "wrong": 40, "hostile": 10, "blank": 10, "broken": 10}
    notebooks = [work.content for work in made.values() if work.kind != "broken"]
    assert len(set(notebooks)) == len(notebooks)


def test_what_is_lost_doubled_or_worth_other_points_is_named(term: tuple[Path, list[str], list[str]]) -> None:
    course = term[0]
    made = hand_ins(course, STUDENTS)
    result = course / "results" / "student0001" / ASSIGNMENT / "result.json"
    page = course / "feedback" / "student0002" / ASSIGNMENT / f"{ASSIGNMENT}.html"
    result.rename(result.with_name("gone"))
    page.unlink()
    rows = json.loads((course / GRADES).read_text())
    (course / GRADES).write_text(json.dumps([row for row in rows if row["student"] != "student0003"]))
    with closing(sqlite3.connect(course / "gradebook.db")) as book, book:
        book.execute("UPDATE grade SET auto_score = 0 WHERE notebook_id IN (SELECT n.id FROM submitted_notebook n "
                     "JOIN submitted_assignment s ON s.id = n.assignment_id WHERE s.student_id = 'student0004')")
    wrong = made["student0006"]
    made["student0006"] = type(wrong)(content=wrong.content, kind="right", name="solution")
    found = "\n".join(differences(course, made))
    for said in ("student0001 (right, solution): no result", "student0002 (right, functional): no page",
                 "student0003: 0 rows in the export", "student0004: 0.0 in the gradebook",
                 "student0006 (right, solution): lost ["):
        assert said in found, said
