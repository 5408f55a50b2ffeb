"""Assertions about what a student's function returned when the grader called it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.artifacts import (
    Array,
    ArrayValue,
    CallOutcome,
    MappingValue,
    ModelValue,
    OtherValue,
    ScalarValue,
    TextValue,
    Value,
)
from autograder.checks.legacy_names import modern_spelling
from autograder.checks.outcome import CheckFailed, Evidence
from autograder.checks.vocabulary.answers import NumberSubject, read_number
from autograder.checks.vocabulary.arrays import ArraySubject
from autograder.checks.vocabulary.containers import MappingSubject, SequenceSubject, TextSubject
from autograder.checks.vocabulary.listed import numbers_of
from autograder.checks.vocabulary.models import ModelSubject
from autograder.checks.vocabulary.subject import Subject, describe

RETURN = "A `return` at the end of the function returns the result."


class CalledSubject(Subject):
    """What one call returned; asking for the wrong kind of value fails.

    Args:
        name: the call as it is written in code.
        model: creates the subject for a model that was returned.
    """

    def __init__(
        self, name: str, outcome: CallOutcome, evidence: Evidence, model: Callable[[str, ModelValue], ModelSubject],
    ) -> None:
        super().__init__(name, evidence)
        self._outcome = outcome
        self._model = model

    @property
    def value(self) -> Value:
        """What was returned, as plain data; fails where the call raised."""
        if self._outcome.missing:
            raise CheckFailed(f"{self.quoted} could not be called: there is no such function after this step.",
                              "A function of this name.")
        if self._outcome.error is not None:
            hint = modern_spelling(self._outcome.error)
            if hint is None and not self._outcome.error.startswith("NameError"):
                hint = "The function has to work with what it is given, wherever it is called."
            raise CheckFailed(f"{self.quoted} raised {self._outcome.error}", "A call without an error.", hint)
        return self._outcome.value or OtherValue(type="unknown")

    def model(self) -> ModelSubject:
        """Return the Keras model that was returned."""
        value = self.value
        if not isinstance(value, ModelValue):
            raise self._other("A Keras model.")
        return self._model(self.name, value)

    def array(self) -> ArraySubject:
        """Return the array (or list of numbers) that was returned: whole, up to 20,000 numbers."""
        value, whole = self.value, self._outcome.whole
        if whole is not None:
            return ArraySubject(self.name, _whole(whole), self.evidence)
        array = numbers_of(self.name, value)
        if array is None:
            raise self._other("An array.")
        return ArraySubject(self.name, array, self.evidence, returned=True)

    def number(self) -> NumberSubject:
        """Return the number that was returned."""
        value = self.value
        if isinstance(value, ScalarValue) and value.value is None:
            raise self._other("One number.")
        return NumberSubject(self.name, read_number(self.name, value), self.evidence)

    def text(self) -> TextSubject:
        """Return the text that was returned."""
        value = self.value
        if not isinstance(value, TextValue):
            raise self._other("A text.")
        return TextSubject(self.name, value, self.evidence)

    def sequence(self) -> SequenceSubject:
        """Return the list, tuple or one-dimensional array of numbers that was returned."""
        value, whole = self.value, self._outcome.whole
        return SequenceSubject(self.name, value if whole is None else _whole(whole), self.evidence)

    def mapping(self) -> MappingSubject:
        """Return the dict that was returned."""
        value = self.value
        if not isinstance(value, MappingValue):
            raise self._other("A dict.")
        return MappingSubject(self.name, value, self.evidence)

    def _other(self, expected: str) -> CheckFailed:
        value = self.value
        nothing = isinstance(value, ScalarValue) and value.value is None
        return CheckFailed(f"{self.quoted} returned {describe(value)}.", expected, RETURN if nothing else None)


def _whole(array: Array) -> ArrayValue:
    """Return a whole array as a value with all its rows, and statistics that the grader computed."""
    numbers = array.astype(np.float64)
    finite = numbers[np.isfinite(numbers)]
    return ArrayValue(
        type="numpy.ndarray", shape=array.shape, dtype=array.dtype.name,
        minimum=float(finite.min()) if finite.size else None, maximum=float(finite.max()) if finite.size else None,
        mean=float(finite.mean()) if finite.size else None, deviation=float(finite.std()) if finite.size else None,
        nan=int(np.isnan(numbers).sum()), inf=int(np.isinf(numbers).sum()),
        rows=array, indices=np.arange(len(array)),
    )
