"""Whose submission is graded next, and when the others will be; pure.

Students take turns. Of one student's submissions the newest comes first, and each of the others counts as if it had
arrived `YIELD` seconds later; so does a submission for each one of the same student that was graded within the last
hour. Thus somebody who hands in thirty times delays nobody else, and nobody waits forever.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HOUR: Final = 3600.0
YIELD: Final = 120.0
"""Seconds by which a submission comes later for each other one of its student."""
MOST: Final = 30
"""More submissions of one student than these come no later than with this number, so that everybody's turn comes."""


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A submission that waits since a time in seconds since 1970; ``work`` identifies what has to be graded."""

    student: str
    assignment: str
    work: str
    arrived: float

    @property
    def key(self) -> tuple[str, str]:
        """Whose it is, and of which assignment: at most one of these waits."""
        return self.student, self.assignment


@dataclass(frozen=True, kw_only=True)
class Start:
    """One submission of a student was begun at this time."""

    student: str
    at: float


@dataclass(frozen=True, kw_only=True)
class Turn:
    """A submission in the queue, and the time before which its student's hourly number forbids it."""

    waiting: Waiting
    ready: float


def allowed_from(times: Sequence[float], per_hour: int | None, now: float) -> float:
    """Return when a student's next submission may begin.

    Args:
        times: when the student's earlier ones began.
        per_hour: how many may begin within any hour; None: any number.
    """
    recent = sorted(time for time in times if time > now - HOUR)
    if per_hour is None or len(recent) < per_hour:
        return now
    return recent[-per_hour] + HOUR


def order(waiting: Iterable[Waiting], starts: Iterable[Start], per_hour: int | None, now: float) -> list[Turn]:
    """Return all submissions in the order of their turns; those that have to wait for their hour come last."""
    begun: dict[str, list[float]] = defaultdict(list)
    for start in starts:
        if start.at > now - HOUR:
            begun[start.student].append(start.at)
    own: dict[str, list[Waiting]] = defaultdict(list)
    for one in waiting:
        own[one.student].append(one)
    ranked: list[tuple[bool, float, Waiting, float]] = []
    for student, works in own.items():
        times = begun[student]
        for place, one in enumerate(sorted(works, key=lambda one: (-one.arrived, one.assignment))):
            ready = allowed_from([*times, *([now] * place)], per_hour, now)
            rank = one.arrived + YIELD * min(len(times) + place, MOST)
            ranked.append((ready > now, max(rank, ready) if ready > now else rank, one, ready))
    ranked.sort(key=lambda row: (row[0], row[1], row[2].student, row[2].assignment))
    return [Turn(waiting=one, ready=ready) for _, _, one, ready in ranked]


def next_turn(turns: Sequence[Turn], now: float, *, without: Collection[tuple[str, str]] = (),
              assignment: str | None = None) -> Waiting | None:
    """Return the first submission that may begin now, None if there is none.

    Args:
        without: whose work is being graded, by student and assignment: two gradings of it would write the same files.
        assignment: only of this one.
    """
    return next((turn.waiting for turn in turns if turn.ready <= now and turn.waiting.key not in without
                 and assignment in (None, turn.waiting.assignment)), None)


def finish_times(
    turns: Sequence[Turn], running: Iterable[float], seconds: Mapping[str, float], workers: int, now: float
) -> list[float | None]:
    """Return when each submission will probably be graded, None where nothing is known of how long that takes.

    Args:
        running: when those that run will probably be done.
        seconds: how long grading one submission takes, by assignment.
    """
    free = sorted(max(now, time) for time in running)[:workers]
    free += [now] * (workers - len(free))
    heapq.heapify(free)
    found: list[float | None] = []
    for turn in turns:
        needed = seconds.get(turn.waiting.assignment)
        if needed is None:
            found.append(None)
            continue
        begin = max(heapq.heappop(free), turn.ready)
        heapq.heappush(free, begin + needed)
        found.append(begin + needed)
    return found


def typical(durations: Sequence[float]) -> float | None:
    """Return the median, None of nothing: one submission that ran into its time limit says little of the next."""
    ordered = sorted(durations)
    return ordered[len(ordered) // 2] if ordered else None
