"""Which arrays a training or an evaluation used: the student's names, compared by fingerprint."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.artifacts import ArrayRef, ArrayValue, Checkpoint, Evaluation, Fit, array_of
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.vocabulary.subject import Subject, shape_text

UNSEEN = "The training of `{name}` was done in a way that the grader does not record; a person will look at it."


class Names:
    """Which of the student's names held which array, at the check's checkpoint and at those before it."""

    def __init__(self, checkpoints: Sequence[Checkpoint]) -> None:
        self._checkpoints = tuple(checkpoints)

    def fits(self, name: str, seen: ArrayRef, training: Fit | Evaluation) -> bool:
        """Whether ``name`` holds, or held when ``training`` was recorded, exactly the array that was used."""
        for checkpoint in self._checkpoints:
            current = checkpoint is self._checkpoints[-1]
            if current or training in checkpoint.fits or training in checkpoint.evaluations:
                value = array_of(checkpoint.names.get(name))
                if value is not None and value.fingerprint is not None and (
                        value.fingerprint in (seen.fingerprint, seen.order_of)):
                    return True
        return False

    def holder(self, seen: ArrayRef) -> str | None:
        """Return a name that holds or held the array, the latest first."""
        for checkpoint in reversed(self._checkpoints):
            for name, value in checkpoint.names.items():
                array = array_of(value)
                if array is not None and array.fingerprint is not None and (
                        array.fingerprint in (seen.fingerprint, seen.order_of)):
                    return name
        return None

    def lengths(self) -> frozenset[int]:
        """Return how many rows the arrays have that any name holds or held."""
        arrays = (array_of(value) for checkpoint in self._checkpoints for value in checkpoint.names.values())
        return frozenset(array.shape[0] for array in arrays if array is not None and array.shape)

    def array(self, name: str) -> ArrayValue | None:
        """Return what a name holds at the check's checkpoint."""
        return array_of(self._checkpoints[-1].names.get(name)) if self._checkpoints else None


class ArrayUse(Subject):
    """What ``fit`` and ``evaluate`` have in common: arrays by fingerprint."""

    def __init__(self, name: str, evidence: Evidence, names: Names) -> None:
        super().__init__(name, evidence)
        self._names = names

    def _uses(self, training: Fit | Evaluation, seen: ArrayRef, wanted: str, verb: str, role: str) -> None:
        """Fail unless ``seen`` is the array called ``wanted``; withhold where that is unknown."""
        if self._names.fits(wanted, seen, training):
            return
        expected = f"{role}: `{wanted}`."
        if seen.fingerprint is None:
            raise Unjudged(
                UNSEEN.format(name=self.name), f"{verb} was given {seen.type or 'something unknown'} for {wanted}"
            )
        holder = self._names.holder(seen)
        if holder is not None:
            raise CheckFailed(f"{self.quoted} was {verb} `{holder}`.", expected, _mixed_up(holder, wanted))
        target = self._names.array(wanted)
        if target is None:
            raise CheckFailed(f"There is no array `{wanted}` after this step.", expected)
        if isinstance(training, Fit) and seen.shape and _whole_with_validation(training, seen.shape, target.shape):
            raise Unjudged(UNSEEN.format(name=self.name),
                           f"rows of {wanted} may have been set aside for validation by hand")
        if target.shape == seen.shape and target.dtype != seen.dtype and "int" not in (seen.dtype or ""):
            # A temporary copy of another float type is just as good, but its bytes cannot be compared.
            raise Unjudged(f"The array that {self.quoted} was {verb} could not be compared; a person will look at it.",
                           f"same shape as {wanted}, type {seen.dtype} instead of {target.dtype}")
        if seen.shape != target.shape:
            raise CheckFailed(f"{self.quoted} was {verb} an array of shape {shape_text(seen.shape or ())}.",
                              f"{expected} Its shape is {shape_text(target.shape)}.")
        raise CheckFailed(f"{self.quoted} was {verb} other values than `{wanted}` holds now.", expected,
                          "Was the array changed after training? Restart and run all cells in order.")


def _whole_with_validation(fit: Fit, seen: Sequence[int], target: Sequence[int]) -> bool:
    """Whether training and validation rows together are as many as an array has."""
    aside = fit.validation.x.shape if fit.validation and fit.validation.x else None
    return bool(aside and target and seen[1:] == target[1:] and seen[0] < target[0] == seen[0] + aside[0])


def _mixed_up(holder: str, wanted: str) -> str | None:
    if "test" in holder.lower() and "train" in wanted.lower():
        return "A model that was trained on the test set can no longer be tested with it."
    if "train" in holder.lower() and "test" in wanted.lower():
        return "How a model does on its own training data says little about new data."
    return None
