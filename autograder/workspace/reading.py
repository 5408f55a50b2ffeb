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
    path = root / PEOPLE_FILE
    try:
        text = read_text(inside(root, path), MAX_PEOPLE_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CourseError(f"{PEOPLE_FILE} cannot be read ({error.strerror}): check its permissions.") from None
    if len(text.encode()) > MAX_PEOPLE_BYTES:
        raise CourseError(f"{PEOPLE_FILE} may have at most {MAX_PEOPLE_BYTES >> 20} MiB: it cannot be the list of one "
                          "class.")
    return parse_people(text)
