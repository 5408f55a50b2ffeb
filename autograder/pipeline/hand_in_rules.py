"""When work for an assignment can be handed in, and until when any of it can still earn points."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from autograder.feedback import Rules
from autograder.grades import Grade
from autograder.workspace.layout import Workspace


def rules_for(workspace: Workspace, student: str, assignment: str, grade: Grade | None) -> Rules:
    """Return how a student can hand in again, with the student's own deadline."""
    settings = workspace.course.assignment(assignment)
    own = _moment(grade.own_due) if grade else None
    due = own or workspace.course.due(student, assignment)
    return Rules(until=_said(workspace, due) if due else "", late=settings.late.sentence if settings.late else "",
                 attempts=settings.attempts, best_counts=settings.counts == "best")


def closes(workspace: Workspace, assignment: str, grades: Iterable[Grade] = ()) -> datetime | None:
    """Return when the last student can no longer earn a point: every extension and the days of late work are over.

    Args:
        grades: they know extensions that were granted in nbgrader.

    Returns:
        None where there is no deadline.
    """
    course = workspace.course
    settings = course.assignment(assignment)
    given = [settings.due, *(own.get(assignment) for own in course.extensions.values()),
             *(_moment(grade.own_due) for grade in grades if grade.assignment == assignment)]
    known = [due for due in given if due is not None]
    if settings.due is None or not known:
        return None
    late = settings.late
    days = late.last_day if late is not None else 0
    return max(known) + timedelta(days=days, seconds=late.grace_seconds if late else 0)


def _moment(stamp: str | None) -> datetime | None:
    """Return a time of the gradebook: nbgrader writes UTC without a zone."""
    moment = datetime.fromisoformat(stamp) if stamp else None
    return moment if moment is None or moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _said(workspace: Workspace, due: datetime) -> str:
    zone = workspace.course.zone
    local = due.astimezone(zone) if zone is not None else due
    named = f" ({workspace.course.timezone})" if zone is not None else f" {local:%Z}"
    return f"{local.day} {local:%B %Y, %H:%M}{named}"
