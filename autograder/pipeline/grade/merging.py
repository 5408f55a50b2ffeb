"""Merges a collected notebook with the release that it came from."""

from __future__ import annotations

from autograder.errors import NotebookError, ReadingError
from autograder.model import Merged, Receipt
from autograder.pipeline.grade.student_variant import give_numbers
from autograder.pipeline.reading.releases import fit
from autograder.pipeline.session.session import Session


class RefusedError(Exception):
    """A submission that earns nothing because it is not a gradable notebook; the message is for the student."""


class UnreadError(Exception):
    """A submission that could not be read within its budget: a person must look at it. For student and staff."""


def merge_submission(session: Session, receipt: Receipt) -> Merged:
    """Return the collected notebook, merged.

    Raises:
        RefusedError: its upload was refused, or its bytes are not a usable notebook.
        UnreadError: reading them exceeded its budget.
        CourseError: each student has other numbers, and the secret that they are drawn with is missing or another.
    """
    if not receipt.accepted:
        raise RefusedError(receipt.reason or "The upload was refused.")
    path = session.workspace.submitted(receipt.student, receipt.assignment)
    try:
        fitted = fit(session.workspace, receipt.assignment, path.read_bytes(), path.name)
    except NotebookError as error:
        raise RefusedError(str(error)) from error
    except ReadingError as error:
        raise UnreadError(str(error)) from error
    merged = give_numbers(session.workspace, receipt.assignment, receipt.student, fitted.merged, fitted.claimed)
    return merged.model_copy(update={"notes": (*merged.notes, fitted.remark)}) if fitted.remark else merged
