"""Collects what arrives in watched folders and in ``submitted/``, and adds what is not graded to the queue."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from autograder.errors import AutograderError, SubmissionError
from autograder.model import Receipt
from autograder.pipeline.collect import CollectOptions, collect
from autograder.pipeline.collect.entries import shown
from autograder.pipeline.collect.identify import UNKNOWN
from autograder.pipeline.grade.best_attempt import attempts_of
from autograder.pipeline.grade.stored_results import load_result
from autograder.watch import restart_files
from autograder.watch.arrivals import Arrival, Arrivals, Parts, Stat
from autograder.watch.graded import has_page, is_graded, is_stored, is_submitted
from autograder.watch.line import Line
from autograder.watch.scan import LARGEST_ENTRY, Listing, scan
from autograder.workspace.layout import Workspace
from autograder.workspace.watch_files import memory_folder

SUBMITTED_EVERY: Final = 1.0
"""Seconds between two looks at ``submitted/``, into which others may put work too."""
SMALL: Final = 2 << 20
"""Bytes of an entry that is collected together with others: large ones take seconds, and must not delay the others."""
PROBLEMS: Final = 30
RETRY: Final = 60.0
"""Seconds until files are collected again of which nothing is stored, such as those of a student nobody knows."""
BUSY: Final = 2.0
"""Seconds until files are collected that could not be because another command was collecting."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """A watched folder.

    Attributes:
        whole: each zip or folder in it is a whole class's download of a platform. Otherwise it contains the uploads
            themselves, as `collect` reads a folder, and a zip in it is one student's: what an archive contains must
            not decide whose work it is.
    """

    folder: Path
    whole: bool = False


class _Folder:
    """A watched folder, what was taken of it, and which of that is not stored and so has to be taken again."""

    def __init__(self, source: Source, arrivals: Arrivals) -> None:
        self.source, self.arrivals = source, arrivals
        self._unstored: set[Parts] = set()

    def take(self, arrival: Arrival, *, stored: bool) -> None:
        """Remember that an entry was taken, and whether all of it is stored."""
        self.arrivals.take(arrival)
        self._unstored -= arrival.files.keys()
        if not stored:
            self._unstored |= arrival.files.keys()

    @property
    def stored(self) -> dict[Parts, Stat]:
        """What need not be taken again, even by the next start."""
        return {path: stat for path, stat in self.arrivals.taken.items() if path not in self._unstored}

    def forget_unstored(self) -> None:
        """Take again what is not stored: the class list or the release may have changed."""
        self.arrivals.taken = self.stored
        self._unstored = set()


class Inbox:
    """Takes what has arrived, one look at a time; for one thread.

    Attributes:
        workspace: replaced by another thread when ``course.yml`` has changed.
        without_page: gets student and assignment of results that have no page, such as those from before.
        problems: the last sentences about files that could not be taken, oldest first.
    """

    def __init__(
        self, workspace: Workspace, sources: Iterable[Source], line: Line, *, options: CollectOptions, quiet: float,
        on_note: Callable[[str], None],
    ) -> None:
        self.workspace = workspace
        self.without_page: deque[tuple[str, str]] = deque()
        self.problems: deque[str] = deque(maxlen=PROBLEMS)
        self._line, self._options, self._on_note = line, options, on_note
        folder = memory_folder(workspace)
        self._folders = [
            _Folder(source, Arrivals(quiet=quiet, taken=restart_files.load_taken(folder, source.folder)))
            for source in sources]
        self._submitted = Arrivals(quiet=quiet)
        self._known: dict[tuple[str, str], str] = {}
        self._looked_at_submitted = -1.0 - SUBMITTED_EVERY
        self._busy_until = 0.0
        self._retry_at, self._retried_in = time.monotonic() + RETRY, workspace

    def look(self) -> float:
        """Collect what has arrived completely since the last look.

        Returns:
            The seconds that it took to list files.

        Raises:
            OSError: it cannot be stored.
        """
        listing = 0.0
        if time.monotonic() >= self._retry_at or self.workspace is not self._retried_in:
            self._retry_at, self._retried_in = time.monotonic() + RETRY, self.workspace
            for folder in self._folders:
                folder.forget_unstored()
        for folder in self._folders if time.monotonic() >= self._busy_until else ():
            begun = time.monotonic()
            try:
                listed = self._scan(folder.source)
            except SubmissionError as error:
                self._report(str(error))
                continue
            listing += time.monotonic() - begun
            for taken in self._together(folder.source, folder.arrivals.observe(listed.files, begun)):
                self._take(folder, taken)
        if time.monotonic() - self._looked_at_submitted >= SUBMITTED_EVERY:
            self._look_at_submitted()
            self._looked_at_submitted = time.monotonic()
        return listing

    @property
    def has_taken_all(self) -> bool:
        """Whether everything that the last look has found was taken."""
        return self._looked_at_submitted >= 0 and not self.arriving and not self._submitted.waiting

    @property
    def arriving(self) -> int:
        """How many files of the watched folders were not taken yet."""
        return sum(folder.arrivals.waiting for folder in self._folders)

    def _scan(self, source: Source) -> Listing:
        most = self.workspace.course.collect.files
        found = scan(source.folder, most, largest=most if source.whole else LARGEST_ENTRY)
        for name in found.left_out:
            self._report(f"{shown(name)} in {shown(str(source.folder))} is left out, since it has more files than one "
                         "student's work: remove what does not belong to it.")
        return found

    @staticmethod
    def _together(source: Source, found: list[Arrival]) -> list[list[Arrival]]:
        """Return which entries are collected now: all small uploads together, else the smallest of the large ones."""
        if source.whole or not found:
            return [[one] for one in found[:1]]
        small = [one for one in found if one.size <= SMALL]
        return [small or [min(found, key=lambda one: one.size)]]

    def _take(self, folder: _Folder, arrived: list[Arrival]) -> None:
        """Collect entries and add their work to the queue; they are left where they are if another command collects."""
        try:
            receipts = self._collect(folder.source, arrived)
        except SubmissionError as error:
            self._report(str(error))
            unstored = set(arrived)
        except AutograderError as error:
            self._report(str(error))
            self._busy_until = time.monotonic() + BUSY
            return
        else:
            lost = {receipt.source for receipt in receipts if not is_stored(self.workspace, receipt)}
            unstored = {one for one in arrived if lost and (folder.source.whole or one.name in _tops(lost))}
            self._consider_all(receipts)
        for one in arrived:
            folder.take(one, stored=one not in unstored)
        restart_files.save_taken(memory_folder(self.workspace), folder.source.folder, folder.stored)

    def _collect(self, source: Source, arrived: list[Arrival]) -> list[Receipt]:
        """Collect entries.

        Raises:
            SubmissionError: they cannot be read at all.
            AutograderError: another command is collecting.
        """
        paths = frozenset(path for one in arrived for path in one.files)
        if not source.whole:
            return collect(self.workspace, source.folder, options=replace(self._options, paths=paths))
        place = source.folder / arrived[0].name
        if not place.is_dir() and place.suffix.lower() != ".zip":
            raise SubmissionError(f"{shown(place.name)} lies where downloads of a class are expected, each a zip or a "
                                  "folder: put uploads of single students into a folder of uploads.")
        return collect(self.workspace, place, options=replace(
            self._options, paths=frozenset(path[1:] for path in paths)))

    def _consider_all(self, receipts: list[Receipt]) -> None:
        """Add to the queue what was collected, and report what was refused."""
        for receipt in receipts:
            if not receipt.accepted:
                self._report(f"{receipt.student}, {receipt.assignment}: {receipt.reason}")
        for student, assignment in sorted({(receipt.student, receipt.assignment) for receipt in receipts}):
            if UNKNOWN not in (student, assignment):
                self._consider(student, assignment)

    def _look_at_submitted(self) -> None:
        found: dict[Parts, Stat] = {}
        for student, assignment in self.workspace.submissions():
            places = (self.workspace.submitted(student, assignment), self.workspace.receipt(student, assignment))
            for path in places:
                try:
                    status = path.lstat()
                except OSError:
                    continue
                found[f"{student}/{assignment}", path.name] = Stat(size=status.st_size, changed=status.st_mtime_ns)
        for arrival in self._submitted.observe(found, time.monotonic()):
            student, _, assignment = arrival.name.partition("/")
            self._consider(student, assignment)
            self._submitted.take(arrival)

    def _consider(self, student: str, assignment: str) -> None:
        """Add a student's work to the queue unless it is graded."""
        if self._options.only not in (None, assignment) or not is_submitted(self.workspace, student, assignment):
            return
        receipt = self.workspace.current_receipt(student, assignment)
        work = self._work(receipt)
        if self._known.get((student, assignment)) == work:
            return
        self._known[student, assignment] = work
        if not is_graded(self.workspace, receipt):
            self._line.offer(receipt, work)
            return
        result = load_result(self.workspace.result(student, assignment))
        if result is not None and result.status == "graded":
            self._line.learn(assignment, sum(result.timings.values()))
        if result is not None and not has_page(self.workspace, receipt):
            self.without_page.append((student, assignment))

    def _work(self, receipt: Receipt) -> str:
        """Return what identifies everything of a student's that has to be graded: the bytes of each attempt."""
        best = self.workspace.course.assignment(receipt.assignment).counts == "best"
        attempts = attempts_of(self.workspace, receipt) if best else ()
        return " ".join([str(receipt.accepted), receipt.sha256, *(attempt.sha256 for attempt in attempts)])

    def _report(self, sentence: str) -> None:
        if sentence not in self.problems:
            self.problems.append(sentence)
            self._on_note(sentence)


def _tops(sources: Iterable[str]) -> set[str]:
    """Return the entries of a watched folder that receipts name as their sources."""
    return {source.split(" → ")[0].split("/")[0] for source in sources}
