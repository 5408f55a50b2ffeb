"""Which questions to a model of a table can be asked, and how often rows are looked for."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.artifacts import ArrayValue, ModelValue
from autograder.artifacts.prediction_files import Question
from autograder.pipeline.reading import planning

RANDOM = np.random.RandomState(6)
TABLE = RANDOM.uniform(0, 9, (200, 3))


def found(rows: np.ndarray) -> Any:
    """Return artifacts with a model and an array of which the first 32 rows were sampled."""
    array = ArrayValue(type="numpy.ndarray", shape=rows.shape, dtype="float64", nan=0, inf=0, rows=rows[:32],
                       indices=np.arange(32))
    names = {"net": ModelValue(model=1, version=1), "other": ModelValue(model=2, version=1), "X": array}
    return SimpleNamespace(checkpoints={"fit": SimpleNamespace(names=names)},
                           model=lambda value: SimpleNamespace(model=value.model, texts=None, unsupported=None))


def ask(folder: Path, table: np.ndarray, rows: np.ndarray, model: str = "net", maps: Any = None) -> Question | str:
    np.save(folder / "test.npy", table[:160])
    np.save(folder / "evaluated.npy", table)
    asked = planning.Asked(keys=(), test_images=folder / "test.npy", images=folder / "evaluated.npy")
    return planning._question(asked, found(rows), ("fit", model, "X"), {} if maps is None else maps)


@pytest.mark.parametrize("place", [3, 60, 190], ids=["sampled", "seen", "withheld"])
def test_a_column_that_has_gaps_is_left_to_a_person_wherever_they_are(tmp_path: Path, place: int) -> None:
    """The model would be evaluated on NaN and answer NaN, although the student's rows were filled."""
    table = TABLE.copy()
    table[place, 1] = np.nan
    filled = np.nan_to_num(table[:160], nan=4.5) / 2
    assert isinstance(ask(tmp_path, table, filled), str)
    rest = ask(tmp_path, table, filled[:, [2, 0]])
    assert isinstance(rest, Question) and rest.preprocessing is not None and rest.preprocessing.columns == (2, 0)


def test_rows_of_one_array_are_looked_for_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(planning, "match_rows", lambda rows, raw: looked.append(len(raw)))
    maps: planning.Maps = {}
    for model in ("net", "other"):
        assert isinstance(ask(tmp_path, TABLE, TABLE[:160] ** 2, model, maps), str)
    assert looked == [160]
    assert isinstance(ask(tmp_path, TABLE, TABLE[:160] * 3, "net", maps), Question) and len(maps) == 2
