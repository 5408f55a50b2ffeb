"""Tasks 3 to 8: the published network. Each check looks at one kind of layer, so that one mistake costs points once."""

from copy import copy
from dataclasses import replace

import pytest

from autograder.checks import CheckFailed, conv2d, dense, dropout, layer, max_pooling2d


def only(network, *kinds):
    """Return the same model with only the layers of these classes: other checks judge the other layers."""
    view = copy(network)
    view.record = replace(network.record, steps=tuple(s for s in network.record.steps if s.class_name in kinds))
    return view


@pytest.mark.task("guided-build", points=1, basis="measured")
def test_guided_normalization(student):
    """The network begins with a batch normalization of the pixels, and has no other."""
    network = student.model("guided_model").has_input_shape(28, 28, 1)
    only(network, "BatchNormalization").has_layers([layer("BatchNormalization")])
    if network.record.steps[0].class_name != "BatchNormalization":
        raise CheckFailed(f"`guided_model` begins with {network.record.steps[0].class_name[:40]}.",
                          "The batch normalization directly after the input.")


@pytest.mark.task("guided-build", points=2, basis="measured")
def test_guided_convolutions(student):
    """Two convolutions of 4 and 16 filters, 5 × 5 with relu, are each followed by a 2 × 2 pooling."""
    first, second = (conv2d(filters, 5, "relu", padding="valid") for filters in (4, 16))
    only(student.model("guided_model"), "Conv2D", "MaxPooling2D", "AveragePooling2D").has_layers(
        [first, max_pooling2d(2), second, max_pooling2d(2)]
    )


@pytest.mark.task("guided-build", points=1, basis="measured")
def test_guided_dense(student):
    """A dense layer of 100 units with relu and one of 10 with softmax end the network."""
    only(student.model("guided_model"), "Dense").has_layers([dense(100, "relu"), dense(10, "softmax")])


@pytest.mark.task("guided-build", points=1, basis="measured")
def test_guided_dropout(student):
    """A dropout layer of rate 0.4 is between the two dense layers."""
    any_dense = layer("Dense")
    only(student.model("guided_model"), "Dense", "Dropout").has_layers([any_dense, dropout(0.4), any_dense])


@pytest.mark.task("count-parameters", points=1, basis="measured")
def test_convolution_parameters(student):
    """The number of parameters of the second convolution is right."""
    student.number("second_convolution_parameters").is_about(16 * (5 * 5 * 4 + 1), tolerance=0.5)


@pytest.mark.task("count-parameters", points=1, basis="measured")
def test_untrained_parameters(student):
    """The number of parameters that no gradient changes is right."""
    student.number("non_trainable_parameters").is_about(2, tolerance=0.01)


@pytest.mark.task("guided-compile", points=1, basis="claimed")
def test_guided_loss(student):
    """The loss is categorical crossentropy, and the accuracy is shown."""
    student.model("guided_model").is_compiled_with(loss="categorical_crossentropy", metrics=["accuracy"])


@pytest.mark.task("guided-compile", points=1, basis="claimed")
def test_guided_optimizer(student):
    """The optimizer is Adagrad with a learning rate of 0.01."""
    student.model("guided_model").is_compiled_with(optimizer="adagrad", settings={"learning_rate": 0.01})


@pytest.mark.task("guided-fit", points=1, basis="claimed")
def test_guided_data(student):
    """`guided_model` was trained on the training images and their one-hot labels."""
    student.fit_of("guided_model").used(x="X_train", y="Y_train")


@pytest.mark.task("guided-fit", points=1, basis="claimed")
def test_guided_validation(student):
    """A fifth of the training images was split off for validation."""
    student.fit_of("guided_model").validated_with_split(0.2)


@pytest.mark.task("guided-fit", points=1, basis="claimed")
def test_guided_epochs(student, sizes):
    """The training took `EPOCHS` epochs in batches of 100 images."""
    student.fit_of("guided_model").batch_size(100).epochs(sizes["EPOCHS"])


@pytest.mark.task("guided-fit", points=2, basis="measured", minimum=True, predicts=[("guided_model", "X_test")])
def test_guided_accuracy(student, reference, holdout):
    """The guided network reaches its minimum accuracy."""
    student.model("guided_model").accuracy_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("curves", points=1, basis="claimed")
def test_guided_curves(student):
    """Accuracy and loss over the epochs are drawn, of the training and of the validation."""
    student.figures().shows_curves("guided_history", "accuracy", "val_accuracy", "loss", "val_loss")


@pytest.mark.task("curves", points=1, basis="claimed")
def test_guided_labels(student):
    """The axes have labels, and a legend identifies the lines."""
    student.figures().is_labelled("guided_history")


@pytest.mark.task("guided-evaluate", points=2, basis="measured", predicts=[("guided_model", "X_test")])
def test_guided_evaluation(student, holdout):
    """`guided_accuracy` is the accuracy that your own network has on the test images."""
    network = student.model("guided_model").accuracy_on(holdout, "X_test")
    student.number("guided_accuracy").matches_accuracy(network)


@pytest.mark.task("guided-evaluate", points=1, basis="measured", predicts=[("guided_model", "X_test")])
def test_guided_prediction(student, holdout):
    """`guided_digit` is the digit that your own network finds most likely for test image 8."""
    predicted = student.model("guided_model").predictions_on(holdout, "X_test")
    student.number("guided_digit").is_label_of(predicted, 8)
