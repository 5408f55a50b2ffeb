"""When the phases of one child have to end: the notebook, the open turn, an interrupt, its exit. Pure."""

from __future__ import annotations

from typing import Final

from autograder.model import Limits
from autograder.sandbox.fair_clock import FairClock, Mark, Over

_LEAVE: Final = 30.0  # seconds, at least, from a child's last message to its exit
_INTERRUPTS: Final = 2  # within the grace of one turn: one can get lost in a callback or a destructor


class Deadlines:
    """The deadlines of one child, all measured with the same fair clock.

    Args:
        cores: processors that the machine has for it.
        grace: seconds that an interrupted turn has before the notebook is ended.
    """

    def __init__(self, limits: Limits, *, cores: int, grace: float, now: float) -> None:
        self._limits, self._grace = limits, grace
        self._cores = min(limits.threads, cores)
        self.begin(now)

    def begin(self, now: float) -> None:
        """Start the notebook's time: the sandbox is set up, and the first turn may open."""
        self.clock = FairClock(self._cores, now)
        self._notebook = self.clock.mark(now)
        self._turn = self._notebook
        self._interrupted: Mark | None = None
        self._left: Mark | None = None
        self._asked = 0

    def open_turn(self, now: float) -> None:
        """Start the time of a turn."""
        self._turn = self.clock.mark(now)
        self._interrupted, self._asked = None, 0

    @property
    def turn_waited(self) -> float:
        """Seconds of the open turn that do not count."""
        return self.clock.waited_since(self._turn)

    def notebook_over(self, now: float) -> Over | None:
        """Return why the notebook is out of time, None if it is not."""
        return self.clock.over(self._notebook, self._limits.notebook_seconds, now)

    def turn_over(self, now: float) -> Over | None:
        """Return why the open turn is out of time, None if it is not."""
        return self.clock.over(self._turn, self._limits.cell_seconds, now)

    def leaving_over(self, now: float, since: float) -> Over | None:
        """Return why a child whose last message came at ``since`` is out of time for its exit, None if it is not."""
        self._left = self._left or Mark(since, self.clock.waited)
        return self.clock.over(self._left, max(_LEAVE, self._limits.cell_seconds), now)

    def grace_over(self, now: float) -> bool:
        """Whether an interrupted turn failed to end in time; the first call marks the moment of the interrupt."""
        self._interrupted = self._interrupted or self.clock.mark(now)
        return self.clock.over(self._interrupted, self._grace, now) is not None

    def is_interrupt_due(self, now: float) -> bool:
        """Whether to send an interrupt now: the first one at once, a second one after half of the grace period."""
        first = self._interrupted or self.clock.mark(now)
        if self._asked == _INTERRUPTS or now - first.at < self._asked * self._grace / _INTERRUPTS:
            return False
        self._asked += 1
        return True
