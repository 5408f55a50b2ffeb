"""Tasks 1 and 2: images with a channel, scaled to 0–1, and one-hot labels. Everything is compared with our own copy."""

import pytest


@pytest.mark.task("prepare", points=1, basis="measured")
def test_images_with_a_channel(student, sizes):
    """Each image has 28 rows of 28 pixels and one channel."""
    student.array("X_train").has_shape(sizes["TRAIN_IMAGES"], 28, 28, 1)
    student.array("X_test").has_shape(sizes["TEST_IMAGES"], 28, 28, 1)


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


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_train(student, data):
    """Each row of `Y_train` has a single 1, at the place of the digit."""
    student.array("Y_train").is_one_hot(data.train_labels, 10)


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_test(student, data):
    """Each row of `Y_test` has a single 1, at the place of the digit."""
    student.array("Y_test").is_one_hot(data.test_labels, 10)
