"""Tasks 9 and 10: a network of the student's own. Any architecture within the budget and the rules is right.

The tiers are calibrated: bronze is what the guided network has to reach, gold what our own answer to the task reaches
with every seed. The notebook states both.
"""

import pytest

from autograder.checks import CheckFailed

MODEL = [("challenge_model", "X_test")]
WITHIN = ["challenge-parameters", "challenge-epochs", "challenge-data"]
"""Silver and gold need the budget and the rules: the task asks for accuracy within them."""
GUIDED, OWN = "challenge-fit/guided_model", "challenge-fit/challenge_model"


@pytest.mark.task("challenge-fit", points=2, basis="measured")
def test_challenge_parameters(student, sizes):
    """`challenge_model` stays within the budget of parameters."""
    student.model("challenge_model").has_at_most_parameters(sizes["BUDGET_PARAMETERS"])


@pytest.mark.task("challenge-fit", points=1, basis="claimed")
def test_challenge_epochs(student, sizes):
    """`challenge_model` stays within the budget of epochs, summed over all calls of `fit`."""
    student.fit_of("challenge_model").epochs(at_most=sizes["BUDGET_EPOCHS"])


@pytest.mark.task("challenge-fit", points=1, basis="claimed")
def test_challenge_data(student):
    """`challenge_model` was trained on `X_train` and `Y_train`."""
    student.fit_of("challenge_model").used(x="X_train", y="Y_train")


@pytest.mark.task("challenge-fit", points=1, basis="claimed")
def test_challenge_validation(student):
    """Images for validation were split off from the training images; the test images were not used."""
    student.fit_of("challenge_model").validated(without=["X_test"])


@pytest.mark.task("challenge-fit", points=1, basis="measured", predicts=MODEL)
def test_challenge_probabilities(student):
    """`challenge_model` takes (28, 28, 1) and gives ten probabilities for each image."""
    student.model("challenge_model").has_input_shape(28, 28, 1).has_output_shape(10).gives_probabilities("X_test")


@pytest.mark.task("challenge-fit", points=2, basis="measured", minimum=True,
                  predicts=[("guided_model", "X_test"), *MODEL])
def test_challenge_bronze(student, reference, holdout):
    """Bronze: your network reaches the minimum accuracy of the guided network."""
    student.model("challenge_model").accuracy_on(holdout, "X_test").at_least(reference.minimum(GUIDED).value)


@pytest.mark.task("challenge-fit", points=3, basis="measured", minimum=True, predicts=MODEL, needs=WITHIN)
def test_challenge_silver(student, reference, holdout):
    """Silver: your network gets halfway from bronze to gold."""
    accuracy = student.model("challenge_model").accuracy_on(holdout, "X_test")
    accuracy.at_least((reference.minimum(GUIDED).value + reference.minimum(OWN).value) / 2)


@pytest.mark.task("challenge-fit", points=3, basis="measured", minimum=True, predicts=MODEL, needs=WITHIN)
def test_challenge_gold(student, reference, holdout):
    """Gold: your network is about as good as a carefully chosen one within this budget."""
    student.model("challenge_model").accuracy_on(holdout, "X_test").at_least(reference.minimum(OWN).value)


@pytest.mark.task("challenge-name", points=1, basis="measured")
def test_leaderboard_name(student):
    """`leaderboard_name` is a nickname of at most 30 printable characters, or empty."""
    name = student.text("leaderboard_name").value
    if len(name) > 30 or not name.isprintable():
        raise CheckFailed(f"`leaderboard_name` has {len(name):,} characters or some that cannot be shown.",
                          "At most 30 characters, all on one line; or an empty string.")
