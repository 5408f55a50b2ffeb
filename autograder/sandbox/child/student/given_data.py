"""Identifies data given to `fit` that is not a named array: the batch size of datasets, rows in another order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy import array_equal, ndarray, sort, uint64
from numpy.typing import NDArray

from autograder.artifacts.row_marks import row_marks
from autograder.sandbox.child.student.conversion import as_array, made_by

_LONGEST_CHAIN = 50
_MOST_CANDIDATES = 20
_MOST_BYTES = 1 << 30


def batch_of(data: Any) -> int | None:
    """Return how many rows a `tf.data.Dataset` or a loader of PyTorch yields at once; None if that is unknown."""
    if made_by(type(data), "torch.utils.data"):
        return _whole(getattr(data, "batch_size", None))
    for _ in range(_LONGEST_CHAIN):
        if not made_by(type(data), "tensorflow.python.data"):
            return None
        if type(data).__name__ in ("_BatchDataset", "_ParallelBatchDataset", "BatchDataset", "ParallelBatchDataset"):
            return _whole(data._batch_size)
        if type(data).__name__.strip("_") not in _PASSING:
            return None
        data = getattr(data, "_input_dataset", None)
    return None


def sources_of(data: Any) -> list[Any] | None:
    """Return the tensors whose rows a `tf.data.Dataset` yields, read without drawing anything from it.

    None where a step computes or chooses rows (`map`, `filter`, `take`, a generator), so that they are not all its own.
    """
    for _ in range(_LONGEST_CHAIN):
        name = type(data).__name__.strip("_") if made_by(type(data), "tensorflow.python.data") else ""
        if name == "ZipDataset":
            parts = [sources_of(one) for one in data._datasets] if type(data._datasets) is tuple else [None]
            return [tensor for part in parts for tensor in part or ()] if None not in parts else None
        if name == "TensorSliceDataset":
            return list(data._tensors)
        if name not in _KEEPING:
            return None
        data = getattr(data, "_input_dataset", None)
    return None


_KEEPING = frozenset(("BatchDataset", "ParallelBatchDataset", "PrefetchDataset", "CacheDataset", "RepeatDataset",
                      "ShuffleDataset", "OptionsDataset", "AssertCardinalityDataset"))
"""Steps that leave every row as it is, whatever their order."""
_PASSING = frozenset(("PrefetchDataset", "MapDataset", "ParallelMapDataset", "CacheDataset", "RepeatDataset",
                      "ShuffleDataset", "TakeDataset", "SkipDataset", "OptionsDataset", "AssertCardinalityDataset"))
"""Steps after batching that leave each batch unchanged."""


def reordered(x: Any, y: Any, namespace: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """Return the two named arrays whose rows ``x`` and ``y`` have in another order; None if there are none.

    Both must be reordered in the same way: images that lost their labels are no training data.
    """
    first, second = as_array(x), as_array(y)
    if first is None or second is None or not first.ndim or len(first) != len(second):
        return None
    held = [value for value in list(namespace.values()) if type(value) is ndarray]
    images = [value for value in held if _alike(value, first)][:_MOST_CANDIDATES]
    labels = [value for value in held if _alike(value, second)][:_MOST_CANDIDATES]
    if not images or not labels:
        return None
    own = row_marks(first), row_marks(second)
    wanted = sort(_paired(*own))
    theirs = [row_marks(value) for value in labels]
    for value in images:
        marks = row_marks(value)
        if not array_equal(sort(marks), sort(own[0])):
            continue
        for label, others in zip(labels, theirs, strict=True):
            if array_equal(sort(_paired(marks, others)), wanted):
                return value, label
    return None


def _alike(value: NDArray[Any], array: NDArray[Any]) -> bool:
    return value.shape == array.shape and value.dtype == array.dtype and 0 < value.nbytes <= _MOST_BYTES


def _paired(first: NDArray[uint64], second: NDArray[uint64]) -> NDArray[uint64]:
    mixed: NDArray[uint64] = (first ^ (first >> uint64(29))) * uint64(0x9E3779B97F4A7C15) + second
    return mixed


def _whole(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
