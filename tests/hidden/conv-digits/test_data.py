"""Tasks 1 and 2: images with a channel, scaled or not, and one-hot labels. Everything is compared with our own copy."""

import pytest

SIDE = 28


@pytest.mark.task("reshape", points=1, basis="measured")
def test_reshape_training(student, data, sizes):
    """Each training image has rows, columns and one channel, with its pixels where they were."""
    array = student.array("X_train").has_shape(int(sizes["TRAIN_IMAGES"]), SIDE, SIDE, 1)
    array.is_scaled_copy_of(data.train_images)


@pytest.mark.task("reshape", points=1, basis="measured")
def test_reshape_test(student, data):
    """Each test image has rows, columns and one channel, with its pixels where they were."""
    student.array("X_test").has_shape(10000, SIDE, SIDE, 1).is_scaled_copy_of(data.test_images)


@pytest.mark.task("reshape", points=2, basis="measured", needs=["reshape-training", "reshape-test"])
def test_same_scale(student, data):
    """Training and test images have the same scale, whichever it is."""
    test, training = student.array("X_test"), student.array("X_train")
    test.is_prepared_like(training, data.test_images, data.train_images)


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_training(student, data, sizes):
    """Each row of `Y_train` has a single 1, at the place of the digit."""
    student.array("Y_train").has_shape(int(sizes["TRAIN_IMAGES"]), 10).is_one_hot(data.train_labels, 10)


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_test(student, data):
    """Each row of `Y_test` has a single 1, at the place of the digit."""
    student.array("Y_test").has_shape(10000, 10).is_one_hot(data.test_labels, 10)
