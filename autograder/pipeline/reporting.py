"""How long chains tell what they are doing, without knowing who listens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Task(Protocol):
    """A countable piece of work that is under way."""

    def advance(self, note: str = "") -> None:
        """One more unit is done; ``note`` says which."""


class Reporter(Protocol):
    """Receives the start, the progress and the remarks of a chain of work."""

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Task]:
        """Announce ``total`` units of work."""
        yield ...  # type: ignore[misc]  # a protocol body is never run

    def note(self, text: str) -> None:
        """Say one sentence that stays on the screen."""


class _SilentTask:
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
