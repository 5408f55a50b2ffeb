"""A model that the grader rebuilt: what it answers, measured by the grader, and what is proven about it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.artifacts import Array, CompileSpec, ModelRecord
from autograder.checks.ground_truth import Holdout
from autograder.checks.metrics import constant_accuracy, lower_accuracy, metric_name
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.request import Proof
from autograder.checks.score_formulas import ALIASES, KINDS, Average, classes_of, labels_of
from autograder.checks.vocabulary import layer_settings, score_subjects
from autograder.checks.vocabulary.constant_answers import ConstantAnswer
from autograder.checks.vocabulary.layer_values import rests_on_claim
from autograder.checks.vocabulary.layers import Layer
from autograder.checks.vocabulary.losses import KNOWN, equal_numbers, shown_losses
from autograder.checks.vocabulary.predictions import AccuracySubject, LossSubject, PredictedSubject, is_constant
from autograder.checks.vocabulary.score_subjects import ScoreSubject
from autograder.checks.vocabulary.subject import Subject, listed, measured, shape_text
from autograder.errors import CheckError
from autograder.model import Basis

_KERAS_MODELS = ("Functional", "Model", "Sequential")
NO_WEIGHTS = "Begin with an `Input` of the shape of one row, so that Keras can make the weights."


@dataclass(frozen=True, kw_only=True)
class ModelFacts:
    """What is known about one model.

    Attributes:
        record: its state just before the test cell of the check's task.
        proof: what the grader could prove of it.
        task: the check's task, for the names of metrics.
        outputs: name of the model, name of an array → outputs for the grader's images, prepared like that array.
        length: name of an array → its number of rows.
        written: loss and metrics that are text in the only ``compile`` of a cell that raised before it; None: no.
        arrays: returns the weights of the model.
        named: name in the notebook → the record of the model that it holds, None where it holds none.
    """

    record: ModelRecord
    proof: Proof
    task: str
    outputs: Callable[[str, str], Array]
    length: Callable[[str], int]
    written: CompileSpec | None = None
    arrays: Callable[[], Sequence[Array]] = tuple
    named: Callable[[str], ModelRecord | None] = lambda _: None


class RebuiltModel(Subject):
    """A model with the grader's proof about it; what cannot be rebuilt or proven is withheld here."""

    def __init__(self, name: str, evidence: Evidence, facts: ModelFacts) -> None:
        super().__init__(name, evidence)
        self.record = facts.record
        self._proof = facts.proof
        self._task = facts.task
        self._outputs = facts.outputs
        self._length = facts.length
        self._written = facts.written
        self._arrays = facts.arrays
        self._named = facts.named

    @measured
    def gives_probabilities(self, prepared: str) -> None:
        """For every image the outputs are at least 0 and sum to 1; ``prepared`` names the array as `predicts` does."""
        outputs = self._outputs(self.name, prepared)
        self._finite(outputs)
        if (outputs < -1e-6).any() or (np.abs(outputs.sum(axis=-1) - 1) > 1e-3).any():
            raise CheckFailed(f"The outputs of {self.quoted} do not sum to 1 for every row.",
                              f"{outputs.shape[-1]} probabilities.",
                              "The last layer has to be softmax.")

    def accuracy_on(self, holdout: Holdout, prepared: str, *, diverged: bool = False) -> AccuracySubject:
        """Return the accuracy that the grader measured, on the test images and on images that were withheld.

        Args:
            holdout: the fixture.
            prepared: the array whose preparation the images get, as `predicts` of the marker names it: ``"X_test"``.
            diverged: as in `predictions_on`.
        """
        outputs = self._class_outputs(holdout, prepared, diverged)
        test, withheld = lower_accuracy(outputs, holdout.test_labels, holdout.labels)
        known = outputs[: len(holdout.test_labels)]
        shown = [test]
        if self.record.compile and "exact_accuracy" in self.record.compile.metrics:
            shown.append(equal_numbers(known, holdout.test_labels))
        return AccuracySubject(self.name, self.evidence, test=test, withheld=withheld, shown=tuple(shown),
                               metric=metric_name(self._task, self.name), constant=ConstantAnswer(
                                   given=is_constant(outputs),
                                   reaches=constant_accuracy(holdout.test_labels, holdout.labels)))

    def loss_on(self, holdout: Holdout, prepared: str) -> LossSubject:
        """Return the loss that `evaluate` has to show for the test images, computed by the grader; as `accuracy_on`.

        Raises:
            Unjudged: the model was compiled with a loss that the grader does not compute.
        """
        outputs = self._class_outputs(holdout, prepared)[: len(holdout.test_labels)]
        penalised = any(map(layer_settings.is_penalised, self.record.layers))
        last = self.record.steps[-1].activation if self.record.steps else None
        values = () if penalised else shown_losses(self.record.compile, last, outputs, holdout.test_labels)
        if not values:
            # A solution that ends here is refused by the release's proof, with this note.
            loss = self.record.compile.loss if self.record.compile else None
            raise Unjudged(f"The loss of {self.quoted} cannot be computed by the grader; a person will look at it.",
                           "its weight penalties are part of what `evaluate` shows" if penalised else
                           f"the grader does not compute the loss {loss} with these settings; it knows "
                           f"{listed(sorted(str(name) for name in KNOWN))}")
        return LossSubject(self.name, self.evidence, values)

    def score_on(
        self, holdout: Holdout, prepared: str, name: str, *, average: Average = "macro", diverged: bool = False,
    ) -> ScoreSubject:
        """Return a score that the grader computed, on the test images and on withheld ones, of which the worse counts.

        Calibrated like an accuracy: ``score_on(holdout, "X_test", "f1").reaches_minimum(reference)``.

        Args:
            holdout: the fixture.
            prepared: the array whose preparation the images get, as `predicts` of the marker names it: ``"X_test"``.
            name: ``roc_auc`` (``auc``), ``precision``, ``recall`` or ``f1``, from the outputs and the true classes or
                labels; or ``mean_absolute_error`` (``mae``), ``mean_squared_error`` (``mse``),
                ``root_mean_squared_error`` (``rmse``) or ``r2``, of as many outputs as a row has true numbers.
            average: over more than two classes, or over labels: ``macro``, ``weighted`` or ``micro``. Of two classes,
                or of one unit that says yes or no, the score is that of class 1.
            diverged: as in `predictions_on`.

        Raises:
            CheckFailed: the outputs are not finite, or too few for the classes.
            Unjudged: the model could not be rebuilt, or its preparation not recovered.
            CheckError: the grader does not know the score.
        """
        name = ALIASES.get(name, name)
        kind = KINDS.get(name)
        outputs = self._class_outputs(holdout, prepared, diverged) if kind is None or kind.classes else \
            self._numbers_for(holdout, prepared)
        score_subjects.require_one_for_each(name, self.quoted, outputs, holdout.labels)
        value, shown, constant = score_subjects.of_model(name, outputs, (holdout.test_labels, holdout.labels), average)
        return ScoreSubject(f"{metric_name(self._task, self.name)}/{name}", value, self.evidence, shown=shown,
                            what=f"the {kind.words if kind else name} of {self.quoted}", constant=constant)

    def auc_on(
        self, holdout: Holdout, prepared: str, *, average: Average = "macro", diverged: bool = False,
    ) -> ScoreSubject:
        """Return the area under the ROC curve: `score_on` with ``roc_auc``, for classes or several labels."""
        return self.score_on(holdout, prepared, "roc_auc", average=average, diverged=diverged)

    def mae_on(self, holdout: Holdout, prepared: str) -> ScoreSubject:
        """Return the mean absolute error: `score_on` with ``mean_absolute_error``, for one output or several."""
        return self.score_on(holdout, prepared, "mean_absolute_error")

    def rmse_on(self, holdout: Holdout, prepared: str) -> ScoreSubject:
        """Return the root mean squared error: `score_on` with ``root_mean_squared_error``."""
        return self.score_on(holdout, prepared, "root_mean_squared_error")

    def r2_on(self, holdout: Holdout, prepared: str) -> ScoreSubject:
        """Return R², the explained share of the variance: `score_on` with ``r2``; the mean of several outputs."""
        return self.score_on(holdout, prepared, "r2")

    def predictions_on(self, holdout: Holdout, prepared: str, *, diverged: bool = False) -> PredictedSubject:
        """Return what the rebuilt model says about the public test images, to compare with the student's answers.

        Args:
            holdout: the fixture.
            prepared: the array whose preparation the images get, as `predicts` of the marker names it: ``"X_test"``.
            diverged: True: weights that became NaN or infinite do not fail the check, since what caused them costs its
                points elsewhere. Such a model answers NaN, of which `argmax` takes the first: class 0 for each image.
        """
        outputs = self._class_outputs(holdout, prepared, diverged)
        return PredictedSubject(self.name, self.evidence, outputs=outputs[: len(holdout.test_labels)],
                                prepared=prepared, length=self._length(prepared), noun=holdout.noun)

    def _class_outputs(self, holdout: Holdout, prepared: str, diverged: bool = False) -> Array:
        """Return finite outputs with one number per class."""
        self._supported()
        classes = _classes(holdout)
        if diverged and not self.record.finite:
            return np.eye(classes, dtype=np.float32)[np.zeros(len(holdout.test_labels) + len(holdout.labels), int)]
        outputs = self._outputs(self.name, prepared)
        self._finite(outputs)
        several = labels_of(holdout.labels) is not None
        least, most = 1 if classes == 2 and not several else classes, classes if several else math.inf
        if outputs.ndim != 2 or not least <= outputs.shape[-1] <= most:
            shape = shape_text(outputs.shape[1:])
            raise CheckFailed(f"{self.quoted} gives outputs of shape {shape} per {holdout.noun}.",
                              "One number for each class.")
        return outputs

    def _numbers_for(self, holdout: Holdout, prepared: str) -> Array:
        """Return finite outputs with as many numbers per row as there are true ones."""
        self._supported()
        outputs = self._outputs(self.name, prepared)
        self._finite(outputs)
        wanted = holdout.labels.shape[1:]
        if outputs.size != len(outputs) * math.prod(wanted):
            raise CheckFailed(f"{self.quoted} gives outputs of shape {shape_text(outputs.shape[1:])} per row.",
                              f"Shape {shape_text(wanted)}." if math.prod(wanted) > 1 else "One number for each row.")
        return outputs.reshape(len(outputs), -1)

    def _has_side(self, side: str, seen: Sequence[int | None] | None, shape: tuple[int, ...]) -> None:
        """Compare a shape; one that is as wanted has to be that of the rebuilt model too."""
        if seen is None:
            self._supported()  # without a configuration of Keras's a shape is unknown, not missing
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
        self._never_called()
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

    def _never_called(self) -> None:
        """Withhold an object of a class of the student's own without weights: they come with its first batch."""
        if not self.record.built and self.record.class_name not in _KERAS_MODELS:
            raise Unjudged(f"{self.quoted} has no weights yet, so a person will look at it.",
                           f"an object of the class {self.record.class_name[:60]} that was never called")

    def _training_only(self, layers: Sequence[Layer]) -> None:
        """Record what outputs cannot prove: penalties have a separate proof, initial weights have none."""
        everything = [*layers, *(inner for layer in layers for inner in _inside(layer))]
        if any(layer.regularizer or layer.bias_regularizer or
               any(key.endswith("_regularizer") for key in layer.settings) for layer in everything):
            self._penalties()
        if any(layer.initializer or layer.bias_initializer or rests_on_claim(layer.class_name, layer.settings)
               for layer in everything):
            self.evidence.note(Basis.CLAIMED, "what layers do in training only")

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
                "Training diverged: look for NaN in the training data, or a learning rate that is too large.",
            )


def _classes(holdout: Holdout) -> int:
    """Return how many outputs a model needs: one for each class, or for each label of several.

    Raises:
        CheckError: there are no withheld rows, or their labels are numbers that are no classes.
    """
    try:
        several = labels_of(holdout.labels)
        return several.shape[1] if several is not None else int(classes_of(holdout.labels).max()) + 1
    except ValueError as error:
        raise CheckError(f"The withheld rows have no classes to compare with ({error}); correct the check, or measure "
                         "numbers with mae_on, rmse_on or r2_on.") from None


def _inside(layer: Layer) -> list[Layer]:
    """Return the layers that a wrapper has to contain, such as that of ``Bidirectional``."""
    own = [value for value in layer.settings.values() if isinstance(value, Layer)]
    return [*own, *(item for inner in own for item in _inside(inner))]
