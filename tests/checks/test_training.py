"""Assertions about fit and evaluate: the recorded arguments, compared with the optimizer's own count."""

from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import pytest

from autograder.checks import CheckFailed, Unjudged
from autograder.model import Basis

X = np.linspace(0, 1, 400 * 4, dtype="float32").reshape(400, 4)
Y = np.eye(10, dtype="float32")[np.arange(400) % 10]
T = X[:200] + 1
TY = Y[:200][::-1].copy()
NAMES = {"X_train": X, "Y_train": Y, "X_test": T, "Y_test": TY}


@pytest.fixture
def fitted(craft, tiny):
    """Return a function that gives the subject for a model with the given fits."""
    def make(*changes: dict[str, Any], iterations: int | None = 4, names: dict[str, Any] | None = None,
             since: str | None = None, model: str = "model"):
        fit = {"fit": 1, "model": 1, "cell": 1, "x": craft.ref(X), "y": craft.ref(Y), "batch_size": 128, "epochs": 1,
               "initial_epoch": 0, "validation": {"x": craft.ref(T), "y": craft.ref(TY)}, "callbacks": [],
               "completed": True, "history": {"loss": [1.0]}, "weights_before": "a", "weights_after": "b"}
        craft.model(1, [craft.dense(10, "softmax")], inputs=4, iterations=iterations)
        craft.model(2, [craft.dense(10, "softmax")], inputs=4, iterations=0)
        task = f"t{len(craft.lines)}"
        craft.checkpoint(task, NAMES | {"model": craft.net(1), "model2": craft.net(2)} | (names or {}),
                         [fit | change | {"fit": number} for number, change in enumerate(changes, start=1)])
        return craft.student(tiny, task).fit_of(model, since=since)

    return make


def test_the_right_training_passes(fitted):
    subject = fitted({})
    subject.happened().used(x="X_train", y="Y_train").batch_size(128).epochs(1).validated_on("X_test", "Y_test")
    assert subject.evidence.weakest is Basis.CLAIMED


def test_several_fits_add_up(fitted):
    fitted({"epochs": 4, "history": {"loss": [1.0] * 4}}, {"epochs": 6, "history": {"loss": [1.0] * 6}},
           iterations=40).epochs(10)


def test_a_fit_that_continues_from_an_epoch(fitted):
    fitted({"initial_epoch": 8, "epochs": 10, "history": {}}, iterations=8).epochs(2)


def test_compiling_again_between_fits_sets_the_count_back(fitted):
    fitted({}, {}, iterations=4).epochs(2)


@pytest.mark.parametrize(("change", "ask", "words"), [
    ({"batch_size": 64}, lambda s: s.batch_size(128), "was trained with batch size 64. | Batch size 128."),
    ({"batch_size": None}, lambda s: s.batch_size(128), "Without `batch_size` Keras takes 32."),
    ({"epochs": 3, "history": {"loss": [1.0] * 3}}, lambda s: s.epochs(10), "was trained for 3 epochs. | 10 epochs."),
    ({"history": {}}, lambda s: s.epochs(10), "Without `epochs` Keras trains for one."),
    ({"completed": False}, lambda s: s.epochs(1), "did not run to its end"),
    ({"validation": None}, lambda s: s.validated_on("X_test", "Y_test"), "was trained without validation data"),
    ({"validation": {"split": 0.2}}, lambda s: s.validated_on("X_test", "Y_test"), "a part of the training data (0.2)"),
    ({}, lambda s: s.validated_with_split(0.2), "with no validation split"),
    ({}, lambda s: s.used_callback("EarlyStopping"), "trained with callbacks nothing. | An EarlyStopping callback."),
])
def test_mistakes_are_named(fitted, said, change, ask, words):
    assert words in said(lambda: ask(fitted(change)))


def test_all_rows_of_another_array_may_have_been_set_aside_by_hand(fitted, craft):
    craft.checkpoint("before", NAMES)
    with pytest.raises(Unjudged, match="in a way that the grader does not record"):
        fitted({}).validated_with_split(len(T) / (len(X) + len(T)))


def test_training_on_the_test_set(fitted, craft, said):
    change = {"x": craft.ref(T), "y": craft.ref(TY)}
    message = said(lambda: fitted(change).used(x="X_train", y="Y_train"))
    assert message == ("`model` was trained on `X_test`. | Training data: `X_train`. | "
                       "A model that was trained on the test set can no longer be tested with it.")


def test_validation_on_the_training_set(fitted, craft, said):
    change = {"validation": {"x": craft.ref(X), "y": craft.ref(Y)}}
    assert "was validated on `X_train`" in said(lambda: fitted(change).validated_on("X_test", "Y_test"))


def test_labels_that_were_not_one_hot(fitted, craft, said):
    numbers = np.arange(400) % 10
    message = said(lambda: fitted({"y": craft.ref(numbers)}, names={"y_train": numbers}).used("X_train", "Y_train"))
    assert "was trained with labels `y_train`" in message


def test_an_array_that_no_name_holds(fitted, craft, said):
    assert "an array of shape (100, 4)" in said(
        lambda: fitted({"x": craft.ref(X[:100])}).used("X_train", "Y_train"))


def test_an_array_that_was_changed_after_training(fitted, craft, said):
    assert "Restart and run all cells in order" in said(
        lambda: fitted({"x": craft.ref(X + 1)}).used("X_train", "Y_train"))


def test_raw_bytes_instead_of_prepared_numbers_fail(fitted, craft, said):
    raw = np.zeros((400, 4), np.uint8)
    assert "Training data: `X_train`." in said(lambda: fitted({"x": craft.ref(raw)}).used("X_train", "Y_train"))


def test_a_copy_of_another_float_type_is_withheld(fitted, craft):
    with pytest.raises(Unjudged):
        fitted({"x": craft.ref(X.astype("float64"))}).used("X_train", "Y_train")


def test_an_array_as_it_was_when_the_model_was_trained(craft, tiny, fitted):
    fitted({})
    craft.checkpoint("later", {"model": craft.net(1), "X_train": X * 2, "Y_train": Y})
    craft.student(tiny, "later").fit_of("model").used("X_train", "Y_train")


def test_fits_since_a_task(craft, tiny, fitted, said):
    fitted({})
    craft.checkpoint("later", NAMES | {"model": craft.net(1)})
    assert "never trained" in said(lambda: craft.student(tiny, "later").fit_of("model", since="t0").happened())
    craft.student(tiny, "later").fit_of("model").happened()


def test_another_model_was_trained(fitted, said):
    assert said(lambda: fitted({}, model="model2").happened()) == (
        "You trained `model`; `model2` still has its starting weights. | A call of `model2.fit(…)`. | "
        "Which name is before `.fit`?")


def test_nothing_was_trained(fitted, said):
    assert "`model2` was never trained." in said(lambda: fitted(model="model2").happened())


def test_training_that_cannot_be_seen_is_withheld(fitted):
    with pytest.raises(Unjudged):
        fitted(iterations=47).happened()
    with pytest.raises(Unjudged):
        fitted({"x": {"type": "tf.data.Dataset"}}).used("X_train", "Y_train")


def test_steps_that_the_fits_do_not_explain_are_withheld(fitted):
    with pytest.raises(Unjudged) as caught:
        fitted({"epochs": 10, "history": {"loss": [1.0] * 10}}, iterations=4).epochs(10)
    assert "counted 4 steps, the recorded fits explain 40" in (caught.value.staff_note or "")


def test_a_fit_that_changed_nothing_is_withheld(fitted):
    with pytest.raises(Unjudged):
        fitted({"weights_after": "a"}).epochs(1)


class TestEvaluation:
    @pytest.fixture
    def evaluated(self, craft, tiny):
        def make(*calls):
            craft.model(1, [craft.dense(10, "softmax")], inputs=4)
            craft.checkpoint("t", NAMES | {"model": craft.net(1)}, evaluations=[
                {"model": 1, "cell": 1, "x": craft.ref(x), "y": craft.ref(y), "result": [1.0, 0.5]} for x, y in calls])
            return craft.student(tiny, "t").evaluation_of("model")

        return make

    def test_right(self, evaluated):
        evaluated((X, Y), (T, TY)).used("X_test", "Y_test")

    def test_skipped(self, evaluated, said):
        assert said(lambda: evaluated().used("X_test", "Y_test")) == (
            "`model` was never evaluated. | A call of `model.evaluate(X_test, Y_test)`.")

    def test_on_the_training_set(self, evaluated, said):
        assert "was evaluated on `X_train`" in said(lambda: evaluated((X, Y)).used("X_test", "Y_test"))


@pytest.mark.parametrize("change", [
    {"validation": {"split": "nan"}}, {"validation": {"split": 2.0}}, {"validation": {"split": -1}},
    {"batch_size": 0}, {"x": {"fingerprint": "a", "shape": [], "dtype": "float32"}}, {"x": {}}, {"y": None},
    {"epochs": None, "history": {}}, {"callbacks": None}, {"initial_epoch": 10**9, "history": {}},
])
@pytest.mark.parametrize("ask", [
    lambda s: s.used("X_train", "Y_train"), lambda s: s.epochs(1), lambda s: s.batch_size(128),
    lambda s: s.validated_on("X_test", "Y_test"), lambda s: s.validated_with_split(0.1),
    lambda s: s.used_callback("EarlyStopping"),
])
def test_odd_records_never_break_an_assertion(fitted, change, ask):
    with contextlib.suppress(CheckFailed, Unjudged):
        ask(fitted(change))


def stopped(**settings: Any) -> dict[str, Any]:
    return {"callbacks": ["EarlyStopping", "History"], "callback_settings": [settings, {}]}


class TestCallbacks:
    def test_settings_are_compared_with_those_of_the_callback(self, fitted, said):
        made = stopped(monitor="val_loss", patience=10, restore_best_weights=True, min_delta=0.0)
        training = fitted(made).used_callback("EarlyStopping")
        training.used_callback("EarlyStopping", monitor="val_loss", patience=10, restore_best_weights=True, min_delta=0)
        message = said(lambda: training.used_callback("EarlyStopping", monitor="loss"))
        assert message == "The EarlyStopping callback of `model` has `monitor='val_loss'`. | `monitor='loss'`."
        assert "`patience=10`" in said(lambda: training.used_callback("EarlyStopping", patience=3))
        assert "`baseline=None`" in said(lambda: training.used_callback("EarlyStopping", baseline=0.5))

    def test_acc_is_accuracy(self, fitted):
        fitted(stopped(monitor="val_acc")).used_callback("EarlyStopping", monitor="val_accuracy")

    def test_one_of_several_of_a_class_is_enough(self, fitted):
        fitted({"callbacks": ["EarlyStopping"] * 2, "callback_settings": [{"patience": 3}, {"patience": 10}]}
               ).used_callback("EarlyStopping", patience=10)

    def test_a_callback_that_was_never_passed(self, fitted, said):
        assert "Making the callback is not enough" in said(lambda: fitted({}).used_callback("EarlyStopping"))

    def test_settings_that_were_not_recorded_are_a_persons_case(self, fitted):
        with pytest.raises(Unjudged):
            fitted({"callbacks": ["EarlyStopping"]}).used_callback("EarlyStopping", patience=10)


class TestRange:
    def test_a_training_that_may_stop_early(self, fitted, said):
        training = fitted({"epochs": 100, "history": {"loss": [1.0] * 40}}, iterations=160)
        training.epochs(at_most=100).epochs(at_least=10, at_most=40).epochs(40)
        assert "At most 39 epochs." in said(lambda: training.epochs(at_most=39))
        assert "At least 50 and at most 60 epochs." in said(lambda: training.epochs(at_least=50, at_most=60))

    def test_the_optimizers_count_is_asked_here_too(self, fitted):
        with pytest.raises(Unjudged):
            fitted({"epochs": 10, "history": {"loss": [1.0] * 10}}, iterations=400).epochs(at_most=10)


class TestValidated:
    def test_any_validation_but_on_these_names(self, fitted, said):
        fitted({"validation": {"split": 0.2}}).validated(without=["X_test"])
        fitted({}).validated()
        assert "was validated on `X_test`" in said(lambda: fitted({}).validated(without=["X_test"]))
        assert "without validation data" in said(lambda: fitted({"validation": None}).validated())
