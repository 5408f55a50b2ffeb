"""Finds the release that a submission came from, and fits the submission into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from autograder import notebook
from autograder.errors import SubmissionError
from autograder.model import Merged
from autograder.model.base import Value
from autograder.pipeline.reading.budgets import read
from autograder.workspace.layout import Workspace

_ENOUGH: Final = 0.2
"""The share of a release's own cells with which a notebook counts as one of its assignment."""


class Releases(Value):
    """The location of the releases of one assignment."""

    assignment: str
    current: Path
    archive: Path

    @classmethod
    def within(cls, workspace: Workspace, assignment: str) -> Releases:
        """Return the releases of an assignment of this course."""
        return cls(assignment=assignment, current=workspace.release(assignment), archive=workspace.releases(assignment))

    def of(self, submission: dict[str, Any]) -> tuple[dict[str, Any], str | None]:
        """Return the release that a submission came from, and a sentence when the current one has to replace it.

        Raises:
            SubmissionError: the assignment was never released.
        """
        version = notebook.release_version(submission)
        if version is not None:
            archived = self.archive / f"{version}.ipynb"  # `release_version` accepts only plain names
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


class Fitted(Value):
    """A notebook fitted into its release.

    Attributes:
        remark: one sentence where the current release replaced the one that the notebook names.
        matches: whether the notebook is one of this assignment at all.
        claimed: what it says about its variant, where each student has one.
    """

    merged: Merged
    remark: str | None = None
    matches: bool = True
    claimed: notebook.Claimed = notebook.Claimed()


def fit(workspace: Workspace, assignment: str, data: bytes, name: str) -> Fitted:
    """Return a notebook's bytes fitted into their release; they are read in a separate process.

    Raises:
        NotebookError: the bytes are not a usable notebook.
        ReadingError: reading them exceeded its budget.
        SubmissionError: the assignment was never released.
    """
    return Fitted.model_validate(read("merge", {
        "name": name, "limit_mib": workspace.course.collect.notebook_mib,
        "releases": Releases.within(workspace, assignment).model_dump(mode="json")}, data))


def matches(submission: dict[str, Any], release: dict[str, Any], assignment: str) -> bool:
    """Whether a notebook is one of this assignment: by its metadata, or by a fifth of the release's own cells."""
    if notebook.assignment_of(submission) == assignment:
        return True
    locked = {_text(cell) for cell in release["cells"] if notebook.is_locked(cell)} - {""}
    names = {name for cell in release["cells"] if (name := notebook.grade_id(cell))}
    cells = submission["cells"]
    found = len(locked & {_text(cell) for cell in cells})
    kept = len(names & {name for cell in cells if (name := notebook.grade_id(cell))})
    return found >= max(1, _ENOUGH * len(locked)) or kept >= max(1, _ENOUGH * len(names))


def _text(cell: dict[str, Any]) -> str:
    return "".join(notebook.source(cell).split())
