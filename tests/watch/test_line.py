"""The queue of a watch: what replaces what, what begins when, what is remembered, and what people see of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import parse
from autograder.feedback.queue_page import QueuedWork, QueueStatus, render_queue
from autograder.model import Receipt, Result
from autograder.testing import ASSIGNMENT, make_course, make_receipt
from autograder.watch import line as lines
from autograder.watch.line import Ending, Line
from autograder.watch.status_files import StatusFiles, describe
from autograder.watch.turn_order import HOUR


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """A clock that tests move by hand."""
    now = [1_000_000.0]
    monkeypatch.setattr(lines.time, "time", lambda: now[0])
    monkeypatch.setattr(lines.time, "monotonic", lambda: now[0])

    def move(seconds: float) -> None:
        now[0] += seconds

    return move


def offer(line: Line, student: str, work: str = "1", assignment: str = ASSIGNMENT) -> None:
    line.offer(make_receipt(student, sha256=work * 64).model_copy(update={"assignment": assignment}), work)


def finished(student: str, status: str = "graded", assignment: str = ASSIGNMENT) -> Result:
    return Result.model_validate({"student": student, "assignment": assignment, "status": status, "max_score": 1,
                                  "complete": True, "tasks": ()})


def begin(line: Line) -> Receipt | None:
    return next(line.supply(ASSIGNMENT))


def test_a_newer_upload_replaces_the_one_that_waits_and_keeps_its_place(tmp_path: Path, clock: Callable) -> None:
    line = Line(folder=tmp_path)
    offer(line, "ada", "1")
    clock(1)
    offer(line, "ben")
    clock(1)
    offer(line, "ada", "2")
    first, second = begin(line), begin(line)
    assert first is not None and (first.student, first.sha256[0]) == ("ada", "2")
    assert second is not None and second.student == "ben"
    assert begin(line) is None and not line.is_empty


def test_the_same_work_is_not_graded_twice_and_newer_work_waits_for_the_running_one(
    tmp_path: Path, clock: Callable,
) -> None:
    line = Line(folder=tmp_path)
    offer(line, "ada", "1")
    offer(line, "ada", "1")
    assert begin(line) is not None
    offer(line, "ada", "1")
    assert begin(line) is None, "it runs already"
    offer(line, "ada", "2")
    assert begin(line) is None, "two gradings of one student's work would write the same files"
    line.finish(finished("ada"))
    newer = begin(line)
    assert newer is not None and newer.sha256[0] == "2"
    line.finish(finished("ada"))
    assert line.is_empty


def test_work_that_counts_again_while_it_runs_drops_what_waits(tmp_path: Path, clock: Callable) -> None:
    line = Line(folder=tmp_path)
    offer(line, "ada", "1")
    assert begin(line) is not None
    offer(line, "ada", "2")
    offer(line, "ada", "1")
    line.finish(finished("ada"))
    assert line.is_empty


def test_thirty_uploads_of_one_student_do_not_delay_the_others(tmp_path: Path, clock: Callable) -> None:
    line = Line(folder=tmp_path)
    for number in range(30):
        offer(line, "ada", str(number))
        assert begin(line) is not None
        line.finish(finished("ada"))
        clock(1)
    offer(line, "ada", "x")
    clock(1)
    offer(line, "ben")
    assert [found.student for _ in range(2) if (found := begin(line))] == ["ben", "ada"]


def test_the_hourly_number_is_that_of_the_course_and_survives_a_restart(tmp_path: Path, clock: Callable) -> None:
    text = (make_course(tmp_path / "c").root / "course.yml").read_text()
    course = parse(text + "watch: {per_hour: 2}\n", folders=[ASSIGNMENT])
    line = Line(folder=tmp_path / "memory", per_hour=course.watch.per_hour)
    for work in "12":
        offer(line, "ada", work)
        assert begin(line) is not None
        line.finish(finished("ada"))
    offer(line, "ada", "3")
    offer(line, "ben")
    assert [one and one.student for one in (begin(line), begin(line))] == ["ben", None]
    again = Line(folder=tmp_path / "memory", per_hour=course.watch.per_hour)
    offer(again, "ada", "3")
    assert begin(again) is None and again.next_assignment() is None
    clock(HOUR)
    found = begin(again)
    assert found is not None and found.sha256[0] == "3"
    assert parse(text, folders=[ASSIGNMENT]).watch.per_hour is None


def test_memory_that_is_damaged_is_forgotten(tmp_path: Path, clock: Callable) -> None:
    for text in ("{", "[1]", '[["ada"]]', '[["ada", "x"]]', "[" * 100_000):
        (tmp_path / "starts.json").write_text(text)
        line = Line(folder=tmp_path, per_hour=1)
        offer(line, "ada")
        assert begin(line) is not None


def test_nothing_begins_once_the_end_is_requested(tmp_path: Path, clock: Callable) -> None:
    ending = Ending()
    line = Line(folder=tmp_path, ending=ending)
    offer(line, "ada")
    ending.requested = True
    assert line.next_assignment() is None and list(line.supply(ASSIGNMENT)) == [] and not line.is_empty


def test_a_round_ends_when_it_is_another_assignments_turn(tmp_path: Path, clock: Callable) -> None:
    line = Line(folder=tmp_path)
    offer(line, "ada")
    clock(1)
    offer(line, "ben", assignment="other")
    clock(1)
    offer(line, "cy")
    supply = line.supply(ASSIGNMENT)
    first = next(supply)
    assert first is not None and first.student == "ada"
    clock(lines.PATIENCE)
    assert list(supply) == [] and line.next_assignment() == "other"


def test_a_round_does_not_last_forever(tmp_path: Path, clock: Callable) -> None:
    line = Line(folder=tmp_path)
    for number in range(lines.ROUND + 1):
        offer(line, f"s{number}")
    assert len(list(line.supply(ASSIGNMENT))) == lines.ROUND
    assert len([one for one in (begin(line),) if one]) == 1
    offer(line, "ada")
    offer(line, "ben")
    supply = line.supply(ASSIGNMENT)
    assert next(supply) is not None
    clock(lines.LONGEST_ROUND)
    assert list(supply) == [] and begin(line) is not None


def test_an_assignment_that_cannot_be_graded_now_is_tried_later(tmp_path: Path, clock: Callable) -> None:
    line = Line(folder=tmp_path)
    offer(line, "ada")
    line.put_off(ASSIGNMENT, 60)
    assert line.next_assignment() is None
    clock(60)
    assert line.next_assignment() == ASSIGNMENT
    assert [receipt.student for receipt in line.drop(ASSIGNMENT)] == ["ada"] and line.is_empty


def test_the_status_says_place_and_estimate(tmp_path: Path, clock: Callable) -> None:
    workspace = make_course(tmp_path / "c")
    line = Line(folder=tmp_path, per_hour=1)
    line.learn(ASSIGNMENT, 10.0)
    for student in ("ada", "ben", "cy"):
        offer(line, student)
        clock(1)
    assert begin(line) is not None
    offer(line, "ada", "2")
    shown = describe(line.snapshot(), workspace.course, workers=1)
    assert [(one.student, one.since[-14:], one.done_at) for one in shown.running] == [
        ("ada", "13:46:43+00:00", "1970-01-12T13:46:53+00:00")]
    assert [(one.position, one.student, (one.done_at or "")[11:19]) for one in shown.waiting] == [
        (1, "ben", "13:47:03"), (2, "cy", "13:47:13"), (3, "ada", "14:46:53")]
    assert [one.not_before and one.not_before[11:19] for one in shown.waiting] == [None, None, "14:46:43"]
    line.finish(finished("ada", "failed"))
    assert [(one.student, one.status) for one in describe(line.snapshot(), workspace.course, workers=1).done] == [
        ("ada", "failed")]


def test_both_files_are_written_and_have_no_active_content(tmp_path: Path) -> None:
    workspace = make_course(tmp_path)
    line = Line(folder=tmp_path / "memory")
    offer(line, "ada")
    evil = "<script>alert(1)</script> `x`"
    StatusFiles(line).write_if_due(workspace, 3, [evil])
    page = (tmp_path / "status.html").read_text()
    assert "<script" not in page and "&lt;script&gt;" in page and "default-src 'none'" in page
    assert "3 files are arriving" in page and ">ada<" in page
    found = json.loads((tmp_path / "status.json").read_text())
    assert found["waiting"][0]["student"] == "ada" and found["problems"] == [evil] and found["state"] == "running"


def test_a_students_name_cannot_leave_its_cell() -> None:
    evil = '"><img src=x onerror=alert(1)>'
    status = QueueStatus(title=evil, state="ended", written_at="", workers=1,
                         waiting=(QueuedWork(student=evil, assignment=evil, since=evil, position=1),))
    page = render_queue(status)
    assert "<img" not in page
