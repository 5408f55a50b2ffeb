"""The shape of real checks, over the tiny data of the tests."""

import pytest

from autograder.checks import dense


@pytest.mark.task("standardize", points=2, basis="measured")
def test_standardized(student, data):
    """The training images are standardized."""
    student.array("X_train").has_shape(400, 784).is_standardized_with_training_statistics(
        data.train_images, data.train_images)


@pytest.mark.task("standardize", points=1, basis="measured", needs=["standardized"])
def test_alike(student, data):
    """Test images are prepared like training images."""
    student.array("X_test").is_prepared_like(student.array("X_train"), data.test_images, data.train_images)


@pytest.mark.task("fit", points=1, basis="measured")
def test_layers(student):
    """The model is one softmax layer."""
    student.model("model").has_layers([dense(10, "softmax")])


@pytest.mark.task("fit", points=1, basis="claimed", needs=["layers"])
def test_training(student):
    """The model was trained for one epoch."""
    student.fit_of("model").used(x="X_train", y="Y_train").epochs(1).batch_size(32)


@pytest.mark.task("fit", points=2, basis="measured", minimum=True, needs=["layers", "alike"],
                  predicts=[("model", "X_test")])
def test_accuracy(student, reference, holdout):
    """The model recognises digits."""
    student.model("model").accuracy_on(holdout, "X_test").reaches_minimum(reference)
