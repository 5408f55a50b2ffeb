"""Compares the recorded values of a training with the optimizer's count, the weights and the grader's measurements."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from autograder.artifacts import Fit
from autograder.artifacts.callbacks import foreign

KERAS_BATCH = 32
"""What Keras takes where ``batch_size`` is not given."""
_GROWTH = 2000
"""After so many steps without an overflow Keras doubles the factor of the loss."""
_MOST_HALVINGS = 64
"""The factor begins at 2**15: after more halvings single precision cannot hold it."""
MARGIN = 0.1
"""How far a claimed accuracy may exceed the measured one: far more than rounding, far less than training gains."""
_SHARES_RIGHT = ("val_accuracy", "val_acc", "val_categorical_accuracy", "val_sparse_categorical_accuracy")
"""Names of the share of right classes: a binary or a top-5 accuracy is far higher in honest work."""
_GOES_BACK = ("EarlyStopping", "ModelCheckpoint", "BackupAndRestore")
"""Callbacks that may leave a model in the state of an earlier epoch."""


def contradiction(
    fits: Sequence[Fit], iterations: int | None, accuracies: Mapping[str, float], *, halvings: int | None = None,
) -> str | None:
    """Return a note for staff on what is contradictory in these records of trainings; None where nothing is.

    Args:
        fits: all calls of ``fit`` on one model, the last one last.
        iterations: steps that the model's optimizer counted; None: unknown, or some calls are missing.
        accuracies: as in `beyond_measure`.
        halvings: as in `ModelRecord`.
    """
    beyond = beyond_measure(fits, accuracies)
    if beyond is None and (name := foreign(fits[-1])) is not None:
        note = short_of_measure(fits, accuracies)
        beyond = note and f"{note}; with the callback “{name[:60]}” it cannot be repeated to see why"
    steps = [_steps(fit) for fit in fits]
    if beyond is not None or iterations is None or None in steps:
        return beyond
    # Compiling again resets the count to 0, so the last fits of several may explain it alone.
    sums = {sum(step or 0 for step in steps[start:]) for start in range(len(steps))}
    if sums.isdisjoint(_attempted(iterations, halvings)):
        return f"the optimizer counted {iterations} steps, the recorded fits explain {max(sums)}"
    short = next((fit for fit, step in zip(fits, steps, strict=True)
                  if fit.batches is not None and step is not None and fit.batches < step), None)
    if short is not None:
        return f"Keras's loop ran {short.batches} batches, the arguments require {_steps(short)}"
    if any(fit.weights_before is not None and fit.weights_before == fit.weights_after for fit in fits):
        return "a fit left all weights as they were"
    return None


def _attempted(iterations: int, halvings: int | None) -> set[int]:
    """Return how many batches the optimizer may have had: those that it counted, and those that overflowed.

    In half precision Keras halves the factor of the loss in place of each step whose gradients overflow, and doubles it
    after every 2,000 steps without one. So the factor tells the number of overflows, up to those doublings.
    """
    if halvings is None or abs(halvings) > _MOST_HALVINGS:
        return {iterations}
    return {iterations + max(0, halvings + doublings) for doublings in range(min(iterations // _GROWTH, 64) + 1)}


def short_of_measure(fits: Sequence[Fit], accuracies: Mapping[str, float]) -> str | None:
    """Return a note where the resulting model is far better than the records of its last training say.

    It may have been trained further or have restored an earlier epoch's weights; or its weights come from elsewhere.
    Where the training can be repeated, nothing is withheld for this: the repetition is compared instead.
    Arguments as in `beyond_measure`.
    """
    last = fits[-1]
    watched = last.validation.x if last.validation else None
    measured = accuracies.get(watched.fingerprint) if watched is not None and watched.fingerprint else None
    if measured is None:
        return None
    for quantity, claimed in _best(last).items():
        if claimed < measured - MARGIN:
            return f"{quantity} never exceeds {claimed:.3f}, but the resulting model reaches {measured:.3f} there"
    return None


def beyond_measure(fits: Sequence[Fit], accuracies: Mapping[str, float]) -> str | None:
    """Return a note where the last training claims more than its model has; None where nothing contradicts it.

    Only accuracies on the same images can be compared: those on the validation arrays, where the grader evaluated the
    model on them. The accuracy on the training images is no evidence, since honest work has a lower one on others.

    Args:
        fits: the calls of ``fit`` on one model, the last one last.
        accuracies: fingerprint of an array of images → share that the rebuilt model classifies correctly.
    """
    last = fits[-1]
    watched = last.validation.x if last.validation else None
    measured = accuracies.get(watched.fingerprint) if watched is not None and watched.fingerprint else None
    if measured is None:
        return None
    for quantity, claimed in _left(last).items():
        if claimed > measured + MARGIN:
            return f"{quantity} ends at {claimed:.3f}, but the resulting model reaches {measured:.3f} there"
    return None


def permitted(fits: Sequence[Fit]) -> tuple[str | None, float, float]:
    """Return the fingerprint of the images that the last training watched, and the accuracies that its claims allow.

    `beyond_measure` and `short_of_measure` report a measured accuracy outside of this range.

    Args:
        fits: the calls of ``fit`` on one model, the last one last.
    """
    last = fits[-1]
    watched = last.validation.x if last.validation else None
    return (watched.fingerprint if watched is not None else None, max((0.0, *_left(last).values())) - MARGIN,
            min((1.0, *_best(last).values())) + MARGIN)


def _left(last: Fit) -> dict[str, float]:
    """Return the lowest values that a training claims for the resulting model, by quantity."""
    back = any(name in _GOES_BACK for name in last.callbacks)
    return {quantity: min(values) if back else values[-1]
            for quantity in _SHARES_RIGHT if (values := last.history.get(quantity))}


def _best(last: Fit) -> dict[str, float]:
    """Return the highest values that a training ever reached, by quantity."""
    return {quantity: max(values) for quantity in _SHARES_RIGHT if (values := last.history.get(quantity))}


def epochs_of(fit: Fit) -> int:
    """Return how many epochs a fit ran: its history reflects early stopping, its arguments only the plan."""
    ran = max((len(values) for values in fit.history.values()), default=0)
    return ran or max(0, (fit.epochs or 1) - fit.initial_epoch)


def _steps(fit: Fit) -> int | None:
    """Return the optimizer steps of one fit, None where its data cannot be seen."""
    if not fit.x.shape:
        return None
    split = (fit.validation.split if fit.validation else None) or 0.0
    if not 0.0 <= split < 1.0:
        return None
    rows = math.floor(fit.x.shape[0] * (1.0 - split))
    return math.ceil(rows / max(1, fit.batch_size or KERAS_BATCH)) * epochs_of(fit)
