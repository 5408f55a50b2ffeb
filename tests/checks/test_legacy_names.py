"""Cells that stop at an earlier version's spelling are told today's; each error is what Keras 3 says word for word."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder.checks.legacy_names import modern_spelling
from autograder.installed import EVERYWHERE, installed, missing_package
from tests.checks.early_spellings import EARLY

SPELLINGS = [
    ("TypeError: TensorFlowTrainer.fit() got an unexpected keyword argument 'nb_epoch'", "today it is `epochs`"),
    ("KeyError: 'acc'", "today the history calls it `accuracy`"),
    ("KeyError: 'val_acc'", "today the history calls it `val_accuracy`"),
    ("KeyError: 'accuracy'", 'when `compile` got `metrics=["accuracy"]`.'),
    ("KeyError: 'val_accuracy'", "and `fit` got validation data"),
    ("AttributeError: 'Sequential' object has no attribute 'predict_classes'", "model.predict(x).argmax(axis=1)"),
    ("AttributeError: 'Sequential' object has no attribute 'predict_proba'", "gives the probabilities"),
    ("AttributeError: 'Sequential' object has no attribute 'fit_generator'", "today `fit` takes generators"),
    ("ValueError: Argument(s) not recognized: {'lr': 0.1}", "today it is `learning_rate`"),
    ("AttributeError: 'SGD' object has no attribute 'lr'", "today it is `learning_rate`"),
    ("ImportError: cannot import name 'np_utils' from 'keras.utils' (…)", "keras.utils.to_categorical"),
    ("ModuleNotFoundError: No module named 'keras.utils.np_utils'", "keras.utils.to_categorical"),
    ("AttributeError: module 'keras.utils' has no attribute 'np_utils'", "keras.utils.to_categorical"),
    ("ModuleNotFoundError: No module named 'keras.layers.core'", "`keras.layers.core` is an earlier"),
    ("AttributeError: module 'keras.layers' has no attribute 'core'", "`keras.layers.core` is an earlier"),
    ("ModuleNotFoundError: No module named 'tensorflow.keras.layers.core'", "`keras.layers.core` is an earlier"),
    ("ModuleNotFoundError: No module named 'keras.layers.convolutional'", "all layers are in `keras.layers`"),
    ("ModuleNotFoundError: No module named 'keras.wrappers.scikit_learn'", "keras.wrappers.SKLearnClassifier"),
    ("ModuleNotFoundError: No module named 'keras.engine'", "`keras.engine` is an earlier"),
    ("AttributeError: module 'keras.backend' has no attribute 'image_dim_ordering'", "image_data_format()"),
    ("ValueError: Unrecognized keyword arguments passed to Dense: {'init': 'uniform'}", "kernel_initializer"),
    ("ValueError: Unrecognized keyword arguments passed to Conv2D: {'border_mode': 'same'}", "today it is `padding`"),
    ("TypeError: Conv2D.__init__() missing 2 required positional arguments: 'filters' and 'kernel_size'",
     "Conv2D(8, 3)"),
    ("TypeError: Dense.__init__() missing 1 required positional argument: 'units'", "today it is `units`"),
    ("TypeError: Dropout.__init__() missing 1 required positional argument: 'rate'", "today it is `rate`"),
    ("TypeError: to_categorical() got an unexpected keyword argument 'nb_classes'", "today it is `num_classes`"),
    ("ValueError: Unrecognized keyword arguments passed to Dense: {'W_regularizer': None}", "kernel_regularizer"),
    ("TypeError: TensorFlowTrainer.fit() got an unexpected keyword argument 'show_accuracy'", "metrics="),
    ("AttributeError: module 'numpy' has no attribute 'float'.", "Python's `float`"),
    ("AttributeError: module 'tensorflow' has no attribute 'Session'", "Keras computes at once"),
    ("ValueError: Could not interpret loss identifier: categorical_crosentropy", "`categorical_crossentropy` meant?"),
    ("ValueError: Could not interpret loss identifier: categorical_cross_entropy", "`categorical_crossentropy` meant?"),
    ("ValueError: Could not interpret optimizer identifier: sgdd", "is `sgd` meant?"),
    ("ValueError: Could not interpret activation function identifier: softmaxx", "is `softmax` meant?"),
    ("AttributeError: module 'keras.losses' has no attribute 'categorical_crossentrpy'", "`categorical_crossentropy`"),
]


@pytest.mark.parametrize(("error", "words"), SPELLINGS)
def test_an_earlier_spelling_is_named_with_todays(error, words):
    sentence = modern_spelling(f"A cell of this step stopped with {error}.")
    assert sentence is not None and words in sentence and sentence.endswith((".", "?"))
    assert "{" not in sentence


@pytest.mark.parametrize("note", [
    None, "", "A cell of this step stopped with NameError: name 'X' is not defined.",
    "A cell of this step ran out of time.",
    "A cell of this step stopped with KeyError: 'accept'.", "A cell of this step stopped with ValueError: nothing.",
    "A cell of this step stopped with ValueError: Could not interpret optimizer identifier: 12345.",
])
def test_other_errors_are_left_alone(note):
    assert modern_spelling(note) is None


RUN = """
import json, sys
from autograder.sandbox.child.student.run_cells import summarize_error
from tests.checks.early_spellings import EARLY, PREAMBLE
names = {}
exec(PREAMBLE, names)
found = {}
for code in EARLY:
    try:
        exec(code, dict(names))
        found[code] = None
    except BaseException as error:
        found[code] = summarize_error(error)
print("RESULT" + json.dumps(found))
"""


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str | None]:
    """Return what today's Keras says of each early spelling, all of them run in one process."""
    root = str(Path(__file__).resolve().parents[2])
    ran = subprocess.run([sys.executable, "-c", RUN], capture_output=True, text=True, check=True,
                         cwd=tmp_path_factory.mktemp("early"),
                         env={**os.environ, "PYTHONPATH": root, "TF_CPP_MIN_LOG_LEVEL": "3"})
    line = next(line for line in ran.stdout.splitlines() if line.startswith("RESULT"))
    found: dict[str, str | None] = json.loads(line.removeprefix("RESULT"))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("code", list(EARLY))
def test_every_early_spelling_that_keras_refuses_today_is_explained(errors, code):
    error = errors[code]
    assert error is not None, "this runs today: it needs no words"
    sentence = modern_spelling(f"A cell of this step stopped with {error.rstrip('.')}.")
    assert sentence is not None and EARLY[code] in sentence, (error, sentence)
    assert "{" not in sentence.replace("{'", "") and sentence.endswith((".", "?"))


@pytest.mark.parametrize(("seen", "words"), [
    ("Could not interpret optimizer identifier: adma", "is `adam` meant?"),
    ("Could not interpret optimizer identifier: rmspropp", "is `rmsprop` meant?"),
    ("Could not interpret loss identifier: mse", 'in quotation marks: `"mse"`.'),
    ("module 'keras.losses' has no attribute 'mse'", 'in quotation marks: `"mse"`.'),
    ("Could not interpret loss identifier: MSEE", "is `mse` meant?"),
])
def test_the_nearest_name_is_the_one_with_the_fewest_slips(seen, words):
    sentence = modern_spelling(f"A cell of this step stopped with ValueError: {seen}.")
    assert sentence is not None and words in sentence


def test_nothing_is_guessed_where_no_name_is_near():
    for seen in ("crossentropy", "foo", "gradient"):
        error = f"ValueError: Could not interpret loss identifier: {seen}"
        assert modern_spelling(f"A cell of this step stopped with {error}.") is None


def test_a_missing_package_is_named_with_those_that_are_there():
    sentence = missing_package("A cell of this step stopped with ModuleNotFoundError: No module named 'jaxtorch.nn'.")
    assert sentence is not None and "no package `jaxtorch`" in sentence and "keras" in sentence and "numpy" in sentence
    for note in (None, "", "NameError: name 'x'", "ModuleNotFoundError: No module named 'keras.nonsense'."):
        assert missing_package(note) is None
    assert {"keras", "numpy", "pandas", "sklearn", "matplotlib", "tensorflow"} <= set(EVERYWHERE) <= set(installed())
