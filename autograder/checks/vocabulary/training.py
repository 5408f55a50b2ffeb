"""Assertions about training: what ``fit`` and ``evaluate`` were called with, as the student's process claims."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.artifacts import Evaluation, Fit, ModelRecord
from autograder.artifacts.values import FOREIGN
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.vocabulary.callback_subjects import difference
from autograder.checks.vocabulary.consistency import KERAS_BATCH, contradiction, epochs_of
from autograder.checks.vocabulary.subject import article, claimed, listed, number_text
from autograder.checks.vocabulary.used_arrays import UNSEEN, ArrayUse, Names


@dataclass(frozen=True, kw_only=True)
class FitRecord:
    """What is known about the trainings of one model.

    Attributes:
        fits: the calls of ``fit``.
        model: the model's record after them.
        others: names of other models that were trained → their numbers.
        whole: whether ``fits`` are all calls, not only those since some task.
        accuracies: what the grader measured: fingerprint of images → accuracy on them.
    """

    fits: Sequence[Fit]
    model: ModelRecord
    others: Mapping[str, int]
    whole: bool = True
    accuracies: Mapping[str, float] = field(default_factory=dict)


class FitSubject(ArrayUse):
    """All calls of ``fit`` on one model up to the check's task; the epochs of several add up."""

    def __init__(self, name: str, evidence: Evidence, names: Names, record: FitRecord) -> None:
        super().__init__(name, evidence, names)
        self.fits = tuple(record.fits)
        self._record = record.model
        self._others = record.others
        self._whole = record.whole
        self._accuracies = record.accuracies

    @claimed
    def happened(self) -> None:
        """``fit`` was called on this model at least once."""
        self._seen()

    @claimed
    def used(self, x: str, y: str) -> None:
        """Every ``fit`` of the model got the arrays of these names: ``used(x="X_train", y="Y_train")``."""
        for fit in self._seen():
            self._uses(fit, fit.x, x, "trained on", "Training data")
            self._uses(fit, fit.y, y, "trained with labels", "Training labels")

    @claimed
    def batch_size(self, size: int) -> None:
        """Every ``fit`` used this batch size; of ``tf.data`` it is read from the dataset or the count of steps."""
        for fit in self._seen():
            seen = KERAS_BATCH if fit.batch_size is None and fit.x.shape else fit.batch_size
            if seen is None:
                self._steps_fit(fit, size)
            elif seen != size:
                hint = f"Without `batch_size` Keras takes {KERAS_BATCH}." if seen == KERAS_BATCH else None
                raise CheckFailed(f"{self.quoted} was trained with batch size {seen}.", f"Batch size {size}.", hint)

    @claimed
    def epochs(self, count: int | None = None, *, at_least: int | None = None, at_most: int | None = None) -> None:
        """The epochs of all ``fit`` calls add up to this; compared with the optimizer's own count of steps.

        Args:
            count: exactly this many; or a range by ``at_least`` and ``at_most``, for a training that may stop early.
        """
        fits = self._seen()
        wanted = _epochs_wanted(count, at_least, at_most)
        broken = next((fit for fit in fits if not fit.completed), None)
        if broken is not None:
            raise CheckFailed(f"The training of {self.quoted} did not run to its end.", wanted,
                              "Did the cell raise an error or run out of time?")
        total = sum(epochs_of(fit) for fit in fits)
        low, high = (at_least or 0, at_most or math.inf) if count is None else (count, count)
        if not low <= total <= high:
            hint = "Epochs of several `fit` calls on one model add up: create the model again to start over."
            raise CheckFailed(
                f"{self.quoted} was trained for {total} epoch{'' if total == 1 else 's'}.", wanted,
                hint if len(fits) > 1 else _epochs_hint(total, low),
            )
        self._cross_examine(fits)

    @claimed
    def validated_on(self, x: str, y: str) -> None:
        """Every ``fit`` watched these arrays as validation data."""
        for fit in self._seen():
            if fit.validation is None:
                raise CheckFailed(
                    f"{self.quoted} was trained without validation data.",
                    f"Validation data: (`{x}`, `{y}`).",
                    f"`validation_data=({x}, {y})` is an argument of `fit`.",
                )
            if fit.validation.x is None or fit.validation.y is None:
                raise CheckFailed(f"{self.quoted} watched a part of the training data ({fit.validation.split}).",
                                  f"Validation data: (`{x}`, `{y}`).")
            self._uses(fit, fit.validation.x, x, "validated on", "Validation data")
            self._uses(fit, fit.validation.y, y, "validated with labels", "Validation labels")

    @claimed
    def validated_with_split(self, split: float) -> None:
        """Every ``fit`` kept this share of the training data for validation."""
        for fit in self._seen():
            seen = fit.validation.split if fit.validation else None
            if seen is None and (not fit.x.shape or _set_aside(fit, split)):
                raise Unjudged(UNSEEN.format(name=self.name),
                               "validation data were set aside in another way than by an argument of fit")
            if seen is None or not abs(seen - split) <= 1e-6:
                raise CheckFailed(
                    f"{self.quoted} was trained with {'no' if seen is None else number_text(seen)} validation split.",
                    f"`validation_split={number_text(split)}`.",
                )

    @claimed
    def validated(self, without: Sequence[str] = ()) -> None:
        """Every ``fit`` watched some validation data: a split, or arrays that belong to none of these names."""
        for fit in self._seen():
            if fit.validation is None:
                raise CheckFailed(f"{self.quoted} was trained without validation data.", "Validation data.",
                                  "`validation_split=0.2` is an argument of `fit`.")
            seen = fit.validation.x
            for name in without if seen is not None else ():
                if seen is not None and self._names.fits(name, seen, fit):
                    raise CheckFailed(f"{self.quoted} was validated on `{name}`.",
                                      "Validation data taken from the training data.",
                                      "Decisions based on validation use these data: keep the test data for the end.")

    @claimed
    def used_callback(self, name: str, /, **settings: object) -> None:
        """Every ``fit`` was given a callback of this class: ``used_callback("EarlyStopping", patience=10)``.

        Args:
            settings: of ``monitor``, ``patience``, ``min_delta``, ``mode``, ``restore_best_weights`` and the like, as
                given or by default; ``mode="min"`` is also what ``auto`` resolves to for a loss.
        """
        for fit in self._seen():
            if name not in fit.callbacks and FOREIGN + name in fit.callbacks:
                raise Unjudged(f"The {name} callback of {self.quoted} is not Keras's own, so a person will look at it.",
                               "a class of the student's with the name of Keras's")
            if name not in fit.callbacks:
                raise CheckFailed(
                    f"{self.quoted} was trained with callbacks {listed(fit.callbacks)}.",
                    f"{article(name).capitalize()} {name} callback.",
                    "Making the callback is not enough: `fit` takes it in `callbacks=[…]`.",
                )
            known = [made for kind, made in zip(fit.callbacks, fit.callback_settings, strict=False) if kind == name]
            if settings and not any(known):
                raise Unjudged(UNSEEN.format(name=self.name), f"the settings of {name} were not recorded")
            differing = [difference(made, settings, name) for made in known]
            if differing and all(differing):
                key, seen = differing[0] or ("", None)
                raise CheckFailed(f"The {name} callback of {self.quoted} has `{key}={seen!r}`."[:200],
                                  f"`{key}={settings[key]!r}`.")

    @claimed
    def learning_rates(self, rates: Sequence[float], tolerance: float = 1e-3) -> None:
        """The last ``fit`` ended its epochs with these learning rates: what `LearningRateScheduler` sets, for example.

            training.learning_rates([0.1, 0.1, 0.05, 0.05])

        Args:
            rates: one per epoch.
            tolerance: relative.

        Raises:
            Unjudged: the history has no learning rates, since no callback of Keras's changed them.
        """
        last = self._seen()[-1]
        seen = last.history.get("learning_rate") or last.history.get("lr")
        if not seen:
            raise Unjudged(UNSEEN.format(name=self.name), "the history of the training has no learning rates")
        for epoch, wanted in enumerate(rates, start=1):
            if epoch > len(seen) or not abs(seen[epoch - 1] - wanted) <= tolerance * abs(wanted):
                shown = number_text(seen[epoch - 1]) if epoch <= len(seen) else "none"
                raise CheckFailed(f"The learning rate of {self.quoted} in epoch {epoch} was {shown}.",
                                  f"{number_text(wanted)}.", "The schedule gets the number of the epoch, from 0.")
        if len(seen) > len(rates):
            raise CheckFailed(f"{self.quoted} was trained for {len(seen)} epochs.", f"{len(rates)} epochs.")

    def _steps_fit(self, fit: Fit, size: int) -> None:
        """Withhold unless this batch size explains the steps of an epoch: nothing else reveals it."""
        steps, epochs = fit.batches or fit.steps, epochs_of(fit)
        lengths = self._names.lengths()
        if steps and epochs and any(steps == epochs * math.ceil(length / size) for length in lengths):
            return
        raise Unjudged(UNSEEN.format(name=self.name),
                       f"{steps} steps in {epochs} epochs through {fit.x.type}; the batch size was not recorded")

    def _seen(self) -> tuple[Fit, ...]:
        doubt = next((fit.doubt for fit in self.fits if fit.doubt is not None), None)
        if doubt is not None:
            raise Unjudged(UNSEEN.format(name=self.name), doubt)
        if self.fits:
            return self.fits
        if self._record.iterations and self._whole:
            raise Unjudged(
                UNSEEN.format(name=self.name), f"{self._record.iterations} optimizer steps, but no fit was seen"
            )
        other = next((name for name in self._others if name != self.name), None)
        if other is not None:
            raise CheckFailed(f"You trained `{other}`; {self.quoted} still has its starting weights.",
                              f"A call of `{self.name}.fit(…)`.", "Which name is before `.fit`?")
        raise CheckFailed(f"{self.quoted} was never trained.", f"A call of `{self.name}.fit(…)`.")

    def _cross_examine(self, fits: Sequence[Fit]) -> None:
        """Withhold where the optimizer's count of steps, or the weights, contradict the recorded calls."""
        note = contradiction(fits, self._record.iterations if self._whole else None, self._accuracies,
                             halvings=self._record.halvings)
        if note is not None:
            raise Unjudged(UNSEEN.format(name=self.name), note)


class EvaluationSubject(ArrayUse):
    """All calls of ``evaluate`` on one model up to the check's task."""

    def __init__(self, name: str, evidence: Evidence, names: Names, *, evaluations: Sequence[Evaluation]) -> None:
        super().__init__(name, evidence, names)
        self.evaluations = tuple(evaluations)

    @claimed
    def used(self, x: str, y: str) -> None:
        """The model was evaluated on the arrays of these names; other evaluations do not matter."""
        if not self.evaluations:
            raise CheckFailed(f"{self.quoted} was never evaluated.", f"A call of `{self.name}.evaluate({x}, {y})`.")
        names = self._names
        if any(names.fits(x, item.x, item) and names.fits(y, item.y, item) for item in self.evaluations):
            return
        last = self.evaluations[-1]
        self._uses(last, last.x, x, "evaluated on", "Test data")
        self._uses(last, last.y, y, "evaluated with labels", "Test labels")


def _set_aside(fit: Fit, split: float) -> bool:
    """Whether about this share of all rows was given as validation data, as a split would do."""
    aside = fit.validation.x.shape if fit.validation and fit.validation.x else None
    if not aside or not fit.x.shape:
        return False
    total = aside[0] + fit.x.shape[0]
    return abs(aside[0] - split * total) <= 1


def _epochs_wanted(count: int | None, at_least: int | None, at_most: int | None) -> str:
    if count is not None:
        return f"{count} epoch{'' if count == 1 else 's'}."
    bounds = [f"{word} {number}" for word, number in (("at least", at_least), ("at most", at_most)) if number]
    return f"{' and '.join(bounds).capitalize()} epochs." if bounds else "Any number of epochs."


def _epochs_hint(total: int, count: float) -> str | None:
    return "Without `epochs` Keras trains for one." if total == 1 and count > 1 else None
