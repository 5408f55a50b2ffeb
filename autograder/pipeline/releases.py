"""Which release a submission came from."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder import notebook
from autograder.errors import SubmissionError
from autograder.model.base import Value
from autograder.pipeline.workspace import Workspace


class Releases(Value):
    """Where the releases of one assignment lie."""

    assignment: str
    current: Path
    archive: Path

    @classmethod
    def within(cls, workspace: Workspace, assignment: str) -> Releases:
        """Return the releases of an assignment of this course."""
        return cls(assignment=assignment, current=workspace.release(assignment), archive=workspace.releases(assignment))

    def of(self, submission: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        """Return the release that a submission came from, and a sentence when the current one has to take its place.

        Raises:
            SubmissionError: the assignment was never released.
        """
        version = notebook.release_version(submission)
        if version is not None:
            archived = self.archive / f"{version}.ipynb"  # `release_version` lets only plain names through
            if archived.is_file():
                return notebook.read(archived.read_bytes(), archived.name), None
        if not self.current.is_file():
            raise SubmissionError(f"{self.assignment} has not been released, so nothing can be collected for it: "
                                  f"run `autograder release {self.assignment}` first.")
        current = notebook.read(self.current.read_bytes(), self.current.name)
        now = notebook.release_version(current)
        if version is not None and version == now:
            return current, None
        said = f"names the release {version}, which is not in the archive" if version else "names no release"
        return current, f"The notebook {said}; it was compared with the current release{f' {now}' if now else ''}."
