"""Files of an upload, from a folder or a zip, listed without unpacking and read only within limits.

Nothing is ever written under a name that an archive gives. Declared sizes are checked first, real ones while reading.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from autograder.errors import SubmissionError
from autograder.model import TimeSource
from autograder.pipeline.collect.entries import Budget, Entry, is_hidden, shown
from autograder.pipeline.collect.times import Stamp
from autograder.pipeline.collect.zips import inner_zip, zip_file

MAX_DEPTH = 16
MAX_NAME = 1000  # characters of a path; a zip allows 65,535


def list_entries(
    source: Path, budget: Budget, stack: ExitStack, *, paths: Collection[tuple[str, ...]] | None = None
) -> Iterator[Entry]:
    """List the files of a folder or a zip, and of the zips in it; zips inside those are refused.

    Args:
        stack: keeps the source open until its entries have been loaded.
        paths: the files of a folder to list, each as its parts; None: all of them.

    Raises:
        SubmissionError: the source is neither a folder nor a usable zip, or contains too many files.
    """
    unpacked: dict[tuple[str, ...], int] = {}
    listed = _chosen(_folder(source, budget), paths) if source.is_dir() else zip_file(source, budget, stack)
    for number, entry in enumerate(listed):
        if number >= budget.files:
            name = shown(source.name)
            raise SubmissionError(f"{name} holds more files than 'collect.files' in course.yml: split it.")
        if sum(map(len, entry.parts)) > MAX_NAME:
            fault = f"{shown(entry.name)} has a name of more than {MAX_NAME} characters: shorten it."
            yield replace(entry, fault=fault)
        elif entry.suffix == ".zip" and entry.fault is None:
            yield from inner_zip(entry, budget, unpacked)
        else:
            yield entry


def _chosen(entries: Iterator[Entry], paths: Collection[tuple[str, ...]] | None) -> Iterator[Entry]:
    return entries if paths is None else (entry for entry in entries if entry.parts in paths)


def _folder(root: Path, budget: Budget, parts: tuple[str, ...] = ()) -> Iterator[Entry]:
    try:
        with os.scandir(root.joinpath(*parts)) as found:
            names = sorted(found, key=lambda item: item.name)
    except OSError as error:
        name = shown("/".join(parts) or root.name)
        fault = f"{name} is a folder that cannot be read ({error.strerror}): check its permissions."
        if not parts:
            raise SubmissionError(fault) from None
        yield Entry(parts=parts, stamp=None, load=lambda: b"", fault=fault)
        return
    for item in names:
        path = (*parts, item.name)
        is_folder = item.is_dir(follow_symlinks=False)
        if is_hidden((item.name, "x.ipynb") if is_folder else path[-2:]):
            continue
        if not is_folder:
            yield _file_entry(root, path, item, budget)
        elif len(path) < MAX_DEPTH:
            yield from _folder(root, budget, path)
        else:
            fault = f"{shown('/'.join(path))} is more than {MAX_DEPTH} folders deep: hand in the .ipynb itself."
            yield Entry(parts=path, stamp=None, load=lambda: b"", fault=fault)


def _open_below(root: Path, parts: tuple[str, ...]) -> int:
    """Open a file without blocking on a pipe, or following a link that has replaced it or a folder above it since.

    Students may write into a folder that is being watched.
    """
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(parts[-1], os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    finally:
        os.close(folder)


def _file_entry(root: Path, parts: tuple[str, ...], item: os.DirEntry[str], budget: Budget) -> Entry:
    status, fault = item.stat(follow_symlinks=False), None
    name = "/".join(parts)
    if stat.S_ISLNK(status.st_mode):
        fault = f"{shown(name)} is a link, and links are not followed: hand in the file itself."
    elif not stat.S_ISREG(status.st_mode):
        fault = f"{shown(name)} is not a regular file: hand in the .ipynb itself."

    def load(limit: int | None = None) -> bytes:
        try:
            handle = _open_below(root, parts)
        except OSError as error:
            raise SubmissionError(f"{shown(name)} cannot be read ({error.strerror}): check its permissions.") from None
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise SubmissionError(f"{shown(name)} is not a regular file: hand in the .ipynb itself.")
            return budget.take(stream, name, limit)

    try:
        changed = datetime.fromtimestamp(status.st_mtime, UTC)
    except (OverflowError, ValueError, OSError):
        changed = None
    stamp = Stamp(moment=changed, source=TimeSource.FILE) if changed else None
    return Entry(parts=parts, stamp=stamp, load=load, fault=fault, uid=status.st_uid)
