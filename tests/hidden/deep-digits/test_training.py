"""Tasks 7 to 11: training with two optimizers, and what the trained networks answer."""

import pytest

from autograder.checks import CheckFailed, holds, keras_object

SGD = ("compile_model", keras_object("optimizers.SGD", learning_rate=0.3))
RMSPROP = ("compile_model", keras_object("optimizers.RMSprop", learning_rate=0.002))


@pytest.mark.task("train", points=1, basis="claimed")
def test_adam_optimizer(student):
    """`adam_model` is compiled with Adam and its standard step size."""
    network = student.model("adam_model")
    if holds(lambda: passes_optimizer_on(student)):
        network.is_compiled_with(optimizer="adam", settings={"learning_rate": 0.001})


@pytest.mark.task("train", points=1, basis="claimed")
def test_adam_data(student):
    """`adam_model` was trained on the training images, with the test set as validation data."""
    student.fit_of("adam_model").used(x="X_train", y="Y_train").validated_on(x="X_test", y="Y_test")


@pytest.mark.task("train", points=1, basis="claimed")
def test_adam_batches(student, sizes):
    """`adam_model` was trained for `EPOCHS` epochs in batches of 64."""
    student.fit_of("adam_model").batch_size(64).epochs(sizes["EPOCHS"])


@pytest.mark.task("train", points=2, basis="measured", minimum=True, predicts=[("adam_model", "X_test")])
def test_adam_accuracy(student, reference, holdout):
    """The network trained with Adam reaches its minimum accuracy."""
    student.model("adam_model").accuracy_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("evaluate", points=1, basis="measured", predicts=[("adam_model", "X_test")])
def test_accuracy_measured(student, holdout):
    """`test_accuracy` is the accuracy that your own network has on the test images."""
    answer, network = student.number("test_accuracy"), student.model("adam_model")
    # NaN weights and `Accuracy()` as metric have already cost their points: here what such a network shows is accepted.
    answer.matches_accuracy(network.accuracy_on(holdout, "X_test", diverged=True), as_shown=True)


@pytest.mark.task("evaluate", points=1, basis="measured", predicts=[("adam_model", "X_test")])
def test_loss_measured(student, holdout):
    """`test_loss` is the loss that your own network has on the test images."""
    answer, network = student.number("test_loss"), student.model("adam_model")
    answer.matches_loss(network.loss_on(holdout, "X_test"))


@pytest.mark.task("predict", points=2, basis="measured", predicts=[("adam_model", "X_test")])
def test_predicted_labels(student, holdout, sizes):
    """`predicted_labels` holds the digit that your own network finds most likely, for each test image."""
    labels = student.array("predicted_labels").has_length(sizes["TEST_IMAGES"])
    if labels.value.shape[1:]:
        raise CheckFailed(f"{labels.quoted} has shape {labels.value.shape}.", "One digit per image.",
                          "`argmax(axis=1)` makes one digit of ten probabilities.")
    student.model("adam_model").predictions_on(holdout, "X_test", diverged=True).answers(labels)


@pytest.mark.task("predict", points=2, basis="measured", predicts=[("adam_model", "X_test")])
def test_mistakes(student, holdout, sizes):
    """`mistakes` is the number of test images that your own network misreads."""
    answer, network = student.number("mistakes"), student.model("adam_model")
    share = 1 - network.accuracy_on(holdout, "X_test", diverged=True).test
    answer.is_about(share * sizes["TEST_IMAGES"], tolerance=2 + 0.001 * sizes["TEST_IMAGES"])


@pytest.mark.task("plots", points=1, basis="claimed")
def test_curves(student):
    """Accuracy and loss over the epochs are drawn, on the training and on the test images."""
    student.figures().shows_curves("adam_history", "accuracy", "val_accuracy", "loss", "val_loss")


@pytest.mark.task("plots", points=1, basis="claimed")
def test_labels(student):
    """The axes have labels, and a legend identifies the lines."""
    student.figures().is_labelled("adam_history")


@pytest.mark.task("sgd", points=1, basis="claimed")
def test_sgd_optimizer(student):
    """`sgd_model` is compiled with SGD and its standard step size."""
    network = student.model("sgd_model")
    if holds(lambda: passes_optimizer_on(student)):
        network.is_compiled_with(optimizer="sgd", settings={"learning_rate": 0.01})


@pytest.mark.task("sgd", points=1, basis="measured")
def test_sgd_network(student):
    """`sgd_model` is another network than `adam_model`."""
    same = student.model("sgd_model").record.model == student.model("adam_model").record.model
    if same and makes_fresh_networks(student):
        raise CheckFailed("`sgd_model` and `adam_model` are the same network.", "A new, untrained network.",
                          "Call `compile_model` again: a second name for a network does not make a second network.")


@pytest.mark.task("sgd", points=1, basis="claimed")
def test_sgd_training(student, sizes):
    """`sgd_model` was trained in exactly the same way as `adam_model`."""
    training = student.fit_of("sgd_model", since="train")
    training.used(x="X_train", y="Y_train").validated_on(x="X_test", y="Y_test")
    training.batch_size(64).epochs(sizes["EPOCHS"])


@pytest.mark.task("sgd", points=2, basis="measured", minimum=True, predicts=[("sgd_model", "X_test")])
def test_sgd_accuracy(student, reference, holdout):
    """The network trained with SGD reaches its minimum accuracy."""
    student.model("sgd_model").accuracy_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("sgd", points=1, basis="measured", predicts=[("sgd_model", "X_test"), ("adam_model", "X_test")])
def test_accuracy_gain(student, holdout):
    """`accuracy_gain` is the difference of the two test accuracies of your own networks."""
    answer = student.number("accuracy_gain")
    networks = [student.model(name) for name in ("adam_model", "sgd_model")]
    adam, sgd = (network.accuracy_on(holdout, "X_test", diverged=True) for network in networks)
    # A wrong `test_accuracy` has already cost its point: a difference computed from it is accepted here.
    higher = [*adam.shown, own_number(student, "test_accuracy")]
    gains = [value - lower for value in higher if value is not None for lower in sgd.shown]
    answer.is_close_to(min(gains, key=lambda gain: abs(gain - answer.value)), tolerance=0.01)


def passes_optimizer_on(student):
    """Fail where `compile_model` ignores its argument, which costs a point only once, in its own task."""
    student.at("compile-model").called(*SGD).model().is_compiled_with(optimizer="sgd", settings={"learning_rate": 0.3})


def makes_fresh_networks(student):
    """Whether `compile_model` returns a new network each time; if not, that has already cost its point."""
    made = [student.at("compile-model").called(*arguments) for arguments in (SGD, RMSPROP)]
    try:
        return len({result.model().record.model for result in made}) == len(made)
    except CheckFailed:
        return True


def own_number(student, name):
    """Return a number of the student's, None where there is none."""
    try:
        return student.number(name).value
    except CheckFailed:
        return None
