"""The source notebook of conv-digits: what its text states is true, and its public asserts name the usual mistakes."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.assignments.common import Assignment, source

COURSE = Assignment("conv-digits")
TASKS = ["reshape", "one-hot", "settings", "build", "count", "compile", "fit", "accuracy", "predict"]
WRITTEN = ["few-parameters", "no-activation", "watching"]


def test_tasks_points_sizes_and_the_one_minimum() -> None:
    assert COURSE.tasks() == TASKS and [cell["id"] for cell in COURSE.written()] == WRITTEN
    assert COURSE.points() == (30, 10)
    assert COURSE.sizes() == {"TRAIN_IMAGES": 20_000, "EPOCHS": 3}
    assert [spec.id for spec in COURSE.specs.values() if spec.minimum] == ["model-accuracy"]
    contract = source(COURSE.cells()[0])
    assert "30 of the {{ points }} points" in contract and "The other 10 points" in contract
    for cell in COURSE.written():
        points = cell["metadata"]["nbgrader"]["points"]
        assert f"({points} points)" in source(COURSE.cell(f"about-{cell['id']}"))


def test_the_text_says_what_the_course_demands() -> None:
    text = COURSE.prose()
    for part in [
        "`X_test` in one place and `x_test` in another", "You may scale or not", "You may take ReLU or none",
        "0.9310, 0.9479 and 0.9533", "between 0.9335 and 0.9511", "one only watches", "13,610",
        "60,000 training images", "(`TRAIN_IMAGES`, 28, 28, 1)", "(10000, 28, 28, 1)", "feature map",
        "Colab does not lock",
        "without internet",
    ]:
        assert part in text, part


def test_older_spellings_are_named_with_todays() -> None:
    text = COURSE.prose()
    for old, new in [("keras.layers.convolutional", "keras.layers.Conv2D"), ("Convolution2D(8, 3, 3)", "Conv2D(8, 3)"),
                     ("border_mode", "padding"), ("nb_epoch", "epochs=3"), ("lr=0.001", "learning_rate=0.001"),
                     ('history["val_acc"]', 'history["val_accuracy"]')]:
        row = next(line for line in text.splitlines() if line.startswith("|") and old in line)
        assert new in row.split("|")[2], old


def test_the_numbers_in_the_text_are_true_and_no_answer_is_among_them() -> None:
    text = COURSE.prose()
    side, pooled, filters = 28 - 3 + 1, (28 - 3 + 1) // 2, 8 * (3 * 3 + 1)
    dense = (pooled * pooled * 8 + 1) * 10
    assert f"{filters + dense:,}" == "13,610" and "must make 13,610" in text
    for answer in (side, pooled, filters, pooled * pooled * 8, dense):
        assert not re.search(rf"(?<![\d,.]){answer:,}(?![\d,]|\.\d)", text), answer
    assert 28 * 28 * side * side * 8 > 4_000_000 and "more than four million" in text


def test_the_small_example_is_a_convolution() -> None:
    image, kernel = np.tile([0, 0, 9, 9], (4, 1)), np.array([[-1, 1], [-1, 1]])
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    assert (windows * kernel).sum(axis=(2, 3)).tolist() == [[0, 18, 0]] * 3
    assert COURSE.prose().count("| 0 | 18 | 0 |") == 3


def test_the_usual_mistakes_are_reported() -> None:
    images, test = np.ones((20_000, 28, 28, 1), "uint8"), np.ones((10_000, 28, 28, 1), "uint8")
    COURSE.run_test("reshape", X_train=images, X_test=test)
    with pytest.raises(AssertionError, match=r"one channel at the end; it has \(20000, 28, 28\)"):
        COURSE.run_test("reshape", X_train=images[..., 0], X_test=test)
    with pytest.raises(AssertionError, match="with a capital X"):
        COURSE.run_test("reshape", X_train=images, x_test=test)
    with pytest.raises(AssertionError, match="divided by 255 twice"):
        COURSE.run_test("reshape", X_train=images, X_test=test / 255 / 255)
    once = np.eye(10)[np.arange(20_000) % 10]
    COURSE.run_test("one-hot", Y_train=once, Y_test=once[:10_000])
    with pytest.raises(AssertionError, match="encoded twice"):
        COURSE.run_test("one-hot", Y_train=np.eye(2)[once.astype(int)], Y_test=once[:10_000])
    with pytest.raises(AssertionError, match="Which axis did you look along"):
        COURSE.run_test("predict", predictions=np.zeros((4, 10)), first_digits=np.zeros(10), last_digit=0)
    with pytest.raises(AssertionError, match="between 0 and 1"):
        COURSE.run_test("accuracy", test_accuracy=92.4)


def test_the_variants_that_the_course_demands_are_there() -> None:
    names = {kind: {variant.name for variant in COURSE.variants(kind)} for kind in ("right", "wrong")}
    assert names["right"] >= {"functional-api", "add-method", "objects", "numpy-spellings", "helper-functions",
                              "scaled-relu", "scaled-in-the-model"}
    assert names["wrong"] >= {"train-mages", "own-statistics", "divided-in-place", "scrambled", "small-x",
                              "arguments-swapped", "pool-three", "sigmoid-output", "from-logits", "exact-accuracy",
                              "fit-on-test-set", "validation-split", "accuracy-hard-coded", "early-epochs",
                              "early-utils", "early-history"}


@pytest.mark.slow
def test_the_network_has_the_parameters_that_the_text_says() -> None:
    keras = pytest.importorskip("keras")
    layers = keras.layers
    model = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.MaxPooling2D(2), layers.Flatten(),
                              layers.Dense(10)])
    assert model.count_params() == 13_610
