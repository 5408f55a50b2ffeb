"""Progress that announces itself only when there is something to wait for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from autograder.workspace.progress import LazyTask, Task


class Counted:
    def __init__(self) -> None:
        self.events: list[str] = []

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Task]:
        self.events.append(f"begin {description} {total}")
        yield self
        self.events.append("end")

    def begin(self, name: str) -> None:
        raise AssertionError(name)

    def advance(self, note: str = "") -> None:
        self.events.append("one")

    def note(self, text: str) -> None:
        raise AssertionError(text)


def test_nothing_is_announced_before_the_first_share() -> None:
    listener = Counted()
    LazyTask(listener, "digits", 4)
    assert listener.events == []


def test_shares_become_whole_steps_and_the_last_one_ends_the_task() -> None:
    listener = Counted()
    progress = LazyTask(listener, "digits", 4)
    for share in (0.1, 0.3, 0.6, 1.0):
        progress(share)
    assert listener.events == ["begin digits 4", "one", "one", "one", "one", "end"]
