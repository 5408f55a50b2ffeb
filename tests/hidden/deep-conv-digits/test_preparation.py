"""Tasks 1 to 4: the images and labels as the network gets them, and the function that adds the axis of the channels."""

import numpy as np
import pytest

from autograder.checks import CheckFailed, call, holds

IMAGES = np.arange(3 * 6 * 4, dtype=np.float32).reshape(3, 6, 4)
LAST = ("add_channel", IMAGES, "channels_last")
FIRST = ("add_channel", IMAGES, "channels_first")


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


@pytest.mark.task("add-channel", points=1, basis="measured", calls=[call(*LAST)])
def test_channels_last(student):
    """`add_channel` puts the axis of the channels last when its argument says so."""
    student.called(*LAST).array().has_shape(3, 6, 4, 1)


@pytest.mark.task("add-channel", points=1, basis="measured", calls=[call(*FIRST)])
def test_channels_first(student):
    """`add_channel` puts the axis of the channels right after the images when its argument says so."""
    student.called(*FIRST).array().has_shape(3, 1, 6, 4)


@pytest.mark.task("add-channel", points=1, basis="measured", calls=[call(*LAST)])
def test_values_kept(student):
    """`add_channel` returns the images that it is given, each value in its place."""
    made = student.called(*LAST).array()
    values = made.values()
    if values.size != IMAGES.size or not np.array_equal(values.reshape(IMAGES.shape), IMAGES):
        raise CheckFailed(f"{made.quoted} does not hold the values of the images that were given, in their order.",
                          "The same values with one more axis of length 1.",
                          "Does the function use its argument, and not an array from outside?")


@pytest.mark.task("reshape", points=1, basis="measured")
def test_reshape_train(student, data, sizes):
    """`X_train` holds the training images, each with its axis for one channel."""
    student.array("X_train").has_shape(sizes["TRAIN_IMAGES"], 28, 28, 1).is_scaled_copy_of(data.train_images)


@pytest.mark.task("reshape", points=1, basis="measured")
def test_reshape_test(student, data, sizes):
    """`X_test` holds the test images, each with its axis for one channel."""
    student.array("X_test").has_shape(sizes["TEST_IMAGES"], 28, 28, 1).is_scaled_copy_of(data.test_images)


@pytest.mark.task("reshape", points=1, basis="measured")
def test_input_shape(student):
    """`input_shape` is the shape of one image."""
    shape = student.sequence("input_shape")
    if tuple(shape.values) != (28, 28, 1):
        seen = ", ".join(f"{side:g}" for side in shape.values)
        raise CheckFailed(f"{shape.quoted} is ({seen[:60]}).", "The shape of one image, without their number.")


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_train(student, data, sizes):
    """Each row of `Y_train` has a single 1, at the place of the digit."""
    student.array("Y_train").has_length(sizes["TRAIN_IMAGES"]).is_one_hot(data.train_labels, 10)


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_test(student, data, sizes):
    """Each row of `Y_test` has a single 1, at the place of the digit."""
    student.array("Y_test").has_length(sizes["TEST_IMAGES"]).is_one_hot(data.test_labels, 10)
