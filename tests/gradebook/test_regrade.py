"""Regrading a class with a real gradebook: what is said before anything is written, what is held, what is remembered.

Only the judging itself is replaced; tests/chain/test_regrade.py has the real one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.errors import CourseError
from autograder.grades import Change, Effect, Grade
from autograder.grades.changes import Cause
from autograder.model import Basis, CheckResult, CheckSpec, Receipt, Result, Status
from autograder.pipeline.grade.best_attempt import GradedWork
from autograder.pipeline.keep_history import history_of
from autograder.pipeline.regrade import Regrade, regrade_assignment
from autograder.pipeline.regrade import regrade as regrade
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.up_to_date import current_grades
from autograder.testing import make_session
from autograder.workspace.progress import Silent

pytestmark = pytest.mark.slow
POINTS = {"double": 3.0, "total": 2.0}
SPECS = tuple(CheckSpec(id=f"{task}-value", task=task, title="A title.", points=points, basis=Basis.MEASURED)
              for task, points in POINTS.items())
BLANK = "YOUR ANSWER HERE"


class Notes(Silent):
    """A reporter that remembers what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def note(self, text: str) -> None:
        self.said.append(text)


def checks(passed: dict[str, bool]) -> tuple[CheckResult, ...]:
    return tuple(CheckResult(
        id=spec.id, task=spec.task, title=spec.title, points=spec.points, basis=spec.basis,
        status=Status.PASSED if passed[spec.task] else Status.FAILED, earned=spec.points * passed[spec.task])
        for spec in SPECS)


def hand_in(room: Any, student: str, **passed: bool) -> None:
    whole = {"double": True, "total": True, **passed}
    room.hand_in(student, {task: POINTS[task] * whole[task] for task in POINTS}, why=BLANK, checks=checks(whole))


def judged(result: Result, passed: dict[str, bool]) -> Result:
    by_task = {check.task: check for check in checks(passed)}
    tasks = tuple(task if task.manual else task.model_copy(update={
        "checks": (by_task[task.id],), "earned": by_task[task.id].earned}) for task in result.tasks)
    made = result.provenance.model_copy(update={"checks_fingerprint": "new"}) if result.provenance else None
    return result.model_copy(update={"tasks": tasks, "provenance": made})


@pytest.fixture
def room(classroom: Any) -> Any:
    """Three students: one whose check was too strict, one whose was too lenient, one who is right either way."""
    hand_in(classroom, "ada", double=False)
    hand_in(classroom, "ben")
    hand_in(classroom, "cleo")
    current_grades_recorded(classroom)
    return classroom


def current_grades_recorded(room: Any) -> dict[str, Grade]:
    with Gradebook(f"sqlite:///{room.gradebook}", "tiny-course"):
        pass
    return {grade.student: grade for grade in current_grades(room)}


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, dict[str, bool]]], None]:
    """Sets what the checks say now, by student; who is not named is judged as before."""
    verdicts: dict[str, dict[str, bool]] = {}

    @contextmanager
    def open_session(workspace: Any, assignment: str, *_: Any, **__: Any) -> Iterator[Any]:
        yield make_session(assignment=workspace.course.assignment(assignment), specs=SPECS)

    def grade_attempts(session: Any, receipt: Receipt, _: Any) -> GradedWork:
        path = session.workspace.result(receipt.student, receipt.assignment)
        result = Result.from_json(path.read_text())
        if receipt.student in verdicts:
            result = judged(result, {"double": True, "total": True, **verdicts[receipt.student]})
            path.unlink()
            path.write_text(result.to_json())
        return GradedWork(result=result)

    monkeypatch.setattr(regrade, "open_session", open_session)
    monkeypatch.setattr(regrade, "grade_attempts", grade_attempts)
    return verdicts.update


def run(room: Any, *, write: bool = True, notes: Notes | None = None, seen: list[Change] | None = None,
        **given: Any) -> Regrade:
    def confirm(changes: Any) -> bool:
        if seen is not None:
            seen.extend(changes)
        return write

    students = given.pop("students", ())
    return regrade_assignment(room, "tiny", RunOptions(students=students), notes or Notes(), confirm=confirm, **given)


def effects(done: Regrade) -> dict[str, str]:
    return {change.student: change.effect.value for change in done.changes}


def everything(room: Any) -> dict[str, bytes]:
    """Return all files of the class, without the gradebook's own journal."""
    return {str(path.relative_to(room.output)): path.read_bytes() for path in sorted(room.output.rglob("*"))
            if path.is_file() and ".cache" not in path.parts}


def test_a_dry_run_says_who_would_rise_and_who_would_sink_and_writes_nothing(room: Any, judge: Any) -> None:
    judge({"ada": {}, "ben": {"total": False}})
    before = everything(room)
    done = run(room, write=False)
    assert effects(done) == {"ada": "raised", "ben": "held", "cleo": "same"} and not done.written
    ada, ben, _ = done.changes
    assert ada.sentence == "2 → 5" and [check.sentence for check in ada.checks] == [
        "double-value: failed → passed (0 → 3)"]
    assert ben.sinking == 3 and "held" in ben.sentence and ben.after.total == ben.before.total == 5
    assert everything(room) == before
    assert not list(room.cache.glob("regrade*"))


def test_what_was_shown_is_what_is_written(room: Any, judge: Any) -> None:
    judge({"ada": {}, "ben": {"total": False}})
    shown: list[Change] = []
    assert run(room, seen=shown).written
    now = {grade.student: grade for grade in current_grades(room)}
    for change in shown:
        assert now[change.student] == change.after, change.student
    with Gradebook(f"sqlite:///{room.gradebook}", "tiny-course") as book:
        held = book.find_grade("test-total", "tiny", "tiny", "ben")
        assert (held.manual_score, held.auto_score, held.needs_manual_grade) == (2, 0, True)
        assert book.find_submission("tiny", "ada").score == 5
    last = history_of(room, "ada", "tiny")[-1]
    assert last.cause is Cause.GRADING and last.changed == {"test-double": (0, 3)}
    assert last.judged == {"double-value": ("failed", "passed")} and last.by
    assert effects(run(room)) == {"ada": "same", "ben": "same", "cleo": "same"}, "the second time nothing changes"


def test_points_of_a_person_are_kept_and_shown(room: Any, judge: Any) -> None:
    with Gradebook(f"sqlite:///{room.gradebook}", "tiny-course") as book:
        given = book.find_grade("test-double", "tiny", "tiny", "ada")
        given.manual_score, given.needs_manual_grade = 1.5, False
        book.db.commit()
    judge({"ada": {}})
    ada = run(room).changes[0]
    assert ada.effect is Effect.SAME and ada.after.total == 3.5 and ada.checks, "the person's points count"


def test_only_work_that_a_check_concerns(room: Any, judge: Any) -> None:
    judge({"ada": {}, "ben": {"total": False}})
    done = run(room, checks=("double-value",))
    assert effects(done) == {"ada": "raised", "ben": "same", "cleo": "same"}
    stored = Result.from_json(room.result("ben", "tiny").read_text())
    assert stored.provenance and stored.provenance.checks_fingerprint == "c", "his work was left as it was"


def test_an_unknown_check_is_named_with_the_nearest(room: Any, judge: Any) -> None:
    with pytest.raises(CourseError, match="is 'double-value' meant"):
        run(room, checks=("duble-value",))


def test_only_some_students(room: Any, judge: Any) -> None:
    judge({"ada": {}, "ben": {"total": False}})
    notes = Notes()
    assert effects(run(room, students=("ada", "nobody"), notes=notes)) == {"ada": "raised"}
    assert any("nobody" in said and "submitted" in said for said in notes.said)


def test_a_class_without_a_gradebook_holds_too(room: Any, judge: Any) -> None:
    room.gradebook.unlink()
    judge({"ben": {"total": False}})
    assert effects(run(room))["ben"] == "held"
    assert {grade.student: grade.total for grade in current_grades(room)}["ben"] == 5


def test_what_cannot_be_judged_again_is_named_and_the_rest_is_done(room: Any, judge: Any) -> None:
    text = room.result("ben", "tiny").read_text()
    room.result("ben", "tiny").write_text(text[: len(text) // 2])
    judge({"ada": {}})
    notes = Notes()
    assert effects(run(room, notes=notes)) == {"ada": "raised", "cleo": "same"}
    assert [said for said in notes.said if "ben" in said and "result.json" in said and "autograder grade tiny" in said]


def test_work_that_was_handed_in_again_meanwhile_is_left_alone(room: Any, judge: Any) -> None:
    judge({"ada": {}})
    notes = Notes()

    def confirm(changes: Any) -> bool:
        room.submitted("ada", "tiny").write_text(json.dumps({"cells": []}))
        return True

    regrade_assignment(room, "tiny", RunOptions(), notes, confirm=confirm)
    assert any("ada" in said and "again meanwhile" in said for said in notes.said)
    stored = Result.from_json(room.result("ada", "tiny").read_text())
    assert stored.provenance and stored.provenance.checks_fingerprint == "c"


def test_nothing_to_judge_is_said_with_a_path(classroom: Any, judge: Any) -> None:
    notes = Notes()
    assert run(classroom, notes=notes).changes == ()
    assert len(notes.said) == 1 and str(classroom.results_root) in notes.said[0]
