"""deep-digits: its text is true in the numbers it states, and the mistakes that the course names are there."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.assignments.common import Assignment, grading, source

DEEP = Assignment("deep-digits")
TASKS = ["reshape", "scale", "one-hot", "create-dnn", "count-parameters", "compile-model", "train", "evaluate",
         "predict", "plots", "sgd"]


def parameters(inputs: int, *units: int) -> int:
    """Weights and biases of dense layers in a row."""
    return sum((before + 1) * after for before, after in zip((inputs, *units[:-1]), units, strict=True))


def test_tasks_points_and_placeholders() -> None:
    assert DEEP.tasks() == TASKS
    assert DEEP.points() == (40, 10)
    assert "40 of the {{ points }} points" in source(DEEP.cell("contract"))
    assert {name for name in DEEP.placeholders() if "." in name} == {"minimum.adam_accuracy", "minimum.sgd_accuracy"}
    for cell in DEEP.written():
        assert f"({grading(cell)['points']} points)" in source(DEEP.cell(f"about-{cell['id']}"))


def test_numbers_in_the_text_are_true() -> None:
    text = DEEP.prose()
    assert f"**{parameters(784, 400, 100, 10):,}**" in text
    assert f"400 · 100 + 100 = {400 * 100 + 100:,}" in text and f"100 · 10 + 10 = {100 * 10 + 10:,}" in text
    assert f"{784 * 400 + 400:,}" not in text, "the text must not give the answer of a task away"
    sizes = DEEP.sizes()
    assert sizes == {"TRAIN_IMAGES": 10_000, "TEST_IMAGES": 5_000, "EPOCHS": 6}
    for shape in ("(10000, 784)", "(5000, 784)", "(10000, 10)", "(5000, 10)", "(5000,)"):
        assert shape in text
    for part in ("0.9816", "0.0766", "0.9792", "0.0863", "0.9794", "only watches", "Unknown variable"):
        assert part in text, part


def test_older_spellings_are_listed_with_todays() -> None:
    table = source(DEEP.cell("old-spellings"))
    for old, new in {"nb_epoch": "epochs=10", "lr=": "learning_rate=", "np_utils": "keras.utils.to_categorical",
                     "keras.layers.core": "keras.layers.Dense", '["acc"]': '["accuracy"]'}.items():
        assert old in table and new in table


def test_arrays_that_later_tasks_continue_from() -> None:
    names = {cell["id"]: cell["metadata"]["autograder"].get("continue") for cell in DEEP.answers()}
    assert {task: found for task, found in names.items() if found} == {
        "reshape": ["X_train", "X_test"], "scale": ["X_train", "X_test"], "one-hot": ["Y_train", "Y_test"]}


def test_public_cells_tell_the_usual_mistakes() -> None:
    pixels = np.tile(np.linspace(0, 1, 784, dtype="float32"), (50, 1))
    DEEP.run_test("scale", X_train=pixels, X_test=pixels)
    with pytest.raises(AssertionError, match="stored under its own name"):
        DEEP.run_test("scale", X_train=pixels * 255, X_test=pixels)
    with pytest.raises(AssertionError, match="run twice"):
        DEEP.run_test("scale", X_train=pixels / 255, X_test=pixels)
    with pytest.raises(AssertionError, match="float64"):
        DEEP.run_test("scale", X_train=pixels.astype("float64"), X_test=pixels)
    once = np.eye(10)[np.arange(10_000) % 10]
    DEEP.run_test("one-hot", Y_train=once, Y_test=once[:5000])
    with pytest.raises(AssertionError, match="encoded twice"):
        DEEP.run_test("one-hot", Y_train=np.eye(2)[once.astype(int)], Y_test=once[:5000])
    with pytest.raises(AssertionError, match="exchanged"):
        DEEP.run_test("evaluate", test_loss=0.9, test_accuracy=1.3)
    with pytest.raises(AssertionError, match="whole number"):
        DEEP.run_test("predict", predicted_labels=np.zeros(5000), mistakes=0.06)


def test_the_mistakes_of_the_course_are_variants() -> None:
    assert len(DEEP.variants("right")) >= 6
    assert {variant.name for variant in DEEP.variants("wrong")} >= {
        "train-mages", "labels-scaled", "scaled-by-250", "own-statistics", "statistics-of-both",
        "in-place-on-integers", "scrambled-reshape", "sparse-loss", "logits-from-softmax", "softmax-missing",
        "sigmoid-output", "accuracy-of-equal-numbers", "units-512", "dropout-missing", "literal-shape",
        "literal-optimizer", "wrong-batch-size", "one-epoch", "validation-split", "other-model-trained",
        "model-not-rebuilt", "optimizer-shared", "fit-on-test-set", "numbers-typed", "labels-for-predictions",
        "weights-pasted", "early-nb-epoch", "early-lr", "early-np-utils", "early-layers-core", "early-history-acc",
    }


@pytest.mark.slow
def test_the_network_of_the_solution_has_the_parameters_that_the_text_says() -> None:
    keras = pytest.importorskip("keras")
    names: dict[str, Any] = {"keras": keras}
    exec(source(DEEP.cell("create-dnn")).replace("create_DNN((784,), 10).summary()", ""), names)
    assert names["create_DNN"]((784,), 10).count_params() == parameters(784, 400, 100, 10) == 355_110
