"""Results on disk: read, reused if nothing has changed, and written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from autograder.model import Receipt, Result, Status
from autograder.workspace.file_names import RESULT
from autograder.workspace.layout import Workspace
from autograder.workspace.storage import write_atomically

if TYPE_CHECKING:
    from autograder.pipeline.grade.work import Work
    from autograder.pipeline.session.session import Session


def load_result(path: Path) -> Result | None:
    """Return a stored result, or None if there is none or it has another schema."""
    try:
        return Result.from_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def load_graded(workspace: Workspace, receipt: Receipt) -> Result | None:
    """Return the stored result of exactly this upload, None if it was not graded yet."""
    earlier = load_result(workspace.result(receipt.student, receipt.assignment))
    if earlier is None or earlier.status != "graded" or earlier.provenance is None:
        return None
    return earlier if earlier.provenance.submission == receipt.sha256 else None


def find_earlier(session: Session, work: Work) -> Result | None:
    """Return the stored result of exactly this work, if running the notebook again would change nothing."""
    earlier = load_graded(session.workspace, work.receipt)
    if earlier is None or earlier.provenance is None or earlier.provenance.execution_fingerprint != work.fingerprint:
        return None
    return earlier


def is_current(session: Session, earlier: Result) -> bool:
    """Whether judging a stored run again would change nothing: the checks are the same, and none of them had an error.

    Points that are withheld for the grader's own fault need not wait for a person once the fault is fixed.
    """
    broke = any(check.status is Status.ERRORED for task in earlier.tasks for check in task.checks)
    return (earlier.provenance is not None and not broke
            and earlier.provenance.checks_fingerprint == session.checks_fingerprint)


def write_result(folder: Path, result: Result) -> None:
    """Write a result into its folder."""
    write_atomically(folder / RESULT, result.to_json())


def store_result(workspace: Workspace, result: Result) -> None:
    """Write a result into its folder of the course; other files there are kept."""
    write_result(workspace.results(result.student, result.assignment), result)
