"""How a confusion matrix or a list of sensitivities differs from the right one, in words. Pure.

Each function returns (seen, expected, hint) for `CheckFailed`, or None where nothing differs.
"""

from __future__ import annotations

import numpy as np

from autograder.artifacts import Array
from autograder.checks.vocabulary.predictions import PredictedSubject
from autograder.checks.vocabulary.subject import number_text

Problem = tuple[str, str, str | None]
TOLERANCE = 0.005
"""Absolute, for shares: two decimals are enough."""


def unlike(name: str, seen: Array, predicted: PredictedSubject, labels: Array, *, either: bool) -> Problem | None:
    """Return what is wrong with a confusion matrix of shape (classes, classes), true classes in rows."""
    wanted, tolerance = predicted.confusion(labels)
    expected = f"Row i, column j: how many images of digit i {predicted.quoted} takes for digit j."
    matrix = np.asarray(seen, dtype=np.float64)
    if matrix.shape != wanted.shape:
        return f"{name} has shape {matrix.shape}.", f"Shape {wanted.shape}.", None
    if not np.isfinite(matrix).all():
        return f"{name} contains NaN or infinite numbers.", expected, None
    if _differ(matrix, wanted) <= tolerance:
        return None
    if _differ(matrix, wanted.T) <= tolerance:
        if either:
            return None
        return (f"{name} has the true digits in its columns.", expected,
                "The true labels come first: `confusion_matrix(y_true, y_predicted)`.")
    if abs(matrix.sum() - wanted.sum()) > 0.5:
        return (f"The entries of {name} sum to {number_text(float(matrix.sum()))}.",
                f"{expected} The sum is the number of images, {int(wanted.sum()):,}.",
                "The entries should be counts, not shares." if matrix.sum() <= len(matrix) + 0.5 else None)
    return (f"{name} does not count what {predicted.quoted} answers on the test images.", expected,
            "Compare the labels 0 to 9 of the test images with `argmax(axis=1)` of what the model predicts.")


def not_sensitivity(
    name: str, seen: Array, matrix_name: str, matrix: Array, labels: Array | None
) -> Problem | None:
    """Return what is wrong with a list of sensitivities, given the student's own confusion matrix."""
    counts = np.asarray(matrix, dtype=np.float64)
    if counts.ndim != 2 or counts.shape[0] != counts.shape[1]:
        return f"{matrix_name} has shape {counts.shape}.", "As many rows as columns.", None
    if labels is not None and _true_in_columns(counts, labels):
        counts = counts.T
    expected = f"For each digit the share that was recognised: diagonal of {matrix_name} / sum of its row."
    values = np.asarray(seen, dtype=np.float64).reshape(-1)
    if values.shape != (len(counts),):
        return f"{name} has {values.size} numbers.", f"{len(counts)} numbers, one for each digit.", None
    if _close(values, _share(counts, 1)):
        return None
    if _close(values, _share(counts, 0)):
        return (f"{name} divides by how often the model answered each digit.", expected,
                "That is the precision, the share of answers that are right. Sensitivity is the share of digits found.")
    if _close(values / 100, _share(counts, 1)):
        return f"{name} is given in percent.", expected, "Give numbers between 0 and 1."
    if _close(values, np.diag(counts) / max(1.0, counts.sum())):
        return f"{name} divides by the number of all images.", expected, "Divide by the images of that digit only."
    place = int(np.argmax(~np.isclose(values, _share(counts, 1), atol=TOLERANCE)))
    return f"{name} says {number_text(float(values[place]))} for digit {place}.", expected, None


def _differ(matrix: Array, wanted: Array) -> float:
    return float(np.abs(matrix - wanted).sum())


def _share(counts: Array, axis: int) -> Array:
    """Return the diagonal over the sums along an axis, 0 where a sum is 0."""
    sums = counts.sum(axis=axis)
    share: Array = np.diag(counts) / np.where(sums == 0, 1.0, sums)
    return share


def _close(values: Array, wanted: Array) -> bool:
    # NaN is where a class was never answered: 0 / 0.
    return bool(np.allclose(np.nan_to_num(values), wanted, rtol=0, atol=TOLERANCE))


def _true_in_columns(counts: Array, labels: Array) -> bool:
    true = np.bincount(np.asarray(labels).astype(np.int64), minlength=len(counts))[: len(counts)]
    shares = true / max(1, true.sum())
    across, down = (counts.sum(axis=axis) / max(1.0, counts.sum()) for axis in (1, 0))
    return bool(np.abs(down - shares).sum() < np.abs(across - shares).sum())
