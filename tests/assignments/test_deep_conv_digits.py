"""deep-conv-digits: its text is true in the numbers it states, and the mistakes that the course names are there."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from tests.assignments.common import Assignment, grading, source

DEEP = Assignment("deep-conv-digits")
TASKS = ["scale", "add-channel", "reshape", "one-hot", "create-cnn", "count-parameters", "compile-model", "train",
         "evaluate", "predict", "plots"]
FIRST, SECOND, DENSE, OUTPUT = 10 * (5 * 5 * 1 + 1), 20 * (5 * 5 * 10 + 1), 320 * 320 + 320, 320 * 10 + 10


def test_tasks_points_and_placeholders() -> None:
    assert DEEP.tasks() == TASKS
    assert DEEP.points() == (40, 10)
    assert "40 of the {{ points }} points" in source(DEEP.cell("contract"))
    assert {name for name in DEEP.placeholders() if "." in name} == {"minimum.cnn_accuracy"}
    for cell in DEEP.written():
        assert f"({grading(cell)['points']} points)" in source(DEEP.cell(f"about-{cell['id']}"))


def test_numbers_in_the_text_are_true() -> None:
    text = DEEP.prose()
    assert f"**{FIRST + SECOND + DENSE + OUTPUT:,}**" in text
    assert f"10 · (5 · 5 · 1 + 1) = {FIRST} " in text
    assert f"320 · 320 + 320 = {DENSE:,}" in text and f"320 · 10 + 10 = {OUTPUT:,}" in text
    assert f"{SECOND:,}" not in text and str(SECOND) not in text, "the text must not give the answer of a task away"
    assert f"{8 * 8 * 20:,} numbers would be flattened" in text
    assert DEEP.sizes() == {"TRAIN_IMAGES": 6_000, "TEST_IMAGES": 5_000, "EPOCHS": 6}
    for shape in ("(6000, 10)", "(5000, 10)", "(5000,)", "(n, 28, 28, 1)", "(n, 1, 28, 28)"):
        assert shape in text
    for part in ("0.9922", "0.0253", "355,110", "only watches", "Unknown variable", "image_data_format"):
        assert part in text, part


def test_sides_of_the_maps_in_the_table_are_true() -> None:
    """28, less 4 by a window of 5, halved by pooling, and once more."""
    sides = [int(side) for side in re.findall(r"\| (\d+) × \1 × ", source(DEEP.cell("network")))]
    convolved = 28 - 4
    again = convolved // 2 - 4
    assert sides == [convolved, convolved // 2, again, again, again // 2]
    assert (again // 2) ** 2 * 20 == 320


def test_older_spellings_are_listed_with_todays() -> None:
    table = source(DEEP.cell("old-spellings"))
    for old, new in {"nb_epoch": "epochs=10", "lr=": "learning_rate=", "np_utils": "keras.utils.to_categorical",
                     "keras.layers.convolutional": "keras.layers.Conv2D", '["acc"]': '["accuracy"]',
                     "image_dim_ordering": "image_data_format"}.items():
        assert old in table and new in table


def test_arrays_that_later_tasks_continue_from() -> None:
    names = {cell["id"]: cell["metadata"]["autograder"].get("continue") for cell in DEEP.answers()}
    assert {task: found for task, found in names.items() if found} == {
        "scale": ["X_train", "X_test"], "reshape": ["X_train", "X_test", "input_shape"],
        "one-hot": ["Y_train", "Y_test"]}


def test_public_cells_tell_the_usual_mistakes() -> None:
    images = np.tile(np.linspace(0, 1, 784, dtype="float32"), (50, 1)).reshape(50, 28, 28)
    DEEP.run_test("scale", X_train=images, X_test=images)
    with pytest.raises(AssertionError, match="stored under its own name"):
        DEEP.run_test("scale", X_train=images * 255, X_test=images)
    with pytest.raises(AssertionError, match="divided twice"):
        DEEP.run_test("scale", X_train=images / 255, X_test=images)
    with pytest.raises(AssertionError, match="returned None"):
        DEEP.run_test("add-channel", add_channel=lambda images, data_format: None)
    with pytest.raises(AssertionError, match=r"should be \(3, 28, 28, 1\)"):
        DEEP.run_test("add-channel", add_channel=lambda images, data_format: images)
    four = np.zeros((6000, 28, 28, 1), dtype="uint8")
    DEEP.run_test("reshape", X_train=four, X_test=four[:5000], input_shape=[28, 28, 1])
    with pytest.raises(AssertionError, match="shape of one image"):
        DEEP.run_test("reshape", X_train=four, X_test=four[:5000], input_shape=four.shape)
    with pytest.raises(AssertionError, match="0 to 99"):
        DEEP.run_test("predict", predicted_labels=np.zeros(5000), least_sure=4000)


def test_the_solution_puts_the_channels_where_its_argument_says() -> None:
    names: dict[str, Any] = {"np": np}
    exec(source(DEEP.cell("add-channel")), names)
    add_channel = names["add_channel"]
    assert add_channel(np.zeros((3, 6, 4)), "channels_last").shape == (3, 6, 4, 1)
    assert add_channel(np.zeros((3, 6, 4)), "channels_first").shape == (3, 1, 6, 4)


def test_the_mistakes_of_the_course_are_variants() -> None:
    assert len(DEEP.variants("right")) >= 6
    assert {variant.name for variant in DEEP.variants("wrong")} >= {
        "train-mages", "labels-scaled", "scaled-by-250", "own-statistics", "statistics-of-both",
        "in-place-on-integers", "scrambled-reshape", "reloaded-data", "sparse-loss", "logits-from-softmax",
        "softmax-missing", "sigmoid-output", "accuracy-of-equal-numbers", "filters-exchanged", "window-of-three",
        "pooling-once", "pooling-four", "units-500", "dropout-missing", "literal-shape", "literal-optimizer",
        "wrong-batch-size", "one-epoch", "validation-split", "other-model-trained", "optimizer-shared",
        "fit-on-test-set", "numbers-typed", "labels-for-predictions", "weights-pasted", "early-nb-epoch", "early-lr",
        "early-np-utils", "early-layers-core", "early-history-acc",
    }


@pytest.mark.slow
def test_the_network_of_the_solution_has_the_parameters_that_the_text_says() -> None:
    keras = pytest.importorskip("keras")
    names: dict[str, Any] = {"keras": keras}
    exec(source(DEEP.cell("create-cnn")).replace("create_CNN(input_shape, 10).summary()", ""), names)
    assert names["create_CNN"]((28, 28, 1), 10).count_params() == FIRST + SECOND + DENSE + OUTPUT == 111_210
