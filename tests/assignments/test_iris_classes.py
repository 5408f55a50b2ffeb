"""iris-classes: its text is true in the numbers it states, and the mistakes that the course names are there."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from tests.assignments.common import Assignment, grading, source

IRIS = Assignment("iris-classes")
TASKS = ["read-data", "one-hot", "build", "count-parameters", "compile", "fit", "read-curves", "mend", "plots",
         "predict-flowers", "two-flowers"]
TABLE: Any = np.loadtxt(IRIS.hidden / "iris.csv", delimiter=",", skiprows=1)
UNITS = (1000, 500, 70, 3)


def recorded() -> dict[str, list[float]]:
    """The recorded training of the locked cell, without its figure."""
    names: dict[str, Any] = {}
    exec(source(IRIS.cell("recorded")).split("_figure, ")[0], names)
    found: dict[str, list[float]] = names["recorded"]
    return found


def parameters() -> int:
    return sum((before + 1) * after for before, after in zip((4, *UNITS[:-1]), UNITS, strict=True))


def test_tasks_points_and_placeholders() -> None:
    assert IRIS.tasks() == TASKS
    assert IRIS.points() == (40, 10)
    assert "40 of the {{ points }} points" in source(IRIS.cell("contract"))
    assert {name for name in IRIS.placeholders() if "." in name} == {"maximum.flowers_loss", "maximum.flowers_gap"}
    for cell in IRIS.written():
        assert f"({grading(cell)['points']} points)" in source(IRIS.cell(f"about-{cell['id']}"))


def test_flowers_are_the_well_known_ones() -> None:
    from sklearn.datasets import load_iris

    known = load_iris()
    rows = np.column_stack([known.data, known.target])
    assert np.array_equal(np.unique(TABLE, axis=0), np.unique(rows, axis=0)) and len(TABLE) == 150
    assert sorted(map(tuple, TABLE)) == sorted(map(tuple, rows))


def test_validation_flowers_are_those_that_the_text_says() -> None:
    assert np.bincount(TABLE[120:, 4].astype(int)).tolist() == [11, 14, 5]
    assert "(11 *setosa*, 14 *versicolor*, 5 *virginica*)" in IRIS.prose()
    assert [6.0, 2.7, 5.1, 1.6, 1.0] in TABLE[120:].tolist(), "the difficult versicolor"
    assert "6.0, 2.7, 5.1 and 1.6 cm" in IRIS.prose()


def test_numbers_in_the_text_are_true() -> None:
    text = IRIS.prose()
    assert IRIS.sizes() == {"EPOCHS": 40, "MEND_EPOCHS": 100}
    assert parameters() == 540_783
    assert f"{parameters():,}" not in text and str(round(parameters() / 120)) not in text, "an answer is given away"
    assert f"costs {math.log(3):.2f}" in text and f"costs {-math.log(0.001):.1f}" in text
    for units in UNITS:
        assert f"| {units} | " in text


def test_recorded_training_shows_overfitting_at_a_constant_accuracy() -> None:
    curves = recorded()
    assert curves == json.loads((IRIS.hidden / "recorded.json").read_text(encoding="utf-8"))
    after = curves["epoch"].index(120)
    assert set(curves["val_accuracy"][after:]) == {0.967} and curves["epoch"][-1] == 2_000
    assert curves["val_loss"][-1] > 1.9 * min(curves["val_loss"]), "the text says that it doubles"
    assert curves["loss"][-1] < 0.5 * curves["loss"][after]
    text = IRIS.prose()
    assert "0.967, 29 of 30, from epoch 120 to epoch 2,000" in text and round(29 / 30, 3) == 0.967


def test_older_spellings_are_listed_with_todays() -> None:
    spellings = source(IRIS.cell("old-spellings"))
    for old, new in {"nb_epoch": "epochs=2000", "lr=": "learning_rate=", "np_utils": "keras.utils.to_categorical",
                     "keras.layers.core": "keras.layers.Dense", '["acc"]': '["accuracy"]',
                     "predict_classes": "argmax"}.items():
        assert old in spellings and new in spellings


def test_arrays_that_later_tasks_continue_from() -> None:
    names = {cell["id"]: cell["metadata"]["autograder"].get("continue") for cell in IRIS.answers()}
    assert {task: found for task, found in names.items() if found} == {
        "read-data": ["flowers", "kinds"], "one-hot": ["one_hot_kinds"]}


def test_public_cells_tell_the_usual_mistakes() -> None:
    once = np.eye(3)[np.arange(150) % 3]
    IRIS.run_test("one-hot", one_hot_kinds=once)
    with pytest.raises(AssertionError, match=r"it has \(150,\)"):
        IRIS.run_test("one-hot", one_hot_kinds=once[:, 0])
    with pytest.raises(AssertionError, match=r"should be \(2, 3\); it is \(2,\)"):
        IRIS.run_test("predict-flowers", predict_flowers=lambda rows: rows[:, 0])
    with pytest.raises(AssertionError, match="0, 1 or 2; it is 3"):
        IRIS.run_test("two-flowers", first_flower=1, second_flower=3)
    with pytest.raises(AssertionError, match="good fit"):
        IRIS.run_test("read-curves", turning_epoch=1, final_gap=0.1, diagnosis="fine")


def test_the_mistakes_of_the_course_are_variants() -> None:
    assert {variant.name for variant in IRIS.variants("right")} >= {"dropout-and-scaling", "two-small-layers"}
    assert len(IRIS.variants("right")) >= 6
    assert {variant.name for variant in IRIS.variants("wrong")} >= {
        "sorted-by-kind", "kinds-not-one-hot", "logits-expected", "softmax-missing", "sigmoid-output",
        "accuracy-object", "units-100", "wrong-batch-size", "validation-missing", "other-model-trained",
        "fit-on-validation-rows", "split-twice", "predictions-hard-coded", "weights-pasted",
        "learned-by-heart", "scaling-forgotten",
        "early-one-hot-spelling", "early-layers-spelling", "early-rate-spelling", "early-epochs-spelling",
        "early-accuracy-spelling",
    }


@pytest.mark.slow
def test_the_large_network_has_the_parameters_that_the_check_asks_for() -> None:
    keras = pytest.importorskip("keras")
    names: dict[str, Any] = {"keras": keras}
    exec(source(IRIS.cell("build")), names)
    assert names["iris_model"].count_params() == parameters()
