"""Artifact folders: what is read, and that junk costs only itself."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.artifacts import (
    ArrayValue,
    HistoryValue,
    ModelValue,
    OtherValue,
    ScalarValue,
    SequenceValue,
    Validation,
    read,
)
from autograder.artifacts.sampling import sample_indices
from autograder.errors import ArtifactError
from autograder.workspace.artifact_folder import FolderSource

KEY = "0123456789abcdef"


class Memory:
    """A source in memory."""

    def __init__(self, **files: bytes) -> None:
        self.files = {name.replace("__", "-").replace("_dot_", "."): data for name, data in files.items()}

    def names(self) -> tuple[str, ...]:
        return tuple(self.files)

    def read(self, name: str, limit: int) -> bytes:
        if len(self.files[name]) > limit:
            raise ArtifactError("too large.")
        return self.files[name]


def npz(**arrays: Any) -> bytes:
    memory = io.BytesIO()
    np.savez(memory, **arrays)
    return memory.getvalue()


def checkpoints(*lines: Any, **files: bytes) -> Memory:
    text = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    return Memory(checkpoints_dot_jsonl=text, **files)


def array(**changes: Any) -> dict[str, Any]:
    return {"kind": "array", "type": "numpy.ndarray", "shape": [1000, 3], "dtype": "float32", "min": 0.0, "max": 1,
            "mean": 0.5, "std": "nan", "nan": 2, "inf": 0, "fingerprint": "ab", "rows": "a0", "file": 1, **changes}


INDICES = sample_indices(KEY, 1000, 64)
WHOLE = np.arange(3000, dtype=np.float32).reshape(1000, 3)
ROWS = npz(a0=WHOLE[INDICES], a1=np.zeros((64, 4), np.float32), a2=np.zeros((64, 3), np.float64))


def test_arrays_come_with_their_rows() -> None:
    artifacts = read(checkpoints({"task": "reshape", "cell": 3, "names": {"X": array()}}, rows__1_dot_npz=ROWS),
                     sampling_key=KEY)
    value = artifacts.checkpoints["reshape"].names["X"]
    assert isinstance(value, ArrayValue)
    assert value.rows is not None and value.indices is not None
    assert np.array_equal(value.rows, WHOLE[value.indices])
    assert (value.shape, value.dtype, value.maximum, value.nan) == ((1000, 3), "float32", 1.0, 2)
    assert value.deviation is not None and np.isnan(value.deviation)
    assert artifacts.problems == ()


@pytest.mark.parametrize("changes", [
    {"rows": "a1"}, {"rows": "a2"}, {"rows": "a9"}, {"file": 2}, {"shape": [63, 3]}, {"shape": [1000, 4]},
    {"dtype": "int64"}, {"shape": []},
])
def test_rows_that_do_not_fit_are_left_out_and_said(changes: dict[str, Any]) -> None:
    source = checkpoints({"task": "t", "names": {"X": array(**changes)}}, rows__1_dot_npz=ROWS)
    artifacts = read(source, sampling_key=KEY)
    value = artifacts.checkpoints["t"].names["X"]
    assert isinstance(value, ArrayValue) and value.rows is None and value.indices is None
    assert artifacts.problems


JUNK: list[Any] = [None, 7, "x", [], {}, {"kind": "array"}, {"kind": "array", "shape": [-1], "dtype": "f"},
                   {"kind": "array", "shape": ["1"], "dtype": "f"}, {"kind": "array", "shape": [True], "dtype": "f"},
                   {"kind": "model", "model": "../1", "version": 1}, {"kind": "model", "model": -1, "version": 1},
                   {"kind": ["array"]}, {"kind": "scalar", "value": [1]}, {"kind": "text", "value": 3}, {"kind": "new"}]


@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_junk_in_one_value_costs_that_value(junk: Any) -> None:
    artifacts = read(checkpoints({"task": "t", "names": {"bad": junk, "good": {"kind": "scalar", "value": 3}}}),
                     sampling_key=KEY)
    assert artifacts.checkpoints["t"].names == {
        "bad": OtherValue(type="unreadable"), "good": ScalarValue(type="unknown", value=3)}
    assert "bad" in artifacts.problems[0]


def test_junk_in_a_line_costs_that_line() -> None:
    artifacts = read(checkpoints(b"nonsense", [1], {"task": 3}, {"task": "a"}, {"task": "a", "cell": 9},
                                 b'{"task": "b", "names": {}', {"task": "c", "names": [], "fits": {}}),
                     sampling_key=KEY)
    assert list(artifacts.checkpoints) == ["a", "c"]
    assert artifacts.checkpoints["a"].cell is None
    assert len(artifacts.problems) == 5


def test_values_inside_values() -> None:
    deep: Any = {"kind": "scalar", "type": "int", "value": 1}
    for _ in range(9):
        deep = {"kind": "sequence", "type": "list", "length": 1, "items": [deep]}
    names = {"losses": {"kind": "sequence", "type": "tuple", "length": 900, "items": [
        {"kind": "scalar", "type": "float", "value": "nan"}, 5]}, "deep": deep,
        "history": {"kind": "history", "model": 1, "fit": 2, "history": {"loss": [1, "nan", None, 0.5], "x": 3}}}
    seen = read(checkpoints({"task": "t", "names": names}), sampling_key=KEY).checkpoints["t"].names
    losses, history = seen["losses"], seen["history"]
    assert isinstance(losses, SequenceValue) and losses.length == 900 and losses.type == "tuple"
    assert losses.items[1] == OtherValue(type="unreadable")
    assert isinstance(history, HistoryValue)
    assert history.history["loss"][0] == 1.0 and len(history.history["loss"]) == 3 and history.history["x"] == ()


def test_fits_and_evaluations_add_up_in_order() -> None:
    ref = {"fingerprint": "ab", "shape": [6000, 784], "dtype": "float32"}
    fit = {"model": 1, "cell": 4, "x": ref, "y": {"type": "tf.data.Dataset"}, "batch_size": 128, "epochs": 1,
           "validation": {"split": 0.2}, "callbacks": ["EarlyStopping", 3], "completed": True, "shuffle": True,
           "history": {"loss": [2.3]}, "steps": 47}
    artifacts = read(checkpoints(
        {"task": "a", "fits": [{"fit": 1, **fit}], "evaluations": [{"model": 1, "result": [0.5, "inf"]}]},
        {"task": "b", "fits": [{"fit": 2, **fit, "validation": {"x": ref, "y": ref}}, {"fit": "x"}, 3]},
        {"task": "c", "evaluations": [{"model": 1, "result": 0.25}, {"model": 1, "result": {"loss": 1}}, {}]},
    ), sampling_key=KEY)
    assert [item.fit for item in artifacts.fits] == [1, 2]
    assert [item.fit for item in artifacts.fits_before("a")] == [1]
    assert [item.fit for item in artifacts.fits_before("c")] == [1, 2]
    assert artifacts.fits_before("unknown") == ()
    first, second = artifacts.fits
    assert first.validation == Validation(split=0.2) and first.callbacks == ("EarlyStopping",)
    assert first.x.shape == (6000, 784) and first.y.type == "tf.data.Dataset" and first.y.shape is None
    assert second.validation is not None and second.validation.x == first.x
    assert [item.result for item in artifacts.evaluations] == [(0.5, float("inf")), (0.25,), (1.0,)]
    assert len(artifacts.evaluations_before("b")) == 1
    assert len(artifacts.problems) == 2


def test_a_model_without_files_is_a_record_that_says_so() -> None:
    artifacts = read(checkpoints({"task": "t"}), sampling_key=KEY)
    record = artifacts.model(ModelValue(model=1, version=2))
    assert record.unsupported == "The model's configuration was not recorded or cannot be read."
    assert (record.model, record.version, record.total_parameters) == (1, 2, 0)
    assert artifacts.probe(record) is None
    with pytest.raises(ArtifactError, match=r"weights-1-2\.npz"):
        artifacts.weights(record)


@pytest.mark.parametrize("arrays", [
    {}, {"x": np.zeros((3, 2))}, {"x": np.zeros((3, 2)), "y": np.zeros((2, 1))}, {"x": np.zeros(()), "y": np.zeros(())},
    {"x": np.array(["a"]), "y": np.zeros(1)}, {"x": np.zeros((5000, 1)), "y": np.zeros((5000, 1))},
])
def test_probes_that_prove_nothing_are_not_used(arrays: dict[str, Any]) -> None:
    artifacts = read(checkpoints({"task": "t"}, probe__1__1_dot_npz=npz(**arrays)), sampling_key=KEY)
    assert artifacts.probe(artifacts.model(ModelValue(model=1, version=1))) is None
    assert any("probe-1-1" in problem for problem in artifacts.problems)


def test_weights_come_in_the_order_of_their_numbers() -> None:
    arrays = {f"w{i}": np.full(1, i, np.float32) for i in reversed(range(12))}
    artifacts = read(checkpoints({"task": "t"}, weights__1__1_dot_npz=npz(**arrays)), sampling_key=KEY)
    record = artifacts.model(ModelValue(model=1, version=1))
    assert [float(item[0]) for item in artifacts.weights(record)] == list(range(12))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4) | st.sampled_from(
        ["array", "scalar", "text", "sequence", "mapping", "model", "history", "function", "figure", "other", "a0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["kind", "type", "shape", "dtype", "rows", "file", "value", "items", "length", "model", "version", "fit", "x",
         "history", "parameters", "name", "callbacks", "validation", "split", "result", "min", "epochs"]), inner),
    max_leaves=20))
def test_any_line_is_read_or_left_out(junk: Any) -> None:
    names = {"a": junk, "b": {"kind": "array", "shape": [1000, 3], "dtype": "float32", "rows": junk}}
    line = {"task": "t", "names": names,
            "fits": [junk, {"fit": 1, "model": 1, "x": junk, "validation": junk, "callbacks": junk, "history": junk}],
            "evaluations": [junk, {"model": 1, "result": junk}]}
    artifacts = read(checkpoints(line, junk, rows__1_dot_npz=ROWS), sampling_key=KEY)
    assert set(artifacts.checkpoints["t"].names) == {"a", "b"}


def test_a_folder_is_read_without_following_anything(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("labels")
    folder = tmp_path / "artifacts"
    folder.mkdir()
    (folder / "fine").write_bytes(b"12345")
    (folder / "link").symlink_to(secret)
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe")
    source = FolderSource(folder)
    assert source.names() == ("fine",)
    assert source.read("fine", 5) == b"12345"
    for name in ("link", "folder", "pipe", "missing", "../secret", "folder/../fine", "", ".", "..", "a\0b"):
        with pytest.raises(ArtifactError, match=r"\.$"):
            source.read(name, 100)
    with pytest.raises(ArtifactError, match="at most 4 bytes"):
        source.read("fine", 4)
    assert FolderSource(tmp_path / "nowhere").names() == ()
