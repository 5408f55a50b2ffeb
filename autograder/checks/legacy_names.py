"""Names today's spelling where a cell stopped at one of an earlier version of Keras, NumPy or TensorFlow. Pure.

The only thing to go by is the error of the cell: type and first line of the exception.
"""

from __future__ import annotations

import difflib
import re

_OLD = "is an earlier version's spelling"
_LOSSES = ("categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error",
           "mean_absolute_error", "mse", "mae")
_OPTIMIZERS = ("sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam")
_ACTIVATIONS = ("relu", "sigmoid", "softmax", "tanh", "linear", "softplus", "elu", "selu")

# What stands in the first line of the error, and today's words for it. The first that fits counts.
_SPELLINGS: tuple[tuple[str, str], ...] = (
    (r"'nb_epoch'", "`nb_epoch` {old}: today it is `epochs`."),
    (r"not recognized: \{'lr'|has no attribute 'lr'|argument 'lr'", "`lr` {old}: today it is `learning_rate`."),
    (r"'decay'", "`decay` {old}: today a schedule of `keras.optimizers.schedules` is given as `learning_rate`."),
    (r"np_utils", "`np_utils` {old}: today it is `keras.utils.to_categorical`."),
    (r"keras\.layers(?:\.|' has no attribute ')"
     r"(core|convolutional|pooling|normalization|advanced_activations|recurrent|embeddings|noise)",
     "`keras.layers.{0}` {old}: today all layers are in `keras.layers`."),
    (r"KeyError: '(val_)?acc'", "`{0}acc` {old}: today the history calls it `{0}accuracy`."),
    (r"KeyError: '(val_)?accuracy'", "The history has `{0}accuracy` when `compile` got `metrics=[\"accuracy\"]`{1}."),
    (r"'(predict_classes)'", "`{0}` {old}: today it is `model.predict(x).argmax(axis=1)`."),
    (r"'(predict_proba)'", "`{0}` {old}: today `model.predict(x)` gives the probabilities."),
    (r"'(fit|evaluate|predict)_generator'", "`{0}_generator` {old}: today `{0}` takes generators too."),
    (r"keras\.wrappers\.scikit_learn|'Keras(Classifier|Regressor)'",
     "`keras.wrappers.scikit_learn` {old}: today it is `keras.wrappers.SKLearnClassifier`."),
    (r"'(image_dim_ordering|set_image_dim_ordering)'",
     "`{0}` {old}: today it is `keras.backend.image_data_format()`, `channels_last` or `channels_first`."),
    (r"'dim_ordering'", "`dim_ordering` {old}: today it is `data_format`."),
    (r"'border_mode'", "`border_mode` {old}: today it is `padding`."),
    (r"'(nb_filter|nb_row|nb_col)'|Conv2D\.__init__\(\) missing",
     "A convolution takes `filters` and `kernel_size`: `Conv2D(8, 3)`; `nb_filter`, `nb_row`, `nb_col` are old."),
    (r"Dense\.__init__\(\) missing|'output_dim'", "`output_dim` {old}: today it is `units`, as in `Dense(10)`."),
    (r"Dropout\.__init__\(\) missing|\{'p':", "`p` {old}: today it is `rate`, as in `Dropout(0.5)`."),
    (r"'nb_classes'", "`nb_classes` {old}: today it is `num_classes`."),
    (r"\{'init':", "`init` {old}: today it is `kernel_initializer`."),
    (r"\{'([Wb])_(regularizer|constraint)':|activity_l2",
     "The names `W_regularizer` and `b_regularizer` are old: today `kernel_regularizer` and `bias_regularizer`."),
    (r"'show_accuracy'", "`show_accuracy` {old}: today `compile` takes `metrics=[\"accuracy\"]`."),
    (r"'(keras\.engine|tensorflow\.contrib|keras\.objectives)", "`{0}` {old}: today its parts are in `keras` itself."),
    (r"'tensorflow' has no attribute '(Session|placeholder|get_default_graph|set_random_seed)'",
     "`tf.{0}` {old}: Keras computes at once, and `keras.utils.set_random_seed` sets the seed."),
    (r"'numpy' has no attribute '(float|int|bool|object)'",
     "`np.{0}` {old}: today it is Python's `{0}` or a type such as `np.float32`."),
)
_PATTERNS = tuple((re.compile(pattern), words) for pattern, words in _SPELLINGS)
_UNKNOWN = re.compile(r"Could not interpret (loss|optimizer|activation function|metric) identifier: ([\w.\- ]{1,60})")
_LACKING = re.compile(r"module 'keras\.(losses|optimizers|activations)' has no attribute '(\w{1,60})'")


def modern_spelling(note: str | None) -> str | None:
    """Return today's spelling in one sentence, None where the error has another cause.

    Args:
        note: a sentence with the error of a cell, as `JudgeRequest.notes` holds it.
    """
    if not note:
        return None
    for pattern, words in _PATTERNS:
        found = pattern.search(note)
        if found:
            first = next((group for group in found.groups() if group), "")
            more = " and `fit` got validation data" if first == "val_" else ""
            return words.format(first, more, old=_OLD)
    return _misspelt(note)


def _misspelt(note: str) -> str | None:
    """Return the nearest name where Keras does not know one."""
    found = _UNKNOWN.search(note) or _LACKING.search(note)
    if not found:
        return None
    kind, seen = found[1].rstrip("s").removesuffix("e") if found[1] == "losses" else found[1], found[2].strip(" .")
    known = _LOSSES if kind.startswith("los") else _OPTIMIZERS if kind.startswith("optim") else _ACTIVATIONS
    near = difflib.get_close_matches(seen.lower(), known, n=1, cutoff=0.6)
    return f"Keras does not know `{seen}`: is `{near[0]}` meant?" if near else None
