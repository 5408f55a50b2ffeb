"""Submissions whose turn comes later: stopped while the machine was busy, or with answers that are being run.

Submissions that ran out of time while the machine was busy are run once more, alone, before they count.

A submission is postponed if the clock stopped one of its runs before that had its full time (`Execution.starved`). When
the rest of the batch is done, these submissions are graded from the start, one after the other, so that nothing else
in the batch takes up a processor. The second grading counts, whatever the two are worth: nobody chooses between them.
If it is starved too, by work outside of the batch, the points that were lost are withheld, and the next command grades
the submission again.

A submission with the same answers as one that is being run waits for that run, and its worker takes another one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Generic, Self, TypeVar

from autograder.pipeline.grade.reruns import RunAlone
from autograder.pipeline.session.known_runs import RunLater
from autograder.pipeline.session.session import Session
from autograder.pipeline.session.workers import run_concurrently
from autograder.workspace.progress import Reporter

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class _WithReturning(Generic[Item]):
    """Items, and those that came back to wait for an event: each of them is next once its event is set.

    A None says that there is no item at the moment.
    """

    def __init__(self, items: Iterable[Item | None]) -> None:
        self._items = iter(items)
        self._lock = threading.Lock()
        self._back: list[tuple[threading.Event, Item]] = []

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> Item | None:
        with self._lock:
            ready = next((one for one in self._back if one[0].is_set()), None)
            if ready is not None:
                self._back.remove(ready)
                return ready[1]
        return next(self._items, None)  # who sets an event is busy until then, so this is no end

    def wait(self, item: Item, event: threading.Event) -> None:
        """Take an item back until an event is set."""
        with self._lock:
            self._back.append((event, item))


def grade_all(
    session: Session, items: Iterable[Item | None], grade: Callable[[Session, Item], Outcome], reporter: Reporter, *,
    workers: int | None = None,
) -> Iterator[Outcome]:
    """Yield the outcome of each item as it becomes known; postponed items come last.

    Args:
        items: taken when a worker is free; a None says that there is none at the moment: see `run_concurrently`.
        grade: grades one item with the session that it is given; may raise `RunAlone` if that session postpones, and
            `RunLater` if it shares runs.
        workers: how many items are graded at the same time; None: as many as the session has threads.
    """
    put_off: list[Item] = []
    supplied = _WithReturning(items)
    patient = replace(session, puts_off=True)

    def attempt(item: Item) -> tuple[Outcome, ...]:
        try:
            return (grade(patient, item),)
        except RunAlone:
            put_off.append(item)
        except RunLater as later:
            supplied.wait(item, later.ended)
        return ()

    for outcomes in run_concurrently(attempt, supplied, workers or session.threads, session.stop):
        yield from outcomes
    if not put_off:
        return
    count = "1 submission" if len(put_off) == 1 else f"{len(put_off)} submissions"
    reporter.note(f"{count} ran out of time while the machine was busy; each is run again, alone.")
    by_itself = replace(session, puts_off=False, alone=True)
    yield from run_concurrently(lambda item: grade(by_itself, item), put_off, 1, session.stop)
