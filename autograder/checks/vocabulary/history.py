"""Assertions about the history of a training, as the student's process claims it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from autograder.artifacts.compilation import keras_name
from autograder.checks.outcome import CheckFailed, Evidence
from autograder.checks.vocabulary.answers import NumberSubject
from autograder.checks.vocabulary.models import ModelSubject
from autograder.checks.vocabulary.subject import Subject, claimed, listed, number_text


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
        """The history has these quantities, e.g. ``"accuracy", "val_loss"``, in any spelling of Keras's."""
        missing = [name for name in names if self._key(name) is None]
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
                    "Look for NaN in the training data, or for a learning rate that is too large.",
                )

    @claimed
    def ends_below(self, quantity: str, bound: float) -> None:
        """The last epoch's value is below a bound: ``ends_below("val_loss", 0.4)``."""
        last = self._last(quantity)
        if not last < bound:
            raise CheckFailed(f"{quantity} of {self.quoted} ends at {number_text(last)}.",
                              f"Below {number_text(bound)}.")

    def gap(self, first: str, second: str, epochs: int = 1) -> NumberSubject:
        """Return how far the first quantity is above the second at the end: ``gap("val_loss", "loss")``.

        Args:
            epochs: mean over this many last epochs, which smooths a noisy curve.
        """
        value = self._last(first, epochs) - self._last(second, epochs)
        return NumberSubject(f"{first} - {second} of {self.name}", value, self.evidence)

    def last(self, quantity: str) -> NumberSubject:
        """Return the last epoch's value as a number to make assertions about."""
        return NumberSubject(f"{quantity} of {self.name}", self._last(quantity), self.evidence)

    def _key(self, quantity: str) -> str | None:
        """Return the name that the history has for a quantity: ``mae`` and ``mean_absolute_error`` are one."""
        wanted = _main(quantity)
        return quantity if quantity in self.history else next(
            (key for key in self.history if _main(key) == wanted), None)

    def _last(self, quantity: str, epochs: int = 1) -> float:
        """Return the mean of the last epochs of a quantity; only the student's process says so."""
        self.has_quantities(quantity)
        values = self.history[self._key(quantity) or quantity][-epochs:]
        value = sum(values) / len(values) if values else math.nan
        if not math.isfinite(value):
            raise CheckFailed(f"{quantity} of {self.quoted} ends at {number_text(value)}.", "A finite number.",
                              "Look for NaN in the training data, or for a learning rate that is too large.")
        return value

    @claimed
    def belongs_to(self, model: ModelSubject) -> None:
        """The history is of this model; one stored as a plain dict is no evidence and passes."""
        if self.model is not None and self.model != model.record.model:
            raise CheckFailed(f"{self.quoted} is another model's history.", f"What `{model.name}.fit(…)` returned.",
                              "Which name is before `.fit`?")


def _main(quantity: str) -> str:
    """Return a quantity in Keras's main spelling, with its ``val_``."""
    plain = quantity.removeprefix("val_")
    return quantity[: len(quantity) - len(plain)] + keras_name(plain)


def _quantity(key: str) -> str:
    return {"acc": "accuracy", "val_acc": "val_accuracy"}.get(key, key)
