"""Whether a student's model can predict for rows that are prepared like one of the student's arrays. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.artifacts import ArrayValue, ModelRecord
from autograder.checks.outcome import CheckFailed
from autograder.checks.vocabulary.arrays import NAN_HINT
from autograder.checks.vocabulary.subject import shape_text


def require_usable(model: str, record: ModelRecord, prepared: str, array: ArrayValue) -> None:
    """Fail where there are no predictions through the student's own mistake.

    Raises:
        CheckFailed: weights or prepared rows are not finite, or their shapes do not fit.
    """
    if not record.finite:
        raise CheckFailed(
            f"The weights of `{model}` contain NaN or infinite numbers.", "Finite weights.",
            "Training diverged: look for NaN in the training data, or a learning rate that is too large.")
    rows = array.rows
    if array.nan or (rows is not None and rows.dtype.kind == "f" and not np.isfinite(rows).all()):
        raise CheckFailed(f"`{prepared}` contains NaN or infinite numbers.", "Finite numbers only.", NAN_HINT)
    wanted = record.input_shape
    if wanted is not None and array.shape and not _fits(array.shape[1:], wanted[1:]):
        raise CheckFailed(
            f"One row of `{prepared}` has shape {shape_text(array.shape[1:])}, one input of `{model}` "
            f"{shape_text(wanted[1:])}.", "The same shape for both.")


def _fits(seen: Sequence[int], wanted: Sequence[int | None]) -> bool:
    return len(seen) == len(wanted) and all(b is None or a == b for a, b in zip(seen, wanted, strict=True))
