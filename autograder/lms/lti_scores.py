"""Columns and scores as LTI Assignment and Grade Services 2.0 define them. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

from autograder.errors import PlatformError
from autograder.grades import Grade, State
from autograder.lms.sheet import points

COLUMN_TYPE: Final = "application/vnd.ims.lis.v2.lineitem+json"
COLUMNS_TYPE: Final = "application/vnd.ims.lis.v2.lineitemcontainer+json"
SCORE_TYPE: Final = "application/vnd.ims.lis.v1.score+json"
_LONGEST_COMMENT: Final = 4000
_LABEL: Final = 250


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the platform's gradebook, which the standard calls a line item."""

    url: str
    label: str = ""
    most: float | None = None
    resource_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Score:
    """What a platform gets of one grade; ``score`` is None while any points wait for a person."""

    student: str
    score: float | None
    most: float
    comment: str

    @property
    def progress(self) -> str:
        """How far grading has come, in the standard's words."""
        return "PendingManual" if self.score is None else "FullyGraded"

    def body(self, user: str, timestamp: str) -> dict[str, Any]:
        """Return the document to send; without a score the platform shows none, and never a zero."""
        known = {} if self.score is None else {"scoreGiven": self.score, "scoreMaximum": self.most}
        return {"userId": user, **known, "comment": self.comment, "timestamp": timestamp,
                "activityProgress": "Completed", "gradingProgress": self.progress}

    @property
    def digest(self) -> str:
        """The same for the same content, whenever it is sent."""
        return hashlib.sha256(json.dumps(self.body("", ""), sort_keys=True).encode()).hexdigest()


def score_of(grade: Grade) -> Score | None:
    """Return what to send of a grade; None where there is nothing to say yet.

    Work that was not graded, not handed in, or that is excused is not sent: the standard has no word for an excuse, and
    what the platform shows stays as it is.
    """
    if grade.state not in (State.GRADED, State.REFUSED) or grade.max_points <= 0:
        return None
    return Score(student=grade.student, score=grade.score, most=grade.max_points, comment=_comment(grade))


def read_columns(document: Any) -> list[Column]:
    """Return the columns of one page of a line item container.

    Raises:
        PlatformError: it is no line item container.
    """
    if not isinstance(document, list):
        raise PlatformError("Expected a list of the course's columns, but the answer is none: check `lineitems_url` "
                            "in course.yml.")
    return [column for entry in document if (column := read_column(entry)) is not None]


def read_column(document: Any) -> Column | None:
    """Return one column, None where the document is none."""
    if not isinstance(document, dict) or not isinstance(url := document.get("id"), str):
        return None
    label, resource, most = document.get("label"), document.get("resourceId"), document.get("scoreMaximum")
    number = isinstance(most, int | float) and not isinstance(most, bool)
    return Column(url=url, label=label if isinstance(label, str) else "", most=most if number else None,
                  resource_id=resource if isinstance(resource, str) else "")


def choose_column(columns: Sequence[Column], assignment: str) -> Column | None:
    """Return the column of an assignment, by its `resourceId` and never by its label, which people change.

    Raises:
        PlatformError: there are several.
    """
    found = {column.url: column for column in columns if column.resource_id == assignment}
    if len(found) > 1:
        raise PlatformError(f"Expected one column with the resourceId {assignment} on the platform, but there are "
                            f"{len(found)}: delete all but one there.")
    return next(iter(found.values()), None)


def new_column(assignment: str, title: str, most: float) -> dict[str, Any]:
    """Return the document that creates a column."""
    return {"label": title[:_LABEL], "scoreMaximum": most, "resourceId": assignment}


def scores_url(column: str) -> str:
    """Return where a column takes scores: `/scores` is part of the path, before what follows a question mark."""
    parts = urlsplit(column)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/scores"))


def _comment(grade: Grade) -> str:
    """Return how the points came about and what people wrote, as plain text that is no markup for any program."""
    text = "\n".join(_lines(grade))
    kept = "".join(sign for sign in text if sign == "\n" or sign.isprintable())
    harmless = kept.replace("<", "‹").replace(">", "›")
    return harmless if len(harmless) <= _LONGEST_COMMENT else f"{harmless[:_LONGEST_COMMENT - 1]}…"


def _lines(grade: Grade) -> Iterator[str]:
    if grade.state is State.REFUSED:
        yield grade.message or "Nothing that was handed in could be graded."
        return
    yield f"{points(grade.total)} of {points(grade.max_points)} points"
    if grade.waiting:
        yield f"{points(grade.waiting)} points wait for a person and are not lost"
    if grade.late_penalty:
        yield f"{points(grade.late_penalty)} points are lost because the work was late"
    yield from (f"{task.title}: {task.comment}" for task in grade.tasks if task.comment)
