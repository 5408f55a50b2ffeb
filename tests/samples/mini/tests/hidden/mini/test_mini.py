"""Hidden checks of the mini course."""

import pytest

from autograder.checks import dense

A_LINE_THAT_ONLY_THE_HIDDEN_CHECKS_HAVE = (32, 10)


@pytest.mark.task("scale", points=1, basis="measured")
def test_scale_train(student, data):
    """`X_train` holds the first 1,000 training images as rows from 0 to 1."""
    student.array("X_train").has_shape(1000, 784).is_scaled_copy_of(data.train_images).lies_between(0, 1)


@pytest.mark.task("scale", points=1, basis="measured")
def test_scale_test(student, data):
    """`X_test` is scaled as `X_train` is."""
    training = student.array("X_train")
    images = student.array("X_test").has_shape(500, 784)
    images.is_scaled_copy_of(data.test_images).is_prepared_like(training, data.test_images, data.train_images)


@pytest.mark.task("scale", points=1, basis="measured")
def test_scale_dtype(student):
    """Both are of the type float32."""
    student.array("X_train").has_dtype("float32")
    student.array("X_test").has_dtype("float32")


@pytest.mark.task("one-hot", points=1, basis="measured")
def test_one_hot(student, data):
    """Each row of `Y_train` and `Y_test` has a single 1, at the place of the digit."""
    student.array("Y_train").has_length(1000).is_one_hot(data.train_labels, 10)
    student.array("Y_test").has_length(500).is_one_hot(data.test_labels, 10)


@pytest.mark.task("fit", points=1, basis="measured")
def test_fit_layers(student):
    """`model` has a hidden layer of 32 units with relu and an output layer of 10 with softmax."""
    student.model("model").has_layers([dense(32, "relu"), dense(10, "softmax")])


@pytest.mark.task("fit", points=1, basis="claimed")
def test_fit_compile(student):
    """`model` is compiled with categorical crossentropy and adam."""
    student.model("model").is_compiled_with(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])


@pytest.mark.task("fit", points=1, basis="claimed")
def test_fit_training(student):
    """`model` was trained for two epochs in batches of 32."""
    student.fit_of("model").used(x="X_train", y="Y_train").batch_size(32).epochs(2)


@pytest.mark.task("fit", points=2, basis="measured", minimum=True, predicts=[("model", "X_test")])
def test_fit_accuracy(student, reference, holdout):
    """`model` reaches the minimum accuracy."""
    student.model("model").accuracy_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("evaluate", points=1, basis="measured", predicts=[("model", "X_test")])
def test_evaluation(student, holdout):
    """`test_accuracy` is the accuracy of your own model."""
    accuracy = student.model("model").accuracy_on(holdout, "X_test")
    student.number("test_accuracy").matches_accuracy(accuracy, tolerance=0.12)
