"""Which backend of Keras computed something, as the versions recorded with it say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DEFAULT_BACKEND: Final = "tensorflow"
"""Keras's own choice, and that of every calibration and result in which no other backend is named."""
BACKENDS: Final = (DEFAULT_BACKEND, "jax", "torch")
"""The backends that networks can be trained with."""


def backend_of(versions: Mapping[str, str]) -> str:
    """Return the backend of a run.

    Args:
        versions: name → version of what the run computed with. Runs with another backend than TensorFlow name it as
            ``backend``; earlier ones only have its package.
    """
    if "backend" in versions or DEFAULT_BACKEND in versions:
        return versions.get("backend", DEFAULT_BACKEND)
    return next((name for name in BACKENDS if name in versions), DEFAULT_BACKEND)
