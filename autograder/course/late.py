"""What late work costs: the one rule from which the students' sentence and nbgrader's penalty both follow. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from pydantic import Field

from autograder.model import Value

_SECONDS_PER_MINUTE = 60


class LateRule(Value):
    """Late work loses a share of its points for each day that has begun, and earns nothing after the last day.

    A day ends when local time shows the hour of the deadline again, so it has 23 or 25 hours where summer
    time begins or ends.
    """

    per_day: float = Field(default=0.0, ge=0, le=100, description="percentage of the points lost for each day that has "
                                                                  "begun")
    last_day: int = Field(default=7, ge=0, le=366, description="days after which late work earns nothing")
    grace_seconds: float = Field(default=0.0, ge=0, description="seconds after the deadline that cost nothing")

    def days_late(self, due: datetime, handed_in: datetime, zone: tzinfo | None = None) -> int:
        """Return how many days after the deadline have begun; 0 on time or within the grace period.

        Args:
            due, handed_in: with their zones.
            zone: the time zone in which a day ends; by default the zone of ``due``.
        """
        seconds = (handed_in - due).total_seconds()
        if seconds <= self.grace_seconds:
            return 0
        # Arithmetic within one zone uses local clock time; comparisons in UTC then account for summer time.
        local = due.astimezone(zone) if zone is not None else due
        days = max(1, int(seconds // 86_400))
        while handed_in.astimezone(UTC) > (local + timedelta(days=days)).astimezone(UTC):
            days += 1
        while days > 1 and handed_in.astimezone(UTC) <= (local + timedelta(days=days - 1)).astimezone(UTC):
            days -= 1
        return days

    def penalty(self, score: float, days: int) -> float:
        """Return the points that work with ``score`` points loses when it is ``days`` days late."""
        if days > self.last_day:
            return score
        return min(score, score * self.per_day / 100 * days)

    @property
    def sentence(self) -> str:
        """The rule in the words that students read."""
        minutes = self.grace_seconds / _SECONDS_PER_MINUTE
        grace = f" The first {minutes:g} minutes after the deadline cost nothing." if minutes else ""
        if self.last_day == 0:
            return f"Late work is not accepted.{grace}"
        until = f"is not accepted after {_duration(self.last_day)}"
        if self.per_day == 0:
            return f"Late work loses nothing, but {until}.{grace}"
        return f"Late work loses {self.per_day:g} % of its points for each day that has begun, and {until}.{grace}"


def _duration(days: int) -> str:
    named = {1: "one day", 7: "one week", 14: "two weeks"}
    return named.get(days, f"{days} days")
