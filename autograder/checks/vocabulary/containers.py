"""Assertions about strings, functions, lists of numbers and dicts that the student stores under a name."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.artifacts import Array, ArrayValue, FunctionValue, MappingValue, SequenceValue, TextValue, Value
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.vocabulary import confusion
from autograder.checks.vocabulary.answers import NumberSubject, read_number
from autograder.checks.vocabulary.arrays import ArraySubject
from autograder.checks.vocabulary.listed import numbers_of
from autograder.checks.vocabulary.subject import Subject, describe, listed, measured, number_text, shape_text

ITEMS = 200
"""How many items of a list or dict the record holds."""


class TextSubject(Subject):
    """A string that the student stored."""

    def __init__(self, name: str, value: TextValue, evidence: Evidence) -> None:
        super().__init__(name, evidence)
        self.value = value.value

    @measured
    def is_one_of(self, *words: str, choices: Sequence[str] = ()) -> None:
        """The text is one of these words, in upper or lower case, ignoring surrounding blanks; the message names none.

        Args:
            choices: all possible answers, which the message does name.
        """
        seen = self.value.strip().casefold()
        if seen in (word.casefold() for word in words):
            return
        known = not choices or seen in (choice.casefold() for choice in choices)
        expected = "A different answer." if known else f"One of {listed([repr(choice) for choice in choices])}."
        raise CheckFailed(f"{self.quoted} is {self.value[:60]!r}.", expected)


class FunctionSubject(Subject):
    """A function that the student wrote."""

    def __init__(self, name: str, value: FunctionValue, evidence: Evidence) -> None:
        super().__init__(name, evidence)
        self.parameters = value.parameters

    @measured
    def takes(self, *names: str) -> None:
        """The function has at least these parameters."""
        missing = [name for name in names if name not in self.parameters]
        if missing:
            shown = f"{self.name}({', '.join(self.parameters)})"
            raise CheckFailed(f"The function is `{shown[:200]}`.", f"A parameter called {listed(missing)}.",
                              "Keep the line with `def` as it was given.")


class SequenceSubject(Subject):
    """A list, tuple or one-dimensional array of numbers."""

    def __init__(self, name: str, value: Value, evidence: Evidence) -> None:
        super().__init__(name, evidence)
        self._values, self._positions, self.length = _numbers(name, value, evidence)

    @property
    def values(self) -> tuple[float, ...]:
        """All numbers, or those sampled from a longer array."""
        return tuple(map(float, self._values))

    @measured
    def has_length(self, length: int) -> None:
        """The sequence has this many numbers."""
        if self.length != length:
            raise CheckFailed(f"{self.quoted} has {self.length:,} numbers.", f"{length:,} numbers.")

    @measured
    def is_about(self, values: Sequence[float], tolerance: float) -> None:
        """Every number lies within ``tolerance`` of its counterpart; the message does not reveal the answer."""
        if self.length != len(values):
            raise CheckFailed(f"{self.quoted} has {self.length:,} numbers.", f"{len(values):,} numbers.")
        wanted = np.asarray(values, dtype=np.float64)[self._positions]
        wrong = np.flatnonzero(~(np.abs(self._values - wanted) <= tolerance + 1e-12))
        if wrong.size:
            place = int(wrong[0])
            raise CheckFailed(f"Number {int(self._positions[place])} of {self.quoted}, counted from 0, is "
                              f"{number_text(float(self._values[place]))}.",
                              f"Another number, to within {number_text(tolerance)}.")

    @measured
    def lies_between(self, low: float, high: float) -> None:
        """Every number lies in this closed range."""
        for value in self.values:
            if not low <= value <= high:
                raise CheckFailed(f"{self.quoted} contains {number_text(value)}.",
                                  f"Numbers from {number_text(low)} to {number_text(high)}.")

    @measured
    def is_sensitivity_of(self, matrix: ArraySubject, labels: Array | None = None) -> None:
        """As of an array: number i is the share of class i that was recognised, by the student's confusion matrix."""
        problem = confusion.not_sensitivity(self.quoted, self._values, matrix.quoted, matrix.values(), labels)
        if problem is not None:
            raise CheckFailed(*problem)

    def known_rows(self) -> tuple[Array, Array, int]:
        """Return the known numbers, their positions, and the number of all."""
        return self._values, self._positions, self.length


class MappingSubject(Subject):
    """A dict that the student stored, its keys as strings."""

    def __init__(self, name: str, value: MappingValue, evidence: Evidence) -> None:
        super().__init__(name, evidence)
        self.items = dict(value.items)
        self.length = value.length

    @property
    def keys(self) -> tuple[str, ...]:
        """All keys as text, at most 200."""
        return tuple(self.items)

    @measured
    def has_keys(self, *keys: str) -> None:
        """At least these keys exist."""
        missing = [key for key in keys if key not in self.items]
        if missing:
            raise CheckFailed(f"{self.quoted} has no {listed(missing)}.", f"The keys {listed(keys)}.")

    def number(self, key: str) -> NumberSubject:
        """Return the number under a key; fails where there is none."""
        self.has_keys(key)
        name = f"{self.name}[{key!r}]"
        return NumberSubject(name, read_number(name, self.items[key]), self.evidence)

    def numbers(self) -> dict[str, float]:
        """Return all values as numbers; fails where one is not a number."""
        return {key: self.number(key).value for key in self.items}


def _is_cut(value: Value) -> bool:
    """Whether a list was too long to be recorded item by item, or holds lists or arrays of numbers."""
    if not isinstance(value, SequenceValue) or value.type in ("set", "frozenset"):
        return False
    return len(value.items) < value.length or any(
        isinstance(item, (SequenceValue, ArrayValue)) for item in value.items)


def _numbers(name: str, value: Value, evidence: Evidence) -> tuple[Array, Array, int]:
    """Return the numbers of a sequence, their positions, and how many there are.

    Raises:
        CheckFailed: it is something else, or holds something else than finite numbers.
        Unjudged: its values were not kept.
    """
    wanted = "A list of numbers."
    # What was recorded item by item is reported item by item: "`errors[2]` is text".
    array = numbers_of(name, value) if _is_cut(value) else value
    if isinstance(array, ArrayValue):
        subject = ArraySubject(name, array, evidence)
        if array.shape and max(array.shape) != int(np.prod(array.shape)):
            raise CheckFailed(f"`{name}` has shape {shape_text(array.shape)}.", "One axis of numbers.")
        rows, positions, length = subject.known_rows()
        if length == 1:
            rows = rows.reshape(-1)
            positions, length = np.arange(len(rows)), len(rows)
        return rows.reshape(-1).astype(np.float64), positions, length
    if not isinstance(value, SequenceValue) or value.type in ("set", "frozenset"):
        hint = "A set has no order: use a list." if isinstance(value, SequenceValue) else None
        raise CheckFailed(f"`{name}` is {describe(value)}.", wanted, hint)
    if not value.items:
        raise CheckFailed(f"`{name}` is empty.", wanted)
    if len(value.items) < value.length:
        for place, item in enumerate(value.items):
            read_number(f"{name}[{place}]", item)
        raise Unjudged(f"`{name}` is too long to be judged by a machine; a person will look at it.",
                       f"a list of {value.length} items, of which {len(value.items)} were recorded")
    numbers = [read_number(f"{name}[{place}]", item) for place, item in enumerate(value.items)]
    return np.array(numbers), np.arange(len(numbers)), len(numbers)
