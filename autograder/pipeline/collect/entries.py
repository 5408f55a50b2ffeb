"""One file of an upload as received, and how much may be read of a source."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import IO

from autograder.errors import SubmissionError
from autograder.pipeline.collect.times import Stamp
from autograder.workspace.file_names import CACHE, UPLOADS

NOTEBOOKS_PER_STUDENT = 10
"""How much one student's files may unpack to, in notebooks of the largest size."""
IGNORED = (
    "__MACOSX", "__pycache__", ".Trash", ".Trashes", ".Spotlight-V100", ".fseventsd", ".git", ".github", ".svn", ".hg",
    UPLOADS, CACHE, ".config", ".local", ".venv", ".env", ".conda", ".tox", ".npm", ".jupyter", ".ipython",
    ".virtual_documents", ".nbgrader", ".idea", ".vscode", ".mypy_cache", ".ruff_cache", ".pytest_cache",
)
"""Folders of programs and operating systems. Others that begin with a dot are looked into: a person's name may."""
CHECKPOINTS = ".ipynb_checkpoints"


@dataclass(kw_only=True)
class Budget:
    """How much is read of one source.

    ``left`` is how many bytes may still be unpacked for the current student. `restart` begins the next student, so that
    nobody uses up what the others need.
    """

    notebook: int
    archive: int
    files: int
    left: int = 0
    open_archive: list[zipfile.ZipFile] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    @property
    def student(self) -> int:
        """Bytes that one student's files may unpack to."""
        return min(self.archive, NOTEBOOKS_PER_STUDENT * self.notebook)

    def restart(self) -> None:
        """Begin with the next student."""
        self.left = self.student

    def keep_open(self, opened: list[zipfile.ZipFile]) -> None:
        """Remember the students' archive that is open, and close the one before it."""
        if opened is not self.open_archive:
            for archive in self.open_archive:
                archive.close()
            self.open_archive.clear()
            self.open_archive = opened

    def take(self, stream: IO[bytes], name: str, limit: int | None) -> bytes:
        """Read a file.

        Args:
            limit: bytes of a file that is not a student's, and so does not count; None: a notebook.

        Raises:
            SubmissionError: there are more, or the student's files unpack to more than is allowed.
        """
        if limit is not None:
            data = stream.read(limit + 1)
            if len(data) > limit:
                raise SubmissionError(too_large(name, limit))
            return data
        limit = self.notebook
        allowed = min(limit, self.left)
        data = stream.read(allowed + 1)
        if len(data) > limit:
            raise SubmissionError(too_large(name, limit))
        if len(data) > allowed:
            raise SubmissionError(f"{shown(name)} is refused: the whole upload unpacks to more than is allowed, so "
                                  f"hand in the one notebook that counts.")
        self.left -= len(data)
        return data


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file as received. ``parts`` name it, ``outer`` names the archive inside the source that contains it.

    ``load`` returns its bytes; with a number, at most that many, for a file that is not a student's. ``uid`` is the
    user who owns a file on disk. ``misplaced``: the path leads out of the archive, so no part of it can be trusted.

    ``stamp`` is the time that the source has for the file. Files in a student's own archive have the archive's time,
    since the student controls the times inside.
    """

    parts: tuple[str, ...]
    stamp: Stamp | None
    load: Callable[..., bytes]
    outer: tuple[str, ...] | None = None
    fault: str | None = None
    uid: int | None = None
    misplaced: bool = False

    @property
    def name(self) -> str:
        """The path as people see it: what cannot be printed or would change the order of letters is escaped."""
        own = "/".join(self.parts)
        return visible(own if self.outer is None else "/".join(self.outer) + " → " + own)

    @property
    def platform_parts(self) -> tuple[str, ...]:
        """The path without the part inside a student's archive."""
        return self.outer or self.parts

    @property
    def suffix(self) -> str:
        """The suffix of the name, in lower case; browsers turn ``.ipynb`` into ``.ipynb.txt``."""
        name = self.parts[-1].lower().rstrip(" .")
        if name.endswith((".ipynb.txt", ".ipynb.json")):
            return ".ipynb"
        return PurePosixPath(name).suffix


def visible(text: str) -> str:
    """Escape control, zero-width, bidirectional and broken characters."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def shown(name: str) -> str:
    """Return an untrusted name, quoted and safe to use in a sentence."""
    clean = visible(name)
    return f"'{clean if len(clean) <= 160 else clean[:80] + '…' + clean[-79:]}'"


def too_large(name: str, limit: int) -> str:
    size = f"{limit / 2**20:g} MiB"
    return f"{shown(name)} is larger than the {size} that are accepted: clear its outputs and hand it in again."


def is_checkpoint(parts: tuple[str, ...]) -> bool:
    """Whether a file is the copy of a notebook that Jupyter keeps in a hidden folder."""
    return len(parts) > 1 and parts[-2] == CHECKPOINTS and parts[-1].lower().endswith(".ipynb")


def is_hidden(parts: tuple[str, ...]) -> bool:
    """Whether a file is operating-system junk; a notebook whose own name begins with a dot is not."""
    *folders, name = parts
    if is_checkpoint(parts):
        folders.pop()
    if any(part in (*IGNORED, CHECKPOINTS) for part in folders) or name in IGNORED:
        return True
    return name.startswith("._") or (name.startswith(".") and not name.lower().endswith(".ipynb"))
