"""The answers of rebuilt models, as stored with a judged run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.model.reconstruction import read_reconstruction
from autograder.pipeline.reading.planning import Kept
from autograder.workspace.file_names import PREDICTIONS

FOLDER = PREDICTIONS
INDEX = "index.json"
MEMBER = "y"  # the predictor's name for it


def answers(folder: Path) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Return the outputs of every model that answered when the run in ``folder`` was judged, by (task, model name).

    How well models restore rows is not among them.
    """
    outputs = {}
    for name, kept in load(folder).items():
        if kept.get("file") and read_reconstruction(name.rpartition("/")[2]) is None:
            task, model, _ = name.split("/")
            with np.load(folder / FOLDER / str(kept["file"]), allow_pickle=False) as file:
                outputs[task, model] = file[MEMBER]
    return outputs


def shown(folder: Path) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Return each model's outputs for the first visible test images, by (task, model name) of its first question.

    Only those are returned that no withheld image can have influenced.
    """
    outputs: dict[str, tuple[tuple[str, str], NDArray[np.float32]]] = {}
    for name, kept in load(folder).items():
        file, count = kept.get("file"), int(kept.get("shown") or 0)
        if file and file not in outputs and count:
            task, model, _ = name.split("/")
            with np.load(folder / FOLDER / file, allow_pickle=False) as stored:
                outputs[file] = (task, model), stored[MEMBER][:count]
    return dict(outputs.values())


def load(folder: Path) -> dict[str, Kept]:
    """Return the outcome of each question, empty where there was none or the index cannot be read."""
    try:
        kept: dict[str, Kept] = json.loads((folder / FOLDER / INDEX).read_text())
    except (OSError, ValueError):
        return {}
    return kept
