"""Tasks 7 to 11: training with two optimizers, and what the trained networks answer."""

import numpy as np
import pytest

from autograder.checks import CheckFailed, keras_object

SGD = ("compile_model", keras_object("optimizers.SGD", learning_rate=0.3))
RMSPROP = ("compile_model", keras_object("optimizers.RMSprop", learning_rate=0.002))


@pytest.mark.task("train", points=1, basis="claimed")
def test_adam_optimizer(student):
    """`adam_model` is compiled with Adam and its standard step size."""
    network = student.model("adam_model")
    if passes_optimizer_on(student):
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
    if can_be_compared(network) and counts_largest(network):
        answer.matches_accuracy(network.accuracy_on(holdout, "X_test"))
    else:
        student.evaluation_of("adam_model").used(x="X_test", y="Y_test")


@pytest.mark.task("evaluate", points=1, basis="measured", predicts=[("adam_model", "X_test")])
def test_loss_measured(student, holdout):
    """`test_loss` is the loss that your own network has on the test images."""
    answer, network = student.number("test_loss"), student.model("adam_model")
    if not (can_be_compared(network) and has_crossentropy(network)):
        student.evaluation_of("adam_model").used(x="X_test", y="Y_test")
        return
    outputs = network.predictions_on(holdout, "X_test").outputs
    given = outputs[np.arange(len(outputs)), holdout.test_labels[: len(outputs)].astype(int)]
    loss = float(-np.log(np.clip(given, 1e-7, 1)).mean())
    answer.is_close_to(loss, tolerance=0.005 + 0.02 * loss)


@pytest.mark.task("predict", points=2, basis="measured", predicts=[("adam_model", "X_test")])
def test_predicted_labels(student, holdout, sizes):
    """`predicted_labels` holds the digit that your own network finds most likely, for each test image."""
    labels = student.array("predicted_labels").has_length(sizes["TEST_IMAGES"])
    if labels.value.shape[1:]:
        raise CheckFailed(f"{labels.quoted} has shape {labels.value.shape}.", "One digit per image.",
                          "`argmax(axis=1)` makes one digit of ten probabilities.")
    network = student.model("adam_model")
    if network.record.finite:
        network.predictions_on(holdout, "X_test").answers(labels)


@pytest.mark.task("predict", points=2, basis="measured", predicts=[("adam_model", "X_test")])
def test_mistakes(student, holdout, sizes):
    """`mistakes` is the number of test images that your own network misreads."""
    answer, network = student.number("mistakes"), student.model("adam_model")
    if network.record.finite:
        share = 1 - network.accuracy_on(holdout, "X_test").test
        answer.is_about(share * sizes["TEST_IMAGES"], tolerance=2 + 0.001 * sizes["TEST_IMAGES"])


@pytest.mark.task("plots", points=2, basis="claimed")
def test_curves(student):
    """Accuracy and loss over the epochs are drawn."""
    student.figures().at_least(1)


@pytest.mark.task("sgd", points=1, basis="claimed")
def test_sgd_optimizer(student):
    """`sgd_model` is compiled with SGD and its standard step size."""
    network = student.model("sgd_model")
    if passes_optimizer_on(student):
        network.is_compiled_with(optimizer="sgd", settings={"learning_rate": 0.01})


@pytest.mark.task("sgd", points=1, basis="measured")
def test_sgd_network(student):
    """`sgd_model` is a network of its own, beside `adam_model`."""
    same = student.model("sgd_model").record.model == student.model("adam_model").record.model
    if same and makes_fresh_networks(student):
        raise CheckFailed("`sgd_model` and `adam_model` are the same network.", "A network that starts afresh.",
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
    adam, sgd = student.model("adam_model"), student.model("sgd_model")
    if not (can_be_compared(adam) and can_be_compared(sgd) and counts_largest(sgd)):
        return  # what keeps the two from being compared costs its points elsewhere, once
    lower = sgd.accuracy_on(holdout, "X_test").test
    # A wrong `test_accuracy` has cost its point in its own task: a difference taken from it is right here.
    higher = [adam.accuracy_on(holdout, "X_test").test, own_number(student, "test_accuracy")]
    nearest = min((value - lower for value in higher if value is not None), key=lambda gain: abs(gain - answer.value))
    answer.is_close_to(nearest, tolerance=0.01)


def passes_optimizer_on(student):
    """Whether `compile_model` uses its argument; where it does not, that has cost its point already."""
    try:
        student.at("compile-model").called(*SGD).model().is_compiled_with(
            optimizer="sgd", settings={"learning_rate": 0.3})
    except CheckFailed:
        return False
    return True


def makes_fresh_networks(student):
    """Whether `compile_model` returns another network each time; where it does not, that has cost its point already."""
    made = [student.at("compile-model").called(*arguments) for arguments in (SGD, RMSPROP)]
    try:
        return len({result.model().record.model for result in made}) == len(made)
    except CheckFailed:
        return True


def can_be_compared(network):
    """Whether the network answers numbers: weights that became NaN leave nothing to compare."""
    return network.record.finite


def counts_largest(network):
    """Whether the accuracy that Keras shows for this network counts the most likely class."""
    compiled = network.record.compile
    return compiled is None or "exact_accuracy" not in compiled.metrics


def has_crossentropy(network):
    """Whether the loss that Keras computes for this network is the crossentropy of its probabilities."""
    compiled = network.record.compile
    probabilities = network.record.steps and network.record.steps[-1].activation == "softmax"
    return bool(compiled and compiled.loss == "categorical_crossentropy" and probabilities
                and not compiled.loss_settings.get("from_logits"))


def own_number(student, name):
    """Return a number of the student's, None where there is none."""
    try:
        return student.number(name).value
    except CheckFailed:
        return None
