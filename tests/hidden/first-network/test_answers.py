"""Tasks 12 to 14: predictions and what follows from them, compared with the student's own network or table.

Image 11 is read as a 6 in only five of eight trainings, so no fixed digit is expected. A wrong table costs points
only in its own task; what is computed from it later is judged by that table.
"""

import numpy as np
import pytest

from autograder.checks import CheckFailed

PREDICTS = [("model", "X_test")]
LEVEL = 0.001
"""Two sensitivities that differ by less both count as the lowest."""


@pytest.mark.task("predict", points=1, basis="measured", predicts=PREDICTS)
def test_predictions(student, holdout):
    """`predictions` holds the ten probabilities that your own network gives to each test image."""
    given = student.array("predictions").has_shape(10000, 10)
    student.model("model").predictions_on(holdout, "X_test").answers(given)


@pytest.mark.task("predict", points=1, basis="measured", predicts=PREDICTS)
def test_predicted_digits(student, holdout):
    """`predicted_digits` holds the digit that your own network finds most probable, for each test image."""
    given = student.array("predicted_digits").has_shape(10000)
    student.model("model").predictions_on(holdout, "X_test").answers(given)


@pytest.mark.task("predict", points=1, basis="measured", predicts=PREDICTS)
def test_digit_of_image_11(student, holdout):
    """`digit_11` is the digit that your own network sees in test image number 11."""
    predicted = student.model("model").predictions_on(holdout, "X_test")
    student.number("digit_11").is_label_of(predicted, 11)


@pytest.mark.task("predict", points=1, basis="measured", predicts=PREDICTS)
def test_sum_of_probabilities(student, holdout):
    """`sum_11` is the sum of the ten outputs of your own network for test image number 11."""
    outputs = student.model("model").predictions_on(holdout, "X_test").outputs[11]
    student.number("sum_11").is_close_to(float(outputs.sum()), tolerance=0.002)


@pytest.mark.task("confusion", points=2, basis="measured", predicts=PREDICTS)
def test_confusion_matrix(student, holdout, data):
    """`confusion` counts the digits that your own network answers, true digits in rows, predicted ones in columns."""
    predicted = student.model("model").predictions_on(holdout, "X_test")
    student.array("confusion").is_confusion_matrix_of(predicted, data.test_labels)


@pytest.mark.task("confusion", points=1, basis="measured")
def test_accuracy_from_matrix(student):
    """`matrix_accuracy` is the diagonal of your confusion matrix over its sum."""
    counts = np.asarray(student.array("confusion").has_shape(10, 10).is_finite().values(), dtype=np.float64)
    if not 0 < counts.sum() < np.inf:
        raise CheckFailed("`confusion` counts nothing that adds up.", "Counts that add up to the number of images.")
    student.number("matrix_accuracy").is_about(float(np.trace(counts) / counts.sum()), tolerance=0.005)


@pytest.mark.task("sensitivity", points=2, basis="measured")
def test_sensitivities(student):
    """`sensitivities` holds, for each digit, the share that was recognised, by your confusion matrix."""
    matrix = student.array("confusion").has_shape(10, 10)
    student.sequence("sensitivities").has_length(10).is_sensitivity_of(matrix)


@pytest.mark.task("sensitivity", points=1, basis="measured")
def test_hardest_digit(student):
    """`hardest_digit` is the digit with the lowest of your sensitivities."""
    rates = student.sequence("sensitivities").has_length(10).values
    answer = student.number("hardest_digit").lies_between(0, 9).value
    if not answer.is_integer() or not rates[int(answer)] <= min(rates) + LEVEL:
        raise CheckFailed(f"`hardest_digit` is {answer:g}.", "The digit whose sensitivity is the lowest of the ten.",
                          "`argmin` gives the place of the smallest number, counted from 0.")
