"""Runs that serve several submissions: the same answers and the same seed are run once, and judged for each student.

A run is used for another submission only if everything that determines its output is equal (the fingerprint), if it
is judged in the same way (the arrangement), and if it ended by itself: whether a run reaches a limit of time or
memory depends on the machine, so such a run says nothing about another one. Only what the run left is taken over. The
executed notebook is made from the student's own cells, and the result from the student's own receipt.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from autograder.model import CellStatus, Ending, Execution, NotebookJob, Provenance
from autograder.pipeline.grade.attempt import is_run_stored, show_run
from autograder.pipeline.grade.stored_results import is_current, load_result
from autograder.pipeline.grade.work import Work
from autograder.pipeline.session.session import Session
from autograder.workspace.file_names import ARTIFACTS, CONTINUED, EXECUTION, GIVEN, PREDICTIONS, RESULT
from autograder.workspace.storage import link_or_copy


@dataclass(frozen=True, kw_only=True)
class EqualRun:
    """The stored run of another submission with the same answers: its files, and what its result was made from."""

    folder: Path
    provenance: Provenance
    text: bytes

    @property
    def seed(self) -> int:
        """The seed of the run, which is the one that counted there."""
        return self.provenance.seed or self.provenance.seeds[0]

    def take(self, session: Session, work: Work, into: Path) -> bool:
        """Copy the run, with those that continued from it, into an empty folder.

        Returns:
            False if it was replaced or removed meanwhile, or cannot be copied; ``into`` is empty again then.
        """
        try:
            self._copy(session, work, self.folder, into)
            for kept in sorted((self.folder / CONTINUED).glob(f"*/{GIVEN}")):
                if _ended_by_itself(_execution(kept.parent)):
                    self._copy(session, work, kept.parent, into / CONTINUED / kept.parent.name)
                    shutil.copy2(kept, into / CONTINUED / kept.parent.name / GIVEN)
            if (self.folder / RESULT).read_bytes() == self.text:
                return True
        except OSError:  # what is wrong with this disk is said when the submission is run
            pass
        empty(into)
        return False

    def _copy(self, session: Session, work: Work, source: Path, into: Path) -> None:
        into.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source / ARTIFACTS, into / ARTIFACTS, symlinks=True, copy_function=link_or_copy)
        shutil.copy2(source / EXECUTION, into / EXECUTION)
        if (source / PREDICTIONS).is_dir():
            shutil.copytree(source / PREDICTIONS, into / PREDICTIONS, symlinks=True)
        show_run(session, work.merged, self.job(work), into)

    def job(self, work: Work) -> NotebookJob:
        """Return the job of which this is the run."""
        return work.job.model_copy(update={"seed": self.seed})


@contextmanager
def equal_run(session: Session, work: Work, *, tried: bool = False) -> Iterator[EqualRun | None]:
    """Yield the run of another submission with the same answers; None: this one has to be run, in the block.

    While the block runs it, others with the same answers wait.

    Args:
        tried: the run in the work's own folder was judged already, and is not enough; otherwise it is that of an
            earlier hand-in of the same student.

    Raises:
        RunLater: it is being run for another submission.
    """
    known = session.known_runs
    found = _find(session, work, tried)
    if known is None or found is not None:
        yield found
        return
    with known.running(work.fingerprint, work.folder):
        yield _find(session, work, tried)  # one may have ended since
        made = _execution(work.folder)
        if made is not None and not made.starved and not _ended_by_itself(made):
            known.run_each(work.fingerprint)  # or a class that hands in one endless loop would wait in single file


def empty(folder: Path) -> None:
    """Remove everything in a folder."""
    for item in folder.iterdir():
        if item.is_dir() and not item.is_symlink():
            shutil.rmtree(item)
        else:
            item.unlink()


def _find(session: Session, work: Work, tried: bool) -> EqualRun | None:
    folders = session.known_runs.folders(work.fingerprint) if session.known_runs is not None else []
    for folder in folders:
        if tried and folder == work.folder:
            continue
        if (found := _usable(session, work, folder)) is not None:
            return found
    return None


def _usable(session: Session, work: Work, folder: Path) -> EqualRun | None:
    """Return the run in a folder if it can be judged for this work."""
    try:
        text = (folder / RESULT).read_bytes()
    except OSError:
        return None
    result = load_result(folder / RESULT)
    if result is None or result.status != "graded" or result.provenance is None or not is_run_stored(folder):
        return None
    made = result.provenance
    same = (made.execution_fingerprint, made.arrangement, made.device) == (
        work.fingerprint, work.arrangement, session.placement.device)
    # Where other seeds were tried, other checks might have tried others.
    decided = len(made.seeds) == 1 or (made.seed is not None and is_current(session, result))
    if not same or not decided or not _ended_by_itself(_execution(folder)):
        return None
    return EqualRun(folder=folder, provenance=made, text=text)


def _execution(folder: Path) -> Execution | None:
    try:
        return Execution.from_json((folder / EXECUTION).read_bytes())
    except (OSError, ValueError):
        return None


def _ended_by_itself(execution: Execution | None) -> bool:
    """Whether all cells were run, and none was stopped: then no limit of time or memory had a part in it."""
    return (execution is not None and execution.ending is Ending.COMPLETED and not execution.starved
            and not any(cell.status is CellStatus.INTERRUPTED for cell in execution.cells))
