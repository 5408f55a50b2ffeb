"""A small course and a builder of artifact folders, as a student's process would have left them."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.artifacts.sampling import fingerprint, sample_indices
from autograder.checks import CheckContext, CheckServer, JudgeRequest, Proof
from autograder.checks.case import Case
from autograder.checks.ground_truth import Course
from autograder.checks.outcome import CheckFailed, Evidence
from autograder.checks.student import Student
from autograder.model import Calibration, Call, MetricSpread, Reference

KEY = "c0ffee"
TRAIN, TEST, HOLDOUT = 400, 200, 100
SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def no_window() -> Iterator[None]:
    """Leave no figure of matplotlib open, and open no window."""
    from matplotlib import pyplot as plt

    backend = plt.get_backend()
    plt.switch_backend("agg")
    yield
    plt.close("all")
    plt.switch_backend(backend)


class Net:
    """Represents a Keras model in a crafted namespace."""

    def __init__(self, model: int, version: int = 1) -> None:
        self.model, self.version = model, version


def dense_layer(units: int, activation: str) -> dict[str, Any]:
    config = {"name": f"dense_{units}_{activation}", "units": units, "activation": activation, "use_bias": True}
    return {"module": "keras.layers", "class_name": "Dense", "registered_name": None, "config": config}


def dropout_layer(rate: float) -> dict[str, Any]:
    config = {"name": f"dropout_{rate}", "rate": rate}
    return {"module": "keras.layers", "class_name": "Dropout", "registered_name": None, "config": config}


class Craft:
    """Writes an artifact folder, checkpoint by checkpoint."""

    net = Net
    dense = staticmethod(dense_layer)
    dropout = staticmethod(dropout_layer)

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._rows: dict[str, Any] = {}
        self.lines: list[dict[str, Any]] = []

    def value(self, item: Any) -> dict[str, Any]:
        if isinstance(item, np.ndarray):
            return self._array(item)
        if isinstance(item, Net):
            return {"kind": "model", "model": item.model, "version": item.version}
        if isinstance(item, dict) and "kind" in item:
            return item
        if isinstance(item, dict):
            return {"kind": "mapping", "type": "dict", "length": len(item),
                    "items": {key: self.value(value) for key, value in item.items()}}
        if isinstance(item, (list, tuple)):
            return {"kind": "sequence", "type": type(item).__name__, "length": len(item),
                    "items": [self.value(value) for value in item]}
        if isinstance(item, str):
            return {"kind": "text", "value": item, "length": len(item)}
        if isinstance(item, float) and not np.isfinite(item):
            return {"kind": "scalar", "type": "float", "value": str(item)}
        return {"kind": "scalar", "type": type(item).__name__, "value": item}

    def _array(self, array: np.ndarray) -> dict[str, Any]:
        name = f"a{len(self._rows)}"
        node: dict[str, Any] = {"kind": "array", "type": "numpy.ndarray", "shape": list(array.shape),
                                "dtype": array.dtype.name, "fingerprint": fingerprint(array)}
        if array.dtype.kind in "fiub" and array.ndim:
            self._rows[name] = array[sample_indices(KEY, len(array), 64)]
            finite = array[np.isfinite(array)] if array.dtype.kind == "f" else array
            node |= {"nan": int(np.isnan(array).sum()) if array.dtype.kind == "f" else 0,
                     "inf": int(np.isinf(array).sum()) if array.dtype.kind == "f" else 0, "rows": name, "file": 0}
            if finite.size:
                node |= {
                    "min": float(finite.min()),
                    "max": float(finite.max()),
                    "mean": float(finite.mean(dtype=float)),
                    "std": float(finite.std(dtype=float)),
                }
        return node

    def checkpoint(
        self, task: str, names: dict[str, Any], fits: list[dict[str, Any]] | None = None,
        evaluations: list[dict[str, Any]] | None = None,
    ) -> None:
        self.lines.append({"task": task, "cell": 1, "names": {key: self.value(item) for key, item in names.items()},
                           "fits": fits or [], "evaluations": evaluations or []})
        (self.folder / "checkpoints.jsonl").write_text("\n".join(map(json.dumps, self.lines)) + "\n")
        np.savez(self.folder / "rows-0.npz", **self._rows)

    def model(
        self, number: int, layers: list[dict[str, Any]], *, version: int = 1, inputs: int = 784,
        compiled: dict[str, Any] | None = None, iterations: int | None = None, weight: float = 0.0,
    ) -> None:
        sizes = [inputs, *(node["config"]["units"] for node in layers if node["class_name"] == "Dense")]
        arrays: list[np.ndarray] = []
        for before, after in itertools.pairwise(sizes):
            arrays += [np.full((before, after), weight, "float32"), np.zeros(after, "float32")]
        first = {"module": "keras.layers", "class_name": "InputLayer", "registered_name": None,
                 "config": {"name": "inputs", "batch_shape": [None, inputs], "dtype": "float32"}}
        document = {
            "model": number, "version": version, "name": f"sequential_{number}", "built": True, "class": "Sequential",
            "architecture": {"module": "keras", "class_name": "Sequential", "registered_name": None,
                             "config": {"name": f"sequential_{number}", "layers": [first, *layers]}},
            "compile": compiled, "iterations": iterations,
            "weights": [{"name": "w", "path": "w", "shape": list(array.shape), "dtype": "float32"} for array in arrays],
            "input_shape": [None, inputs], "output_shape": [None, sizes[-1]],
        }
        (self.folder / f"model-{number}-{version}.json").write_text(json.dumps(document))
        np.savez(self.folder / f"weights-{number}-{version}.npz", **{f"w{i}": array for i, array in enumerate(arrays)})

    def calls(self, task: str, *outcomes: tuple[Call, dict[str, Any]], **wholes: np.ndarray) -> None:
        """Write what became of calls at a task, as the student's process does."""
        number = len(list(self.folder.glob("calls-*.json"))) + 1
        records = [{"key": call.key, "error": None, **outcome} for call, outcome in outcomes]
        (self.folder / f"calls-{number}.json").write_text(json.dumps({"task": task, "calls": records}))
        if wholes:
            np.savez(self.folder / f"calls-{number}.npz", **wholes)

    @staticmethod
    def ref(array: np.ndarray) -> dict[str, Any]:
        return {"fingerprint": fingerprint(array), "shape": list(array.shape), "dtype": array.dtype.name}

    def student(
        self, tiny: Tiny, task: str, reference: Path | None = None, declared: tuple[Call, ...] = (), **changes: Any
    ) -> Student:
        """Return the facade over what was written, without a server; ``declared`` are the calls of its task."""
        case = Case.open(Course.load(tiny.context(reference)), self.request(**changes))
        return Student(case, task, Evidence(), {task: declared})

    def figures(self, drawn: dict[str, Any]) -> dict[str, tuple[int, ...]]:
        """Write what the cells of tasks show, in a cell for each task: so many figures, or these; returns the cells."""
        cells = {task: (number,) for number, task in enumerate(drawn, start=10)}
        lines = [{**figure, "cell": cells[task][0]} for task, shown in drawn.items()
                 for figure in ([{"kind": "figure"}] * shown if isinstance(shown, int) else shown)]
        (self.folder / "figures.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        return cells

    def request(self, *, figures: dict[str, Any] | None = None, **changes: Any) -> JudgeRequest:
        changes = {"cells": self.figures(figures or {}), **changes}
        proven = [path.stem.split("-")[1:] for path in self.folder.glob("model-*.json")]
        proofs = tuple(Proof(model=int(model), version=int(version), penalties=True) for model, version in proven)
        fields: dict[str, Any] = {"artifacts": self.folder, "sampling_key": KEY, "proofs": proofs,
                                  "reached": tuple(line["task"] for line in self.lines)}
        return JudgeRequest(**(fields | changes))


class Tiny:
    """The data of a small course: random images with the statistics of neither set alike."""

    def __init__(self, folder: Path) -> None:
        random = np.random.default_rng(7)
        self.train_images = random.integers(0, 200, (TRAIN, 28, 28)).astype(np.uint8)
        self.train_labels = random.integers(0, 10, TRAIN).astype(np.uint8)
        half = random.integers(0, 256, (TEST - HOLDOUT, 28, 28)).astype(np.uint8)
        labels = random.integers(0, 10, TEST - HOLDOUT).astype(np.uint8)
        self.test_images, self.test_labels = np.concatenate([half, half]), np.concatenate([labels, labels])
        self.holdout_labels = random.integers(0, 10, HOLDOUT).astype(np.uint8)
        self.paths = {}
        for name in ("train_images", "train_labels", "test_images", "test_labels", "holdout_labels"):
            self.paths[name] = folder / f"{name}.npy"
            np.save(self.paths[name], getattr(self, name))

    def context(self, reference: Path | None = None, key: str = "mnist/cpu") -> CheckContext:
        return CheckContext(reference=reference, calibration=key, **self.paths)

    def outputs(self, right: float) -> np.ndarray:
        """One-hot outputs for test and holdout images, of which this share is right."""
        labels = np.concatenate([self.test_labels[:HOLDOUT], self.holdout_labels]).astype(int)
        wrong = np.arange(len(labels)) % 100 >= round(right * 100)
        return np.eye(10, dtype=np.float32)[(labels + wrong) % 10]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    return Tiny(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def craft(tmp_path: Path) -> Craft:
    return Craft(tmp_path / "artifacts")


def said(action: Callable[[], Any]) -> str:
    """Return the whole message of the check that fails in ``action``."""
    with pytest.raises(CheckFailed) as caught:
        action()
    assert caught.value.expected or "yet" in caught.value.seen
    return " | ".join(part for part in (caught.value.seen, caught.value.expected, caught.value.hint) if part)


@pytest.fixture(name="said")
def said_fixture() -> Callable[[Callable[[], Any]], str]:
    return said


@pytest.fixture(scope="session")
def reference_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    def spread(minimum: float | None) -> MetricSpread:
        return MetricSpread(values=(0.72, 0.75, 0.77), mean=0.75, deviation=0.02, tolerance_bound=0.7, coverage=0.999,
                            confidence=0.95, slack=0.0, minimum=minimum, false_fail=0.001)

    calibration = Calibration(data="mnist:0", device="cpu", versions={}, calibrated_at="", runs=("solution#1",),
                              metrics={"fit/model": spread(0.7), "fit/chance": spread(None)}, facts={"answer": 42})
    path = tmp_path_factory.mktemp("reference") / "reference.json"
    path.write_text(Reference(assignment="a", calibrations={"mnist/cpu": calibration}).to_json())
    return path


@pytest.fixture
def serve(tiny: Tiny, reference_file: Path) -> Iterator[Callable[..., CheckServer]]:
    """Return a function that starts the check server over a sample folder."""
    started: list[CheckServer] = []

    def start(sample: str, **settings: Any) -> CheckServer:
        server = CheckServer(SAMPLES / sample, tiny.context(reference_file), **settings)
        server.__enter__()
        started.append(server)
        return server

    yield start
    for server in started:
        server.close()


@pytest.fixture
def work(craft: Any, tiny: Any) -> Callable[..., Any]:
    """Return a function: names and what was recorded of them → the student's work."""
    def make(**names: Any) -> Any:
        craft.lines.clear()
        craft.checkpoint("t", names)
        return craft.student(tiny, "t")

    return make
