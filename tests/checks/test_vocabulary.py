"""Crafted submissions through the real server: the vocabulary, the fixtures and the statuses together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.checks import CheckServer, Prediction
from autograder.model import Basis, Status

PASSED, FAILED, BLOCKED, UNJUDGED = Status.PASSED, Status.FAILED, Status.BLOCKED, Status.UNJUDGED


@pytest.fixture(scope="module")
def server(tiny, reference_file):
    with CheckServer(Path(__file__).parent / "samples" / "vocabulary", tiny.context(reference_file)) as running:
        yield running


@pytest.fixture
def submit(server, craft, tiny, tmp_path) -> Callable[..., dict[str, Any]]:
    """Return a function that judges a right submission with some names replaced: check → result."""
    def run(*, right: float | None = 0.75, reached: tuple[str, ...] = ("standardize", "fit"), **names: Any):
        mean, deviation = tiny.train_images.mean(), tiny.train_images.std()
        train = ((tiny.train_images.reshape(-1, 784) - mean) / deviation).astype("float32")
        test = ((tiny.test_images.reshape(-1, 784) - mean) / deviation).astype("float32")
        labels = np.eye(10, dtype="float32")[tiny.train_labels]
        own = {"X_train": train, "X_test": test, "Y_train": labels} | names
        fit = {"fit": 1, "model": 1, "x": craft.ref(train), "y": craft.ref(labels), "batch_size": 32, "epochs": 1,
               "completed": True, "history": {"loss": [1.0]}}
        craft.model(1, [craft.dense(10, "softmax")], iterations=13)
        craft.checkpoint("standardize", own)
        craft.checkpoint("fit", {"model": craft.net(1)} | own, [fit])
        path = tmp_path / "predictions.npz"
        if right is not None:
            np.savez(path, y=tiny.outputs(right))
        predictions = (Prediction(task="fit", model="model", array="X_test", outputs=None if right is None else path,
                                  unjudged="not of this form" if right is None else None),)
        results = server.judge(craft.request(predictions=predictions, reached=reached))
        return {result.id: result for result in results}

    return run


def statuses(results: dict[str, Any]) -> list[Status]:
    return [results[check].status for check in ("standardized", "alike", "layers", "training", "accuracy")]


def test_a_right_submission_passes_everything_on_the_declared_basis(submit):
    results = submit()
    assert statuses(results) == [PASSED] * 5, [result.staff_note or result.seen for result in results.values()]
    assert [result.staff_note for result in results.values()] == [None] * 5
    assert results["training"].basis is Basis.CLAIMED
    assert results["accuracy"].basis is Basis.MEASURED


def test_test_images_with_their_own_statistics(submit, tiny):
    images = tiny.test_images.reshape(-1, 784)
    own = ((images - images.mean()) / images.std()).astype("float32")
    results = submit(X_test=own)
    assert statuses(results) == [PASSED, FAILED, PASSED, PASSED, BLOCKED]
    assert results["accuracy"].blocked_by == "Test images are prepared like training images."


def test_a_weak_model(submit):
    results = submit(right=0.4)
    assert statuses(results) == [PASSED, PASSED, PASSED, PASSED, FAILED]
    assert results["accuracy"].minimum
    assert results["accuracy"].expected == "At least 0.70 (correct runs: 0.72–0.77)."


def test_a_model_that_could_not_be_asked(submit):
    results = submit(right=None)
    assert statuses(results) == [PASSED, PASSED, PASSED, PASSED, UNJUDGED]
    assert (results["accuracy"].earned, results["accuracy"].staff_note) == (None, "not of this form")


def test_a_notebook_that_ended_early(submit):
    results = submit(reached=("standardize",))
    assert statuses(results) == [PASSED, PASSED, *[Status.NOT_REACHED] * 3]


def test_junk_in_every_name(submit):
    results = submit(X_train="text", X_test=None, Y_train=[1, 2], model=3.0)
    assert statuses(results) == [FAILED, BLOCKED, FAILED, BLOCKED, BLOCKED]
    assert all(result.earned == 0.0 for result in results.values())


def test_artifacts_that_are_no_artifacts(server, craft):
    craft.folder.joinpath("checkpoints.jsonl").write_bytes(b"\xff{[" * 1000)
    results = server.judge(craft.request(reached=("standardize", "fit")))
    assert {result.status for result in results} == {UNJUDGED}
    (craft.folder / "checkpoints.jsonl").unlink()
    (craft.folder / "checkpoints.jsonl").symlink_to("/etc/passwd")
    assert {result.status for result in server.judge(craft.request(reached=("standardize", "fit")))} == {UNJUDGED}
