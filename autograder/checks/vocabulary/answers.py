"""Assertions about numbers and histories that the student keeps under a name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from autograder.artifacts import ArrayValue, ScalarValue, SequenceValue, TextValue, Value
from autograder.checks.outcome import CheckFailed, Evidence
from autograder.checks.vocabulary.base import Subject, as_float, claimed, describe, listed, measured, number_text
from autograder.checks.vocabulary.models import AccuracySubject, ModelSubject


def read_number(name: str, value: Value) -> float:
    """Return the number that a value is: a Python or NumPy number, or an array of one.

    Raises:
        CheckFailed: it is something else, NaN or infinite.
    """
    wanted = "One number."
    if isinstance(value, SequenceValue) and value.length > 1:
        raise CheckFailed(f"`{name}` is {describe(value)}.", wanted,
                          "`evaluate` returns loss and metrics together: take the one that is asked for, e.g. `[1]`.")
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


class NumberSubject(Subject):
    """A number of the student's."""

    def __init__(self, name: str, value: float, evidence: Evidence) -> None:
        super().__init__(name, evidence)
        self.value = value

    @measured
    def is_close_to(self, value: float, tolerance: float) -> None:
        """The number lies within ``tolerance`` of ``value``; the message names ``value``, unlike that of `is_about`."""
        if abs(self.value - value) > tolerance + 1e-12:
            raise CheckFailed(
                f"{self.quoted} is {number_text(self.value)}.",
                f"{number_text(value)} (± {number_text(tolerance)}).",
                _percent(self.value, value, tolerance),
            )

    @measured
    def is_about(self, value: float, tolerance: float) -> None:
        """The same, for an answer that feedback must not give away."""
        if abs(self.value - value) > tolerance + 1e-12:
            raise CheckFailed(
                f"{self.quoted} is {number_text(self.value)}.",
                f"Another number, to within {number_text(tolerance)}.",
                _percent(self.value, value, tolerance),
            )

    @measured
    def lies_between(self, low: float, high: float) -> None:
        """The number lies in this closed range, e.g. ``lies_between(*reference.band("relu-fit/relu_model"))``."""
        if not low <= self.value <= high:
            raise CheckFailed(f"{self.quoted} is {number_text(self.value)}.",
                              f"A number from {number_text(low)} to {number_text(high)}.")

    @measured
    def matches_accuracy(self, accuracy: AccuracySubject, tolerance: float = 0.01) -> None:
        """The number is the accuracy on the public test images that we measured for the student's own model.

        Args:
            accuracy: ``student.model("sigmoid_model").accuracy_on(holdout, "X_test")``.
            tolerance: absolute; 0.01 forgives two decimals.
        """
        if abs(self.value - accuracy.test) <= tolerance:
            return
        hint = _percent(self.value, accuracy.test, tolerance)
        if hint is None and self.value > 1:
            hint = "Above 1 it may be the loss: `evaluate` returns the loss first."
        raise CheckFailed(
            f"{self.quoted} is {number_text(self.value)}.",
            f"The accuracy of {accuracy.quoted} on the test images, {accuracy.test:.4f} as we measured it.",
            hint,
        )


class HistorySubject(Subject):
    """What ``fit`` returned, or its ``history``: quantity → one number per epoch."""

    def __init__(
        self, name: str, history: Mapping[str, Sequence[float]], evidence: Evidence, model: int | None
    ) -> None:
        super().__init__(name, evidence)
        self.history = {_quantity(key): tuple(values) for key, values in history.items()}
        self.model = model

    @claimed
    def has_epochs(self, count: int) -> None:
        """Every quantity has one number per epoch, this many."""
        lengths = {len(values) for values in self.history.values()}
        if lengths != {count}:
            seen = listed([str(length) for length in sorted(lengths)])
            raise CheckFailed(f"{self.quoted} holds {seen if lengths else 'no'} epoch{'' if lengths == {1} else 's'}.",
                              f"{count} epoch{'' if count == 1 else 's'}.",
                              "`fit` starts a new history each time: keep what the last call returned.")

    @claimed
    def has_quantities(self, *names: str) -> None:
        """The history has these, e.g. ``"accuracy", "val_loss"``; ``acc`` reads ``accuracy``."""
        missing = [name for name in names if name not in self.history]
        if missing:
            hint = (
                "Quantities with val_ are there when `fit` got validation data."
                if missing[0].startswith("val_")
                else None
            )
            raise CheckFailed(
                f"{self.quoted} has {listed(list(self.history))[:200]}.", f"Also {listed(missing)}.", hint
            )

    @claimed
    def is_finite(self) -> None:
        """No NaN in it."""
        for name, values in self.history.items():
            if not all(math.isfinite(value) for value in values):
                raise CheckFailed(
                    f"{name[:60]} in {self.quoted} became NaN or infinite.",
                    "Finite numbers in every epoch.",
                    "Look for NaN in the training images, or for a learning rate that is too large.",
                )

    @claimed
    def belongs_to(self, model: ModelSubject) -> None:
        """The history is of this model; one kept as a plain dict tells nothing and passes."""
        if self.model is not None and self.model != model.record.model:
            raise CheckFailed(f"{self.quoted} is another model's history.", f"What `{model.name}.fit(…)` returned.",
                              "Which name stands before `.fit`?")


def _quantity(key: str) -> str:
    return {"acc": "accuracy", "val_acc": "val_accuracy"}.get(key, key)


def _percent(seen: float, wanted: float, tolerance: float) -> str | None:
    if abs(seen / 100 - wanted) <= tolerance and abs(seen) > 1:
        return "This looks like per cent: give a number between 0 and 1."
    return None
