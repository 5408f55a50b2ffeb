"""Which release a submission is fitted into."""

from __future__ import annotations

from typing import Any

from autograder import notebook
from autograder.course import is_student_id
from autograder.errors import SubmissionError
from autograder.pipeline.workspace import Workspace


def release_for(workspace: Workspace, assignment: str, submission: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return the release that a submission came from, and a sentence when the current one is used in its place.

    Raises:
        SubmissionError: the assignment was never released.
    """
    version = notebook.release_version(submission)
    if version is not None and is_student_id(version):
        archived = workspace.archived_release(assignment, version)
        if archived.is_file():
            return notebook.read(archived.read_bytes(), archived.name), None
    path = workspace.release(assignment)
    if not path.is_file():
        raise SubmissionError(f"{assignment} has not been released, so nothing can be collected for it: "
                              f"run `autograder release {assignment}` first.")
    current = notebook.read(path.read_bytes(), path.name)
    now = notebook.release_version(current)
    if version is not None and version == now:
        return current, None
    said = f"names the release {version}, which is not in the archive" if version else "names no release"
    return current, f"The notebook {said}; it was compared with the current release{f' {now}' if now else ''}."
