"""What a training says of itself, compared with the optimizer's count, the weights and what the grader measures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from autograder.artifacts import Fit
from autograder.artifacts.callbacks import foreign

KERAS_BATCH = 32
"""What Keras takes where ``batch_size`` is not given."""
MARGIN = 0.1
"""How far a claimed accuracy may lie above the measured one: far more than rounding, far less than training gains."""
_SHARES_RIGHT = ("val_accuracy", "val_acc", "val_categorical_accuracy", "val_sparse_categorical_accuracy")
"""Names of the share of right classes: a binary or a top-5 accuracy lies far above it in honest work."""
_GOES_BACK = ("EarlyStopping", "ModelCheckpoint", "BackupAndRestore")
"""Callbacks after which a model may stand where an earlier epoch left it."""


def contradiction(fits: Sequence[Fit], iterations: int | None, accuracies: Mapping[str, float]) -> str | None:
    """Return a note for staff on what cannot be true of these trainings; None where nothing contradicts them.

    Args:
        fits: all calls of ``fit`` on one model, the last one last.
        iterations: steps that the model's optimizer counted; None: unknown, or the calls are not all there were.
        accuracies: as in `beyond_measure`.
    """
    beyond = beyond_measure(fits, accuracies)
    if beyond is None and (name := foreign(fits[-1])) is not None:
        below = short_of_measure(fits, accuracies)
        beyond = below and f"{below}; with the callback “{name[:60]}” it cannot be repeated to see why"
    steps = [_steps(fit) for fit in fits]
    if beyond is not None or iterations is None or None in steps:
        return beyond
    # Compiling again sets the count back to 0, so the last fits of several may account for it alone.
    sums = {sum(step or 0 for step in steps[start:]) for start in range(len(steps))}
    if iterations not in sums:
        return f"the optimizer counted {iterations} steps, the recorded fits explain {max(sums)}"
    short = next((fit for fit, step in zip(fits, steps, strict=True)
                  if fit.batches is not None and step is not None and fit.batches < step), None)
    if short is not None:
        return f"Keras's loop came to {short.batches} batches, the arguments ask for {_steps(short)}"
    if any(fit.weights_before is not None and fit.weights_before == fit.weights_after for fit in fits):
        return "a fit left all weights as they were"
    return None


def short_of_measure(fits: Sequence[Fit], accuracies: Mapping[str, float]) -> str | None:
    """Return a note where the model that was left is far better than its last training says of itself.

    It may have been trained further or have taken an earlier epoch's weights back; or its weights come from elsewhere.
    Nothing is withheld for it where the training can be repeated: that is compared. Arguments as in `beyond_measure`.
    """
    last = fits[-1]
    watched = last.validation.x if last.validation else None
    measured = accuracies.get(watched.fingerprint) if watched is not None and watched.fingerprint else None
    if measured is None:
        return None
    for quantity in _SHARES_RIGHT:
        claimed = max(last.history.get(quantity) or (1.0,))
        if claimed < measured - MARGIN:
            return f"{quantity} never passes {claimed:.3f}, the model that was left reaches {measured:.3f} there"
    return None


def beyond_measure(fits: Sequence[Fit], accuracies: Mapping[str, float]) -> str | None:
    """Return a note where the last training claims more than its model has; None where nothing contradicts it.

    Only the same images compare: the accuracy on the validation arrays, where they are those that the grader asked the
    model about. The accuracy on the training images tells nothing, since honest work loses it on the way to others.

    Args:
        fits: the calls of ``fit`` on one model, the last one last.
        accuracies: fingerprint of an array of images → share that the rebuilt model answers rightly.
    """
    last = fits[-1]
    watched = last.validation.x if last.validation else None
    measured = accuracies.get(watched.fingerprint) if watched is not None and watched.fingerprint else None
    if measured is None:
        return None
    for quantity in _SHARES_RIGHT:
        values = last.history.get(quantity)
        if not values:
            continue
        claimed = min(values) if any(name in _GOES_BACK for name in last.callbacks) else values[-1]
        if claimed > measured + MARGIN:
            return f"{quantity} ends at {claimed:.3f}, the model that was left reaches {measured:.3f} there"
    return None


def epochs_of(fit: Fit) -> int:
    """Return how many epochs a fit ran: its history knows of early stopping, its arguments only of the plan."""
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
