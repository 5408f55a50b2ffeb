"""Collects a class's uploads into ``submitted/``, each with a receipt; bad ones are refused, the others accepted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from autograder.errors import AutograderError, SubmissionError
from autograder.model import Receipt
from autograder.pipeline.collect.archive import list_entries
from autograder.pipeline.collect.attempts import Rules
from autograder.pipeline.collect.changed_files import ChangedFiles
from autograder.pipeline.collect.decide import choose_and_store
from autograder.pipeline.collect.entries import Budget, Entry, shown
from autograder.pipeline.collect.examine import Examined, Examiner
from autograder.pipeline.collect.identify import UNKNOWN, HandIn, identify, passed_over
from autograder.pipeline.collect.layouts import Kind, Layouts
from autograder.pipeline.collect.moments import Moments, TimesFrom
from autograder.pipeline.collect.owner import Roster
from autograder.pipeline.collect.uploads import CHOOSING, Shelf
from autograder.pipeline.reading.budgets import readers
from autograder.workspace.file_names import EXCHANGE_KEY
from autograder.workspace.layout import Workspace
from autograder.workspace.storage import exclusive

_MIB: Final = 2**20


@dataclass(frozen=True, kw_only=True)
class CollectOptions:
    """How a source is read.

    Args:
        assignment: what the files answer, if neither name nor metadata says it.
        kind: the layout; ``auto`` detects it.
        pattern: regular expression for the path, with the group student and optionally assignment, attempt, timestamp.
        times_from: where times come from that no platform wrote; see `Moments`.
        paths: of a folder, read these files only, each as its parts below the folder; None: all of them.
        only, only_student: leave out other assignments and other students.
        now: the hand-in time of files without a time of their own, and the latest time that any may claim.
    """

    assignment: str | None = None
    kind: Kind = "auto"
    pattern: str | None = None
    times_from: TimesFrom = "auto"
    paths: frozenset[tuple[str, ...]] | None = None
    only: str | None = None
    only_student: str | None = None
    now: datetime | None = None


def collect(
    workspace: Workspace, source: Path, *, on_receipt: Callable[[Receipt], None] | None = None,
    on_note: Callable[[str], None] | None = None, on_passed_over: Callable[[list[str]], None] | None = None,
    options: CollectOptions | None = None, **given: object,
) -> list[Receipt]:
    """Collect every notebook of ``source`` into ``submitted/``.

    Args:
        source: a folder or a zip: by student, nbgrader's exchange, or a bulk download of a learning platform.
        on_receipt: called with each receipt as soon as it is on disk.
        on_note: called with sentences about the source as a whole.
        on_passed_over: called with the paths of files that are not hand-ins and so have no receipt.
        options: how the source is read; ``given`` are fields of it, for short calls.

    Returns:
        One receipt per upload: student by student, each oldest first. Collecting the same source again changes nothing.

    Raises:
        SubmissionError: the source itself cannot be read.
        CourseError: ``assignment`` is not in the course.
    """
    options = replace(options or CollectOptions(), **given)  # type: ignore[arg-type]  # checked by the dataclass's fields
    for named in (options.assignment, options.only):
        if named is not None:
            workspace.course.assignment(named)
    if options.kind == "zip" and source.is_dir():
        raise SubmissionError(f"{shown(source.name)} is a folder, but a zip was announced: use --kind folder.")
    receipts = []
    with CHOOSING, exclusive(workspace.collect_lock, "Collecting"), readers(), ExitStack() as stack:
        collection = _Collection(workspace, source, options, stack, on_note or (lambda note: None))
        for receipt in collection.receipts():
            receipts.append(receipt)
            if on_receipt is not None:
                on_receipt(receipt)
        if on_passed_over is not None:
            on_passed_over(collection.passed_over())
    return receipts


class _Collection:
    """One source on its way into ``submitted/``."""

    def __init__(
        self, workspace: Workspace, source: Path, options: CollectOptions, stack: ExitStack, note: Callable[[str], None]
    ) -> None:
        self._workspace, self._options = workspace, options
        rules = workspace.course.collect
        self._budget = Budget(notebook=rules.notebook_mib * _MIB, archive=rules.archive_mib * _MIB, files=rules.files)
        name = source.resolve().name if source.is_dir() else source.stem
        self._entries: list[Entry] = list(list_entries(source, self._budget, stack, paths=options.paths))
        self._roster = Roster(workspace.course, {student for student, _ in workspace.submissions()})
        self._layouts = Layouts(workspace.course, self._roster, options.kind, options.pattern, name)
        self._layouts.prepare(self._entries)
        for sentence in self._layouts.notes:
            note(sentence)
        now = (options.now or datetime.now(UTC)).astimezone(UTC)
        self._moments = Moments(self._entries, self._layouts, workspace.course, options.times_from, now, name)
        self._hand_ins = identify(self._entries, self._layouts, self._roster)
        keys = {entry.parts[:-1]: entry for entry in self._entries
                if entry.parts[-1] == EXCHANGE_KEY and entry.outer is None and entry.fault is None}
        self._changed = ChangedFiles(workspace, self._entries)
        self._examiner = Examiner(workspace, self._moments, options.assignment, rules.notebook_mib, keys)

    def passed_over(self) -> list[str]:
        """Return the paths of all files without a receipt."""
        return sorted([*passed_over(self._entries, self._hand_ins), *self._examiner.left_out])

    def receipts(self) -> list[Receipt]:
        """Return the receipt of every upload, student by student."""
        by_student: dict[str, list[HandIn]] = defaultdict(list)
        found: list[Receipt] = []
        for hand_in in self._wanted():
            by_student[hand_in.student].append(hand_in)
        for student in sorted(by_student, key=lambda name: (name == UNKNOWN, name)):
            self._budget.restart()
            self._changed.restart()
            found += self._take(student, by_student[student])
        return found

    def _wanted(self) -> list[HandIn]:
        """Return the hand-ins of the chosen assignment and student; those that name no assignment are read first."""
        only, student = self._options.only, self._options.only_student
        return [hand_in for hand_in in self._hand_ins
                if (only is None or hand_in.claim is None or hand_in.claim.assignment in (None, only))
                and student in (None, hand_in.student)]

    def _take(self, student: str, hand_ins: Sequence[HandIn]) -> list[Receipt]:
        examined = self._examiner.examine_all(hand_ins)
        if student == UNKNOWN:
            return [one.refusal(UNKNOWN) for one in examined]
        groups: dict[str, list[Examined]] = defaultdict(list)
        for one in examined:
            groups[one.assignment or UNKNOWN].append(one)
        found = []
        for assignment, group in groups.items():
            if self._options.only not in (None, assignment):
                continue
            if assignment == UNKNOWN:
                found += [one.refusal(UNKNOWN) for one in group]
                continue
            try:
                shelf = Shelf(self._workspace, student, assignment)
                rules = Rules(course=self._workspace.course, student=student, assignment=assignment)
                seen = [replace(one, changed=self._changed.sentences(assignment, one.hand_in.entry)) for one in group]
                found += choose_and_store(shelf, seen, rules, restamp=self._options.times_from != "auto")
            except (AutograderError, OSError) as error:
                # The upload is not the cause: nothing is stored, so that collecting again can succeed.
                found += [replace(one, problem=str(error)).refusal(assignment) for one in group]
        return found
