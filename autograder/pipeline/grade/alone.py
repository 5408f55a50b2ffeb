"""Submissions that ran out of time while the machine was busy are run once more, alone, before they count.

A submission is postponed if the clock stopped one of its runs before that had its full time (`Execution.starved`). When
the rest of the batch is done, these submissions are graded from the start, one after the other, so that nothing else
in the batch takes up a processor. The second grading counts, whatever the two are worth: nobody chooses between them.
If it is starved too, by work outside of the batch, the points that were lost are withheld, and the next command grades
the submission again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TypeVar

from autograder.pipeline.grade.reruns import RunAlone
from autograder.pipeline.session.session import Session
from autograder.pipeline.session.workers import run_concurrently
from autograder.workspace.progress import Reporter

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


def grade_all(
    session: Session, items: Iterable[Item | None], grade: Callable[[Session, Item], Outcome], reporter: Reporter, *,
    workers: int | None = None,
) -> Iterator[Outcome]:
    """Yield the outcome of each item as it becomes known; postponed items come last.

    Args:
        items: taken when a worker is free; a None says that there is none at the moment: see `run_concurrently`.
        grade: grades one item with the session that it is given; may raise `RunAlone` if that session postpones.
        workers: how many items are graded at the same time; None: as many as the session has threads.
    """
    put_off: list[Item] = []
    patient = replace(session, puts_off=True)

    def attempt(item: Item) -> tuple[Outcome, ...]:
        try:
            return (grade(patient, item),)
        except RunAlone:
            put_off.append(item)
            return ()

    for outcomes in run_concurrently(attempt, items, workers or session.threads, session.stop):
        yield from outcomes
    if not put_off:
        return
    count = "1 submission" if len(put_off) == 1 else f"{len(put_off)} submissions"
    reporter.note(f"{count} ran out of time while the machine was busy; each is run again, alone.")
    by_itself = replace(session, puts_off=False, alone=True)
    yield from run_concurrently(lambda item: grade(by_itself, item), put_off, 1, session.stop)
