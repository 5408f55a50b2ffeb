"""Into the gradebook while the class is graded; a gradebook that is locked or full stops no batch."""

from __future__ import annotations

import importlib
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Self

from autograder.errors import GradebookError
from autograder.gradebook.drawn import Drawing, Drawn
from autograder.imports import SLOW, without
from autograder.model import Result
from autograder.pipeline.reading.budgets import read, readers
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter

if TYPE_CHECKING:
    from autograder.gradebook import Recorder


class Recording:
    """Results are recorded while others are graded; what could not be, is tried again when all are graded."""

    def __init__(self, workspace: Workspace, wanted: bool) -> None:
        self._workspace = workspace
        self._wanted = wanted
        self._later: list[Result] = []
        self._recorder: Recorder | None = None
        self._open = ExitStack()
        self._warming: Future[None] | None = None

    def __enter__(self) -> Self:
        if self._wanted:
            self._open.enter_context(readers())
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def expect(self) -> None:
        """Make ready for the first result: nbgrader takes a second to import, and two for a new database."""
        if self._wanted and self._warming is None:
            threads = self._open.enter_context(ThreadPoolExecutor(1, thread_name_prefix="gradebook"))
            self._warming = threads.submit(self._warm)

    def _warm(self) -> None:
        """Import nbgrader and make a new database; one that is locked is tried again where a result is recorded."""
        with without(*SLOW):
            importlib.import_module("nbgrader.api")
        from autograder.gradebook import ensure

        with suppress(GradebookError):
            ensure(self._workspace)

    def add(self, result: Result) -> None:
        """Record a result; from the first trouble on only remember it, so that no batch stops for the gradebook."""
        if not self._wanted:
            return
        if self._later:
            self._later.append(result)
            return
        try:
            self._opened().add(result)
        except GradebookError:
            self._later.append(result)

    def finish(self, reporter: Reporter) -> None:
        """Record what is left and tell what an instructor should read.

        Raises:
            GradebookError: it still cannot be recorded.
        """
        if self._later:
            with reporter.task("gradebook", len(self._later)) as bar:
                for result in self._later:
                    self._opened().add(result)
                    bar.advance(result.student)
        for sentence in self._recorder.report.sentences if self._recorder else ():
            reporter.note(sentence)

    def _opened(self) -> Recorder:
        if self._recorder is None:
            if self._warming is not None:
                self._warming.result()  # any other trouble is raised here, not lost in its thread
            from autograder.gradebook import Recorder

            self._recorder = self._open.enter_context(Recorder(self._workspace, drawing=_drawn))
        return self._recorder


def _drawn(wanted: Drawing) -> Drawn:
    """Return what formgrader shows of a submission; its notebook is read in the readers' process.

    Raises:
        ReadingError: reading it broke its budget.
    """
    return Drawn(**read("gradebook", wanted.to_json()))
