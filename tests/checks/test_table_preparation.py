"""Sentences about tables speak of columns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.artifacts import recover_table
from autograder.checks.ground_truth import TableRows
from autograder.checks.vocabulary import table_preparation as tables

RANDOM = np.random.RandomState(5)
TRAIN, TEST = (TableRows.named(np.stack([RANDOM.randint(18, 80, count), RANDOM.randint(0, 2, count),
                                         RANDOM.uniform(1e4, 9e4, count)], axis=1), ("age", "plan=pro", "income"))
               for count in (200, 60))
MEAN, DEVIATION = np.asarray(TRAIN).mean(axis=0), np.asarray(TRAIN).std(axis=0)


def problem(rows: np.ndarray) -> tables.Problem | None:
    found = recover_table(np.asarray(rows), np.asarray(TEST))
    assert found is not None
    return tables.not_standardized_by_column("`X_test`", found, TEST, np.asarray(TEST), np.asarray(TRAIN))


def scaled(rows: Any = TEST) -> np.ndarray:
    return (np.asarray(rows) - MEAN) / DEVIATION


def test_columns_are_standardized_by_the_training_rows() -> None:
    assert problem(scaled()) is None
    kept = scaled()
    kept[:, 1] = TEST[:, 1]
    assert problem(kept) is None  # a category may stay as it is


def test_a_slice_of_a_table_keeps_the_names_of_its_columns() -> None:
    assert TEST[:5].columns == ("age", "plan=pro", "income") and TEST[:, 0].columns == ()


@pytest.mark.parametrize(("column", "changed", "says"), [
    (0, (TEST[:, 0] - TEST[:, 0].mean()) / TEST[:, 0].std(), "The column `age` of `X_test` was standardized with its "
                                                             "own"),
    (2, TEST[:, 2], "The column `income` of `X_test` was not scaled."),
    (2, TEST[:, 2] / 1000, "The column `income` of `X_test` is 0.001 · value"),
])
def test_a_mistake_names_its_column(column: int, changed: np.ndarray, says: str) -> None:
    rows = scaled()
    rows[:, column] = changed
    found = problem(rows)
    assert found is not None and found[0].startswith(says)


def test_unlike_arrays_differ_in_a_column() -> None:
    mine, theirs = recover_table(scaled(), np.asarray(TEST)), recover_table(scaled(TRAIN), np.asarray(TRAIN))
    assert mine is not None and theirs is not None
    assert tables.unlike("`X_test`", "`X_train`", mine, theirs, TEST) is None
    other = scaled()
    other[:, 0] += 1
    moved = recover_table(other, np.asarray(TEST))
    assert moved is not None
    found = tables.unlike("`X_test`", "`X_train`", moved, theirs, TEST)
    assert found is not None and found[0].startswith("The column `age` is in ")


def test_rows_in_another_order_and_gaps_are_recognised() -> None:
    shuffled = tables.not_from_columns("`X`", scaled()[::-1], np.asarray(TEST), TEST)
    assert shuffled[0] == "No column of `X` belongs to a column of the table, row by row."
    gaps = TEST.copy()
    gaps[3, 2] = np.nan
    found = tables.not_from_columns("`X`", scaled(), np.asarray(gaps), gaps)
    assert found[2] == "The column `income` has gaps; how they were filled cannot be seen."


@pytest.mark.parametrize(("rows", "says"), [
    (np.asarray(TEST)[:, ::-1], "has the columns of the table in another order, for example `age`."),
    (scaled(), "has the right rows, but the column `age` is on another scale than in the table."),
    (np.asarray(TEST)[::-1], "No column of `X` belongs to a column of the table, row by row."),
    (np.concatenate([np.asarray(TEST)[:, :2], np.asarray(TEST)[:, 2:] ** 2], axis=1),
     "The column `income` of `X` is not that of the table."),
])
def test_rows_unlike_those_of_a_table_name_a_column_and_no_pixel(rows: np.ndarray, says: str) -> None:
    seen, wanted, hint = tables.unlike_rows("`X`", rows, np.asarray(TEST), TEST)
    assert says in seen and "3 columns" in wanted
    assert not any(word in f"{seen} {wanted} {hint}" for word in ("image", "pixel"))
