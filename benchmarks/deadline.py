"""How long a big class waits for its grades, by simulation: ``python -m benchmarks.deadline``.

What a submission takes is drawn from the seconds that correct runs took when their assignment was calibrated
(``reference/*/reference.json``), plus what grading costs in addition. Students hand in more and more often towards the
deadline: the time that is left to it is exponentially distributed. Each node grades as many submissions at the same
time as it has workers. The newest attempt of each student comes first, in the order in which they were handed in;
attempts that a newer one has replaced are graded when nothing else waits. Nothing is graded here, and the same seed
gives the same table.
"""

from __future__ import annotations

import argparse
import heapq
import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from benchmarks.course import ROOT
from benchmarks.report import Table, markdown

NODES: Final = (1, 2, 5, 10, 20)
OVERHEAD: Final = 1.09
"""Seconds that grading costs beyond the notebook's own training: docs/operating/performance.md, "Overhead"."""


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """One attempt: who, when (hours; the deadline is 0) and how many hours of one worker it takes."""

    student: int
    at: float
    takes: float


@dataclass(frozen=True, kw_only=True)
class Night:
    """How a class was served.

    Attributes:
        waits: hours from hand-in to grade, of each attempt that no newer one replaced while it waited.
        replaced: attempts that a newer one replaced while they waited; they were graded later.
        waiting_at_deadline: attempts in the queue at the deadline.
        finished: hours after the deadline at which the last grade was there.
    """

    waits: NDArray[np.float64]
    replaced: int
    waiting_at_deadline: int
    finished: float


@dataclass
class _Queue:
    """What waits: the newest attempt of each student, and attempts that were replaced."""

    newest: dict[int, HandIn] = field(default_factory=dict)
    in_order: deque[HandIn] = field(default_factory=deque)
    replaced: deque[HandIn] = field(default_factory=deque)
    replacements: int = 0

    def __len__(self) -> int:
        return len(self.newest) + len(self.replaced)

    def add(self, one: HandIn) -> None:
        if one.student in self.newest:
            self.replaced.append(self.newest[one.student])
            self.replacements += 1
        self.newest[one.student] = one
        self.in_order.append(one)

    def take(self) -> tuple[HandIn, bool]:
        """Return the next attempt, and whether it is its student's newest."""
        while self.in_order:
            one = self.in_order.popleft()
            if self.newest.get(one.student) is one:
                del self.newest[one.student]
                return one, True
        return self.replaced.popleft(), False


def hand_ins(
    seconds: Sequence[float], rng: np.random.Generator, *, students: int, attempts: int, mean_hours: float,
    window_hours: float,
) -> list[HandIn]:
    """Draw the attempts of a class, ordered by time.

    Args:
        seconds: of one worker, one of them drawn for each attempt.
        attempts: of each student.
        mean_hours: mean time before the deadline.
        window_hours: nobody hands in earlier than this before it.
    """
    before = rng.exponential(mean_hours, size=students * attempts)
    while (early := before > window_hours).any():
        before[early] = rng.exponential(mean_hours, size=int(early.sum()))
    takes = rng.choice(np.asarray(seconds, dtype=np.float64), size=before.size) / 3600
    made = [HandIn(student=number % students, at=-float(left), takes=float(took))
            for number, (left, took) in enumerate(zip(before, takes, strict=True))]
    return sorted(made, key=lambda one: one.at)


def simulate(arriving: Sequence[HandIn], workers: int) -> Night:
    """Serve attempts, which are ordered by time, with so many workers."""
    free = [float("-inf")] * workers
    queue, waits = _Queue(), []
    now, finished, upcoming, at_deadline = float("-inf"), 0.0, 0, None
    while upcoming < len(arriving) or queue:
        now = max(now, heapq.heappop(free))
        if not queue:
            now = max(now, arriving[upcoming].at)
        if at_deadline is None and now >= 0:
            at_deadline = len(queue) + sum(one.at <= 0 for one in arriving[upcoming:])
        while upcoming < len(arriving) and arriving[upcoming].at <= now:
            queue.add(arriving[upcoming])
            upcoming += 1
        one, is_newest = queue.take()
        done = now + one.takes
        finished = max(finished, done)
        if is_newest:
            waits.append(done - one.at)
        heapq.heappush(free, done)
    return Night(waits=np.asarray(waits), replaced=queue.replacements, waiting_at_deadline=at_deadline or 0,
                 finished=finished)


def recorded(root: Path) -> dict[str, list[float]]:
    """Return what correct runs of each assignment took, in seconds, with its real data where that was calibrated."""
    found = {}
    for path in sorted(root.glob("reference/*/reference.json")):
        calibrations: Mapping[str, Mapping[str, list[float]]] = json.loads(path.read_bytes())["calibrations"]
        real = [one for name, one in calibrations.items() if not name.startswith("stand-in")]
        chosen = (real or list(calibrations.values()))[:1]
        if chosen:
            found[path.parent.name] = [float(number) for number in chosen[0]["seconds"]]
    if not found:
        raise SystemExit(f"{root / 'reference'} was expected to hold calibrations with the seconds of their runs, but "
                         "has none; run `autograder calibrate` first.")
    return found


def night_row(name: str, night: Night, workers: int) -> tuple[str, ...]:
    """Return a row of the table: minutes of waiting, the queue, hours until all was graded."""
    half, most = (60 * float(np.quantile(night.waits, share)) for share in (0.5, 0.95))
    return (name, str(workers), f"{half:.1f}", f"{most:.1f}", f"{60 * float(night.waits.max()):.1f}",
            f"{night.waiting_at_deadline:,}", f"{night.finished:.1f}")


COLUMNS: Final = ("", "workers", "median wait, min", "95 % wait, min", "longest wait, min", "queued at the deadline",
                  "all graded, h after it")


def tables(seconds: Mapping[str, Sequence[float]], options: argparse.Namespace) -> list[Table]:
    """Return the night of each assignment, and that of the slowest one on other numbers of nodes."""
    workers = options.nodes * options.workers

    def draw(name: str) -> list[HandIn]:
        takes = [number + options.overhead for number in seconds[name]]
        return hand_ins(takes, np.random.default_rng(options.seed), students=options.students,
                        attempts=options.attempts, mean_hours=options.mean_hours, window_hours=options.window_hours)

    class_of = {name: draw(name) for name in seconds}
    slowest = max(class_of, key=lambda name: sum(one.takes for one in class_of[name]))
    work = sum(one.takes for ones in class_of.values() for one in ones)
    size = f"{options.students:,} students, {options.attempts} attempts each"
    return [
        Table(title=f"{size}, {_nodes(options.nodes)}; {work:,.0f} hours of one worker for all assignments",
              columns=COLUMNS, rows=tuple(night_row(name, simulate(ones, workers), workers)
                                          for name, ones in class_of.items())),
        Table(title=f"{slowest} on other numbers of nodes", columns=COLUMNS, rows=tuple(
            night_row(_nodes(nodes), simulate(class_of[slowest], nodes * options.workers), nodes * options.workers)
            for nodes in NODES)),
    ]


def _nodes(count: int) -> str:
    return "1 node" if count == 1 else f"{count} nodes"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.deadline",
                                     description="Simulate the night of a deadline.")
    parser.add_argument("--students", type=int, default=10_000)
    parser.add_argument("--attempts", type=int, default=3)
    parser.add_argument("--nodes", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2, help="of each node")
    parser.add_argument("--mean-hours", type=float, default=8.0, help="mean time of a hand-in before the deadline")
    parser.add_argument("--window-hours", type=float, default=168.0)
    parser.add_argument("--overhead", type=float, default=OVERHEAD, help="seconds of grading beyond the training")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    print("\n\n".join(markdown(one) for one in tables(recorded(ROOT), options)))


if __name__ == "__main__":
    main()
