"""The `student` fixture: the values of the student's names just before the test cell of a check's task.

Looking up a name returns a subject to make assertions about, or fails the check with a message.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from autograder.artifacts import (
    Array,
    Checkpoint,
    CompileSpec,
    FunctionValue,
    HistoryValue,
    ModelRecord,
    ModelValue,
    ScalarValue,
    SequenceValue,
    TextValue,
    Value,
    mapping_of,
)
from autograder.artifacts.compilation import read_compile
from autograder.checks.blocking import BLANK
from autograder.checks.calls import call
from autograder.checks.case import Case
from autograder.checks.lineage import curves_of, fits_of, never_trained
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.student_objects import StudentObjects
from autograder.checks.usable_inputs import require_usable
from autograder.checks.vocabulary.answers import NumberSubject, read_number
from autograder.checks.vocabulary.arrays import ArraySubject
from autograder.checks.vocabulary.callback_subjects import CallbackSubject, find_callback
from autograder.checks.vocabulary.called import CalledSubject
from autograder.checks.vocabulary.containers import FunctionSubject, MappingSubject, SequenceSubject, TextSubject
from autograder.checks.vocabulary.figure_record import UNREAD, FigureRecord
from autograder.checks.vocabulary.figures import FiguresSubject
from autograder.checks.vocabulary.history import HistorySubject
from autograder.checks.vocabulary.listed import numbers_of
from autograder.checks.vocabulary.models import ModelSubject
from autograder.checks.vocabulary.rebuilt import ModelFacts
from autograder.checks.vocabulary.subject import describe
from autograder.checks.vocabulary.texts import count_texts
from autograder.checks.vocabulary.training import EvaluationSubject, FitRecord, FitSubject
from autograder.checks.vocabulary.used_arrays import Names
from autograder.errors import ArtifactError, CheckError
from autograder.model import Call, SlotStatus
from autograder.model.reconstruction import read_reconstruction

V = TypeVar("V")
SHOWN = 60
"""Characters of a student's name that a message shows."""


class Student(StudentObjects):
    """The student's work at one checkpoint."""

    def __init__(self, case: Case, task: str, evidence: Evidence, declared: Mapping[str, Sequence[Call]] | None = None,
                 ) -> None:
        self.task = task
        self._declared = declared or {}
        self.evidence = evidence
        self._case = case

    def at(self, task: str) -> Student:
        """Return the work at the checkpoint of another task."""
        return Student(self._case, task, self.evidence, self._declared)

    def names(self) -> tuple[str, ...]:
        """Return all names at this checkpoint, except the grader's own."""
        return tuple(self._checkpoint().names)

    def array(self, name: str) -> ArraySubject:
        """Return the array of this name (NumPy, TensorFlow, pandas, or lists of numbers); fails where there is none."""
        value = self._value(name)
        array = numbers_of(name, value)
        if array is not None:
            return ArraySubject(name, array, self.evidence)
        hint = ("Its rows differ in length, or something in it is not a number." if isinstance(value, SequenceValue)
                else None)
        raise CheckFailed(f"`{name}` is {describe(value)}.", "An array.", hint)

    def model(self, name: str) -> ModelSubject:
        """Return the Keras model of this name; fails where there is none."""
        return self._model_subject(name, self._model(name), self._outputs)

    def fit_of(self, name: str, since: str | None = None) -> FitSubject:
        """Return all calls of ``fit`` on the model of this name, up to this task.

        Args:
            since: only calls after the checkpoint of that task, e.g. for further epochs of one model.
        """
        model = self._model(name)
        checkpoints = self._checkpoints()
        counted = self._after(checkpoints, since)
        fits, same = fits_of(self._case.artifacts, model, [fit for checkpoint in counted for fit in checkpoint.fits])
        own = {fit.model for fit in checkpoints[-1].fits}
        others = {key: value.model for key, value in checkpoints[-1].names.items()
                  if isinstance(value, ModelValue) and value.model in own}
        if self._case.request.notes.get(self.task):
            others = {}  # the cell stopped: that is the cause, not a mixed-up name
        return FitSubject(name, self.evidence, Names(checkpoints), FitRecord(
            fits=fits, model=self._case.artifacts.model(model), others=others,
            whole=same and len(counted) == len(checkpoints), accuracies=self._case.accuracies(model)))

    def evaluation_of(self, name: str) -> EvaluationSubject:
        """Return all calls of ``evaluate`` on the model of this name, up to this task."""
        model = self._model(name)
        checkpoints = self._checkpoints()
        fits, _ = fits_of(self._case.artifacts, model, [fit for checkpoint in checkpoints for fit in checkpoint.fits])
        numbers = {model.model, *(fit.model for fit in fits)}
        found = [item for checkpoint in checkpoints for item in checkpoint.evaluations if item.model in numbers]
        return EvaluationSubject(name, self.evidence, Names(checkpoints), evaluations=found)

    def number(self, name: str) -> NumberSubject:
        """Return the number of this name; fails for anything else, NaN included."""
        return NumberSubject(name, read_number(name, self._value(name)), self.evidence)

    def text(self, name: str) -> TextSubject:
        """Return the text of this name; fails for anything else."""
        value = self._value(name)
        if isinstance(value, TextValue):
            return TextSubject(name, value, self.evidence)
        raise CheckFailed(f"`{name}` is {describe(value)}.", "A string in quotation marks.")

    def function(self, name: str) -> FunctionSubject:
        """Return the function of this name; fails for anything else."""
        value = self._value(name)
        if isinstance(value, FunctionValue):
            return FunctionSubject(name, value, self.evidence)
        raise CheckFailed(f"`{name}` is {describe(value)}.", "A function.", f"`def {name}(…):` begins one.")

    def sequence(self, name: str) -> SequenceSubject:
        """Return the list, tuple or one-dimensional array of numbers of this name; fails for anything else."""
        return SequenceSubject(name, self._value(name), self.evidence)

    def mapping(self, name: str) -> MappingSubject:
        """Return the dict or the table of pandas (its columns) of this name; fails for anything else."""
        value = self._value(name)
        if (found := mapping_of(value)) is not None:
            return MappingSubject(name, found, self.evidence)
        raise CheckFailed(f"`{name}` is {describe(value)}.", "A dict.")

    def callback(self, name: str, kind: str) -> CallbackSubject:
        """Return the Keras callback of this name and class, or the one in a list of callbacks; fails where there is
        none: ``student.callback("stopper", "EarlyStopping").has_settings(patience=10)``.
        """
        return find_callback(name, self._value(name), kind, self.evidence)

    def history(self, name: str) -> HistorySubject:
        """Return what ``fit`` returned, or its ``.history``, kept under this name."""
        value = self._value(name)
        if isinstance(value, HistoryValue):
            return HistorySubject(name, value.history, self.evidence, model=value.model)
        curves = curves_of(value)
        if curves is None:
            raise CheckFailed(
                f"`{name}` is {describe(value)}.", "What `fit` returned.", f"`{name} = model.fit(…)` stores it."
            )
        return HistorySubject(name, curves, self.evidence, model=None)

    def called(self, function: str, /, *args: Any, **kwargs: Any) -> CalledSubject:
        """Return what a call of a student's function returned that a check of this task has declared.

        Raises:
            CheckFailed: there is no such function.
            CheckError: no ``calls=[…]`` of this task declares exactly this call.
        """
        wanted = call(function, *args, **kwargs)
        declared = {item.key: item for item in self._declared.get(self.task, ())}
        if wanted.key not in declared:
            known = "; ".join(item.text for item in declared.values()) or "none"
            raise CheckError(f"The call {wanted.text} was not declared at {self.task} (declared: {known}); put it into "
                             "calls=[…] of the task marker, with the same arguments."[:600])
        self._value(function)
        outcome = self._case.artifacts.calls(self.task).get(wanted.key)
        if outcome is None:
            raise self._never_returned(wanted.text)
        return CalledSubject(wanted.text, outcome, self.evidence, self._returned_model)

    def figures(self, task: str | None = None) -> FiguresSubject:
        """Return the figures that the cells of a task show, of this one by default."""
        task = task or self.task
        found = self._case.artifacts.figures
        if found is None:
            raise Unjudged(UNREAD, "the run recorded no figures")
        own = self._case.request.cells.get(task, ())
        others = {cell for cells_of in self._case.request.cells.values() for cell in cells_of} - set(own)
        subject = FiguresSubject(task, self.evidence, FigureRecord(
            figures=[figure for figure in found.drawn if figure.cell in own],
            elsewhere=[figure for figure in found.drawn if figure.cell in others],
            printed=sum(found.printed.get(cell, 0) for cell in own), whole=found.whole, blank=self._blank(),
            curves=self._trained_curves, untrained=self._untrained))
        return subject if subject.any() or not self._blank() else self._nothing()

    def _trained_curves(self, name: str) -> Sequence[Mapping[str, Sequence[float]]]:
        """Return the curves of a history; where the name does not exist, those of each training so far.

        The missing name costs points in the task that requires the history, and not again where it is drawn.
        """
        try:
            return [self.history(name).history]
        except CheckFailed:
            fits = [fit for checkpoint in self._checkpoints() for fit in checkpoint.fits]
            return [HistorySubject(name, fit.history, self.evidence, model=fit.model).history for fit in fits
                    if fit.history]

    def _untrained(self, name: str) -> bool:
        """Whether there is no history of this name because the training that was to give it did not run to its end."""
        return name not in self._checkpoint().names and \
            never_trained(self._case.artifacts, self._checkpoints(), stopped=self.task in self._case.request.causes)

    def _never_returned(self, text: str) -> CheckFailed | Unjudged:
        ended = self._case.request.ended
        if ended and self._checkpoint() is list(self._case.artifacts.checkpoints.values())[-1]:
            return CheckFailed(f"`{text}` did not return: {ended}", "A call that returns.")
        return Unjudged(f"What `{text}` returned could not be read; a person will look at it.",
                        f"the artifacts hold no outcome of this call at {self.task}")

    def _returned_model(self, text: str, value: ModelValue) -> ModelSubject:
        def outputs(model: str, prepared: str) -> Array:
            raise CheckError(f"The model that {model} returned has no predictions ({prepared}); use one that has "
                             "a name.")

        return self._model_subject(text, value, outputs)

    def _model_subject(self, name: str, value: ModelValue, outputs: Callable[[str, str], Array]) -> ModelSubject:
        return ModelSubject(name, self.evidence, ModelFacts(
            record=self._case.artifacts.model(value), proof=self._case.proof(value), task=self.task, outputs=outputs,
            length=lambda prepared: count_texts(self._value(prepared)) or self.array(prepared).value.shape[0],
            written=self._written(name), arrays=lambda: self._weights(value), named=self._model_named))

    def _weights(self, value: ModelValue) -> Sequence[Array]:
        try:
            return self._case.artifacts.weights(value)
        except ArtifactError as error:
            raise Unjudged("The weights of a model could not be read; a person will look at it.", str(error)) from None

    def _model_named(self, name: str) -> ModelRecord | None:
        value = self._checkpoint().names.get(name)
        return self._case.artifacts.model(value) if isinstance(value, ModelValue) else None

    def _written(self, name: str) -> CompileSpec | None:
        """Return what is text in the `compile` of this task's cell, where that raised an error before it compiled."""
        return read_compile(self._case.request.written.get(self.task, {}).get(name))

    def _nothing(self) -> FiguresSubject:
        raise CheckFailed(BLANK)

    def _blank(self) -> bool:
        return self._case.request.slots.get(self.task) is SlotStatus.BLANK

    def _checkpoints(self) -> tuple[Checkpoint, ...]:
        return self._case.checkpoints_until(self.task)

    def _checkpoint(self) -> Checkpoint:
        return self._checkpoints()[-1]

    @staticmethod
    def _after(checkpoints: Sequence[Checkpoint], since: str | None) -> Sequence[Checkpoint]:
        tasks = [checkpoint.task for checkpoint in checkpoints]
        return checkpoints[tasks.index(since) + 1 :] if since in tasks else checkpoints

    def _value(self, name: str) -> Value:
        names = self._checkpoint().names
        if name in names:
            return names[name]
        if self._blank():
            raise CheckFailed(BLANK, f"A variable called `{name}`.")
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.75)
        hint = self._case.request.notes.get(self.task)  # a name is suggested only where the cause is unknown
        if hint is None and near:
            hint = f"There is `{near[0][:SHOWN]}`: is that the same one, spelled differently?"
        raise CheckFailed(f"There is no `{name}` after this step.", f"A variable called `{name}`.", hint)

    def _model(self, name: str) -> ModelValue:
        value = self._value(name)
        if isinstance(value, ModelValue):
            return value
        hint = None
        if isinstance(value, HistoryValue):
            hint = f"`{name} = {name}.fit(…)` puts the history in the model's place: keep it under another name."
        elif isinstance(value, ScalarValue) and value.value is None:
            hint = "`compile` and `add` return None: call them on a line of their own, without `=`."
        raise CheckFailed(f"`{name}` is {describe(value)}.", "A Keras model.", hint)

    def _outputs(self, model: str, prepared: str) -> Array:
        """Return predictions; where there are none through the student's own mistake, fail with the reason."""
        asked = read_reconstruction(prepared)
        if self._case.artifacts.model(self._model(model)).texts and count_texts(self._value(prepared)):
            return self._case.outputs(self.task, model, prepared)
        array = self.array(asked.array if asked else prepared).value
        record = self._case.artifacts.model(self._model(model))
        require_usable(model, record, prepared, array)
        return self._case.outputs(self.task, model, prepared)
