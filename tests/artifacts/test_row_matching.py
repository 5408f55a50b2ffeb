"""Rows that a student drew from a table are found again; noise and ambiguous tables are not guessed."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.artifacts import recover_table, row_matching
from autograder.artifacts.row_matching import match_rows

RANDOM = np.random.RandomState(1)
RAW = np.stack([RANDOM.randint(18, 80, 400), RANDOM.randint(0, 2, 400), np.round(RANDOM.uniform(1e4, 9e4, 400), 2)],
               axis=1)
DRAWN = RANDOM.permutation(400)[:300]
SCALED = ((RAW - RAW[DRAWN].mean(axis=0)) / RAW[DRAWN].std(axis=0))[DRAWN]


@pytest.mark.parametrize("rows", [SCALED, SCALED.astype("float32"), -SCALED, SCALED[:, ::-1], RAW[DRAWN]],
                         ids=["scaled", "float32", "inverted", "columns", "raw"])
def test_drawn_rows_are_found_and_their_preparation_recovered(rows: np.ndarray) -> None:
    sampled = np.arange(0, 300, 5)
    found = match_rows(rows[sampled], RAW)
    assert found is not None
    mine, theirs = found
    assert len(mine) >= 50 and np.array_equal(DRAWN[sampled][mine], theirs)
    made = recover_table(rows[sampled][mine], RAW[theirs])
    assert made is not None and np.allclose(made.apply(RAW[DRAWN]), rows, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("rows", [RANDOM.normal(size=(60, 3)), RAW[:60] ** 2, np.zeros((60, 3)), RAW[:60, [1]],
                                  np.full((60, 2), np.nan)], ids=["noise", "squares", "constant", "categories", "nan"])
def test_other_rows_are_not_guessed(rows: np.ndarray) -> None:
    assert match_rows(rows, RAW) is None


def test_a_table_of_equal_steps_says_nothing() -> None:
    """Moved by one step, the sampled rows would fit as well."""
    raw = np.arange(400.0)[:, None]
    assert match_rows(raw[40:300:4], raw) is None


def tries_of(rows: np.ndarray, raw: np.ndarray, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many pairs are looked at until the rows are given up."""
    seen: list[int] = []
    real = row_matching._is_near

    def counted(wanted: np.ndarray, values: np.ndarray, near: float) -> np.ndarray:
        seen.append(len(wanted))
        return real(wanted, values, near)

    monkeypatch.setattr(row_matching, "_is_near", counted)
    assert match_rows(rows, raw) is None
    return sum(seen)


def test_values_that_tell_no_pair_from_another_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """63 values next to the least one fit every pair."""
    rows = np.repeat(np.append(np.arange(63) * 1e-12, 1.0)[:, None], 8, axis=1)
    assert tries_of(rows, np.random.RandomState(0).normal(size=(1000, 8)), monkeypatch) == 0


def test_what_may_be_tried_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_matching, "MOST_TRIES", 50_000)
    raw, rows = RANDOM.normal(size=(900, 12)), RANDOM.normal(size=(64, 12))
    assert 0 < tries_of(rows, raw, monkeypatch) <= 50_000
    assert match_rows(np.sign(rows) * 1.7e308, raw) is None
