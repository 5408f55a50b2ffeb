"""Assertions about models: layers, parameters, compile settings, and accuracy that the grader measures itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.artifacts import CompileSpec, LayerSpec
from autograder.checks.outcome import CheckFailed, Unjudged
from autograder.checks.vocabulary import compiled_with, layer_settings
from autograder.checks.vocabulary.compared_layers import marks, parameters_mark, rows
from autograder.checks.vocabulary.layers import Layer, difference, layer, same_text, step_text
from autograder.checks.vocabulary.model_parts import ModelWithParts
from autograder.checks.vocabulary.rebuilt import NO_WEIGHTS
from autograder.checks.vocabulary.reconstructions import RestoringModel
from autograder.checks.vocabulary.subject import claimed, listed, measured, whole_shape
from autograder.errors import CheckError


class ModelSubject(ModelWithParts, RestoringModel):
    """A Keras model in the student's notebook, in the state just before the test cell of the check's task."""

    @measured
    def has_layers(self, layers: Sequence[Layer]) -> None:
        """The model is a chain of exactly these layers: ``has_layers([dense(512, "relu"), dense(10, "softmax")])``.

        How it was written does not matter: ``Sequential`` or functional, ``Input`` or ``input_shape``, an activation as
        an argument or as a separate layer.
        """
        self._supported()
        self._training_only(layers)
        steps = self.record.steps
        wanted = " → ".join(map(str, layers))
        if not self.record.chain:
            raise CheckFailed(f"The layers of {self.quoted} do not form a single chain from input to output.", wanted)
        for position, (step, required) in enumerate(zip(steps, layers, strict=False), start=1):
            different = difference(step, required)
            if different is not None:
                raise CheckFailed(
                    f"Layer {position} of {self.quoted} {different[0]}.", wanted, different[1],
                    layers=rows(steps, layers), marks=marks(steps, layers, self.record.weight_count))
        if len(steps) != len(layers):
            raise CheckFailed(
                f"{self.quoted} has {len(steps)} layer{'' if len(steps) == 1 else 's'}"
                f"{': ' if steps else ''}{' → '.join(map(step_text, steps))}.", wanted,
                "Layers are added each time the cell runs on the same model: create the model in the same cell."
                if len(steps) > len(layers) else None, layers=rows(steps, layers))

    @measured
    def has_parameter_count(self, count: int) -> None:
        """The model has this many parameters, counted by us from its weight arrays."""
        seen, carried = self.record.weight_count, self.record.carried_numbers
        if seen == count:
            self._supported()
            if carried:
                raise Unjudged(f"{self.quoted} stores {carried:,} numbers outside its weights, so a person will "
                               "look at it.", "arrays or constants in its configuration, which Keras does not count")
            return
        if self.record.built and self.record.unsupported and not self.record.weight_shapes:
            self._supported()
        self._never_called()
        if not self.record.built or not self.record.weight_shapes:
            raise CheckFailed(f"{self.quoted} has no weights yet.", f"{count:,} parameters.", NO_WEIGHTS)
        raise CheckFailed(f"{self.quoted} has {seen:,} parameters.", f"{count:,} parameters.",
                          "`model.summary()` shows them layer by layer: units × (inputs + 1) for a dense layer.",
                          marks=(parameters_mark(seen),))

    @measured
    def has_at_most_parameters(self, count: int) -> None:
        """The model stays within a budget of parameters, counted by us: weights and numbers stored elsewhere."""
        if not self.record.built or not self.record.weight_shapes:
            self._supported()
            raise CheckFailed(f"{self.quoted} has no weights yet.", f"At most {count:,} parameters.", NO_WEIGHTS)
        if self.record.weight_count > count:
            raise CheckFailed(f"{self.quoted} has {self.record.weight_count:,} parameters.",
                              f"At most {count:,} parameters.",
                              "Most are in a dense layer that follows a large output: pool more, or flatten later.")
        self._supported()
        if self.record.total_parameters > count:
            raise CheckFailed(f"{self.quoted} has {self.record.weight_count:,} parameters and stores "
                              f"{self.record.carried_numbers:,} more numbers in its configuration.",
                              f"At most {count:,} together.", "Arrays and constants inside a model count as well.")

    @measured
    def contains(self, *layers: str | Layer) -> None:
        """Each of these is somewhere in the model: ``contains("Dropout")`` or ``contains(dropout(0.5))``.

        Args:
            layers: Keras's class names, or layers with the settings that matter.
        """
        self._supported()
        self._training_only([layer(item) if isinstance(item, str) else item for item in layers])
        for item in layers:
            wanted = layer(item) if isinstance(item, str) else item
            near = [step for step in self.record.steps if step.class_name == wanted.class_name]
            if not any(difference(step, wanted) is None for step in near):
                shown = f": {' → '.join(map(step_text, near))}" if near else ""
                raise CheckFailed(f"{self.quoted} has no layer {wanted}{shown}.", f"At least one {wanted}.")

    def layers(self, kind: str | None = None) -> tuple[LayerSpec, ...]:
        """Return the layers in their order, for a check's own use: ``layers("Dense")[-1].units``.

        Args:
            kind: Keras's class name; then only these layers, and the check fails where there is none. None: all.
        """
        self.contains(*([kind] if kind else []))
        return tuple(step for step in self.record.steps if kind in (None, step.class_name))

    @measured
    def has_regularizer(self, *kinds: str, l1: float | None = None, l2: float | None = None) -> None:
        """The weights of some layer are penalised: by ``"L1"``, ``"L2"`` or both where no kind is named.

        Args:
            l1, l2: strengths of the penalty, to 0.1 %; None leaves one open: ``has_regularizer("L2", l2=0.01)``.
        """
        self._supported()
        wanted = kinds or ("L1", "L2", "L1L2")
        self._penalties()
        found = [step for step in self.record.steps if step.regularizer in wanted]
        if not found:
            raise CheckFailed(f"No layer of {self.quoted} penalises its weights.",
                              f"A kernel regularizer: {listed(wanted)}.",
                              "`Dense(…, kernel_regularizer=keras.regularizers.L2(0.01))` adds one.")
        strength = layer_settings.Regularizer(l1=l1, l2=l2)
        if not any(strength.fits(step.config.get("kernel_regularizer")) for step in found):
            shown = listed([layer_settings.regularizer_text(step.config.get("kernel_regularizer")) for step in found])
            raise CheckFailed(f"The weights of {self.quoted} are penalised by {shown}.", f"{strength}.")

    @measured
    def differs_in_layers_from(self, other: ModelSubject) -> None:
        """The layers or their settings differ from those of another model."""
        self._supported()
        mine, theirs = (list(map(_kernel, model.record.steps)) for model in (self, other))
        if mine == theirs:
            raise CheckFailed(f"{self.quoted} has the same layers as {other.quoted}.", "Another architecture.",
                              "Change the number of units or layers, or add dropout or a regularizer.")

    @measured
    def has_same_layers_as(self, other: ModelSubject, hint: str | None = None) -> None:
        """The layers are those of another model, in class, size, window and activation; often one that a call returned.

        Args:
            hint: what a difference usually means here.
        """
        self._supported()
        other._supported()
        mine, theirs = (" → ".join(map(same_text, model.record.steps)) or "none" for model in (self, other))
        if mine != theirs:
            raise CheckFailed(f"The layers of {self.quoted} are {mine}.", f"Those of {other.quoted}: {theirs}.", hint)

    @measured
    def has_input_shape(self, *shape: int | tuple[int, ...]) -> None:
        """One input has this shape: ``has_input_shape(784)``."""
        self._has_side("input", self.record.input_shape, whole_shape(shape))

    @measured
    def has_output_shape(self, *shape: int | tuple[int, ...]) -> None:
        """One output has this shape: ``has_output_shape(10)``."""
        self._has_side("output", self.record.output_shape, whole_shape(shape))

    def _known_as_text(self, loss: str | None, metrics: Sequence[str]) -> CompileSpec | None:
        """Return what is written in a `compile` that was never called, if that includes everything that is asked."""
        written = self._written
        known = written is not None and (loss is None or written.loss is not None) and (
            not metrics or bool(written.metrics))
        return written if known else None

    @claimed
    def is_compiled_with(
        self, *, loss: str | None = None, optimizer: str | None = None, metrics: Sequence[str] = (),
        settings: Mapping[str, compiled_with.Setting] | None = None,
    ) -> None:
        """``compile`` was called with these, as text or objects: Keras's snake case, lower case for optimizers.

        Args:
            loss: e.g. ``categorical_crossentropy``, ``mse``; None leaves it open.
            optimizer: e.g. ``sgd``; None leaves it open.
            metrics: at least these are watched.
            settings: of the optimizer, to 0.1 %: ``{"learning_rate": 0.01}``, or what `schedule` returns.

        Where the cell raised an error before it compiled, loss and metrics count that are text in its only `compile`.
        """
        if isinstance(metrics, str):
            raise CheckError(f"metrics of is_compiled_with has to be a list of names, not {metrics!r}.")
        loss, optimizer, metrics = compiled_with.require_known(loss, optimizer, metrics, settings or {})
        compiled = self.record.compile
        if compiled is None and optimizer is None and not settings and not self.record.iterations:
            compiled = self._known_as_text(loss, metrics)
        if compiled is None and self.record.iterations:
            raise Unjudged(f"How {self.quoted} was compiled could not be read; a person will look at it.",
                           "steps were made, but the compile configuration is missing")
        if compiled is None:
            raise CheckFailed(f"{self.quoted} is not compiled.", f"A call of `{self.name}.compile(…)`.",
                              "Was another model's name before `.compile`?")
        problems = (compiled_with.other_loss(self.quoted, compiled, loss, softmax=self._ends_with("softmax")),
                    compiled_with.other_optimizer(self.quoted, compiled, optimizer),
                    compiled_with.missing_metrics(self.quoted, compiled, metrics),
                    compiled_with.other_settings(self.quoted, compiled, settings or {}))
        for problem in problems:
            if problem is not None:
                raise CheckFailed(*problem)
        wanted = {"loss": loss, "optimizer": optimizer or settings, "metrics": metrics}
        foreign = [part for part in compiled.foreign if wanted[part]]
        if foreign:
            raise Unjudged(f"The {listed(foreign)} of {self.quoted} only has the name of Keras's own, so a person "
                           "will look at it.", "compile was given objects that are not Keras's own")


def _kernel(step: LayerSpec) -> LayerSpec:
    """Return a layer without its name, the only part that differs between two equal ones."""
    return replace(step, name="", inside=(), config={})
