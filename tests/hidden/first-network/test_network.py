"""Tasks 7 to 11: the network, its training, and how good it is.

The first releases had no cell of sizes: there the numbers are those of the published text.
"""

import pytest

from autograder.checks import layer

HIDDEN_UNITS, BATCH_SIZE, EPOCHS = 10, 100, 5
"""As published."""


@pytest.mark.task("build", points=2, basis="measured")
def test_neurons(student, sizes):
    """Both layers have the required number of neurons, and the network the number of parameters that follows."""
    hidden = int(sizes.get("HIDDEN_UNITS", HIDDEN_UNITS))
    network = student.model("model")
    network.has_layers([layer("Dense", units=hidden), layer("Dense", units=10)])
    network.has_parameter_count((784 + 1) * hidden + (hidden + 1) * 10)


@pytest.mark.task("build", points=1, basis="measured")
def test_hidden_sigmoid(student):
    """The hidden layer has the activation sigmoid."""
    student.model("model").has_layers([layer("Dense", activation="sigmoid"), layer("Dense")])


@pytest.mark.task("build", points=1, basis="measured")
def test_output_softmax(student):
    """The output layer has the activation softmax."""
    student.model("model").has_layers([layer("Dense"), layer("Dense", activation="softmax")])


@pytest.mark.task("count", points=1, basis="measured")
def test_hidden_parameters(student, sizes):
    """The number of parameters of the hidden layer is right."""
    hidden = sizes.get("HIDDEN_UNITS", HIDDEN_UNITS)
    student.number("hidden_parameters").is_about((784 + 1) * hidden, tolerance=0.5)


@pytest.mark.task("count", points=1, basis="measured")
def test_output_parameters(student, sizes):
    """The number of parameters of the output layer is right."""
    hidden = sizes.get("HIDDEN_UNITS", HIDDEN_UNITS)
    student.number("output_parameters").is_about((hidden + 1) * 10, tolerance=0.5)


@pytest.mark.task("compile", points=1, basis="claimed")
def test_loss(student):
    """The loss is categorical crossentropy."""
    student.model("model").is_compiled_with(loss="categorical_crossentropy")


@pytest.mark.task("compile", points=1, basis="claimed")
def test_optimizer(student):
    """The optimizer is sgd with its standard step size."""
    student.model("model").is_compiled_with(optimizer="sgd", settings={"learning_rate": 0.01})


@pytest.mark.task("compile", points=1, basis="claimed")
def test_metric(student):
    """The accuracy is shown next to the loss."""
    student.model("model").is_compiled_with(metrics=["accuracy"])


@pytest.mark.task("fit", points=1, basis="claimed")
def test_fit_data(student):
    """The network was trained on the training images and their one-hot labels."""
    student.fit_of("model").used(x="X_train", y="Y_train")


@pytest.mark.task("fit", points=1, basis="claimed")
def test_fit_batches(student, sizes):
    """The network was trained in batches of the required size."""
    student.fit_of("model").batch_size(int(sizes.get("BATCH_SIZE", BATCH_SIZE)))


@pytest.mark.task("fit", points=1, basis="claimed")
def test_fit_epochs(student, sizes):
    """The network was trained for the required number of epochs."""
    student.fit_of("model").epochs(int(sizes.get("EPOCHS", EPOCHS)))


@pytest.mark.task("fit", points=2, basis="measured", minimum=True, predicts=[("model", "X_test")])
def test_model_accuracy(student, reference, holdout):
    """The trained network reaches its minimum accuracy."""
    student.model("model").accuracy_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("evaluate", points=2, basis="measured", predicts=[("model", "X_test")])
def test_evaluation(student, holdout):
    """`test_accuracy` is the accuracy that your own network has on the test images."""
    accuracy = student.model("model").accuracy_on(holdout, "X_test")
    student.number("test_accuracy").matches_accuracy(accuracy)
