"""The files of an assignment's data set that students get with the notebook: without any withheld row."""

from __future__ import annotations

from collections.abc import Collection

from autograder import data
from autograder.errors import ReleaseError
from autograder.pipeline.session.course_files import data_files, prepare_data
from autograder.pipeline.session.student_files import MAX_BYTES, MAX_FILES
from autograder.workspace.layout import Workspace


def released_data(workspace: Workspace, assignment: str, others: Collection[str]) -> dict[str, bytes]:
    """Return the files by their path next to the notebook; none where students load the data themselves.

    Where the real data is not here there are none either: a stand-in is never released.

    Args:
        others: paths of the other released files.

    Raises:
        ReleaseError: another file has the same name, or the files are too many or too large.
        DataError: the data cannot be used.
    """
    name = workspace.course.assignment(assignment).data
    if data.is_loaded_by_notebooks(workspace.course, name) or not data_files(workspace, name):
        return {}
    prepared = prepare_data(workspace, name, allow_stand_in=False)
    paths = [path for path in sorted(prepared.student.rglob("*")) if path.is_file()]
    size = sum(path.stat().st_size for path in paths)
    if len(paths) > MAX_FILES or size > MAX_BYTES:
        raise ReleaseError(f"The data set {name} may have at most {MAX_FILES:,} files of {MAX_BYTES >> 20} MiB for "
                           f"students, but has {len(paths):,} of {size >> 20} MiB; keep fewer rows.")
    files = {str(path.relative_to(prepared.student)): path.read_bytes() for path in paths}
    tops = {path.split("/")[0] for path in files}
    for other in others:
        if other.split("/")[0] in tops:
            raise ReleaseError(f"assignments/{assignment}/{other} has the name that students' data of {name} gets, "
                               "so one "
                               "would hide the other; rename the file, or remove it if it is a copy of the data.")
    return files


def is_unknown_data(workspace: Workspace, assignment: str, path: str) -> bool:
    """Whether a released file is one of the data set's that cannot be compared, since the real data is not here."""
    name = workspace.course.assignment(assignment).data
    names = {name, f"{name}.csv", f"{name}-train.csv", f"{name}-test.csv", f"{name}.npz"}
    return path.split("/")[0] in names and bool(missing_data_note(workspace, assignment))


def missing_data_note(workspace: Workspace, assignment: str) -> tuple[str, ...]:
    """Return a warning where a release lacks its data, since only the stand-in is here."""
    name = workspace.course.assignment(assignment).data
    if data.is_loaded_by_notebooks(workspace.course, name) or data_files(workspace, name):
        return ()
    return (f"The data set {name} is not in the data folder, so release/{assignment} does not contain its files; put "
            "it there and release again before students get this release.",)
