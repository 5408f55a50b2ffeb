"""Workers take items from a feed: when there is none at the moment, they wait for it only while others are busy."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from autograder.pipeline.session.workers import run_concurrently


def never() -> None:
    raise AssertionError("nothing must be stopped")


def test_a_feed_is_requested_again_while_others_are_busy() -> None:
    """The second item arrives while the first one is being worked on; both are done in one batch."""
    arrived, seen_none = threading.Event(), threading.Event()

    def feed() -> Iterator[str | None]:
        yield "first"
        while not arrived.is_set():
            seen_none.set()
            yield None
        yield "second"

    def work(item: str) -> str:
        if item == "first":
            assert seen_none.wait(30)
            arrived.set()
        return item

    assert sorted(run_concurrently(work, feed(), 2, never)) == ["first", "second"]


def test_a_feed_without_items_ends_the_batch() -> None:
    def feed() -> Iterator[int | None]:
        yield 1
        while True:
            yield None

    assert list(run_concurrently(lambda item: item, feed(), 3, never)) == [1]


def test_items_are_taken_one_by_one_when_a_worker_is_free() -> None:
    taken: list[int] = []

    def feed() -> Iterator[int]:
        for number in range(6):
            taken.append(number)
            yield number

    def work(item: int) -> bool:
        return len(taken) <= item + 2

    assert all(run_concurrently(work, feed(), 2, never))


def test_an_error_of_the_feed_ends_the_batch() -> None:
    stopped = threading.Event()

    def feed() -> Iterator[int]:
        yield 1
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        list(run_concurrently(lambda item: item, feed(), 2, stopped.set))
    assert stopped.is_set()


def test_who_no_longer_listens_stops_the_batch() -> None:
    stopped = threading.Event()
    outcomes = run_concurrently(lambda item: item, range(1000), 1, stopped.set)
    next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert stopped.is_set()
