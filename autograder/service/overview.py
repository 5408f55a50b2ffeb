"""What a student's page shows, read from disk: the queue's file, receipts, results and pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from pydantic import Field, ValidationError

from autograder.feedback.queue_page import QueuedWork, QueueStatus
from autograder.grades import State
from autograder.model import Receipt, Result, Value
from autograder.pipeline.grade.stored_results import load_result
from autograder.pipeline.hand_in_rules import rules_for
from autograder.pipeline.keep_history import history_of
from autograder.service.received import Received, waiting
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import is_file
from autograder.workspace.watch_files import queue_data

LARGEST_QUEUE: Final = 16 << 20
STALE: Final = 60.0
"""Seconds after which a queue's file says nothing any more: while a watch runs, it is written every ten seconds."""


class Upload(Value):
    """One line of a student's history.

    Attributes:
        state: ``arrived`` until it is collected, then ``accepted`` or ``refused``.
        counts: this is the one that is graded.
        said: one sentence, or nothing.
    """

    receipt: str = Field(description="SHA-256 of the file")
    at: str = Field(description="when it came, ISO 8601 with the course's zone")
    state: str
    counts: bool = False
    late: bool = False
    attempt: str = ""
    said: str = ""


class Place(Value):
    """Where a student's work is in the queue: ``position`` 0 is being graded now."""

    position: int
    done_at: str | None = None
    not_before: str | None = None


class Points(Value):
    """What the result page shows: the points so far, and the most that can be reached."""

    points: float
    of: float
    undecided: bool = False
    upload: str = Field("", description="SHA-256 of the file that was graded")


class Work(Value):
    """One assignment of one student."""

    assignment: str
    title: str
    until: str = Field("", description="the student's own deadline, as a sentence says it")
    late_rule: str = ""
    attempts: int | None = None
    is_over: bool = Field(False, description="the deadline is over")
    uploads: tuple[Upload, ...] = ()
    place: Place | None = None
    result: Points | None = None
    message: str = Field("", description="why there are no points although there is a result")
    has_page: bool = False


class Queue(Value):
    """The queue as it was written last; ``running``: a watch is writing it."""

    status: QueueStatus | None = None
    running: bool = False


def read_queue(workspace: Workspace, now: datetime) -> Queue:
    """Return the queue of the watch that runs here; nothing where it cannot be read."""
    path = queue_data(workspace)
    try:
        if not is_file(path) or path.stat().st_size > LARGEST_QUEUE:
            return Queue()
        status = QueueStatus.from_json(path.read_bytes())
        age = (now - datetime.fromisoformat(status.written_at)).total_seconds()
    except (OSError, ValidationError, ValueError, TypeError):
        return Queue()
    return Queue(status=status, running=status.state == "running" and age < STALE)


def works_of(workspace: Workspace, student: str, now: datetime) -> list[Work]:
    """Return all assignments of the course as one student sees them, those with the next deadlines first."""
    pending, queue = waiting(workspace, student), read_queue(workspace, now)
    works = {name: _work(workspace, student, name, pending, queue, now) for name in workspace.course.assignments}
    due = {name: workspace.course.due(student, name) for name in works}
    last = datetime.max.replace(tzinfo=UTC)
    return [works[name] for name in sorted(works, key=lambda name: (works[name].is_over, due[name] or last))]


def work_of(workspace: Workspace, student: str, assignment: str, now: datetime) -> Work:
    """Return one assignment of a student.

    Raises:
        CourseError: the course has no such assignment.
    """
    name = workspace.course.assignment(assignment).id
    return _work(workspace, student, name, waiting(workspace, student), read_queue(workspace, now), now)


def _work(workspace: Workspace, student: str, name: str, pending: list[Received], queue: Queue, now: datetime) -> Work:
    course = workspace.course
    rules, due = rules_for(workspace, student, name, None), course.due(student, name)
    result = load_result(workspace.result(student, name))
    page = has_page(workspace, student, name)
    return Work(
        assignment=name, title=course.assignment(name).title, until=rules.until, late_rule=rules.late,
        attempts=rules.attempts, is_over=due is not None and now > due,
        uploads=tuple(_uploads(workspace, student, name, pending)), place=_place(queue, student, name),
        result=_points(workspace, result) if result is not None and page else None,
        message=(result.message or "") if result is not None and result.status != "graded" else "", has_page=page)


def has_page(workspace: Workspace, student: str, assignment: str) -> bool:
    """Whether there is a result page."""
    return is_file(workspace.feedback(student, assignment))


def _uploads(workspace: Workspace, student: str, name: str, pending: list[Received]) -> list[Upload]:
    """Return a student's uploads, newest first."""
    found = [(one.moment, Upload(
        receipt=one.sha256, at=_local(workspace, one.moment), state="arrived",
        late=workspace.course.is_late(student, name, one.moment))) for one in pending if one.assignment == name]
    for receipt in workspace.upload_receipts(student, name):
        moment = datetime.fromisoformat(receipt.received_at)
        found.append((moment, _upload(workspace, receipt, moment)))
    return [upload for _, upload in sorted(found, key=lambda one: one[0], reverse=True)]


def _upload(workspace: Workspace, receipt: Receipt, moment: datetime) -> Upload:
    late = receipt.time_can_cost and workspace.course.is_late(receipt.student, receipt.assignment, moment)
    return Upload(receipt=receipt.sha256, at=_local(workspace, moment),
                  state="accepted" if receipt.accepted else "refused", counts=receipt.accepted and receipt.counts,
                  late=late, attempt=receipt.attempt_note or "", said=receipt.reason or "")


def _place(queue: Queue, student: str, assignment: str) -> Place | None:
    if queue.status is None or not queue.running:
        return None

    def own(one: QueuedWork) -> bool:
        return (one.student, one.assignment) == (student, assignment)

    for one in filter(own, queue.status.running):
        return Place(position=0, done_at=one.done_at)
    for one in filter(own, queue.status.waiting):
        return Place(position=one.position or 1, done_at=one.done_at, not_before=one.not_before)
    return None


def _points(workspace: Workspace, result: Result) -> Points | None:
    """Return the points of the page: marks that were given since it was written are not out yet."""
    if result.status != "graded":
        return None
    written = datetime.fromtimestamp(workspace.feedback(result.student, result.assignment).stat().st_mtime + 1, UTC)
    entries = [entry for entry in history_of(workspace, result.student, result.assignment)
               if datetime.fromisoformat(entry.at) <= written and entry.state is State.GRADED]
    upload = result.provenance.submission if result.provenance else ""
    if not entries:
        return Points(points=result.score, of=result.max_score, undecided=bool(result.manual), upload=upload)
    last = entries[-1]
    return Points(points=max(0.0, last.points - last.late_penalty), of=result.max_score,
                  undecided=last.score is None, upload=upload)


def _local(workspace: Workspace, moment: datetime) -> str:
    return moment.astimezone(workspace.course.zone or UTC).isoformat(timespec="seconds")
