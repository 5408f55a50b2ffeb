"""What a run shows to people: the curves of its trainings, and how many figures each step drew. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograder.artifacts import Artifacts


def curves(found: Artifacts) -> dict[str, dict[str, list[float]]]:
    """Return the training history of every fit, named after the task before whose test cell it ran."""
    named: dict[str, dict[str, list[float]]] = {}
    for task, checkpoint in found.checkpoints.items():
        for number, fit in enumerate(checkpoint.fits, start=1):
            if fit.history:
                name = task if number == 1 else f"{task} ({number})"
                named[name] = {quantity: list(values) for quantity, values in fit.history.items()}
    return named


def figures(executed: Mapping[str, Any], slots: Mapping[str, list[int]]) -> dict[str, int]:
    """Return how many images the cells of each slot show."""
    def images(index: int) -> int:
        outputs = executed["cells"][index].get("outputs", ())
        return sum(any(kind.startswith("image/") for kind in output.get("data", ())) for output in outputs)

    return {task: sum(images(index) for index in cells) for task, cells in slots.items()}
