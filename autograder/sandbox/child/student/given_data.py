"""Identifies data given to `fit` that is not a named array: the batch size of datasets, rows in another order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from numpy import array_equal, ascontiguousarray, frombuffer, ndarray, sort, uint8, uint64, zeros
from numpy.random import PCG64
from numpy.typing import NDArray

from autograder.sandbox.child.student.conversion import as_array, made_by

_LONGEST_CHAIN = 50
_BLOCK = 4096
_WORD = 8
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
    own = _rows(first), _rows(second)
    wanted = sort(_paired(*own))
    theirs = [_rows(value) for value in labels]
    for value in images:
        marks = _rows(value)
        if not array_equal(sort(marks), sort(own[0])):
            continue
        for label, others in zip(labels, theirs, strict=True):
            if array_equal(sort(_paired(marks, others)), wanted):
                return value, label
    return None


def _alike(value: NDArray[Any], array: NDArray[Any]) -> bool:
    return value.shape == array.shape and value.dtype == array.dtype and 0 < value.nbytes <= _MOST_BYTES


def _rows(array: NDArray[Any]) -> NDArray[uint64]:
    """Return one number for each row that depends only on its bytes."""
    octets = ascontiguousarray(array).reshape(len(array), -1).view(uint8)
    width = -(-octets.shape[1] // _WORD) * _WORD
    factors = frombuffer(PCG64(12).random_raw(width // _WORD).tobytes(), uint64) | uint64(1)
    marks = zeros(len(array), uint64)
    for start in range(0, len(array), _BLOCK):
        block = octets[start : start + _BLOCK]
        words = zeros((len(block), width), uint8)
        words[:, : block.shape[1]] = block
        marks[start : start + _BLOCK] = (words.view(uint64) * factors).sum(axis=1, dtype=uint64)
    return marks


def _paired(first: NDArray[uint64], second: NDArray[uint64]) -> NDArray[uint64]:
    mixed: NDArray[uint64] = (first ^ (first >> uint64(29))) * uint64(0x9E3779B97F4A7C15) + second
    return mixed


def _whole(value: Any) -> int | None:
    try:
        return int(value)
    except (TypeError, ValueError):
        return None
