"""Whether everybody of a graded class is everywhere, with the points that the work is worth."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from pathlib import Path

from autograder.model import Result
from autograder.workspace.layout import Workspace, open_workspace
from benchmarks.faults_class import ASSIGNMENT
from benchmarks.thousand_class import Work

GRADES = "grades.json"
"""The export, in the folder of the course."""


def differences(course: Path, made: Mapping[str, Work]) -> list[str]:
    """Return a sentence for everything that is lost, doubled or worth other points."""
    workspace = open_workspace(course)
    exported = json.loads((course / GRADES).read_text(encoding="utf-8"))
    students = [row["student"] for row in exported]
    found = [f"{student}: {students.count(student)} rows in the export"
             for student in made if students.count(student) != 1]
    recorded = points_recorded(course)
    scores = {row["student"]: row["points"] for row in exported}
    for student, work in made.items():
        found += [f"{student} ({work.kind}, {work.name}): {fault}"
                  for fault in faults_of(workspace, student, work, scores.get(student))]
        if len(recorded.get(student, ())) != 1:
            found.append(f"{student}: {len(recorded.get(student, ()))} submissions in the gradebook")
        elif work.kind != "broken" and recorded[student] != [scores.get(student)]:
            found.append(f"{student}: {recorded[student][0]} in the gradebook, {scores.get(student)} in the export")
    return found


def points_recorded(course: Path) -> dict[str, list[float]]:
    """Return the automatic points of every submission in the gradebook, by student."""
    with closing(sqlite3.connect(course / "gradebook.db")) as book:
        rows = book.execute("SELECT s.student_id, SUM(g.auto_score) FROM submitted_assignment s "
                            "JOIN submitted_notebook n ON n.assignment_id = s.id "
                            "JOIN grade g ON g.notebook_id = n.id GROUP BY s.id").fetchall()
    found: dict[str, list[float]] = {}
    for student, points in rows:
        found.setdefault(student, []).append(points)
    return found


def faults_of(workspace: Workspace, student: str, work: Work, exported: float | None) -> Iterator[str]:
    """Yield what is wrong with one student's result, page or row."""
    result = None
    with suppress(OSError, ValueError):
        result = Result.from_json(workspace.result(student, ASSIGNMENT).read_bytes())
    if result is None:
        yield "no result"
        return
    if not workspace.feedback(student, ASSIGNMENT).is_file():
        yield "no page"
    if work.kind == "broken":
        if result.status != "refused" or not result.message:
            yield f"{result.status} in place of refused with a reason"
        return
    if result.status != "graded":
        yield f"{result.status}: {result.message}"
        return
    passed = {check.id for task in result.tasks for check in task.checks if check.earned == check.points}
    every = {check.id for task in result.tasks for check in task.checks}
    lost = every if work.loses is None else work.loses
    if passed & lost:
        yield f"passed {sorted(passed & lost)}"
    if work.kind in ("right", "wrong") and every - passed != lost:
        yield f"lost {sorted(every - passed - lost)} too"
    if exported != result.score:
        yield f"{result.score} in the result, {exported} in the export"
