"""Records results in the gradebook while a class is graded; a locked or full gradebook does not stop the batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Self

from autograder.errors import GradebookError
from autograder.gradebook.drawn import Drawing, Drawn
from autograder.model import Result
from autograder.pipeline.reading.budgets import read, readers
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import exclusive, require_room

if TYPE_CHECKING:
    from autograder.gradebook import Recorder


Record = Callable[[Result], None]
"""Hands a result to the gradebook, from any thread."""


def leave_unrecorded(result: Result) -> None:
    """Record nothing, for runs that are no student's submission."""


class Recording:
    """Records results while others are graded; those that could not be recorded are tried again at the end.

    Any thread may call `add`; the database is used only by the thread that calls `write` and `finish`.
    """

    def __init__(self, workspace: Workspace, wanted: bool) -> None:
        self._workspace = workspace
        self._wanted = wanted
        self._added: SimpleQueue[Result] = SimpleQueue()
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

    def warm_up(self) -> None:
        """Prepare for the first result: importing nbgrader takes one second, creating a new database two."""
        if self._wanted and self._warming is None:
            threads = self._open.enter_context(ThreadPoolExecutor(1, thread_name_prefix="gradebook"))
            self._warming = threads.submit(self._import_nbgrader)

    def _import_nbgrader(self) -> None:
        """Import nbgrader and create a new database; if it is locked, recording a result tries again."""
        from autograder.gradebook import ensure
        from autograder.gradebook.database import import_nbgrader

        import_nbgrader()
        with suppress(GradebookError):
            ensure(self._workspace)

    def add(self, result: Result) -> None:
        """Add a result to record."""
        if self._wanted:
            self._added.put(result)

    def write(self) -> None:
        """Record the added results; after the first error only keep them, so that the gradebook stops no batch."""
        for result in self._take_added():
            if self._later:
                self._later.append(result)
                continue
            try:
                self._opened().add(result)
            except GradebookError:
                self._later.append(result)

    def finish(self, reporter: Reporter) -> None:
        """Record the remaining results and report what an instructor should know.

        Raises:
            GradebookError: they still cannot be recorded.
        """
        self.write()
        if self._later:
            with reporter.task("gradebook", len(self._later)) as bar:
                for result in self._later:
                    self._opened().add(result)
                    bar.advance(result.student)
        for sentence in self._recorder.report.sentences if self._recorder else ():
            reporter.note(sentence)

    def _take_added(self) -> Iterator[Result]:
        with suppress(Empty):
            while True:
                yield self._added.get_nowait()

    def _opened(self) -> Recorder:
        if self._recorder is None:
            if self._warming is not None:
                self._warming.result()  # any other error is raised here, not lost in its thread
            from autograder.gradebook import Recorder

            self._recorder = self._open.enter_context(Recorder(self._workspace, drawing=draw_safely))
        return self._recorder


@contextmanager
def open_gradebook(workspace: Workspace, what: str, *, wanted: bool, reporter: Reporter) -> Iterator[Recording]:
    """Lock the output folder for one command, check that the disk has room, and record what the block adds.

    Args:
        what: the command's activity, to name it to other commands, such as "Grading".
        wanted: whether anything is recorded.

    Raises:
        AutograderError: another command is using this output folder.
        StorageError: results could not be stored, which would waste hours of training.
        GradebookError: a result could not be recorded.
    """
    with exclusive(workspace.grade_lock, what), Recording(workspace, wanted) as book:
        require_room(workspace.results_root)
        yield book
        book.finish(reporter)


def draw_safely(wanted: Drawing) -> Drawn:
    """Return what formgrader shows of a submission; its notebook is read in the readers' process.

    Raises:
        ReadingError: reading it exceeded its budget.
    """
    return Drawn(**read("gradebook", wanted.to_json()))
