"""What only the grader has, and no student's process sees in full: data, holdout labels, the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from autograder.artifacts import Array
from autograder.checks.outcome import Unjudged
from autograder.checks.request import CheckContext
from autograder.errors import CalibrationError, CheckError, DataError
from autograder.model import Bound, Calibration, MetricSpread, Reference

NOUNS = {"images": "image", "table": "row", "sequences": "text", "texts": "text"}
"""Kind of data → what sentences for students call one row."""


class TableRows(np.ndarray[Any, np.dtype[Any]]):
    """Rows of a table that know the names of their columns, so that sentences can name one."""

    columns: tuple[str, ...]

    @classmethod
    def named(cls, rows: Array, columns: tuple[str, ...]) -> TableRows:
        """Return the same rows with names."""
        found = rows.view(cls)
        found.columns = columns
        return found

    def __array_finalize__(self, made_from: Any) -> None:
        """Keep the names in a part of the rows."""
        names = getattr(made_from, "columns", ())
        self.columns = names if self.ndim == 2 and self.shape[1] == len(names) else ()


@dataclass(frozen=True, kw_only=True)
class CourseData:
    """The raw rows and labels that a student has in the grader, and facts about them.

    Attributes:
        train_images: shape (n, …); of grey images (n, rows, columns), uint8; of a table (n, columns), float64; of
            texts (n,).
        train_labels: shape (n,).
        test_images: shape (m, …), of which the last may be copies of the first, in the places of withheld rows
            (docs/authoring/data.md).
        test_labels: shape (m,).
        kind: ``images``, ``table``, ``sequences`` or ``texts``.
        columns: of a table: the name of each number of a row; a category has one for each of its texts.
        name: name of the data set.
        is_true: False for the stand-in, for which checks must not test facts about the real data.
    """

    train_images: Array
    train_labels: Array
    test_images: Array
    test_labels: Array
    name: str
    is_true: bool
    kind: str = "images"
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Holdout:
    """Labels for the predictions that the grader makes: of the public test rows and of the withheld ones.

    ``noun`` is what sentences for students call one row.
    """

    test_labels: Array
    labels: Array
    noun: str = "image"


@dataclass(frozen=True, kw_only=True)
class Minimum:
    """A calibrated minimum and the band in which correct runs lie."""

    metric: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Maximum:
    """A calibrated maximum, e.g. of an error, and the band in which correct runs lie."""

    metric: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class ReferenceView:
    """The reference as checks see it: the one calibration that was made with this data on this device."""

    calibration: Calibration | None
    key: str
    asked: dict[str, Bound] = field(default_factory=dict)
    """Which bounds a check used, by metric: this tells a calibration whether a number has a minimum or a maximum."""
    missing: str = "run `autograder calibrate`"
    """What staff read where there is no calibration to use."""
    variants: bool = False
    """Whether students have different sizes: the calibration then applies to all sizes between its corners."""

    def fitting(self, sizes: Mapping[str, int | float]) -> ReferenceView:
        """Return the view for a run with these sizes: bounds made with other sizes do not apply."""
        made = self.calibration.sizes if self.calibration else sizes
        family = self.calibration.family if self.calibration and self.variants else None
        if dict(made) == dict(sizes) or (family and family.covers(sizes)):
            return self
        note = f"the calibration was made with the sizes {dict(made)}, this run has {dict(sizes)}"
        return replace(self, calibration=None, missing=note)

    def minimum(self, metric: str) -> Minimum:
        """Return the calibrated minimum of a metric, e.g. ``relu-fit/relu_model``.

        Raises:
            Unjudged: this data set and device were not calibrated yet.
            CheckError: the calibration does not know the metric, or says that nothing can be graded by it.
        """
        self.asked[metric] = "minimum"
        spread = self._spread(metric)
        if spread.minimum is None:
            raise CheckError(f"Metric {metric!r} is near chance, so no check may require a minimum of it; remove it.")
        return Minimum(metric=metric, value=spread.minimum, low=min(spread.values), high=max(spread.values))

    def maximum(self, metric: str) -> Maximum:
        """Return the calibrated maximum of a number that a check measures, e.g. ``surface-error``; raises likewise."""
        self.asked[metric] = "maximum"
        spread = self._spread(metric)
        if spread.maximum is None:
            raise CheckError(f"Metric {metric!r} was calibrated with a minimum, not with a maximum; "
                             "calibrate again.")
        return Maximum(metric=metric, value=spread.maximum, low=min(spread.values), high=max(spread.values))

    def band(self, metric: str) -> tuple[float, float]:
        """Return the lowest and the highest value of a metric over all calibrated runs; raises like `minimum`."""
        spread = self._spread(metric)
        return min(spread.values), max(spread.values)

    def fact(self, name: str) -> Any:
        """Return what does not depend on the seed, e.g. a parameter count; raises like `minimum`."""
        facts = self._calibration().facts
        if name not in facts:
            raise CheckError(f"The calibration {self.key} has no fact {name!r}; calibrate again.")
        return facts[name]

    def _spread(self, metric: str) -> MetricSpread:
        metrics = self._calibration().metrics
        if metric not in metrics:
            known = ", ".join(sorted(metrics)) or "none"
            raise CheckError(f"The calibration {self.key} has no metric {metric!r} (it has {known}); calibrate again.")
        return metrics[metric]

    def _calibration(self) -> Calibration:
        if self.calibration is None:
            raise Unjudged("The bound for this grader has not been calibrated yet; a person will look at it.",
                           f"no calibration {self.key!r} to use: {self.missing}")
        return self.calibration


@dataclass(frozen=True, kw_only=True)
class Course:
    """Everything that all submissions share; the server's process reads it once."""

    data: CourseData
    holdout: Holdout
    reference: ReferenceView
    packages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @classmethod
    def load(cls, context: CheckContext) -> Course:
        """Read data (mapped, not copied) and reference.

        Raises:
            DataError: an array is missing, or lengths of images and labels differ.
            CalibrationError: the reference file cannot be read.
        """
        names = ("train_images", "train_labels", "test_images", "test_labels", "holdout_labels")
        arrays = {name: _mapped(getattr(context, name)) for name in names}
        for part in ("train", "test"):
            images, labels = len(arrays[f"{part}_images"]), len(arrays[f"{part}_labels"])
            if images != labels:
                raise DataError(f"The {part} set has {images} rows and {labels} labels; make the data folder again.")
        own = context.visible
        if own is None:
            own = len(arrays["test_labels"]) - len(arrays["holdout_labels"])
        holdout = Holdout(test_labels=arrays["test_labels"][:own], labels=arrays.pop("holdout_labels"),
                          noun=NOUNS.get(context.kind, "row"))
        if context.columns:
            arrays |= {name: TableRows.named(arrays[name], context.columns) for name in ("train_images", "test_images")}
        data = CourseData(**arrays, name=context.data_name, is_true=context.true_data, kind=context.kind,
                          columns=context.columns)
        return cls(data=data, holdout=holdout, reference=_reference(context), packages=context.packages,
                   files=context.files)


def _mapped(path: Path) -> Array:
    try:
        array: Array = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise DataError(f"An array was expected in {path}, and it cannot be read: {error}.") from None
    return array


def _reference(context: CheckContext) -> ReferenceView:
    if context.reference is None or not context.reference.is_file():
        return ReferenceView(calibration=None, key=context.calibration)
    try:
        reference = Reference.from_json(context.reference.read_bytes())
    except (OSError, ValidationError) as error:
        raise CalibrationError(f"{context.reference} is not a usable reference ({type(error).__name__}); "
                               "run `autograder calibrate` again.") from None
    found = reference.calibrations.get(context.calibration)
    return ReferenceView(calibration=found.of_variants() if found and context.variants else found,
                         key=context.calibration, variants=context.variants)
