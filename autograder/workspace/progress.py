"""How long operations report progress, independent of the receiver."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Protocol


class Task(Protocol):
    """A countable piece of work in progress; any thread may report it."""

    def begin(self, name: str) -> None:
        """The unit of this name is being worked on from now on."""

    def advance(self, note: str = "") -> None:
        """One more unit is done; ``note`` says which."""


class Reporter(Protocol):
    """Receives the start, the progress and the notes of an operation."""

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Task]:
        """Announce ``total`` units of work."""
        yield ...  # type: ignore[misc]  # a protocol body is never run

    def note(self, text: str) -> None:
        """Print one permanent sentence."""


class LazyTask:
    """Progress as a share of the whole, announced only when there is something to wait for."""

    def __init__(self, reporter: Reporter, description: str, total: int = 100) -> None:
        self._reporter = reporter
        self._description = description
        self._total = total
        self._done = 0
        self._stack = ExitStack()
        self._task: Task | None = None

    def __call__(self, share: float) -> None:
        """Show that ``share`` (0 to 1) is done."""
        if self._task is None:
            self._task = self._stack.enter_context(self._reporter.task(self._description, self._total))
        while self._done < int(share * self._total):
            self._task.advance()
            self._done += 1
        if share >= 1:
            self._stack.close()


class _SilentTask:
    def begin(self, name: str) -> None:
        """Show nothing."""

    def advance(self, note: str = "") -> None:
        """Count nothing."""


class Silent:
    """A reporter for scripts and tests."""

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Task]:
        """Announce nothing."""
        yield _SilentTask()

    def note(self, text: str) -> None:
        """Say nothing."""
