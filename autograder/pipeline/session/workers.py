"""How many submissions run at the same time, and the threads that do the work."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Final, Generic, TypeVar

from autograder.frames import with_large_frame

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")
_PAUSE: Final = 0.05
"""Seconds until a worker requests an item again where there was none."""
_SWITCH: Final = 0.0005
"""Seconds after which Python lets another thread run. The threads here only start and await processes, so Python's own
5 ms would keep processors idle while the gradebook is written."""


@dataclass(frozen=True)
class _Done(Generic[Outcome]):
    """The outcome of one item."""

    outcome: Outcome


def count_workers(requested: int | None) -> int:
    """Return how many notebooks run at the same time: as requested, else one per core that this process may use."""
    if requested:
        return requested
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def count_spare_workers(workers: int) -> int:
    """Return how many submissions may be judged while others run: one per core that no worker needs."""
    return max(0, min(workers, count_workers(None) - workers))


class _Supply(Generic[Item]):
    """Gives items to several workers, one at a time; any thread may call it."""

    def __init__(self, items: Iterable[Item | None]) -> None:
        self._items = iter(items)
        self._changed = threading.Condition()
        self._busy = 0
        self._ended = False

    def take(self) -> tuple[Item, ...]:
        """Return the next item alone, or nothing when the work is at its end."""
        with self._changed:
            while not self._ended:
                item = next(self._items, None)
                if item is not None:
                    self._busy += 1
                    return (item,)
                if not self._busy:
                    break
                self._changed.wait(_PAUSE)
            self._end()
            return ()

    def done(self) -> None:
        """Report that a worker has finished its item."""
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()

    def close(self) -> None:
        """Give no more items."""
        with self._changed:
            self._end()

    def _end(self) -> None:
        self._ended = True
        self._changed.notify_all()


def run_concurrently(
    work: Callable[[Item], Outcome], items: Iterable[Item | None], workers: int, stop: Callable[[], None]
) -> Iterator[Outcome]:
    """Yield outcomes as they finish; after Ctrl-C or an error ``stop`` ends what runs, and the rest never begins.

    Args:
        items: each is taken when a worker is free. A None says that there is no item at the moment: the next one is
            requested again while other workers are busy, and the work ends when none is.
    """
    supply, outcomes = _Supply(items), SimpleQueue[_Done[Outcome] | BaseException | None]()

    call = with_large_frame(work)

    def serve() -> None:
        try:
            while found := supply.take():
                outcomes.put(_Done(call(found[0])))
                supply.done()
            outcomes.put(None)
        except BaseException as error:
            outcomes.put(error)  # raised again by the thread that waits for outcomes

    sys.setswitchinterval(min(_SWITCH, sys.getswitchinterval()))
    threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="worker")
    left = len([threads.submit(serve) for _ in range(workers)])
    try:
        while left:
            match outcomes.get():
                case None:
                    left -= 1
                case _Done(outcome):
                    yield outcome
                case error:
                    raise error
    except BaseException:
        supply.close()
        stop()
        raise
    finally:
        threads.shutdown(wait=True, cancel_futures=True)
