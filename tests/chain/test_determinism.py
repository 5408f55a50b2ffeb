"""One submission, graded five times on one machine: alone, with others, by new warm processes; always the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.model import Ending, Limits, Result

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=2)]
STUDENT = "chance"
CHANCE = '''
"""Everything that draws on chance: Python, NumPy, Keras, TensorFlow, the order of a set; dropout and shuffling."""

# %% [fit]
import random

import tensorflow as tf

names = list({"relu", "elu", "selu", "gelu", "tanh", "silu", "mish"})
drawn = [random.random(), float(np.random.normal()), float(keras.random.normal(())), float(tf.random.normal(()))]
noisy = X_train + np.random.normal(scale=0.01, size=X_train.shape).astype("float32")
threads = tf.config.threading.get_intra_op_parallelism_threads(), tf.config.threading.get_inter_op_parallelism_threads()
model = keras.Sequential(
    [keras.Input(shape=(784,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dropout(0.4),
     keras.layers.GaussianNoise(0.1), keras.layers.Dense(10, activation="softmax")]
)
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
history = model.fit(noisy, Y_train, batch_size=32, epochs=2, shuffle=True, validation_split=0.1, verbose=2)
'''


def arrays_of(path: Path) -> dict[str, str]:
    """Return every array of an `.npz`, as dtype, shape and bytes; the archive itself holds times."""
    with np.load(path, allow_pickle=False) as file:
        return {name: f"{file[name].dtype} {file[name].shape} {file[name].tobytes().hex()}" for name in file.files}


def left_by(folder: Path) -> dict[str, Any]:
    """Return all that a run left and that its grade rests on: records, sampled rows, weights, probes, predictions."""
    found: dict[str, Any] = {
        str(path.relative_to(folder)): arrays_of(path) for path in sorted(folder.rglob("*.npz"))}
    for name in ("checkpoints.jsonl", "messages.jsonl"):
        lines = (folder / "artifacts" / name).read_text().splitlines()
        found[name] = [without_times(json.loads(line)) for line in lines]
    found["curves"] = json.loads((folder / "curves.json").read_text())
    return found


def without_times(message: dict[str, Any]) -> dict[str, Any]:
    """Leave out what Keras prints of the time that an epoch took."""
    text = message.get("content", {}).get("text")
    if isinstance(text, str):
        kept = [part for part in text.split(" - ") if not part.rstrip().endswith(("s", "step"))]
        return message | {"content": message["content"] | {"text": kept}}
    return message


def judged(result: Result) -> dict[str, Any]:
    """Return what a result says of the work: no times, no seconds."""
    return {"score": result.score, "withheld": result.withheld,
            "tasks": [task.model_dump(mode="json") for task in result.tasks],
            "seeds": result.provenance.seeds if result.provenance else None}


@pytest.fixture(scope="module")
def gradings(shared_classroom: Any) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Five gradings of the same bytes: alone, with others by four workers, alone by two, with others, alone."""
    settings = shared_classroom.root / "course.yml"  # a busy machine must not decide what is reached
    settings.write_text(settings.read_text().replace("20 s", "10 min").replace("60 s", "20 min"))
    notebooks: Mapping[str, Any] = {
        STUDENT: shared_classroom.made_of(CHANCE),
        **{name: shared_classroom.variant(name) for name in ("solution", "functional", "units_31")}}
    shared_classroom.hand_in(notebooks)
    folder = shared_classroom.workspace.results(STUDENT, "mini")
    found = []
    for workers, together in ((1, False), (4, True), (2, False), (3, True), (1, False)):
        students = () if together else (STUDENT,)
        results = shared_classroom.grade(workers=workers, force=True, students=students)
        assert results[STUDENT].status == "graded", results[STUDENT].message
        assert results[STUDENT].execution.ending is Ending.COMPLETED, results[STUDENT].execution.detail
        assert len(results) == (4 if together else 1)
        found.append((judged(results[STUDENT]), left_by(folder)))
    return found


def test_five_gradings_give_the_same_scores_and_words(gradings: Any) -> None:
    first = gradings[0][0]
    assert 0 < first["score"] < 10, "the dropout of this work costs the check of its layers, and no more than some"
    for other, _ in gradings[1:]:
        assert other == first


def test_five_gradings_leave_the_same_values_to_the_last_bit(gradings: Any) -> None:
    first = gradings[0][1]
    assert {"checkpoints.jsonl", "messages.jsonl", "artifacts/weights-1-1.npz"} <= first.keys()
    assert any(name.startswith("predictions/") for name in first), "the rebuilt model was asked"
    for _, other in gradings[1:]:
        assert other.keys() == first.keys()
        assert not [name for name in first if other[name] != first[name]]


def test_the_work_did_draw_on_chance_and_on_one_thread(gradings: Any) -> None:
    names = next(line["names"] for line in gradings[0][1]["checkpoints.jsonl"] if line["task"] == "fit")
    drawn = [item["value"] for item in names["drawn"]["items"]]
    assert len(set(drawn)) == 4
    assert [item["value"] for item in names["threads"]["items"]] == [Limits().threads] * 2 == [1, 1]
