"""Tasks 12 to 15: the ReLU network, one epoch and `EPOCHS`."""

import pytest

from autograder.checks import dense, layer


@pytest.mark.task("relu-build", points=1, basis="measured")
def test_relu_units(student):
    """The network has two hidden layers of 512 units and an output layer of 10, with 669,706 parameters."""
    network = student.model("relu_model")
    network.has_layers([layer("Dense", units=512), layer("Dense", units=512), layer("Dense", units=10)])
    network.has_parameter_count(669_706)


@pytest.mark.task("relu-build", points=1, basis="measured")
def test_relu_activations(student):
    """Both hidden layers have the activation relu, and the output layer keeps softmax."""
    hidden = layer("Dense", activation="relu")
    student.model("relu_model").has_layers([hidden, hidden, layer("Dense", activation="softmax")])


@pytest.mark.task("relu-compile", points=1, basis="claimed")
def test_relu_settings(student):
    """`relu_model` is compiled exactly as the sigmoid network: categorical crossentropy, sgd, accuracy."""
    student.model("relu_model").is_compiled_with(
        loss="categorical_crossentropy", optimizer="sgd", metrics=["accuracy"], settings={"learning_rate": 0.01}
    )


@pytest.mark.task("relu-fit", points=1, basis="claimed")
def test_relu_training(student):
    """`relu_model` was trained for one epoch in batches of 128, with the test set as validation data."""
    training = student.fit_of("relu_model")
    training.used(x="X_train", y="Y_train").validated_on(x="X_test", y="Y_test").batch_size(128).epochs(1)


@pytest.mark.task("relu-fit", points=1, basis="measured", predicts=[("relu_model", "X_test")])
def test_relu_evaluation(student, holdout):
    """`relu_accuracy` is the accuracy that your own model has on the test images."""
    # NaN weights answer NaN, which counts as class 0; what caused them costs points elsewhere, once.
    network, answer = student.model("relu_model"), student.number("relu_accuracy")
    answer.matches_accuracy(network.accuracy_on(holdout, "X_test", diverged=True))


@pytest.mark.task("relu-fit", points=2, basis="measured", minimum=True, predicts=[("relu_model", "X_test")])
def test_relu_accuracy(student, reference, holdout):
    """The ReLU network reaches its minimum accuracy after one epoch."""
    student.model("relu_model").accuracy_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("relu-ten", points=1, basis="measured")
def test_relu_ten_network(student):
    """The fresh network has the same layers as `relu_model`: 512 and 512 units with relu, 10 with softmax."""
    network = student.model("relu_ten_model")
    network.has_layers([dense(512, "relu"), dense(512, "relu"), dense(10, "softmax")]).has_parameter_count(669_706)


@pytest.mark.task("relu-ten", points=1, basis="claimed")
def test_relu_ten_training(student, sizes):
    """The fresh network was trained for `EPOCHS` epochs in batches of 128, with the test set as validation data."""
    training = student.fit_of("relu_ten_model").used(x="X_train", y="Y_train")
    training.validated_on(x="X_test", y="Y_test").batch_size(128).epochs(sizes["EPOCHS"])


@pytest.mark.task("relu-ten", points=2, basis="measured", minimum=True, predicts=[("relu_ten_model", "X_test")])
def test_relu_ten_accuracy(student, reference, holdout):
    """The ReLU network reaches its minimum accuracy after `EPOCHS` epochs."""
    student.model("relu_ten_model").accuracy_on(holdout, "X_test").reaches_minimum(reference)
