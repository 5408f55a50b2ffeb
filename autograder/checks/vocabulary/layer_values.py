"""Whether one setting of a student's layer is the required one, whichever of Keras's spellings made it. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autograder.artifacts.allowed import activation_name
from autograder.checks.vocabulary.layer_settings import (
    Initializer,
    Regularizer,
    initializer_text,
    penalty_kind,
    regularizer_text,
)
from autograder.checks.vocabulary.subject import as_float, number_text

_SYMMETRIC = frozenset({"factor", "height_factor", "width_factor"})
"""Of augmentation layers: one number means the range from minus this number to it."""
_TRAINING = frozenset({"dropout", "recurrent_dropout", "momentum", "stateful", "unroll"})
_ACTS_IN_TRAINING = ("Random",)


def rests_on_claim(class_name: str, settings: Mapping[str, Any]) -> bool:
    """Whether something is required of a layer that its outputs after training cannot prove.

    Layers that only augment images in training, and settings that only matter in training.
    """
    return class_name.startswith(_ACTS_IN_TRAINING) or any(
        key in _TRAINING or key.endswith("_initializer") for key in settings)


def fits(key: str, seen: Any, wanted: Any) -> bool:
    """Whether a configured setting is the required one.

    Args:
        key: Keras's name of the setting.
        seen: as in the layer's configuration.
        wanted: what the check names: a number, text, list, or what `initializer` and `regularizer` return.
    """
    if isinstance(wanted, Initializer) or (key.endswith("_initializer") and isinstance(wanted, str)):
        return (wanted if isinstance(wanted, Initializer) else Initializer(class_name=wanted)).fits(seen)
    if isinstance(wanted, Regularizer):
        return wanted.fits(seen)
    if key.endswith("_regularizer") and isinstance(wanted, str):
        return penalty_kind(seen) == wanted
    if key.endswith("activation"):
        return activation_name(seen) == activation_name(wanted) is not None
    if key in _SYMMETRIC:
        # Contrast is only ever raised: Keras writes its factor as the range from 0.
        return _equal(_range(seen), _range(wanted)) or _equal(seen, [0, wanted])
    return _equal(_plain(seen), wanted)


def text(key: str, seen: Any) -> str:
    """Return a configured setting in words."""
    if key.endswith("_initializer"):
        return initializer_text(seen)
    if key.endswith("_regularizer"):
        return regularizer_text(seen)
    if key.endswith("activation"):
        return activation_name(seen) or "of another kind"
    value = _plain(seen)
    if isinstance(value, float):
        return number_text(value)
    return ("of another kind" if isinstance(value, Mapping) else str(value))[:60]


def _plain(value: Any) -> Any:
    """Return the content of what Keras serialises with a class of its own: arrays and tuples."""
    if isinstance(value, Mapping) and value.get("class_name") in ("__numpy__", "__tensor__", "__tuple__"):
        config = value.get("config")
        return config.get("value") if isinstance(config, Mapping) else config
    return value


def _range(value: Any) -> Any:
    """Return the lowest and the highest number that one factor or two describe."""
    plain, number = _plain(value), as_float(value)
    if number is not None:
        return [-abs(number), abs(number)]
    return plain


def _equal(seen: Any, wanted: Any) -> bool:
    numbers = as_float(seen), as_float(wanted)
    if numbers[0] is not None and numbers[1] is not None:
        return math.isclose(numbers[0], numbers[1], rel_tol=1e-3, abs_tol=1e-9)
    if _is_list(wanted):
        flat = wanted.tolist() if hasattr(wanted, "tolist") else list(wanted)
        if _is_list(seen):
            return len(seen) == len(flat) and all(map(_equal, seen, flat))
        return len(flat) == 1 and _equal(seen, flat[0])
    if _is_list(seen):
        return len(seen) > 0 and all(_equal(one, wanted) for one in seen) and not isinstance(wanted, str)
    if isinstance(seen, str) and isinstance(wanted, str):
        return seen.lower() == wanted.lower()
    return type(seen) is type(wanted) and bool(seen == wanted)


def _is_list(value: Any) -> bool:
    return hasattr(value, "tolist") or (isinstance(value, Sequence) and not isinstance(value, (str, bytes)))
