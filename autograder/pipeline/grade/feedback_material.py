"""What feedback needs from a run besides its checks: the executed notebook for people, and a sentence per step."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import notebook
from autograder.errors import AutograderError, ReadingError
from autograder.feedback.words import out_of_time
from autograder.model import CellRun, CellStatus, Execution, Merged
from autograder.pipeline.reading.budgets import LEFT_OUT, read
from autograder.pipeline.session.session import Session
from autograder.workspace.file_names import ARTIFACTS, EXECUTED, PREDICTIONS

STARVED = ("Our machine was too busy and stopped your notebook before it had its time; it will be run again, and no "
           "points are lost until then.")


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """The cells of one merged notebook that were not run: index → position of its outputs in another ``notebook``."""

    notebook: Path
    cells: dict[int, int]


def write_executed_notebook(
    merged: dict[str, Any], folder: Path, execution: Execution, left_out: LeftOut | None = None,
) -> None:
    """Write ``executed.ipynb`` so that it is safe to open; without outputs if adding them exceeds its budget."""
    path = folder / EXECUTED
    drawn: dict[str, Any] | None = None
    if left_out is not None:
        drawn = {"notebook": str(left_out.notebook), "cells": left_out.cells}
    try:
        read("assemble", {"artifacts": str(folder / ARTIFACTS), "into": str(path), "drawn": drawn,
                          "cells": [cell.model_dump(mode="json") for cell in execution.cells]},
             json.dumps(merged).encode())
    except ReadingError as error:
        path.write_text(json.dumps(notebook.without_outputs(merged, execution.cells), indent=1))
        (folder / LEFT_OUT).write_text(str(error))


def write_misread(session: Session, folder: Path) -> None:
    """Write ``misread.json`` for the page; where that fails, the page says nothing about it and no points depend on it.

    Labels and images are those that students have: no withheld one is read.
    """
    if not (folder / PREDICTIONS).is_dir() or not session.prepared.has_pictures:
        return
    with suppress(AutograderError):
        read("misread", {"folder": str(folder), "labels": str(session.prepared.test_labels),
                         "images": str(session.prepared.test_images)})


def describe_cells(merged: Merged, execution: Execution) -> dict[str, str]:
    """Return, per task, one sentence about the first cell of its slot that did not end normally."""
    runs = {run.index: run for run in execution.cells}
    notes = {}
    for slot in merged.slots:
        sentences = [text for index in slot.cells if (run := runs.get(index)) and (text := _describe_ending(run))]
        if sentences:
            notes[slot.task] = sentences[0]
    return notes


def describe_stops(execution: Execution) -> dict[int, str]:
    """Return, by index, how each cell stopped that stopped early, since later steps may fail because of it."""
    return {run.index: f"stopped with {run.error.rstrip('.')}" if run.status is CellStatus.ERROR and run.error else
            "was interrupted" if run.status is CellStatus.INTERRUPTED else "stopped with an error"
            for run in execution.cells if run.status in (CellStatus.ERROR, CellStatus.INTERRUPTED)}


def describe_starved(merged: Merged, execution: Execution) -> dict[str, str]:
    """Return one sentence for each task that a starved run reached too late or never, so that it cannot be judged.

    These are all tasks from the cell on that the clock stopped, or in which it stopped the notebook.
    """
    if not execution.starved:
        return {}
    stopped = next((run.index for run in execution.cells
                    if run.starved or run.status in (CellStatus.UNFINISHED, CellStatus.NOT_RUN)), 0)
    return {cell.task: STARVED for cell in notebook.job_cells(merged) if cell.task and cell.index >= stopped}


def _describe_ending(run: CellRun) -> str | None:
    if run.status is CellStatus.ERROR:
        return f"A cell of this step stopped with {run.error.rstrip('.')}." if run.error else \
            "A cell of this step raised an error."
    if run.status is CellStatus.INTERRUPTED:
        return f"A cell of this step {out_of_time(run)}."
    if run.status is CellStatus.UNFINISHED:
        return "The notebook ended inside a cell of this step."
    return None
