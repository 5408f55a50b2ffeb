"""Describes Keras callbacks by class and plain settings, without calling anything that a student wrote."""

from __future__ import annotations

from typing import Any

from keras.callbacks import Callback
from numpy import generic

from autograder.artifacts.values import CALLBACK_SETTINGS, FOREIGN, UNREADABLE
from autograder.sandbox.child.student.own import is_known, is_own

Record = dict[str, Any]


def names(callbacks: Any) -> list[str]:
    """Return the class names of what `fit` was given as callbacks."""
    return [_name(callback) for callback in _several(callbacks)]


def settings(callbacks: Any) -> list[Record]:
    """Return the settings of each callback, as far as they are plain data."""
    return [_plain_settings(callback) for callback in _several(callbacks)]


def describe(value: Any) -> Record | None:
    """Return the description of a callback for a checkpoint; None for anything else."""
    if not issubclass(type(value), Callback):
        return None
    return {"kind": "callback", "class": _name(value), "settings": _plain_settings(value)}


def _name(callback: Any) -> str:
    """Return the class name of a callback, marked if only its name is that of one of Keras's."""
    posing = not is_own("callbacks", callback) and is_known("callbacks", type(callback).__name__)
    return f"{FOREIGN if posing else ''}{type(callback).__name__}"[:200]


def _several(callbacks: Any) -> list[Any]:
    # Keras accepts one callback, a list of them, or its own list class, which has them in this attribute.
    callbacks = getattr(callbacks, "callbacks", callbacks)
    return list(callbacks[:200]) if isinstance(callbacks, (list, tuple)) else [] if callbacks is None else [callbacks]


def _plain_settings(callback: Any) -> Record:
    held = getattr(callback, "__dict__", {})
    given = {name: held[name] for name in CALLBACK_SETTINGS if held.get(name) is not None}
    # NumPy's numbers are settings like Python's.
    plain = {name: value.item() if isinstance(value, generic) else value for name, value in given.items()}
    found = {name: value if type(value) in (bool, int, float, str) else f"{UNREADABLE}{type(value).__name__}"
             for name, value in plain.items()}
    # Some callbacks include the sign of the direction in it.
    least = found.get("min_delta")
    if isinstance(least, (int, float)):
        found["min_delta"] = abs(least)
    return {name: _json(value) for name, value in found.items()}


def _json(value: Any) -> Any:
    if isinstance(value, str):
        return value[:200]
    return str(value) if isinstance(value, float) and value - value != 0 else value
