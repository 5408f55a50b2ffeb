"""Rebuilding and asking real models; each test runs the predictor in its own process, as the warm process would."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.artifacts import Artifacts, ModelValue, Preprocessing, read
from autograder.artifacts.prediction_files import (
    DISAGREES,
    Answer,
    Expected,
    Question,
    plan_predictions,
    read_predictions,
)
from autograder.errors import IsolationError
from autograder.model import Ending, Isolation, Limits, PredictionJob, PredictionRequest
from autograder.sandbox import PoolOptions, WarmPool
from autograder.sandbox.child.predictor import _why
from autograder.workspace.artifact_folder import FolderSource

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import json, os, sys
from autograder.sandbox.child import predictor
predictor.preload()
from tensorflow.python.eager import context
assert not context.context()._initialized, "the warm process must not compute"
read, write = os.pipe()
rebuild = predictor.rebuild
predictor.rebuild = lambda text, *rest, **more: (
    os.abort() if text == "a crash inside the backend" else rebuild(text, *rest, **more))
predictor.run(json.load(sys.stdin), sys.argv[1], write)
assert not context.context()._initialized
print(os.read(read, 100).decode())
"""
REBUILT = ("sequential", "added", "functional", "operations", "nested", "lazily_built", "from_tensorflow", "dropout",
           "convolution", "branches", "normalized", "recurrent", "masked", "open_task", "residual",
           "custom_initializer", "neighbours")
REFUSED = ("unbuilt", "with_lambda", "own_layer", "own_activation", "subclassed", "two_inputs")

Models = tuple[Path, dict[str, int]]


def predict(job: PredictionJob, scratch: Path) -> FolderSource:
    scratch.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(scratch)], input=job.to_json(), capture_output=True, text=True, cwd=ROOT,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}, check=False,
    )
    assert json.loads(done.stdout) == {"done": True}, done.stderr[-2000:]
    return FolderSource(scratch / ".out")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Models:
    folder = tmp_path_factory.mktemp("models")
    script = ROOT / "tests" / "artifacts" / "record_models.py"
    subprocess.run([sys.executable, str(script), str(folder)], check=True, capture_output=True)
    np.save(folder / "raw.npy", np.random.default_rng(0).integers(0, 256, (1100, 28, 28)).astype(np.uint8))
    names = json.loads((folder / "names.json").read_text())
    return folder, {name: number for number, name in enumerate(names)}


def question(models: Models, artifacts: Artifacts, name: str, **changes: Any) -> Question:
    folder, numbers = models
    record = artifacts.model(ModelValue(model=numbers[name], version=1))
    shape = tuple(side or 1 for side in (record.input_shape or (None, 784))[1:])
    scaled = Preprocessing(shape=shape, scale=(1 / 255,), shift=(-0.1,))
    return Question(**{"key": name, "record": record, "preprocessing": scaled, "images": folder / "raw.npy",
                       "count": 1100, **changes})


@pytest.mark.slow
def test_every_rebuilt_model_answers_and_the_rest_says_why(models: Models, tmp_path: Path) -> None:
    folder, numbers = models
    artifacts = read(FolderSource(folder), sampling_key="00")
    otherwise = Preprocessing(shape=(784,), scale=(1 / 128,), shift=(-1.0,))
    questions = [question(models, artifacts, name) for name in numbers]
    questions += [question(models, artifacts, "sequential", key="otherwise", preprocessing=otherwise),
                  question(models, artifacts, "sequential", key="again")]
    job, refused = plan_predictions(questions, folder=folder, limits=Limits(), sampling_key="00")
    assert set(refused) == set(REFUSED)
    seen = read_predictions(predict(job, tmp_path / "scratch"), questions)
    for name in REBUILT:
        answers = seen[name]
        assert not isinstance(answers, str), (name, answers)
        assert isinstance(answers, Answer) and answers.outputs.dtype == np.float32
        assert answers.outputs.shape == (1100, 10)
    assert seen["disguised_activation"] == DISAGREES
    assert all(isinstance(seen[name], str) for name in REFUSED)
    for asked in (questions[0], *questions[-2:]):
        _check_against_arithmetic(artifacts, asked, seen[asked.key])


def _check_against_arithmetic(artifacts: Artifacts, asked: Question, seen: Any) -> None:
    kernel, bias, last, offset = artifacts.weights(asked.record)
    (scale,), (shift,) = asked.preprocessing.scale, asked.preprocessing.shift
    x = np.load(asked.images).reshape(1100, 784) * scale + shift
    logits = 1 / (1 + np.exp(-(x @ kernel + bias))) @ last + offset
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    assert np.allclose(seen.outputs, powers / powers.sum(axis=1, keepdims=True), atol=1e-5)


@pytest.mark.slow
def test_withheld_images_can_change_no_answer_that_students_see(models: Models, tmp_path: Path) -> None:
    """A model may mix the images of a batch: then what it says about visible ones could tell of withheld ones."""
    folder, _ = models
    artifacts = read(FolderSource(folder), sampling_key="00")
    pixels = np.random.default_rng(0).integers(0, 256, (4000, 28, 28)).astype(np.uint8)
    seen = []
    for name, withheld in (("one", 0), ("two", 255)):
        pixels[3000:] = withheld
        np.save(tmp_path / f"{name}.npy", pixels)
        asked = [question(models, artifacts, "neighbours", images=tmp_path / f"{name}.npy", count=4000)]
        job, _ = plan_predictions(asked, folder=folder, limits=Limits(), sampling_key="00")
        (answer,) = read_predictions(predict(job, tmp_path / name), asked).values()
        assert isinstance(answer, Answer)
        seen.append(answer)
    shown = seen[0].apart(3000)
    assert shown == seen[1].apart(3000) == 2000
    assert np.array_equal(seen[0].outputs[:shown], seen[1].outputs[:shown])
    assert not np.allclose(seen[0].outputs[shown:3000], seen[1].outputs[shown:3000]), "so it does matter"


@pytest.mark.parametrize("batch, shown", [
    (2000, 4000), (500, 5000), (5000, 5000), (5001, 0), (0, 0), (-1, 0), (None, 0), ("2000", 0), (1e9, 0), (True, 0)])
def test_only_images_in_batches_of_their_own_are_shown(tmp_path: Path, batch: Any, shown: int) -> None:
    line = {**GOOD, "batch": batch}
    answers = Answers(tmp_path, line, y=np.ones((10_000, 10), np.float32))
    seen = read_predictions(answers.source, [Expected(key="k", count=10_000)])["k"]
    assert isinstance(seen, Answer) and seen.apart(5000) == shown and seen.apart(0) == 0


@pytest.mark.slow
def test_a_failing_request_never_stops_the_others(models: Models, tmp_path: Path) -> None:
    folder, numbers = models
    artifacts = read(FolderSource(folder), sampling_key="00")
    fine = [question(models, artifacts, "sequential", key=key) for key in ("first", "middle", "last")]
    job, refused = plan_predictions(fine, folder=folder, limits=Limits(memory_mib=512), sampling_key="00")
    assert not refused
    first, middle, last = job.requests
    huge = json.loads(first.architecture)
    huge["config"]["layers"][1]["config"]["units"] = 1 << 24
    slow = json.dumps({"module": "keras.layers", "class_name": "Dense", "config": {}, "registered_name": None})
    bad: list[PredictionRequest] = [
        first.model_copy(update={"key": "fatal", "architecture": "a crash inside the backend"}),
        first.model_copy(update={"key": "huge", "architecture": json.dumps(huge)}),
        first.model_copy(update={"key": "no model", "architecture": slow}),
        first.model_copy(update={"key": "other weights", "weights": f"/inputs/weights-{numbers['sequential']}-9.npz"}),
        first.model_copy(update={"key": "other shape", "shape": (28, 27)}),
    ]
    requests = (first, *bad[:3], middle, *bad[3:], last)
    source = predict(job.model_copy(update={"requests": requests}), tmp_path / "scratch")
    asked = [*fine, *(question(models, artifacts, "sequential", key=item.key) for item in bad)]
    seen = read_predictions(source, asked)
    assert [key for key, value in seen.items() if not isinstance(value, str)] == ["first", "middle", "last"]
    assert "ended, most likely because it ran out of memory" in str(seen["fatal"])
    assert all(str(seen[item.key]).startswith("The model could not be evaluated: ") for item in bad)


@pytest.mark.slow
@pytest.mark.parametrize("isolation", [None, Isolation.RESTRICTED])
def test_it_works_behind_the_walls(models: Models, tmp_path: Path, isolation: Isolation | None) -> None:
    folder, _ = models
    artifacts = read(FolderSource(folder), sampling_key="00")
    questions = [question(models, artifacts, name) for name in ("sequential", "convolution")]
    job, _ = plan_predictions(questions, folder=folder, limits=Limits(), sampling_key="00")
    try:
        pool = WarmPool(PoolOptions(isolation=isolation))
    except IsolationError as error:
        pytest.skip(str(error))
    with pool:
        execution = pool.run_predictions(job, tmp_path / "out")
    assert execution.ending is Ending.COMPLETED, execution
    seen = read_predictions(FolderSource(tmp_path / "out"), questions)
    assert not any(isinstance(answers, str) for answers in seen.values()), seen


class Answers:
    """What a predictor might leave behind, in memory."""

    def __init__(self, folder: Path, *lines: Any, **arrays: Any) -> None:
        text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
        (folder / "predictions.jsonl").write_text(text)
        np.savez(folder / "predictions-0.npz", **arrays)
        self.source = FolderSource(folder)


def ask(models_folder: Path) -> Question:
    record = read(FolderSource(models_folder), sampling_key="00").model(ModelValue(model=1, version=1))
    return Question(key="k", record=record, preprocessing=Preprocessing(shape=(784,), scale=(1.0,), shift=(0.0,)),
                    images=models_folder / "raw.npy", count=3)


GOOD = {"key": "k", "file": "predictions-0.npz", "agrees": True, "error": None}


def test_answers_are_read(tmp_path: Path) -> None:
    answers = Answers(tmp_path, "junk", [1], {"key": 3}, GOOD, y=np.ones((3, 10), np.float32))
    seen = read_predictions(answers.source, [ask(tmp_path)])["k"]
    assert isinstance(seen, Answer) and seen.outputs.shape == (3, 10) and seen.apart(2) == 0


@pytest.mark.parametrize(("line", "y", "words"), [
    (GOOD, np.ones((4, 10), np.float32), "Expected 3 predictions"),
    (GOOD, np.ones((3, 10)), "Expected 3 predictions"),
    (GOOD, np.full((3, 10), np.nan, np.float32), "not finite"),
    ({**GOOD, "agrees": False}, np.ones((3, 10), np.float32), "does not give the student's model's outputs"),
    ({**GOOD, "error": "ValueError: no"}, np.ones((3, 10), np.float32), "could not be evaluated: ValueError: no."),
    ({**GOOD, "file": "../k.npz"}, np.ones((3, 10), np.float32), "could not be evaluated"),
    ({**GOOD, "file": "predictions-7.npz"}, np.ones((3, 10), np.float32), "predictions-7.npz"),
    ({**GOOD, "key": "other"}, np.ones((3, 10), np.float32), "ended before it"),
])
def test_bad_answers_are_sentences(tmp_path: Path, line: Any, y: Any, words: str) -> None:
    seen = read_predictions(Answers(tmp_path, line, y=y).source, [ask(tmp_path)])["k"]
    assert isinstance(seen, str) and words in seen and seen.endswith(".")


def test_without_a_probe_nothing_is_asked(tmp_path: Path) -> None:
    job, refused = plan_predictions([ask(tmp_path)], folder=tmp_path, limits=Limits(), sampling_key="00")
    assert job.requests == () and set(refused) == {"k"}


@pytest.mark.parametrize(("what", "by"), [("while True: pass", signal.SIGPROF), ("time.sleep(600)", signal.SIGALRM)])
def test_one_question_has_its_processor_time_and_the_clock_ends_what_waits(what: str, by: signal.Signals) -> None:
    code = ("import time\nfrom autograder.sandbox.child.predictor import _set_alarms\n"
            f"_set_alarms({{'cell_seconds': 0.3, 'threads': 1}})\n{what}")
    ended = subprocess.run([sys.executable, "-c", code], check=False)
    # On a machine that gives it less than a quarter of a core, the clock is first in both cases.
    assert -ended.returncode in (by, signal.SIGALRM)
    assert "took longer than 0.3 seconds" in _why(-ended.returncode, {"cell_seconds": 0.3})
