"""Tasks 1 and 2: the measurements as in the files, copies of which are here, and the error to beat."""

from pathlib import Path

import numpy as np
import pytest

from autograder.checks import CheckFailed, holds

TABLES = {
    part: np.loadtxt(Path(__file__).with_name(f"surface_{part}.csv"), delimiter=",", skiprows=1)
    for part in ("train", "test")
}


@pytest.mark.task("read-data", points=1, basis="measured")
def test_train_read(student):
    """`X_train` and `y_train` hold the inputs and the measured y of surface_train.csv, row by row."""
    holds_the_file(student, "train")


@pytest.mark.task("read-data", points=1, basis="measured")
def test_test_read(student):
    """`X_test` and `y_test` hold the inputs and the measured y of surface_test.csv, row by row."""
    holds_the_file(student, "test")


@pytest.mark.task("baseline", points=1, basis="measured")
def test_baseline_error(student):
    """`baseline_error` is the mean squared error, on the test measurements, of always guessing the training mean."""
    guess = TABLES["train"][:, 2].mean()
    student.number("baseline_error").is_about(np.mean((TABLES["test"][:, 2] - guess) ** 2), tolerance=0.01)


def holds_the_file(student, part):
    """Fail unless both arrays of one part hold the rows of its file."""
    table = TABLES[part]
    for name, wanted in ((f"X_{part}", table[:, :2]), (f"y_{part}", table[:, 2])):
        array = student.array(name).has_shape(*wanted.shape).is_finite()
        if not holds(lambda array=array, wanted=wanted: array.equals_rows_of(wanted, tolerance=1e-5)):
            turned = wanted[:, ::-1] if wanted.ndim == 2 else wanted
            swapped = holds(lambda array=array, turned=turned: array.equals_rows_of(turned, tolerance=1e-5))
            raise CheckFailed(f"`{name}` differs from the numbers in surface_{part}.csv.", "All rows, in their order.",
                              "The two columns are exchanged: x1 comes first." if swapped else
                              "Is the header the only line that is left out, and does each name hold its own columns?")
