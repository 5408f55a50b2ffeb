"""What `fit` was given in other forms than arrays with a name, and models that are another object than was trained."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograder.artifacts import read
from autograder.checks.case import Case
from autograder.checks.ground_truth import CourseData, Holdout
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.request import JudgeRequest
from autograder.checks.student import Student
from autograder.sandbox.child.student.given_data import reordered
from autograder.workspace.artifact_folder import FolderSource

pytestmark = pytest.mark.slow

START = """
import keras, numpy as np
X = np.random.rand(300, 4).astype("float32"); Y = np.eye(2)[np.random.randint(0, 2, 300)]
def make():
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, activation="relu"),
                             keras.layers.Dense(2, activation="softmax")])
model = make(); model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
"""
FIT = "model.fit(X, Y, epochs=2, batch_size=50, verbose=0)"


def student(ran: Any, task: str = "a") -> Student:
    """Return what a check of a task sees of a run; data and reference are of no matter here."""
    artifacts = read(FolderSource(ran.scratch / ".out"), sampling_key="00ff")
    request = JudgeRequest(artifacts=ran.scratch / ".out", sampling_key="00ff", reached=(task,))
    nothing = np.zeros((1, 1))
    case = Case(request=request, artifacts=artifacts, holdout=Holdout(test_labels=nothing, labels=nothing),
                data=CourseData(train_images=nothing, train_labels=nothing, test_images=nothing, test_labels=nothing,
                                name="mnist", is_true=True), reference=None)  # type: ignore[arg-type]
    return Student(case, task, Evidence())


@pytest.mark.parametrize("made", [
    ".batch(50)", ".shuffle(300).batch(50)", ".batch(50).prefetch(1)", ".shuffle(9).batch(50).map(lambda x, y: (x, y))",
    ".batch(50).cache().repeat(1)", ".batch(50, drop_remainder=True)", ".batch(50, num_parallel_calls=2)",
])
def test_the_batch_size_of_a_dataset_is_read(run: Any, made: str) -> None:
    code = f"import tensorflow as tf\nmodel.fit(tf.data.Dataset.from_tensor_slices((X, Y)){made}, epochs=2, verbose=0)"
    training = student(run(START, code, ("a", "1"))).fit_of("model")
    training.batch_size(50).epochs(2)
    with pytest.raises(CheckFailed, match="batch size 50"):
        training.batch_size(32)


def test_steps_tell_the_batch_size_where_nothing_else_does(run: Any) -> None:
    code = ("def batches():\n    while True:\n        for i in range(0, 300, 50):\n"
            "            yield X[i:i + 50], Y[i:i + 50]\n"
            "model.fit(batches(), epochs=2, steps_per_epoch=6, verbose=0)")
    training = student(run(START, code, ("a", "1"))).fit_of("model")
    training.batch_size(50)
    with pytest.raises(Unjudged):
        training.batch_size(32)


@pytest.mark.parametrize("given", ["X[p], Y[p]", "keras.ops.take(X, p, 0), Y[p]", "X[p], list_of(Y[p])"])
def test_the_same_rows_in_another_order_are_the_same_data(run: Any, given: str) -> None:
    code = f"p = np.random.permutation(300)\nlist_of = np.array\nmodel.fit({given}, epochs=1, batch_size=50, verbose=0)"
    student(run(START, code, ("a", "1"))).fit_of("model").used("X", "Y")


@pytest.mark.parametrize("given", ["X[p], Y", "X, Y[p]", "X[p], Y[p[::-1]]", "X[p] + 1, Y[p]", "X[p * 0], Y[p * 0]"])
def test_rows_that_lost_their_labels_are_other_data(run: Any, given: str) -> None:
    code = f"p = np.random.permutation(300)\nmodel.fit({given}, epochs=1, batch_size=50, verbose=0)"
    with pytest.raises(CheckFailed):
        student(run(START, code, ("a", "1"))).fit_of("model").used("X", "Y")


def test_rows_are_distinguished_by_their_bytes() -> None:
    x = np.arange(30_000, dtype="uint8").reshape(10_000, 3)
    y = np.arange(10_000)
    order = np.random.default_rng(0).permutation(10_000)
    found = reordered(x[order], y[order], {"x": x, "y": y})
    assert found is not None and found[0] is x and found[1] is y
    assert reordered(x[order], y, {"x": x, "y": y}) is None
    assert reordered(x[order], y[order], {"x": x.astype(int), "y": y}) is None


@pytest.mark.parametrize("kept", [
    "model.save('m.keras'); model = keras.models.load_model('m.keras')",
    "model.save('m.h5'); model = keras.models.load_model('m.h5')",
    "model.save('m.keras'); model = keras.models.load_model('m.keras', compile=False)",
    "model.save_weights('m.weights.h5'); model = make(); model.load_weights('m.weights.h5')",
    "other = make(); other.set_weights(model.get_weights()); model = other",
    "model.save('m.keras'); model = keras.models.load_model('m.keras')\n"
    "model.fit(X, Y, epochs=1, batch_size=50, verbose=0)",
])
def test_a_model_that_was_saved_and_loaded_is_that_model(run: Any, kept: str) -> None:
    ran = run(START, FIT, "model.evaluate(X, Y, verbose=0)", kept, ("a", "1"))
    student(ran).fit_of("model").used("X", "Y").batch_size(50).epochs(at_least=2, at_most=3)
    student(ran).evaluation_of("model").used("X", "Y")


def test_another_model_of_the_same_layers_is_another_one(run: Any) -> None:
    with pytest.raises(CheckFailed, match="still has its starting weights"):
        student(run(START, "trained = model", FIT, "model = make()", ("a", "1"))).fit_of("model").happened()


def test_mixed_precision_and_weighted_metrics(run: Any) -> None:
    code = ("keras.mixed_precision.set_global_policy('mixed_float16')\nmodel = make()\n"
            "model.compile(keras.optimizers.SGD(0.05), 'categorical_crossentropy', weighted_metrics=['accuracy'])")
    ran = run(START, code, FIT, ("a", "1"))
    given = student(ran).model("model")
    given.is_compiled_with(loss="categorical_crossentropy", optimizer="sgd", settings={"learning_rate": 0.05},
                           metrics=["accuracy"])
    student(ran).fit_of("model").epochs(2).batch_size(50)
    assert given.record.unsupported is None
    (probe,) = [given.record]
    assert read(FolderSource(ran.scratch / ".out"), sampling_key="00ff").probe(probe) is not None
