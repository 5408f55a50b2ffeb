"""What a repeated training may consist of besides layers: Keras's own initializers, optimizers, losses, metrics.

We name each and create it from plain settings, so that nothing of a student's record is run or passed through.
"""

from __future__ import annotations

import math
from typing import Any

from autograder.artifacts.json_fields import mapping, text
from autograder.errors import ArtifactError

MAX_SETTINGS = 40
MAX_NUMBERS = 64
"""Numbers in one list of settings, e.g. the boundaries of a schedule."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


INITIALIZERS = _words(
    """Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal LecunUniform Ones Orthogonal
    RandomNormal RandomUniform TruncatedNormal VarianceScaling Zeros""")
REGULARIZERS = _words("L1 L2 L1L2 OrthogonalRegularizer")
CONSTRAINTS = _words("MaxNorm MinMaxNorm NonNeg UnitNorm")
OPTIMIZERS = _words("SGD RMSprop Adam AdamW Adamax Nadam Adagrad Adadelta Ftrl Lion Adafactor")
SCHEDULES = _words(
    "CosineDecay CosineDecayRestarts ExponentialDecay InverseTimeDecay PiecewiseConstantDecay PolynomialDecay")
LOSSES = _words(
    """BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy
    CategoricalHinge CosineSimilarity Dice Hinge Huber KLDivergence LogCosh MeanAbsoluteError
    MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy
    SquaredHinge Tversky""")
METRICS = _words(
    """AUC Accuracy BinaryAccuracy BinaryCrossentropy CategoricalAccuracy CategoricalCrossentropy CategoricalHinge
    CosineSimilarity F1Score FBetaScore FalseNegatives FalsePositives Hinge KLDivergence MeanAbsoluteError
    MeanAbsolutePercentageError MeanSquaredError MeanSquaredLogarithmicError Poisson Precision Recall
    RootMeanSquaredError SparseCategoricalAccuracy SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy
    SquaredHinge TopKCategoricalAccuracy TrueNegatives TruePositives""")
FUNCTIONS = _words(
    """binary_crossentropy binary_focal_crossentropy categorical_crossentropy categorical_focal_crossentropy
    categorical_hinge cosine_similarity dice hinge huber kl_divergence kld kullback_leibler_divergence log_cosh logcosh
    mean_absolute_error mae MAE mean_absolute_percentage_error mape MAPE mean_squared_error mse MSE
    mean_squared_logarithmic_error msle MSLE poisson sparse_categorical_crossentropy squared_hinge tversky bce BCE
    accuracy acc crossentropy ce binary_accuracy categorical_accuracy sparse_categorical_accuracy
    top_k_categorical_accuracy sparse_top_k_categorical_accuracy""")
"""Names under which `compile` takes a loss or a metric."""

_ALIASES = {"IdentityInitializer": "Identity", "OrthogonalInitializer": "Orthogonal"}
_SKIPPED = frozenset({"name", "seed", "dtype"})
"""Settings without effect, or that a repetition has to choose again."""


def part(value: Any, allowed: frozenset[str], what: str) -> dict[str, Any] | None:
    """Return ``{"class", "settings"}`` of a serialised initializer, regularizer or constraint; None for none.

    Raises:
        ArtifactError: it is not in ``allowed``, or its settings are more than plain numbers.
    """
    if value is None:
        return None
    node = {"class_name": value, "config": {}} if isinstance(value, str) else mapping(value)
    name = text(node.get("class_name")) or "unknown"
    name = _ALIASES.get(name, name)
    registered = node.get("registered_name")
    if name not in allowed or registered not in (None, node.get("class_name")):
        raise ArtifactError(f"The {what} “{name[:60]}” is not one of Keras's own that a training can be repeated with.")
    return {"class": name, "settings": settings(node.get("config"), f"{what} {name}")}


def settings(config: Any, what: str) -> dict[str, Any]:
    """Return plain settings: numbers, booleans, short strings and short lists of numbers.

    Raises:
        ArtifactError: there is anything else, e.g. an array.
    """
    kept = {key: value for key, value in mapping(config).items() if key not in _SKIPPED}
    if len(kept) > MAX_SETTINGS or not all(key.isidentifier() and _plain(value) for key, value in kept.items()):
        raise ArtifactError(f"The settings of {what[:80]} are more than plain numbers, so they were not used.")
    return kept


def optimizer(value: Any) -> dict[str, Any]:
    """Return ``{"class", "settings", "schedule"}`` of a recorded optimizer.

    Raises:
        ArtifactError: it is not one of Keras's own, or its settings cannot be used.
    """
    node = mapping(value)
    name = text(node.get("class", node.get("class_name"))) or "unknown"
    if name not in OPTIMIZERS:
        raise ArtifactError(f"The optimizer “{name[:60]}” is not one that a training can be repeated with.")
    config = {key: item for key, item in mapping(node.get("config")).items() if item is not None}
    rate = config.pop("learning_rate", None)
    made: dict[str, Any] = {"class": name, "settings": settings(config, f"optimizer {name}"), "schedule": None}
    if isinstance(rate, dict):
        made["schedule"] = part(rate, SCHEDULES, "schedule of learning rates")
    elif isinstance(rate, (int, float)) and not isinstance(rate, bool) and math.isfinite(rate):
        made["settings"]["learning_rate"] = rate
    else:
        raise ArtifactError("The optimizer's learning rate was not recorded, so the training cannot be repeated.")
    return made


def loss(value: Any) -> dict[str, Any] | str:
    """Return a recorded loss: the name of a function, or ``{"class", "settings"}``.

    Raises:
        ArtifactError: it is not one of Keras's own.
    """
    found = _named(value, LOSSES, "loss")
    if found is None:
        raise ArtifactError("The model was not compiled with a single loss of Keras's own, so it was not trained "
                            "again.")
    return found


def metrics(value: Any) -> tuple[tuple[dict[str, Any] | str, ...], bool]:
    """Return the recorded metrics that are Keras's own, and whether these are all: training does not depend on them."""
    given = value if isinstance(value, list) else [] if value is None else [value]
    kept: list[dict[str, Any] | str] = []
    whole = True
    for item in given[:MAX_SETTINGS]:
        try:
            found = _named(item, METRICS, "metric")
        except ArtifactError:
            found = None
        if found is None:
            whole = False
        else:
            kept.append(found)
    return tuple(kept), whole


def _named(value: Any, classes: frozenset[str], what: str) -> dict[str, Any] | str | None:
    node = mapping(value)
    if node.get("class_name") == "function":
        value = node.get("config")
    if isinstance(value, str):
        return value if value in FUNCTIONS else part(value, classes, what)
    if node.get("class_name") == "MeanMetricWrapper":
        return _named(mapping(node.get("config")).get("fn"), classes, what)
    found = part(value, classes, what)
    # A metric's name is what a callback watches.
    shown = text(mapping(node.get("config")).get("name"))
    if found is None or shown is None:
        return found
    return {**found, "settings": {**found["settings"], "name": shown[:60]}}


def _plain(value: Any) -> bool:
    if value is None or isinstance(value, bool) or (isinstance(value, str) and len(value) <= MAX_NUMBERS):
        return True
    if isinstance(value, (int, float)):
        return math.isfinite(value) and abs(value) < 1 << 40
    return isinstance(value, list) and len(value) <= MAX_NUMBERS and all(
        isinstance(item, (int, float)) and _plain(item) for item in value)
