"""Writes folders that do not exist yet; never into one that does."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from autograder.errors import CourseError


def refuse_existing(path: Path, root: Path) -> None:
    """Raise where something has this name, in whatever capitals: some disks do not distinguish them.

    Raises:
        CourseError: a file, a folder or a link with this name exists.
    """
    there = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    same = [name for name in there if name.casefold() == path.name.casefold()]
    if same:
        shown = path.with_name(same[0])
        raise CourseError(f"{shown.relative_to(root)} exists already, and nothing is overwritten: choose another name, "
                          "or move it away.")


def write_folders(wanted: Mapping[Path, Mapping[str, bytes]]) -> None:
    """Write new folders with their files; each appears complete, and none stays where one cannot be written.

    Args:
        wanted: folder → relative path → content.
    """
    made: list[Path] = []
    try:
        for folder, files in wanted.items():
            folder.parent.mkdir(parents=True, exist_ok=True)
            partial = folder.with_name(f".{folder.name}.{os.getpid()}.{secrets.token_hex(4)}.partial")
            made.append(partial)
            partial.mkdir()
            for name, content in files.items():
                (partial / name).parent.mkdir(parents=True, exist_ok=True)
                (partial / name).write_bytes(content)
            partial.rename(folder)
            made[-1] = folder
    except BaseException:
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
        raise
