"""The source notebook of first-network: its text is true, and its public asserts name the usual mistakes."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.assignments.common import Assignment, source

COURSE = Assignment("first-network")
TASKS = ["load", "look", "describe", "reshape", "scale", "one-hot", "build", "count", "compile", "fit", "evaluate",
         "predict", "confusion", "sensitivity"]
WRITTEN = ["mushrooms", "three-sets", "first-epoch"]


def test_tasks_points_and_the_one_minimum() -> None:
    assert COURSE.tasks() == TASKS and [cell["id"] for cell in COURSE.written()] == WRITTEN
    assert COURSE.points() == (40, 10)
    assert [spec.id for spec in COURSE.specs.values() if spec.minimum] == ["model-accuracy"]
    contract = source(COURSE.cells()[0])
    assert "40 of the {{ points }} points" in contract and "The other 10 points" in contract
    for cell in COURSE.written():
        points = cell["metadata"]["nbgrader"]["points"]
        assert f"({points} points)" in source(COURSE.cell(f"about-{cell['id']}"))


def test_the_text_says_what_the_course_demands() -> None:
    text = COURSE.prose()
    for part in [
        "**training set**", "**validation set**", "**test set**", "0.2916", "0.7034", "**0.9018**", "0.68 and 0.77",
        "five of eight trainings", "**7,960**", "Poisonous mushrooms", "**sensitivity**", "confusion matrix",
        "the accuracy is 0.11", "Colab does not lock", "without internet", "one-hot",
    ]:
        assert part in text, part


def test_older_spellings_are_named_with_todays() -> None:
    text = COURSE.prose()
    for old, new in [("np_utils", "keras.utils.to_categorical"), ("keras.layers.core", "keras.layers.Dense"),
                     ("input_shape=(784,)", "keras.Input(shape=(784,))"), ("lr=0.01", "learning_rate=0.01"),
                     ("nb_epoch", "epochs=5"), ('history["acc"]', 'history["accuracy"]'),
                     ("predict_classes", "argmax")]:
        row = next(line for line in text.splitlines() if line.startswith("|") and old in line)
        assert new in row.split("|")[2], old


def test_the_numbers_in_the_text_are_true() -> None:
    text = COURSE.prose()
    hidden, output = (784 + 1) * 10, (10 + 1) * 10
    assert hidden + output == 7_960
    assert f"{hidden:,}" not in text and f" {output} " not in text, "the text must not give a counted answer away"
    assert f"−ln(1/10) = {math.log(10):.2f}" in text
    for z in (-6, -2, 0, 2, 6):
        assert f"{1 / (1 + math.exp(-z)):.3f}" in text
    assert 60_000 // 100 == 600 and "600 steps" in text and "Five epochs make 3,000" in text
    small = np.array([[4, 0, 1], [0, 3, 0], [2, 0, 1]])
    assert small.sum() == 11 and np.trace(small) == 8 and f"8/11 ≈ {8 / 11:.2f}" in text
    assert np.diag(small / small.sum(axis=1, keepdims=True)).tolist() == pytest.approx([4 / 5, 1, 1 / 3])
    assert small[2, 2] / small[:, 2].sum() == pytest.approx(1 / 2) and "For c that is 1/2" in text


def test_the_mushrooms_are_counted_right() -> None:
    answer, question = source(COURSE.cell("mushrooms")), source(COURSE.cell("about-mushrooms"))
    assert "950 are edible and 50 poisonous" in question and "20 of the poisonous ones" in question
    assert f"accuracy is {(950 + 20) / 1000:.2f}" in answer and f"recognised, {20 / 50:.2f}" in answer


@pytest.fixture(scope="module")
def pixels() -> np.ndarray:
    return np.tile(np.linspace(0, 255, 784, dtype="float32"), (60, 1))


def test_the_usual_mistakes_of_the_preparation_are_reported(pixels: np.ndarray) -> None:
    images, labels = np.zeros((4, 28, 28)), np.zeros(4)
    right = {"train_images": images, "train_labels": labels, "test_images": images, "test_labels": labels}
    COURSE.run_test("load", **right)
    with pytest.raises(AssertionError, match="In each pair the images come first"):
        COURSE.run_test("load", **right | {"train_images": labels})
    with pytest.raises(AssertionError, match="The first pair is the training set"):
        COURSE.run_test("load", **right | {"train_labels": images})
    COURSE.run_test("scale", X_train=pixels / 255, X_test=pixels / 255)
    with pytest.raises(AssertionError, match=r"X_train is 255.*stored under exactly this name"):
        COURSE.run_test("scale", X_train=pixels, X_test=pixels / 255)
    with pytest.raises(AssertionError, match="divided by 255 more than once"):
        COURSE.run_test("scale", X_train=pixels / 255, X_test=pixels / 255 / 255)
    with pytest.raises(AssertionError, match="it is float64"):
        COURSE.run_test("scale", X_train=pixels.astype("float64"), X_test=pixels)
    with pytest.raises(AssertionError, match=r"shape \(60000, 784\).*it has \(60, 784\)"):
        COURSE.run_test("reshape", X_train=pixels, X_test=pixels)


def test_labels_that_were_encoded_twice_or_scaled_are_reported() -> None:
    once = np.eye(10)[np.arange(60000) % 10]
    COURSE.run_test("one-hot", Y_train=once, Y_test=once[:10000])
    with pytest.raises(AssertionError, match="encoded twice"):
        COURSE.run_test("one-hot", Y_train=np.eye(2)[once.astype(int)], Y_test=once[:10000])
    with pytest.raises(AssertionError, match="All rows of Y_train say the same digit"):
        COURSE.run_test("one-hot", Y_train=np.tile(np.eye(10)[0], (60000, 1)), Y_test=once[:10000])


def test_tables_that_cannot_be_right_are_reported() -> None:
    table = np.full((10, 10), 100)
    COURSE.run_test("confusion", confusion=table, matrix_accuracy=0.1)
    with pytest.raises(AssertionError, match="Did you start from zeros"):
        COURSE.run_test("confusion", confusion=table + 1, matrix_accuracy=0.1)
    with pytest.raises(AssertionError, match="Which axis did you look along"):
        COURSE.run_test("predict", predictions=np.zeros((10000, 10)), predicted_digits=np.zeros(10), digit_11=6,
                        sum_11=1)
    COURSE.run_test("sensitivity", sensitivities=np.linspace(0, 1, 10), hardest_digit=0)
    with pytest.raises(AssertionError, match="between 0 and 1"):
        COURSE.run_test("sensitivity", sensitivities=np.linspace(0, 100, 10), hardest_digit=0)


def test_the_variants_that_the_course_demands_are_there() -> None:
    names = {kind: {variant.name for variant in COURSE.variants(kind)} for kind in ("right", "wrong")}
    assert names["right"] >= {"functional-api", "separate-activations", "objects", "input-shape-argument",
                              "numpy-spellings", "helper-functions", "extra-cells"}
    assert names["wrong"] >= {"train-mages", "labels-scaled", "scaled-by-250", "own-statistics", "statistics-of-both",
                              "divided-in-place", "reshape-scrambled", "sparse-loss", "from-logits", "sigmoid-output",
                              "exact-accuracy", "standard-batch", "one-epoch", "other-network-trained",
                              "fit-on-test-set", "accuracy-from-the-text", "pasted-weights", "early-epochs"}


@pytest.mark.slow
def test_the_network_has_the_parameters_that_the_text_says() -> None:
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10), keras.layers.Dense(10)])
    assert model.count_params() == 7_960
