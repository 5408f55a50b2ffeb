"""Memory of a command and of the warm processes that it keeps, while a class is graded: it must not grow with it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from autograder.sandbox.processes.memory import private_bytes
from autograder.sandbox.processes.reaper import children

LOOK: Final = 0.5
"""Seconds between two looks."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What was seen at one time: results so far, and MiB of the command and of the largest process that it started."""

    results: int
    command: float
    warm: float


@contextmanager
def watched(count: Callable[[], int]) -> Iterator[list[Sample]]:
    """Yield a list that gets a sample of the command which the block runs whenever there are more results.

    Args:
        count: returns the number of results so far.
    """
    found: list[Sample] = []
    over = threading.Event()
    thread = threading.Thread(target=_watch, args=(count, found, over))
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join()


def _watch(count: Callable[[], int], found: list[Sample], over: threading.Event) -> None:
    while not over.wait(LOOK):
        results = count()
        commands = children(os.getpid())
        if commands and (not found or results > found[-1].results):
            warm = [private_bytes(child) for child in children(commands[0])]
            found.append(Sample(results=results, command=private_bytes(commands[0]) / 2**20,
                                warm=max(warm, default=0) / 2**20))


def after(samples: Sequence[Sample], results: int) -> Sample | None:
    """Return the first sample with at least so many results."""
    return next((sample for sample in samples if sample.results >= results), None)
