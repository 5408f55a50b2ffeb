"""A model is what it is called only where the rebuilt one answers as it does; what it costs is known before it runs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.artifacts import Artifacts, ModelValue, read
from autograder.artifacts.prediction_files import DISAGREES, ModelProof, Question, plan_predictions, read_predictions
from autograder.artifacts.sampling import louder, probe_weights
from autograder.model import Limits, PredictionRequest
from autograder.workspace.artifact_folder import FolderSource
from tests.sandbox.child.test_predictor import predict

SCRIPT = Path(__file__).with_name("forged_models.py")
KEY = "00"
pytestmark = pytest.mark.slow


class Recorded:
    """What the recorder of a student's process wrote about the models of forged_models.py."""

    def __init__(self, scratch: Path) -> None:
        subprocess.run([sys.executable, str(SCRIPT), str(scratch)], check=True, capture_output=True)
        self.folder = scratch / ".out"
        found = json.loads((self.folder / "names.json").read_text())
        self.numbers, self.right, self.forged = found["numbers"], found["right"], found["forged"]
        self.artifacts: Artifacts = read(FolderSource(self.folder), sampling_key=KEY)

    def question(self, name: str, key: str | None = None) -> Question:
        record = self.artifacts.model(ModelValue(model=self.numbers[name], version=1))
        return Question(key=key or name, record=record)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return Recorded(tmp_path_factory.mktemp("forged"))


def asked(recorded: Recorded, scratch: Path, questions: list[Question], change: Any = None) -> dict[str, Any]:
    job, refused = plan_predictions(questions, folder=recorded.folder, limits=Limits(), sampling_key=KEY)
    if change is not None:
        job = job.model_copy(update={"requests": tuple(change(request) for request in job.requests)})
    return {**read_predictions(predict(job, scratch), questions), **refused}


def test_names_are_proven_by_what_the_model_does(recorded: Recorded, tmp_path: Path) -> None:
    questions = [recorded.question(name) for name in recorded.numbers]
    seen = asked(recorded, tmp_path / "scratch", questions)
    assert {name: seen[name] for name in recorded.right} == {
        name: ModelProof(penalties=True) for name in recorded.right}
    assert {name: seen[name] for name in recorded.forged} == dict.fromkeys(recorded.forged, DISAGREES)
    # A layer that only matters in training answers like Keras's own: what it is, the recorder looks at.
    assert seen["posing_layer"] == "The model has layers that are not Keras's own, whatever they are called: Dropout."
    assert seen["posing_penalty"] == ModelProof(penalties=False)


@pytest.mark.parametrize("change", ["inputs of one's own", "no drawn answers", "another key", "another shape"])
def test_a_probe_that_proves_nothing_is_none(recorded: Recorded, tmp_path: Path, change: str) -> None:
    name = f"probe-{recorded.numbers['keras_own']}-1.npz"
    arrays = dict(np.load(recorded.folder / name))
    if change == "inputs of one's own":
        arrays["x"] = np.ones_like(arrays["x"])
    if change == "no drawn answers":
        del arrays["z"]
    np.savez(tmp_path / name, **arrays)

    def other(request: PredictionRequest) -> PredictionRequest:
        shape = (None, 9) if change == "another shape" else request.output_shape
        key = "01" if change == "another key" else KEY
        return request.model_copy(update={"sampling_key": key, "output_shape": shape, "probe": str(tmp_path / name)})

    question = recorded.question("keras_own")
    assert asked(recorded, tmp_path / "scratch", [question], other) == {"keras_own": DISAGREES}


def layer(kind: str, **config: Any) -> dict[str, Any]:
    return {"module": "keras.layers", "class_name": kind, "registered_name": None,
            "config": {"name": f"other_{kind.lower()}", **config}}


COSTLY = {
    "weights that were never recorded": ([layer("Dense", units=1 << 24, name="wide"), layer("Dense", units=784)],
                                         "expected weights of the shapes"),
    "a wide image": ([layer("Reshape", target_shape=[28, 28, 1]), layer("UpSampling2D", size=[4000, 4000]),
                      layer("AveragePooling2D", pool_size=[4000, 4000]), layer("Flatten")], "operations"),
    "a long repetition": ([layer("RepeatVector", n=1 << 22), layer("GlobalMaxPooling1D")], "operations"),
    "an array in between": ([layer("RepeatVector", n=1 << 17), layer("GlobalMaxPooling1D")], "array of 102,760,448"),
    "wide windows": ([layer("Reshape", target_shape=[28, 28, 1]), layer("ZeroPadding2D", padding=[[500, 500]] * 2),
                      layer("MaxPooling2D", pool_size=[900, 900], strides=[1, 1]), layer("GlobalMaxPooling2D"),
                      layer("RepeatVector", n=784), layer("Flatten")], "operations"),
}


def test_what_costs_too_much_is_refused_before_it_runs(recorded: Recorded, tmp_path: Path) -> None:
    cases = {name: words for name, (_, words) in COSTLY.items()}
    questions = [recorded.question("keras_own", key) for key in (*cases, "last")]

    def costly(request: PredictionRequest) -> PredictionRequest:
        if request.key not in cases:
            return request
        document = json.loads(request.architecture)
        document["config"]["layers"][1:1] = COSTLY[request.key][0]
        return request.model_copy(update={"architecture": json.dumps(document)})

    seen = asked(recorded, tmp_path / "scratch", questions, costly)
    assert seen.pop("last") == ModelProof(penalties=True)
    for name, words in cases.items():
        assert words in str(seen[name]), (name, seen[name])


def test_drawn_weights_keep_numbers_in_size_and_serve_as_a_variance() -> None:
    kernel, bias, cube = probe_weights(KEY, [(784, 512), (512,), (3, 3, 64, 32)])
    assert kernel.shape == (784, 512) and kernel.dtype == np.float32
    assert abs(kernel.std() * np.sqrt(784 / 2) - 1) < 0.02 and abs(cube.std() * np.sqrt(9 * 64 / 2) - 1) < 0.05
    assert bias.min() >= 0.2 and bias.max() <= 0.8
    assert np.linalg.matrix_rank(kernel.astype(float)) == 512
    x = np.ones((4, 3), np.float32)
    assert louder(x)[:, 0].tolist() == [1, 8, 1, 8] and louder(x.astype("int32")).max() == 1
