"""What every assertion about a model needs first: a model that the grader could rebuild, and its outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograder.artifacts import Array, ModelRecord
from autograder.checks.ground_truth import Holdout
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.request import Proof
from autograder.checks.vocabulary.layers import Layer
from autograder.checks.vocabulary.subject import Subject, shape_text
from autograder.model import Basis

NO_WEIGHTS = "Begin with an `Input` of the shape of one row, so that Keras can make the weights."


class RebuiltModel(Subject):
    """A model with the grader's proof about it; what cannot be rebuilt or proven is withheld here."""

    def __init__(
        self, name: str, record: ModelRecord, evidence: Evidence, *, proof: Proof, task: str,
        outputs: Callable[[str, str], Array], length: Callable[[str], int],
    ) -> None:
        super().__init__(name, evidence)
        self.record = record
        self._proof = proof
        self._task = task
        self._outputs = outputs
        self._length = length

    def _class_outputs(self, holdout: Holdout, prepared: str, diverged: bool = False) -> Array:
        """Return finite outputs with one number per class."""
        self._supported()
        classes = int(holdout.labels.max()) + 1
        if diverged and not self.record.finite:
            return np.eye(classes, dtype=np.float32)[np.zeros(len(holdout.test_labels) + len(holdout.labels), int)]
        outputs = self._outputs(self.name, prepared)
        self._finite(outputs)
        if outputs.ndim != 2 or outputs.shape[-1] < (1 if classes == 2 else classes):
            raise CheckFailed(f"{self.quoted} gives outputs of shape {shape_text(outputs.shape[1:])} per image.",
                              "One number for each class.")
        return outputs

    def _has_side(self, side: str, seen: Sequence[int | None] | None, shape: tuple[int, ...]) -> None:
        """Compare a shape; one that is as wanted has to be that of the rebuilt model too."""
        if seen is None:
            raise CheckFailed(f"{self.quoted} has no {side} shape yet.", f"Shape {shape_text(shape)} for one {side}.",
                              NO_WEIGHTS)
        if tuple(seen[1:]) != shape:
            raise CheckFailed(
                f"One {side} of {self.quoted} has shape {shape_text(seen[1:])}.", f"Shape {shape_text(shape)}."
            )
        self._supported()

    def _ends_with(self, activation: str) -> bool:
        return bool(self.record.steps) and self.record.steps[-1].activation == activation

    def _supported(self) -> None:
        """Fail a model that the student has not finished; withhold one that the grader does not support."""
        if not self.record.built:
            raise CheckFailed(
                f"{self.quoted} has no weights yet.", "A model that knows the shape of its input.", NO_WEIGHTS
            )
        if self.record.unsupported:
            raise Unjudged(
                f"{self.quoted} cannot be rebuilt by the grader, so a person will look at it.", self.record.unsupported
            )
        if self._proof.doubt:
            raise Unjudged(f"It could not be proven that {self.quoted} computes what the names of its layers say, so a "
                           "person will look at it.", self._proof.doubt)

    def _training_only(self, layers: Sequence[Layer]) -> None:
        """Record what outputs cannot prove: penalties have a separate proof, initial weights have none."""
        if any(layer.regularizer for layer in layers):
            self._penalties()
        if any(layer.initializer for layer in layers):
            self.evidence.note(Basis.CLAIMED, "initializers of layers")

    def _penalties(self) -> None:
        """Withhold points that depend on weight penalties that are not proven."""
        if not self._proof.penalties:
            raise Unjudged(f"The weight penalties of {self.quoted} could not be computed by the grader, so a person "
                           "will look at it.", "they are none of Keras's own, or differ from those recorded")

    def _finite(self, outputs: Array) -> None:
        if not np.isfinite(outputs).all():
            raise CheckFailed(
                f"{self.quoted} answers NaN or infinite numbers.",
                "Finite outputs.",
                "Training diverged: look for NaN in the training images, or a learning rate that is too large.",
            )
