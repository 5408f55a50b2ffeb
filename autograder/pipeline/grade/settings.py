"""The solution's compile settings, as its run wrote them: only Keras's optimizers, losses and metrics are passed on.

A student's record is never read here.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from autograder.artifacts.training_parts import FUNCTIONS, LOSSES, METRICS, OPTIMIZERS, SCHEDULES
from autograder.model import NotebookJob

SUFFIX: Final = ".json"
LARGEST: Final = 64 << 10  # bytes of one compile configuration
_PARTS: Final = {"optimizer": OPTIMIZERS, "loss": LOSSES, "metrics": METRICS}


def gives_settings(job: NotebookJob) -> bool:
    """Whether a run of this job is given how the solution compiles a model."""
    return any(path.endswith(SUFFIX) for own in job.inject.values() for path in own.values())


def read_settings(path: Path) -> dict[str, Any] | None:
    """Return the compile settings that a run of the solution wrote; None if they name anything that is not Keras's."""
    try:
        if path.stat().st_size > LARGEST:
            return None
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    settings = {key: found[key] for key in _PARTS if found.get(key) is not None}
    return settings if "optimizer" in settings and all(_is_known(key, settings[key]) for key in settings) else None


def _is_known(key: str, value: Any) -> bool:
    match value:
        case list() if key == "metrics":
            return all(_is_known(key, item) for item in value)
        case str():
            return key != "optimizer" and value in FUNCTIONS
        case {"class_name": str(name), "module": str(module), "config": dict(config)}:
            plain = all(_is_plain(item) for item in config.values())
            return name in _PARTS[key] and module.startswith("keras.") and plain
    return False


def _is_plain(value: Any) -> bool:
    """Whether a setting is plain data, or a learning rate schedule of Keras's made of plain data."""
    match value:
        case None | bool() | int() | float() | str():
            return True
        case list():
            return all(_is_plain(item) and not isinstance(item, dict) for item in value)
        case {"class_name": str(name), "module": str(module), "config": dict(config)}:
            return name in SCHEDULES and module.startswith("keras.") and all(
                _is_plain(item) and not isinstance(item, dict) for item in config.values())
    return False
