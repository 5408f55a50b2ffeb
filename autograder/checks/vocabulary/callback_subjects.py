"""Assertions about Keras callbacks: those that `fit` was given, and those that a student made or returned."""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Mapping, Sequence

from autograder.artifacts import CallbackValue, SequenceValue, Value
from autograder.artifacts.compilation import keras_name
from autograder.artifacts.values import CALLBACK_SETTINGS, FOREIGN, UNREADABLE
from autograder.checks.outcome import CheckFailed, Evidence, Unjudged
from autograder.checks.vocabulary.subject import Subject, article, as_float, claimed, describe

_HIGHER = frozenset({
    "accuracy", "auc", "binary_accuracy", "binary_io_u", "categorical_accuracy", "concordance_correlation",
    "cosine_similarity", "f1_score", "fbeta_score", "pearson_correlation", "precision", "precision_at_recall",
    "r2_score", "recall", "recall_at_precision", "sensitivity_at_specificity", "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy", "specificity_at_sensitivity", "top_k_categorical_accuracy",
})
_LOWER = frozenset({
    "loss", "binary_crossentropy", "categorical_crossentropy", "categorical_hinge", "hinge", "kl_divergence",
    "log_cosh", "mean_absolute_error", "mean_absolute_percentage_error", "mean_squared_error",
    "mean_squared_logarithmic_error", "poisson", "root_mean_squared_error", "sparse_categorical_crossentropy",
    "squared_hinge",
})
"""Quantities of which Keras knows that they should rise or fall: how it resolves the mode ``auto``."""
_ALWAYS_SET = frozenset({"filepath", "save_freq", "filename", "log_dir"})
"""Settings that no callback leaves at None: where one is missing, it was not recorded."""
_PATHS = frozenset({"filepath", "filename", "log_dir"})
_NUMBERED = re.compile(r"_\d+\Z")


class CallbackSubject(Subject):
    """A Keras callback that the student made."""

    def __init__(self, name: str, value: CallbackValue, evidence: Evidence) -> None:
        super().__init__(name, evidence)
        self.settings = value.settings
        self._class = value.name

    @claimed
    def has_settings(self, /, **settings: object) -> None:
        """The callback has these settings, given or by default: ``has_settings(monitor="val_loss", patience=10)``.

        Args:
            settings: as of `used_callback`; ``mode="min"`` is also what ``auto`` resolves to for a loss.

        Raises:
            CheckFailed: a setting differs.
            Unjudged: a setting was not recorded.
        """
        found = difference(self.settings, settings, self.name)
        if found is not None:
            key, seen = found
            raise CheckFailed(f"The {self._class} callback {self.quoted} has `{key}={seen!r}`."[:200],
                              f"`{key}={settings[key]!r}`.")


def find_callback(name: str, value: Value, kind: str, evidence: Evidence) -> CallbackSubject:
    """Return the callback of a class that a value is, or that a list or tuple of callbacks contains.

    Raises:
        CheckFailed: there is none.
        Unjudged: there is one whose class only has the name of Keras's.
    """
    found: Sequence[Value] = value.items if isinstance(value, SequenceValue) else (value,)
    callbacks = [item for item in found if isinstance(item, CallbackValue)]
    own = next((item for item in callbacks if item.name == kind), None)
    if own is not None:
        return CallbackSubject(name, own, evidence)
    if any(item.name == FOREIGN + kind for item in callbacks):
        raise Unjudged(f"The {kind} callback `{name}` is not Keras's own, so a person will look at it.",
                       "a class of the student's with the name of Keras's")
    if isinstance(value, SequenceValue) and len(value.items) < value.length:
        raise Unjudged(f"`{name}` is too long to be judged by a machine; a person will look at it.",
                       f"a list of {value.length} items, of which {len(value.items)} were recorded")
    seen = describe(callbacks[0] if callbacks else value)
    raise CheckFailed(f"`{name}` is {seen}."[:200], f"{article(kind).capitalize()} {kind} callback.",
                      f"`keras.callbacks.{kind}(…)` makes one.")


def difference(made: Mapping[str, object], wanted: Mapping[str, object], name: str) -> tuple[str, object] | None:
    """Return the first setting of a callback that differs from the required one, with its value.

    Raises:
        Unjudged: a setting was not recorded, or it is unknown what ``auto`` resolves to.
    """
    for key, value in wanted.items():
        seen = made.get(key)
        if key not in CALLBACK_SETTINGS or (isinstance(seen, str) and seen.startswith(UNREADABLE)) or (
                seen is None and key in _ALWAYS_SET):
            raise Unjudged(f"The setting `{key}` of `{name}` is not recorded by the grader; a person will look at it.",
                           f"the callback's {key} is not recorded or no plain data")
        if key == "mode":
            if not _same_mode(seen, value, made.get("monitor"), name):
                return key, seen
        elif key in _PATHS and posixpath.normpath(str(seen)) == posixpath.normpath(str(value)):
            continue
        elif not _same(seen, value):
            return key, seen
    return None


def direction(monitor: object) -> str | None:
    """Return what the mode ``auto`` resolves to for a quantity: ``max``, ``min``, or None where this is unknown."""
    name = _quantity(monitor)
    return "max" if name in _HIGHER else "min" if name in _LOWER else None


def _same_mode(seen: object, wanted: object, monitor: object, name: str) -> bool:
    if seen == wanted:
        return True
    if "auto" not in (seen, wanted):
        return False
    resolved = direction(monitor)
    if resolved is None:
        raise Unjudged(f"Whether the mode of `{name}` is the required one could not be determined; a person will look "
                       "at it.", f"it is unknown what auto resolves to for {monitor}"[:200])
    return (resolved if seen == "auto" else seen) == (resolved if wanted == "auto" else wanted)


def _same(seen: object, wanted: object) -> bool:
    numbers = as_float(wanted), as_float(seen)
    if numbers[0] is not None and numbers[1] is not None:
        return math.isclose(numbers[0], numbers[1], rel_tol=1e-6, abs_tol=1e-12)
    if isinstance(seen, str) and isinstance(wanted, str):
        return seen == wanted or (seen.startswith("val_") == wanted.startswith("val_")
                                  and _quantity(seen) == _quantity(wanted))
    return seen == wanted


def _quantity(monitor: object) -> str:
    """Return a quantity of a history without ``val_`` and a number at its end, in Keras's long form."""
    name = _NUMBERED.sub("", str(monitor).removeprefix("val_"))
    return keras_name(name)
