"""Scores of predictions: ROC AUC, precision, recall, F1, errors of numbers and R². Pure.

Written for this purpose rather than taken from scikit-learn, which the grader does not need otherwise; they agree
with its functions, which tests prove.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array

ScoreName = Literal["roc_auc", "precision", "recall", "f1", "mean_absolute_error", "mean_squared_error",
                    "root_mean_squared_error", "r2"]
ALIASES = {"auc": "roc_auc", "mae": "mean_absolute_error", "mse": "mean_squared_error",
           "rmse": "root_mean_squared_error"}
Average = Literal["macro", "weighted", "micro"]
Floats = NDArray[np.float64]
HALF = 0.5
"""From this output on, one unit that says yes or no says yes."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A score.

    Attributes:
        words: what messages call it.
        rises: whether more is better.
        classes: whether it compares classes; otherwise numbers.
    """

    words: str
    rises: bool
    classes: bool


KINDS: Mapping[str, Kind] = {
    "roc_auc": Kind(words="ROC AUC", rises=True, classes=True),
    "precision": Kind(words="precision", rises=True, classes=True),
    "recall": Kind(words="recall", rises=True, classes=True),
    "f1": Kind(words="F1 score", rises=True, classes=True),
    "mean_absolute_error": Kind(words="mean absolute error", rises=False, classes=False),
    "mean_squared_error": Kind(words="mean squared error", rises=False, classes=False),
    "root_mean_squared_error": Kind(words="root mean squared error", rises=False, classes=False),
    "r2": Kind(words="R²", rises=True, classes=False),
}


def score(name: str, outputs: Array, truth: Array, *, average: Average = "macro") -> float:
    """Return a score of predictions.

    Args:
        name: one of `KINDS`, or of `ALIASES`.
        outputs: for classes shape (n, classes), or (n,) or (n, 1) for one unit that says yes or no; for numbers as many
            as ``truth`` has.
        truth: classes 0, 1 …, shape (n,), or one row of 0 and 1 for each: a single 1 for one class, any number of them
            for several labels, each of which is a question of its own; or numbers of any shape that begins with n.
        average: over more than two classes: ``macro`` gives each class the same weight, ``weighted`` that of its
            number of rows, ``micro`` counts all rows together. Of two classes, the score is that of class 1.

    Raises:
        ValueError: shapes do not fit, numbers are not finite, or the truth does not determine the score.
    """
    if not len(truth) or len(outputs) != len(truth):
        raise ValueError(f"{len(outputs)} predictions do not fit {len(truth)} rows")
    given = np.asarray(outputs, dtype=np.float64)
    if not np.isfinite(given).all():
        raise ValueError("predictions contain NaN or infinite numbers")
    name = ALIASES.get(name, name)
    if name in _OF_NUMBERS:
        return _OF_NUMBERS[name](*_numbers(given, truth))
    columns = given.reshape(len(given), -1)
    several = labels_of(truth)
    if several is not None:
        return _of_labels(name, columns, several, average)
    labels = classes_of(truth)
    if name == "roc_auc":
        return _roc_auc(columns, labels, average)
    chosen = (columns[:, 0] >= HALF).astype(np.int64) if columns.shape[1] == 1 else columns.argmax(axis=1)
    return _of_classes(_FORMULAS[name], chosen, labels, two=columns.shape[1] <= 2, average=average)


def labels_of(truth: Array) -> NDArray[np.bool_] | None:
    """Return which labels each row has, shape (n, labels); None where each row has exactly one class."""
    found = np.asarray(truth)
    if found.ndim != 2 or found.shape[1] < 2 or (found.sum(axis=1) == 1).all():
        return None
    if not np.isin(found, (0, 1)).all():
        raise ValueError("several labels are rows of 0 and 1")
    labels: NDArray[np.bool_] = found.astype(bool)
    return labels


def classes_of(truth: Array) -> NDArray[np.int64]:
    """Return the class of each row, of class numbers or of rows with a single 1."""
    found = np.asarray(truth).reshape(len(truth), -1)
    if found.shape[1] > 1:
        return np.asarray(found.argmax(axis=1), dtype=np.int64)
    if found.dtype.kind == "f" and not np.array_equal(found, np.round(found)):
        raise ValueError("the truth has numbers that are no classes")
    return np.asarray(found[:, 0], dtype=np.int64)


def constant_score(name: str, truth: Array, *, average: Average = "macro") -> float | None:
    """Return the best score of one answer for every row; None where it says nothing, as for recall alone of one class.

    The majority's class, the median or the mean of the numbers: what a model reaches that ignores its inputs.

    Raises:
        ValueError: as `score`.
    """
    name = ALIASES.get(name, name)
    if name in ("roc_auc", "r2"):
        return 0.5 if name == "roc_auc" else 0.0
    if name in _OF_NUMBERS:
        wanted = np.asarray(truth, dtype=np.float64).reshape(len(truth), -1)
        middle = np.median(wanted, axis=0) if name == "mean_absolute_error" else wanted.mean(axis=0)
        return _OF_NUMBERS[name](np.broadcast_to(middle, wanted.shape), wanted)
    several = labels_of(truth)
    count = (several if several is not None else np.eye(int(classes_of(truth).max()) + 1)).shape[1]
    if name == "recall" and (several is not None or count <= 2):
        return None  # always yes has no misses
    answers = np.ones((1, count)) if several is not None else np.eye(max(count, 2))
    return max(score(name, np.broadcast_to(one, (len(truth), len(one))), truth, average=average) for one in answers)


def _of_labels(name: str, columns: Floats, truth: NDArray[np.bool_], average: Average) -> float:
    """Return a score over several labels, each a question of yes or no."""
    if columns.shape != truth.shape:
        raise ValueError(f"{columns.shape[1]} outputs do not fit {truth.shape[1]} labels")
    if average == "micro":
        columns, truth = columns.reshape(-1, 1), truth.reshape(-1, 1)
    if name == "roc_auc":
        found = [_area(columns[:, place], truth[:, place]) for place in range(truth.shape[1])]
    else:
        chosen = (columns >= HALF).astype(np.int64)
        found = [_of_classes(_FORMULAS[name], chosen[:, place], truth[:, place].astype(np.int64), two=True,
                             average="macro") for place in range(truth.shape[1])]
    weights = truth.sum(axis=0) if average == "weighted" else None
    return float(np.average(found, weights=weights))


def _numbers(given: Floats, truth: Array) -> tuple[Floats, Floats]:
    wanted = np.asarray(truth, dtype=np.float64)
    if given.size != wanted.size:
        raise ValueError(f"{given.size} predictions do not fit {wanted.size} numbers")
    return given.reshape(len(given), -1), wanted.reshape(len(wanted), -1)


def _r2(given: Floats, truth: Floats) -> float:
    spread = ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)
    if not (spread > 0).all():
        raise ValueError("R² needs numbers that differ")
    return float((1 - ((given - truth) ** 2).sum(axis=0) / spread).mean())


_OF_NUMBERS: Mapping[str, Callable[[Floats, Floats], float]] = {
    "mean_absolute_error": lambda given, truth: float(np.abs(given - truth).mean()),
    "mean_squared_error": lambda given, truth: float(((given - truth) ** 2).mean()),
    "root_mean_squared_error": lambda given, truth: float(np.sqrt(((given - truth) ** 2).mean())),
    "r2": _r2,
}


def _roc_auc(columns: Floats, labels: NDArray[np.int64], average: Average) -> float:
    if columns.shape[1] <= 2:
        return _area(columns[:, -1], labels == 1)
    if average == "micro":
        return _area(columns.reshape(-1), (labels[:, None] == np.arange(columns.shape[1])).reshape(-1))
    areas = [_area(columns[:, number], labels == number) for number in range(columns.shape[1])]
    sizes = np.bincount(labels, minlength=columns.shape[1]) if average == "weighted" else None
    return float(np.average(areas, weights=sizes))


def _area(values: Floats, positive: NDArray[np.bool_]) -> float:
    """Return how often a row of the class has a larger value than another row; ties count half."""
    yes, no = int(positive.sum()), int((~positive).sum())
    if not yes or not no:
        raise ValueError("ROC AUC needs rows of each class")
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks = np.cumsum(count) - (count - 1) / 2
    return float((ranks[place][positive].sum() - yes * (yes + 1) / 2) / (yes * no))


Formula = Callable[[Floats, Floats, Floats], Floats]


def _of_classes(
    formula: Formula, chosen: NDArray[np.int64], labels: NDArray[np.int64], *, two: bool, average: Average,
) -> float:
    """Return a score made of hits, false alarms and misses of each class."""
    classes = np.array([1]) if two else np.union1d(chosen, labels)
    hits = np.array([((chosen == one) & (labels == one)).sum() for one in classes], dtype=np.float64)
    alarms = np.array([((chosen == one) & (labels != one)).sum() for one in classes], dtype=np.float64)
    misses = np.array([((chosen != one) & (labels == one)).sum() for one in classes], dtype=np.float64)
    if average == "micro":
        hits, alarms, misses = (np.array([part.sum()]) for part in (hits, alarms, misses))
    weights = hits + misses if average == "weighted" and not two else None
    return float(np.average(formula(hits, alarms, misses), weights=weights))


def _share(part: Floats, whole: Floats) -> Floats:
    """Return shares; 0 where there is nothing to take a share of, as a class that was never predicted."""
    shares: Floats = np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)
    return shares


_FORMULAS: Mapping[str, Formula] = {
    "precision": lambda hits, alarms, _: _share(hits, hits + alarms),
    "recall": lambda hits, _, misses: _share(hits, hits + misses),
    "f1": lambda hits, alarms, misses: _share(2 * hits, 2 * hits + alarms + misses),
}
