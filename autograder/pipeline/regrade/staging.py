"""A copy of stored work in which it is judged again, so that what changes is known before anything is written.

The copy is a complete output folder: uploads, results, attempts that do not count, and the gradebook. So the same code
judges and records there as in the class's own folders, by the same rules, and only what it made is moved back.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from autograder.errors import AutograderError
from autograder.grades import Grade
from autograder.model import Receipt, Result
from autograder.pipeline.grade.recording import draw_safely
from autograder.workspace.file_names import ARTIFACTS, HISTORY
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import digest, is_file
from autograder.workspace.storage import exclusive, link_or_copy, replace_folder

if TYPE_CHECKING:
    from autograder.gradebook import Recorder

_LOG: Final = shutil.ignore_patterns(HISTORY)


@dataclass(frozen=True, kw_only=True)
class Staged:
    """The class's workspace ``real``, and ``copy``, in which the same work is judged again."""

    real: Workspace
    copy: Workspace
    uploads: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def take(self, receipt: Receipt) -> None:
        """Copy one student's work; the large files of a run, which judging never changes, are linked."""
        self.uploads[receipt.student] = _uploads(self.real, receipt)
        for source, target in self._folders(receipt):
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True, ignore=_LOG,
                                copy_function=partial(_link_or_copy, source))

    def grades(self, assignment: str) -> dict[str, Grade]:
        """Return the grades as they are in the copy, by student."""
        from autograder.gradebook import read_grades

        return {grade.student: grade for grade in read_grades(self.copy, (assignment,))}

    def put_back(self, receipt: Receipt, *, attempts: bool) -> None:
        """Replace a student's results by those in the copy; the history of the grade stays.

        Args:
            attempts: another attempt may count now, so the uploads and the other attempts are replaced as well.

        Raises:
            AutograderError: another upload counts since the copy was made.
        """
        with exclusive(self.real.collect_lock, "Storing a judgement"):
            if _uploads(self.real, receipt) != self.uploads[receipt.student]:
                raise AutograderError(
                    f"{receipt.student} handed in again meanwhile: nothing of theirs was changed; run "
                    f"`autograder grade {receipt.assignment} --student {receipt.student}`.")
            for target, source in self._folders(receipt) if attempts else self._folders(receipt)[:1]:
                if source.is_dir():
                    _move_into(source, target)

    def _folders(self, receipt: Receipt) -> list[tuple[Path, Path]]:
        who = receipt.student, receipt.assignment
        return [(self.real.results(*who), self.copy.results(*who)),
                (self.real.submission_folder(*who), self.copy.submission_folder(*who)),
                (self.real.attempts(*who), self.copy.attempts(*who))]


@contextmanager
def stage(workspace: Workspace, receipts: Iterable[Receipt]) -> Iterator[Staged]:
    """Yield a copy of the chosen work and of the gradebook; it is removed when the block ends."""
    root = workspace.regrade_root
    shutil.rmtree(root, ignore_errors=True)  # left by a command that was killed
    root.mkdir(parents=True)
    try:
        staged = Staged(real=workspace, copy=replace(workspace, output=root))
        for receipt in receipts:
            staged.take(receipt)
        if workspace.gradebook.is_file():
            _copy_gradebook(workspace.gradebook, staged.copy.gradebook)
        yield staged
    finally:
        shutil.rmtree(root, ignore_errors=True)


def record(workspace: Workspace, results: Iterable[Result], *, missing_only: bool = False) -> tuple[str, ...]:
    """Record results in a workspace's gradebook, which is made where there is none; return what staff should know.

    Args:
        missing_only: only those that it does not have in this form.

    Raises:
        GradebookError: the database is locked, damaged or of another version.
    """
    from autograder.gradebook import unrecorded

    wanted = list(results)
    if missing_only and workspace.gradebook.is_file():
        wanted = unrecorded(workspace, wanted)
    if not wanted:
        return ()
    with open_recorder(workspace) as recorder:
        for result in wanted:
            recorder.add(result)
        return recorder.report.sentences


def open_recorder(workspace: Workspace) -> Recorder:
    """Return what records results one by one in a workspace's gradebook, which is made where there is none."""
    from autograder.gradebook import Recorder

    return Recorder(workspace, drawing=draw_safely)


def _link_or_copy(root: Path, source: str, target: str) -> str:
    if ARTIFACTS in Path(source).relative_to(root).parts:
        return link_or_copy(source, target)
    return str(shutil.copy2(source, target, follow_symlinks=False))


def _copy_gradebook(source: Path, target: Path) -> None:
    """Copy a database consistently while formgrader may be writing to it."""
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old, \
            closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _uploads(workspace: Workspace, receipt: Receipt) -> tuple[str, ...]:
    """Return what tells one state of a student's uploads from another: which one counts, and which are kept."""
    who = receipt.student, receipt.assignment
    counts, kept = workspace.submitted(*who), workspace.uploads(*who)
    return (digest(counts.read_bytes()) if is_file(counts) else "",
            *(sorted(path.name for path in kept.iterdir()) if kept.is_dir() else ()))


def _move_into(source: Path, target: Path) -> None:
    with replace_folder(target, keep=(HISTORY,)) as fresh:
        for item in source.iterdir():
            shutil.move(item, fresh / item.name)
