"""The turns of one child: the supervisor opens each one, in order and once, and keeps its clock.

A turn is a checkpoint, the calls of a task's functions, or a code cell. The supervisor sends ``opening(…)`` over the
progress socket, and the child answers that the turn has ended; only then does the next one open. Student code shares a
process with the runner, so it can send whatever the runner can, but gains nothing by that: no message opens a turn
twice or sets a clock back, ending a turn early only gives time away, and ending one twice ends the notebook.

    from the child   {"confined": true} · {"ready": true} ·
                     {"ended": number, "cell": {…}?, "leaving": true?} · {"done": true}
                     {"fit": n, "begin": true} · {"fit": n, "end": true, "digest": "…"}
    to the child     {"turn": number, "do": "checkpoint" | "calls" | "cell", "cell": index}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from json import JSONEncoder
from typing import Any, Final

MOST_FITS: Final = 2000
_DIGEST: Final = 64  # characters
_RECORD: Final = 2048  # characters that are kept of each text in a cell's record
_encode: Final = JSONEncoder().encode
"""Our own encoder: in the child, student code may have replaced ``json.dumps``."""


class Do(StrEnum):
    """What a turn is for."""

    CHECKPOINT = "checkpoint"
    CALLS = "calls"
    CELL = "cell"


@dataclass(frozen=True)
class Turn:
    """One turn: ``cell`` is the index of its cell, ``task`` the task of a test cell.

    ``place`` is the name that people know the cell by, such as "Task 3".
    """

    do: Do
    cell: int
    task: str | None = None
    place: str = ""

    @property
    def name(self) -> str:
        """How to refer to its cell in a sentence; without a place, by its number, counted from 1."""
        return self.place or f"cell {self.cell + 1}"


@dataclass
class Spent:
    """One turn as the supervisor saw it; ``record`` is the child's untrusted report of how a cell ended.

    ``waited`` is the part of it, in seconds, during which the machine was busy with other work; ``starved`` says that
    the clock ended it before it had its full time.
    """

    turn: Turn
    since: float
    seconds: float | None = None
    interrupts: int = 0
    waited: float = 0.0
    starved: bool = False
    record: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class SeenFit:
    """A call of ``fit`` as the child reported it; ``since`` is the earliest moment at which it can have begun."""

    cell: int | None
    since: float
    seconds: float | None = None
    digest: str | None = None


def turns_of(cells: Iterable[Mapping[str, Any]], calls: Iterable[str]) -> tuple[Turn, ...]:
    """Return the turns of a notebook job, whose cells are given as JSON; ``calls`` names the tasks that have calls."""
    called = frozenset(calls)
    found: list[Turn] = []
    for cell in cells:
        index, task, place = cell["index"], cell.get("task"), cell.get("place", "")
        if task is not None:
            found.append(Turn(Do.CHECKPOINT, index, task, place))
            if task in called:
                found.append(Turn(Do.CALLS, index, task, place))
        found.append(Turn(Do.CELL, index, task, place))
    return tuple(found)


def opening(number: int, do: str, cell: int) -> bytes:
    """Return the message that opens a turn."""
    return _encode({"turn": number, "do": str(do), "cell": cell}).encode()


class Turns:
    """The state of all turns so far. Pure: the caller owns the socket and the clock, and passes the time in."""

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = turns
        self._open = False
        self._ready = not turns  # a child without turns has nothing to be ready for
        self.confined = False
        self.done = False
        self.left_since: float | None = None
        self.spent: list[Spent] = []
        self.fits: dict[int, SeenFit] = {}
        self.junk = 0
        self.breach: str | None = None
        """The first message that an honest runner never sends, as a sentence for staff."""

    @property
    def current(self) -> Spent | None:
        """The turn that is open."""
        return self.spent[-1] if self._open else None

    @property
    def complete(self) -> bool:
        """Whether every turn was opened and ended."""
        return len(self.spent) == len(self._turns) and not self._open

    @property
    def due(self) -> Turn | None:
        """The turn to open now."""
        if self._open or self.done or not self._ready or self.breach or len(self.spent) == len(self._turns):
            return None
        return self._turns[len(self.spent)]

    def open(self, now: float) -> bytes:
        """Start the clock of the turn that is due, and return the message for the child."""
        turn = self._turns[len(self.spent)]
        self.spent.append(Spent(turn, now))
        self._open = True
        return opening(len(self.spent) - 1, turn.do, turn.cell)

    def hear(self, event: Mapping[str, Any], now: float, quiet: float) -> Spent | None:
        """Process one message of the child; return the turn that it ended.

        Args:
            now: when it was read.
            quiet: the last time at which there was nothing to read: the message was sent after it.
        """
        if "fit" in event:
            self._hear_fit(event, now, quiet)
        elif event.get("confined") is True:
            self._once("confined", self.confined or bool(self.spent))
            self.confined = True
        elif event.get("ready") is True:
            self._once("ready", self._ready)
            self._ready = True
        elif event.get("done") is True:
            self._once("done before its last cell", self.done or not self.complete)
            if self.complete and not self.done:
                self.done, self.left_since = True, now
        elif type(event.get("ended")) is int:
            return self._hear_end(event, now)
        else:
            self.junk += 1
        return None

    def _once(self, word: str, wrong: bool) -> None:
        if wrong and self.breach is None:
            self.breach = f"The process said that it was {word}, which was false or had been said before."

    def _hear_end(self, event: Mapping[str, Any], now: float) -> Spent | None:
        spent = self.current
        if spent is None or event["ended"] != len(self.spent) - 1:
            if self.breach is None:
                self.breach = ("The process said twice that a cell had ended, or said it of one that had not begun: "
                               "student code spoke for the grader's runner.")
            return None
        self._open = False
        spent.seconds = now - spent.since
        if event.get("leaving") is True and self.left_since is None:
            self._ready, self.left_since = False, now  # as after the last cell: it must exit
        record = event.get("cell")
        if isinstance(record, dict):
            spent.record = {key: value[:_RECORD] if isinstance(value, str) else value for key, value in record.items()}
        return spent

    def _hear_fit(self, event: Mapping[str, Any], now: float, quiet: float) -> None:
        """Record the first message about the start of a fit, and the first about its end."""
        number, digest = event["fit"], event.get("digest")
        if type(number) is not int or not 0 < number <= MOST_FITS:
            self.junk += 1
        elif event.get("begin") is True and number not in self.fits:
            current = self.current
            self.fits[number] = SeenFit(current.turn.cell if current else None, quiet)
        elif event.get("end") is True and number in self.fits and self.fits[number].seconds is None:
            seen = self.fits[number]
            seen.seconds = now - seen.since
            seen.digest = digest[:_DIGEST] if isinstance(digest, str) else None
        else:
            self.junk += 1
