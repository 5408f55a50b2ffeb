"""Tasks 1 to 4: the images, the function that builds the network, the grid, and the number of trainings."""

import numpy as np
import pytest

from autograder.checks import CheckFailed, call, dense

ROWS, LABELS = np.zeros((6, 20), dtype="float32"), np.eye(4, dtype="float32")[[0, 1, 2, 3, 0, 1]]
OTHER = {"X": ROWS, "y": LABELS, "optimizer": "adagrad"}
"""Other data than the student's: rows of 20 numbers, four classes."""
MADE = [call("create_network", **OTHER)]


@pytest.mark.task("prepare", points=1, basis="measured")
def test_rows_of_pixels(student, sizes):
    """Each image is one row of 784 pixels."""
    student.array("X_train").has_shape(sizes["TRAIN_IMAGES"], 784)
    student.array("X_test").has_shape(sizes["TEST_IMAGES"], 784)


@pytest.mark.task("prepare", points=1, basis="measured")
def test_train_scaled(student, data):
    """`X_train` holds the training images, their pixels divided by 255."""
    student.array("X_train").is_divided_by(255, data.train_images)


@pytest.mark.task("prepare", points=1, basis="measured")
def test_test_scaled(student, data):
    """`X_test` holds the test images, their pixels divided by 255."""
    student.array("X_test").is_divided_by(255, data.test_images)


@pytest.mark.task("prepare", points=1, basis="measured")
def test_pixels_float32(student):
    """The pixels are numbers of the type float32."""
    student.array("X_train").has_dtype("float32")
    student.array("X_test").has_dtype("float32")


@pytest.mark.task("create-network", points=3, basis="measured", calls=MADE)
def test_network_layers(student, sizes):
    """The network has one hidden layer of `UNITS` units with relu and an output layer with softmax."""
    network = student.called("create_network", **OTHER).model()
    classes = (network.record.output_shape or (None,))[-1] or 4  # a wrong number of them costs its point elsewhere
    network.has_layers([dense(sizes["UNITS"], "relu"), dense(classes, "softmax")])


@pytest.mark.task("create-network", points=1, basis="measured", calls=MADE)
def test_features_are_used(student):
    """`create_network` gives the network as many inputs as each row of `X` has numbers."""
    student.called("create_network", **OTHER).model().has_input_shape(20)


@pytest.mark.task("create-network", points=1, basis="measured", calls=MADE)
def test_classes_are_used(student):
    """`create_network` gives the network as many outputs as each row of `y` has numbers."""
    student.called("create_network", **OTHER).model().has_output_shape(4)


@pytest.mark.task("create-network", points=2, basis="claimed", calls=MADE)
def test_optimizer_is_used(student):
    """`create_network` compiles with the optimizer that it is given."""
    student.called("create_network", **OTHER).model().is_compiled_with(optimizer="adagrad")


@pytest.mark.task("create-network", points=1, basis="claimed", calls=MADE)
def test_network_settings(student):
    """`create_network` compiles with categorical crossentropy and shows the accuracy."""
    network = student.called("create_network", **OTHER).model()
    network.is_compiled_with(loss="categorical_crossentropy", metrics=["accuracy"])


@pytest.mark.task("count-trainings", points=2, basis="measured")
def test_number_of_trainings(student, sizes):
    """The number of networks that the search trains is right."""
    student.number("number_of_trainings").is_about(7 * sizes["FOLDS"] + 1, tolerance=0.01)


@pytest.mark.task("count-trainings", points=2, basis="measured")
def test_images_per_training(student, sizes):
    """The number of images that each network of the search is trained on is right."""
    wanted = sizes["TRAIN_IMAGES"] * (sizes["FOLDS"] - 1) / sizes["FOLDS"]
    answer = student.number("images_per_training")
    if answer.value == sizes["TRAIN_IMAGES"]:
        raise CheckFailed(f"`images_per_training` is {sizes['TRAIN_IMAGES']:,}.", "Another number.",
                          "One fold is kept out of each training, to score the network with it.")
    answer.is_about(wanted, tolerance=1)
