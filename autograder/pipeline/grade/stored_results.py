"""Results on disk: read, compared with what was handed in, and written."""

from __future__ import annotations

from pathlib import Path

from autograder.model import Receipt, Result, Status
from autograder.workspace.layout import Workspace
from autograder.workspace.storage import write_atomically

RESULT = "result.json"


def load_result(path: Path) -> Result | None:
    """Return a stored result, or None where there is none or its schema is another one."""
    try:
        return Result.from_json(path.read_bytes())
    except (OSError, ValueError):
        return None


def _is_of(earlier: Result | None, receipt: Receipt) -> bool:
    """Whether this very submission was graded before."""
    return (earlier is not None and earlier.status == "graded" and earlier.provenance is not None
            and earlier.provenance.submission == receipt.sha256)


def _has_errors(earlier: Result) -> bool:
    """Whether points are withheld for the grader's own fault, which may be gone by now."""
    return any(check.status is Status.ERRORED for task in earlier.tasks for check in task.checks)


def _write(workspace: Workspace, result: Result) -> None:
    write_atomically(workspace.results(result.student, result.assignment) / RESULT, result.to_json())
