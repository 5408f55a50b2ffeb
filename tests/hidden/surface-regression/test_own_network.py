"""Tasks 9 to 13: the student's own network, compared with the true surface, which no student's process ever sees."""

import numpy as np
import pytest

from autograder.checks import CheckFailed, call, holds, measure


def true_surface(points):
    """Return the height at points of shape (n, 2): parabolas along x1, sines along x2, without the noise of 0.6."""
    x1, x2 = points[:, 0], points[:, 1]
    return 2.3 + 0.55 * x1**2 + (3.0 + 0.4 * x1) * np.sin(1.5 * x2 + 0.4)


def spread_points(count):
    """Return points that cover the square evenly: Roberts's R2 sequence, so no random numbers that could change."""
    steps = np.outer(np.arange(1, count + 1), [0.7548776662466927, 0.5698402909980532])
    return np.round(-3.9 + 7.8 * ((0.5 + steps) % 1.0), 6)


UNSEEN = spread_points(400)
LATE = slice(33, 40)
FEW = UNSEEN[LATE]
AXIS = np.linspace(-4, 4, 25)
GRID = np.column_stack([side.ravel() for side in np.meshgrid(AXIS, AXIS)])
PLACE = np.array([[1.0, -2.0]])
PARAMETERS = 20_000


@pytest.mark.task("mend", points=1, basis="measured")
def test_best_differs(student):
    """`best_model` has other layers than the small network."""
    student.model("best_model").differs_in_layers_from(student.model("first_model"))


@pytest.mark.task("mend", points=1, basis="measured")
def test_best_budget(student):
    """`best_model` has at most 20,000 parameters."""
    student.model("best_model").has_at_most_parameters(PARAMETERS)


@pytest.mark.task("mend", points=1, basis="claimed")
def test_best_validation(student, sizes):
    """`best_model` was trained with a fifth of its rows kept for validation, for at most `MEND_EPOCHS` epochs."""
    student.fit_of("best_model").validated_with_split(0.2).epochs(at_least=1, at_most=sizes["MEND_EPOCHS"])


@pytest.mark.task("mend", points=2, basis="claimed")
def test_best_early_stopping(student):
    """`fit` was given an EarlyStopping callback that watches `val_loss` with a patience of 10."""
    student.fit_of("best_model").used_callback("EarlyStopping", monitor="val_loss", patience=10)


@pytest.mark.task("predict-surface", points=2, basis="measured",
                  calls=[call("predict_surface", UNSEEN), call("predict_surface", FEW)])
def test_predict_shape(student):
    """`predict_surface` returns one finite number for each point that it is given, in their order."""
    all_heights, few_heights = (
        student.called("predict_surface", points).array().has_shape(len(points)).is_finite().values()
        for points in (UNSEEN, FEW)
    )
    if not np.allclose(few_heights, all_heights[LATE], atol=1e-2):
        raise CheckFailed("`predict_surface` gives the same point another answer when other points are in the call.",
                          "One answer for each point, whichever points are in the same call.",
                          "Ask the network about the points that the function is given.")


@pytest.mark.task("predict-surface", points=5, basis="measured", minimum=True,
                  calls=[call("predict_surface", UNSEEN)])
def test_surface_error(student, reference):
    """The answers of `predict_surface` follow the true surface at points that you never saw."""
    answers = student.called("predict_surface", UNSEEN).array().values().astype(float)
    if answers.size != len(UNSEEN):
        raise CheckFailed(f"For {len(UNSEEN)} points there are {answers.size:,} answers.", "One number per point.",
                          "Ask the network about the points that the function is given.")
    error = float(np.mean((answers.ravel() - true_surface(UNSEEN)) ** 2))
    measure(student, "surface-error", error, "the mean squared error at unseen points").stays_below_maximum(reference)


@pytest.mark.task("grid", points=1, basis="measured")
def test_grid_points(student):
    """`grid_points` holds all 625 pairs of 25 evenly spaced numbers from −4 to 4."""
    points = student.array("grid_points").has_shape(625, 2).is_finite()
    # Which of the two varies fastest depends on `indexing`; both are the same grid.
    if not any(holds(lambda wanted=wanted: points.equals_rows_of(wanted, 1e-4)) for wanted in (GRID, GRID[:, ::-1])):
        raise CheckFailed("Some rows of `grid_points` are not points of the grid, or not in its order.",
                          "Row after row of the grid, x1 in the first column and x2 in the second.",
                          "`np.linspace` takes the first number, the last one, and how many.")


@pytest.mark.task("grid", points=2, basis="measured", calls=[call("predict_surface", GRID)])
def test_grid_heights(student):
    """`grid_heights[i, j]` is what your function says about the point `grid_x1[i, j]`, `grid_x2[i, j]`."""
    heights = student.array("grid_heights").has_shape(25, 25).is_finite().values().astype(float)
    x1, x2 = (student.array(name).has_shape(25, 25).is_finite().values() for name in ("grid_x1", "grid_x2"))
    own = student.called("predict_surface", GRID).array().values().astype(float)
    if own.size != len(GRID):
        raise CheckFailed(f"For {len(GRID)} points `predict_surface` gives {own.size:,} answers.",
                          "One number per point.")
    # The place of each point in our grid, from the student's own coordinates.
    columns, lines = (np.clip(np.rint((side + 4) * 3), 0, 24).astype(int) for side in (x1, x2))
    if not np.allclose(heights, own.reshape(25, 25)[lines, columns], atol=1e-2):
        raise CheckFailed("`grid_heights` differs from what `predict_surface` says about the points of the grid.",
                          "The same numbers, each at its own place.",
                          "Was the array turned or transposed, or is it older than the function?")


@pytest.mark.task("point", points=1, basis="measured", calls=[call("predict_surface", PLACE)])
def test_height_at_point(student):
    """`height_at_point` is what your own function says about the point x1 = 1, x2 = −2."""
    answer = student.number("height_at_point").value
    own = student.called("predict_surface", PLACE).array().values().astype(float)
    if own.size != 1 or not abs(answer - own.flat[0]) <= 0.01:
        raise CheckFailed(f"`height_at_point` is {answer:.4g}.", "What `predict_surface` says about this point.",
                          "x1 comes first. Was the function changed after the number was stored?")


@pytest.mark.task("plot-surface", points=1, basis="claimed")
def test_surface_drawn(student):
    """The surface over the grid is drawn."""
    grid = student.array("grid_x1"), student.array("grid_x2")
    student.figures().shows_surface(grid, student.array("grid_heights"))


@pytest.mark.task("plot-surface", points=1, basis="claimed")
def test_measurements_drawn(student):
    """The test measurements are drawn as points, and the three axes have labels."""
    figures = student.figures().shows_points(student.array("X_test"), student.array("y_test"))
    figures.is_labelled_in_space()
