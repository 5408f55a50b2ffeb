"""What was seen of one child, and why it was ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from autograder.sandbox.turns import Do, SeenFit, Spent


class Cause(Enum):
    """Why the supervisor ended a child."""

    CELL_TIME = auto()
    FORGED = auto()
    NOTEBOOK_TIME = auto()
    MEMORY = auto()
    DISK = auto()
    CLOSING = auto()
    BROKEN = auto()


@dataclass
class Outcome:
    """What was seen of one child.

    ``waited`` are the seconds in which the machine was busy with other work, ``by_clock`` says that the clock ended
    the notebook before it had its time.
    """

    status: int | None = None
    refused: str | None = None
    confined: bool = False
    done: bool = False
    complete: bool = False
    cause: Cause | None = None
    spent: list[Spent] = field(default_factory=list)
    fits: dict[int, SeenFit] = field(default_factory=dict)
    breach: str | None = None
    junk: int = 0
    seconds: float = 0.0
    waited: float = 0.0
    by_clock: bool = False
    peak: int = 0
    output: bytes = b""
    scratch: int | None = None

    @property
    def cells(self) -> list[int]:
        """The cells that were begun, in order."""
        return [spent.turn.cell for spent in self.spent if spent.turn.do is Do.CELL]

    @property
    def starved(self) -> frozenset[int]:
        """The cells that were stopped by the clock before they had their time, themselves or at their checkpoint."""
        return frozenset(spent.turn.cell for spent in self.spent if spent.starved)

    @property
    def lost(self) -> bool:
        """Whether the end was the grader's own doing, so that nothing of the child counts."""
        return self.status is None or self.cause in (Cause.CLOSING, Cause.BROKEN)
