"""The metrics that minima are calibrated for: the same functions judge a student and make the reference. Pure."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array
from autograder.checks.score_formulas import HALF, classes_of, labels_of


def accuracy(outputs: Array, labels: Array) -> float:
    """Return the share of rows whose largest output is at the position of the label.

    Args:
        outputs: shape (n, classes), or (n,) and (n, 1) for one sigmoid unit, read as class 1 from 0.5 on.
        labels: whole numbers, shape (n,); or rows of 0 and 1 for several labels, of which each output from 0.5 on says
            yes: the share of all labels that are right.

    Raises:
        ValueError: the shapes do not fit.
    """
    if outputs.ndim == 0 or len(outputs) != len(labels) or not len(labels):
        raise ValueError(f"outputs of shape {outputs.shape} do not fit {len(labels)} labels")
    chosen: NDArray[np.int64]
    flat = outputs.reshape(len(outputs), -1)
    several = labels_of(labels)
    if several is not None:
        if flat.shape != several.shape:
            raise ValueError(f"outputs of shape {outputs.shape} do not fit labels of shape {labels.shape}")
        return float((((flat >= HALF) == several) & np.isfinite(flat)).mean())
    labels = classes_of(labels)
    chosen = (flat[:, 0] >= 0.5).astype(np.int64) if flat.shape[1] == 1 else flat.argmax(axis=1)
    # A row with NaN counts as wrong, although argmax would return the position of the NaN.
    right = (chosen == labels) & np.isfinite(flat).all(axis=1)
    return float(right.mean())


def lower_accuracy(outputs: Array, test_labels: Array, holdout_labels: Array) -> tuple[float, float]:
    """Return accuracy on the public test images and on the withheld ones, for outputs of both, one after the other.

    The metric is the lower of the two: a model that learned the test set by heart gains nothing. Where the public half
    is the harder one, as of handwritten digits, it is the number that the notebook of honest work prints itself.
    ``test_labels`` may continue after those of the public images with the labels of their copies.
    """
    cut = len(outputs) - len(holdout_labels)
    if not 0 < cut <= len(test_labels):
        raise ValueError(f"{len(outputs)} outputs for {len(test_labels)} test and {len(holdout_labels)} holdout images")
    return accuracy(outputs[:cut], test_labels[:cut]), accuracy(outputs[cut:], holdout_labels)


def constant_accuracy(test_labels: Array, holdout_labels: Array) -> float:
    """Return the metric of the best model that gives every image the same answer: usually the share of one class."""
    parts = [labels_of(labels) for labels in (test_labels, holdout_labels)]
    if parts[0] is not None and parts[1] is not None:
        usual = parts[1].mean(axis=0) >= HALF
        return min(float((part == usual).mean()) for part in parts if part is not None)
    classes = [classes_of(labels) for labels in (test_labels, holdout_labels)]
    count = max(int(labels.max()) for labels in classes) + 1
    return float(np.min([np.bincount(labels, minlength=count) / len(labels) for labels in classes], axis=0).max())


def metric_name(task: str, model: str) -> str:
    """Return the name under which a model's accuracy at a task's checkpoint is calibrated: ``relu-fit/relu_model``."""
    return f"{task}/{model}"


def metrics(outputs: Mapping[tuple[str, str], Array], test_labels: Array, holdout_labels: Array) -> dict[str, float]:
    """Return every calibrated metric of one run.

    Args:
        outputs: (task, model name) → outputs for the public test images followed by the holdout images.
        test_labels: labels of the public test images (rows 0–4,999 of the test set).
        holdout_labels: labels of the withheld images.
    """
    return {
        metric_name(task, model): min(lower_accuracy(values, test_labels, holdout_labels))
        for (task, model), values in outputs.items()
    }
