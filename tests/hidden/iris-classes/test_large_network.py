"""Tasks 1 to 7: the flowers, the large network, and what its recorded training shows."""

import json
from pathlib import Path

import numpy as np
import pytest

from autograder.checks import CheckFailed, holds, layer

TABLE = np.loadtxt(Path(__file__).with_name("iris.csv"), delimiter=",", skiprows=1)
FLOWERS, KINDS = TABLE[:, :4], TABLE[:, 4].astype(int)
RECORDED = json.loads(Path(__file__).with_name("recorded.json").read_text(encoding="utf-8"))
PARAMETERS = 540_783
CHOICES = ("underfitting", "overfitting", "good fit")


@pytest.mark.task("read-data", points=1, basis="measured")
def test_flowers_read(student):
    """`flowers` holds the four lengths of all flowers, row by row as in iris.csv."""
    holds_the_file(student, "flowers", FLOWERS)


@pytest.mark.task("read-data", points=1, basis="measured")
def test_kinds_read(student):
    """`kinds` holds the kinds of these flowers, in the same order."""
    holds_the_file(student, "kinds", KINDS)


@pytest.mark.task("one-hot", points=2, basis="measured")
def test_kinds_one_hot(student):
    """Each row of `one_hot_kinds` has a single 1, at the place of the kind."""
    student.array("one_hot_kinds").has_shape(150, 3).is_one_hot(KINDS, 3)


@pytest.mark.task("build", points=2, basis="measured")
def test_iris_units(student):
    """The network has hidden layers of 1000, 500 and 70 units and three outputs: 540,783 parameters."""
    network = student.model("iris_model")
    network.has_layers([layer("Dense", units=units) for units in (1000, 500, 70, 3)]).has_parameter_count(PARAMETERS)


@pytest.mark.task("build", points=1, basis="measured")
def test_iris_activations(student):
    """The three hidden layers have the activation relu."""
    hidden = layer("Dense", activation="relu")
    student.model("iris_model").has_layers([hidden, hidden, hidden, layer("Dense")])


@pytest.mark.task("build", points=2, basis="measured")
def test_iris_softmax(student):
    """The output layer has the activation softmax, so that the three outputs are probabilities."""
    hidden = layer("Dense")
    student.model("iris_model").has_layers([hidden, hidden, hidden, layer("Dense", activation="softmax")])


@pytest.mark.task("count-parameters", points=1, basis="measured")
def test_parameters_per_flower(student):
    """The number of parameters per training flower is right."""
    student.number("parameters_per_flower").is_about(PARAMETERS / 120, tolerance=1)


@pytest.mark.task("compile", points=1, basis="claimed")
def test_iris_loss(student):
    """The loss is categorical crossentropy, for probabilities, and the accuracy is shown."""
    student.model("iris_model").is_compiled_with(loss="categorical_crossentropy", metrics=["accuracy"])


@pytest.mark.task("compile", points=1, basis="claimed")
def test_iris_optimizer(student):
    """The optimizer is Adagrad with a learning rate of 0.01."""
    student.model("iris_model").is_compiled_with(optimizer="adagrad", settings={"learning_rate": 0.01})


@pytest.mark.task("fit", points=1, basis="claimed")
def test_iris_fit_data(student):
    """`iris_model` was trained on the flowers and their one-hot kinds."""
    student.fit_of("iris_model").used(x="flowers", y="one_hot_kinds")


@pytest.mark.task("fit", points=1, basis="claimed")
def test_iris_schedule(student, sizes):
    """`iris_model` was trained in batches of 32 for `EPOCHS` epochs."""
    student.fit_of("iris_model").batch_size(32).epochs(sizes["EPOCHS"])


@pytest.mark.task("fit", points=1, basis="claimed")
def test_iris_validation(student):
    """The last fifth of the flowers was kept for validation."""
    student.fit_of("iris_model").validated_with_split(0.2)


@pytest.mark.task("read-curves", points=2, basis="measured")
def test_turning_epoch(student):
    """`turning_epoch` is the recorded epoch with the lowest validation loss."""
    lowest = RECORDED["epoch"][int(np.argmin(RECORDED["val_loss"]))]
    # A student who reads it from the figure may pick the neighbouring point.
    student.number("turning_epoch").is_about(lowest, tolerance=20)


@pytest.mark.task("read-curves", points=1, basis="measured")
def test_final_gap(student):
    """`final_gap` is how far the last validation loss lies above the last training loss."""
    student.number("final_gap").is_about(RECORDED["val_loss"][-1] - RECORDED["loss"][-1], tolerance=0.006)


@pytest.mark.task("read-curves", points=2, basis="measured")
def test_diagnosis(student):
    """The diagnosis of the recorded training at its end is right."""
    student.text("diagnosis").is_one_of("overfitting", choices=CHOICES)


def holds_the_file(student, name, wanted):
    """Fail unless the array of this name holds the rows of the file."""
    array = student.array(name).has_shape(*wanted.shape).is_finite()
    if not holds(lambda: array.equals_rows_of(wanted, tolerance=1e-5)):
        raise CheckFailed(f"`{name}` differs from the numbers in iris.csv.", "Every row of the file, in its order.",
                          "Is the header the only line that is left out? Sorting the rows would change which ones are "
                          "kept for validation.")
