"""What a training says that it reached, held against what the grader measures of the model that it left behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.artifacts import Fit

MARGIN = 0.1
"""How far a claimed accuracy may lie above the measured one: far more than rounding, far less than training gains."""
_GOES_BACK = ("EarlyStopping", "ModelCheckpoint", "BackupAndRestore")
"""Callbacks after which a model may stand where an earlier epoch left it."""


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
    for quantity, values in last.history.items():
        if not (quantity.startswith("val_") and "acc" in quantity and values):
            continue
        claimed = min(values) if any(name in _GOES_BACK for name in last.callbacks) else values[-1]
        if claimed > measured + MARGIN:
            return f"{quantity[:60]} ends at {claimed:.3f}, the model that was left reaches {measured:.3f} there"
    return None
