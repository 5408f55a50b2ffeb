"""Reads what ``compile`` was called with, in names that do not depend on how it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from autograder.artifacts.json_fields import mapping, sequence, text
from autograder.artifacts.model_values import CompileSpec

MAX_METRICS = 50
_ALIASES = {
    "acc": "accuracy",
    "mse": "mean_squared_error",
    "mae": "mean_absolute_error",
    "mape": "mean_absolute_percentage_error",
    "msle": "mean_squared_logarithmic_error",
    "bce": "binary_crossentropy",
    "kld": "kl_divergence",
    "kullback_leibler_divergence": "kl_divergence",
    "logcosh": "log_cosh",
}


def read_compile(value: Any) -> CompileSpec | None:
    """Return the compile settings, or None where there are none or they cannot be read."""
    if not isinstance(value, dict):
        return None
    optimizer, settings = _object(value.get("optimizer"))
    loss, loss_settings = _object(value.get("loss"))
    # Weighted metrics count too; without weights they are the same numbers.
    watched = [value.get("metrics"), value.get("weighted_metrics")]
    metrics = tuple(name for name in _metrics(watched, 0))[:MAX_METRICS]
    if optimizer is None and loss is None and not metrics:
        return None
    return CompileSpec(
        optimizer=optimizer.replace("_", "").lower() if optimizer else None,
        settings={key: _rounded(item) for key, item in settings.items()},
        loss=keras_name(loss) if loss else None,
        loss_settings=loss_settings,
        metrics=metrics,
        foreign=tuple(part for part in ("loss", "metrics", "optimizer") if part in sequence(value.get("foreign"))),
    )


def _object(value: Any) -> tuple[str | None, Mapping[str, Any]]:
    """Return name and configuration of a serialised object, a function or a plain name."""
    if isinstance(value, str):
        return text(value), {}
    node = mapping(value)
    name = node.get("class_name", node.get("class"))
    if name == "function":
        return text(node.get("config")), {}
    return text(name), mapping(node.get("config"))


def _metrics(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, list) and depth < 4:
        for item in value[:MAX_METRICS]:
            yield from _metrics(item, depth + 1)
    elif isinstance(value, dict) and "class_name" not in value and "class" not in value and depth < 4:
        yield from _metrics(list(value.values()), depth + 1)
    elif isinstance(value, (str, dict)):
        name, config = _object(value)
        if name == "MeanMetricWrapper":
            name = _object(config.get("fn"))[0]
        if name is not None:
            # The class compares predictions with labels for equality; the string "accuracy" does what people mean.
            yield "exact_accuracy" if name == "Accuracy" and isinstance(value, dict) else keras_name(name)


def keras_name(name: str) -> str:
    """Return Keras's snake-case name of a loss or metric."""
    if not name.islower():
        name = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
        name = re.sub(r"([a-z])([A-Z])", r"\1_\2", name).lower()
    return _ALIASES.get(name, name)


def _rounded(value: Any) -> Any:
    # Keras keeps a learning rate of 0.01 as float32 and reports 0.009999999776482582.
    return float(f"{value:.7g}") if isinstance(value, float) else value
