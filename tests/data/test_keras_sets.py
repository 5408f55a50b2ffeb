"""Data sets of Keras: its own `load_data()` reads the files that students get, in the order that the grader knows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from autograder.course import KERAS_NAMES, DatasetSettings
from autograder.data import Places, Prepared, prepare
from autograder.data.declared_sets import Declared
from autograder.data.keras_sets import FORMS, read_keras_set
from autograder.errors import DataError

QUICK = ("boston_housing", "reuters")
_ASK = """
import json, sys
import numpy as np
from autograder.sandbox.child.student import datasets
name, path = sys.argv[1:3]
datasets.answer({name: path})
import keras
raw = {"start_char": None, "index_from": 0, "oov_char": None, "num_words": 10**9}
options = raw if name in ("imdb", "reuters") else {}
(x, y), (u, v) = getattr(keras.datasets, name).load_data(**options)
pad = lambda row: np.pad(np.asarray(row[-400:]), (400 - len(row[-400:]), 0))
last = (lambda rows: np.stack([pad(row) for row in rows])) if options else np.asarray
np.savez(sys.argv[3], x_train=last(x), y_train=np.ravel(y), x_test=last(u), y_test=np.ravel(v))
"""


def made(name: str, cache: Path) -> tuple[Declared, Prepared]:
    one = Declared(name="own", settings=DatasetSettings.model_validate({"keras": name}))
    return one, prepare(one.stand_in(Places(course=cache, folders=(), cache=cache)), cache)


@pytest.mark.slow
@pytest.mark.parametrize("name", [
    pytest.param(name, marks=() if name in QUICK else pytest.mark.rotates(part=5)) for name in KERAS_NAMES])
def test_keras_loads_what_the_grader_prepared(name: str, tmp_path: Path) -> None:
    _, prepared = made(name, tmp_path)
    out = tmp_path / "loaded.npz"
    subprocess.run([sys.executable, "-c", _ASK, name, str(prepared.student), str(out)], check=True, capture_output=True)
    with np.load(out) as loaded:
        for array, path in (("x_train", prepared.train_images), ("y_train", prepared.train_labels),
                            ("x_test", prepared.test_images), ("y_test", prepared.test_labels)):
            assert np.array_equal(loaded[array], np.load(path)), array
    assert prepared.visible == FORMS[name].test // 2 and prepared.answers == name


def test_withheld_rows_are_replaced_so_that_shapes_stay(tmp_path: Path) -> None:
    _, prepared = made("boston_housing", tmp_path)
    with np.load(prepared.student / "boston_housing.npz") as file:
        shown = {row.tobytes() for row in file["x"]}
    evaluated = np.load(prepared.evaluation_images)
    assert not shown & {row.tobytes() for row in evaluated[prepared.visible :]}
    assert {row.tobytes() for row in evaluated[: prepared.visible]} <= shown
    assert len(np.load(prepared.test_images)) == 102 and json.loads((prepared.student.parent / "form.json").read_text())


@pytest.mark.parametrize(("arrays", "says"), [
    ({}, "missing"),
    ({"x_train": np.zeros((404, 13)), "y_train": np.zeros(404), "x_test": np.zeros((102, 12)), "y_test": np.zeros(102)},
     "x_test has the shape (102, 12)"),
    ({"x_train": np.zeros((404, 13)), "y_train": np.zeros(400), "x_test": np.zeros((102, 13)), "y_test": np.zeros(102)},
     "400 labels instead of 404"),
])
def test_another_file_is_refused(tmp_path: Path, arrays: dict[str, np.ndarray], says: str) -> None:
    path = tmp_path / "boston_housing.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]  # NumPy's stub takes names for options
    with pytest.raises(DataError) as caught:
        read_keras_set("boston_housing", path)
    assert says in str(caught.value) and "autograder data fetch" in str(caught.value)
