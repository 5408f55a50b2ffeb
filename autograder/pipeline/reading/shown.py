"""What a run shows in feedback: the curves of its trainings. Pure."""

from __future__ import annotations

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
