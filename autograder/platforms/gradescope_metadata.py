"""`submission_metadata.json`, which Gradescope writes next to the submission: attempts, deadline, earlier results.

Read leniently: Gradescope adds fields, and `otter grade` leaves the file empty. What is missing decides nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

_LARGEST: Final = 16 << 20
_SHOWN: Final = ("score", "output", "tests")


@dataclass(frozen=True, kw_only=True)
class Submission:
    """What Gradescope says of one submission.

    Attributes:
        attempt: its number, counted from 1; None: unknown.
        seconds_late: after the deadline of Gradescope; 0: on time or unknown.
        earlier: Gradescope's results of the previous submissions, oldest first.
    """

    attempt: int | None = None
    seconds_late: float = 0.0
    earlier: tuple[Mapping[str, Any], ...] = field(default=())


def read_metadata(path: Path) -> Submission:
    """Return what the file says; an empty or unreadable one says nothing."""
    try:
        loaded = json.loads(path.read_bytes()) if path.stat().st_size <= _LARGEST else {}
    except (OSError, ValueError, RecursionError):
        loaded = {}
    if not isinstance(loaded, dict) or not isinstance(loaded.get("previous_submissions"), list):
        return Submission(seconds_late=_late(loaded))
    previous = [one for one in loaded["previous_submissions"] if isinstance(one, dict)]
    previous.sort(key=lambda one: str(one.get("submission_time", "")))
    earlier = tuple(one["results"] for one in previous if isinstance(one.get("results"), dict))
    return Submission(attempt=len(previous) + 1, seconds_late=_late(loaded), earlier=earlier)


def _due_dates(assignments: list[dict[str, Any]]) -> list[datetime]:
    return [moment for one in assignments if (moment := _moment(one.get("due_date")))]


def _late(loaded: Any) -> float:
    """Return the seconds after the deadline of the person, or of the assignment."""
    if not isinstance(loaded, dict):
        return 0.0
    users = loaded.get("users")
    own = [user["assignment"] for user in (users if isinstance(users, list) else [])
           if isinstance(user, dict) and isinstance(user.get("assignment"), dict)]
    general = loaded.get("assignment")
    dues = _due_dates(own) or _due_dates([general] if isinstance(general, dict) else [])
    due, created = max(dues, default=None), _moment(loaded.get("created_at"))
    if due is None or created is None or (due.tzinfo is None) != (created.tzinfo is None):
        return 0.0
    return max(0.0, (created - due).total_seconds())


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def last_counted(submission: Submission, allowed: int) -> dict[str, Any] | None:
    """Return the results of the last attempt that counts, None where Gradescope has none of them."""
    counted = submission.earlier[:allowed]
    return {key: counted[-1][key] for key in _SHOWN if key in counted[-1]} if counted else None
