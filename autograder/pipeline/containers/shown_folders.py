"""Folders that a job shows to a notebook, taken apart into files: a machine that has none of them makes them again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path, PurePosixPath

from autograder.container.wire import WireError
from autograder.model import Mount

Folders = Mapping[str, Mapping[str, str]]
"""Target of a folder → path inside it → digest of the file."""


def divide_mounts(mounts: Iterable[Mount]) -> tuple[tuple[Mount, ...], dict[str, dict[str, Path]]]:
    """Return the files among what a job shows, and of each folder its target → path inside it → file."""
    shown = tuple(mounts)
    folders = {mount.target: {path.relative_to(mount.source).as_posix(): path
                              for path in sorted(mount.source.rglob("*")) if path.is_file()}
               for mount in shown if mount.source.is_dir()}
    return tuple(mount for mount in shown if mount.target not in folders), folders


def make_folders(folders: Folders, file_of: Callable[[str], Path], place: Path) -> tuple[Mount, ...]:
    """Return the mounts of folders that are made from files.

    Args:
        file_of: returns the file with a digest.
        place: where they are made; the caller deletes it after the run.

    Raises:
        WireError: a path leaves its folder.
    """
    made = []
    for number, (target, files) in enumerate(folders.items()):
        folder = place / f"folder-{number}"
        folder.mkdir(parents=True)
        for name, digest in files.items():
            if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
                raise WireError(f"Expected a path inside a folder, but got {ascii(name)[:60]}; report it.")
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file_of(digest), path)
        made.append(Mount(source=folder, target=target))
    return tuple(made)
