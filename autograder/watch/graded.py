"""Says what of a submission is missing. What counts as graded is the stored result of exactly these bytes."""

from __future__ import annotations

from autograder.model import Receipt
from autograder.pipeline.collect.identify import UNKNOWN
from autograder.pipeline.grade.best_attempt import apart_from, attempts_of
from autograder.pipeline.grade.stored_results import load_graded, load_result
from autograder.workspace.layout import Workspace
from autograder.workspace.reading import is_file


def is_graded(workspace: Workspace, receipt: Receipt) -> bool:
    """Whether the upload that counts has its result, and with ``counts: best`` every other attempt too."""
    if not receipt.accepted:
        found = load_result(workspace.result(receipt.student, receipt.assignment))
        return found is not None and (found.status == "graded" or found.message == receipt.reason)
    if load_graded(workspace, receipt) is None:
        return False
    if workspace.course.assignment(receipt.assignment).counts != "best":
        return True
    return all(load_graded(apart_from(workspace, attempt), attempt) is not None
               for attempt in attempts_of(workspace, receipt) if attempt.sha256 != receipt.sha256)


def is_submitted(workspace: Workspace, student: str, assignment: str) -> bool:
    """Whether there is a submission: without a file of one, a refusal would be worth zero points for no reason."""
    folder = workspace.submission_folder(student, assignment)
    if folder.is_symlink() or folder.parent.is_symlink():
        return False
    return is_file(workspace.submitted(student, assignment)) or is_file(workspace.receipt(student, assignment))


def is_stored(workspace: Workspace, receipt: Receipt) -> bool:
    """Whether an upload that was just collected is kept; one that is not may be accepted at another time."""
    if receipt.accepted:
        return True
    if UNKNOWN in (receipt.student, receipt.assignment):
        return False
    return any((kept.sha256, kept.received_at) == (receipt.sha256, receipt.received_at)
               for kept in workspace.upload_receipts(receipt.student, receipt.assignment))


def has_page(workspace: Workspace, receipt: Receipt) -> bool:
    """Whether a submission has a page that is not older than its stored result."""
    page = workspace.feedback(receipt.student, receipt.assignment)
    try:
        return page.stat().st_mtime >= workspace.result(receipt.student, receipt.assignment).stat().st_mtime
    except OSError:
        return False
