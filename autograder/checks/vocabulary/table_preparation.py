"""Explains in words how the columns of a table were prepared, from the recovered maps. Pure.

Each function that returns a ``Problem`` gives (seen, expected, hint) for `CheckFailed`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts import Array
from autograder.artifacts.preprocessing import Preprocessing
from autograder.artifacts.table_preprocessing import (
    ALIKE,
    SINGLE,
    correlations,
    most_columns,
    recover_table,
    unmatched_columns,
)
from autograder.checks.outcome import Unjudged
from autograder.checks.vocabulary.preparation import Problem
from autograder.checks.vocabulary.subject import number_text

SCALE_TOLERANCE = 1e-3
TWICE = 2
MEAN_TOLERANCE = 1e-3
"""As a part of one deviation."""
MOST_COMPARED = 20
"""Columns that are searched for at another place."""
STANDARDIZED = "(value − mean) / deviation in every column, both of that column of the training rows."


def column_name(raw: Array, column: int) -> str:
    """Return what people call a raw column: its name in quotes, else its number."""
    names: Sequence[str] = getattr(raw, "columns", ())
    return f"`{names[column]}`" if column < len(names) else f"number {column + 1}"


def is_table(raw: Array) -> bool:
    """Whether raw rows are those of a table."""
    return raw.ndim == 2


def require_no_gaps(name: str, rows: Array, raw: Array, columns: Sequence[int] | None = None) -> None:
    """Withhold a judgement that depends on how gaps of the table were filled, which nobody can see.

    Args:
        rows: of the table.
        raw: what names the columns.
        columns: those that matter; None: all.

    Raises:
        Unjudged: there are gaps in one of them.
    """
    for column in range(rows.shape[1]) if columns is None else columns:
        if not np.isfinite(rows[:, column].astype(np.float64)).all():
            raise Unjudged(f"The column {column_name(raw, column)} has gaps, and how they were filled in {name} cannot "
                           "be seen, so a person will look at it.", "the check needs a table without gaps")


def own_numbers(name: str) -> Problem:
    """Return the problem of columns that were scaled one by one where one scale for all is expected."""
    return (f"Every column of {name} was scaled with its own numbers.", "One scale and one shift for all "
                                                                        "columns.", None)


def not_from_columns(name: str, rows: Array, original: Array, raw: Array) -> Problem:
    """Return why prepared rows cannot be made from a table column by column."""
    wanted = f"Row i of {name} made from row i of the table: each column from one column, by a scale and a shift."
    if rows.ndim != 2:
        return f"{name} has rows of shape {rows.shape[1:]}.", wanted, "A table stays two-dimensional: rows and columns."
    if rows.shape[1] > most_columns(original.shape[1]):
        return f"{name} has {rows.shape[1]:,} columns.", wanted, f"The table has {original.shape[1]:,}."
    failed = unmatched_columns(rows, original)
    if len(failed) == rows.shape[1]:
        return (f"No column of {name} belongs to a column of the table, row by row.", wanted,
                "Were the rows shuffled or sorted, or are they other rows?")
    return (f"Column {failed[0] + 1 if failed else 1} of {name} is not a scaled column of the table.", wanted,
            "Was it combined with another column, rounded, or cut?")


def unlike_rows(name: str, rows: Array, original: Array, raw: Array) -> Problem:
    """Return why rows differ from those of a table, in words about its columns; ``rows`` has as many values per row.

    Args:
        original: the rows of the table at the same positions.
        raw: the whole table, which names the columns.
    """
    wanted = f"Row i of {name} is row i of the table: {original.shape[1]} columns, in this order and unchanged."
    flat, numbers = rows.reshape(len(rows), -1).astype(np.float64), original.astype(np.float64)
    wrong = [place for place in range(numbers.shape[1]) if not _same(flat[:, place], numbers[:, place])]
    called = column_name(raw, wrong[0]) if wrong else column_name(raw, 0)
    found = recover_table(flat, numbers)
    if found is not None and found.columns == tuple(range(numbers.shape[1])):
        return (f"{name} has the right rows, but the column {called} is on another scale than in the table.", wanted,
                "Scaling comes in a later step. Did a cell run twice?")
    if len(wrong) == numbers.shape[1] > 1 and not any(_same(flat[:, 0], numbers[:, place]) for place in wrong):
        seen, _, hint = not_from_columns(name, flat, original, raw)
        return seen, wanted, hint
    if all(any(_same(flat[:, other], numbers[:, place]) for other in wrong) for place in wrong[:MOST_COMPARED]):
        return f"{name} has the columns of the table in another order, for example {called}.", wanted, None
    return (f"The column {called} of {name} is not that of the table.", wanted,
            "Look at the first row: which number is not as in the table?")


def _same(column: Array, other: Array) -> bool:
    return bool(np.allclose(column, other, rtol=1e-5, atol=1e-6))


def not_standardized_by_column(name: str, found: Preprocessing, raw: Array, own: Array, training: Array
                               ) -> Problem | None:
    """Return why columns are not standardized by the training rows' statistics, None where they are.

    A column of zeros and ones, which categories are, may stay as it is.

    Args:
        found: the recovered maps.
        raw: what names the columns.
        own: the rows of the table that this array was made from.
        training: the rows whose statistics count.
    """
    for column, scale, shift in maps(found):
        values = training[:, column].astype(np.float64)
        mean, deviation = float(values.mean()), float(values.std())
        if scale == 0.0 or deviation == 0.0 or _fits(scale, shift, mean, deviation):
            continue
        plain = abs(scale - 1) < SCALE_TOLERANCE and abs(shift) < MEAN_TOLERANCE
        if plain and np.isin(values, (0, 1)).all():
            continue
        called = column_name(raw, column)
        if plain:
            return f"The column {called} of {name} was not scaled.", STANDARDIZED, None
        own_values = own[:, column].astype(np.float64)
        own_mean, own_deviation = float(own_values.mean()), float(own_values.std())
        if own_deviation and _fits(scale, shift, own_mean, own_deviation):
            return (f"The column {called} of {name} was standardized with its own mean ({number_text(own_mean)}).",
                    f"The mean ({number_text(mean)}) and the deviation ({number_text(deviation)}) of the training "
                    "rows.",
                    "Use the training statistics for both: the model must see new rows on the scale it learned.")
        return (f"The column {called} of {name} is {number_text(scale)} · value {'−' if shift < 0 else '+'} "
                f"{number_text(abs(shift))}.", STANDARDIZED, "Statistics are those of one column: `mean(axis=0)`.")
    return None


def not_each_column(name: str, found: Preprocessing, rows: Array, original: Array, raw: Array) -> Problem | None:
    """Return which column was overwritten, or repeated in place of another one; None where there is none.

    Args:
        found: the recovered maps.
        rows, original: the sampled rows and those of the table that they were made from.
        raw: what names the columns.
    """
    wanted = f"Each column of the table in {name}."
    moving = _moving(original)
    still = [place for place, (_, scale, _) in enumerate(maps(found)) if scale == 0.0]
    more = max(0, rows.shape[1] - original.shape[1])
    if len(still) > int((~moving).sum()) + more:
        return (f"Column {still[0] + 1} of {name} is {number_text(float(rows[0, still[0]]))} in every row that we "
                "looked at.", wanted, "Was it overwritten?")
    used = Counter(column for column, scale, _ in maps(found) if scale != 0.0)
    if not used or max(used.values()) < TWICE:
        return None
    known = np.where(moving, original.astype(np.float64), 0.0)
    alike = np.abs(correlations(known, known)) >= 1 - ALIKE  # as yes and no are
    for column in (one for one, count in used.items() if count >= TWICE):
        twins = np.flatnonzero(alike[column] & moving).tolist()
        if sum(used[one] for one in twins) > len(twins) + more:
            return f"{used[column]} columns of {name} are the column {column_name(raw, column)}.", wanted, None
    return None


def _moving(original: Array) -> NDArray[np.bool_]:
    """Return which columns have no gaps and change."""
    numbers = original.astype(np.float64)
    known = np.isfinite(numbers).all(axis=0)
    found: NDArray[np.bool_] = np.asarray(known & (np.ptp(np.where(known, numbers, 0.0), axis=0) > 0))
    return found


def overwritten(name: str, other_name: str, mine: Preprocessing, theirs: Preprocessing, original: Array, raw: Array
                ) -> Problem | None:
    """Return which column is one number in an array although it changes in the table and in another array.

    Args:
        original: the rows of the table that the first array's sampled rows were made from.
        raw: what names the columns.
    """
    moving = _moving(original)
    for (_, scale, shift), (column, other_scale, _) in zip(maps(mine), maps(theirs), strict=True):
        if scale == 0.0 and other_scale != 0.0 and moving[column]:
            return (f"The column {column_name(raw, column)} is {number_text(shift)} in every row of {name} that we "
                    "looked at.", f"{name} and {other_name} prepared in exactly the same way.", "Was it overwritten?")
    return None


def unlike(name: str, other_name: str, mine: Preprocessing, theirs: Preprocessing, raw: Array) -> Problem | None:
    """Return in which column two arrays were prepared differently, None where they are alike."""
    wanted = f"{name} and {other_name} prepared in exactly the same way."
    for (column, scale, shift), (other, other_scale, other_shift) in zip(maps(mine), maps(theirs), strict=True):
        called = column_name(raw, column)
        if scale == 0.0 or other_scale == 0.0:
            continue  # it never changed in the sampled rows: nothing is known about it
        if column != other:
            return f"{name} has the column {called} where {other_name} has {column_name(raw, other)}.", wanted, None
        low, high = float(np.nanmin(raw[:, column])), float(np.nanmax(raw[:, column]))
        ends = (scale * low + shift, scale * high + shift), (other_scale * low + other_shift,
                                                             other_scale * high + other_shift)
        spread = max(abs(ends[0][1] - ends[0][0]), 1e-30)
        if max(abs(one - two) for one, two in zip(*ends, strict=True)) > 1e-3 * spread:
            return (f"The column {called} is in {number_text(ends[0][0])} to {number_text(ends[0][1])} in {name}, in "
                    f"{number_text(ends[1][0])} to {number_text(ends[1][1])} in {other_name}, for the same "
                    "values.", wanted,
                    "Fit the scaling on the training rows once, and apply it to both.")
    return None


def maps(found: Preprocessing) -> Iterator[tuple[int, float, float]]:
    """Yield raw column, scale and shift of each prepared column."""
    count = found.shape[0]
    columns = found.columns or tuple(range(count))
    scale, shift = (part if len(part) == count else part * count for part in (found.scale, found.shift))
    yield from zip(columns, scale, shift, strict=True)


def _fits(scale: float, shift: float, mean: float, deviation: float) -> bool:
    """Whether a map is standardization by these statistics; by those of a sample (n − 1) too, up to a rounding."""
    room = MEAN_TOLERANCE + abs(mean * scale) * SINGLE  # the digits of a mean that was computed as float32
    return abs(scale * deviation - 1) <= SCALE_TOLERANCE and abs(shift + mean * scale) <= room
