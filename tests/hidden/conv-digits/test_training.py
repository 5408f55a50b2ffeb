"""Tasks 6 to 9: training, its accuracy, and four digits, each compared with the student's own network."""

import pytest

from autograder.checks import CheckFailed

PREDICTS = [("model", "X_test")]
FOUR = [0, 1, 2, 3]
ROUNDED = 0.0101
"""Two decimals of the same run."""
BETWEEN_RUNS = 0.03
"""Two trainings with other starting weights seldom differ by more: for a number that was typed in at home."""


@pytest.mark.task("compile", points=1, basis="claimed")
def test_loss(student):
    """The loss is categorical crossentropy."""
    student.model("model").is_compiled_with(loss="categorical_crossentropy")


@pytest.mark.task("compile", points=1, basis="claimed")
def test_optimizer(student):
    """The optimizer is adam with its standard step size."""
    student.model("model").is_compiled_with(optimizer="adam", settings={"learning_rate": 0.001})


@pytest.mark.task("compile", points=1, basis="claimed")
def test_metric(student):
    """The accuracy is shown next to the loss."""
    student.model("model").is_compiled_with(metrics=["accuracy"])


@pytest.mark.task("fit", points=1, basis="claimed")
def test_fit_data(student):
    """The network was trained on the training images and their one-hot labels."""
    student.fit_of("model").used(x="X_train", y="Y_train")


@pytest.mark.task("fit", points=1, basis="claimed")
def test_fit_epochs(student, sizes):
    """The network was trained for three epochs."""
    student.fit_of("model").epochs(int(sizes["EPOCHS"]))


@pytest.mark.task("fit", points=1, basis="claimed")
def test_fit_validation(student):
    """The test set was watched as validation data."""
    student.fit_of("model").validated_on(x="X_test", y="Y_test")


@pytest.mark.task("fit", points=2, basis="measured", minimum=True, predicts=PREDICTS)
def test_model_accuracy(student, reference, holdout):
    """The trained network reaches its minimum accuracy."""
    student.model("model").accuracy_on(holdout, "X_test").reaches_minimum(reference)


@pytest.mark.task("accuracy", points=1, basis="measured", predicts=PREDICTS)
def test_accuracy(student, holdout):
    """`test_accuracy` is the accuracy of your own network on the test images."""
    answer, own = student.number("test_accuracy"), student.model("model").accuracy_on(holdout, "X_test")
    # At home the test set is complete and the training is another one: its accuracy is near the mean of both halves.
    if abs(answer.value - (own.test + own.withheld) / 2) > BETWEEN_RUNS:
        answer.matches_accuracy(own, tolerance=ROUNDED)


@pytest.mark.task("accuracy", points=1, basis="measured")
def test_two_decimals(student):
    """`test_accuracy` is a share between 0 and 1 with two decimals."""
    value = student.number("test_accuracy").lies_between(0, 1).value
    if abs(value * 100 - round(value * 100)) > 1e-3:
        raise CheckFailed(f"`test_accuracy` is {value:.6g}.", "A number with two decimals.", "`round(number, 2)`.")


@pytest.mark.task("predict", points=2, basis="measured", predicts=PREDICTS)
def test_predictions(student, holdout):
    """`predictions` holds the ten probabilities that your own network gives to each of the first four test images."""
    given = student.array("predictions").has_shape(4, 10)
    student.model("model").predictions_on(holdout, "X_test").answers(given, rows=FOUR)


@pytest.mark.task("predict", points=1, basis="measured", predicts=PREDICTS)
def test_first_digits(student, holdout, data):
    """`first_digits` holds the digits that your network sees in the first four test images, in their order."""
    given = student.sequence("first_digits").has_length(4)
    # Labels typed in at home, from a network that read all four correctly, are right too: those of MNIST never change.
    if not (data.is_true and list(given.values) == data.test_labels[:4].tolist()):
        student.model("model").predictions_on(holdout, "X_test").answers(given, rows=FOUR)


@pytest.mark.task("predict", points=1, basis="measured", predicts=PREDICTS)
def test_last_digit(student, holdout, data):
    """`last_digit` is the digit that your network sees in the last of the four images."""
    given = student.number("last_digit")
    if not (data.is_true and given.value == data.test_labels[FOUR[-1]]):
        given.is_label_of(student.model("model").predictions_on(holdout, "X_test"), FOUR[-1])
