"""What a calibration run shows besides its metrics: facts that do not depend on the seed."""

from __future__ import annotations

from typing import Any

from autograder import artifacts
from autograder.artifacts import ArrayValue, Artifacts, ModelValue, ScalarValue


def facts_of(found: Artifacts) -> dict[str, Any]:
    """Return shapes, dtypes, statistics, parameter counts and short answers, by task and name."""
    return {
        task: {name: fact for name, value in checkpoint.names.items() if (fact := _fact(found, value)) is not None}
        for task, checkpoint in found.checkpoints.items()
    }


def _fact(found: Artifacts, value: artifacts.Value) -> dict[str, Any] | int | None:
    if isinstance(value, ArrayValue):
        return {"shape": list(value.shape), "dtype": value.dtype, "mean": value.mean, "deviation": value.deviation}
    if isinstance(value, ModelValue):
        record = found.model(value)
        return {"layers": [step.class_name for step in record.steps], "parameters": record.total_parameters}
    if isinstance(value, ScalarValue) and isinstance(value.value, int) and not isinstance(value.value, bool):
        return value.value
    return None

