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
        earlier: Gradescope's results of each previous submission, oldest first; empty where it has none.
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
    earlier = tuple(one["results"] if isinstance(one.get("results"), dict) else {} for one in previous)
    return Submission(attempt=len(previous) + 1, seconds_late=_late(loaded), earlier=earlier)


def _late(loaded: Any) -> float:
    """Return the seconds after the deadline of the person, or of the assignment."""
    if not isinstance(loaded, dict):
        return 0.0
    users, general = loaded.get("users"), loaded.get("assignment")
    own = [user.get("assignment") for user in users if isinstance(user, dict)] if isinstance(users, list) else []
    found = [moment for one in own if isinstance(one, dict) and (moment := _moment(one.get("due_date")))]
    due = max(found) if found else _moment(general.get("due_date")) if isinstance(general, dict) else None
    created = _moment(loaded.get("created_at"))
    return max(0.0, (created - due).total_seconds()) if due is not None and created is not None else 0.0


def _moment(text: Any) -> datetime | None:
    """Return a moment with its zone; without one it cannot be compared."""
    try:
        found = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def last_counted(submission: Submission, allowed: int) -> dict[str, Any] | None:
    """Return the results of the last attempt that counts, None where Gradescope has none of them."""
    counted = [results for results in submission.earlier[:allowed] if results]
    return {key: counted[-1][key] for key in _SHOWN if key in counted[-1]} if counted else None
