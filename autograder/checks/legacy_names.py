"""Suggests today's spelling where a cell stopped at one from an earlier Keras, NumPy or TensorFlow. Pure.

The only evidence is the error of the cell: type and first line of the exception.
"""

from __future__ import annotations

import re

_OLD = "is an earlier version's spelling"
_LOSSES = ("categorical_crossentropy", "sparse_categorical_crossentropy", "binary_crossentropy", "mean_squared_error",
           "mean_absolute_error", "mse", "mae")
_OPTIMIZERS = ("sgd", "rmsprop", "adagrad", "adadelta", "adam", "adamax", "nadam")
_ACTIVATIONS = ("relu", "sigmoid", "softmax", "tanh", "linear", "softplus", "elu", "selu")

# A pattern for the first line of the error, and the advice for it. The first match counts.
_SPELLINGS: tuple[tuple[str, str], ...] = (
    (r"'nb_epoch'", "`nb_epoch` {old}: today it is `epochs`."),
    (r"not recognized: \{'lr'|has no attribute 'lr'|argument 'lr'", "`lr` {old}: today it is `learning_rate`."),
    (r"'decay'", "`decay` {old}: today a schedule of `keras.optimizers.schedules` is given as `learning_rate`."),
    (r"must end in `\.weights\.h5`", "Files of weights end in `.weights.h5` today; `.h5` and `.hdf5` alone {old}."),
    (r"must end in `\.keras`|Invalid filepath extension for saving",
     "Files of models end in `.keras` today; other endings, or none, are an earlier version's."),
    (r"unexpected keyword argument 'period'", "`period` {old}: today it is `save_freq`."),
    (r"TensorBoard\.__init__\(\).*'(batch_size|write_grads)'", "`{0}` {old}: leave it out."),
    (r"unexpected keyword argument '(workers|use_multiprocessing|max_queue_size)'",
     "`{0}` {old}: leave it out; `workers` and the like belong to `keras.utils.PyDataset`."),
    (r"'(samples_per_epoch|nb_val_samples)'", "`{0}` {old}: today it is `steps_per_epoch` or `validation_steps`."),
    (r"Unrecognized data type: \w+=(?:\[|-?\d)",
     "A model takes arrays, not lists or single numbers: `np.array([7.0])`; a list would be several inputs."),
    (r"has no attribute '(uses_learning_phase|validation_data)'", "`{0}` {old}: it is no longer there."),
    (r"Expected `metrics` argument to be a list", "`metrics` takes a list today: `metrics=[\"accuracy\"]`."),
    (r"unexpected keyword argument '(class_mode|theano_mode)'", "`{0}` {old}: leave it out."),
    (r"(?:attribute|import name) '(adam|sgd|rmsprop|adagrad|adadelta|adamax|nadam)'",
     "Optimizers are classes with a capital letter: `{1}`; in `compile` the text `\"{0}\"` will do."),
    (r"optimizers\.legacy|'TFOptimizer'", "`keras.optimizers.legacy` {old}: today they are in `keras.optimizers`."),
    (r"'(Adam|GradientDescent|RMSProp|Momentum|Adagrad)Optimizer'",
     "`tf.train.{0}Optimizer` {old}: today it is `keras.optimizers.{1}`."),
    (r"(?:attribute|import name) '([Mm]erge)'|passed to Merge", "`{0}` {old}: today you use `keras.layers.Add`, "
     "`keras.layers.Concatenate` and others."),
    (r"'CuDNN(LSTM|GRU)'", "`CuDNN{0}` {old}: today `keras.layers.{0}` uses the GPU by itself."),
    (r"'(MaxoutDense|Highway|TimeDistributedDense|AtrousConvolution2D)'", "`{0}` {old}: there is no such layer today."),
    (r"'keras\.layers' has no attribute 'experimental'|keras\.layers\.experimental",
     "`keras.layers.experimental` {old}: today its layers are in `keras.layers`."),
    (r"passed to (?:Model|Functional): \{'(?:input|output)'", "`input` and `output` are `inputs` and `outputs` today."),
    (r"passed to BatchNormalization: \{'(mode)'", "`{0}` {old}: leave it out."),
    (r"'add_node'|import name 'Graph'|'Graph'", "`Graph` {old}: today the functional API joins layers, as in "
     "`keras.Model(inputs, outputs)`."),
    (r"'keras\.legacy'|keras\.legacy", "`keras.legacy` {old}: today its parts are in `keras` itself."),
    (r"vis_utils", "`vis_utils` {old}: today it is `keras.utils.plot_model`."),
    (r"'(multi_gpu_model)'", "`{0}` {old}: there is no such function today, and one processor is enough here."),
    (r"generic_utils", "`generic_utils` {old}: today its functions are in `keras.utils`."),
    (r"layer_utils|'print_summary'", "`print_summary` {old}: today it is `model.summary()`."),
    (r"'ImageDataGenerator'", "`ImageDataGenerator` {old}: today layers such as `RandomFlip` and `RandomRotation` "
     "change images inside the model."),
    (r"preprocessing\.text|preprocessing\.sequence|'Tokenizer'",
     "`keras.preprocessing.text` {old}: today the layer `TextVectorization` does this."),
    (r"'keras\.preprocessing\.image' has no attribute",
     "`keras.preprocessing.image` {old}: today its functions are in `keras.utils`."),
    (r"import name 'to_categ\w*'|attribute 'to_categ\w*'", "The function is called `to_categorical`."),
    (r"load_data\(\) takes", "`load_data()` is called without arguments."),
    (r"keras\.objectives", "`keras.objectives` {old}: today it is `keras.losses`."),
    (r"'initializations'|keras\.initializations", "`initializations` {old}: today it is `keras.initializers`."),
    (r"'keras\.backend' has no attribute '(get_value)'",
     "`K.{0}` {old}: today `float(variable)` or `variable.numpy()` gives the value."),
    (r"'keras\.backend' has no attribute '(set_value)'", "`K.{0}` {old}: today it is `variable.assign(value)`."),
    (r"'keras\.backend' has no attribute '(set_session|get_session|tensorflow_backend|manual_variable_initialization)'",
     "`K.{0}` {old}: Keras has no sessions today, leave it out."),
    (r"'keras\.backend' has no attribute '(learning_phase|set_learning_phase)'",
     "`K.{0}` {old}: today a model is called with the argument `training`."),
    (r"'keras\.backend' has no attribute '(?!image_dim|set_image_dim)(\w{1,40})'",
     "`K.{0}` {old}: today such functions are in `keras.ops`, as `keras.ops.{0}`."),
    (r"'tensorflow' has no attribute '(ConfigProto|GPUOptions|InteractiveSession)'",
     "`tf.{0}` {old}: leave it out (it is in `tf.compat.v1` for old programs)."),
    (r"'tensorflow' has no attribute '(set_random_seed)'",
     "`tf.{0}` {old}: today it is `keras.utils.set_random_seed`."),
    (r"'tensorflow' has no attribute '(global_variables_initializer|reset_default_graph|get_variable|variable_scope)'",
     "`tf.{0}` {old}: Keras computes at once, leave it out."),
    (r"'tensorflow' has no attribute 'logging'", "`tf.logging` {old}: today it is `tf.get_logger()`."),
    (r"'tensorflow' has no attribute '(contrib)'", "`tf.{0}` {old}: today its parts are in `keras`."),
    (r"'tensorflow' has no attribute '(layers)'", "`tf.{0}` {old}: today it is `keras.layers`."),
    (r"'numpy' has no attribute '(bool8|product|in1d|asscalar|trapz|row_stack|cumproduct|alltrue|sometrue)'",
     "`np.{0}` {old}: today it is {1}."),
    (r"`np\.(\w+)` was removed in the NumPy 2.0 release. Use `([^`]+)`", "`np.{0}` {old}: today it is `{1}`."),
    (r"np_utils", "`np_utils` {old}: today it is `keras.utils.to_categorical`."),
    (r"keras\.layers(?:\.|' has no attribute ')"
     r"(core|convolutional|pooling|normalization|advanced_activations|recurrent|embeddings|noise)",
     "`keras.layers.{0}` {old}: today all layers are in `keras.layers`."),
    (r"not supported between instances of 'NoneType' and '(?:float|int)'",
     "One side of the comparison is None. If it comes from `logs.get(\"acc\")`: today the name is `accuracy`, or "
     "`val_accuracy`."),
    (r"KeyError: '(?:val_)?(?:categorical|binary|sparse_categorical)_accuracy'",
     "The history calls a metric as `compile` was given it: after `metrics=[\"accuracy\"]` that is `accuracy`."),
    (r"KeyError: '(?:val_)?mean_squared_error'",
     "The history calls a metric as `compile` was given it: after `metrics=[\"mse\"]` that is `mse`."),
    (r"KeyError: '(?:val_)?mean_absolute_error'",
     "The history calls a metric as `compile` was given it: after `metrics=[\"mae\"]` that is `mae`."),
    (r"KeyError: 'lr'", "`lr` {old}: today the history calls it `learning_rate`."),
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
_TODAY = {
    "sgd": "SGD", "rmsprop": "RMSprop", "GradientDescent": "SGD", "Momentum": "SGD", "RMSProp": "RMSprop",
    "": "", "bool8": "`np.bool_`", "product": "`np.prod`", "in1d": "`np.isin`", "asscalar": "`array.item()`",
    "trapz": "`np.trapezoid`", "row_stack": "`np.vstack`", "cumproduct": "`np.cumprod`", "alltrue": "`np.all`",
    "sometrue": "`np.any`",
}
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
            groups = [group for group in found.groups() if group]
            first = groups[0] if groups else ""
            return words.format(first, _second(first, groups[1:]), old=_OLD)
    return _misspelt(note)


def _second(first: str, others: list[str]) -> str:
    """Return the text for the second placeholder of a sentence."""
    if others:
        return others[0]
    if first == "val_":
        return " and `fit` got validation data"
    return _TODAY.get(first, first.capitalize())


def _misspelt(note: str) -> str | None:
    """Return the nearest name where Keras does not know one."""
    found = _UNKNOWN.search(note) or _LACKING.search(note)
    if not found:
        return None
    kind, seen = found[1].rstrip("s").removesuffix("e") if found[1] == "losses" else found[1], found[2].strip(" .")
    known = _LOSSES if kind.startswith("los") else _OPTIMIZERS if kind.startswith("optim") else _ACTIVATIONS
    if seen in known:
        # The name is right as a string: only the module where it was looked up lacks it.
        return f"Give it in quotation marks: `\"{seen}\"`."
    near = min(known, key=lambda name: _distance(seen.lower(), name))
    return f"Keras does not know `{seen}`: is `{near}` meant?" if _is_near(seen.lower(), near) else None


def _is_near(seen: str, name: str) -> bool:
    return 0 < _distance(seen, name) <= max(1, len(seen) // 4) or seen == name


def _distance(seen: str, name: str) -> int:
    """Return how many letters were left out, added, changed, or exchanged with the next one."""
    rows = [list(range(len(name) + 1))]
    for i, letter in enumerate(seen, start=1):
        row = [i]
        for j, other in enumerate(name, start=1):
            best = min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == name[j - 2] and seen[i - 2] == other:
                best = min(best, rows[i - 2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
