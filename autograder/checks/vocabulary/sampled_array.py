"""What every assertion about an array needs first: its sampled rows, and the original rows at the same positions."""

from __future__ import annotations

import numpy as np

from autograder.artifacts import Array, ArrayValue
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.vocabulary.subject import Subject, shape_text
from autograder.errors import CheckError


class SampledArray(Subject):
    """An array of which some rows were recorded; what could not be read is withheld here."""

    def __init__(self, name: str, value: ArrayValue, evidence: Evidence, *, returned: bool = False) -> None:
        super().__init__(name, evidence)
        self.value = value
        self._returned = returned  # by a call: its size then depends only on the student's code

    def values(self) -> Array:
        """Return the whole array, for a check's own arithmetic: of at most as many rows as were sampled, or returned
        by a call.

        Raises:
            CheckFailed: it is empty, or holds no numbers, or a call returned more than artifacts keep.
            CheckError: it has more rows than the artifacts keep.
        """
        rows = self._numbers()
        if len(rows) != self.value.shape[0] and self._returned:
            raise CheckFailed(f"{self.quoted} returned an array of shape {shape_text(self.value.shape)}.",
                              "As many rows as the call gives it to work on.",
                              "Does the function use its argument, rather than an array from outside?")
        if len(rows) != self.value.shape[0]:
            raise CheckError(f"{self.quoted} has {self.value.shape[0]:,} rows, of which {len(rows)} were sampled; "
                             "whole arrays are kept of few rows, or of calls.")
        return rows

    def known_rows(self) -> tuple[Array, Array, int]:
        """Return the sampled rows, their positions, and the number of all rows."""
        rows = self._numbers()
        indices = self.value.indices
        return rows, np.arange(len(rows)) if indices is None else indices, self.value.shape[0]

    def _rows(self) -> Array:
        """Return the sampled rows; an array that should have some and has none is unjudged."""
        if self.value.rows is None:
            if 0 in self.value.shape or not self.value.shape:
                raise CheckFailed(
                    f"{self.quoted} is empty: its shape is {shape_text(self.value.shape)}.", "An array with rows."
                )
            if kind_of(self.value.dtype) not in "fiub":
                raise CheckFailed(
                    f"{self.quoted} holds values of type {self.value.dtype[:40]}.", "An array of numbers."
                )
            raise Unjudged(f"The values of {self.quoted} could not be read; a person will look at it.",
                           "the artifacts hold no sampled rows of this array")
        return self.value.rows

    def _numbers(self) -> Array:
        rows = self._rows()
        if rows.dtype.kind not in "fiub":
            raise CheckFailed(f"{self.quoted} holds values of type {self.value.dtype[:40]}.", "An array of numbers.")
        if rows.size == 0:
            raise CheckFailed(
                f"{self.quoted} is empty: its shape is {shape_text(self.value.shape)}.", "An array with rows."
            )
        return rows

    def _matching(self, raw: Array) -> Array:
        """Return the rows of ``raw`` at the sampled indices."""
        indices = self.value.indices
        if indices is None:
            raise Unjudged(
                f"The values of {self.quoted} could not be read; a person will look at it.", "no sampled indices"
            )
        if self.value.shape[0] > len(raw):
            raise CheckFailed(f"{self.quoted} has {self.value.shape[0]:,} rows.", f"At most {len(raw):,} rows.",
                              "Is one array appended to another?")
        return np.asarray(raw[indices])

def kind_of(dtype: str) -> str:
    """Return NumPy's letter for a type of numbers: ``f``, ``i``, ``u``, ``b``; ``O`` for anything else."""
    try:
        return np.dtype(dtype).kind
    except TypeError:
        return "f" if dtype.startswith(("bfloat", "float8")) else "O"
