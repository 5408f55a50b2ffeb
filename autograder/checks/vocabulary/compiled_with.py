"""How a model's compile settings differ from the required ones, in words. Pure.

Each function returns (seen, expected, hint) for `CheckFailed`, or None where nothing differs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograder.artifacts import CompileSpec
from autograder.artifacts.compilation import keras_name
from autograder.checks.vocabulary import keras_names
from autograder.checks.vocabulary.schedules import Schedule
from autograder.checks.vocabulary.subject import as_float, listed, number_text

Problem = tuple[str, str, str | None]
Setting = float | bool | Schedule | None
SCHEDULE_HINT = "A schedule is an object that the optimizer gets as `learning_rate`."


def require_known(
    loss: str | None, optimizer: str | None, metrics: Sequence[str], settings: Mapping[str, object],
) -> tuple[str | None, str | None, list[str]]:
    """Return the required names in Keras's main spelling: ``mse`` is ``mean_squared_error``, ``RMSprop`` ``rmsprop``.

    Raises:
        CheckError: Keras has no such loss, optimizer, metric, or setting of the optimizer.
    """
    if loss is not None:
        loss = keras_names.known(keras_name(loss), keras_names.LOSSES, "loss")
    if optimizer is not None:
        optimizer = keras_names.known(optimizer.replace("_", "").lower(), keras_names.OPTIMIZERS, "optimizer")
    every: frozenset[str] = frozenset().union(*keras_names.OPTIMIZERS.values())
    own = keras_names.OPTIMIZERS.get(optimizer or "", every)
    keras_names.require_settings(optimizer or "An optimizer", settings, own)
    return loss, optimizer, [keras_names.known(keras_name(one), keras_names.METRICS, "metric") for one in metrics]


def other_loss(name: str, compiled: CompileSpec, loss: str | None, *, softmax: bool) -> Problem | None:
    """Compare the loss; ``softmax`` says whether the model ends with it, so that its outputs are no logits."""
    # Only where the check names the loss: a check of the optimizer must not take points for it too.
    if loss is None:
        return None
    if compiled.loss != loss:
        return f"{name} is compiled with loss {compiled.loss}.", f"Loss {loss}.", _loss_hint(compiled.loss)
    if compiled.loss_settings.get("from_logits") is True and softmax:
        return (f"The loss of {name} treats its inputs as logits.", "A loss for probabilities.",
                "The last layer is softmax already, so leave out `from_logits=True`.")
    return None


def other_optimizer(name: str, compiled: CompileSpec, optimizer: str | None) -> Problem | None:
    """Compare the optimizer's name."""
    if optimizer is None or compiled.optimizer == optimizer:
        return None
    hint = "Without the argument Keras takes rmsprop." if compiled.optimizer == "rmsprop" else None
    return f"{name} is compiled with optimizer {compiled.optimizer}.", f"Optimizer {optimizer}.", hint


def missing_metrics(name: str, compiled: CompileSpec, metrics: Sequence[str]) -> Problem | None:
    """Return the metrics that are not watched."""
    missing = [metric for metric in metrics if not _watched(metric, compiled.metrics)]
    if not missing:
        return None
    # Early versions took metrics as the third argument, which is accepted today without a word.
    third = "" if compiled.metrics else " Without its name, a third argument of `compile` is `loss_weights`."
    hint = f"`metrics` takes a list: `metrics={list(metrics)!r}`.{third}"
    if "exact_accuracy" in compiled.metrics:
        hint = f"`Accuracy()` compares numbers for equality, which probabilities never reach. {hint}"
    return f"{name} watches {listed(compiled.metrics)}.", f"Metrics {listed(list(metrics))}.", hint


def other_settings(name: str, compiled: CompileSpec, settings: Mapping[str, Setting]) -> Problem | None:
    """Compare settings of the optimizer, numbers to 0.1 %.

    Raises:
        Unjudged: the learning rate follows a schedule that is none of Keras's own.
    """
    for key, value in settings.items():
        seen = compiled.settings.get(key)
        if isinstance(value, Schedule):
            other = value.difference(seen)
            if other is not None:
                return f"The optimizer of {name} has {key} {other}.", f"{value}.", SCHEDULE_HINT
        elif isinstance(value, bool) or value is None:
            if seen is not value:
                return f"The optimizer of {name} has {key} {str(seen)[:40]}.", f"{key} {value}.", None
        else:
            number = as_float(seen)
            if number is None or not abs(number - value) <= 1e-3 * abs(value):
                shown = "a schedule" if isinstance(seen, Mapping) else (
                    "another value" if number is None else number_text(number))
                return f"The optimizer of {name} has {key} {shown}.", f"{key} {number_text(value)}.", None
    return None


def _watched(metric: str, seen: Sequence[str]) -> bool:
    """Whether a metric is among those watched: `accuracy` is also what Keras spells out for the kind of labels."""
    if metric == "accuracy":
        # `Accuracy()`, read as exact_accuracy, asks whether probabilities equal labels: it stays near 0.
        return any(name == "acc" or (name.endswith("accuracy") and name != "exact_accuracy") for name in seen)
    return metric in seen


def _loss_hint(seen: str | None) -> str | None:
    if seen == "sparse_categorical_crossentropy":
        return "The sparse form is for labels that are class numbers; this task uses one-hot rows."
    if seen == "binary_crossentropy":
        return "Binary crossentropy is for yes-or-no labels; here there are several classes."
    return None
