"""The page with the queue of `autograder watch`, for staff: what is graded, what waits and until when. Pure.

It has no JavaScript, and does not load itself again, which would take the place of whoever reads it with a keyboard or
a screen reader: a link does. Times are those of the clock.
"""

from __future__ import annotations

from autograder.feedback.page import encodable, environment
from autograder.model import Value


class QueuedWork(Value):
    """A submission that waits or is being graded; times are ISO 8601 with their zone, ``done_at`` is an estimate.

    ``not_before``: the student has reached the hourly number, or the assignment cannot be graded now.
    """

    student: str
    assignment: str
    since: str
    done_at: str | None = None
    not_before: str | None = None
    position: int | None = None


class GradedWork(Value):
    """A submission that was graded, or could not be; ``status`` is that of its result."""

    student: str
    assignment: str
    status: str
    at: str
    seconds: float


class QueueStatus(Value):
    """The queue at one moment."""

    title: str
    state: str
    written_at: str
    workers: int
    per_hour: int | None = None
    running: tuple[QueuedWork, ...] = ()
    waiting: tuple[QueuedWork, ...] = ()
    done: tuple[GradedWork, ...] = ()
    arriving: int = 0
    problems: tuple[str, ...] = ()


def render_queue(status: QueueStatus) -> str:
    """Return the page. It shows ids of students: it is for staff."""
    template = environment().get_template("queue.html.j2")
    return encodable(template.render(status=status, clock=_clock))


def _clock(moment: str | None) -> str:
    """Return the time of day of an ISO time, a dash where there is none."""
    return moment[11:19] if moment else "–"
