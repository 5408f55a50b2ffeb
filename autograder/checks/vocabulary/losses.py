"""Recomputes what Keras's `evaluate` shows for a model, from its outputs and the true labels. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array, CompileSpec

EPSILON = 1e-7
"""Keras clips probabilities to this before it takes the logarithm, where it has no logits."""
SMALLEST = 1e-38
"""Of float32, the type of the outputs."""

Floats = NDArray[np.float64]
_WHOLE_MEAN = ("sum_over_batch_size", "mean", "auto", "mean_with_sample_weight", None)
"""Reductions after which the loss is the mean over all images."""
_NO_MATTER = ("name", "reduction", "dtype", "axis", "from_logits", "label_smoothing", "ignore_class", "delta")


def shown_losses(compiled: CompileSpec | None, last: str | None, outputs: Array, labels: Array) -> tuple[float, ...]:
    """Return the values that `evaluate` may show as the loss; none where the grader does not know the formula.

    There are several where they depend on the backend: TensorFlow converts the outputs of softmax and sigmoid back to
    their logits, whatever ``from_logits`` says; others take the outputs as they are.

    Args:
        compiled: the model's compile configuration.
        last: activation of its last layer.
        outputs: shape (images, classes), or (images, 1) for one unit that says yes or no.
        labels: true classes, at least as many as there are images.
    """
    if compiled is None or compiled.loss not in KNOWN or not _plain(compiled.loss_settings):
        return ()
    values, truth = outputs.astype(np.float64), np.asarray(labels)[: len(outputs)].astype(np.int64)
    target = truth[:, None].astype(np.float64) if outputs.shape[1] == 1 else np.eye(outputs.shape[1])[truth]
    with np.errstate(all="ignore"):
        found = KNOWN[compiled.loss](values, target, last, compiled.loss_settings)
        return tuple(value for losses in found if math.isfinite(value := float(np.mean(losses))))


def equal_numbers(outputs: Array, labels: Array) -> float:
    """Return what ``metrics=[Accuracy()]`` shows: the share of outputs that equal the numbers of the one-hot rows."""
    one_hot = np.eye(outputs.shape[1])[np.asarray(labels)[: len(outputs)].astype(np.int64)]
    return float(np.mean(outputs == one_hot))


def _plain(settings: Mapping[str, Any]) -> bool:
    """Whether the formulas below support a loss object's settings."""
    known = all(key in _NO_MATTER for key in settings)
    return (known and settings.get("reduction") in _WHOLE_MEAN and settings.get("axis", -1) in (-1, 1)
            and settings.get("ignore_class") is None)


Formula = Callable[[Floats, Floats, str | None, Mapping[str, Any]], list[Floats]]


def _crossentropy(values: Floats, target: Floats, last: str | None, settings: Mapping[str, Any]) -> list[Floats]:
    """Return the crossentropy of every image, by each way in which Keras may compute it."""
    target = _smoothed(target, settings, 1 / target.shape[1])
    shares = values / values.sum(axis=1, keepdims=True)
    clipped = -(target * np.log(np.clip(np.nan_to_num(shares), EPSILON, 1 - EPSILON))).sum(axis=1)
    found = [_of_logits(values, target) if settings.get("from_logits") is True else clipped]
    if last == "softmax":
        found.append(-(target * np.log(np.maximum(shares, SMALLEST))).sum(axis=1))
    if last == "sigmoid":
        found.append(_of_logits(_back_from_sigmoid(values), target))
    return found


def _binary(values: Floats, target: Floats, last: str | None, settings: Mapping[str, Any]) -> list[Floats]:
    if last == "softmax":
        # TensorFlow uses the inputs of softmax as logits here, which cannot be recovered from its outputs.
        return []
    target = _smoothed(target, settings, 0.5)
    inside = np.clip(np.nan_to_num(values), EPSILON, 1 - EPSILON)
    plain = -(target * np.log(inside) + (1 - target) * np.log(1 - inside))
    found = [_of_single_logits(values, target) if settings.get("from_logits") is True else plain]
    if last == "sigmoid":
        found.append(_of_single_logits(_back_from_sigmoid(values), target))
    return found


def _smoothed(target: Floats, settings: Mapping[str, Any], share: float) -> Floats:
    smoothing = settings.get("label_smoothing") or 0.0
    amount = float(smoothing) if isinstance(smoothing, (int, float)) else math.nan
    return target * (1 - amount) + amount * share


def _of_logits(values: Floats, target: Floats) -> Floats:
    highest = values.max(axis=1, keepdims=True)
    total: Floats = highest + np.log(np.exp(values - highest).sum(axis=1, keepdims=True))
    losses: Floats = (target * (total - values)).sum(axis=1)
    return losses


def _of_single_logits(values: Floats, target: Floats) -> Floats:
    losses: Floats = np.maximum(values, 0) - values * target + np.log1p(np.exp(-np.abs(values)))
    return losses


def _back_from_sigmoid(values: Floats) -> Floats:
    inside = np.clip(values, SMALLEST, 1 - EPSILON)
    logits: Floats = np.log(inside / (1 - inside))
    return logits


def _by_number(formula: Callable[[Floats, Floats, Mapping[str, Any]], Floats]) -> Formula:
    """Return a formula that has one value for each number, whatever the last layer is."""
    return lambda values, target, _, settings: [formula(values, target, settings)]


def _huber(values: Floats, target: Floats, settings: Mapping[str, Any]) -> Floats:
    # The name alone means a delta of 1; an object whose delta was not recorded may have any.
    given = settings.get("delta", math.nan if settings else 1.0)
    delta = float(given) if isinstance(given, (int, float)) else math.nan
    error = np.abs(values - target)
    losses: Floats = np.where(error <= delta, 0.5 * error**2, delta * error - 0.5 * delta**2)
    return losses


def _log_cosh(values: Floats, target: Floats, _: Mapping[str, Any]) -> Floats:
    error = values - target
    losses: Floats = error + np.log1p(np.exp(-2 * error)) - math.log(2)
    return losses


def _divergence(values: Floats, target: Floats, _: Mapping[str, Any]) -> Floats:
    wanted, seen = np.clip(target, EPSILON, 1), np.clip(values, EPSILON, 1)
    losses: Floats = (wanted * np.log(wanted / seen)).sum(axis=1)
    return losses


def _signs(target: Floats) -> Floats:
    """Return 1 for yes and -1 for no: Keras turns labels of 0 and 1 into these for its hinge losses."""
    return 2 * target - 1


def _categorical_hinge(values: Floats, target: Floats, _: Mapping[str, Any]) -> Floats:
    right, wrong = (target * values).sum(axis=1), ((1 - target) * values).max(axis=1)
    losses: Floats = np.maximum(wrong - right + 1, 0)
    return losses


def _cosine(values: Floats, target: Floats, _: Mapping[str, Any]) -> Floats:
    lengths = np.linalg.norm(values, axis=1) * np.linalg.norm(target, axis=1)
    losses: Floats = -(values * target).sum(axis=1) / np.maximum(lengths, EPSILON)
    return losses


KNOWN: Mapping[str | None, Formula] = {
    "categorical_crossentropy": _crossentropy,
    "sparse_categorical_crossentropy": _crossentropy,
    "binary_crossentropy": _binary,
    "mean_squared_error": _by_number(lambda values, target, _: (values - target) ** 2),
    "mean_absolute_error": _by_number(lambda values, target, _: np.abs(values - target)),
    "mean_absolute_percentage_error": _by_number(
        lambda values, target, _: 100 * np.abs(values - target) / np.maximum(np.abs(target), EPSILON)),
    "mean_squared_logarithmic_error": _by_number(lambda values, target, _: (
        np.log(np.maximum(values, EPSILON) + 1) - np.log(np.maximum(target, EPSILON) + 1)) ** 2),
    "huber": _by_number(_huber),
    "log_cosh": _by_number(_log_cosh),
    "kl_divergence": _by_number(_divergence),
    "poisson": _by_number(lambda values, target, _: values - target * np.log(values + EPSILON)),
    "hinge": _by_number(lambda values, target, _: np.maximum(1 - _signs(target) * values, 0)),
    "squared_hinge": _by_number(lambda values, target, _: np.maximum(1 - _signs(target) * values, 0) ** 2),
    "categorical_hinge": _by_number(_categorical_hinge),
    "cosine_similarity": _by_number(_cosine),
}
"""Losses that the grader computes, by Keras's name; each returns the values whose mean over all images is the loss."""
