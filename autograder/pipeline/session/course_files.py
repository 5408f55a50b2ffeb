"""What a command reads of a course before anything runs: release, reference and data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograder import data, notebook
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


def load_class_reference(workspace: Workspace, assignment: str) -> Reference | None:
    """Return the reference as it applies to a class: with the bounds of all variants where each student has one.

    Raises:
        CalibrationError: as `load_reference`.
        ReleaseError: the release's metadata cannot be read.
    """
    reference, path = load_reference(workspace.reference(assignment)), workspace.release(assignment)
    if reference is None or not path.is_file() or notebook.family_of(json.loads(path.read_bytes())) is None:
        return reference
    return reference.model_copy(update={"calibrations": {
        key: calibration.of_variants() for key, calibration in reference.calibrations.items()}})


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
    workspace: Workspace, name: str, *, allow_stand_in: bool, force_stand_in: bool = False,
    reporter: Reporter | None = None, own: str | None = None, whole: bool = False,
) -> data.Prepared:
    """Resolve the data set and write its files for students' processes and for the grader.

    Args:
        name: of the data set, as `data:` of an assignment has it.
        own: fingerprint of the data that the notebook contains; then there is nothing else to prepare.
        whole: withhold no test image; only for runs of our own solution by the published recipe.

    Raises:
        DataError: only the stand-in is available and it was not allowed, or the data cannot be used.
    """
    if own is not None:
        return data.prepare_own(own, workspace.cache)
    progress = LazyTask(reporter, "embedded digits, generated once") if reporter else None
    found = data.find_dataset(workspace.course, name)
    places = data_places(workspace)
    missing = not found.files(places)
    used = found.stand_in(places, progress) if force_stand_in or (missing and allow_stand_in) else found.read(places)
    return (data.prepare_whole if whole else data.prepare)(used, workspace.cache)


def data_places(workspace: Workspace) -> data.Places:
    """Return where the data of a course may be."""
    return data.Places(course=workspace.root, folders=workspace.data_folders, cache=workspace.cache)


def data_files(workspace: Workspace, name: str) -> tuple[Path, ...]:
    """Return the files of a data set's real data; empty where only the stand-in is here, or the notebook has its data.

    Raises:
        DataError: nobody declared the data set.
    """
    return () if name == data.OWN else data.find_dataset(workspace.course, name).files(data_places(workspace))


def bundled_data(workspace: Workspace, assignment: str) -> dict[str, Path]:
    """Return the files of an assignment's real data by their place in a data folder: for a copy of the course."""
    name = workspace.course.assignment(assignment).data
    settings = workspace.course.datasets.get(name)
    if settings is not None and settings.python is not None:
        return {}  # the function is a file of the course
    folders = workspace.data_folders
    return {_place_in(folders, path): path for path in data_files(workspace, name)}


def _place_in(folders: Sequence[Path], path: Path) -> str:
    """Return the place of a file in whichever data folder it is; the name alone where it is Keras's own copy."""
    folder = next((one for one in folders if path.is_relative_to(one)), path.parent)
    return str(path.relative_to(folder))


def course_data_files(workspace: Workspace, assignment: str) -> tuple[Path, ...]:
    """Return the files of the course itself that an assignment's data is made from: its function, its stand-in."""
    settings = workspace.course.datasets.get(workspace.course.assignment(assignment).data)
    if settings is None:
        return ()
    named = [part for part in (settings.stand_in, (settings.python or "").split(":")[0]) if part]
    places = [workspace.root / part for part in named]
    return tuple(path for place in places for path in ([place] if place.is_file() else sorted(place.rglob("*")))
                 if path.is_file())


def data_sources(workspace: Workspace, assignment: str) -> tuple[Path, ...]:
    """Return what a declared data set is made from: it has the withheld rows, so no student code may see it."""
    name = workspace.course.assignment(assignment).data
    if name not in workspace.course.datasets:
        return ()
    return (*data_files(workspace, name), *course_data_files(workspace, assignment))
