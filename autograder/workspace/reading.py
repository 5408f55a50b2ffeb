"""Reads files and folders of a course, within limits and without following links out of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import ValidationError

from autograder.course import MAX_PEOPLE_BYTES, PEOPLE_FILE, Person, parse_people
from autograder.errors import CourseError
from autograder.model import Receipt

MAX_RECEIPT = 2**20


def digest(data: bytes) -> str:
    """Return the SHA-256 of an upload, in hex."""
    return hashlib.sha256(data).hexdigest()


def read_receipt(path: Path) -> Receipt | None:
    """Return a stored receipt, or None where none can be read."""
    try:
        if path.is_symlink() or path.stat().st_size > MAX_RECEIPT:
            return None
        return Receipt.from_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def read_text(path: Path, limit: int) -> str:
    """Return a file's text, reading at most ``limit`` + 1 bytes."""
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CourseError(f"{path.name} must be UTF-8 text, but byte {error.start} is not: save it as UTF-8.") from None


def read_if_there(path: Path, shown: str, limit: int, advice: str) -> str | None:
    """Return the text of a file that a course may have, None where there is none.

    Args:
        shown: its name for messages.
        limit: bytes that it may have.
        advice: what a larger one means, or what to do.

    Raises:
        CourseError: it cannot be read, is no UTF-8 or too large.
    """
    try:
        text = read_text(path, limit)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CourseError(f"{shown} cannot be read ({error.strerror}): check its permissions.") from None
    if len(text.encode()) > limit:
        size = f"{limit >> 20} MiB" if limit >> 20 else f"{limit >> 10} KiB"
        raise CourseError(f"{shown} may have at most {size}: {advice}.")
    return text


def inside(root: Path, path: Path) -> Path:
    """Return ``path`` with its links followed.

    Raises:
        CourseError: a link leads out of ``root``.
    """
    resolved = path.resolve()
    if not resolved.is_relative_to(root.resolve()):
        raise CourseError(f"{path.relative_to(root)} must be in the course, but a link leads out of it: copy it here.")
    return resolved


def entries(folder: Path) -> list[Path]:
    """Return folders, and links that may be folders."""
    if not folder.is_dir():
        return []
    return [entry for entry in sorted(folder.iterdir()) if entry.is_dir() or entry.is_symlink()]


def folders(folder: Path) -> list[Path]:
    """Return real folders; links do not count."""
    if not folder.is_dir():
        return []
    return [entry for entry in sorted(folder.iterdir()) if entry.is_dir() and not entry.is_symlink()]


def is_file(path: Path) -> bool:
    """Whether there is a real file; links do not count."""
    return path.is_file() and not path.is_symlink()


def read_people(root: Path) -> tuple[Person, ...] | None:
    """Return what ``students.csv`` says; None where there is none."""
    text = read_if_there(inside(root, root / PEOPLE_FILE), PEOPLE_FILE, MAX_PEOPLE_BYTES,
                         "it cannot be the list of one class")
    return None if text is None else parse_people(text)
