"""Which rows are for training, for testing and withheld, drawn as `course.yml` says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array
from autograder.course import DatasetSettings
from autograder.data.data_set import DataSet, Indices, Kind, fingerprint
from autograder.errors import DataError

MAX_CLASSES = 1_000
"""Whole numbers with more different values are amounts, not classes."""
OF_TEST, OF_ALL = 0.5, 0.2
"""Shares that are withheld where `course.yml` names none."""
MIN_ROWS = 2
"""Fewer rows on either side would make a figure of chance."""


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """The rows that students have, as positions in the rows of a `Raw`; test rows may be repeated."""

    train: Indices
    test: Indices


@dataclass(frozen=True, kw_only=True)
class Raw:
    """A data set as its file has it, before any row is withheld.

    Attributes:
        kind, columns: as in `DataSet`.
        train: rows and labels for training; None: the data has no test part, and all rows are in ``test``.
        test: rows and labels.
        marks: column of the table that marks rows → whether it marks each; for data without a test part.
        write: writes the files for students, with the chosen rows only.
        answers: as in `DataSet`.
    """

    kind: Kind
    train: tuple[Array, Array] | None
    test: tuple[Array, Array]
    columns: tuple[str, ...] = ()
    marks: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    write: Callable[[Path, Chosen], None]
    answers: str | None = None


def divide(name: str, settings: DatasetSettings, raw: Raw, *, declared: str | None = None) -> DataSet:
    """Return the data set with its division into training, test and withheld rows.

    Args:
        name: of the data set, or that of a stand-in.
        declared: its name in `course.yml`, for sentences.

    Raises:
        DataError: the file has a test part and the entry divides it too, or there are too few rows.
    """
    place = f"datasets.{declared or name}"
    rows, labels = raw.test
    train, test = _parts(place, settings, raw)
    divided = raw.train is not None or settings.test is not None
    withheld, replaced = _withhold(place, settings, raw, test, divided=divided)
    source = raw.train if raw.train is not None else (rows[train], labels[train])
    arrays = {"x_train": source[0] if divided else rows, "y_train": source[1] if divided else labels,
              "x_test": rows[test], "y_test": labels[test]}

    def write(folder: Path, made: DataSet) -> None:
        shown = test[made.shown]
        raw.write(folder, Chosen(train=train if made.divided else shown, test=shown))

    made_of = fingerprint(arrays, raw.kind, raw.columns, withheld.tolist(), replaced, divided)
    return DataSet(name=name, fingerprint=made_of, arrays=arrays, kind=raw.kind, columns=raw.columns,
                   withheld=withheld, replaced=replaced, divided=divided, answers=raw.answers, write=write)


def _parts(place: str, settings: DatasetSettings, raw: Raw) -> tuple[Indices, Indices]:
    """Return the positions of training rows and of test rows; without a division all are test rows."""
    labels, rule = raw.test[1], settings.test
    test = np.arange(len(labels))
    if raw.train is not None:
        if rule is not None:
            raise DataError(f"{place}.test in course.yml divides the rows, but {settings.source} has a test part of "
                            "its own; remove 'test'.")
        return np.arange(len(raw.train[1])), test
    if rule is None:
        return test[:0], test
    marked = raw.marks.get(rule.column) if rule.column else None
    test = _draw(f"{place}.test", labels, marked, None, rule.share, rule.seed, stratify=rule.stratify)
    return np.setdiff1d(np.arange(len(labels)), test), test


def _withhold(place: str, settings: DatasetSettings, raw: Raw, test: Indices, *, divided: bool) -> tuple[Indices, bool]:
    """Return which of the test rows are withheld, and whether copies take their places."""
    rule = settings.holdout
    replaced = (rule.how or ("replace" if raw.answers else "remove")) == "replace"
    if replaced and not divided:
        raise DataError(f"{place}.holdout.how in course.yml is replace, but without a test part copies would be rows "
                        "to train on; write remove, or add 'test'.")
    marked = raw.marks[rule.column][test] if rule.column else None
    share = rule.share or (OF_TEST if divided else OF_ALL)
    return _draw(f"{place}.holdout", raw.test[1][test], marked, rule.rows, share, rule.seed,
                 stratify=rule.stratify), replaced


def _draw(place: str, labels: Array, marked: NDArray[np.bool_] | None, rows: tuple[int, ...] | None, share: float,
          seed: int, *, stratify: bool) -> Indices:
    """Return the positions of marked, named or drawn rows, sorted.

    Raises:
        DataError: a row that is not there, or too few rows on one side.
    """
    total = len(labels)
    if rows is not None and (wrong := [row for row in rows if not 0 <= row < total]):
        raise DataError(f"{place}.rows in course.yml names the row {wrong[0]}, but there are {total:,} rows, counted "
                        "from 0; correct it.")
    if marked is not None:
        chosen = np.flatnonzero(marked)
    elif rows is not None:
        chosen = np.unique(np.asarray(rows, np.int64))
    else:
        chosen = _sample(labels, share, seed, stratify=stratify)
    if not MIN_ROWS <= len(chosen) <= total - MIN_ROWS:
        raise DataError(f"{place} in course.yml takes {len(chosen):,} of {total:,} rows, but at least {MIN_ROWS} "
                        "have to "
                        "be on either side; choose another part, or add rows.")
    return np.asarray(chosen, np.int64)


def _sample(labels: Array, share: float, seed: int, *, stratify: bool) -> Indices:
    """Draw a share of the rows, the same of each class; NumPy's frozen generator draws the same rows everywhere."""
    random = np.random.RandomState(seed)
    groups = [np.arange(len(labels))]
    if stratify and labels.dtype.kind in "iub" and len(classes := np.unique(labels)) <= MAX_CLASSES:
        groups = [np.flatnonzero(labels == one) for one in classes]
    order = [(place + 0.5) / len(group) for group in groups for place in range(len(group))]
    shuffled = np.concatenate([random.permutation(group) for group in groups])
    # The rows whose place in their class comes first: the total is exact, and each class has its share of it.
    first = np.argsort(np.asarray(order), kind="stable")[: round(share * len(labels))]
    return np.sort(shuffled[first]).astype(np.int64)
