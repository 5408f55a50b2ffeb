"""When the parts of one child have to end: the notebook, the open turn, an interrupt, the way out. Pure."""

from __future__ import annotations

from typing import Final

from autograder.model import Limits
from autograder.sandbox.fair_clock import FairClock, Mark, Over

_LEAVE: Final = 30.0  # seconds, at least, from the last word of a child to its end
_INTERRUPTS: Final = 2  # within the grace of one turn: one can get lost in a callback or a destructor


class Deadlines:
    """The times of one child, all by the same fair clock.

    Args:
        cores: processors that the machine has for it.
        grace: seconds that an interrupted turn has before the notebook is ended.
    """

    def __init__(self, limits: Limits, *, cores: int, grace: float, now: float) -> None:
        self._limits, self._grace = limits, grace
        self._cores = min(limits.threads, cores)
        self.begin(now)

    def begin(self, now: float) -> None:
        """Start the notebook's time: the walls stand, and its first turn may open."""
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
        """Return why the notebook is out of time."""
        return self.clock.over(self._notebook, self._limits.notebook_seconds, now)

    def turn_over(self, now: float) -> Over | None:
        """Return why the open turn is out of time."""
        return self.clock.over(self._turn, self._limits.cell_seconds, now)

    def leaving_over(self, now: float, since: float) -> Over | None:
        """Return why a child that said its last word at ``since`` has to be gone."""
        self._left = self._left or Mark(since, self.clock.waited)
        return self.clock.over(self._left, max(_LEAVE, self._limits.cell_seconds), now)

    def grace_over(self, now: float) -> bool:
        """Whether a turn that was interrupted did not end in time; its first call is the moment of the interrupt."""
        self._interrupted = self._interrupted or self.clock.mark(now)
        return self.clock.over(self._interrupted, self._grace, now) is not None

    def ask_again(self, now: float) -> bool:
        """Whether an interrupt is due, the first one or another one half of the grace later."""
        first = self._interrupted or self.clock.mark(now)
        if self._asked == _INTERRUPTS or now - first.at < self._asked * self._grace / _INTERRUPTS:
            return False
        self._asked += 1
        return True
