"""Writes the queue as a page and as JSON, whenever it has changed."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

from autograder.course import Course
from autograder.feedback.queue_page import GradedWork, QueuedWork, QueueStatus, render_queue
from autograder.watch.line import Line, Snapshot
from autograder.workspace.layout import Workspace
from autograder.workspace.storage import write_atomically
from autograder.workspace.watch_files import queue_data, queue_page

AT_LEAST: Final = 10.0
"""Seconds after which the files are written again although nothing has changed: who reads them sees that it runs."""
AT_MOST: Final = 0.5
"""Seconds between two writes."""


class StatusFiles:
    """Writes ``status.html`` and ``status.json``; for one thread."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._changes: object = None
        self._written = -AT_LEAST

    def write_if_due(self, workspace: Workspace, arriving: int, problems: Iterable[str]) -> None:
        """Write the files if something has changed, or some time has passed."""
        changes = self._line.changes, arriving, tuple(problems)
        age = time.monotonic() - self._written
        if age >= AT_LEAST or (changes != self._changes and age >= AT_MOST):
            self._changes, self._written = changes, time.monotonic()
            self.write(workspace, arriving, changes[2], state="running")

    def write(self, workspace: Workspace, arriving: int, problems: Iterable[str], *, state: str) -> None:
        """Write both files; a full disk is reported where a result is lost by it."""
        status = describe(self._line.snapshot(), workspace.course, workers=self._line.workers)
        status = status.model_copy(update={"arriving": arriving, "problems": tuple(problems), "state": state})
        with suppress(OSError):
            write_atomically(queue_page(workspace), render_queue(status))
            write_atomically(queue_data(workspace), status.to_json() + "\n")


def describe(snapshot: Snapshot, course: Course, *, workers: int) -> QueueStatus:
    """Return the queue as people read it, in the course's own time zone."""
    def at(seconds: float | None) -> str | None:
        moment = datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
        return moment.astimezone(course.zone or UTC).isoformat(timespec="seconds") if moment else None

    now = snapshot.now
    return QueueStatus(
        title=course.title, state="running", written_at=at(now) or "", workers=workers, per_hour=course.watch.per_hour,
        running=tuple(QueuedWork(student=one.waiting.student, assignment=one.waiting.assignment,
                                 since=at(one.since) or "", done_at=at(end)) for one, end in snapshot.running),
        waiting=tuple(QueuedWork(student=turn.waiting.student, assignment=turn.waiting.assignment,
                                 since=at(turn.waiting.arrived) or "", done_at=at(end), position=place,
                                 not_before=at(turn.ready) if turn.ready > now else None)
                      for place, (turn, end) in enumerate(snapshot.turns, 1)),
        done=tuple(GradedWork(student=one.student, assignment=one.assignment, status=one.status, at=at(one.at) or "",
                              seconds=round(one.seconds, 1)) for one in snapshot.done))
