"""Sentences about tables speak of columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.artifacts import recover_table
from autograder.checks import CheckFailed, Unjudged
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


def test_how_gaps_were_filled_is_no_evidence_against_anyone(work: Any) -> None:
    gaps, train = TEST.copy(), TRAIN.copy()
    gaps[3, 2] = train[7, 0] = np.nan
    filled = work(X=scaled()).array("X")
    for wanted in (lambda: filled.is_scaled_copy_of(gaps, per="column"),
                   lambda: filled.is_standardized_with_training_statistics(TEST, train, per="column")):
        with pytest.raises(Unjudged, match=r"The column `(income|age)` has gaps"):
            wanted()
    work(X=scaled()[:, 1:]).array("X").is_standardized_with_training_statistics(TEST, train, per="column")


def test_a_wide_array_is_refused_at_once() -> None:
    wide = np.zeros((64, 200_000), np.float32)
    wide[::3] = 1
    assert tables.not_from_columns("`X`", wide, np.asarray(TEST), TEST)[0] == "`X` has 200,000 columns."


def changed(**columns: Any) -> np.ndarray:
    rows = scaled()
    for place, values in columns.items():
        rows[:, int(place[1:])] = values
    return rows


@pytest.mark.parametrize(("rows", "says"), [
    (changed(c1=0.0, c2=0.0), "Column 2 of `X_test` is 0 in every row that we looked at."),
    (changed(c1=scaled()[:, 0], c2=scaled()[:, 0]), "3 columns of `X_test` are the column `age`."),
    (changed(c2=-5.0), "Column 3 of `X_test` is -5 in every row that we looked at."),
], ids=["zeros", "repeated", "constant"])
def test_a_column_that_is_missing_is_not_standardized(work: Any, said: Any, rows: np.ndarray, says: str) -> None:
    array = work(X_test=rows).array("X_test")
    assert said(lambda: array.is_standardized_with_training_statistics(TEST, TRAIN, per="column")).startswith(says)
    assert said(lambda: array.is_scaled_copy_of(TEST, per="column")).startswith(says)


def test_all_columns_in_any_order_are_standardized(work: Any) -> None:
    table = np.concatenate([np.asarray(TEST), 1 - np.asarray(TEST)[:, [1]], np.full((60, 1), 3.0)], axis=1)
    training = np.concatenate([np.asarray(TRAIN), 1 - np.asarray(TRAIN)[:, [1]], np.full((200, 1), 3.0)], axis=1)
    rows = (table - training.mean(axis=0)) / np.where(training.std(axis=0) > 0, training.std(axis=0), 1)
    for order in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [0, 2, 3], [1, 3, 4, 0, 2]):
        array = work(X=rows[:, order]).array("X")
        array.is_standardized_with_training_statistics(table, training, per="column")
        array.is_scaled_copy_of(table, per="column")


def test_gaps_of_a_table_are_the_same_as_gaps(work: Any) -> None:
    table = np.asarray(TEST, np.float64).copy()
    table[3, 2] = table[7, 0] = np.nan
    work(X=table.copy()).array("X").equals_rows_of(table)
    work(X=table.astype("float32")).array("X").equals_rows_of(table, tolerance=1e-3)
    filled = np.nan_to_num(table)
    with pytest.raises(CheckFailed):
        work(X=filled).array("X").equals_rows_of(table)


@pytest.mark.parametrize("flat", ["X_test", "X_train"])
def test_arrays_of_which_one_lost_a_column_are_not_prepared_alike(work: Any, said: Any, flat: str) -> None:
    names = {"X_test": scaled(), "X_train": scaled(TRAIN)}
    made = work(**names)
    made.array("X_test").is_prepared_like(made.array("X_train"), TEST, TRAIN)
    names[flat][:, 2] = 0.0
    made = work(**names)
    message = said(lambda: made.array("X_test").is_prepared_like(made.array("X_train"), TEST, TRAIN))
    assert message.startswith(f"The column `income` is 0 in every row of `{flat}` that we looked at.")


def test_a_category_that_is_missing_in_the_sampled_rows_is_nobodys_mistake(work: Any) -> None:
    test, train = np.array(TEST), np.array(TRAIN)
    test[:, 1] = 0.0
    made = work(X_test=test / 2, X_train=train / 2)
    made.array("X_test").is_prepared_like(made.array("X_train"), test, train)


def random_column(random: np.random.RandomState, rows: int) -> np.ndarray:
    """Return a column as tables have them: amounts, counts, rare categories, long tails, years, one number only."""
    kinds: list[Callable[[], Any]] = [
        lambda: random.normal(random.normal() * 100, 10 ** random.uniform(-3, 4), rows),
        lambda: random.rand(rows) < random.choice([0.5, 0.05, 0.01, 0.003]),
        lambda: random.lognormal(0, random.choice([1, 2, 3]), rows),
        lambda: np.where(random.rand(rows) < 0.95, 0, random.randint(1, 9999, rows)),
        lambda: random.uniform(1e6, 1e6 + 50, rows), lambda: np.full(rows, 3.0),
        lambda: random.randint(1900, 2024, rows), lambda: random.exponential(1e-4, rows)]
    return np.asarray(kinds[random.randint(len(kinds))](), np.float64)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("kind", ["float64", "float32", "read as float32"])
def test_right_preparations_of_any_table_are_accepted(work: Any, seed: int, kind: str) -> None:
    random = np.random.RandomState(seed)
    rows = random.randint(100, 2000)
    table = np.stack([random_column(random, rows) for _ in range(random.randint(2, 12))], axis=1)
    categories = [np.eye(count)[random.randint(0, count, rows)] for count in (3, 2)]
    table = np.concatenate([table, *categories], axis=1)
    train, test = table[: rows * 3 // 4], table[rows * 3 // 4 :]
    mean, deviation = train.mean(axis=0), np.where(train.std(axis=0) > 0, train.std(axis=0), 1)
    order, read = random.permutation(table.shape[1]), "float32" if kind.startswith("read") else "float64"
    made = work(**{name: ((raw.astype(read) - mean.astype(read)) / deviation.astype(read))[:, order].astype(
        kind.split()[-1]) for name, raw in (("X_train", train), ("X_test", test))})
    for name, raw in (("X_train", train), ("X_test", test)):
        made.array(name).is_standardized_with_training_statistics(raw, train, per="column")
    made.array("X_test").is_prepared_like(made.array("X_train"), test, train)


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
