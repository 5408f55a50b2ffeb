"""What a command reads of a course before anything runs: release, reference and data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder import data
from autograder.errors import CalibrationError, DataError
from autograder.model import Reference
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import LazyTask, Reporter


def load_reference(path: Path) -> Reference | None:
    """Return the reference of an assignment, or None before its first calibration.

    Raises:
        CalibrationError: the file exists but does not describe a reference.
    """
    try:
        return Reference.from_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        first = str(error).splitlines()[0]
        raise CalibrationError(f"{path.name} was expected to describe a reference, but it does not ({first}); "
                               "run `autograder calibrate` again.") from None


def read_release(workspace: Workspace, assignment: str) -> dict[str, Any]:
    """Return the current release of an assignment.

    Raises:
        DataError: the assignment was not released yet.
    """
    path = workspace.release(assignment)
    if not path.is_file():
        raise DataError(f"A released notebook was expected in release/{assignment}, but there is none; "
                        f"run `autograder release {assignment}`.")
    released: dict[str, Any] = json.loads(path.read_bytes())
    return released


def prepare_data(
    workspace: Workspace, *, allow_stand_in: bool, force_stand_in: bool = False, reporter: Reporter | None = None,
    own: str | None = None, whole: bool = False,
) -> data.Prepared:
    """Resolve the data set and write its files for students' processes and for the grader.

    Args:
        own: fingerprint of the data that the notebook contains; then there is nothing else to prepare.
        whole: withhold no test image; only for runs of our own solution by the published recipe.

    Raises:
        DataError: only the stand-in is available, and it was not allowed.
    """
    if own is not None:
        return data.prepare_own(own, workspace.cache)
    progress = LazyTask(reporter, "embedded digits, generated once") if reporter else None
    found = (data.stand_in(workspace.cache, progress) if force_stand_in else
             data.resolve(workspace.data_folder, cache=workspace.cache, allow_stand_in=allow_stand_in,
                          progress=progress))
    return (data.prepare_whole if whole else data.prepare)(found, workspace.cache)
