"""Tasks 1 to 3: the images and labels as the networks get them. Compared with our own copy of the data."""

import pytest

from autograder.checks import CheckFailed, holds


@pytest.mark.task("reshape", points=1, basis="measured")
def test_reshape_train(student, data, sizes):
    """Each training image has become one row of 784 pixels, in their order."""
    student.array("X_train").has_shape(sizes["TRAIN_IMAGES"], 784).is_scaled_copy_of(data.train_images)


@pytest.mark.task("reshape", points=1, basis="measured")
def test_reshape_test(student, data, sizes):
    """Each test image has become one row of 784 pixels, in their order."""
    student.array("X_test").has_shape(sizes["TEST_IMAGES"], 784).is_scaled_copy_of(data.test_images)


@pytest.mark.task("scale", points=1, basis="measured")
def test_float32(student):
    """The pixels are numbers of the type float32."""
    student.array("X_train").has_dtype("float32")
    student.array("X_test").has_dtype("float32")


@pytest.mark.task("scale", points=2, basis="measured")
def test_train_scaled(student, data):
    """`X_train` holds the training pixels divided by 255."""
    student.array("X_train").is_divided_by(255, data.train_images)


@pytest.mark.task("scale", points=1, basis="measured")
def test_test_scaled_alike(student, data):
    """`X_test` has the same scale as `X_train`, or the one that the task asks for."""
    images = student.array("X_test").is_scaled_copy_of(data.test_images)
    if holds(lambda: images.equals_rows_of(data.test_images)):
        raise CheckFailed("`X_test` still holds pixels from 0 to 255.", "Pixels divided by 255.",
                          "Is the result stored under exactly this name?")
    if not holds(lambda: images.is_divided_by(255, data.test_images)):
        images.is_prepared_like(student.array("X_train"), data.test_images, data.train_images)


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_train(student, data, sizes):
    """Each row of `Y_train` has a single 1, at the place of the digit."""
    student.array("Y_train").has_length(sizes["TRAIN_IMAGES"]).is_one_hot(data.train_labels, 10)


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_test(student, data, sizes):
    """Each row of `Y_test` has a single 1, at the place of the digit."""
    student.array("Y_test").has_length(sizes["TEST_IMAGES"]).is_one_hot(data.test_labels, 10)
