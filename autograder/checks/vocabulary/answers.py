"""Assertions about numbers that the student stores under a name or returns."""

from __future__ import annotations

import math
from typing import Protocol

from autograder.artifacts import ArrayValue, ScalarValue, SequenceValue, TextValue, Value
from autograder.checks.outcome import CheckFailed, Evidence
from autograder.checks.vocabulary.predictions import AccuracySubject, LossSubject, PredictedSubject
from autograder.checks.vocabulary.subject import Subject, as_float, describe, measured, number_text


def read_number(name: str, value: Value) -> float:
    """Return the number that a value is: a Python or NumPy number, or an array of one.

    Raises:
        CheckFailed: it is something else, NaN or infinite.
    """
    wanted = "One number."
    if isinstance(value, SequenceValue) and value.length > 1:
        raise CheckFailed(f"`{name}` is {describe(value)}.", wanted,
                          "`evaluate` returns loss and metrics together: take the one that is needed, e.g. `[1]`.")
    number: object = None
    if isinstance(value, ScalarValue):
        number = value.value
    elif isinstance(value, SequenceValue) and value.length == len(value.items) == 1:
        return read_number(name, value.items[0])
    elif (
        isinstance(value, ArrayValue)
        and value.rows is not None
        and value.rows.size == 1
        and math.prod(value.shape) == 1
    ):
        number = value.rows.reshape(-1)[0].item()
    result = as_float(number)
    if result is None:
        hint = "Without the quotation marks it is a number." if isinstance(value, TextValue) else None
        raise CheckFailed(f"`{name}` is {describe(value)}.", wanted, hint)
    if not math.isfinite(result):
        raise CheckFailed(f"`{name}` is {number_text(result)}.", "A finite number.")
    return result


class Score(Protocol):
    """A score that the grader computed."""

    @property
    def shown(self) -> float:
        """What a student can compute."""

    @property
    def quoted(self) -> str:
        """What it is called."""


class NumberSubject(Subject):
    """A number that the student stored."""

    def __init__(self, name: str, value: float, evidence: Evidence) -> None:
        super().__init__(name, evidence)
        self.value = value

    @measured
    def is_close_to(self, value: float, tolerance: float) -> None:
        """The number lies within ``tolerance`` of ``value``; the message names ``value``, unlike that of `is_about`."""
        if not abs(self.value - value) <= tolerance + 1e-12:
            raise CheckFailed(
                f"{self.quoted} is {number_text(self.value)}.",
                f"{number_text(value)} (± {number_text(tolerance)}).",
                _percent(self.value, value, tolerance),
            )

    @measured
    def is_about(self, value: float, tolerance: float) -> None:
        """The same, for an answer that feedback must not give away."""
        if not abs(self.value - value) <= tolerance + 1e-12:
            raise CheckFailed(
                f"{self.quoted} is {number_text(self.value)}.",
                f"A different number, to within {number_text(tolerance)}.",
                _percent(self.value, value, tolerance),
            )

    @measured
    def lies_between(self, low: float, high: float) -> None:
        """The number lies in this closed range, e.g. ``lies_between(*reference.band("relu-fit/relu_model"))``."""
        if not low <= self.value <= high:
            raise CheckFailed(f"{self.quoted} is {number_text(self.value)}.",
                              f"A number from {number_text(low)} to {number_text(high)}.")

    @measured
    def matches_accuracy(self, accuracy: AccuracySubject, tolerance: float = 0.01, *, as_shown: bool = False) -> None:
        """The number is the accuracy on the public test images that we measured for the student's own model.

        Args:
            accuracy: ``student.model("sigmoid_model").accuracy_on(holdout, "X_test")``.
            tolerance: absolute; 0.01 allows rounding to two decimals.
            as_shown: also accept what Keras shows as accuracy after ``metrics=[Accuracy()]``, which is another number;
                for tasks where that mistake costs a point elsewhere.
        """
        if any(abs(self.value - value) <= tolerance for value in (accuracy.shown if as_shown else (accuracy.test,))):
            return
        hint = _percent(self.value, accuracy.test, tolerance)
        if hint is None and self.value > 1:
            hint = "Above 1 it may be the loss: `evaluate` returns the loss first."
        raise CheckFailed(
            f"{self.quoted} is {number_text(self.value)}.",
            f"The accuracy of {accuracy.quoted} on the test images, {accuracy.test:.4f} as we measured it.",
            hint,
        )

    @measured
    def matches_loss(self, loss: LossSubject) -> None:
        """The number is the loss on the public test images that we computed: to within 0.005 and 2 % of it.

        Args:
            loss: ``student.model("network").loss_on(holdout, "X_test")``.
        """
        if any(abs(self.value - value) <= 0.005 + 0.02 * abs(value) for value in loss.values):
            return
        raise CheckFailed(f"{self.quoted} is {number_text(self.value)}.",
                          f"The loss of {loss.quoted} on the test images, {loss.values[0]:.4f} as we measured it.",
                          "`evaluate` returns the loss first, then the metrics.")

    @measured
    def matches_score(self, score: Score, tolerance: float = 0.01) -> None:
        """The number is a score on the public test images that the grader computed for the student's own model.

        Args:
            score: ``student.model("network").score_on(holdout, "X_test", "f1")``, or that of an array.
            tolerance: absolute; 0.01 allows rounding to two decimals.
        """
        if abs(self.value - score.shown) <= tolerance + 1e-12:
            return
        raise CheckFailed(f"{self.quoted} is {number_text(self.value)}.",
                          f"{score.quoted[:1].upper()}{score.quoted[1:]}, {number_text(score.shown)} as we measured "
                          "it.", _percent(self.value, score.shown, tolerance))

    @measured
    def is_label_of(self, predicted: PredictedSubject, image: int) -> None:
        """The number is the class that the student's own model finds most likely; a tied class is right too.

        Args:
            predicted: ``student.model("network").predictions_on(holdout, "X_test")``.
            image: position in the prepared array; negative numbers count from its end.
        """
        if not predicted.accepts(image, self.value):
            raise CheckFailed(f"{self.quoted} is {number_text(self.value)}.",
                              f"What {predicted.quoted} says about image {image}: {predicted.label_of(image)}.",
                              "`argmax` gives the position of the largest of the ten numbers, counted from 0.")


def _percent(seen: float, wanted: float, tolerance: float) -> str | None:
    if abs(seen / 100 - wanted) <= tolerance and abs(seen) > 1:
        return "This looks like a percentage: give a number between 0 and 1."
    return None
