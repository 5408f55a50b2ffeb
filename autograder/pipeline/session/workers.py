"""How many submissions run at the same time, and the threads that do the work."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from typing import TypeVar

from autograder.frames import with_large_frame

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


def count_workers(requested: int | None) -> int:
    """Return how many notebooks run at the same time: as requested, else one per core that this process may use."""
    if requested:
        return requested
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def count_spare_workers(workers: int) -> int:
    """Return how many submissions may be judged while others run: one per core that no worker needs."""
    return max(0, min(workers, count_workers(None) - workers))


def run_concurrently(
    work: Callable[[Item], Outcome], items: Iterable[Item], workers: int, stop: Callable[[], None]
) -> Iterator[Outcome]:
    """Yield outcomes as they finish; after Ctrl-C or an error ``stop`` ends what runs, and the rest never begins."""
    threads = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="worker")
    futures: list[Future[Outcome]] = [threads.submit(with_large_frame(work), item) for item in items]
    try:
        for future in as_completed(futures):
            yield future.result()
    except BaseException:
        stop()
        raise
    finally:
        threads.shutdown(wait=True, cancel_futures=True)
