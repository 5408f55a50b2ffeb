"""Assertions about parts of a model: which of them training changes, and whether it did."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.artifacts import LayerSpec
from autograder.artifacts.model_record import weight_counts
from autograder.artifacts.sampling import bytes_digest
from autograder.checks.outcome import CheckFailed, Unjudged
from autograder.checks.vocabulary.rebuilt import RebuiltModel
from autograder.checks.vocabulary.subject import claimed, listed, measured

MOST = 5
"""Layers that one message names."""


class ModelWithParts(RebuiltModel):
    """A model of which other models or single layers are parts, as in transfer learning."""

    @claimed
    def is_frozen(self, part: str) -> None:
        """Training leaves all layers of this part as they are: ``is_frozen("backbone")``.

        Args:
            part: a model's name in the notebook; or Keras's name of a model or layer in this one, or a class name.

        Raises:
            CheckFailed: a layer of the part is trainable, or the model has no such part.
            Unjudged: the layers of the model were not recorded.
        """
        own = self._part(part)
        free = [layer for layer in own if layer.trainable and weight_counts(layer) != (0, 0)]
        if free:
            raise CheckFailed(f"{len(free)} of the {len(own)} layers of `{part}` in {self.quoted} can be trained: "
                              f"{_named(free)}.", "None of them.",
                              f"`{part}.trainable = False`, before `compile`, freezes all its layers.")

    @claimed
    def is_trainable(self, part: str) -> None:
        """Training changes all layers of this part; as `is_frozen`: ``is_trainable("head")``."""
        own = self._part(part)
        locked = [layer for layer in own if not layer.trainable and weight_counts(layer) != (0, 0)]
        if locked:
            raise CheckFailed(f"{len(locked)} of the {len(own)} layers of `{part}` in {self.quoted} are frozen: "
                              f"{_named(locked)}.", "None of them.", "`layer.trainable = True`, before `compile`.")

    @claimed
    def has_trainable_parameter_count(self, count: int) -> None:
        """Training changes this many parameters: what Keras's summary shows as trainable."""
        self._supported()
        seen = self.record.trainable_parameters
        if seen != count:
            raise CheckFailed(f"{self.quoted} has {seen:,} trainable parameters.", f"{count:,}.",
                              "Frozen layers do not count; were the right ones frozen, before `compile`?")

    @measured
    def has_weights_of(self, other: RebuiltModel) -> None:
        """Each array of another model's weights is in this one, unchanged; compared by the grader.

            student.model("classifier").has_weights_of(student.at("load").model("backbone"))

        Args:
            other: often an earlier state of a part of this model, to see that training left it as it was.
        """
        self._supported()
        other._supported()
        mine = {bytes_digest(array) for array in self._arrays()}
        theirs = [bytes_digest(array) for array in other._arrays()]
        if not theirs:
            raise CheckFailed(f"{other.quoted} has no weights.", "A model with weights.")
        changed = sum(digest not in mine for digest in theirs)
        if changed:
            raise CheckFailed(f"{changed} of the {len(theirs)} weight arrays of {other.quoted} are not in "
                              f"{self.quoted}, or were changed.", "All of them, unchanged.",
                              "Was the part frozen before `compile`, and are its own weights loaded?")

    def _part(self, part: str) -> Sequence[LayerSpec]:
        """Return the layers of a part.

        Raises:
            CheckFailed: there is none of this name.
            Unjudged: the layers of the model are not known.
        """
        layers = self.record.layers
        if not layers and self.record.built:
            raise Unjudged(f"The layers of {self.quoted} could not be read; a person will look at it.",
                           self.record.unsupported or "the configuration lists no layers")
        named = self._named(part)
        names = {part} | ({named.name} if named else set())
        own = {layer.name for layer in named.layers} if named else set()
        found = [layer for layer in layers if names & {layer.name, layer.class_name, *layer.inside}]
        found = found or [layer for layer in layers if layer.name in own]
        if not found:
            raise CheckFailed(f"{self.quoted} contains no `{part}`.", f"`{part}` as a part of {self.quoted}.",
                              "A model is called like a layer: `outputs = head(backbone(inputs))`.")
        return found


def _named(layers: Sequence[LayerSpec]) -> str:
    shown = [f"{layer.class_name[:40]} “{layer.name[:40]}”" for layer in layers[:MOST]]
    return listed([*shown, f"{len(layers) - MOST} more"] if len(layers) > MOST else shown)
