"""Assertions about tables of pandas with columns of several kinds."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.artifacts import Array, ArrayValue, MappingValue, SequenceValue, Value, mapping_of
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.vocabulary.answers import read_number
from autograder.checks.vocabulary.arrays import ArraySubject
from autograder.checks.vocabulary.subject import Subject, describe, listed, measured
from autograder.checks.vocabulary.texts import TextsSubject, texts_of


class TableSubject(Subject):
    """A table, by its columns.

    Args:
        places: length → the places at which texts are sampled.
    """

    def __init__(self, name: str, value: MappingValue, evidence: Evidence, places: Callable[[int], Array]) -> None:
        super().__init__(name, evidence)
        self._columns = value.items
        self._places = places

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of all columns, in their order."""
        return tuple(self._columns)

    @measured
    def has_columns(self, *names: str) -> None:
        """At least these columns exist."""
        missing = [name for name in names if name not in self._columns]
        if missing:
            raise CheckFailed(f"{self.quoted} has no column {listed(missing)}.", f"The columns {listed(names)}.")

    @measured
    def lacks_columns(self, *names: str) -> None:
        """None of these columns is left: for what must not be an input, such as the answer."""
        left = [name for name in names if name in self._columns]
        if left:
            raise CheckFailed(f"{self.quoted} still has the column {listed(left)}.", "A table without it.",
                              "`drop(columns=[…])` returns a new table: is its result stored?")

    @measured
    def has_length(self, rows: int) -> None:
        """The table has this many rows.

        Raises:
            CheckFailed: it has another number.
            Unjudged: no column's length was recorded.
        """
        seen = {length for column in self._columns.values() if (length := _length(column)) is not None}
        if not seen and self._columns:
            raise Unjudged(f"The rows of {self.quoted} could not be counted; a person will look at it.",
                           "no column of it was recorded")
        if seen != {rows}:
            raise CheckFailed(f"{self.quoted} has {max(seen, default=0):,} rows.", f"{rows:,}.")

    def column(self, name: str) -> ArraySubject:
        """Return a column of numbers, as an array; fails where there is none of this name."""
        self.has_columns(name)
        shown, value = f"{self.name}[{name!r}]", self._columns[name]
        if isinstance(value, SequenceValue) and value.items and value.length == len(value.items):
            value = _as_array(shown, value)
        if not isinstance(value, ArrayValue):
            raise CheckFailed(f"`{shown}` is {describe(value)}.", "A column of numbers.")
        return ArraySubject(shown, value, self.evidence)

    def texts(self, name: str) -> TextsSubject:
        """Return a column of texts; fails where there is none of this name."""
        self.has_columns(name)
        return texts_of(f"{self.name}[{name!r}]", self._columns[name], self.evidence, self._places)


def table_of(name: str, value: Value, evidence: Evidence, places: Callable[[int], Array]) -> TableSubject:
    """Return the table that a value is.

    Raises:
        CheckFailed: it is something else.
        Unjudged: it is a table, but its columns were not recorded.
    """
    found = mapping_of(value)
    if found is not None:
        return TableSubject(name, found, evidence, places)
    if getattr(value, "type", "").startswith("pandas."):
        raise Unjudged(f"The columns of `{name}` could not be read; a person will look at it.",
                       f"{describe(value)} without recorded columns")
    raise CheckFailed(f"`{name}` is {describe(value)}.", "A table of pandas.")


def _length(column: Value) -> int | None:
    """Return the rows of a column; None where what it holds was not recorded."""
    if isinstance(column, ArrayValue) and column.shape:
        return column.shape[0]
    return column.length if isinstance(column, SequenceValue) else None


def _as_array(name: str, value: SequenceValue) -> ArrayValue:
    """Return a short column, all of whose numbers were recorded."""
    rows = np.array([read_number(f"{name}[{place}]", item) for place, item in enumerate(value.items)])
    return ArrayValue(type=value.type, shape=rows.shape, dtype=rows.dtype.name, nan=0, inf=0, rows=rows,
                      indices=np.arange(len(rows)))
