"""Tasks 1 to 5: the images and labels as the networks get them. Compared with our own copy of the data."""

import pytest


@pytest.mark.task("reshape", points=1, basis="measured")
def test_reshape_train(student, data):
    """Each training image has become one row of 784 pixels, with all values in their order."""
    student.array("X_train").has_shape(60000, 784).equals_rows_of(data.train_images)


@pytest.mark.task("reshape", points=1, basis="measured")
def test_reshape_test(student, data):
    """Each test image has become one row of 784 pixels, with all values in their order."""
    student.array("X_test").has_shape(10000, 784).equals_rows_of(data.test_images)


@pytest.mark.task("subset", points=1, basis="measured")
def test_subset_images(student, data, sizes):
    """`X_train` holds the first `TRAIN_IMAGES` training images and `X_test` the first `TEST_IMAGES` test images."""
    student.array("X_train").has_length(sizes["TRAIN_IMAGES"]).is_scaled_copy_of(data.train_images)
    student.array("X_test").has_length(sizes["TEST_IMAGES"]).is_scaled_copy_of(data.test_images)


@pytest.mark.task("subset", points=1, basis="measured")
def test_subset_labels(student, data, sizes):
    """`y_train` and `y_test` hold the labels of exactly these images."""
    student.array("y_train").has_shape(sizes["TRAIN_IMAGES"]).equals_rows_of(data.train_labels)
    student.array("y_test").has_shape(sizes["TEST_IMAGES"]).equals_rows_of(data.test_labels)


@pytest.mark.task("cast", points=1, basis="measured")
def test_cast_float32(student):
    """The pixels are numbers of the type float32."""
    student.array("X_train").has_dtype("float32")
    student.array("X_test").has_dtype("float32")


@pytest.mark.task("standardize", points=2, basis="measured")
def test_train_standardized(student, data, sizes):
    """`X_train` is standardized with one mean and one deviation over the whole training set."""
    kept = data.train_images[: sizes["TRAIN_IMAGES"]]
    student.array("X_train").is_standardized_with_training_statistics(data.train_images, kept)


@pytest.mark.task("standardize", points=2, basis="measured")
def test_test_uses_training_statistics(student, data, sizes):
    """`X_test` is standardized with the mean and the deviation of the training images."""
    kept = data.train_images[: sizes["TRAIN_IMAGES"]]
    student.array("X_test").is_standardized_with_training_statistics(data.test_images, kept)


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_train(student, data):
    """Each row of `Y_train` has a single 1, at the place of the digit."""
    student.array("Y_train").is_one_hot(data.train_labels, 10)


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot_test(student, data):
    """Each row of `Y_test` has a single 1, at the place of the digit."""
    student.array("Y_test").is_one_hot(data.test_labels, 10)
