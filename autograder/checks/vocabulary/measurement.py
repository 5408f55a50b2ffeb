"""Assertions about numbers that a check measures itself, and the calibrated bounds that they are compared with."""

from __future__ import annotations

import math
from typing import Protocol

from autograder.checks.outcome import CheckFailed, Evidence
from autograder.checks.vocabulary.answers import NumberSubject
from autograder.checks.vocabulary.subject import measured, number_text


class Bound(Protocol):
    """A calibrated bound and the band in which correct runs lie."""

    @property
    def value(self) -> float:
        """The bound."""

    @property
    def low(self) -> float:
        """The lowest value of a correct run."""

    @property
    def high(self) -> float:
        """The highest value of a correct run."""


class Bounds(Protocol):
    """The fixture ``reference``, as far as it knows bounds of numbers."""

    def minimum(self, metric: str) -> Bound:
        """Return the least value of a metric."""

    def maximum(self, metric: str) -> Bound:
        """Return the greatest value of a metric."""


class Measurement(NumberSubject):
    """A number that a check measured itself; calibration collects it under ``metric``."""

    def __init__(self, metric: str, value: float, evidence: Evidence, *, what: str) -> None:
        super().__init__(what, value, evidence)
        self.metric = metric

    @property
    def quoted(self) -> str:
        """The description in words, since it is not a name in the student's notebook."""
        return self.name

    @measured
    def stays_below_maximum(self, reference: Bounds) -> None:
        """The number is at most the calibrated maximum of its metric: for errors, losses and gaps."""
        bound = reference.maximum(self.metric)
        if self.value > bound.value:
            raise CheckFailed(f"{self._start} is {_digits(self.value, bound.value)}, measured by us.",
                              f"At most {_digits(bound.value, self.value)}{_band(bound)}.")

    @measured
    def reaches_minimum(self, reference: Bounds) -> None:
        """The number is at least the calibrated minimum of its metric: for rates."""
        bound = reference.minimum(self.metric)
        if self.value < bound.value:
            raise CheckFailed(f"{self._start} is {_digits(self.value, bound.value)}, measured by us.",
                              f"At least {_digits(bound.value, self.value)}{_band(bound)}.")

    @property
    def _start(self) -> str:
        return self.quoted[:1].upper() + self.quoted[1:]


class Witness(Protocol):
    """What records the evidence of a check: the fixture ``student``."""

    @property
    def evidence(self) -> Evidence:
        """Where the number is recorded."""


def measure(student: Witness, metric: str, value: float, what: str | None = None) -> Measurement:
    """Return a number that the check measured, to compare with a calibrated bound.

        error = float(np.mean((predicted - truth) ** 2))
        measure(student, "surface-error", error, "the mean squared error on new points").stays_below_maximum(reference)

    Args:
        metric: the name under which calibration records it.
        value: the number itself.
        what: how the message calls it; the metric's name in words by default.

    Raises:
        CheckFailed: the number is NaN or infinite.
    """
    number, words = float(value), what or f"the {metric.replace('-', ' ').replace('/', ' ')}"
    if not math.isfinite(number):
        raise CheckFailed(f"{words[:1].upper()}{words[1:]} is {number_text(number)}.", "A finite number.",
                          "Look for NaN in the data, or for a learning rate that is too large.")
    student.evidence.measure(metric, number)
    return Measurement(metric, number, student.evidence, what=words)


def _digits(value: float, other: float) -> str:
    """Return a number with enough digits to look different from a similar one."""
    short, long = f"{value:.3g}", f"{value:.6g}"
    return long if short == f"{other:.3g}" else short


def _band(bound: Bound) -> str:
    return f" (correct runs: {bound.low:.3g}–{bound.high:.3g})"
