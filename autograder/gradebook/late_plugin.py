"""The late rule of ``course.yml`` as a plugin of nbgrader. Importing this module imports nbgrader."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Unicode

from autograder.course import Course
from autograder.workspace.layout import open_workspace


class CourseLateRule(LateSubmissionPlugin):  # type: ignore[misc]  # nbgrader has no types
    """Calculates the penalty from the deadline, the extension and the time of one submission in the gradebook.

    ``submission`` is nbgrader's record; where it is not set, it is looked up as nbgrader's preprocessor would.
    """

    course = Unicode("", help="The course folder.").tag(config=True)
    submission: Any = None

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:
        """Return the points to subtract, between 0 and ``score``; None where the course has no late rule."""
        submission = self.submission or self.parent.gradebook.find_submission(self.parent.assignment_id, student_id)
        course = open_workspace(Path(self.course)).course
        return penalty_of(course, submission.assignment.name, score, submission.duedate, submission.timestamp)


def penalty_of(
    course: Course, assignment: str, score: float, due: datetime | None, handed_in: datetime | None,
) -> float | None:
    """Return the points that a submission loses by the rule of ``course.yml``; None where there is no rule or no time.

    Args:
        due: the deadline in the gradebook, with the extension of this student, in UTC without a zone, as nbgrader
            stores it.
        handed_in: in UTC without a zone.
    """
    rule = course.assignment(assignment).late
    if rule is None or due is None or handed_in is None:
        return None
    return rule.penalty(score, rule.days_late(_aware(due, course, assignment), handed_in.replace(tzinfo=UTC),
                                              course.zone))


def _aware(due: datetime, course: Course, assignment: str) -> datetime:
    """Return the gradebook's deadline in the zone used in course.yml."""
    written = course.assignment(assignment).due
    moment = due.replace(tzinfo=UTC)
    return moment.astimezone(written.tzinfo) if written is not None else moment
