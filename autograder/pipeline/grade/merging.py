"""Fits a collected notebook into the release that it came from."""

from __future__ import annotations

from autograder.errors import NotebookError, ReadingError
from autograder.model import Merged, Receipt
from autograder.pipeline.reading.releases import fit
from autograder.pipeline.session.session import Session


class RefusedError(Exception):
    """A submission that earns nothing because it is no notebook that can be graded; the message is for the student."""


class UnreadError(Exception):
    """A submission whose reading broke its budget: a person has to look at it; the message is for student and staff."""


def merge_submission(session: Session, receipt: Receipt) -> Merged:
    """Return the collected notebook, merged.

    Raises:
        RefusedError: its upload was refused, or its bytes are not a usable notebook.
        UnreadError: reading them broke its budget.
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
    merged = fitted.merged
    return merged.model_copy(update={"notes": (*merged.notes, fitted.remark)}) if fitted.remark else merged
