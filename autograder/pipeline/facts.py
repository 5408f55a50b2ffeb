"""What a calibration run shows besides its metrics: facts that do not depend on the seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder import artifacts
from autograder.artifacts import Artifacts, ArrayValue, ModelValue, ScalarValue
from autograder.execution.folder import FolderSource
from autograder.pipeline.context import GradingContext
from autograder.pipeline.predictions import asked, answered


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


def outputs_of(
    context: GradingContext, folder: Path, key: str
) -> tuple[Artifacts, dict[tuple[str, str], NDArray[Any]]]:
    """Return the artifacts in ``folder`` and every model's outputs by (task, model name)."""
    found = artifacts.read(FolderSource(folder / "artifacts"), sampling_key=key)
    outputs = {}
    for question in asked(context, found):
        path = answered(folder, question)
        if path is not None:
            with np.load(path, allow_pickle=False) as file:
                outputs[question[0], question[1]] = file["outputs"]
    return found, outputs
