"""The watch itself, with a pool and a check server whose answers are set, and everything else real."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import CheckError, GraderError, SubmissionError
from autograder.model import Receipt, Result
from autograder.pipeline.collect import CollectOptions
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.placement import ON_CPU, Placement
from autograder.testing import ASSIGNMENT, FakePool, make_course, make_notebook, make_session
from autograder.watch import Ending, Source, WatchOptions, warm_sessions, watch
from autograder.watch.line import Line
from autograder.watch.watch import next_due
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent

pytestmark = pytest.mark.slow


class Notes(Silent):
    """A reporter that keeps the sentences."""

    def __init__(self) -> None:
        self.sentences: list[str] = []

    def note(self, text: str) -> None:
        self.sentences.append(text)


class Course:
    """The small course, whose sessions have fakes for processes; counts how often a session is opened."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, settings: str = "") -> None:
        self.root = make_course(folder / "course").root
        self.configure(settings)
        self.uploads, self.notes, self.ending = folder / "uploads", Notes(), Ending()
        self.uploads.mkdir()
        self.pool, self.opened = FakePool(), 0
        self.refusals: list[Exception] = []
        monkeypatch.setattr(warm_sessions, "open_for_class", self._open)

    @contextmanager
    def _open(self, workspace: Workspace, *_: object) -> Iterator[Any]:
        if self.refusals:
            raise self.refusals.pop(0)
        self.opened += 1
        yield make_session(workspace, pool=self.pool)

    def configure(self, settings: str) -> None:
        text = (self.root / "course.yml").read_text().partition("watch:")[0]
        (self.root / "course.yml").write_text(text + settings)

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.root)

    def upload(self, student: str, comment: str = "", *, age: float = 0.0) -> None:
        made = make_notebook(self.workspace)
        made["cells"][1]["source"] += f"\n# {comment}"
        path = self.uploads / student / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(made))
        moment = path.stat().st_mtime - age
        os.utime(path, (moment, moment))

    def watch(self, *, once: bool = True, place: Callable[[Workspace, str], Placement] | None = None) -> int:
        options = WatchOptions(
            sources=(Source(folder=self.uploads),), once=once, quiet=0.0 if once else 0.3,
            collect=CollectOptions(assignment=ASSIGNMENT),
            run=RunOptions(gradebook=False, place=place or (lambda *_: ON_CPU)))
        return watch(self.workspace, options, self.notes, self.ending)

    def result(self, student: str) -> Result:
        return Result.from_json(self.workspace.result(student, ASSIGNMENT).read_bytes())

    @property
    def status(self) -> Any:
        return json.loads((self.root / "status.json").read_text())


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    return Course(tmp_path, monkeypatch)


def test_everything_that_is_there_is_graded_once(course: Course) -> None:
    for student in ("ada", "ben", "cy"):
        course.upload(student)
    assert course.watch() == 0
    assert len(course.pool.seeds) == 3 and course.opened == 1
    for student in ("ada", "ben", "cy"):
        assert course.result(student).status == "graded"
        assert course.workspace.feedback(student, ASSIGNMENT).is_file()
    assert [one["status"] for one in course.status["done"]] == ["graded"] * 3 and course.status["state"] == "ended"
    assert course.watch() == 0 and len(course.pool.seeds) == 3


def test_a_page_that_is_missing_is_written(course: Course) -> None:
    course.upload("ada")
    course.watch()
    page = course.workspace.feedback("ada", ASSIGNMENT)
    page.unlink()
    course.watch()
    assert page.is_file() and len(course.pool.seeds) == 1


def test_the_hourly_number_of_the_course_is_kept(course: Course) -> None:
    course.configure("watch: {per_hour: 1}\n")
    course.upload("ada", "first", age=60)
    course.watch()
    course.upload("ada", "second", age=30)
    course.upload("ben")
    course.watch()
    assert len(course.pool.seeds) == 2, "one of ada, one of ben"
    [waits] = course.status["waiting"]
    assert waits["student"] == "ada" and waits["not_before"] and course.status["per_hour"] == 1
    course.configure("watch: {per_hour: 2}\n")
    course.watch()
    assert len(course.pool.seeds) == 3 and not course.status["waiting"]


def test_work_that_ran_out_of_time_is_run_again_when_nothing_else_runs(course: Course) -> None:
    course.pool = FakePool(starved=[1])
    course.upload("ada")
    course.upload("ben")
    assert course.watch() == 0
    assert len(course.pool.seeds) == 3
    assert {course.result(student).status for student in ("ada", "ben")} == {"graded"}
    assert [sentence for sentence in course.notes.sentences if "is run again, alone" in sentence]


def test_work_that_is_removed_while_it_waits_is_not_refused(
    course: Course, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A refusal would be worth zero points; a failure waits for the next grading."""
    course.upload("ada")
    supply = Line.supply

    def remove(line: Line, assignment: str) -> Iterator[Receipt | None]:
        shutil.rmtree(course.workspace.submission_folder("ada", ASSIGNMENT))
        yield from supply(line, assignment)

    monkeypatch.setattr(Line, "supply", remove)
    assert course.watch() == 5
    assert course.result("ada").status == "failed" and not course.result("ada").complete


def test_work_waits_for_a_gpu(course: Course) -> None:
    def nowhere(*_: object) -> Placement:
        raise GraderError("It is graded on a GPU, but none was found here.")

    course.upload("ada")
    assert course.watch(place=nowhere) == 8
    assert course.result("ada").status == "queued"
    assert course.watch() == 0
    assert course.result("ada").status == "graded"


def test_a_course_that_cannot_be_graded_now_is_reported_and_tried_again(course: Course) -> None:
    course.upload("ada")
    course.refusals = [CheckError("The hidden checks cannot run.")]
    with pytest.raises(CheckError):
        course.watch()  # at the start, of the assignment that was named
    course.refusals = [CheckError("The hidden checks cannot run.")]
    unnamed = WatchOptions(sources=(Source(folder=course.uploads),), once=True, quiet=0.0,
                           run=RunOptions(gradebook=False, place=lambda *_: ON_CPU))
    assert watch(course.workspace, unnamed, course.notes, course.ending) == 0
    assert course.result("ada").status == "graded"


def test_a_session_that_stops_working_later_costs_no_work(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    course.upload("ada")
    course.watch()
    course.upload("ben")
    course.refusals = [CheckError("The hidden checks cannot run."), CheckError("The hidden checks cannot run.")]
    options = WatchOptions(sources=(Source(folder=course.uploads),), once=True, quiet=0.0,
                           run=RunOptions(gradebook=False, place=lambda *_: ON_CPU))
    assert watch(course.workspace, options, course.notes, course.ending) == 2
    assert "The hidden checks cannot run." in course.status["problems"]
    assert [one["student"] for one in course.status["waiting"]] == ["ben"]


def until(condition: Callable[[], Any]) -> None:
    """Wait for something that must happen."""
    for _ in range(6000):
        if condition():
            return
        threading.Event().wait(0.02)
    raise AssertionError("never seen")


def test_changes_of_course_and_checks_are_used_while_it_runs(course: Course) -> None:
    running = threading.Thread(target=course.watch, kwargs={"once": False})
    running.start()
    try:
        course.upload("ada", age=60)
        until(lambda: course.workspace.feedback("ada", ASSIGNMENT).is_file())
        checks = next(course.workspace.hidden(ASSIGNMENT).glob("*.py"))
        checks.write_text(checks.read_text() + "\n# changed\n")
        course.upload("ben")
        until(lambda: course.workspace.feedback("ben", ASSIGNMENT).is_file())
        assert course.opened == 2
        course.configure("watch: {per_hour: 0}\n")
        until(lambda: any("graded as before" in sentence for sentence in course.notes.sentences))
        course.configure("watch: {per_hour: 1}\n")
        course.upload("ada", "again")
        until(lambda: [one for one in course.status["waiting"] if one["not_before"]])
    finally:
        course.ending.requested = True
        running.join()
    assert len(course.pool.seeds) == 2


@pytest.mark.parametrize("place", [".", "submitted", "submitted/ada"])
def test_what_is_collected_is_no_source(course: Course, place: str) -> None:
    course.uploads = course.root / place
    with pytest.raises(SubmissionError, match="watched anyway"):
        course.watch()


def test_a_full_disk_ends_the_watch(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("autograder.watch.inbox.collect", full)
    course.upload("ada")
    with pytest.raises(OSError, match="No space"):
        course.watch(once=False)


def test_the_next_deadline_is_warm_first(tmp_path: Path) -> None:
    root = make_course(tmp_path).root
    (root / "assignments" / "later").mkdir()
    (root / "course.yml").write_text((root / "course.yml").read_text() + (
        "  later:\n    title: Later\n    due: 2031-01-31T23:59:00+01:00\n"))
    assert next_due(open_workspace(root)) == ASSIGNMENT
