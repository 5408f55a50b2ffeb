"""Reads ``course.yml`` for code that nbgrader calls by name and that is given no more than a folder."""

from __future__ import annotations

from pathlib import Path

from autograder.course import Course, parse
from autograder.errors import GradebookError

FILE = "course.yml"


def read_course(folder: str | Path) -> Course:
    """Return the course in ``folder``.

    Raises:
        GradebookError: there is no ``course.yml`` that can be read.
        CourseError: it is not as it should be.
    """
    root = Path(folder or ".")
    try:
        text = (root / FILE).read_text(encoding="utf-8-sig")
        folders = [entry.name for entry in (root / "assignments").iterdir() if entry.is_dir()]
    except (OSError, UnicodeDecodeError) as error:
        raise GradebookError(f"The late rule is in {root / FILE}, which cannot be read ({error}); "
                             "name the course folder in nbgrader_config.py.") from None
    return parse(text, folders=folders)
