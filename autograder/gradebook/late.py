"""A late rule for nbgrader: so many per cent of the earned points for each day that has begun.

Used by name in ``nbgrader_config.py``. Importing this module imports nbgrader.
"""

from __future__ import annotations

import math

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Float, Integer

SECONDS_PER_DAY = 24 * 3600


class PerDayPenalty(LateSubmissionPlugin):  # type: ignore[misc]  # nbgrader has no types
    """Work that is late by more than ``last_day`` days earns nothing."""

    percent_per_day = Float(10.0, help="Per cent of the earned points lost per day that has begun.").tag(config=True)
    last_day = Integer(7, help="Days after which late work earns nothing.").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float:
        """Return the points to subtract, between 0 and ``score``."""
        days = math.ceil(total_seconds_late / SECONDS_PER_DAY)
        if days > self.last_day:
            return score
        return min(score, score * self.percent_per_day / 100 * max(0, days))
