"""The results of correct solutions: written by `autograder calibrate`, read by the checks."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from autograder.model.base import Value


class MetricSpread(Value):
    """One metric over many seeds, and the minimum that follows from it."""

    values: tuple[float, ...] = Field(description="one per seed: the lowest of the variants that were run with it")
    mean: float
    deviation: float = Field(description="sample standard deviation")
    tolerance_bound: float = Field(
        description="one-sided normal tolerance bound for `coverage`, `confidence`: lower for rates, upper for errors")
    coverage: float
    confidence: float
    slack: float
    minimum: float | None = Field(description="None where the bound is near chance: then it is not graded")
    maximum: float | None = Field(None, description="for a number that must not exceed a bound; None for rates")
    false_fail: float | None = Field(description="estimated share of correct runs on the wrong side of the bound")
    check: str | None = Field(None, description="the check that measures it itself; None: the accuracy of a model")


class Calibration(Value):
    """All runs on one data set with one device."""

    data: str = Field(description="name:fingerprint")
    device: str
    versions: dict[str, str]
    calibrated_at: str
    runs: tuple[str, ...] = Field(description="variant#seed, one per run")
    sizes: dict[str, int | float] = Field(
        default_factory=dict, description="numbers of the notebook's sizes cell in these runs")
    seconds: tuple[float, ...] = Field((), description="wall time of each run of the solution")
    metrics: dict[str, MetricSpread]
    facts: dict[str, Any] = Field(
        default_factory=dict, description="what does not depend on the seed: shapes, parameter counts, statistics"
    )
    numbers: dict[str, tuple[float, float, float]] = Field(
        default_factory=dict, description="`task/name` in the solution's namespace → (low, median, high) over all runs"
    )
    curves: dict[str, dict[str, tuple[tuple[float, float, float], ...]]] = Field(
        default_factory=dict, description="fit → quantity → (low, median, high) per epoch, over all runs"
    )


class Reference(Value):
    """``reference/<assignment>/reference.json``."""

    schema_version: Literal[1] = 1
    assignment: str
    calibrations: dict[str, Calibration] = Field(description="keyed `<data name>/<cpu|gpu>`, e.g. mnist/cpu, own/cpu")

    def calibration(self, data: str, device: str) -> Calibration | None:
        """Return the calibration for a data set's name and a device, if there is one."""
        return self.calibrations.get(f"{data}/{device}")
