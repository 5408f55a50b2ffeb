"""The hidden checks of the short course as plain asserts, the way nbgrader and Otter want them: inside the test cells.

Equal in meaning where a kernel can know the answer. What it cannot know is left out, in nbgrader's favour: which arrays
`fit` was given, figures, and accuracy on images that the student never held.
"""

from __future__ import annotations

from benchmarks.course import MINIMUMS, Notebook

BEGIN = "### BEGIN HIDDEN TESTS"
END = "### END HIDDEN TESTS"

_SETUP = """\
# nbgrader gives no points to a cell that writes to stderr, as TensorFlow likes to do.
import logging
logging.getLogger("tensorflow").setLevel(logging.ERROR)
"""

HELPERS = """\
def _units(model):
    return [layer.units for layer in model.layers if isinstance(layer, keras.layers.Dense)]

def _activations(model):
    named = [layer.activation.__name__ if hasattr(layer, "activation") else type(layer).__name__.lower()
             for layer in model.layers if not isinstance(layer, (keras.layers.Dropout, keras.layers.InputLayer))]
    return [name for name in named if name != "linear"]

def _compiled(model):
    loss = keras.losses.get(model.loss)
    name = getattr(loss, "__name__", getattr(loss, "name", ""))
    assert name == "categorical_crossentropy"
    assert type(model.optimizer) is keras.optimizers.SGD
    assert abs(float(model.optimizer.learning_rate) - 0.01) < 1e-6

def _epochs(history):
    return len(getattr(history, "history", history)["loss"])
"""

_BUILT = """\
assert _units({model}) == [512, 512, 10]
assert _activations({model}) == ["{activation}", "{activation}", "softmax"]
assert {model}.count_params() == 669_706
"""

_ACCURACY = """\
assert abs({model}.evaluate(X_test, Y_test, verbose=0)[1] - {name}) < 0.005
"""

_MINIMUM = """\
assert {model}.evaluate(X_test, Y_test, verbose=0)[1] >= {minimum}
"""

ASSERTS = {
    "reshape": _SETUP + """\
assert X_train.shape == (60000, 784) and X_test.shape == (10000, 784)
assert np.array_equal(X_train, np.reshape(train_images, (60000, 784)))
assert np.array_equal(X_test, np.reshape(test_images, (10000, 784)))
""",
    "subset": """\
assert len(X_train) == 6000 and len(X_test) == 5000
assert np.array_equal(X_train, np.reshape(train_images, (60000, 784))[:6000])
assert np.array_equal(X_test, np.reshape(test_images, (10000, 784))[:5000])
assert np.array_equal(y_train, train_labels[:6000]) and np.array_equal(y_test, test_labels[:5000])
""",
    "cast": """\
assert X_train.dtype == "float32" and X_test.dtype == "float32"
""",
    "standardize": """\
_pixels = train_images[:6000].reshape(6000, 784).astype("float32")
_expected = (_pixels - _pixels.mean()) / _pixels.std()
assert np.allclose(X_train, _expected, atol=1e-3)
_shown = test_images[:5000].reshape(5000, 784).astype("float32")
assert np.allclose(X_test, (_shown - _pixels.mean()) / _pixels.std(), atol=1e-3)
""",
    "one-hot": """\
assert np.array_equal(Y_train, np.eye(10)[train_labels[:6000]])
assert np.array_equal(Y_test, np.eye(10)[test_labels[:5000]])
""",
    "sigmoid-build": HELPERS + _BUILT.format(model="sigmoid_model", activation="sigmoid"),
    "count-parameters": """\
assert abs(first_layer_parameters - (784 * 512 + 512)) < 0.5
""",
    "sigmoid-compile": """\
_compiled(sigmoid_model)
""",
    "updates": """\
assert abs(updates_per_epoch - 47) < 0.01
""",
    "sigmoid-fit": """\
assert _epochs(sigmoid_history) == 1
assert int(sigmoid_model.optimizer.iterations) == 47
""",
    "sigmoid-evaluate": _ACCURACY.format(model="sigmoid_model", name="sigmoid_accuracy"),
    "relu-build": _BUILT.format(model="relu_model", activation="relu"),
    "relu-compile": """\
_compiled(relu_model)
""",
    "relu-fit": """\
assert _epochs(relu_history) == 1
assert int(relu_model.optimizer.iterations) == 47
_accuracy = relu_model.evaluate(X_test, Y_test, verbose=0)[1]
assert abs(_accuracy - relu_accuracy) < 0.005
""" + f"assert _accuracy >= {MINIMUMS['relu-fit/relu_model']}\n",
    "dropout-build": _BUILT.format(model="dropout_model", activation="relu") + """\
assert [layer.rate for layer in dropout_model.layers if isinstance(layer, keras.layers.Dropout)] == [0.2, 0.2]
""",
    "dropout-fit": """\
_compiled(dropout_model)
assert _epochs(dropout_history) == 1
assert int(dropout_model.optimizer.iterations) == 47
""" + _MINIMUM.format(model="dropout_model", minimum=MINIMUMS["dropout-fit/dropout_model"]),
    "plots": """\
assert _epochs(relu_history) and _epochs(dropout_history)
""",
}
"""Task → asserts."""


def with_hidden_tests(source: Notebook) -> Notebook:
    """Return the source notebook with the asserts as nbgrader's hidden tests at the end of each test cell.

    Raises:
        KeyError: a task has no asserts, so the comparison would not be one.
    """
    return {**source, "cells": [_with_asserts(cell) for cell in source["cells"]]}


def _with_asserts(cell: Notebook) -> Notebook:
    meta = cell["metadata"]["nbgrader"]
    if not meta["grade"] or meta["solution"]:
        return cell
    hidden = ASSERTS[str(meta["grade_id"]).removeprefix("test-")]
    return {**cell, "source": "".join(cell["source"]) + f"\n{BEGIN}\n{hidden}{END}"}
