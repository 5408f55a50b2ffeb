"""The hidden checks of tests/attacks/course as asserts that run in the student's kernel, for nbgrader and Otter.

In the rivals' favour they know what a kernel can know: modules are imported again, the data is loaded again, types are
compared exactly, the model is asked instead of its history. What a kernel cannot know is left out: labels that the
student never held.
"""

from __future__ import annotations

import ast

SETUP = """\
import logging
import keras
import numpy as np
logging.getLogger("tensorflow").setLevel(logging.ERROR)
"""
"""nbgrader gives no points to a cell that writes to stderr, as TensorFlow likes to do."""

_DATA = """\
(_images, _labels), (_shown, _truths) = keras.datasets.mnist.load_data()
"""
_CALL = """\
_guesses = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3])
_digits = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 0, 0, 0, 9, 3])
"""

ASSERTS = {
    "reshape": _DATA + """\
assert type(X_train) is np.ndarray and type(X_test) is np.ndarray
assert X_train.shape == (600, 784) and X_test.shape == (300, 784)
assert np.min(X_train) >= 0 and np.max(X_train) <= 1
assert np.allclose(X_train, _images[:600].reshape(600, 784) / 255, atol=1e-5)
assert np.allclose(X_test, _shown[:300].reshape(300, 784) / 255, atol=1e-5)
""",
    "one-hot": _DATA + """\
assert type(Y_train) is np.ndarray and type(Y_test) is np.ndarray
assert np.array_equal(Y_train, np.eye(10)[_labels[:600]])
assert np.array_equal(Y_test, np.eye(10)[_truths[:300]])
""",
    "build": """\
assert isinstance(model, keras.Model)
_dense = [layer for layer in model.layers if isinstance(layer, keras.layers.Dense)]
assert [layer.units for layer in _dense] == [24, 10]
assert [layer.activation.__name__ for layer in _dense] == ["relu", "softmax"]
assert tuple(model.input_shape) == (None, 784)
""",
    "parameters": """\
assert isinstance(parameters, (int, float, np.number))
assert abs(parameters - 19090) < 0.5
""",
    "fit": _DATA + """\
assert type(model.optimizer) is keras.optimizers.Adam
_loss = keras.losses.get(model.loss)
assert getattr(_loss, "__name__", getattr(_loss, "name", "")) == "categorical_crossentropy"
assert model.count_params() == 19090
assert int(model.optimizer.iterations) == 76
_answers = model.predict(_shown[:300].reshape(300, 784) / 255, verbose=0)
assert np.mean(np.argmax(_answers, axis=1) == _truths[:300]) >= 0.45
""",
    "evaluate": _DATA + """\
assert isinstance(test_accuracy, (int, float, np.number))
_answers = model.predict(_shown[:300].reshape(300, 784) / 255, verbose=0)
_accuracy = np.mean(np.argmax(_answers, axis=1) == _truths[:300])
assert _accuracy >= 0.3
assert abs(_accuracy - test_accuracy) < 0.01
""",
    "error-rate": _CALL + """\
assert abs(error_rate(_guesses, _digits) - 3 / 16) < 1e-6
assert abs(error_rate(_digits, _digits)) < 1e-6
""",
}
"""Task → asserts."""
POINTS = {"reshape": 2, "one-hot": 1, "build": 2, "parameters": 1, "fit": 4, "evaluate": 1, "error-rate": 2}
"""Task → points, as in the assignment."""


def hidden(task: str, canary: str) -> str:
    """Return the hidden test of a task, with a secret word in it as the attacked course has one in each check."""
    return f"SECRET = {canary!r}  # {canary}\n{SETUP}{ASSERTS[task]}"


def as_doctest(code: str) -> str:
    """Return Python code in the form of a doctest, as `otter assign` writes it: one example per statement."""
    lines = code.splitlines()
    starts = {node.lineno for node in ast.parse(code).body}
    return "\n".join((">>> " if number in starts else "... ") + line for number, line in enumerate(lines, start=1)
                     if line.strip() and (number in starts or not line.startswith("#")))
