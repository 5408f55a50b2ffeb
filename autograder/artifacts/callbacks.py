"""Which callbacks of a recorded `fit` a repetition recreates, and from which settings."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from autograder.artifacts.values import Fit
from autograder.errors import ArtifactError

_REBUILT = {
    "EarlyStopping": ("monitor", "patience", "min_delta", "mode", "restore_best_weights", "start_from_epoch",
                      "baseline"),
    "ReduceLROnPlateau": ("monitor", "factor", "patience", "min_delta", "mode", "cooldown", "min_lr"),
}
_WITHOUT_EFFECT = frozenset(
    {"History", "ProgbarLogger", "CSVLogger", "TensorBoard", "RemoteMonitor", "BackupAndRestore", "TerminateOnNaN"})
"""They only write or observe; a training runs the same without them."""
KEEPS_BEST = "ModelCheckpoint"
SCHEDULER = "LearningRateScheduler"
_AVERAGES = "SwapEMAWeights"
_RATES = ("learning_rate", "lr")
MAX_RATES = 10_000


def foreign(fit: Fit) -> str | None:
    """Return the name of a callback that runs custom code: its effect on the weights is unknown."""
    known = {*_REBUILT, SCHEDULER, KEEPS_BEST, _AVERAGES, *_WITHOUT_EFFECT}
    return next((name for name in fit.callbacks if name not in known), None)


def callbacks(fit: Fit, *, taken_back: bool) -> tuple[dict[str, Any], ...]:
    """Return ``{"class", "settings"}`` for every callback that affects a fit.

    Args:
        taken_back: the model's weights are not those that its last fit left: where a `ModelCheckpoint` saved the best
            ones, they are taken to be those that were loaded afterwards.

    Raises:
        ArtifactError: a callback is not one of Keras's own, or its work cannot be repeated.
    """
    made: list[dict[str, Any]] = []
    for number, name in enumerate(fit.callbacks):
        recorded = fit.callback_settings[number] if number < len(fit.callback_settings) else {}
        if name in _REBUILT:
            kept = {key: recorded[key] for key in _REBUILT[name] if key in recorded}
            made.append({"class": name, "settings": _checked(kept, name)})
        elif name == SCHEDULER:
            made.append({"class": SCHEDULER, "settings": {"rates": list(_recorded_rates(fit))}})
        elif name == KEEPS_BEST:
            if taken_back and recorded.get("save_best_only"):
                kept = {key: recorded[key] for key in ("monitor", "mode") if key in recorded}
                made.append({"class": KEEPS_BEST, "settings": _checked(kept, name)})
        elif name not in _WITHOUT_EFFECT:
            raise ArtifactError(f"The callback “{name[:60]}” is not one of Keras's own that can be recreated.")
    return tuple(made)


def first_rate(fit: Fit) -> float | None:
    """Return the learning rate at the start of a fit, where callbacks changed it during training; None: as recorded."""
    if not any(name in (SCHEDULER, "ReduceLROnPlateau") for name in fit.callbacks):
        return None
    rates = _rates(fit.history)
    return rates[0] if rates else None


def monitored(fit: Fit) -> frozenset[str]:
    """Return the quantities that a fit's callbacks watch."""
    return frozenset(str(made.get("monitor", "val_loss")) for name, made in
                     zip(fit.callbacks, fit.callback_settings, strict=False) if name in _REBUILT or name == KEEPS_BEST)


def _recorded_rates(fit: Fit) -> tuple[float, ...]:
    rates = _rates(fit.history)
    if not rates:
        raise ArtifactError(f"The learning rates that the callback {SCHEDULER} set were not recorded.")
    return rates


def _rates(history: Mapping[str, tuple[float, ...]]) -> tuple[float, ...]:
    found = next((history[name] for name in _RATES if history.get(name)), ())
    return found[:MAX_RATES] if all(math.isfinite(rate) and rate >= 0 for rate in found) else ()


def _checked(kept: Mapping[str, Any], name: str) -> dict[str, Any]:
    for value in kept.values():
        if isinstance(value, (int, float)) and not math.isfinite(value):
            raise ArtifactError(f"A setting of the callback {name} is not a finite number.")
    return dict(kept)
