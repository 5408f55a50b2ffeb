"""`autograder new course`: the folders and files of a course, ready for its first assignment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from autograder import __version__
from autograder.authoring.new_files import refuse_existing, write_folders
from autograder.authoring.template_files import COURSE, SUFFIX, read_template
from autograder.course import is_assignment_id, parse
from autograder.errors import CourseError

FILES: Final = {
    "course.yml": "course.yml", "nbgrader_config.py": "nbgrader_config.py", ".gitignore": "gitignore",
    "Makefile": "Makefile", "requirements.txt": "requirements.txt", "README.md": "README.md",
    ".github/workflows/check.yml": "workflow.yml",
}
"""File of the course → its template."""
EMPTY: Final = ("assignments", "release", "reference", "tests/hidden")
"""Folders of a course without assignments; git keeps no empty folder, so each has a hidden file."""


def create_course(parent: Path, name: str, *, title: str | None = None) -> Path:
    """Write the folder of a new course and return it.

    Args:
        parent: where the folder is made.
        name: of the folder, and the course's id in nbgrader.
        title: what students see; None: the name in words.

    Raises:
        CourseError: the name cannot be a course's id, or something with this name exists.
    """
    if not is_assignment_id(name):
        raise CourseError(f"A course is named by at most 64 letters, digits, _ and -, beginning with a letter or "
                          f"digit, but {name[:80]!r} was given: the title may be anything, with --title.")
    parent = parent.resolve()
    refuse_existing(parent / name, parent)
    shown = title or words(name)
    values = {"id": quoted(name), "title": quoted(shown), "heading": " ".join(shown.split()), "version": __version__}
    files = {path: read_template(COURSE / f"{template}{SUFFIX}", values).encode() for path, template in FILES.items()}
    parse(files["course.yml"].decode(), folders=())
    write_folders({parent / name: files | {f"{folder}/.gitkeep": b"" for folder in EMPTY}})
    return parent / name


def words(name: str) -> str:
    """Return a name as a title: ``intro-to-networks`` is "Intro to networks"."""
    spaced = " ".join(name.replace("_", " ").replace("-", " ").split()) or name
    return spaced[:1].upper() + spaced[1:]


def quoted(text: str) -> str:
    """Return a text as YAML; JSON's quotation marks are YAML's, too."""
    return json.dumps(text, ensure_ascii=False)
