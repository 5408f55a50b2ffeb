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
    SequenceValue,
    TextValue,
    Value,
    mapping_of,
)
from autograder.checks.legacy_names import modern_spelling
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.vocabulary.answers import NumberSubject, read_number
from autograder.checks.vocabulary.arrays import ArraySubject
from autograder.checks.vocabulary.callback_subjects import CallbackSubject, find_callback
from autograder.checks.vocabulary.containers import MappingSubject, SequenceSubject, TextSubject
from autograder.checks.vocabulary.listed import numbers_of
from autograder.checks.vocabulary.models import ModelSubject
from autograder.checks.vocabulary.subject import Subject, article, describe, measured

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
        found = mapping_of(value)
        if found is None:
            raise self._other("A dict.")
        return MappingSubject(self.name, found, self.evidence)

    def items(self, count: int | None = None) -> tuple[CalledSubject, ...]:
        """Return the items of a tuple or list that was returned, each to be asked like a result of its own.

            features, labels = student.called("split", TABLE).items(2)
            features.array().has_shape(120, 4)

        Args:
            count: how many there have to be; None: any number.

        Raises:
            CheckFailed: something else was returned, or another number of items.
            Unjudged: the record does not hold all items.
        """
        value, whole = self.value, self._outcome.whole
        if isinstance(value, SequenceValue) and value.type in ("list", "tuple"):
            if count is not None and value.length != count:
                raise CheckFailed(f"{self.quoted} returned {describe(value)}.", f"{count} items.",
                                  "`return a, b` returns two of them.")
            if len(value.items) < value.length:
                raise Unjudged(f"What {self.quoted} returned is too long to be judged by a machine; a person will look "
                               "at it.", f"{value.length} items, of which {len(value.items)} were recorded")
            return tuple(self._part(str(place), item) for place, item in enumerate(value.items))
        if isinstance(value, ArrayValue) and whole is not None and count == len(whole):
            # An array of two rows is unpacked like a tuple of two arrays.
            return tuple(self._part(str(place), ArrayValue(type=value.type, shape=row.shape, dtype=value.dtype), row)
                         if row.ndim else self._part(str(place), ScalarValue(type=value.type, value=row.item()))
                         for place, row in enumerate(whole))
        raise self._other("A tuple." if count is None else f"A tuple of {count} items.")

    def item(self, key: int | str) -> CalledSubject:
        """Return one item of what was returned: by position of a tuple or list, by key of a dict or `Bunch`.

            student.called("prepare", bunch(data=ROWS, target=KINDS)).item("X_train").array().has_shape(120, 4)

        Raises:
            CheckFailed: there is none.
            Unjudged: the record does not hold it.
        """
        value, table = self.value, mapping_of(self.value)
        if table is not None and (isinstance(key, str) or isinstance(value, MappingValue)):
            found = table.items.get(str(key))
            if found is None and len(table.items) < table.length:
                raise Unjudged(f"What {self.quoted} returned is too long to be judged by a machine; a person will look "
                               "at it.", f"{table.length} items, of which {len(table.items)} were recorded")
            if found is None:
                raise CheckFailed(f"{self.quoted} returned a dict without {key!r}.", f"The key {key!r}.")
            return self._part(str(key), found)
        if isinstance(key, str):
            raise self._other("A dict.")
        items = self.items()
        if not -len(items) <= key < len(items):
            raise CheckFailed(f"{self.quoted} returned {describe(value)}.", f"An item at position {key}.")
        return items[key]

    def callback(self, kind: str) -> CallbackSubject:
        """Return the Keras callback of this class that was returned, alone or in a list or tuple.

            student.called("make_callbacks", 5).callback("EarlyStopping").has_settings(patience=5, mode="min")

        Raises:
            CheckFailed: there is none.
            Unjudged: its class only has the name of Keras's.
        """
        value = self.value
        if isinstance(value, ScalarValue) and value.value is None:
            raise self._other(f"{article(kind).capitalize()} {kind} callback.")
        return find_callback(self.name, value, kind, self.evidence)

    def argument(self, place: int | str) -> CalledSubject:
        """Return an argument as the function left it, for functions that change a model or an array in place.

            student.called("compile_model", student_value("network", fresh=True)).argument(0).model()
                .is_compiled_with(optimizer="adam")

        Args:
            place: its position or its name, as in the call: a model, a list, a dict, or an array.

        Raises:
            CheckFailed: the call raised, or it left an array with the values that it had before.
        """
        self.value  # noqa: B018  (fails where the call raised)
        left = self._outcome.arguments.get(str(place))
        if left is None:
            raise CheckFailed(f"{self.quoted} left its argument {place!r} as it was.", "An argument that is changed.",
                              "The function has to change what it is given, not a copy or another variable.")
        name = f"argument {place} after {self.name}" if isinstance(place, int) else f"{place} after {self.name}"
        return CalledSubject(name, left, self.evidence, self._model)

    @measured
    def keeps_argument(self, place: int | str) -> None:
        """The function leaves an array that it is given as it was: ``keeps_argument(0)``.

        Args:
            place: position or name of the array, as in the call.
        """
        self.value  # noqa: B018  (fails where the call raised)
        left = self._outcome.arguments.get(str(place))
        if left is not None and isinstance(left.value, ArrayValue):
            raise CheckFailed(f"{self.quoted} changes its argument {place!r}.", "The given array stays as it is.",
                              "`rows += 1` and `out=rows` write into the given array; `rows + 1` makes a new one.")

    def _part(self, key: str, value: Value, whole: Array | None = None) -> CalledSubject:
        whole = self._outcome.parts.get(key) if whole is None else whole
        shown = key if key.isdecimal() else repr(key)
        return CalledSubject(f"{self.name}[{shown}]", CallOutcome(value=value, whole=whole), self.evidence, self._model)

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
