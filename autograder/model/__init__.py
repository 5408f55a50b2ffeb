"""Frozen value objects shared by all layers. Pure: neither disk, clock nor process."""

from autograder.model.base import Value
from autograder.model.call import Call
from autograder.model.job import (
    CellRun,
    CellStatus,
    Ending,
    Execution,
    Isolation,
    JobCell,
    Mount,
    NotebookJob,
    PredictionJob,
    PredictionRequest,
    PublicArray,
)
from autograder.model.keras_backend import BACKENDS, DEFAULT_BACKEND, backend_of
from autograder.model.limits import Limits
from autograder.model.reference import (
    Calibration,
    Corner,
    FamilyCalibration,
    MetricSpread,
    Reference,
    calibration_key,
)
from autograder.model.refit import Refit, RefitJob, Refits, TrainingArray, TrainingFit
from autograder.model.result import (
    SCHEMA_VERSION,
    Basis,
    Bound,
    CheckResult,
    CheckSpec,
    LayerRow,
    Provenance,
    Result,
    Status,
    TaskResult,
)
from autograder.model.submission import Merged, Receipt, Slot, SlotStatus, TimeSource

__all__ = [
    "BACKENDS",
    "DEFAULT_BACKEND",
    "SCHEMA_VERSION",
    "Basis",
    "Bound",
    "Calibration",
    "Call",
    "CellRun",
    "CellStatus",
    "CheckResult",
    "CheckSpec",
    "Corner",
    "Ending",
    "Execution",
    "FamilyCalibration",
    "Isolation",
    "JobCell",
    "LayerRow",
    "Limits",
    "Merged",
    "MetricSpread",
    "Mount",
    "NotebookJob",
    "PredictionJob",
    "PredictionRequest",
    "Provenance",
    "PublicArray",
    "Receipt",
    "Reference",
    "Refit",
    "RefitJob",
    "Refits",
    "Result",
    "Slot",
    "SlotStatus",
    "Status",
    "TaskResult",
    "TimeSource",
    "TrainingArray",
    "TrainingFit",
    "Value",
    "backend_of",
    "calibration_key",
]
