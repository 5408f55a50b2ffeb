"""Preparation of tables: recovered column by column, and refused where it is something else."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.artifacts import recover, recover_table

RANDOM = np.random.RandomState(8)
RAW = np.stack([RANDOM.randint(18, 80, 64), RANDOM.randint(0, 2, 64), np.round(RANDOM.uniform(1e4, 9e4, 64), 2),
                RANDOM.normal(0, 1e-3, 64)], axis=1)
SCALED = (RAW - RAW.mean(axis=0)) / RAW.std(axis=0)


@pytest.mark.parametrize("rows", [
    RAW, SCALED, SCALED.astype("float32"), RAW[:, [2, 0]], 1 - RAW[:, [1]], np.concatenate([SCALED, RAW], axis=1),
    RAW[:, [0, 1]].astype("int64"), np.concatenate([SCALED, np.ones((64, 1))], axis=1),
], ids=["raw", "scaled", "float32", "chosen", "inverted", "both", "whole", "constant"])
def test_what_was_done_to_each_column_is_found_and_repeated(rows: np.ndarray) -> None:
    found = recover_table(rows[:32], RAW[:32])
    assert found is not None
    assert np.allclose(found.apply(RAW), rows, rtol=1e-4, atol=1e-4 * np.abs(rows).max(axis=0))


@pytest.mark.parametrize("rows", [
    SCALED[::-1], np.log(np.abs(RAW) + 1), RAW[:, [0]] * RAW[:, [2]], np.where(RAW > 50, 50, RAW)[:, [0]],
    np.full((64, 2), np.nan), np.zeros((64, 3)),
], ids=["order", "logarithm", "product", "cut", "nan", "constant"])
def test_other_preparations_are_not_guessed(rows: np.ndarray) -> None:
    assert recover_table(rows, RAW) is None


def test_a_small_column_is_not_lost_next_to_a_large_one() -> None:
    """One tolerance for all columns would take any noise in the small one for rounding."""
    wrong = RAW.copy()
    wrong[:, 3] = wrong[::-1, 3]
    assert recover(wrong, RAW) is not None
    assert recover_table(wrong, RAW) is None


def test_a_column_with_gaps_is_left_out() -> None:
    raw = RAW.copy()
    raw[3, 0] = np.nan
    assert recover_table(raw[:, [2, 3]], raw) is not None
    assert recover_table(np.nan_to_num(raw), raw) is None


def test_a_rare_category_that_changes_in_one_half_of_the_rows_is_found() -> None:
    for place in (3, 4):
        raw = np.concatenate([RAW, (np.arange(64) == place)[:, None]], axis=1)
        rows = (raw - raw.mean(axis=0)) / raw.std(axis=0)
        found = recover_table(rows, raw)
        assert found is not None and found.columns == (0, 1, 2, 3, 4)
        assert np.allclose(found.apply(raw), rows, rtol=1e-4, atol=1e-4)
        moved = rows.copy()
        moved[:, 4] = np.roll(moved[:, 4], 1)
        assert recover_table(moved, raw) is None


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]])
def test_of_yes_and_no_the_column_is_found_that_the_student_meant(order: list[int]) -> None:
    yes = RANDOM.randint(0, 2, 300).astype(float)
    raw = np.stack([RANDOM.uniform(size=300), yes, 1 - yes], axis=1)
    scaled = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    for start in range(0, 200, 20):
        found = recover_table(scaled[start : start + 64, order], raw[start : start + 64])
        assert found is not None and list(found.columns) == order and min(found.scale) > 0


def test_large_numbers_that_vary_little_may_have_been_read_as_float32() -> None:
    raw = np.stack([1e6 + RANDOM.uniform(0, 50, 64), RANDOM.uniform(0, 1, 64)], axis=1)
    read = raw.astype("float32")
    found = recover_table((read - read.mean(axis=0)) / read.std(axis=0), raw)
    assert found is not None and np.allclose(np.array(found.scale) * raw.std(axis=0), 1, atol=1e-3)
    assert recover_table(np.round((raw - raw.mean(axis=0)) / raw.std(axis=0), 1), raw) is None


def test_columns_of_one_number_are_no_place_for_weights() -> None:
    """A model could multiply its inputs by them, and no budget of parameters would count them."""
    bias, weights = np.ones((64, 1)), np.tile(RANDOM.normal(size=200), (64, 1))
    assert recover_table(np.concatenate([SCALED, bias], axis=1), RAW) is not None
    assert recover_table(np.concatenate([SCALED, weights], axis=1), RAW) is None
