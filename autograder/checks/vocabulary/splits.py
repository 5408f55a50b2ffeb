"""Assertions about how a table was divided: disjoint, complete, in the right shares, whichever rows are where."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from autograder.artifacts import Array
from autograder.artifacts.row_marks import table_marks
from autograder.checks.outcome import CheckFailed, Unjudged
from autograder.checks.vocabulary.sampled_array import SampledArray
from autograder.checks.vocabulary.subject import Subject, claimed, listed, measured, shape_text
from autograder.errors import CheckError
from autograder.model import Basis

_HALF = 1e-3
"""How much a number may change that is rounded to float16, relative to itself."""


class SplitSubject(Subject):
    """Several arrays that together should be the rows of one table."""

    def __init__(self, parts: Sequence[SampledArray]) -> None:
        super().__init__(" and ".join(part.name for part in parts), parts[0].evidence)
        self._parts = tuple(parts)

    @claimed
    def is_split_of(
        self, table: Array, *, train: float | None = None, shares: Sequence[float] = (), stratify: Array | None = None,
    ) -> None:
        """The parts are disjoint and together the whole table: ``is_split_of(TABLE, train=0.8, stratify=KINDS)``.

        Which rows are in which part does not matter. Rows that the grader draws are compared number by number; of the
        others, the marks that the student's process made.

        Args:
            table: all rows, shape (rows, columns), in the numbers that the parts have.
            train: share of the first of two parts, to one row.
            shares: of all parts, where there are more.
            stratify: class of each row of the table; then each part has the same shares of the classes, to one row.

        Raises:
            CheckFailed: rows are missing, in two parts, changed, or in other shares.
            Unjudged: the rows of a part were not recorded: of tables with more than 20,000 rows or 100 columns.
        """
        wanted = tuple(shares) or (() if train is None else (train, 1 - train))
        if wanted and len(wanted) != len(self._parts):
            raise CheckError(f"is_split_of got {len(wanted)} shares for {len(self._parts)} parts; correct the check.")
        rows = _table(table)
        for part in self._parts:
            self._same_columns(part, rows)
        self._complete(rows)
        for part, share in zip(self._parts, wanted, strict=False):
            if abs(part.value.shape[0] - share * len(rows)) > 1:
                raise CheckFailed(f"{part.quoted} has {part.value.shape[0]:,} of the {len(rows):,} rows.",
                                  f"{share:.0%} of them.")
        if stratify is not None:
            self._stratified(rows, np.asarray(stratify))

    @measured
    def carries_labels(self, *labels: SampledArray, table: Array, classes: Array) -> None:
        """Row i of each part still has its own label: ``carries_labels(y_train, y_test, table=TABLE, classes=KINDS)``.

        Args:
            labels: the students' arrays of labels, one for each part, in the same order: numbers, one per row.
            table, classes: all rows and the class of each.
        """
        if len(labels) != len(self._parts):
            raise CheckError(f"carries_labels got {len(labels)} labels for {len(self._parts)} parts; correct it.")
        rows = _table(table)
        for part, own in zip(self._parts, labels, strict=True):
            self._same_columns(part, rows)
            if own.value.shape not in (part.value.shape[:1], (*part.value.shape[:1], 1)):
                raise CheckFailed(f"{part.quoted} has {part.value.shape[0]:,} rows, {own.quoted} has shape "
                                  f"{shape_text(own.value.shape)}.", "One label for each row, as a number.")
            known = _classes_by_mark(_as(rows, part), np.asarray(classes))
            seen, places, _ = part.known_rows()
            given, told, _ = own.known_rows()
            if not np.array_equal(told, places):
                raise Unjudged(f"The labels in {own.quoted} could not be read; a person will look at it.",
                               "other rows were sampled of the labels than of the part")
            for place, mark, label in zip(places.tolist(), table_marks(seen).tolist(), given.reshape(-1).tolist(),
                                          strict=True):
                if float(label) not in known[mark]:
                    raise CheckFailed(f"Row {place} of {part.quoted}, counted from 0, has the label of another row in "
                                      f"{own.quoted}.", "The label of each row at the same position.",
                                      "Split rows and labels in one call, or with the same order.")

    def rows(self, table: Array) -> tuple[Array, ...]:
        """Return all rows of each part in its order, for assertions about what was made from the parts.

            raw_train, raw_test = student.split("rows_train", "rows_test").rows(data.test_images)
            student.array("X_test").is_standardized_with_training_statistics(raw_test, raw_train, per="column")

        Claimed: which rows were not drawn by the grader follows from the marks that the student's process made.

        Args:
            table: all rows, in the numbers that the parts have; names of its columns are kept.

        Raises:
            CheckFailed, Unjudged: as `is_split_of`.
        """
        self.evidence.note(Basis.CLAIMED, "rows of a part")
        whole, found = _table(table), list[Array]()
        for part in self._parts:
            self._same_columns(part, whole)
            places = {mark: place for place, mark in enumerate(table_marks(_as(whole, part)).tolist())}
            positions = [places.get(mark) for mark in self._marks(part).tolist()]
            if None in positions:
                raise CheckFailed(f"Row {positions.index(None)} of {part.quoted}, counted from 0, is no row of the "
                                  "table.", "Rows of the table, unchanged.", "Split first, and scale afterwards.")
            found.append(table[np.asarray(positions, np.int64)])
        return tuple(found)

    def _same_columns(self, part: SampledArray, rows: Array) -> None:
        shape = part.value.shape
        if len(shape) != 2 or shape[1] != rows.shape[1]:
            raise CheckFailed(f"{part.quoted} has shape {shape_text(shape)}.", f"{rows.shape[1]} columns.")
        known = set(table_marks(_as(rows, part)).tolist())
        seen, places, _ = part.known_rows()
        for place, mark in zip(places.tolist(), table_marks(seen).tolist(), strict=True):
            if mark not in known:
                raise CheckFailed(f"Row {place} of {part.quoted}, counted from 0, is no row of the table.",
                                  "Rows of the table, unchanged, with their columns in the same order.",
                                  "Split first, and scale afterwards.")

    def _marks(self, part: SampledArray) -> Array:
        seen, places, length = part.known_rows()
        if len(seen) == length:
            return table_marks(seen)
        marks = part.value.marks
        if marks is None or not np.array_equal(marks[places], table_marks(seen)):
            raise Unjudged(f"The rows of {part.quoted} could not be read; a person will look at it.",
                           "marks of all rows were not recorded, or contradict the sampled rows")
        return marks

    def _complete(self, rows: Array) -> None:
        left: Counter[int] = Counter()
        counts = Counter(table_marks(_as(rows, self._parts[0])).tolist())
        total = sum(part.value.shape[0] for part in self._parts)
        for part in self._parts:
            left.update(_translated(rows, part, self._parts[0], self._marks(part)))
        twice = sum((left - counts).values())
        wrong = sum((counts - left).values())
        parts = listed([part.quoted for part in self._parts])
        if twice:
            raise CheckFailed(f"{twice:,} of the {total:,} rows of {parts} are there twice, or not in the table.",
                              "Each row of the table in exactly one part.",
                              "Rows that a model was trained with say nothing about new ones.")
        if wrong:
            raise CheckFailed(f"{wrong:,} of the {len(rows):,} rows of the table are in none of {parts}.",
                              "Each row of the table in exactly one part.")

    def _stratified(self, rows: Array, classes: Array) -> None:
        every = Counter(classes.tolist())
        for part in self._parts:
            known = _classes_by_mark(_as(rows, part), classes)
            found = [known.get(mark, frozenset()) for mark in self._marks(part).tolist()]
            sure = Counter(next(iter(one)) for one in found if len(one) == 1)
            open_rows = sum(len(one) != 1 for one in found)
            for kind, count in every.items():
                wanted = count * part.value.shape[0] / len(rows)
                if abs(sure[kind] - wanted) > 1 + open_rows:
                    raise CheckFailed(
                        f"{part.quoted} has {sure[kind]:,} rows of class {kind}.",
                        f"{wanted:.0f}, the same share as in the whole table.",
                        "`train_test_split(…, stratify=labels)` keeps the shares of the classes.")


def _table(table: Array) -> Array:
    """Return the rows of a table.

    Raises:
        CheckError: it has not two axes, or something that is no number.
    """
    rows = np.asarray(table)
    if rows.ndim != 2 or not len(rows):
        raise CheckError(f"A split is one of a table of shape (rows, columns), not {shape_text(rows.shape)}; correct "
                         "the check.")
    try:
        return rows if rows.dtype.kind in "fiub" else rows.astype(np.float64)
    except (TypeError, ValueError):
        raise CheckError("A split is one of a table of numbers, but something in the table is none; correct the "
                         "check.") from None


def _as(rows: Array, part: SampledArray) -> Array:
    """Return the table as a part can have it: rounded to float16 where the part is, if that keeps its numbers.

    In a type that does not keep them, different rows would become equal ones and any array a part of the table.
    """
    if part.value.dtype != "float16":
        return rows
    with np.errstate(over="ignore"):
        rounded = rows.astype(np.float16)
    kept = np.allclose(rounded.astype(np.float64), rows, rtol=_HALF, atol=0.0, equal_nan=True)
    return rounded if kept else rows


def _translated(rows: Array, part: SampledArray, first: SampledArray, marks: Array) -> list[int]:
    """Return marks of a part as those of the first part's number type, so that both can be counted together."""
    if part.value.dtype == first.value.dtype:
        found: list[int] = marks.tolist()
        return found
    known = dict(zip(table_marks(_as(rows, part)).tolist(), table_marks(_as(rows, first)).tolist(), strict=True))
    return [known.get(mark, mark) for mark in marks.tolist()]


def _classes_by_mark(rows: Array, classes: Array) -> dict[int, frozenset[float]]:
    found: dict[int, set[float]] = defaultdict(set)
    for mark, kind in zip(table_marks(rows).tolist(), classes.tolist(), strict=True):
        found[mark].add(kind)
    return {mark: frozenset(kinds) for mark, kinds in found.items()}
