"""A folder of artifacts on disk, read without trusting anything in it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from autograder.errors import ArtifactError

MAX_FILES = 20_000


class FolderSource:
    """An `autograder.artifacts.Source` over one flat folder: only regular files, no links, and no waiting for pipes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self) -> tuple[str, ...]:
        """Return the names of the regular files, sorted; empty where there is no such folder."""
        try:
            with os.scandir(self._path) as entries:
                found = [entry.name for entry in entries if entry.is_file(follow_symlinks=False)]
        except (FileNotFoundError, NotADirectoryError):
            return ()
        return tuple(sorted(found)[:MAX_FILES])

    def read(self, name: str, limit: int) -> bytes:
        """Return the bytes of one file.

        Raises:
            ArtifactError: there is no such regular file, or it has more than ``limit`` bytes.
        """
        if name in ("", ".", "..") or "/" in name or "\0" in name:
            raise ArtifactError(f"Expected a plain file name among the artifacts, got {name[:60]!r}: it was not read.")
        try:
            # O_NONBLOCK: opening a named pipe would wait forever for its writer.
            descriptor = os.open(self._path / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            raise ArtifactError(f"Expected a regular file {name} among the artifacts; it cannot be opened.") from None
        try:
            return _regular(descriptor, name, limit)
        finally:
            os.close(descriptor)


def _regular(descriptor: int, name: str, limit: int) -> bytes:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        raise ArtifactError(f"Expected a regular file {name} among the artifacts, got another kind: it was not read.")
    if status.st_size > limit:
        raise ArtifactError(f"Expected at most {limit} bytes in {name}, got {status.st_size}: it was not read.")
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        # Not more than the checked size, even if the file still grows.
        return file.read(status.st_size)
