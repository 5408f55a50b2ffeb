"""Cells that stop at an earlier version's spelling are told today's; each error is what Keras 3 says word for word."""

from __future__ import annotations

import pytest

from autograder.checks.legacy_names import modern_spelling

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
