"""Tasks 8 to 11: the training, and what the trained network answers."""

import pytest

from autograder.checks import CheckFailed, holds, keras_object

SGD = ("compile_model", keras_object("optimizers.SGD", learning_rate=0.3))
LOOKED_AT = 100
"""Number of test images among which the least certain answer is looked for."""


@pytest.mark.task("train", points=1, basis="claimed")
def test_cnn_optimizer(student):
    """`cnn_model` is compiled with Adam and its standard step size."""
    network = student.model("cnn_model")
    if holds(lambda: passes_optimizer_on(student)):
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
    # NaN weights and `Accuracy()` as metric have already cost their points: here what such a network shows is accepted.
    answer.matches_accuracy(network.accuracy_on(holdout, "X_test", diverged=True), as_shown=True)


@pytest.mark.task("evaluate", points=1, basis="measured", predicts=[("cnn_model", "X_test")])
def test_loss_measured(student, holdout):
    """`test_loss` is the loss that your own network has on the test images."""
    answer, network = student.number("test_loss"), student.model("cnn_model")
    answer.matches_loss(network.loss_on(holdout, "X_test"))


@pytest.mark.task("predict", points=2, basis="measured", predicts=[("cnn_model", "X_test")])
def test_predicted_labels(student, holdout, sizes):
    """`predicted_labels` holds the digit that your own network finds most likely, for each test image."""
    labels = student.array("predicted_labels").has_length(sizes["TEST_IMAGES"])
    if labels.value.shape[1:]:
        raise CheckFailed(f"{labels.quoted} has shape {labels.value.shape}.", "One digit per image.",
                          "`argmax(axis=1)` makes one digit of ten probabilities.")
    student.model("cnn_model").predictions_on(holdout, "X_test", diverged=True).answers(labels)


@pytest.mark.task("predict", points=2, basis="measured", predicts=[("cnn_model", "X_test")])
def test_least_sure(student, holdout):
    """`least_sure` is the image, among the first 100, of which your own network is least sure."""
    answer, network = student.number("least_sure"), student.model("cnn_model")
    if not float(answer.value).is_integer() or not 0 <= answer.value < LOOKED_AT:
        raise CheckFailed(f"{answer.quoted} is {answer.value:g}.", "The index of one of the first 100 test images.")
    sure = network.predictions_on(holdout, "X_test", diverged=True).outputs[:LOOKED_AT].max(axis=1)
    if sure[int(answer.value)] > sure.min() + 0.005:
        raise CheckFailed(
            f"For image {answer.value:g} your network's largest probability is {sure[int(answer.value)]:.2f}; for "
            "another image it is smaller.", "The image whose largest probability is the smallest.",
            "`max(axis=1)` first, then the first 100, then `argmin`.")


@pytest.mark.task("plots", points=1, basis="claimed")
def test_curves(student):
    """Accuracy and loss over the epochs are drawn, on the training and on the test images."""
    student.figures().shows_curves("cnn_history", "accuracy", "val_accuracy", "loss", "val_loss")


@pytest.mark.task("plots", points=1, basis="claimed")
def test_labels(student):
    """The axes have labels, and a legend identifies the lines."""
    student.figures().is_labelled("cnn_history")


def passes_optimizer_on(student):
    """Fail where `compile_model` ignores its argument, which costs a point only once, in its own task."""
    student.at("compile-model").called(*SGD).model().is_compiled_with(optimizer="sgd", settings={"learning_rate": 0.3})
