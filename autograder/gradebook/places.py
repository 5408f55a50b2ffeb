"""Where nbgrader's folders lie for one course and one output folder."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Places:
    """Folders by nbgrader's step; below each of the student ones lies ``<student>/<assignment>/``."""

    course_id: str
    source: Path
    release: Path
    submitted: Path
    autograded: Path
    feedback: Path
    results: Path
    database: Path

    @classmethod
    def in_folders(cls, course: Path, output: Path, course_id: str) -> Places:
        """Return the places of docs/design/architecture.md, "Files of a course"."""
        course, output = course.resolve(), output.resolve()
        return cls(
            course_id=course_id, source=course / "assignments", release=course / "release",
            submitted=output / "submitted", autograded=output / "autograded", feedback=output / "feedback",
            results=output / "results", database=output / "gradebook.db",
        )

    @property
    def root(self) -> Path:
        """nbgrader's course root: the output folder."""
        return self.database.parent

    def released(self, assignment: str) -> Path:
        """The released notebook."""
        return self.release / assignment / f"{assignment}.ipynb"

    def upload(self, student: str, assignment: str) -> Path:
        """The notebook that was handed in."""
        return self.submitted / student / assignment / f"{assignment}.ipynb"

    def executed(self, student: str, assignment: str) -> Path:
        """The notebook with what its run put out."""
        return self.results / student / assignment / "executed.ipynb"

    def scored(self, student: str, assignment: str) -> Path:
        """The notebook that formgrader shows."""
        return self.autograded / student / assignment / f"{assignment}.ipynb"


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside the place and rename, so that formgrader never opens half a notebook."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.partial")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
