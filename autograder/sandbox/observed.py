"""What was seen of one child, and why it was ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from autograder.sandbox.turns import Do, SeenFit, Spent

if TYPE_CHECKING:
    from autograder.model.job import KernelLimit


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

    ``waited`` is the time in seconds during which the machine was busy with other work; ``by_clock`` says that the
    clock ended the notebook before it had its full time; ``kernel_limits`` are those of the child's control group.
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
    kernel_limits: tuple[KernelLimit, ...] = ()

    @property
    def cells(self) -> list[int]:
        """The cells that were begun, in order."""
        return [spent.turn.cell for spent in self.spent if spent.turn.do is Do.CELL]

    @property
    def starved(self) -> frozenset[int]:
        """The cells that the clock stopped, in the cell or at its checkpoint, before they had their full time."""
        return frozenset(spent.turn.cell for spent in self.spent if spent.starved)

    @property
    def lost(self) -> bool:
        """Whether the grader itself caused the end, so that nothing the child did counts."""
        return self.status is None or self.cause in (Cause.CLOSING, Cause.BROKEN)
