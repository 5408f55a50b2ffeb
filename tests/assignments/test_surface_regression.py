"""surface-regression: its text is true in the numbers it states, and the mistakes that the course names are there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.assignments.common import Assignment, grading, source

SURFACE = Assignment("surface-regression")
TASKS = ["read-data", "baseline", "build-network", "count-parameters", "first-model", "updates", "diagnose",
         "activations", "mend", "predict-surface", "grid", "point", "plot-surface"]


def table(part: str) -> Any:
    return np.loadtxt(SURFACE.hidden / f"surface_{part}.csv", delimiter=",", skiprows=1)


def recorded() -> dict[str, dict[str, list[float]]]:
    """The three trainings of the locked cell, without its figure."""
    names: dict[str, Any] = {}
    exec(source(SURFACE.cell("recorded")).split("_figure, ")[0], names)
    found: dict[str, dict[str, list[float]]] = names["_recorded"]
    return found


def test_tasks_points_and_placeholders() -> None:
    assert SURFACE.tasks() == TASKS
    assert SURFACE.points() == (40, 10)
    assert "40 of the {{ points }} points" in source(SURFACE.cell("contract"))
    assert {name for name in SURFACE.placeholders() if "." in name} == {"maximum.surface_error"}
    for cell in SURFACE.written():
        assert f"({grading(cell)['points']} points)" in source(SURFACE.cell(f"about-{cell['id']}"))


def test_sizes_of_the_files() -> None:
    assert (table("train").shape, table("test").shape) == ((1000, 3), (250, 3))


def test_numbers_in_the_text_are_true() -> None:
    text, train = SURFACE.prose(), table("train")
    assert SURFACE.sizes() == {"EPOCHS": 40, "MEND_EPOCHS": 60}
    assert "1,250 points" in text and np.abs(np.vstack([table("train"), table("test")])[:, :2]).max() <= 4
    assert (2 * 5 + 5) + (5 * 5 + 5) + (5 + 1) == 51 and "51" not in text, "the text must not give an answer away"
    x1, x2, y = train.T
    # The formula is only in the hidden checks; this only tests that the noise is as large as the text says.
    noise = y - (2.3 + 0.55 * x1**2 + (3.0 + 0.4 * x1) * np.sin(1.5 * x2 + 0.4))
    assert 0.33 < np.mean(noise**2) < 0.39 and "mean square of about 0.36" in text
    assert "0.55" not in text


def test_recorded_trainings_show_what_they_are_called() -> None:
    curves, variance = recorded(), float(table("train")[:, 2].var())
    last = {name: (curve["loss"][-1], curve["val_loss"][-1]) for name, curve in curves.items()}
    assert min(last["A"]) > variance, "underfitting: not better than the mean"
    assert last["B"][0] < 0.2 and last["B"][1] > 10 * last["B"][0], "overfitting"
    assert max(last["C"]) < 0.6, "a good fit"
    assert [curve["epoch"][-1] for curve in curves.values()] == [1_000, 300, 60]


def test_older_spellings_are_listed_with_todays() -> None:
    spellings = source(SURFACE.cell("old-spellings"))
    for old, new in {"nb_epoch": "epochs=1000", "lr=": "learning_rate=", "keras.layers.core": "keras.layers.Dense",
                     "W_regularizer": "kernel_regularizer"}.items():
        assert old in spellings and new in spellings


def test_a_misread_file_costs_once() -> None:
    names = {cell["id"]: cell["metadata"]["autograder"].get("continue") for cell in SURFACE.answers()}
    assert {task: found for task, found in names.items() if found} == {
        "read-data": ["X_train", "y_train", "X_test", "y_test"]}


def test_public_cells_tell_the_usual_mistakes() -> None:
    points = np.zeros((1000, 2))
    with pytest.raises(AssertionError, match=r"y_train should have the shape \(1000,\)"):
        SURFACE.run_test("read-data", X_train=points, y_train=points, X_test=points[:250], y_test=points[:250, 0])
    with pytest.raises(AssertionError, match=r"three numbers, shape \(3,\); it returns shape \(3, 1\)"):
        SURFACE.run_test("predict-surface", predict_surface=lambda points: points[:, :1])
    with pytest.raises(AssertionError, match="return and the predictions"):
        SURFACE.run_test("predict-surface", predict_surface=lambda points: None)
    with pytest.raises(AssertionError, match="underfitting"):
        SURFACE.run_test("diagnose", diagnosis_a="bad", diagnosis_b="good fit", diagnosis_c="good fit")
    SURFACE.run_test("grid", grid_x1=0, grid_x2=0, grid_points=np.zeros((625, 2)), grid_heights=np.zeros((25, 25)))


def test_the_mistakes_of_the_course_are_variants() -> None:
    assert {variant.name for variant in SURFACE.variants("right")} >= {"engineered-features", "penalised-weights"}
    assert len(SURFACE.variants("right")) >= 6
    assert {variant.name for variant in SURFACE.variants("wrong")} >= {
        "units-ignored", "activation-ignored", "learning-rate-default", "wrong-loss", "fit-on-test-set",
        "wrong-batch-size", "validated-on-test-set", "model-not-rebuilt", "other-model-trained", "optimizer-shared",
        "early-epochs-spelling", "early-rate-spelling", "early-stopping-not-passed", "early-stopping-watches-loss",
        "predictions-hard-coded", "points-ignored", "column-returned", "features-forgotten", "heights-transposed",
    }


@pytest.mark.slow
def test_the_small_network_has_the_required_parameters() -> None:
    keras = pytest.importorskip("keras")
    names: dict[str, Any] = {"keras": keras}
    exec(source(SURFACE.cell("build-network")).rsplit("\n\n", 1)[0], names)
    assert names["build_network"]([5, 5], "relu").count_params() == 51
    assert names["build_network"]([100, 100], "relu").count_params() < 20_000
    assert names["build_network"]([150, 150], "relu").count_params() == 23_251
