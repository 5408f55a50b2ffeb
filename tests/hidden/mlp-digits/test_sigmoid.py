"""Tasks 6 to 11: the sigmoid network. Its accuracy is close to chance, so none is required."""

import pytest

from autograder.checks import layer


@pytest.mark.task("sigmoid-build", points=1, basis="measured")
def test_sigmoid_units(student):
    """The network has two hidden layers of 512 units and an output layer of 10, with 669,706 parameters."""
    network = student.model("sigmoid_model")
    network.has_layers([layer("Dense", units=512), layer("Dense", units=512), layer("Dense", units=10)])
    network.has_parameter_count(669_706)


@pytest.mark.task("sigmoid-build", points=1, basis="measured")
def test_sigmoid_activations(student):
    """Both hidden layers have the activation sigmoid."""
    hidden = layer("Dense", activation="sigmoid")
    student.model("sigmoid_model").has_layers([hidden, hidden, layer("Dense")])


@pytest.mark.task("sigmoid-build", points=1, basis="measured")
def test_sigmoid_softmax(student):
    """The output layer has the activation softmax."""
    student.model("sigmoid_model").has_layers([layer("Dense"), layer("Dense"), layer("Dense", activation="softmax")])


@pytest.mark.task("count-parameters", points=1, basis="measured")
def test_first_layer_parameters(student):
    """The number of parameters of the first hidden layer is right."""
    student.number("first_layer_parameters").is_about(784 * 512 + 512, tolerance=0.5)


@pytest.mark.task("sigmoid-compile", points=1, basis="claimed")
def test_sigmoid_loss(student):
    """The loss is categorical crossentropy."""
    student.model("sigmoid_model").is_compiled_with(loss="categorical_crossentropy")


@pytest.mark.task("sigmoid-compile", points=1, basis="claimed")
def test_sigmoid_optimizer(student):
    """The optimizer is sgd with its standard step size, and the accuracy is shown."""
    student.model("sigmoid_model").is_compiled_with(
        optimizer="sgd", metrics=["accuracy"], settings={"learning_rate": 0.01}
    )


@pytest.mark.task("updates", points=1, basis="measured")
def test_updates_per_epoch(student):
    """The number of weight updates in one epoch is right."""
    student.number("updates_per_epoch").is_about(47, tolerance=0.01)


@pytest.mark.task("sigmoid-fit", points=1, basis="claimed")
def test_sigmoid_fit_data(student):
    """`sigmoid_model` was trained on the training images and their one-hot labels."""
    student.fit_of("sigmoid_model").used(x="X_train", y="Y_train")


@pytest.mark.task("sigmoid-fit", points=1, basis="claimed")
def test_sigmoid_validation(student):
    """The test set was watched as validation data."""
    student.fit_of("sigmoid_model").validated_on(x="X_test", y="Y_test")


@pytest.mark.task("sigmoid-fit", points=1, basis="claimed")
def test_sigmoid_batches(student):
    """The training took one epoch in batches of 128 images."""
    student.fit_of("sigmoid_model").batch_size(128).epochs(1)


@pytest.mark.task("sigmoid-evaluate", points=1, basis="measured", predicts=[("sigmoid_model", "X_test")])
def test_sigmoid_evaluation(student, holdout):
    """`sigmoid_accuracy` is the accuracy that your own model has on the test images."""
    # NaN weights answer NaN, which counts as class 0; what caused them costs points elsewhere, once.
    network, answer = student.model("sigmoid_model"), student.number("sigmoid_accuracy")
    answer.matches_accuracy(network.accuracy_on(holdout, "X_test", diverged=True))
