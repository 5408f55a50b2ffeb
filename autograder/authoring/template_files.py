"""The templates as files of this package: read, with ``<<name>>`` replaced."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"
COURSE: Final = TEMPLATES / "course"
ASSIGNMENTS: Final = TEMPLATES / "assignments"
SUFFIX: Final = ".template"
"""Of files that would otherwise be taken for modules, tests or settings of this package itself."""


def kinds() -> tuple[str, ...]:
    """Return what a new assignment can be like; nothing in the container, which has no templates."""
    return tuple(sorted(folder.name for folder in ASSIGNMENTS.glob("*") if folder.is_dir()))


def read_template(path: Path, values: Mapping[str, str] | None = None) -> str:
    """Return the text of a template, each ``<<name>>`` replaced by its value."""
    text = path.read_text(encoding="utf-8")
    for name, value in (values or {}).items():
        text = text.replace(f"<<{name}>>", value)
    return text


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, by relative path; caches of Python and Jupyter are left out."""
    return {path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)}
