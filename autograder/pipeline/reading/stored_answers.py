"""The answers of rebuilt models, as they are stored with a judged run."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from autograder.pipeline.reading.planning import Kept
from autograder.workspace.layout import PREDICTIONS

FOLDER = PREDICTIONS
INDEX = "index.json"
MEMBER = "y"  # as the predictor calls it


def answers(folder: Path) -> dict[tuple[str, str], NDArray[np.float32]]:
    """Return the outputs of every model that answered when the run in ``folder`` was judged, by (task, model name)."""
    outputs = {}
    for name, kept in load(folder).items():
        if kept.get("file"):
            task, model, _ = name.split("/")
            with np.load(folder / FOLDER / str(kept["file"]), allow_pickle=False) as file:
                outputs[task, model] = file[MEMBER]
    return outputs


def load(folder: Path) -> dict[str, Kept]:
    """Return what became of each question, empty where nothing was asked or the index cannot be read."""
    try:
        kept: dict[str, Kept] = json.loads((folder / FOLDER / INDEX).read_text())
    except (OSError, ValueError):
        return {}
    return kept
