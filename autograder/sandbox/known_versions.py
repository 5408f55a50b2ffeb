"""The versions of what children compute with, known before the warm process has imported it.

Importing takes seconds, and whoever only judges stored work again needs nothing but these names. They are kept in a
file, under a digest of the installation: the packages in each folder of Python's path, and when a folder last changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from autograder.workspace.storage import write_atomically

_PACKAGES = frozenset({".dist-info", ".egg-info", ".pth", ".egg-link"})


def package_versions(names: Sequence[str]) -> dict[str, str]:
    """Return package → version of those that are installed here, and so in children."""
    if not names:
        return {}
    from autograder.installed import versions_of

    return versions_of(names)


class KnownVersions:
    """The versions that one file keeps; without a file, only those of this process's own pool."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._found: dict[str, str] = {}

    def get(self) -> dict[str, str]:
        """Return the versions of this installation, empty if they are not known."""
        self._found = self._found or self._read()
        return self._found

    def keep(self, versions: Mapping[str, str]) -> None:
        """Keep what a warm process has said, for this installation only; a folder that is read-only is no error."""
        if self._file is not None and self._read() != versions:
            with suppress(OSError):
                write_atomically(self._file, json.dumps({_installation(): dict(versions)}))
        self._found = dict(versions)

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads(self._file.read_bytes()) if self._file is not None else {}
        except (OSError, ValueError):
            return {}
        found = kept.get(_installation()) if isinstance(kept, dict) else None
        if not isinstance(found, dict) or "keras" not in found:
            return {}
        return {str(name): str(version) for name, version in found.items()}


def _installation() -> str:
    described = [sys.version, sys.executable, os.environ.get("KERAS_BACKEND", "")]
    for folder in map(Path, sys.path):
        with suppress(OSError):
            names = sorted(path.name for path in folder.iterdir() if path.suffix in _PACKAGES)
            if names:  # others, such as the current folder, say nothing about what is installed
                described += [str(folder), str(folder.stat().st_mtime_ns), *names]
    return hashlib.sha256("\n".join(described).encode()).hexdigest()
