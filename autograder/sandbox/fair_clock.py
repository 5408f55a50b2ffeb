"""A clock that does not count the time during which the machine kept a child waiting for a processor. Pure.

A child is promised `cores` processors, as many as its backend may compute with. For each short window the clock
measures two things: how much processor time all processes of the child got, and how long its threads waited for more.

- A child that sleeps demands nothing, so it is deprived of nothing: all of its time counts.
- A child that gets as much processor time as it demands is not held up: all of its time counts.
- A child that demands one processor and gets half of one has used half of that window.

Demand is capped at the promised cores, and all that the child's processes get counts as received. So 200 processes that
compete with each other gain nothing: together they get the promised cores. Counted time never runs backwards, and
`over` ends everything at `STRETCH` times its limit, whatever was measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from autograder.model.limits import STRETCH

WINDOW: Final = 0.25
"""Seconds per window: what a child misses in one window says nothing about another one."""


class Over(Enum):
    """Why something is out of time."""

    TIME = auto()   # it used up its limit
    CLOCK = auto()  # it had less, since the machine was busy, but the clock ends it anyway


@dataclass(frozen=True)
class Mark:
    """A moment: on the clock, and how long the child had been kept waiting until then."""

    at: float
    waited: float


class FairClock:
    """The time of one child. The caller owns the real clock and passes the time in.

    Args:
        cores: processors that the child was promised.
        now: when its time begins.
    """

    def __init__(self, cores: int, now: float) -> None:
        self._cores = cores
        self._looked = now
        self.waited = 0.0

    def due(self, now: float) -> bool:
        """Whether a window has ended."""
        return now - self._looked >= WINDOW

    def book(self, now: float, ran: float, waited: float) -> None:
        """Account for the window that ends now.

        Args:
            ran: processor seconds that all processes of the child got in it.
            waited: seconds that its threads together were ready to run and did not.
        """
        self.waited += kept_from(now - self._looked, ran, waited, self._cores)
        self._looked = now

    def mark(self, now: float) -> Mark:
        """Return the current moment."""
        return Mark(now, self.waited)

    def waited_since(self, mark: Mark) -> float:
        """Return the seconds since a moment that do not count."""
        return self.waited - mark.waited

    def over(self, mark: Mark, limit: float, now: float) -> Over | None:
        """Return why something that began at ``mark`` is out of time, None if it is not."""
        passed = now - mark.at
        if passed - self.waited_since(mark) > limit:
            return Over.TIME
        return Over.CLOCK if passed > STRETCH * limit else None


def kept_from(window: float, ran: float, waited: float, cores: int) -> float:
    """Return the seconds of a window in which a child made no progress because it had no processor.

    Args:
        window: seconds on the clock.
        ran, waited: as in `FairClock.book`.
        cores: processors that it was promised.
    """
    if window <= 0:
        return 0.0
    wanted = min((ran + waited) / window, cores)
    missing = wanted - ran / window
    # If less than one processor is wanted, what is missing counts in full; otherwise as a share of what is wanted.
    return window * min(max(missing / max(wanted, 1.0), 0.0), 1.0)
