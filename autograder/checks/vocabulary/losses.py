"""What Keras's `evaluate` shows for a model, computed anew from its outputs and the true labels. Pure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array, CompileSpec

EPSILON = 1e-7
"""Keras clips probabilities to this before it takes the logarithm, where it knows no logits."""
SMALLEST = 1e-38
"""Of float32, the type of the outputs."""

Floats = NDArray[np.float64]


def shown_losses(compiled: CompileSpec | None, last: str | None, outputs: Array, labels: Array) -> tuple[float, ...]:
    """Return the values that `evaluate` may show as the loss; none where the grader does not know the formula.

    There are several where they depend on the backend: TensorFlow goes back from the outputs of softmax and sigmoid to
    their logits, whatever ``from_logits`` says; others take the outputs as they are.

    Args:
        compiled: the model's compile configuration.
        last: activation of its last layer.
        outputs: shape (images, classes).
        labels: true classes, at least as many as there are images.
    """
    if compiled is None or compiled.loss is None:
        return ()
    values, truth = outputs.astype(np.float64), np.asarray(labels)[: len(outputs)].astype(np.int64)
    one_hot = np.eye(outputs.shape[1])[truth]
    if compiled.loss_settings.get("label_smoothing", 0) != 0:
        return ()
    if compiled.loss == "mean_squared_error":
        return (float(np.mean((values - one_hot) ** 2)),)
    if compiled.loss == "categorical_crossentropy":
        from_logits = compiled.loss_settings.get("from_logits") is True
        return tuple(float(np.mean(losses)) for losses in _crossentropies(values, truth, last, from_logits))
    return ()


def equal_numbers(outputs: Array, labels: Array) -> float:
    """Return what ``metrics=[Accuracy()]`` shows: the share of outputs that equal the numbers of the one-hot rows."""
    one_hot = np.eye(outputs.shape[1])[np.asarray(labels)[: len(outputs)].astype(np.int64)]
    return float(np.mean(outputs == one_hot))


def _crossentropies(values: Floats, truth: NDArray[np.int64], last: str | None, from_logits: bool) -> list[Floats]:
    """Return the crossentropy of every image, by each way in which Keras may compute it."""
    rows = np.arange(len(values))
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = values / values.sum(axis=1, keepdims=True)
    clipped = -np.log(np.clip(np.nan_to_num(shares), EPSILON, 1 - EPSILON))[rows, truth]
    found = [_of_logits(values, rows, truth) if from_logits else clipped]
    if last == "softmax":
        found.append(-np.log(np.maximum(shares, SMALLEST))[rows, truth])
    if last == "sigmoid":
        inside = np.clip(values, SMALLEST, 1 - EPSILON)
        found.append(_of_logits(np.log(inside / (1 - inside)), rows, truth))
    return found


def _of_logits(values: Floats, rows: NDArray[np.int64], truth: NDArray[np.int64]) -> Floats:
    highest = values.max(axis=1)
    total: Floats = highest + np.log(np.exp(values - highest[:, None]).sum(axis=1)) - values[rows, truth]
    return total
