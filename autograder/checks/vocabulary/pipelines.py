"""Assertions about pipelines of `tf.data`: what one step yields."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.artifacts import DatasetValue, Value
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.vocabulary.arrays import ArraySubject
from autograder.checks.vocabulary.subject import Subject, claimed, describe, listed, shape_text


class DatasetSubject(Subject):
    """A `tf.data.Dataset` in the student's notebook. Nothing is drawn from it, so what it says of itself is a claim;
    rows that it takes from arrays are read from these.
    """

    def __init__(self, name: str, value: DatasetValue, evidence: Evidence) -> None:
        super().__init__(name, evidence)
        self._value = value

    @claimed
    def yields(self, *shapes: Sequence[int | None]) -> None:
        """One step yields parts of these shapes: ``yields((None, 28, 28), (None,))`` for images and labels.

        Args:
            shapes: None fits any length, as of the last batch.
        """
        seen = self._value.shapes
        if None in seen:
            raise Unjudged(f"The shapes of {self.quoted} are unknown before it runs; a person will look at it.",
                           "the dataset does not know the rank of what it yields")
        wanted = f"{listed([shape_text(shape) for shape in shapes])}."
        known = [shape for shape in seen if shape is not None]
        if len(known) != len(shapes) or not all(map(_fits, known, shapes)):
            raise CheckFailed(f"One step of {self.quoted} yields {listed([shape_text(shape) for shape in known])}.",
                              wanted, "`batch` adds the first axis; images and labels go in as a pair.")
        if any(own is None and side is not None for shape, wish in zip(known, shapes, strict=True)
               for own, side in zip(shape, wish, strict=True)):
            raise Unjudged(f"The shapes of {self.quoted} are partly unknown; a person will look at it.",
                           "the dataset leaves an axis open whose length the check names")

    def rows(self, part: int = 0) -> ArraySubject:
        """Return the rows that the dataset yields, as an array before shuffling and batching: ``rows(1)`` are labels.

        Args:
            part: which part of what one step yields, from 0.

        Raises:
            Unjudged: a step of the pipeline computes or chooses rows.
        """
        if not self._value.sources:
            raise Unjudged(f"Which rows {self.quoted} yields is decided while it runs; a person will look at it.",
                           "a step such as map, filter, take or a generator computes or chooses its rows")
        if part >= len(self._value.sources):
            raise CheckFailed(f"One step of {self.quoted} yields {len(self._value.sources)} parts.",
                              f"At least {part + 1}.", "Images and labels go in as a pair.")
        return ArraySubject(f"{self.name}, part {part + 1}", self._value.sources[part], self.evidence)

    @claimed
    def has_dtypes(self, *dtypes: str) -> None:
        """The parts of one step have these types: ``has_dtypes("float32", "int64")``."""
        if self._value.dtypes != dtypes:
            raise CheckFailed(f"One step of {self.quoted} yields {listed(self._value.dtypes)}.", f"{listed(dtypes)}.")

    @claimed
    def has_batch_size(self, size: int) -> None:
        """The rows are yielded in batches of this size.

        Raises:
            Unjudged: a step after batching hides its size.
        """
        seen = self._value.batch_size
        if seen is None and all(shape and shape[0] is not None for shape in self._value.shapes):
            seen = next((shape[0] for shape in self._value.shapes if shape), None)
        if seen is None:
            raise Unjudged(f"The batch size of {self.quoted} could not be read; a person will look at it.",
                           "no step of the pipeline that was recorded says it")
        if seen != size:
            raise CheckFailed(f"{self.quoted} yields batches of {seen}.", f"Batches of {size}.")

    @claimed
    def has_steps(self, count: int) -> None:
        """One pass yields this many elements, which are batches where the pipeline batches.

        Raises:
            Unjudged: the number is unknown, as after `filter`.
        """
        if self._value.steps is None:
            raise Unjudged(f"The length of {self.quoted} is unknown; a person will look at it.",
                           "the dataset has no known cardinality")
        if self._value.steps != count:
            raise CheckFailed(f"{self.quoted} yields {self._value.steps:,} elements.", f"{count:,}.")


def dataset_of(name: str, value: Value, evidence: Evidence) -> DatasetSubject:
    """Return the dataset that a value is; fails for anything else."""
    if isinstance(value, DatasetValue):
        return DatasetSubject(name, value, evidence)
    raise CheckFailed(f"`{name}` is {describe(value)}.", "A `tf.data.Dataset`.")


def _fits(seen: Sequence[int | None], wanted: Sequence[int | None]) -> bool:
    return len(seen) == len(wanted) and all(own is None or side is None or own == side
                                            for own, side in zip(seen, wanted, strict=True))
