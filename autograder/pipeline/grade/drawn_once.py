"""Pictures that are the same in every notebook: drawn once, and put into each executed notebook.

Students' processes run an empty cell in their place, so that numbers of cells, random numbers and all else stay as
they are. The fingerprint of a run does not depend on it.
"""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder import notebook
from autograder.model import CellStatus, Ending, JobCell, Merged, NotebookJob
from autograder.pipeline.fingerprint import digest
from autograder.pipeline.grade.feedback_material import LeftOut, write_executed_notebook
from autograder.workspace.file_names import ARTIFACTS, EXECUTED
from autograder.workspace.storage import replace_folder

if TYPE_CHECKING:
    from autograder.pipeline.session.session import Session

INDEX = "pictures.json"
NOTHING = "pass"
_LOCK = threading.Lock()
_STOPPED: set[Path] = set()
"""Pictures whose run was stopped: on a machine too busy for it, each further try would only add to its load."""


class _NotDrawnError(Exception):
    """The run that draws the pictures was stopped."""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Pictures that exist: ``places`` is the source of a cell → its position in the executed ``notebook``."""

    notebook: Path
    places: Mapping[str, int]


def leave_out_pictures(session: Session, merged: Merged, job: NotebookJob) -> tuple[NotebookJob, LeftOut | None]:
    """Return the job without the pictures that exist already, and where each of these is.

    Raises:
        ExecutionError: the warm process cannot start.
    """
    wanted = notebook.shared_pictures(merged.notebook["cells"], own_numbers=bool(merged.drawn))
    if not wanted:
        return job, None
    drawn = _drawn(session)
    if drawn is None:
        return job, None
    found = {index: drawn.places[source] for index, source in wanted.items() if source in drawn.places}
    cells = tuple(cell.model_copy(update={"source": NOTHING}) if cell.index in found else cell for cell in job.cells)
    return job.model_copy(update={"cells": cells}), LeftOut(notebook=drawn.notebook, cells=found)


def _drawn(session: Session) -> Drawn | None:
    """Return the pictures of the session's release, drawn at the first call and kept in the course's cache.

    None if the run that draws them was stopped in this process.
    """
    cells = _cells(session)
    made_by = digest([[cell["source"] for cell in cells], session.data_name, session.pool.versions, INDEX])[:16]
    folder = session.workspace.cache / "pictures" / session.assignment.id / made_by
    with _LOCK:
        if not folder.is_dir():
            try:
                if folder not in _STOPPED:
                    _draw(session, cells, folder)
            except _NotDrawnError:
                _STOPPED.add(folder)
            if folder in _STOPPED:
                return None
    return Drawn(notebook=folder / EXECUTED, places=json.loads((folder / INDEX).read_text()))


def _cells(session: Session) -> list[dict[str, Any]]:
    """Return the locked cells before the first answer, which load what pictures show, and all shared pictures."""
    sized = notebook.with_sizes(session.release, session.sizes)["cells"]
    shared = notebook.shared_pictures(sized)
    code = [index for index, cell in enumerate(sized) if notebook.is_code(cell)]
    first = next((index for index in code if not notebook.is_locked(sized[index])), len(sized))
    return [sized[index] for index in code if index < first or index in shared]


def _draw(session: Session, cells: list[dict[str, Any]], folder: Path) -> None:
    """Run these cells and keep their outputs.

    Raises:
        _NotDrawnError: the run itself was stopped; it may succeed when the machine is less busy.
    """
    files = session.student_files
    job = NotebookJob(
        cells=tuple(JobCell(index=index, source=notebook.source(cell)) for index, cell in enumerate(cells)),
        seed=1, sampling_key="00" * 32, limits=session.assignment.limits, mounts=files.mounts, load_data=files.answers,
        files=files.names)
    with replace_folder(folder) as fresh:
        execution = session.own_pool.run_notebook(job, fresh / ARTIFACTS)
        if execution.ending is not Ending.COMPLETED or any(
                run.status is CellStatus.INTERRUPTED for run in execution.cells):
            raise _NotDrawnError
        write_executed_notebook({**session.release, "cells": cells}, fresh, execution)
        shutil.rmtree(fresh / ARTIFACTS)
        # A cell that fails is run in every notebook, where its error is seen.
        complete = all(run.status is CellStatus.OK for run in execution.cells)
        places = {notebook.source(cell): index for index, cell in enumerate(cells)} if complete else {}
        (fresh / INDEX).write_text(json.dumps(places))
