"""The results of correct solutions: written by `autograder calibrate`, read by the checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from autograder.model.base import Value
from autograder.model.keras_backend import DEFAULT_BACKEND, backend_of


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


class Corner(Value):
    """Runs of the solution with the lowest or the highest of each drawn number."""

    sizes: dict[str, int | float] = Field(description="all numbers of the sizes cell in these runs")
    seeds: int = Field(description="how many runs")
    metrics: dict[str, MetricSpread]


class FamilyCalibration(Value):
    """What holds for every variant of an assignment, from runs at the corners of its ranges.

    Where a metric rises or falls with each drawn number alone, whatever the others are, its lowest value over all
    variants is that of a corner.
    """

    drawn: tuple[str, ...] = Field(description="names in the sizes cell that are drawn")
    corners: tuple[Corner, ...]
    metrics: dict[str, MetricSpread] = Field(description="of all corners together, each with the weakest bound")
    facts: dict[str, Any] = Field(default_factory=dict, description="what is the same at all corners")

    def covers(self, sizes: Mapping[str, int | float]) -> bool:
        """Whether these sizes lie between the corners, with everything else as it was in their runs."""
        first = self.corners[0].sizes
        if sizes.keys() != first.keys():
            return False
        for name, number in sizes.items():
            known = [corner.sizes[name] for corner in self.corners]
            if not min(known) <= number <= max(known):
                return False
        return True


class Calibration(Value):
    """All runs on one data set with one device and one backend of Keras."""

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
    family: FamilyCalibration | None = Field(None, description="for an assignment with a variant for each student")

    @property
    def backend(self) -> str:
        """The backend of Keras that these runs computed with."""
        return backend_of(self.versions)

    def of_variants(self) -> Calibration:
        """Return what applies to every variant: bounds, but no curves, since variants differ in their epochs."""
        if self.family is None:
            return self
        return self.model_copy(update={"metrics": self.family.metrics, "facts": self.family.facts, "curves": {},
                                       "numbers": {}})


def calibration_key(data: str, device: str, backend: str) -> str:
    """Return the name of a calibration in its file: ``churn/cpu``, or ``churn/cpu/jax`` for another backend."""
    return "/".join((data, device) if backend == DEFAULT_BACKEND else (data, device, backend))


class Reference(Value):
    """``reference/<assignment>/reference.json``."""

    schema_version: Literal[1] = 1
    assignment: str
    calibrations: dict[str, Calibration] = Field(
        description="keyed `<data name>/<cpu|gpu>`, e.g. churn/cpu, own/cpu; with `/<backend>` after it for another "
                    "backend than TensorFlow, e.g. own/cpu/jax")

    def key(self, data: str, device: str, backend: str) -> str:
        """Return the name of the calibration that applies, whether or not it is there: the backend's own, else
        TensorFlow's.
        """
        own = calibration_key(data, device, backend)
        return own if own in self.calibrations else calibration_key(data, device, DEFAULT_BACKEND)

    def calibration(self, data: str, device: str, backend: str) -> Calibration | None:
        """Return the calibration that applies to a data set's name, a device and a backend, if there is one.

        Its ``backend`` is TensorFlow where the requested one has no calibration of its own; this has to be
        reported to staff.
        """
        return self.calibrations.get(self.key(data, device, backend))

    def of_backend(self, backend: str) -> Reference:
        """Return only what applies to runs with a backend, keyed ``<data name>/<cpu|gpu>``."""
        places = sorted({tuple(key.split("/")[:2]) for key in self.calibrations})
        found = {f"{data}/{device}": self.calibration(data, device, backend) for data, device in places}
        return self.model_copy(update={"calibrations": {key: one for key, one in found.items() if one is not None}})
