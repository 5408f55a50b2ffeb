"""What a calibration run shows in addition to its metrics: facts that do not depend on the seed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from autograder import artifacts
from autograder.artifacts import ArrayValue, Artifacts, Checkpoint, MappingValue, ModelValue, ScalarValue, SequenceValue

FEW = 50
"""Longer lists are data or curves, not answers."""


def facts_of(found: Artifacts) -> dict[str, Any]:
    """Return shapes, dtypes, statistics, parameter counts and short answers, by task and name."""
    return {
        task: {name: fact for name, value in checkpoint.names.items() if (fact := _fact(found, value)) is not None}
        for task, checkpoint in found.checkpoints.items()
    }


def numbers_of(checkpoints: Mapping[str, Checkpoint]) -> dict[str, float]:
    """Return the numbers in the namespace as ``task/name``; those in lists and dicts as ``task/name/key``.

    The task is the one that made the number, or changed it; later checkpoints do not repeat the name.
    """
    numbers: dict[str, float] = {}
    latest: dict[str, float] = {}
    for task, checkpoint in checkpoints.items():
        for name, value in checkpoint.names.items():
            for path, number in _numbers(value):
                place = "/".join((name, *path))
                if latest.get(place) != number:
                    numbers[f"{task}/{place}"] = latest[place] = number
    return numbers


def _numbers(value: artifacts.Value) -> Iterator[tuple[tuple[str, ...], float]]:
    if isinstance(value, ScalarValue) and isinstance(value.value, int | float) and not isinstance(value.value, bool):
        if math.isfinite(value.value):
            yield (), float(value.value)
    elif isinstance(value, ArrayValue) and len(value.shape) == 1 and value.shape[0] <= FEW and value.rows is not None:
        if value.rows.dtype.kind in "fiu" and value.indices is not None:
            yield from (((str(index),), float(item)) for index, item in zip(value.indices, value.rows, strict=True)
                        if math.isfinite(item))
    elif isinstance(value, SequenceValue | MappingValue) and len(value.items) <= FEW:
        items = value.items.items() if isinstance(value, MappingValue) else enumerate(value.items)
        yield from (((str(key), *path), number) for key, item in items for path, number in _numbers(item))


def _fact(found: Artifacts, value: artifacts.Value) -> dict[str, Any] | int | None:
    if isinstance(value, ArrayValue):
        return {"shape": list(value.shape), "dtype": value.dtype, "mean": value.mean, "deviation": value.deviation}
    if isinstance(value, ModelValue):
        record = found.model(value)
        return {"layers": [step.class_name for step in record.steps], "parameters": record.total_parameters}
    if isinstance(value, ScalarValue) and isinstance(value.value, int) and not isinstance(value.value, bool):
        return value.value
    return None

