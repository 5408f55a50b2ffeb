"""Progress on the terminal: a bar with the time left, on standard error so that the output of --json stays clean."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from autograder.workspace.progress import Reporter, Task

_SHOWN = 4
"""How many names fit next to a bar."""


class _Bar:
    """A bar with the names of what is being worked on; where nobody has begun anything, of what was done last."""

    def __init__(self, progress: Progress, bar: TaskID) -> None:
        self._progress = progress
        self._bar = bar
        self._running: dict[str, None] = {}
        self._lock = threading.Lock()

    def begin(self, name: str) -> None:
        with self._lock:
            self._running[name] = None
            self._progress.update(self._bar, note=self._shown())

    def advance(self, note: str = "") -> None:
        with self._lock:
            self._running.pop(note, None)
            self._progress.update(self._bar, advance=1, note=self._shown() or escape(note))

    def _shown(self) -> str:
        names = list(self._running)
        more = f" +{len(names) - _SHOWN}" if len(names) > _SHOWN else ""
        return escape(", ".join(names[:_SHOWN]) + more)


class _Lines:
    """One line for each unit that has a name: in a log or behind a pipe, nobody sees a bar."""

    def __init__(self, console: Console, description: str, total: int) -> None:
        self._console, self._description, self._total = console, description, total
        self._done = 0
        self._lock = threading.Lock()

    def begin(self, name: str) -> None:
        pass  # a line when it is done says enough

    def advance(self, note: str = "") -> None:
        with self._lock:
            self._done += 1
            if note or self._done == self._total:
                self._console.print(escape(f"{self._description}: {self._done} of {self._total} {note}".rstrip()),
                                    highlight=False, soft_wrap=True)


class TerminalReporter:
    """A reporter that draws bars on a terminal and prints plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Task]:
        """Draw one bar for ``total`` units of work; where nobody could see it move, print a line per unit."""
        if not self._console.is_terminal:
            yield _Lines(self._console, description, total)
            return
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
            TextColumn("{task.fields[note]}", style="dim"),
        )
        with Progress(*columns, console=self._console) as progress:
            yield _Bar(progress, progress.add_task(description, total=total, note=""))

    def note(self, text: str) -> None:
        """Print one permanent line."""
        self._console.print(text, highlight=False, soft_wrap=not self._console.is_terminal)


class EscapedReporter:
    """A reporter of sentences that contain words of other machines, or names of files."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter
        self.task = reporter.task

    def note(self, text: str) -> None:
        """Print one permanent sentence as it is."""
        self._reporter.note(escape(text))
