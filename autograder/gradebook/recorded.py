"""What the grader stored for one submission, after checking that it belongs to it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from autograder.errors import GradebookError
from autograder.gradebook.release_cells import NotebookLayout, answers, cell_source, nbgrader_metadata, read_layout
from autograder.model import Result
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import digest, read_receipt

LARGEST_FILE = 64 << 20
"""Most bytes of a notebook that are read; the grader itself never writes larger ones."""


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """A submission's result and executed notebook; ``reason`` says why there is no usable result.

    ``upload`` is what a person reads when nothing was executed: the student's cells without their outputs,
    which were not checked. ``answers`` holds a fingerprint of the executed answer to each grade cell, ``digest`` one of
    the result, graded or not.
    """

    student: str
    assignment: str
    result: Result | None
    executed: dict[str, Any] | None = None
    upload: dict[str, Any] | None = None
    reason: str | None = None
    queued: bool = False
    received_at: str | None = None
    time_can_cost: bool = True
    answers: dict[str, str] = field(default_factory=dict)
    digest: str | None = None

    @property
    def shown(self) -> dict[str, Any] | None:
        """The notebook that a person reads."""
        return self.executed or self.upload


def read_release(workspace: Workspace, assignment: str) -> tuple[NotebookLayout, dict[str, Any]]:
    """Return the layout and the JSON of a released notebook.

    Raises:
        GradebookError: there is none, or it is damaged.
    """
    path = workspace.release(assignment)
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        return read_layout(assignment, notebook), notebook
    except FileNotFoundError:
        raise GradebookError(
            f"The gradebook needs release/{assignment}/{assignment}.ipynb, which does not exist; "
            f"run `autograder release {assignment}` first."
        ) from None
    except (ValueError, KeyError) as error:
        raise GradebookError(
            f"release/{assignment}/{assignment}.ipynb is damaged ({error}); "
            f"run `autograder release {assignment}` again."
        ) from error


def outlined(workspace: Workspace, result: Result) -> Recorded:
    """Return a result that was just made, and when the work was handed in; no notebook is read."""
    return Recorded(
        student=result.student, assignment=result.assignment,
        result=result if result.status == "graded" else None,
        reason=None if result.status == "graded" else (
            result.message or f"The submission was not graded ({result.status})."),
        queued=result.status == "queued", digest=fingerprint(result),
        **received(workspace, result.student, result.assignment,
                   result.provenance.submission if result.provenance else None),
    )


def fingerprint(result: Result) -> str:
    """Return a digest by which the gradebook knows whether it has a result."""
    return digest(result.to_json().encode())


def from_result(workspace: Workspace, result: Result) -> Recorded:
    """Return a result that was just made together with the files that belong to it."""
    path = workspace.executed(result.student, result.assignment)
    executed = read_executed(path) if result.status == "graded" else None
    return replace(outlined(workspace, result), executed=executed, answers=answers(executed) if executed else {},
                   upload=read_upload(workspace.submitted(result.student, result.assignment)))


def from_disk(workspace: Workspace, student: str, assignment: str) -> Recorded:
    """Return the stored result of a submission, for nbgrader's own pipeline.

    A result of other bytes than those now in ``submitted/`` is not used.
    """
    try:
        result = Result.from_json(workspace.result(student, assignment).read_bytes())
    except FileNotFoundError:
        return _nothing(workspace, student, assignment, "This submission has not been graded yet: run "
                        f"`autograder grade {assignment}` before nbgrader's autograde.")
    except (ValidationError, ValueError):
        return _nothing(workspace, student, assignment, "The stored result of this submission cannot be read: run "
                        f"`autograder grade {assignment}` again.")
    if _outdated(workspace, result):
        return _nothing(workspace, student, assignment, "The submission has changed since it was graded: run "
                        f"`autograder grade {assignment}` again.")
    return from_result(workspace, result)


def _nothing(workspace: Workspace, student: str, assignment: str, reason: str) -> Recorded:
    return Recorded(student=student, assignment=assignment, result=None, executed=None, reason=reason,
                    upload=read_upload(workspace.submitted(student, assignment)),
                    **received(workspace, student, assignment))


def _outdated(workspace: Workspace, result: Result) -> bool:
    upload = workspace.submitted(result.student, result.assignment)
    if result.provenance is None or not upload.is_file():
        return False
    return digest(upload.read_bytes()) != result.provenance.submission


def received(workspace: Workspace, student: str, assignment: str, sha256: str | None = None) -> dict[str, Any]:
    """Return when the work was handed in, and whether that time may cause a late penalty.

    Without a receipt, the time is that of nbgrader's own ``timestamp.txt``.

    Args:
        sha256: of the upload that is meant; nothing is known of its time where another one counts now.
    """
    path = workspace.receipt(student, assignment)
    if path.exists():
        receipt = read_receipt(path)
        if receipt is None or (sha256 is not None and receipt.accepted and receipt.sha256 != sha256):
            return {}
        return {"received_at": receipt.received_at, "time_can_cost": receipt.time_can_cost}
    try:
        return {"received_at": workspace.timestamp(student, assignment).read_text(encoding="utf-8").strip() or None}
    except FileNotFoundError:
        return {}


def read_upload(path: Path) -> dict[str, Any] | None:
    """Return the cells of an upload without their outputs, None where none can be read."""
    notebook = read_executed(path)
    if notebook is None:
        return None
    plain = [cell for cell in notebook["cells"] if isinstance(cell, dict)
             and cell.get("cell_type") in ("code", "markdown", "raw") and isinstance(cell.get("source"), str | list)]
    return {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [_without_outputs(cell) for cell in plain]}


def _without_outputs(cell: dict[str, Any]) -> dict[str, Any]:
    bare = {"cell_type": cell["cell_type"], "source": cell_source(cell), "metadata": {}}
    if metadata := nbgrader_metadata(cell):
        bare["metadata"] = {"nbgrader": metadata}
    return bare | ({"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {})


def read_executed(path: Path) -> dict[str, Any] | None:
    """Return a notebook as it is stored, None where none can be read."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            return None
        notebook = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    return notebook if isinstance(notebook, dict) and isinstance(notebook.get("cells"), list) else None
