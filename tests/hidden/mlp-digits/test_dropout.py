"""Tasks 16 to 18: the network with dropout, and the curves. Dropout need not raise the accuracy; here it does not."""

import pytest

from autograder.checks import dropout, layer


@pytest.mark.task("dropout-build", points=1, basis="measured")
def test_dropout_network(student):
    """The network with dropout has the parameters of the ReLU network: 669,706."""
    student.model("dropout_model").has_parameter_count(669_706)


@pytest.mark.task("dropout-build", points=1, basis="measured")
def test_dropout_layers(student):
    """A dropout layer of rate 0.2 follows each of the two hidden layers with relu."""
    hidden = layer("Dense", activation="relu")
    output = layer("Dense", activation="softmax")
    student.model("dropout_model").has_layers([hidden, dropout(0.2), hidden, dropout(0.2), output])


@pytest.mark.task("dropout-fit", points=1, basis="claimed")
def test_dropout_training(student, sizes):
    """`dropout_model` was trained for `EPOCHS` epochs in batches of 128, with the test set as validation data."""
    training = student.fit_of("dropout_model").used(x="X_train", y="Y_train")
    training.validated_on(x="X_test", y="Y_test").batch_size(128).epochs(sizes["EPOCHS"])


@pytest.mark.task("dropout-fit", points=2, basis="measured", minimum=True, predicts=[("dropout_model", "X_test")])
def test_dropout_accuracy(student, reference, holdout):
    """The network with dropout reaches its minimum accuracy."""
    student.model("dropout_model").accuracy_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("plots", points=1, basis="claimed")
def test_curves(student):
    """Accuracy and loss over the epochs are drawn for both networks, on the training and on the test images."""
    for name in ("relu_ten_history", "dropout_history"):
        student.figures().shows_curves(name, "accuracy", "val_accuracy", "loss", "val_loss")


@pytest.mark.task("plots", points=1, basis="claimed")
def test_labels(student):
    """The axes have labels, and a legend identifies the lines."""
    student.figures().is_labelled("relu_ten_history", "dropout_history")
