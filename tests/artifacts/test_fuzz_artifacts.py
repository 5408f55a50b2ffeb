"""Real recordings with changes that no honest process makes: a value or an `ArtifactError`, within the limits."""

from __future__ import annotations

import copy
import json
import runpy
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.artifacts import ArrayValue, ModelValue, read, recover
from autograder.artifacts.allowed import LAYERS, MODEL_ALIASES, MODELS, OPERATIONS, PENALTIES, PLAIN_OBJECTS
from autograder.artifacts.architecture import MAX_WHOLE, canonical
from autograder.artifacts.compilation import read_compile
from autograder.artifacts.jsonguard import parse
from autograder.artifacts.layer_spec import layout
from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.artifacts.prediction_files import Answer, Question, plan_predictions, read_predictions
from autograder.artifacts.preprocessing import Preprocessing
from autograder.errors import ArtifactError
from autograder.model import Limits

HERE = Path(__file__).parent
ARRAYS = runpy.run_path(str(HERE / "crafted" / "arrays.py"))
DOCUMENTS = runpy.run_path(str(HERE / "crafted" / "documents.py"))
ARCHIVES = runpy.run_path(str(HERE / "crafted" / "archives.py"))
RECORDING = runpy.run_path(str(HERE / "crafted" / "recording.py"))
FILES: dict[str, bytes] = RECORDING["files"]()
REPLACEMENTS: list[Any] = DOCUMENTS["REPLACEMENTS"]
KEY = "0123456789abcdef"
LIMITS = NpzLimits(packed=1 << 20, unpacked=1 << 20, members=64)
fuzz = settings(max_examples=120, deadline=None, derandomize=True, database=None,
                suppress_health_check=[HealthCheck.too_slow])


class Files:
    """A source in memory."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def names(self) -> tuple[str, ...]:
        return tuple(self._files)

    def read(self, name: str, limit: int) -> bytes:
        if name not in self._files or len(self._files[name]) > limit:
            raise ArtifactError(f"{name} cannot be read.")
        return self._files[name]


def places(document: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value inside a document."""
    found = [path]
    items: Any = document.items() if isinstance(document, dict) else ()
    items = enumerate(document) if isinstance(document, list) else items
    for key, value in items:
        found += places(value, (*path, key))
    return found


def changed(document: Any, edits: list[tuple[int, int, int]]) -> Any:
    """Return a copy with some values replaced, removed, doubled or put under another key."""
    result = copy.deepcopy(document)
    for place, what, kind in edits:
        path = (all_places := places(result))[place % len(all_places)]
        if not path:
            continue
        holder = result
        for key in path[:-1]:
            holder = holder[key]
        value = copy.deepcopy(REPLACEMENTS[what % len(REPLACEMENTS)])
        if kind == 0 or (kind > 1 and isinstance(holder, list)):
            holder[path[-1]] = value
        elif kind == 1:
            del holder[path[-1]]
        elif kind == 2:
            holder[str(value)[:40]] = holder.pop(path[-1])
        else:
            holder[path[-1]] = [holder[path[-1]], holder[path[-1]]]
    return result


def flipped(data: bytes, edits: list[tuple[int, bytes]]) -> bytes:
    """Return bytes with some of them overwritten."""
    result = bytearray(data)
    for place, change in edits:
        start = place % max(1, len(result))
        result[start : start + len(change)] = change
    return bytes(result)


EDITS = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 1 << 16), st.integers(0, 3)), min_size=1, max_size=5)
BYTES = st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=6)), min_size=1, max_size=5)


@pytest.mark.parametrize("name", ARRAYS["NPZ"])
def test_a_crafted_array_is_refused(name: str) -> None:
    with pytest.raises(ArtifactError, match=r"[.]$"):
        read_npz(ARRAYS["NPZ"][name], LIMITS)


def test_members_on_top_of_each_other_are_refused_before_they_are_unpacked() -> None:
    array = ARRAYS["described"]("'<f4'", "(2,)", bytes(8))
    overlapping: Callable[..., bytes] = ARCHIVES["overlapping"]
    assert len(read_npz(overlapping(array, 1, b"w%d.npy"), LIMITS)) == 1
    with pytest.raises(ArtifactError, match="overlap"):
        read_npz(overlapping(array, 60, b"w%d.npy"), LIMITS)


@pytest.mark.parametrize("name", ARCHIVES["uploads"](b""))
def test_archives_that_lie_are_no_arrays(name: str) -> None:
    with pytest.raises(ArtifactError):
        read_npz(ARCHIVES["uploads"](b"x" * 50)[name] + b"\0", LIMITS)
    with pytest.raises(ArtifactError):
        assert not read_npz(ARCHIVES["uploads"](b"x" * 50)[name], LIMITS)
        raise ArtifactError("an archive without members is no finding.")


@pytest.mark.parametrize("name", DOCUMENTS["REFUSED"])
def test_a_crafted_document_is_refused(name: str) -> None:
    with pytest.raises(ArtifactError, match=r"[.]$"):
        parse(DOCUMENTS["REFUSED"][name])


@pytest.mark.parametrize("name", DOCUMENTS["READ"])
def test_an_odd_document_has_one_meaning(name: str) -> None:
    data, wanted = DOCUMENTS["READ"][name]
    seen = parse(data)
    assert seen == wanted or (seen != seen and wanted != wanted)
    json.dumps(seen, ensure_ascii=False).encode()


def canonical_only(node: Any) -> None:
    """Assert that a configuration consists of allowed classes under our own module names, and of bounded values."""
    if isinstance(node, list):
        for item in node:
            canonical_only(item)
        return
    if not isinstance(node, dict):
        assert not isinstance(node, str) or len(node) <= 256
        assert not isinstance(node, int) or abs(node) <= MAX_WHOLE
        return
    if "class_name" in node:
        name, module = node["class_name"], node.get("module")
        plain = name in PLAIN_OBJECTS and "module" not in node
        layer = name in LAYERS and module == "keras.layers"
        model = MODELS.get(name) == module
        penalty = name in PENALTIES and module == "keras.regularizers" and set(node["config"]) <= {"l1", "l2"}
        assert plain or layer or model or penalty or name in OPERATIONS.get(str(module), ()), node
        assert set(node) <= {"class_name", "module", "registered_name", "config", "name", "inbound_nodes",
                             "build_config"}
    for key, value in node.items():
        assert len(key) <= 256
        canonical_only(value)


@pytest.mark.slow
@fuzz
@given(which=st.integers(1, 2), edits=EDITS)
def test_a_changed_model_is_rebuilt_from_allowed_pieces_or_refused(
    which: int, edits: list[tuple[int, int, int]]
) -> None:
    document = changed(json.loads(FILES[f"model-{which}-1.json"]), edits)
    architecture = document.get("architecture") if isinstance(document, dict) else None
    shown = layout(architecture)
    assert all(layer.class_name for layer in shown.layers)
    read_compile(document.get("compile") if isinstance(document, dict) else None)
    try:
        result = canonical(architecture)
    except ArtifactError as error:
        assert str(error).endswith(".") and len(str(error)) < 400
        return
    assert MODEL_ALIASES.get(result["class_name"], result["class_name"]) in MODELS
    canonical_only(result)


def test_the_recording_itself_is_read_without_a_word() -> None:
    artifacts = read(Files(FILES), sampling_key=KEY)
    records = [artifacts.model(ModelValue(model=number, version=1)) for number in (1, 2)]
    assert [record.unsupported for record in records] == [None, None]
    assert [artifacts.probe(record) is not None for record in records] == [True, True]
    assert set(artifacts.calls("a")) == {"k", "l", "m"} and artifacts.problems == ()
    value = artifacts.checkpoints["a"].names["X"]
    assert isinstance(value, ArrayValue) and value.rows is not None


@fuzz
@given(edits=EDITS, damage=BYTES, target=st.integers(0, 1 << 16), number=st.integers(1, 2))
def test_a_changed_folder_is_read_to_its_end(
    edits: list[tuple[int, int, int]], damage: list[tuple[int, bytes]], target: int, number: int
) -> None:
    """Documents change as documents, one of the arrays as bytes."""
    files = dict(FILES)
    for name in (f"model-{number}-1.json", "calls-1.json"):
        files[name] = json.dumps(changed(json.loads(FILES[name]), edits)).encode()
    lines = changed(RECORDING["lines"](), edits)
    files["checkpoints.jsonl"] = b"\n".join(
        json.dumps(line).encode() for line in (lines if isinstance(lines, list) else [lines]))
    harmed = sorted(files)[target % len(files)]
    files[harmed] = flipped(files[harmed], damage)
    artifacts = read(Files(files), sampling_key=KEY)
    for checkpoint in artifacts.checkpoints.values():
        for held in checkpoint.names.values():
            assert not isinstance(held, ArrayValue) or held.rows is None or len(held.rows) <= 64
    artifacts.calls("a")
    record = artifacts.model(ModelValue(model=number, version=1))
    artifacts.probe(record)
    try:
        weights = artifacts.weights(record)
        assert sum(weight.size for weight in weights) == record.total_parameters or record.unsupported
    except ArtifactError:
        assert record.total_parameters == 0
    json.dumps(record.architecture)
    assert all(sentence.strip() for sentence in artifacts.problems)


@fuzz
@given(answers=st.lists(st.one_of(st.binary(max_size=30), st.sampled_from(REPLACEMENTS).map(
    lambda value: json.dumps({"key": "q", "file": value, "agrees": value, "error": None}).encode()), st.just(
    b'{"key": "q", "file": "predictions-0.npz", "agrees": true, "error": null}')), max_size=4),
    damage=BYTES, kind=st.sampled_from(["<f4", "<f8", "|u1", ">f4"]))
def test_any_answer_of_the_predictor_is_an_array_or_a_sentence(
    answers: list[bytes], damage: list[tuple[int, bytes]], kind: str
) -> None:
    record = read(Files(FILES), sampling_key=KEY).model(ModelValue(model=1, version=1))
    question = Question(key="q", record=record, images=Path("images.npy"), count=4,
                        preprocessing=Preprocessing(shape=(6,), scale=(1.0,), shift=(0.0,)))
    body = np.zeros((4, 10), kind).tobytes()
    outputs = ARRAYS["zipped"](("y.npy", ARRAYS["described"](f"'{kind}'", "(4, 10)", body)))
    files = {"predictions.jsonl": b"\n".join(answers), "predictions-0.npz": flipped(outputs, damage[:1])}
    (answer,) = read_predictions(Files(files), [question]).values()
    if isinstance(answer, str):
        assert answer.endswith(".")
    else:
        assert isinstance(answer, Answer) and answer.outputs.dtype == np.float32
        assert len(answer.outputs) == 4 and np.isfinite(answer.outputs).all()


def test_a_model_without_a_probe_is_not_asked(tmp_path: Path) -> None:
    record = read(Files(FILES), sampling_key=KEY).model(ModelValue(model=1, version=1))
    question = Question(key="q", record=record, images=tmp_path / "images.npy", count=4,
                        preprocessing=Preprocessing(shape=(6,), scale=(1.0,), shift=(0.0,)))
    job, refused = plan_predictions([question], folder=tmp_path, limits=Limits(), sampling_key="00")
    assert not job.requests and set(refused) == {"q"}


NUMBERS = st.sampled_from([0.0, 1.0, -1.0, 1e300, -1e300, 1e-300, 65504.0, 255.0, float("nan"), float("inf")])
KINDS = st.sampled_from(["f2", "f4", "f8", "u1", "i8", "u8", "b1", "U3"])


@fuzz
@given(numbers=st.lists(NUMBERS, min_size=1, max_size=6), kinds=st.tuples(KINDS, KINDS), rows=st.integers(0, 20),
       shape=st.sampled_from([(), (0,), (1,), (4,), (2, 2), (3,)]), same=st.booleans())
def test_rows_of_any_numbers_are_recovered_or_not(
    numbers: list[float], kinds: tuple[str, str], rows: int, shape: tuple[int, ...], same: bool
) -> None:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        values = np.resize(np.array(numbers), (rows, *shape))
        prepared = values.astype(kinds[0])
        raw = np.arange(values.size).reshape(values.shape).astype(kinds[1]) if not same else values.astype(kinds[1])
    found = recover(prepared, raw)  # warnings are errors here
    if found is not None:
        assert np.isfinite([*found.scale, *found.shift]).all()
        assert found.shape == prepared.shape[1:]
