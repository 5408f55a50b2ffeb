"""Artifacts that lie in a folder: regular files only, no links followed, nothing longer than asked for."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from autograder.errors import ArtifactError


class Folder:
    """A `Source` over one folder, without its subfolders. What cannot be listed counts as empty."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> tuple[str, ...]:
        """Return the names of all regular files."""
        try:
            with os.scandir(self._path) as entries:
                return tuple(sorted(entry.name for entry in entries if entry.is_file(follow_symlinks=False)))
        except OSError:
            return ()

    def read(self, name: str, limit: int) -> bytes:
        """Return the bytes of one file.

        Raises:
            ArtifactError: there is no such regular file, or it holds more than ``limit`` bytes.
        """
        try:
            # O_NONBLOCK: opening a pipe must not wait for a writer that never comes.
            descriptor = os.open(self._path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except (OSError, ValueError) as error:
            raise ArtifactError(
                f"Artifact {name} cannot be opened ({type(error).__name__}); it was left out."
            ) from None
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise ArtifactError(f"Expected a regular file as artifact {name}, got something else; it was left out.")
            content = stream.read(limit + 1)
        if len(content) > limit:
            raise ArtifactError(f"Expected at most {limit} bytes in artifact {name}, got more; it was left out.")
        return content
