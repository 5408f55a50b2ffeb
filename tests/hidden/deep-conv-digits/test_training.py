"""Tasks 8 to 11: the training, and what the trained network answers."""

import numpy as np
import pytest

from autograder.checks import CheckFailed, keras_object

SGD = ("compile_model", keras_object("optimizers.SGD", learning_rate=0.3))
LOOKED_AT = 100
"""Test images among which the least certain answer is sought."""


@pytest.mark.task("train", points=1, basis="claimed")
def test_cnn_optimizer(student):
    """`cnn_model` is compiled with Adam and its standard step size."""
    network = student.model("cnn_model")
    if passes_optimizer_on(student):
        network.is_compiled_with(optimizer="adam", settings={"learning_rate": 0.001})


@pytest.mark.task("train", points=1, basis="claimed")
def test_cnn_data(student):
    """`cnn_model` was trained on the training images and their one-hot labels."""
    student.fit_of("cnn_model").used(x="X_train", y="Y_train")


@pytest.mark.task("train", points=1, basis="claimed")
def test_cnn_validation(student):
    """The test set was watched as validation data."""
    student.fit_of("cnn_model").validated_on(x="X_test", y="Y_test")


@pytest.mark.task("train", points=1, basis="claimed")
def test_cnn_batches(student, sizes):
    """`cnn_model` was trained for `EPOCHS` epochs in batches of 64."""
    student.fit_of("cnn_model").batch_size(64).epochs(sizes["EPOCHS"])


@pytest.mark.task("train", points=2, basis="measured", minimum=True, predicts=[("cnn_model", "X_test")])
def test_cnn_accuracy(student, reference, holdout):
    """The convolutional network reaches its minimum accuracy."""
    student.model("cnn_model").accuracy_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("evaluate", points=1, basis="measured", predicts=[("cnn_model", "X_test")])
def test_accuracy_measured(student, holdout):
    """`test_accuracy` is the accuracy that your own network has on the test images."""
    answer, network = student.number("test_accuracy"), student.model("cnn_model")
    if network.record.finite and counts_largest(network):
        answer.matches_accuracy(network.accuracy_on(holdout, "X_test"))
    else:
        student.evaluation_of("cnn_model").used(x="X_test", y="Y_test")


@pytest.mark.task("evaluate", points=1, basis="measured", predicts=[("cnn_model", "X_test")])
def test_loss_measured(student, holdout):
    """`test_loss` is the loss that your own network has on the test images."""
    answer, network = student.number("test_loss"), student.model("cnn_model")
    if not (network.record.finite and has_crossentropy(network)):
        student.evaluation_of("cnn_model").used(x="X_test", y="Y_test")
        return
    outputs = network.predictions_on(holdout, "X_test").outputs
    given = outputs[np.arange(len(outputs)), holdout.test_labels[: len(outputs)].astype(int)]
    loss = float(-np.log(np.clip(given, 1e-7, 1)).mean())
    answer.is_close_to(loss, tolerance=0.005 + 0.02 * loss)


@pytest.mark.task("predict", points=2, basis="measured", predicts=[("cnn_model", "X_test")])
def test_predicted_labels(student, holdout, sizes):
    """`predicted_labels` holds the digit that your own network finds most likely, for each test image."""
    labels = student.array("predicted_labels").has_length(sizes["TEST_IMAGES"])
    if labels.value.shape[1:]:
        raise CheckFailed(f"{labels.quoted} has shape {labels.value.shape}.", "One digit per image.",
                          "`argmax(axis=1)` makes one digit of ten probabilities.")
    network = student.model("cnn_model")
    if network.record.finite:
        network.predictions_on(holdout, "X_test").answers(labels)


@pytest.mark.task("predict", points=2, basis="measured", predicts=[("cnn_model", "X_test")])
def test_least_sure(student, holdout):
    """`least_sure` is the image, among the first 100, of which your own network is least sure."""
    answer, network = student.number("least_sure"), student.model("cnn_model")
    if not float(answer.value).is_integer() or not 0 <= answer.value < LOOKED_AT:
        raise CheckFailed(f"{answer.quoted} is {answer.value:g}.", "The index of one of the first 100 test images.")
    if not network.record.finite:
        return
    sure = network.predictions_on(holdout, "X_test").outputs[:LOOKED_AT].max(axis=1)
    if sure[int(answer.value)] > sure.min() + 0.005:
        raise CheckFailed(
            f"Of image {answer.value:g} your network is sure to {sure[int(answer.value)]:.2f}; of another one it is "
            "less sure.", "The image whose largest probability is the smallest.",
            "`max(axis=1)` first, then the first 100, then `argmin`.")


@pytest.mark.task("plots", points=2, basis="claimed")
def test_curves(student):
    """Accuracy and loss over the epochs are drawn."""
    student.figures().at_least(1)


def passes_optimizer_on(student):
    """Whether `compile_model` uses its argument; where it does not, that has cost its point already."""
    try:
        student.at("compile-model").called(*SGD).model().is_compiled_with(
            optimizer="sgd", settings={"learning_rate": 0.3})
    except CheckFailed:
        return False
    return True


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
