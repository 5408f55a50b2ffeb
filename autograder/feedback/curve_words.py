"""One sentence on how a training went: where it turned, and where it ended compared with correct runs. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Band = Sequence[tuple[float, float, float]]
ORDER = ("val_loss", "loss", "val_accuracy", "accuracy")
NAMES = {"val_loss": "validation loss", "loss": "training loss", "val_accuracy": "validation accuracy",
         "accuracy": "training accuracy"}
TURNS = 0.1
"""Share of its whole range by which a curve has to come back before it is said to turn."""


def sentence(fit: Mapping[str, Sequence[float]], bands: Mapping[str, Band] | None = None) -> str:
    """Return a sentence on the most telling quantity of a training, empty where there is none.

    Args:
        fit: quantity → one value per epoch; values may be NaN.
        bands: quantity → lowest, median and highest value of correct runs per epoch.
    """
    known = {name: fit[name] for name in ORDER if fit.get(name) and any(map(math.isfinite, fit[name]))}
    if not known:
        return ""
    broken = next((name for name in ("loss", "val_loss") if not all(map(math.isfinite, known.get(name, ())))), None)
    if broken:
        epoch = next(at for at, value in enumerate(known[broken], start=1) if not math.isfinite(value))
        return f"The {NAMES[broken]} is not a number from epoch {epoch} on."
    banded = [name for name in known if (bands or {}).get(name)]
    name = (banded or list(known))[0]
    band = (bands or {}).get(name, ())
    return f"{_course(name, known[name])}{_ending(known[name], band)}."


def _course(name: str, values: Sequence[float]) -> str:
    if len(values) == 1:
        return f"After one epoch the {NAMES[name]} is {_said(values[0])}"
    wanted = values if name.endswith("accuracy") else [-value for value in values]
    best = max(range(len(wanted)), key=lambda at: wanted[at])
    spread = max(wanted) - min(wanted)
    subject = f"The {NAMES[name]}"
    if not spread or spread < 0.01 * max(map(abs, values)):
        return f"{subject} hardly changes and ends at {_said(values[-1])}"
    if best < len(values) - 1 and wanted[best] - wanted[-1] > TURNS * spread:
        return f"{subject} turns at epoch {best + 1} and ends at {_said(values[-1])}"
    verb = "rises" if name.endswith("accuracy") else "falls"
    return f"{subject} {verb} to {_said(values[-1])} in {len(values)} epochs"


def _ending(values: Sequence[float], band: Band) -> str:
    if len(band) < len(values):
        return ""
    low, _, high = band[len(values) - 1]
    place = "below" if values[-1] < low else "above" if values[-1] > high else "within"
    return f", {place} the band of correct runs ({_said(low)} to {_said(high)})"


def _said(value: float) -> str:
    return f"{value:.3f}" if abs(value) < 1_000 else f"{value:.3g}"
