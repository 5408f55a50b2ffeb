"""What a correct solution measures: written by `autograder calibrate`, read by the checks."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from autograder.model.base import Value


class MetricSpread(Value):
    """One metric over many seeds, and the minimum that follows from it."""

    values: tuple[float, ...] = Field(description="one per seed: the lowest of the variants that were run with it")
    mean: float
    deviation: float = Field(description="sample standard deviation")
    tolerance_bound: float = Field(description="one-sided normal tolerance bound for `coverage` and `confidence`")
    coverage: float
    confidence: float
    slack: float
    minimum: float | None = Field(description="None where the bound lies near chance: then nothing is graded")
    false_fail: float | None = Field(description="estimated share of correct runs below the minimum")


class Calibration(Value):
    """All runs on one data set with one device."""

    data: str = Field(description="name:fingerprint")
    device: str
    versions: dict[str, str]
    calibrated_at: str
    runs: tuple[str, ...] = Field(description="variant#seed, one per run")
    metrics: dict[str, MetricSpread]
    facts: dict[str, Any] = Field(
        default_factory=dict, description="what does not depend on the seed: shapes, parameter counts, statistics"
    )
    curves: dict[str, dict[str, tuple[tuple[float, float, float], ...]]] = Field(
        default_factory=dict, description="fit → quantity → (low, median, high) per epoch, over all runs"
    )


class Reference(Value):
    """``reference/<assignment>/reference.json``."""

    schema_version: Literal[1] = 1
    assignment: str
    calibrations: dict[str, Calibration] = Field(description="keyed `<data name>/<cpu|gpu>`, e.g. mnist/cpu")

    def calibration(self, data: str, device: str) -> Calibration | None:
        """Return the calibration for a data set's name and a device, if there is one."""
        return self.calibrations.get(f"{data}/{device}")
