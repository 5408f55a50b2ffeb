"""Questions about how a network was trained, and what its curves show. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from autograder.questions.evidence import TrainingFact
from autograder.questions.question import Number, Question
from autograder.questions.question_words import GRADED, Names

FEWEST_EPOCHS = 3
"""With fewer there is no course of a curve to read."""
SMALLEST_GAP = 2.0
"""Percentage points: a smaller gap is within what another run changes."""
GAP_TOLERANCE = 0.5
FLAT = 0.02
"""Share of its whole range within which a curve counts as equally low."""


def updates(trainings: Sequence[TrainingFact], names: Names) -> Iterator[Question]:
    """How often the weights were changed in an epoch."""
    for one in trainings:
        kept = f" `fit` keeps {one.split:g} of the {one.given:,} examples for validation." if one.split else ""
        yield Question(
            kind="updates", group="training", task=names.task(one.task),
            text=f"How often did one epoch change the weights of {names.network(one)} when you trained it?",
            answer=Number(value=one.updates),
            how=f"{kept} {one.examples:,} examples ÷ {one.batch_size:,} in a batch, rounded up = {one.updates:,}; "
                "the call of `fit` has the batch size (Keras's default is 32).".strip())


def stopped_early(trainings: Sequence[TrainingFact], names: Names) -> Iterator[Question]:
    """After how many epochs early stopping ended a training."""
    for one in trainings:
        ran = max(map(len, one.curves.values()), default=0)
        if not one.stops_early or not 0 < ran < one.epochs:
            continue
        yield Question(
            kind="early-stopping", group="outcome", task=names.task(one.task), of_run=True,
            text=f"{GRADED}, early stopping ended the training of {names.network(one)}, which might have taken "
                 f"{one.epochs:,} epochs. After how many epochs?",
            answer=Number(value=ran, tolerance=_epochs_tolerance(ran)),
            how=f"`len(history.history['loss'])` of that training: {ran:,}; the curve on the feedback page ends there.")


def turns(trainings: Sequence[TrainingFact], names: Names) -> Iterator[Question]:
    """After which epoch the validation loss was lowest."""
    for one in trainings:
        losses = one.curves.get("val_loss", ())
        if len(losses) < FEWEST_EPOCHS or not all(map(math.isfinite, losses)):
            continue
        lowest = min(range(len(losses)), key=lambda at: losses[at])
        tolerance = _epochs_tolerance(len(losses))
        if not _is_clear(losses, lowest, tolerance):
            continue
        course = "then it rises to" if lowest < len(losses) - 1 else "it is still falling there; lowest at the end,"
        yield Question(
            kind="validation-turn", group="outcome", task=names.task(one.task), of_run=True,
            text=f"{GRADED}, {names.network(one)} was trained for {len(losses):,} epochs. After which of them, counted "
                 "from 1, was the loss on the validation data lowest?",
            answer=Number(value=lowest + 1, tolerance=tolerance),
            how=f"Epoch {lowest + 1:,}, where `val_loss` is {losses[lowest]:.4g}; {course} {losses[-1]:.4g}. "
                "The curve on the feedback page, or `history.history['val_loss']`.")


def _is_clear(losses: Sequence[float], lowest: int, tolerance: float) -> bool:
    """Whether no epoch outside the accepted ones has about the same loss."""
    near = losses[lowest] + FLAT * (max(losses) - losses[lowest])
    return max(losses) > losses[lowest] and all(
        loss > near for at, loss in enumerate(losses) if abs(at - lowest) > tolerance)


def _epochs_tolerance(epochs: int) -> float:
    """A curve of many epochs cannot be read to the epoch."""
    return float(epochs // 20)


def gaps(trainings: Sequence[TrainingFact], names: Names) -> Iterator[Question]:
    """How far the training accuracy was above the validation accuracy at most."""
    for one in trainings:
        training, validation = one.curves.get("accuracy", ()), one.curves.get("val_accuracy", ())
        if not training or len(training) != len(validation):
            continue
        found = [100 * (ours - theirs) for ours, theirs in zip(training, validation, strict=True)]
        if not all(map(math.isfinite, found)) or max(found) < SMALLEST_GAP:
            continue
        widest = max(range(len(found)), key=lambda at: found[at])
        yield Question(
            kind="accuracy-gap", group="outcome", task=names.task(one.task), of_run=True,
            text=f"{GRADED}, the accuracy of {names.network(one)} on the training data was above that on the "
                 "validation data. By how many percentage points, in the epoch where the gap was largest?",
            answer=Number(value=round(found[widest], 2), tolerance=GAP_TOLERANCE),
            how=f"Epoch {widest + 1:,}: {training[widest]:.4f} − {validation[widest]:.4f}. The two curves on the "
                "feedback page, or the output of `fit`. A good follow-up: what does the gap say?")
