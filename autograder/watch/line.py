"""The queue of a watch: what waits, what runs and what was done last. Any thread may use it."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from autograder.model import Receipt, Result
from autograder.watch import restart_files
from autograder.watch.turn_order import HOUR, Start, Turn, Waiting, finish_times, next_turn, order, typical

Key = tuple[str, str]
REMEMBERED: Final = 50
"""Durations of each assignment from which the next one is estimated, and finished submissions that are shown."""
ROUND: Final = 100
LONGEST_ROUND: Final = 600.0
"""Submissions and seconds after which a round takes no more, so that those which were put off have their turn."""
PATIENCE: Final = 30.0
"""Seconds for which submissions of one assignment are graded although it is another one's turn."""


@dataclass
class Ending:
    """Whether a watch was requested to end. A plain attribute: what handles signals must not wait for a lock."""

    requested: bool = False


@dataclass(frozen=True, kw_only=True)
class Running:
    """A submission that is being graded, since this time (seconds since 1970)."""

    waiting: Waiting
    since: float


@dataclass(frozen=True, kw_only=True)
class Done:
    """A submission that was graded, or could not be: ``status`` is that of its result."""

    student: str
    assignment: str
    status: str
    at: float
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """The queue at one moment: ``turns`` in order, each with the time at which it is probably graded."""

    now: float
    turns: tuple[tuple[Turn, float | None], ...]
    running: tuple[tuple[Running, float | None], ...]
    done: tuple[Done, ...]


@dataclass
class Line:
    """Submissions by student and assignment: a newer one replaces the one that waits, and keeps its place.

    Attributes:
        per_hour: how many submissions of one student may begin within an hour; None: any number.
        ending: once it is requested, nothing begins any more.
        changes: counts what happened, so that others can see whether anything has.
    """

    folder: Path
    per_hour: int | None = None
    workers: int = 1
    ending: Ending = field(default_factory=Ending)
    changes: int = 0
    _waiting: dict[Key, tuple[Waiting, Receipt]] = field(default_factory=dict)
    _running: dict[Key, Running] = field(default_factory=dict)
    _starts: list[Start] = field(default_factory=list)
    _done: deque[Done] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _durations: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=REMEMBERED)))
    _put_off: dict[str, float] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        self._starts = restart_files.load_starts(self.folder)

    def offer(self, receipt: Receipt, work: str) -> None:
        """Add a student's work on an assignment; what waits of the same student and assignment is dropped.

        Args:
            receipt: of the upload that counts.
            work: identifies everything that has to be graded; what already waits or runs is not added again.
        """
        with self._lock:
            key = receipt.student, receipt.assignment
            running, before = self._running.get(key), self._waiting.get(key)
            if running and running.waiting.work == work:
                self._waiting.pop(key, None)
                return
            if before and before[0].work == work:
                return
            waiting = Waiting(student=receipt.student, assignment=receipt.assignment, work=work,
                              arrived=before[0].arrived if before else time.time())
            self._waiting[key] = (waiting, receipt)
            self.changes += 1

    def next_assignment(self) -> str | None:
        """Return the assignment of the submission whose turn it is, None if nothing may begin now."""
        with self._lock:
            now = time.time()
            found = None if self.ending.requested else next_turn(self._turns(now), now, without=self._running)
            return found.assignment if found else None

    def supply(self, assignment: str) -> Iterator[Receipt | None]:
        """Yield the submissions of one round, each when it begins; None where nothing may begin at the moment.

        After `PATIENCE` seconds a round ends when it is another assignment's turn, and in any case after `ROUND`
        submissions or `LONGEST_ROUND` seconds.
        """
        count, begun = 0, time.monotonic()
        while not self.ending.requested and count < ROUND and (lasted := time.monotonic() - begun) < LONGEST_ROUND:
            if lasted >= PATIENCE and self._is_others_turn(assignment):
                return
            receipt = self._begin(assignment)
            count += receipt is not None
            yield receipt

    def finish(self, result: Result) -> None:
        """Remember how grading a submission ended, and how long it took."""
        with self._lock:
            running = self._running.pop((result.student, result.assignment), None)
            now = time.time()
            seconds = now - running.since if running else 0.0
            if result.status == "graded":
                self._durations[result.assignment].append(seconds)
            self._done.append(Done(student=result.student, assignment=result.assignment, status=result.status, at=now,
                                   seconds=seconds))
            self.changes += 1

    def put_off(self, assignment: str, seconds: float) -> None:
        """Let no submission of an assignment begin for some time, since it cannot be graded now."""
        with self._lock:
            self._put_off[assignment] = time.time() + seconds

    def drop(self, assignment: str) -> list[Receipt]:
        """Take all submissions of an assignment out of the queue, and return them."""
        with self._lock:
            found = [receipt for waiting, receipt in self._waiting.values() if waiting.assignment == assignment]
            self._waiting = {key: one for key, one in self._waiting.items() if key[1] != assignment}
            self.changes += 1
            return found

    def learn(self, assignment: str, seconds: float) -> None:
        """Use the duration of an earlier grading for estimates."""
        with self._lock:
            self._durations[assignment].append(seconds)

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits and nothing runs."""
        with self._lock:
            return not self._waiting and not self._running

    def snapshot(self) -> Snapshot:
        """Return the queue as it is now."""
        with self._lock:
            now = time.time()
            turns = self._turns(now)
            seconds = {name: found for name, known in self._durations.items()
                       if (found := typical(list(known))) is not None}
            ends = {key: max(now, one.since + seconds[key[1]]) if key[1] in seconds else None
                    for key, one in self._running.items()}
            times = finish_times(turns, [end or now for end in ends.values()], seconds, self.workers, now)
            return Snapshot(
                now=now, turns=tuple(zip(turns, times, strict=True)), done=tuple(reversed(self._done)),
                running=tuple((one, ends[key]) for key, one in sorted(self._running.items())))

    def _turns(self, now: float) -> list[Turn]:
        ordered = order([one for one, _ in self._waiting.values()], self._starts, self.per_hour, now)
        late = [self._put_off.get(turn.waiting.assignment, 0.0) for turn in ordered]
        return [turn if turn.ready >= until or until <= now else replace(turn, ready=until)
                for turn, until in zip(ordered, late, strict=True)]

    def _begin(self, assignment: str) -> Receipt | None:
        with self._lock:
            now = time.time()
            chosen = next_turn(self._turns(now), now, without=self._running, assignment=assignment)
            if chosen is None:
                return None
            _, receipt = self._waiting.pop(chosen.key)
            self._running[chosen.key] = Running(waiting=chosen, since=now)
            self._starts = [start for start in self._starts if start.at > now - HOUR]
            self._starts.append(Start(student=chosen.student, at=now))
            restart_files.save_starts(self.folder, self._starts)
            self.changes += 1
            return receipt

    def _is_others_turn(self, assignment: str) -> bool:
        with self._lock:
            now = time.time()
            first = next_turn(self._turns(now), now, without=self._running)
            return first is not None and first.assignment != assignment
