"""Tables: a ``.csv`` file as the numbers that models can be evaluated on, and copies of it with fewer rows."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array
from autograder.course import DatasetSettings
from autograder.data.divide import Chosen, Raw
from autograder.data.text_arrays import text_array
from autograder.errors import DataError

MAX_BYTES = 128 << 20
MAX_ROWS = 1_000_000
MAX_COLUMNS = 1_000
MAX_CATEGORIES = 100
"""A column of texts with more different ones is no category: its values are not among the numbers."""
_YES = ("1", "true", "yes", "test", "holdout")


@dataclass(frozen=True, kw_only=True)
class Table:
    """The texts of a table: one per column and row."""

    header: tuple[str, ...]
    rows: list[list[str]]

    def column(self, name: str) -> list[str]:
        """Return the values of one column."""
        place = self.header.index(name)
        return [row[place] for row in self.rows]


def read_table(name: str, settings: DatasetSettings, path: Path) -> Raw:
    """Return a table as numbers: a column of numbers as it is, a column of texts as one column per text, 0 or 1.

    Args:
        name: of the data set; students find ``<name>.csv``, or ``<name>-train.csv`` and ``<name>-test.csv``.

    Raises:
        DataError: it cannot be read, is too large, or has not the columns that `course.yml` names.
    """
    table = _read(path)
    hidden = [rule.column for rule in (settings.test, settings.holdout) if rule is not None and rule.column]
    label = str(settings.label)
    for column in (label, *([settings.text] if settings.text else []), *hidden):
        if column not in table.header:
            raise DataError(f"datasets.{name} in course.yml names the column {column!r}, but {path.name} has "
                            f"{', '.join(table.header)[:200]}; correct the name or the file.")
    if settings.text:
        rows, columns = text_array(table.column(settings.text), path.name), tuple[str, ...]()
    else:
        rows, columns = _all_numbers(table, (label, *hidden), path)
    labels = _labels(label, table.column(label), path)
    marks = {column: np.array([value.strip().lower() in _YES for value in table.column(column)]) for column in hidden}

    def write(folder: Path, chosen: Chosen) -> None:
        if settings.test is None:
            _write(table, hidden, folder / f"{name}.csv", chosen.test)
        else:
            _write(table, hidden, folder / f"{name}-train.csv", chosen.train)
            _write(table, hidden, folder / f"{name}-test.csv", chosen.test)

    return Raw(kind="texts" if settings.text else "table", train=None, test=(rows, labels), columns=columns,
               marks=marks, write=write)


def _read(path: Path) -> Table:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataError(f"{path.name} may have at most {MAX_BYTES >> 20} MiB, but has "
                            f"{path.stat().st_size >> 20}; keep fewer rows.")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            lines = [row for row in csv.reader(stream) if row]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path.name} was expected to be a table in UTF-8, but it cannot be read ({error}); "
                        "replace it.") from None
    if not lines or len(lines[0]) > MAX_COLUMNS or len(lines) > MAX_ROWS:
        raise DataError(f"{path.name} was expected to have a line of at most {MAX_COLUMNS:,} names and at most "
                        f"{MAX_ROWS:,} rows, but has {len(lines):,} lines; correct it.")
    header = tuple(name.strip() for name in lines[0])
    if len(set(header)) < len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise DataError(f"{path.name} has two columns of the name {twice[:60]!r}, but names have to differ; rename "
                        "one.")
    for number, row in enumerate(lines[1:], 2):
        if len(row) != len(header):
            raise DataError(f"Row {number} of {path.name} has {len(row)} values, but the first line names "
                            f"{len(header)} "
                            "columns; correct it.")
    return Table(header=header, rows=lines[1:])


def _all_numbers(table: Table, others: Sequence[str], path: Path) -> tuple[Array, tuple[str, ...]]:
    """Return the numbers of each row (n, columns), and what each column is; ``others`` are not among them."""
    found = [one for column in table.header if column not in others for one in _numbers(column, table.column(column))]
    if not found:
        raise DataError(f"{path.name} has no column of numbers or categories besides {others[0]!r}, but a model needs "
                        "at least one; add a column, or name the one with the texts as 'text'.")
    return np.stack([values for _, values in found], axis=1), tuple(title for title, _ in found)


def _numbers(column: str, values: Sequence[str]) -> list[tuple[str, NDArray[np.float64]]]:
    """Return one column of numbers, or one per category; none for free texts."""
    found = _as_numbers(values)
    if found is not None:
        return [(column, found)]
    categories = sorted(set(values))
    if len(categories) > MAX_CATEGORIES:
        return []
    places = np.array([categories.index(value) for value in values])
    return [(f"{column}={one}", (places == place).astype(np.float64)) for place, one in enumerate(categories)]


def _as_numbers(values: Sequence[str]) -> NDArray[np.float64] | None:
    """Return the numbers of a column, NaN where nothing is written; None where something else is."""
    try:
        found = np.array([float(value) if value.strip() else math.nan for value in values])
    except ValueError:
        return None
    return found if np.isfinite(found).any() else None


def _labels(label: str, values: Sequence[str], path: Path) -> Array:
    """Return classes as whole numbers (texts in alphabetical order), amounts as they are."""
    found = _as_numbers(values)
    if found is None:
        classes = sorted(set(values))
        if len(classes) > MAX_CATEGORIES:
            raise DataError(f"The column {label!r} of {path.name} has {len(classes):,} different texts, but a label "
                            "is a "
                            f"number or one of at most {MAX_CATEGORIES} texts; name another column.")
        return np.array([classes.index(value) for value in values], np.int64)
    if not np.isfinite(found).all():
        row = int(np.flatnonzero(~np.isfinite(found))[0]) + 2
        raise DataError(f"The column {label!r} of {path.name} has no finite number in line {row}, but every row needs "
                        "its label; fill it in, or remove the row.")
    whole = bool((found == np.round(found)).all() and (np.abs(found) < 2**53).all())
    return found.astype(np.int64) if whole else found


def _write(table: Table, hidden: Sequence[str], path: Path, rows: NDArray[np.int64]) -> None:
    """Write some rows as they were, without the columns that nobody is shown."""
    places = [place for place, name in enumerate(table.header) if name not in hidden]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([table.header[place] for place in places])
        writer.writerows([table.rows[row][place] for place in places] for row in rows.tolist())
