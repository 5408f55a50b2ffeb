"""Trainings repeated in the sandbox by the real program: what it learns, what it writes, and how it is ended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.artifacts.refit_plan import read_refit
from autograder.model import Ending, Isolation, Limits, Mount, RefitJob, TrainingArray, TrainingFit
from autograder.sandbox import PoolOptions, WarmPool
from autograder.sandbox.isolation import features
from autograder.workspace.artifact_folder import FolderSource

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=4)]
LIMITS = Limits(cell_seconds=200, notebook_seconds=400, memory_mib=2048)
COMPILED = {"optimizer": {"class": "Adam", "settings": {"learning_rate": 0.01}, "schedule": None},
            "loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}


def initializer(name: str) -> dict[str, Any]:
    return {"module": "keras.initializers", "class_name": name, "config": {}, "registered_name": None}


def layer(kind: str, **config: Any) -> dict[str, Any]:
    return {"module": "keras.layers", "class_name": kind, "config": config, "registered_name": None}


ARCHITECTURE = json.dumps({"module": "keras", "class_name": "Sequential", "registered_name": None, "config": {
    "name": "model", "layers": [
        layer("InputLayer", batch_shape=[None, 16], dtype="float32", name="input"),
        layer("Dense", units=8, activation="relu", kernel_initializer=initializer("HeNormal")),
        layer("Dense", units=10, activation="softmax", kernel_initializer=initializer("GlorotUniform"))],
    "build_input_shape": [None, 16]}})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Images of 4 × 4 whose digit is the brightest of their first ten pixels."""
    made = tmp_path_factory.mktemp("public")
    made.chmod(0o755)
    rng = np.random.default_rng(5)
    labels = rng.integers(0, 10, 400).astype(np.uint8)
    images = rng.integers(0, 100, (400, 16)).astype(np.uint8)
    images[np.arange(400), labels] = 255
    for name, array in (("train_images", images.reshape(400, 4, 4)), ("train_labels", labels)):
        np.save(made / f"{name}.npy", array)
        (made / f"{name}.npy").chmod(0o644)
    return made


@pytest.fixture(scope="module", params=[Isolation.FULL, Isolation.RESTRICTED], ids=str)
def pool(request: pytest.FixtureRequest) -> Iterator[WarmPool]:
    known = {feature.name: feature.available for feature in features.survey()}
    needs = ("namespaces",) if request.param is Isolation.FULL else ("landlock", "own-user")
    if not all(known.get(name) for name in needs):
        pytest.skip(f"this machine cannot build {request.param} walls")
    with WarmPool(PoolOptions(isolation=request.param)) as made:
        yield made


def job(folder: Path, *, seed: int = 1, limits: Limits = LIMITS, **changes: Any) -> RefitJob:
    rows = {"start": 0, "step": 1, "count": 300}
    x = TrainingArray(source="/inputs/train_images.npy", shape=(16,), dtype="float32",
                      table=tuple((value / 255,) for value in range(256)), **rows)
    y = TrainingArray(source="/inputs/train_labels.npy", shape=(), dtype="int64",
                      table=tuple((label,) for label in range(10)), **rows)
    last = {"start": 300, "count": 100}
    fit = TrainingFit(**{"x": x, "y": y, "batch_size": 20, "epochs": 60, "compile": json.dumps(COMPILED),
                         "validation": (x.model_copy(update=last), y.model_copy(update=last)), **changes})
    mounts = tuple(Mount(source=folder / f"{name}.npy", target=f"/inputs/{name}.npy")
                   for name in ("train_images", "train_labels"))
    return RefitJob(architecture=ARCHITECTURE, fits=(fit,), seed=seed, inputs="/inputs/train_images.npy", shape=(16,),
                    scale=(1 / 255,), shift=(0.0,), limits=limits, mounts=mounts)


def trained(pool: WarmPool, wanted: RefitJob, into: Path) -> tuple[Any, list[int]]:
    ran = pool.run_refit(wanted, into)
    assert ran.ending is Ending.COMPLETED, ran
    return read_refit(FolderSource(into), 400), json.loads((into / "refit.json").read_text())["epochs"]


def test_it_learns_the_same_from_the_same_seed(pool: WarmPool, folder: Path, tmp_path: Path) -> None:
    first, epochs = trained(pool, job(folder), tmp_path / "first")
    labels = np.load(folder / "train_labels.npy")
    assert epochs == [60] and (first.argmax(axis=1)[300:] == labels[300:]).mean() > 0.7
    again, _ = trained(pool, job(folder), tmp_path / "again")
    other, _ = trained(pool, job(folder, seed=2), tmp_path / "other")
    assert np.allclose(first, again, atol=1e-5) and not np.allclose(first, other, atol=1e-3)


def test_callbacks_and_rates_do_what_they_did(pool: WarmPool, folder: Path, tmp_path: Path) -> None:
    stop = {"class": "EarlyStopping", "settings": {"monitor": "val_loss", "patience": 0, "min_delta": 9.0}}
    still = {"class": "LearningRateScheduler", "settings": {"rates": [0.0]}}
    _, epochs = trained(pool, job(folder, callbacks=(stop,)), tmp_path / "stopped")
    assert len(epochs) == 1 and epochs[0] <= 2
    outputs, _ = trained(pool, job(folder, callbacks=(still,), epochs=2), tmp_path / "still")
    labels = np.load(folder / "train_labels.npy")
    assert (outputs.argmax(axis=1) == labels).mean() < 0.5


def test_what_goes_wrong_is_one_sentence(pool: WarmPool, folder: Path, tmp_path: Path) -> None:
    wanted = job(folder)
    wide = wanted.model_copy(update={"architecture": ARCHITECTURE.replace("[null, 16]", "[null, 17]")})
    outputs, _ = trained(pool, wide, tmp_path / "wide")
    assert isinstance(outputs, str) and outputs.startswith("The training ended with ValueError"), outputs


def test_a_training_without_end_is_ended(pool: WarmPool, folder: Path, tmp_path: Path) -> None:
    short = LIMITS.model_copy(update={"notebook_seconds": 15.0})
    ran = pool.run_refit(job(folder, epochs=100_000, limits=short), tmp_path / "long")
    assert ran.ending is Ending.TIMED_OUT
    assert read_refit(FolderSource(tmp_path / "long"), 400) == (
        "The training did not finish within the assignment's limits.")
