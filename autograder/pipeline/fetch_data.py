"""Which data sets a course needs, which are there, and how the others get there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder import data
from autograder.course import DEFAULT_DATA
from autograder.errors import CourseError, DataError
from autograder.model import Value
from autograder.pipeline.session.course_files import data_files
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter


class DataSetState(Value):
    """One data set of a course.

    Attributes:
        source: what course.yml says about it.
        assignments: those that use it.
        here: whether the real data is there.
        fix: what to do where it is not.
    """

    name: str
    source: str
    assignments: tuple[str, ...]
    here: bool
    fix: str


def list_data_sets(workspace: Workspace) -> list[DataSetState]:
    """Return every data set that the course declares or uses."""
    course = workspace.course
    used = {name: tuple(one.id for one in course.assignments.values() if one.data == name)
            for name in (DEFAULT_DATA, *course.datasets)}
    found = []
    for name, assignments in used.items():
        settings = course.datasets.get(name)
        if settings is None and not assignments:
            continue
        keras = name if settings is None else settings.keras
        found.append(DataSetState(
            name=name, source=f"keras: {keras}" if settings is None else f"{settings.kind}: {settings.source}",
            assignments=assignments, here=bool(data_files(workspace, name)),
            fix=f"run `autograder data fetch {name}`" if keras else "put it into the data folder"))
    return found


def fetch_data(
    workspace: Workspace, names: Sequence[str], reporter: Reporter, *, source: str | None = None
) -> dict[str, Path]:
    """Bring data sets of Keras to the data folder; return name → file of those that were fetched.

    Args:
        names: empty: all that Keras has, and that are not there.
        source: a file or an address to take the one data set from.

    Raises:
        CourseError: the course has no data folder.
        DataError: a name that Keras does not have, or a data set that cannot be fetched.
    """
    folder = workspace.data_folder
    if folder is None:
        raise CourseError("A data folder was expected, but course.yml names none; add `data: datasets` and create that "
                          "folder, or set AUTOGRADER_DATA.")
    if source is not None and len(names) != 1:
        raise DataError(f"--from was expected with the name of one data set, but {len(names)} were named; name one.")
    states = {one.name: one for one in list_data_sets(workspace)}
    wanted = names or [one.name for one in states.values() if not one.here and one.source.startswith("keras: ")]
    found = {}
    for name in wanted:
        keras_name = _keras_name(workspace, name)
        found[name] = data.fetch(keras_name, folder, source=source)
        reporter.note(f"{name}: {found[name].name} is in the data folder")
    if not wanted:
        reporter.note("nothing to fetch: all data sets of Keras that course.yml names are there")
    return found


def _keras_name(workspace: Workspace, name: str) -> str:
    if name == DEFAULT_DATA:
        return name
    settings = workspace.course.datasets.get(name)
    if settings is None or settings.keras is None:
        known = [one for one, found in workspace.course.datasets.items() if found.keras]
        raise DataError(f"{name[:60]!r} was expected to be a data set of Keras under 'datasets' in course.yml, which "
                        f"has {', '.join(known) or 'none'}; name one of these, or {DEFAULT_DATA}.")
    return settings.keras
