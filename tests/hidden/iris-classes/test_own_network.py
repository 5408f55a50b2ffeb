"""Tasks 8 to 11: the student's own network, called through the student's own function."""

from pathlib import Path

import numpy as np
import pytest

from autograder.checks import CheckFailed, call, holds, measure

TABLE = np.loadtxt(Path(__file__).with_name("iris.csv"), delimiter=",", skiprows=1)
KINDS = TABLE[:, 4].astype(int)
# Each number is shifted a little, by another amount, so that a table of the known flowers cannot answer.
SHIFTED = np.round(TABLE[:, :4] + 0.009 * np.sin(np.arange(600.0)).reshape(150, 4), 6)
TRAINING = 120
LATE = slice(117, 124)
FEW = SHIFTED[LATE]
TWO = np.array([[6.4, 3.2, 4.5, 1.5], [5.8, 3.1, 5.0, 1.7]])
TENTH = 540_783 // 10


@pytest.mark.task("mend", points=3, basis="measured")
def test_mended_remedy(student):
    """`mended_model` has at most a tenth of the parameters, or dropout, or a regularizer."""
    network = student.model("mended_model")
    small = holds(lambda: network.has_at_most_parameters(TENTH))
    # A dropout of rate 0 drops nothing.
    if not (small or any(step.class_name == "Dropout" and step.rate for step in network.layers())
            or holds(network.has_regularizer)):
        raise CheckFailed(f"`mended_model` has {network.record.total_parameters:,} parameters, no dropout and no "
                          "regularizer.", f"At most {TENTH:,} parameters, or one of the two.",
                          "Fewer units are the simplest remedy.")


@pytest.mark.task("mend", points=1, basis="claimed")
def test_mended_data(student, sizes):
    """`mended_model` was trained for at most `MEND_EPOCHS` epochs on all rows, with their one-hot kinds."""
    training = student.fit_of("mended_model").epochs(at_least=1, at_most=sizes["MEND_EPOCHS"])
    for fit in training.fits:
        rows = fit.x.shape[0] if fit.x.shape else 150
        if rows != 150:
            raise CheckFailed(f"`mended_model` was trained on {rows} rows.",
                              "All 150 rows, of which the split sets the last 30 aside.")


@pytest.mark.task("mend", points=1, basis="claimed")
def test_mended_validation(student):
    """The last fifth of the flowers was kept for validation, so that `mended_model` did not learn from it."""
    student.fit_of("mended_model").validated_with_split(0.2)


@pytest.mark.task("plots", points=1, basis="claimed")
def test_curves(student):
    """Both losses of `mended_history` are drawn over the epochs."""
    student.figures().shows_curves("mended_history", "loss", "val_loss", or_printed=True)


@pytest.mark.task("plots", points=1, basis="claimed")
def test_labels(student):
    """The axes have labels, and a legend identifies the lines."""
    student.figures().is_labelled("mended_history", or_printed=True)


@pytest.mark.task("predict-flowers", points=1, basis="measured",
                  calls=[call("predict_flowers", SHIFTED), call("predict_flowers", FEW)])
def test_predict_shape(student):
    """`predict_flowers` returns three numbers for each flower that it is given, in their order."""
    all_rows, few_rows = (
        student.called("predict_flowers", flowers).array().has_shape(len(flowers), 3).is_finite().values()
        for flowers in (SHIFTED, FEW)
    )
    if not np.allclose(few_rows, all_rows[LATE], atol=1e-3):
        raise CheckFailed("`predict_flowers` gives the same flower another answer when other flowers are in the call.",
                          "One answer for each flower, whichever flowers are in the same call.",
                          "Ask the network about the flowers that the function is given.")


@pytest.mark.task("predict-flowers", points=2, basis="measured", calls=[call("predict_flowers", SHIFTED)])
def test_predict_probabilities(student):
    """The three numbers of a flower are probabilities: at least 0, with the sum 1."""
    rows = answers(student)
    if (rows < -1e-6).any() or (np.abs(rows.sum(axis=1) - 1) > 1e-3).any():
        raise CheckFailed("The answers of `predict_flowers` do not sum to 1 for every flower.", "Three probabilities.",
                          "The last layer has to be softmax, and `predict` gives the probabilities; `argmax` would "
                          "give the kind.")


@pytest.mark.task("predict-flowers", points=4, basis="measured", minimum=True,
                  calls=[call("predict_flowers", SHIFTED)])
def test_flowers_loss(student, reference):
    """The crossentropy of `predict_flowers` on the 30 validation flowers is low enough."""
    _, validation = losses(student)
    measure(student, "flowers-loss", validation, "the loss on the validation flowers").stays_below_maximum(reference)


@pytest.mark.task("predict-flowers", points=4, basis="measured", minimum=True,
                  calls=[call("predict_flowers", SHIFTED)])
def test_flowers_gap(student, reference):
    """The loss on the validation flowers is not many times that on the training flowers."""
    training, validation = losses(student)
    times = measure(student, "flowers-gap", validation / training, "validation loss divided by training loss")
    times.stays_below_maximum(reference)


@pytest.mark.task("two-flowers", points=1, basis="measured", calls=[call("predict_flowers", TWO)])
def test_first_flower(student):
    """`first_flower` is the kind that your own network finds most likely for the first flower."""
    is_likeliest(student, "first_flower", 0)


@pytest.mark.task("two-flowers", points=1, basis="measured", calls=[call("predict_flowers", TWO)])
def test_second_flower(student):
    """`second_flower` is the kind that your own network finds most likely for the second flower."""
    is_likeliest(student, "second_flower", 1)


def answers(student):
    """Return what the student's function says about the 150 flowers, shape (150, 3)."""
    return student.called("predict_flowers", SHIFTED).array().has_shape(150, 3).is_finite().values().astype(float)


def losses(student):
    """Return the crossentropy on the training and on the validation flowers, at least 1e-6 each."""
    rows = answers(student)
    if (rows < 0).any():
        # Outputs without softmax have already lost their points; here their losses are judged all the same.
        rows = np.exp(rows - rows.max(axis=1, keepdims=True))
    rows = np.clip(rows / np.maximum(rows.sum(axis=1, keepdims=True), 1e-12), 1e-7, 1.0)
    each = -np.log(rows[np.arange(150), KINDS])
    return max(1e-6, float(each[:TRAINING].mean())), max(1e-6, float(each[TRAINING:].mean()))


def is_likeliest(student, name, place):
    """Fail unless the number is the position of the largest of the three numbers, or of one tied with it."""
    answer = student.number(name).value
    rows = student.called("predict_flowers", TWO).array().is_finite().values().astype(float)
    if rows.shape == (2,) and answer == rows[place]:
        return  # a function that returns kinds has lost its points already
    row = rows[place] if rows.ndim == 2 and rows.shape[0] == 2 else np.zeros(0)
    if answer not in range(row.size) or row[int(answer)] < row.max() - 1e-3:
        raise CheckFailed(f"`{name}` is {answer:g}.", "The kind with the largest probability of your own network.",
                          "Kinds are counted from 0. Was the network trained again after the answer was stored?")
