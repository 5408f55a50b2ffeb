"""Grades what arrives until it is requested to end; everything that it needs to continue after a crash is on disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from autograder.course import PEOPLE_FILE
from autograder.errors import AutograderError, GradebookError, GraderError, SubmissionError
from autograder.model import Receipt, Result
from autograder.pipeline.collect import CollectOptions
from autograder.pipeline.feedback import write_one
from autograder.pipeline.grade.batch import grade_receipts, leave_queued
from autograder.pipeline.grade.recording import Recording
from autograder.pipeline.grade.results import choose_exit_code
from autograder.pipeline.grade.stored_results import load_result
from autograder.pipeline.reading.budgets import readers
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session
from autograder.pipeline.session.workers import count_workers
from autograder.watch.inbox import Inbox, Source
from autograder.watch.line import Ending, Line
from autograder.watch.status_files import StatusFiles
from autograder.watch.warm_sessions import WarmSessions
from autograder.workspace.file_names import COURSE_FILE
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Reporter, Silent, Task
from autograder.workspace.storage import exclusive, require_room
from autograder.workspace.watch_files import memory_folder

POLL: Final = 0.05
"""Seconds between two looks at the watched folders."""
LISTING_SHARE: Final = 0.1
"""Largest part of the time in which folders are listed: slow ones are looked at less often."""
SLOWEST: Final = 10.0
IDLE: Final = 0.05
AGAIN: Final = 60.0
"""Seconds until an assignment is tried again whose session could not be opened."""
PAGES_AGAIN: Final = 5.0
LEAVING: Final = 5.0
"""Seconds for which the end waits for files that are being collected."""


@dataclass(frozen=True, kw_only=True)
class WatchOptions:
    """What is watched, and how it is collected and graded.

    Attributes:
        quiet: seconds for which a file must not have changed.
        once: end as soon as nothing can be graded.
    """

    sources: tuple[Source, ...] = ()
    run: RunOptions = field(default_factory=RunOptions)
    collect: CollectOptions = field(default_factory=CollectOptions)
    quiet: float = 0.3
    once: bool = False


def watch(workspace: Workspace, options: WatchOptions, reporter: Reporter, ending: Ending) -> int:
    """Collect and grade what arrives, and write the gradebook, each page and the status, until the end is requested.

    Returns:
        The exit code of the command; with ``once``, that of what was graded last of each student.

    Raises:
        AutograderError: another command uses this course, a source contains what is collected, or nothing can be
            graded on this machine.
        OSError: the disk is full or cannot be written.
    """
    for source in options.sources:
        _require_apart(workspace, source.folder)
    with exclusive(workspace.grade_lock, "Watching"), readers(), WarmSessions(options.run, reporter) as sessions:
        require_room(workspace.results_root)
        codes = _Watch(workspace, options, reporter, ending, sessions).run()
    return max(codes, default=0) if options.once else 0


def _require_apart(workspace: Workspace, folder: Path) -> None:
    """Refuse a folder that contains what is collected, or lies in it: each look would find what the last one wrote."""
    own, place = workspace.submitted_root.resolve(), folder.resolve()
    if own.is_relative_to(place) or place.is_relative_to(own):
        raise SubmissionError(f"A folder of uploads was expected, but {folder} contains submitted/ or lies in it: name "
                              "another folder; submitted/ itself is watched anyway.")


class _Watch:
    """One watch: a thread looks for files and writes the status; the thread that calls `run` grades."""

    def __init__(self, workspace: Workspace, options: WatchOptions, reporter: Reporter, ending: Ending,
                 sessions: WarmSessions) -> None:
        self._workspace, self._options, self._sessions = workspace, options, sessions
        self._reporter = _Sentences(reporter)
        self._line = Line(folder=memory_folder(workspace), per_hour=workspace.course.watch.per_hour, ending=ending,
                          workers=count_workers(options.run.workers))
        self._inbox = Inbox(workspace, options.sources, self._line, options=options.collect, quiet=options.quiet,
                            on_note=reporter.note)
        self._status = StatusFiles(self._line)
        self._course_files = self._course_state()
        self._pages_after = 0.0
        self._codes: dict[tuple[str, str], int] = {}
        self._failed: list[BaseException] = []
        self._ended = threading.Event()

    def run(self) -> list[int]:
        """Grade until the end is requested; return the exit codes that follow from each student's last result."""
        looking = threading.Thread(target=self._keep_looking, name="inbox", daemon=True)
        looking.start()
        try:
            self._warm_up()
            while not self._line.ending.requested:
                self._raise_failure()
                self._read_course_again()
                assignment = self._line.next_assignment()
                if assignment is not None:
                    self._grade_round(assignment)
                elif self._options.once and self._is_at_end():
                    break
                else:
                    time.sleep(IDLE)
                self._write_missing_pages()
        finally:
            self._ended.set()
            looking.join(LEAVING)  # what it is collecting is collected again by the next start
            self._status.write(self._workspace, self._inbox.arriving, self._inbox.problems, state="ended")
        return list(self._codes.values())

    def _is_at_end(self) -> bool:
        """Whether nothing can be graded now, and every result has its page."""
        taken = self._inbox.has_taken_all
        return taken and self._line.next_assignment() is None and not self._inbox.without_page

    def _keep_looking(self) -> None:
        try:
            while not self._ended.is_set():
                listing = self._inbox.look()
                self._status.write_if_due(self._inbox.workspace, self._inbox.arriving, self._inbox.problems)
                self._ended.wait(min(SLOWEST, max(POLL, listing / LISTING_SHARE)))
        except BaseException as error:
            self._failed.append(error)  # raised by the thread that grades

    def _raise_failure(self) -> None:
        if self._failed:
            raise self._failed[0]

    def _warm_up(self) -> None:
        """Open the session of the assignment that is probably handed in next, and prepare the gradebook meanwhile."""
        named = self._options.collect.only or self._options.collect.assignment
        if not self._workspace.course.assignments:
            return
        try:
            with self._recording() as book:
                book.warm_up()
                self._open(named or next_due(self._workspace))
        except GraderError as error:
            self._reporter.note(str(error))
        except AutograderError as error:
            if named:
                raise
            self._reporter.note(str(error))

    def _open(self, assignment: str) -> Session:
        session = self._sessions.session(self._workspace, assignment)
        self._line.workers = session.workers
        return session

    def _grade_round(self, assignment: str) -> None:
        try:
            session = self._open(assignment)
        except GraderError as error:
            self._leave_queued(assignment, error)
            return
        except AutograderError as error:
            self._reporter.note(str(error))
            self._inbox.problems.append(str(error))
            self._codes["", assignment] = error.exit_code
            self._line.put_off(assignment, AGAIN)
            return
        self._codes.pop(("", assignment), None)
        with self._recording() as book:
            receipts = self._as_they_are(self._line.supply(assignment))
            for work in grade_receipts(session, receipts, book, self._reporter, total=0):
                self._finish(work.result)

    def _leave_queued(self, assignment: str, error: GraderError) -> None:
        """Leave submissions of an assignment for a machine with a GPU."""
        receipts = self._line.drop(assignment)
        with self._recording() as book:
            for result in leave_queued(self._workspace, assignment, receipts, error, self._reporter):
                book.add(result)
                self._finish(result)

    @contextmanager
    def _recording(self) -> Iterator[Recording]:
        """Record the results of a round; what a locked gradebook does not take is recorded before the next page."""
        with Recording(self._workspace, self._options.run.gradebook) as book:
            yield book
            try:
                book.finish(Silent())
            except GradebookError as error:
                self._reporter.note(str(error))

    def _as_they_are(self, receipts: Iterable[Receipt | None]) -> Iterator[Receipt | None]:
        """Yield the receipts as they are on disk when each submission begins.

        Where a submission was removed meanwhile, the one from the queue is graded, which fails and can be repeated;
        a reconstructed one would be refused, with zero points.
        """
        for receipt in receipts:
            found = receipt and self._workspace.current_receipt(receipt.student, receipt.assignment)
            yield found if found and found.sha256 else receipt

    def _finish(self, result: Result) -> None:
        self._line.finish(result)
        said = f"{result.score:g} of {result.max_score - result.manual:g} points" if result.status == "graded" else \
            f"{result.status}: {result.message}"
        self._reporter.note(f"{result.student}, {result.assignment}: {said}")
        self._codes[result.student, result.assignment] = choose_exit_code([result])
        self._write_page(result.student, result.assignment)

    def _write_page(self, student: str, assignment: str) -> None:
        """Write the page of a stored result; the grader's own failure does not replace one, and has no page then."""
        result = load_result(self._workspace.result(student, assignment))
        try:
            if result is not None and (result.student, result.assignment) == (student, assignment):
                write_one(self._workspace, result, self._reporter)
        except AutograderError as error:
            self._reporter.note(f"The page of {student} is written later: {error}")
            self._inbox.without_page.append((student, assignment))
            self._pages_after = time.monotonic() + PAGES_AGAIN

    def _write_missing_pages(self) -> None:
        """Write pages that are missing, as long as no submission has to wait for that."""
        while self._inbox.without_page and time.monotonic() >= self._pages_after and (
                self._line.next_assignment() is None):
            self._write_page(*self._inbox.without_page.popleft())

    def _course_state(self) -> list[tuple[int, int] | None]:
        return [_state(self._workspace, name) for name in (COURSE_FILE, PEOPLE_FILE)]

    def _read_course_again(self) -> None:
        """Use a changed ``course.yml`` or class list from the next round on; one with a mistake is reported."""
        state = self._course_state()
        if state == self._course_files:
            return
        self._course_files = state
        try:
            self._workspace = open_workspace(self._workspace.root, self._workspace.output)
        except AutograderError as error:
            self._reporter.note(f"The course is graded as before: {error}")
            return
        self._sessions.close()
        self._inbox.workspace = self._workspace
        self._line.per_hour = self._workspace.course.watch.per_hour


def _state(workspace: Workspace, name: str) -> tuple[int, int] | None:
    try:
        found = (workspace.root / name).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def next_due(workspace: Workspace) -> str:
    """Return the assignment whose deadline comes next; without deadlines, the last one of the course."""
    now = datetime.now(UTC)
    dues = [(one.due, name) for name, one in workspace.course.assignments.items() if one.due and one.due >= now]
    return min(dues)[1] if dues else workspace.chosen()[-1]


class _Sentences:
    """Passes sentences on, and shows no progress: a watch has no end that it could come closer to."""

    def __init__(self, reporter: Reporter) -> None:
        self._reporter = reporter

    @contextmanager
    def task(self, description: str, total: int) -> Iterator[Task]:
        """Show nothing."""
        with Silent().task(description, total) as task:
            yield task

    def note(self, text: str) -> None:
        """Print one permanent sentence."""
        self._reporter.note(text)
