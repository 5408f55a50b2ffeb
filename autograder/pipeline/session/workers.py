"""How many submissions run at the same time, and the threads that carry them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TypeVar

from autograder.frames import roomy

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


def lanes_of(requested: int | None) -> int:
    """Return how many submissions run side by side: as asked for, else one per core that this process may use."""
    if requested:
        return requested
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def beside_of(lanes: int) -> int:
    """Return how many submissions may be judged beside the running ones: one per core that no lane needs."""
    return max(0, min(lanes, lanes_of(None) - lanes))


def run_in_lanes(
    work: Callable[[Item], Outcome], items: Iterable[Item], lanes: int, stop: Callable[[], None]
) -> Iterator[Outcome]:
    """Yield outcomes as they come; after Ctrl-C or an error ``stop`` ends what runs and the rest never begins."""
    threads = ThreadPoolExecutor(max_workers=lanes, thread_name_prefix="lane")
    futures: list[Future[Outcome]] = [threads.submit(roomy(work), item) for item in items]
    try:
        for future in as_completed(futures):
            yield future.result()
    except BaseException:
        stop()
        raise
    finally:
        threads.shutdown(wait=True, cancel_futures=True)
