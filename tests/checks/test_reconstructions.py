"""Models that restore their input: what the predictor measures of them, and the assertions about it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.checks import CheckFailed, Prediction, reconstruction
from autograder.checks.ground_truth import Holdout
from autograder.errors import ArtifactError, CheckError
from autograder.model import Basis
from autograder.model.reconstruction import read_reconstruction
from autograder.sandbox.child.predictor import restore

ROWS = np.random.RandomState(3).uniform(0, 1, (300, 6)).astype("float32")


def test_a_declared_name_is_read_again() -> None:
    for noise in (0.0, 0.3, 1e-5, 12.5):
        found = read_reconstruction(reconstruction("X_test", noise=noise))
        assert found is not None and (found.array, found.noise) == ("X_test", noise)
    assert read_reconstruction("X_test") is None and read_reconstruction("X + noise -") is None


def built(ask: Callable[[Any], Any]) -> Any:
    """Return what the predictor knows of a rebuilt model, here a function."""
    return SimpleNamespace(ask=ask, cost=SimpleNamespace(rows=lambda most: min(most, 128)))


def test_errors_of_a_model_of_the_mean_and_of_nothing_done() -> None:
    errors = restore(built(lambda rows: rows + 0.1), ROWS, 0.0)
    assert errors.shape == (300, 3) and errors.dtype == np.float32
    assert np.allclose(errors[:, 0], 0.01, atol=1e-6) and not errors[:, 2].any()
    assert float(errors[:, 1].mean()) == pytest.approx(float(ROWS.var(axis=0).mean()), rel=1e-4)


def test_noise_is_that_of_every_model_and_stays_in_the_range_of_the_rows() -> None:
    seen: list[Any] = []

    def unchanged(rows: Any) -> Any:
        seen.append(rows)
        return rows

    first, second = (restore(built(unchanged), ROWS, 0.4) for _ in range(2))
    assert np.array_equal(first, second) and np.array_equal(first[:, 0], first[:, 2])
    given = np.concatenate(seen[: len(seen) // 2])
    assert given.min() >= ROWS.min() and given.max() <= ROWS.max() and not np.array_equal(given, ROWS)


def test_answers_of_another_size_are_no_reconstruction() -> None:
    with pytest.raises(ArtifactError, match=r"answers have the shape \(3,\), rows have \(6,\)"):
        restore(built(lambda rows: rows[:, :3]), ROWS, 0.0)


@pytest.fixture
def denoiser(craft: Any, tiny: Any, tmp_path: Any) -> Any:
    """Return a function: errors of the test and holdout images → the model's subject, with 784 outputs or others."""
    def make(errors: Any, units: int = 784, noise: float = 0.3) -> Any:
        craft.lines.clear()
        craft.model(1, [craft.dense(units, "sigmoid")])
        test = (tiny.test_images.reshape(-1, 784) / 255).astype("float32")
        craft.checkpoint("fit", {"net": craft.net(1), "X_test": test})
        path = tmp_path / "errors.npz"
        np.savez(path, y=np.asarray(errors, "float32"))
        found = Prediction(task="fit", model="net", array=reconstruction("X_test", noise=noise), outputs=path)
        return craft.student(tiny, "fit", predictions=(found,)).model("net")

    return make


@pytest.fixture
def holdout(tiny: Any) -> Holdout:
    return Holdout(test_labels=tiny.test_labels[:len(tiny.test_labels) - len(tiny.holdout_labels)],
                   labels=tiny.holdout_labels)


def test_the_larger_error_counts_and_has_a_name(denoiser: Any, holdout: Holdout, said: Any) -> None:
    total = len(holdout.test_labels) + len(holdout.labels)
    errors = np.tile([0.01, 0.07, 0.06], (total, 1))
    errors[len(holdout.test_labels):, 0] = 0.03  # learned the test images by heart
    found = denoiser(errors).reconstruction_on(holdout, "X_test", noise=0.3)
    assert (round(found.value, 6), round(found.shown, 6)) == (0.03, 0.01)
    assert found.evidence.measured == {"fit/net/reconstruction_error": found.value}
    assert found.evidence.constants["fit/net/reconstruction_error"] == pytest.approx(0.06)
    found.at_most(0.04)
    assert found.evidence.weakest is Basis.MEASURED
    assert said(lambda: found.at_most(0.02)) == (
        "The mean squared error of `net`, from rows with noise, is 0.03, measured by us. | At most 0.02.")


def test_a_bound_that_needs_no_learning_is_refused(denoiser: Any, holdout: Holdout) -> None:
    total = len(holdout.test_labels) + len(holdout.labels)
    found = denoiser(np.tile([0.01, 0.07, 0.06], (total, 1))).reconstruction_on(holdout, "X_test", noise=0.3)
    with pytest.raises(CheckError, match="within reach of a constant answer"):
        found.at_most(0.065)
    clean = denoiser(np.tile([0.01, 0.07, 0.0], (total, 1)), noise=0.0).reconstruction_on(holdout, "X_test")
    clean.at_most(0.05)


def test_a_model_of_another_output_fails_with_both_shapes(denoiser: Any, holdout: Holdout) -> None:
    with pytest.raises(CheckFailed, match=r"outputs of shape \(10,\) for rows of shape \(784,\)"):
        denoiser(np.zeros((1, 3)), units=10).reconstruction_on(holdout, "X_test", noise=0.3)
