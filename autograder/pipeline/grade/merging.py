"""Fits a collected notebook into the release that it came from."""

from __future__ import annotations

from autograder.model import Merged, Receipt
from autograder.pipeline.reading.releases import fit
from autograder.pipeline.session.session import GradingContext


def merge_submission(context: GradingContext, receipt: Receipt) -> Merged:
    """Fit a collected notebook into the release that it came from.

    Raises:
        NotebookError: its bytes are not a usable notebook.
        ReadingError: reading them broke its budget.
    """
    path = context.workspace.submitted(receipt.student, receipt.assignment)
    fitted = fit(context.workspace, receipt.assignment, path.read_bytes(), path.name)
    merged = fitted.merged
    return merged.model_copy(update={"notes": (*merged.notes, fitted.remark)}) if fitted.remark else merged
