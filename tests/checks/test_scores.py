"""Scores that the grader computes: the formulas against scikit-learn's, and the assertions about them."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics

from autograder.checks import CheckFailed, Prediction, Unjudged
from autograder.checks.ground_truth import Holdout, Maximum, Minimum
from autograder.checks.metrics import accuracy, constant_accuracy
from autograder.checks.score_formulas import constant_score, score
from autograder.checks.vocabulary.constant_answers import require_above, require_below
from autograder.errors import CheckError
from autograder.model import Basis

DRAWN = np.random.default_rng(4)
LABELS = DRAWN.integers(0, 4, 90)
OUTPUTS = DRAWN.dirichlet(np.ones(4), 90)
YES = DRAWN.integers(0, 2, 90)
CHANCE = np.round(np.clip(YES * 0.3 + DRAWN.random(90) * 0.7, 0, 1), 1)  # with ties
CLASSES = {"precision": metrics.precision_score, "recall": metrics.recall_score, "f1": metrics.f1_score}


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("average", ["macro", "weighted", "micro"])
def test_scores_of_classes_are_scikit_learns(name: str, average: Any) -> None:
    wanted = CLASSES[name](LABELS, OUTPUTS.argmax(axis=1), average=average)
    assert score(name, OUTPUTS, LABELS, average=average) == pytest.approx(wanted)
    missing = np.where(LABELS == 3, 2, LABELS)  # a class that is predicted, and never true
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = CLASSES[name](missing, OUTPUTS.argmax(axis=1), average=average)
    assert score(name, OUTPUTS, missing, average=average) == pytest.approx(wanted)


@pytest.mark.parametrize("name", CLASSES)
@pytest.mark.parametrize("outputs", [CHANCE, CHANCE[:, None], np.stack([1 - CHANCE, CHANCE], axis=1)])
def test_of_two_classes_the_score_is_that_of_the_second(name: str, outputs: Any) -> None:
    chosen = outputs.argmax(axis=1) if outputs.ndim == 2 and outputs.shape[1] == 2 else (CHANCE >= 0.5).astype(int)
    assert score(name, outputs, YES) == pytest.approx(CLASSES[name](YES, chosen))


def test_areas_are_scikit_learns() -> None:
    assert score("roc_auc", CHANCE, YES) == pytest.approx(metrics.roc_auc_score(YES, CHANCE))
    for average in ("macro", "weighted", "micro"):
        wanted = metrics.roc_auc_score(LABELS, OUTPUTS, multi_class="ovr", average=average)
        assert score("roc_auc", OUTPUTS, LABELS, average=average) == pytest.approx(wanted)


def test_errors_and_explained_shares_are_scikit_learns() -> None:
    truth, given = DRAWN.random(50), DRAWN.random(50)
    assert score("r2", given[:, None], truth) == pytest.approx(metrics.r2_score(truth, given))
    assert score("mean_absolute_error", given, truth[:, None]) == pytest.approx(
        metrics.mean_absolute_error(truth, given))
    two, other = DRAWN.random((50, 2)), DRAWN.random((50, 2))
    assert score("r2", two, other) == pytest.approx(metrics.r2_score(other, two))


@pytest.mark.parametrize(("name", "outputs", "truth"), [
    ("f1", OUTPUTS, LABELS[:5]), ("f1", OUTPUTS[:0], LABELS[:0]), ("r2", np.ones(4), np.ones(4)),
    ("r2", np.ones((4, 2)), np.arange(4)), ("roc_auc", CHANCE, np.ones(90, int)), ("f1", np.full(3, np.nan), YES[:3]),
])
def test_what_cannot_be_computed_is_an_error(name: str, outputs: Any, truth: Any) -> None:
    with pytest.raises(ValueError):
        score(name, outputs, truth)


class Bounds:
    """A reference that knows the bounds of every metric."""

    def minimum(self, metric: str) -> Minimum:
        return Minimum(metric=metric, value=0.9, low=0.92, high=0.95)

    def maximum(self, metric: str) -> Maximum:
        return Maximum(metric=metric, value=0.1, low=0.01, high=0.09)


@pytest.fixture
def model(craft: Any, tiny: Any, tmp_path: Path) -> Any:
    """Return a function: outputs for test and holdout images → the model's subject."""
    def make(outputs: Any, unjudged: str | None = None, units: int = 10) -> Any:
        craft.lines.clear()
        craft.model(1, [craft.dense(units, "softmax")])
        test = (tiny.test_images.reshape(-1, 784) / 255).astype("float32")
        craft.checkpoint("fit", {"net": craft.net(1), "X_test": test})
        path = tmp_path / "predictions.npz"
        np.savez(path, y=outputs)
        found = Prediction(task="fit", model="net", array="X_test", outputs=None if unjudged else path,
                           unjudged=unjudged)
        return craft.student(tiny, "fit", predictions=(found,)).model("net")

    return make


def test_a_models_score_is_the_worse_of_both_and_calibrated_under_its_name(model: Any, tiny: Any, said: Any) -> None:
    holdout = craft_holdout(tiny)
    outputs = tiny.outputs(1.0)
    outputs[-100:] = tiny.outputs(0.5)[-100:]  # learned the test images by heart
    found = model(outputs).score_on(holdout, "X_test", "f1")
    assert found.shown == pytest.approx(1.0) and found.value < 0.7
    assert dict(found.evidence.measured) == {"fit/net/f1": found.value}
    assert found.evidence.weakest in (None, Basis.MEASURED)
    message = said(lambda: found.reaches_minimum(Bounds()))
    assert message.startswith("The F1 score of `net` is 0.") and "At least 0.9 (correct runs: 0.92–0.95)." in message
    assert "At least 0.8" in said(lambda: found.at_least(0.8))
    model(tiny.outputs(1.0)).score_on(holdout, "X_test", "f1").reaches_minimum(Bounds()).at_least(0.8)
    model(tiny.outputs(1.0)).score_on(holdout, "X_test", "roc_auc", average="weighted").at_least(0.99)


def test_numbers_are_compared_with_labels_as_numbers(model: Any, tiny: Any, said: Any) -> None:
    holdout = craft_holdout(tiny)
    labels = np.concatenate([holdout.test_labels, holdout.labels]).astype("float32")
    right = model(labels[:, None] + 0.05, units=1)
    right.score_on(holdout, "X_test", "mean_absolute_error").stays_below_maximum(Bounds()).at_most(0.06)
    right.score_on(holdout, "X_test", "r2").at_least(0.99)
    wrong = model(labels[:, None] + 0.5, units=1).score_on(holdout, "X_test", "mean_absolute_error")
    assert "At most 0.1 (correct runs: 0.01–0.09)." in said(lambda: wrong.stays_below_maximum(Bounds()))
    assert "At most 0.3" in said(lambda: wrong.at_most(0.3))
    assert "One number for each row" in said(
        lambda: model(tiny.outputs(1.0)).score_on(holdout, "X_test", "r2"))


def test_missing_or_broken_outputs(model: Any, tiny: Any) -> None:
    holdout = craft_holdout(tiny)
    with pytest.raises(Unjudged):
        model(tiny.outputs(1.0), unjudged="not of this form").score_on(holdout, "X_test", "f1")
    with pytest.raises(CheckFailed, match="NaN"):
        model(np.full((200, 10), np.nan, "float32")).score_on(holdout, "X_test", "roc_auc")
    with pytest.raises(CheckError, match="roc_auc, precision"):
        model(tiny.outputs(1.0)).score_on(holdout, "X_test", "accuracy")


def test_numbers_of_the_student_are_compared_with_what_can_be_seen(
        model: Any, craft: Any, tiny: Any, said: Any) -> None:
    found = model(tiny.outputs(0.5)).score_on(craft_holdout(tiny), "X_test", "f1")
    craft.checkpoint("later", {"f1": round(found.shown, 2), "percent": 100 * found.shown, "guess": 0.99})
    student = craft.student(tiny, "later")
    student.number("f1").matches_score(found)
    assert "percentage" in said(lambda: student.number("percent").matches_score(found))
    assert "`guess` is 0.99. | The F1 score of `net`" in said(lambda: student.number("guess").matches_score(found))


def test_scores_of_arrays(craft: Any, tiny: Any, said: Any) -> None:
    truth = np.linspace(0, 1, 50)
    craft.checkpoint("t", {"near": truth + 0.01, "far": truth[::-1].copy(), "short": truth[:5],
                           "wide": np.ones((50, 2)), "broken": np.full(50, np.nan), "many": np.arange(900) / 900})
    student = craft.student(tiny, "t")
    found = student.array("near").score("r2", truth, "near-r2").at_least(0.99)
    assert dict(found.evidence.measured) == {"near-r2": found.value}
    student.array("near").score("mean_absolute_error", truth, "near-error").at_most(0.011)
    student.array("many").score("r2", np.arange(900) / 900, "many-r2").at_least(0.999)  # of its sampled rows
    assert "At least 0.5" in said(lambda: student.array("far").score("r2", truth, "m").at_least(0.5))
    assert "5 rows" in said(lambda: student.array("short").score("r2", truth, "m"))
    assert "shape (2,)" in said(lambda: student.array("wide").score("r2", truth, "m"))
    assert "NaN" in said(lambda: student.array("broken").score("r2", truth, "m"))
    with pytest.raises(CheckError):
        student.array("near").score("r2", np.ones(50), "m")


def craft_holdout(tiny: Any) -> Any:
    from autograder.checks.ground_truth import Holdout

    return Holdout(test_labels=tiny.test_labels[:100], labels=tiny.holdout_labels)


LABELLED = (np.random.default_rng(5).random((90, 3)) < (0.2, 0.5, 0.7)).astype(int)
SAID = np.clip(LABELLED * 0.4 + np.random.default_rng(6).random((90, 3)) * 0.6, 0, 1)


def test_scores_of_several_labels_are_scikit_learns() -> None:
    for average in ("macro", "weighted", "micro"):
        assert score("auc", SAID, LABELLED, average=average) == pytest.approx(
            metrics.roc_auc_score(LABELLED, SAID, average=average))
        for name, function in CLASSES.items():
            assert score(name, SAID, LABELLED, average=average) == pytest.approx(
                function(LABELLED, SAID >= 0.5, average=average))
    one_hot = np.eye(4)[LABELS]
    assert score("f1", OUTPUTS, one_hot) == score("f1", OUTPUTS, LABELS), "a single 1 per row is a class"
    with pytest.raises(ValueError, match="2 outputs do not fit 3 labels"):
        score("f1", SAID[:, :2], LABELLED)


def test_errors_of_squares_are_scikit_learns() -> None:
    given, truth = DRAWN.random((50, 2)), DRAWN.random((50, 2))
    assert score("mse", given, truth) == pytest.approx(metrics.mean_squared_error(truth, given))
    assert score("rmse", given[:, :1], truth[:, 0]) == pytest.approx(
        metrics.root_mean_squared_error(truth[:, 0], given[:, 0]))


@pytest.mark.parametrize(("name", "truth", "expected"), [
    ("auc", YES, 0.5), ("r2", np.arange(4.0), 0.0), ("rmse", np.array([1.0, 3.0]), 1.0),
    ("mae", np.array([0.0, 0.0, 3.0]), 1.0), ("precision", np.array([1, 1, 1, 0]), 0.75), ("recall", YES, None),
    ("recall", np.array([0, 1, 2]), 1 / 3), ("f1", np.array([1, 1, 1, 0]), 6 / 7),
])
def test_what_a_constant_answer_reaches(name: str, truth: Any, expected: float | None) -> None:
    assert constant_score(name, truth) == (expected if expected is None else pytest.approx(expected))


def test_no_constant_answer_has_a_smaller_error() -> None:
    truth = DRAWN.gamma(2, size=200)
    for name in ("mae", "mse", "rmse"):
        best = min(score(name, np.full(200, value), truth) for value in np.linspace(0, 8, 801))
        assert constant_score(name, truth) == pytest.approx(best, abs=1e-3)


def test_the_share_of_the_usual_class_follows_from_the_data() -> None:
    assert constant_accuracy(np.array([0, 0, 1]), np.array([0, 1, 1, 0])) == 0.5
    assert constant_accuracy(LABELLED, LABELLED) == pytest.approx(
        ((LABELLED.mean(axis=0) >= 0.5) == LABELLED).mean())
    with_labels = accuracy(SAID, LABELLED)
    assert with_labels == pytest.approx(((SAID >= 0.5) == LABELLED).mean())
    for labels in (LABELS, np.eye(4)[LABELS]):
        assert accuracy(OUTPUTS, labels) == pytest.approx((OUTPUTS.argmax(axis=1) == LABELS).mean())


def test_a_minimum_that_a_constant_answer_reaches_is_refused_with_both_numbers() -> None:
    with pytest.raises(CheckError, match=r"minimum 0\.662 for the accuracy .* constant answer, which has 0\.621"):
        require_above(0.662, 0.621, "the accuracy")
    with pytest.raises(CheckError, match=r"maximum 2 for .* which has 1\.5"):
        require_below(2, 1.5, "the error")
    require_above(0.7, 0.621, "the accuracy")
    require_above(0.98, 0.97, "the accuracy")
    require_above(0.1, None, "the accuracy")
    require_below(1.2, 1.5, "the error")


def test_a_models_numbers_of_several_outputs(asked: Any, said: Any) -> None:
    truth = np.random.default_rng(8).random((40, 2))
    close = truth + 0.01
    model = asked(close, truth[:20], truth[20:])
    holdout = Holdout(test_labels=truth[:20], labels=truth[20:])
    assert model.mae_on(holdout, "X").value == pytest.approx(0.01)
    assert model.rmse_on(holdout, "X").at_most(0.02).evidence.weakest is Basis.MEASURED
    model.r2_on(holdout, "X").at_least(0.9)
    assert model.evidence.measured.keys() == {"t/net/mean_absolute_error", "t/net/root_mean_squared_error", "t/net/r2"}
    assert model.evidence.constants["t/net/r2"] == 0
    assert "shape (1,) per row. | Shape (2,)." in said(lambda: asked(close[:, :1]).mae_on(holdout, "X"))
    with pytest.raises(CheckError, match="numbers that are no classes"):
        asked(close).accuracy_on(Holdout(test_labels=truth[:20, 0], labels=truth[20:, 0]), "X")
    with pytest.raises(CheckError, match="within reach of a constant answer"):
        asked(close).mae_on(holdout, "X").at_most(1)


def test_a_models_labels(asked: Any, said: Any, work: Any) -> None:
    holdout = Holdout(test_labels=LABELLED[:40], labels=LABELLED[40:])
    model = asked(SAID)
    assert model.auc_on(holdout, "X").at_least(0.7).value == min(
        score("auc", SAID[:40], LABELLED[:40]), score("auc", SAID[40:], LABELLED[40:]))
    assert model.accuracy_on(holdout, "X").value > 0.7
    assert "One number for each class" in said(lambda: asked(SAID[:, :2]).auc_on(holdout, "X"))
    wide = asked(np.concatenate([SAID, SAID[:, :1]], axis=1))
    for name in ("auc", "f1"):
        assert "One number for each class" in said(lambda name=name: wide.score_on(holdout, "X", name))
    assert "One number for each class" in said(lambda: wide.accuracy_on(holdout, "X"))
    four = np.concatenate([SAID, SAID[:, :1]], axis=1)
    assert "3, one for each label." in said(lambda: work(p=four).array("p").score("auc", LABELLED, "area"))


def test_an_output_too_many_is_the_students_mistake(asked: Any, said: Any, work: Any) -> None:
    holdout = Holdout(test_labels=YES[:40], labels=YES[40:])
    wide = np.stack([1 - CHANCE, CHANCE, CHANCE / 2], axis=1)
    assert "2, one for each class." in said(lambda: asked(wide).auc_on(holdout, "X"))
    assert "has 3 outputs for each row." in said(lambda: work(p=wide).array("p").score("auc", YES, "area"))
    asked(CHANCE[:, None]).auc_on(holdout, "X").at_least(0.6)


@pytest.fixture
def asked(craft: Any, tiny: Any) -> Any:
    """Return a function: outputs → a model of the student's that gives them."""
    def ask(outputs: Any, *_: Any) -> Any:
        craft.lines.clear()
        craft.model(1, [craft.dense(10, "softmax")])
        craft.checkpoint("t", {"net": craft.net(1), "X": np.ones((3, 784))})
        model = craft.student(tiny, "t").model("net")
        model._outputs = lambda *_: outputs
        return model

    return ask
