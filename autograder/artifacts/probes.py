"""The files with a model's weights, and with the inputs that the student's process probed it with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from autograder.artifacts.model_values import ModelRecord
from autograder.artifacts.values import Array, ModelValue
from autograder.errors import ArtifactError

MAX_PROBE_ROWS: Final = 1024


def weights_name(record: ModelRecord | ModelValue) -> str:
    """Return the file name of a state's weights."""
    return f"weights-{record.model}-{record.version}.npz"


def probe_name(record: ModelRecord) -> str:
    """Return the file name of a record's probe."""
    return f"probe-{record.model}-{record.version}.npz"


def usable_probe(arrays: Mapping[str, Array]) -> tuple[Array, Array]:
    """Return ``x`` and ``y`` of a probe.

    Raises:
        ArtifactError: one is missing, empty or not numeric, or they differ in length.
    """
    x, y = arrays.get("x"), arrays.get("y")
    if x is None or y is None or x.ndim < 1 or y.ndim < 1 or not 0 < len(x) == len(y) <= MAX_PROBE_ROWS:
        raise ArtifactError("Expected probe inputs x and answers y of one length, got something else.")
    if x.dtype.kind not in "fiub" or y.dtype.kind not in "fiub":
        raise ArtifactError("Expected numbers as probe inputs and answers, got another type.")
    return x, y
