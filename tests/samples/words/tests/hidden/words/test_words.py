"""Hidden checks of the course of many words."""

import numpy as np
import pytest

from autograder.checks import bunch, call, holds, initializer, keras_object, layer, regularizer, student_value

DRAWN = np.random.default_rng(3)
TABLE = DRAWN.uniform(1, 8, (12, 4))
KINDS = np.arange(12) % 3
SCALED = (TABLE - TABLE.min(axis=0)) / (TABLE.max(axis=0) - TABLE.min(axis=0))
LIKE_IRIS = call("prepare", bunch(data=TABLE, target=KINDS))
AS_DICT = call("prepare", {"data": TABLE, "target": KINDS})
SMALL = keras_object("models.Sequential", layers=[
    keras_object("layers.Input", shape=(4,)), keras_object("layers.Dense", units=3, activation="softmax")])
PLACES = np.linspace(-2, 2, 60)
HEIGHTS = 2 + PLACES - PLACES**3 / 3


@pytest.mark.task("prepare", points=2, basis="measured", calls=[LIKE_IRIS])
def test_prepared_table(student):
    """Each column of the first array that `prepare` returns lies between 0 and 1."""
    table, _ = student.called("prepare", bunch(data=TABLE, target=KINDS)).items(2)
    table.array().has_shape(12, 4).equals_rows_of(SCALED, 1e-5)


@pytest.mark.task("prepare", points=2, basis="measured", calls=[LIKE_IRIS])
def test_prepared_kinds(student):
    """The second array that `prepare` returns has a one-hot row for each flower."""
    student.called("prepare", bunch(data=TABLE, target=KINDS)).item(1).array().is_one_hot(KINDS, 3)


@pytest.mark.task("prepare", points=1, basis="measured", calls=[AS_DICT])
def test_prepared_dict(student):
    """`prepare` works with a dict as well."""
    student.called("prepare", {"data": TABLE, "target": KINDS}).items(2)


@pytest.mark.task("callbacks", points=1, basis="claimed", calls=[call("make_callbacks", 4)])
def test_callbacks_stop(student):
    """One callback stops training when the validation loss has not fallen for as many epochs as it is told."""
    stop = student.called("make_callbacks", 4).callback("EarlyStopping")
    stop.has_settings(monitor="val_loss", patience=4, mode="min", baseline=None)


@pytest.mark.task("callbacks", points=1, basis="claimed", calls=[call("make_callbacks", 4)])
def test_callbacks_rate(student):
    """The other one divides the learning rate by 2."""
    student.called("make_callbacks", 4).callback("ReduceLROnPlateau").has_settings(factor=0.5)


@pytest.mark.task("network", points=2, basis="measured")
def test_network_penalty(student):
    """`network` has 16 relu units whose weights are penalised with an L2 strength of 0.001."""
    network = student.model("network").has_parameter_count(784 * 16 + 16 + 170)
    network.contains(layer("Dense", units=16, activation="relu")).has_regularizer("L2")
    network.contains(layer("Dense", units=16, regularizer=regularizer(l2=0.001)))


@pytest.mark.task("network", points=1, basis="claimed")
def test_network_start(student):
    """The starting weights of the hidden layer follow He's normal rule."""
    student.model("network").contains(layer("Dense", units=16, initializer=initializer("HeNormal")))


@pytest.mark.task("compile", points=1, basis="claimed", calls=[call("compile_model", SMALL)])
def test_compile_given(student):
    """`compile_model` compiles the model that it is given, without a new one."""
    student.called("compile_model", SMALL).argument(0).model().is_compiled_with(
        optimizer="adam", loss="categorical_crossentropy", settings={"learning_rate": 0.01})


@pytest.mark.task("compile", points=1, basis="claimed",
                  calls=[call("compile_model", student_value("network", fresh=True))])
def test_compile_network(student):
    """`compile_model` compiles a network like yours, and `network` itself was compiled."""
    called = student.called("compile_model", student_value("network", fresh=True))
    if holds(lambda: called.argument(0).model().is_compiled_with(optimizer="adam")):
        student.model("network").is_compiled_with(optimizer="adam")


@pytest.mark.task("fit", points=1, basis="claimed")
def test_fit_stops(student):
    """`fit` was given the callback that stops the training early, with a patience of 3."""
    student.fit_of("network").validated_with_split(0.2).used_callback("EarlyStopping", patience=3, mode="min")


@pytest.mark.task("fit", points=2, basis="measured", minimum=True, predicts=[("network", "X_test")])
def test_fit_f1(student, reference, holdout):
    """The F1 score of `network` reaches its minimum, on images that it never saw."""
    student.model("network").score_on(holdout, "X_test", "f1").reaches_minimum(reference)


@pytest.mark.task("fit", points=1, basis="measured", predicts=[("network", "X_test")])
def test_fit_ranks(student, holdout):
    """The ROC AUC of `network` is at least 0.7."""
    student.model("network").score_on(holdout, "X_test", "roc_auc").at_least(0.7)


@pytest.mark.task("scores", points=2, basis="measured", predicts=[("network", "X_test")])
def test_f1_number(student, holdout):
    """`f1` is the macro-averaged F1 score of your own network on the test images."""
    student.number("f1").matches_score(student.model("network").score_on(holdout, "X_test", "f1"))


@pytest.mark.task("heights", points=2, basis="measured", calls=[call("predict_heights", PLACES)])
def test_heights_spread(student):
    """The answers of `predict_heights` explain at least 99 % of how heights vary."""
    student.called("predict_heights", PLACES).array().score("r2", HEIGHTS, "heights-r2").at_least(0.99)


@pytest.mark.task("heights", points=2, basis="measured", calls=[call("predict_heights", PLACES)])
def test_heights_error(student):
    """The answers of `predict_heights` are off by 0.05 at most on average."""
    answers = student.called("predict_heights", PLACES).array()
    answers.score("mean_absolute_error", HEIGHTS, "heights-error").at_most(0.05)
