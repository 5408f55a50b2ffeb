"""Progress on the terminal: a bar with the time left, on standard error so that the output of --json stays clean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from autograder.workspace.progress import Task


class _Bar:
    def __init__(self, progress: Progress, bar: TaskID) -> None:
        self._progress = progress
        self._bar = bar

    def advance(self, note: str = "") -> None:
        self._progress.update(self._bar, advance=1, note=note)


class TerminalReporter:
    """A reporter that draws bars on a terminal and prints plain lines elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Task]:
        """Draw one bar for ``total`` units of work."""
        columns = (
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn(),
            TextColumn("{task.fields[note]}", style="dim"),
        )
        with Progress(*columns, console=self._console) as progress:
            yield _Bar(progress, progress.add_task(description, total=total, note=""))

    def note(self, text: str) -> None:
        """Print one permanent line."""
        self._console.print(text, highlight=False)
