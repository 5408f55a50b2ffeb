"""Assertions about arrays: shape, type, values, preparation, one-hot labels."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from autograder.artifacts import Array, recover_table
from autograder.checks import score_formulas
from autograder.checks.outcome import CheckFailed
from autograder.checks.vocabulary import confusion, preparation, score_subjects, table_preparation
from autograder.checks.vocabulary.predictions import PredictedSubject
from autograder.checks.vocabulary.sampled_array import SampledArray, kind_of
from autograder.checks.vocabulary.score_subjects import ScoreSubject
from autograder.checks.vocabulary.shapes import one_hot_hint, shape_hint
from autograder.checks.vocabulary.subject import claimed, measured, number_text, shape_text, whole_shape

Per = Literal["all", "column"]
KINDS = {"floating": "f", "integer": "iu", "boolean": "b"}
NAN_HINT = (
    "NaN often comes from dividing 0 by 0. Some pixels are always 0, so their deviation is 0: "
    "use one mean and one deviation for all pixels."
)


class ArraySubject(SampledArray):
    """An array in the student's notebook, as it was just before the test cell of the check's task."""

    @measured
    def has_shape(self, *shape: int | tuple[int, ...]) -> None:
        """The array has exactly this shape: ``has_shape(6000, 784)``."""
        seen, wanted = self.value.shape, whole_shape(shape)
        if seen == wanted:
            self._rows()
            return
        raise CheckFailed(f"{self.quoted} has shape {shape_text(seen)}.", f"Shape {shape_text(wanted)}.",
                          shape_hint(seen, wanted))

    @measured
    def has_length(self, rows: int) -> None:
        """The first axis, which counts images, has this length."""
        shape = self.value.shape
        if not shape or shape[0] != rows:
            raise CheckFailed(f"{self.quoted} has shape {shape_text(shape)}.", f"{rows:,} rows.",
                              f"A slice keeps the first ones: `{self.name}[:{rows}]`.")
        self._rows()

    @measured
    def has_dtype(self, dtype: str) -> None:
        """The type of the numbers: a name such as ``"float32"``, or ``"floating"``, ``"integer"``, ``"boolean"``."""
        seen = self.value.dtype
        fits = kind_of(seen) in KINDS[dtype] if dtype in KINDS else seen == dtype
        if not fits:
            wanted = f"A {dtype} type." if dtype in KINDS else f"Type {dtype}."
            raise CheckFailed(f"{self.quoted} holds numbers of type {seen[:40]}.", wanted,
                              "`astype` returns a new array: is its result stored under this name?")
        self._rows()  # the reader has compared their type with the claimed one

    @measured
    def is_finite(self) -> None:
        """No NaN and no infinite number: neither in the sampled rows nor by the statistics of the student's process."""
        rows = self._rows()
        nan = bool(self.value.nan) or (rows.dtype.kind == "f" and bool(np.isnan(rows).any()))
        if nan:
            raise CheckFailed(f"{self.quoted} contains NaN (not a number).", "Finite numbers only.", NAN_HINT)
        if self.value.inf or (rows.dtype.kind == "f" and not np.isfinite(rows).all()):
            raise CheckFailed(f"{self.quoted} contains infinite numbers.", "Finite numbers only.",
                              "Infinite numbers come from dividing by 0, or from numbers too large for their type.")

    @measured
    def lies_between(self, low: float, high: float) -> None:
        """All values lie in this closed range."""
        rows = self._numbers()
        least = min(float(rows.min()), math.inf if self.value.minimum is None else self.value.minimum)
        most = max(float(rows.max()), -math.inf if self.value.maximum is None else self.value.maximum)
        if not (low <= least and most <= high):  # NaN lies nowhere
            raise CheckFailed(f"{self.quoted} has values from {number_text(least)} to {number_text(most)}.",
                              f"Values from {number_text(low)} to {number_text(high)}.")

    @measured
    def equals_rows_of(self, raw: Array, tolerance: float = 0.0) -> None:
        """Row i holds the values of ``raw[i]`` in the same order, whatever the shape of a row and the type.

        Args:
            raw: at least as many rows as the array has, e.g. ``data.train_images``.
            tolerance: absolute, for numbers read from text or kept as float32, 0.001 % more; 0: exactly equal.
        """
        rows = self._numbers()
        original = self._matching(raw)
        flat, wanted = rows.reshape(len(rows), -1), original.reshape(len(rows), -1)
        if flat.shape[1] != wanted.shape[1]:
            raise CheckFailed(f"One row of {self.quoted} has {flat.shape[1]} values.",
                              f"{wanted.shape[1]} values, as one original has.", shape_hint(self.value.shape, None))
        # A gap in a table is NaN on both sides.
        if np.array_equal(flat, wanted, equal_nan=True) or (
                tolerance and np.allclose(flat, wanted, rtol=1e-5, atol=tolerance, equal_nan=True)):
            return
        if table_preparation.is_table(raw):
            raise CheckFailed(*table_preparation.unlike_rows(self.quoted, rows, original, raw))
        raise CheckFailed(*preparation.unlike_raw(self.quoted, rows, original))

    @measured
    def is_scaled_copy_of(self, raw: Array, *, per: Per = "all") -> None:
        """Row i is ``scale · raw[i] + shift`` with any one scale and one shift for all values.

        Args:
            raw: what the array was made from, row by row, e.g. ``data.train_images``.
            per: ``"column"``: each column of a table may have its own scale and shift, and columns may be chosen.
        """
        found = self._preparation(raw)
        if table_preparation.is_table(raw):
            if per == "all" and len({(scale, shift) for _, scale, shift in table_preparation.maps(found) if scale}) > 1:
                raise CheckFailed(*table_preparation.own_numbers(self.quoted))
            self._each_column(found, raw)
        elif found.per_feature:
            raise CheckFailed(*preparation.per_pixel(self.quoted))

    @measured
    def is_divided_by(self, divisor: float, raw: Array) -> None:
        """Every value is that of ``raw`` divided by this number: ``is_divided_by(255, data.train_images)``."""
        self.is_scaled_copy_of(raw)
        problem = preparation.not_divided(self.quoted, self._numbers(), self._matching(raw), divisor)
        if problem is not None:
            raise CheckFailed(*problem)

    @measured
    def is_standardized_with_training_statistics(self, raw: Array, training: Array, *, per: Per = "all") -> None:
        """Row i is ``(raw[i] - mean) / deviation`` with the mean and the standard deviation of all training values.

        Args:
            raw: what the array was made from, row by row, e.g. ``data.test_images``.
            training: the raw training images whose statistics count, e.g. ``data.train_images[:6000]``.
            per: ``"column"``: of a table, with the mean and the deviation of each column.
        """
        found = self._preparation(raw)
        own = np.asarray(raw[: self.value.shape[0]])
        if per == "column":
            used = [column for column, scale, _ in table_preparation.maps(found) if scale]
            table_preparation.require_no_gaps(self.quoted, np.asarray(training), raw, used)
            problem = table_preparation.not_standardized_by_column(self.quoted, found, raw, own, np.asarray(training))
            if problem is not None:
                raise CheckFailed(*problem)
            self._each_column(found, raw)
            return
        problem = preparation.not_standardized(self.quoted, found, own, np.asarray(training))
        if problem is not None:
            raise CheckFailed(*problem)

    @measured
    def is_prepared_like(self, other: ArraySubject, raw: Array, other_raw: Array) -> None:
        """Both arrays came from their raw images by the same change of shape and the same scale and shift.

        Args:
            other: usually the training images.
            raw: what this array was made from.
            other_raw: what ``other`` was made from.
        """
        mine, theirs = self._preparation(raw), other._preparation(other_raw)
        if mine.shape != theirs.shape:
            raise CheckFailed(
                f"One row of {self.quoted} has shape {shape_text(mine.shape)}, one of {other.quoted} "
                f"{shape_text(theirs.shape)}.", "The same shape for both.")
        if table_preparation.is_table(raw):
            names, originals = (self.quoted, other.quoted), (self._matching(raw), other._matching(other_raw))
            problem = table_preparation.overwritten(*names, mine, theirs, originals[0], raw) or \
                table_preparation.overwritten(*names[::-1], theirs, mine, originals[1], raw) or \
                table_preparation.unlike(*names, mine, theirs, raw)
            if problem is not None:
                raise CheckFailed(*problem)
            return
        if not mine.matches(theirs):
            raise CheckFailed(
                f"{self.quoted} has values in {preparation.span(mine)}, {other.quoted} in {preparation.span(theirs)} "
                "for the same pixels.", f"{self.quoted} and {other.quoted} prepared in exactly the same way.",
                "Look for a result stored under a misspelt name, or a step done to one of the two only.")

    @measured
    def is_one_hot(self, labels: Array, classes: int) -> None:
        """Row i is 1 at position ``labels[i]`` and 0 elsewhere; any number type.

        Args:
            labels: class numbers, at least as many as the array has rows.
            classes: length of a row.
        """
        shape = self.value.shape
        rows_of = shape_text((shape[0] if shape else 0, classes))
        wanted = f"Shape {rows_of}: one row of {classes} numbers per label, a single 1 in it."
        if len(shape) != 2 or shape[1] != classes:
            raise CheckFailed(f"{self.quoted} has shape {shape_text(shape)}.", wanted, one_hot_hint(shape, classes))
        rows = self._numbers()
        expected = np.eye(classes)[self._matching(labels).astype(np.int64)]
        if np.array_equal(rows, expected):
            return
        if not (np.isin(rows, (0, 1)).all() and (rows.sum(axis=1) == 1).all()):
            raise CheckFailed(f"Some rows of {self.quoted} are not a single 1 among zeros.", wanted,
                              "`keras.utils.to_categorical` makes such rows from class numbers.")
        raise CheckFailed(f"Rows of {self.quoted} have their 1 at another position than the label says.",
                          "The 1 of row i at the position of label i.",
                          "Were they made from the labels of the same rows, in the same order?")

    @measured
    def is_confusion_matrix_of(
        self, predicted: PredictedSubject, labels: Array, classes: int = 10, orientation: str = "rows"
    ) -> None:
        """Entry (i, j) counts the test images of class i that the student's own model takes for class j.

        Args:
            predicted: ``student.model("network").predictions_on(holdout, "X_test")``.
            labels: the true classes, e.g. ``data.test_labels``.
            classes: their number.
            orientation: ``"rows"`` where the true class has to be in the rows, ``"any"`` where either way is right.
        """
        self.has_shape(classes, classes)
        problem = confusion.unlike(self.quoted, self.values(), predicted, labels, either=orientation == "any")
        if problem is not None:
            raise CheckFailed(*problem)

    @measured
    def is_sensitivity_of(self, matrix: ArraySubject, labels: Array | None = None) -> None:
        """Entry i is the share of class i that was recognised, by the student's own confusion matrix.

        Args:
            matrix: ``student.array("confusion")``.
            labels: the true classes; with them a matrix that has the true class in its columns is read that way.
        """
        problem = confusion.not_sensitivity(self.quoted, self.values().reshape(-1), matrix.quoted, matrix.values(),
                                            labels)
        if problem is not None:
            raise CheckFailed(*problem)

    def score(self, name: str, truth: Array, metric: str, *, average: score_formulas.Average = "macro") -> ScoreSubject:
        """Return a score of the predictions in this array, computed by the grader: often of an array that a call
        returned, for inputs that only the grader has.

            answers = student.called("predict_heights", POINTS).array()
            answers.score("r2", HEIGHTS, "heights-r2").reaches_minimum(reference)

        Args:
            name: as of `score_on` of a model; for ``roc_auc``, ``precision``, ``recall`` and ``f1`` one probability per
                row, or one output for each class.
            truth: what is right, one row for each of the array's. Of an array in the notebook with more than 64 rows,
                those that were sampled are compared.
            metric: the name under which calibration records the score.

        Raises:
            CheckFailed: the array has another number of rows, no numbers, or numbers that are not finite.
            CheckError: the grader does not know the score, or the truth does not determine it.
        """
        rows, positions, length = self.known_rows()
        if length != len(truth):
            raise CheckFailed(f"{self.quoted} has {length:,} rows.", f"{len(truth):,} rows, one prediction for each.")
        wanted = np.asarray(truth)[positions]
        kind = score_formulas.KINDS.get(score_formulas.ALIASES.get(name, name))
        if kind is not None and not kind.classes and rows.size != wanted.size:
            raise CheckFailed(f"One row of {self.quoted} has shape {shape_text(rows.shape[1:])}.",
                              f"Shape {shape_text(wanted.shape[1:])}, as the truth has.")
        if rows.dtype.kind == "f" and not np.isfinite(rows).all():
            raise CheckFailed(f"{self.quoted} contains NaN or infinite numbers.", "Finite numbers only.")
        score_subjects.require_one_for_each(name, self.quoted, rows, np.asarray(truth))
        value = score_subjects.compute(name, rows, wanted, average)
        return ScoreSubject(metric, value, self.evidence, what=f"the {kind.words if kind else name} of {self.quoted}",
                            constant=score_subjects.constant_of(name, wanted, average))

    @claimed
    def has_statistics(self, mean: float, deviation: float, tolerance: float = 0.01) -> None:
        """Mean and standard deviation of the whole array, as the student's process computed them."""
        for name, seen, wanted in (("mean", self.value.mean, mean), ("deviation", self.value.deviation, deviation)):
            if seen is None or not abs(seen - wanted) <= tolerance:
                raise CheckFailed(f"{self.quoted} has {name} {number_text(seen)}.",
                                  f"A {name} of {number_text(wanted)} (± {number_text(tolerance)}).")

    def _each_column(self, found: preparation.Preprocessing, raw: Array) -> None:
        problem = table_preparation.not_each_column(self.quoted, found, self._numbers(), self._matching(raw), raw)
        if problem is not None:
            raise CheckFailed(*problem)

    def _preparation(self, raw: Array) -> preparation.Preprocessing:
        rows = self._numbers()
        self.is_finite()
        original = self._matching(raw)
        if table_preparation.is_table(raw):
            found = recover_table(rows, original)
            if found is None:
                table_preparation.require_no_gaps(self.quoted, original, raw)
                raise CheckFailed(*table_preparation.not_from_columns(self.quoted, rows, original, raw))
            return found
        found = preparation.recover(rows, original)
        if found is None:
            raise CheckFailed(*preparation.not_affine(self.quoted, rows, original))
        return found
