"""Writing so that a crash at any moment leaves either the old or the new, never half of one."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from autograder.errors import AutograderError, StorageError

ROOM: Final = 4 << 20
"""Bytes that must fit on the disk for a batch to begin or continue: about what one submission leaves."""
_PAUSE: Final = 0.25
_CAUSES: Final = {
    errno.ENOSPC: "has no space left; make room",
    errno.EDQUOT: "has no space left for this user; make room or have the quota raised",
    errno.EROFS: "is read-only; make it writable or name another folder with --output",
    errno.EACCES: "is closed to this user; change its rights or name another folder with --output",
    errno.EPERM: "is closed to this user; change its rights or name another folder with --output",
    errno.EIO: "fails (I/O error); have the disk looked at or name another folder with --output",
}


def write_atomically(path: Path, data: str | bytes) -> None:
    """Write a file under a temporary name in the same folder and rename it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}.partial")
    try:
        partial.write_bytes(data.encode() if isinstance(data, str) else data)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def replace_folder(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of ``folder`` when the block ends without an exception.

    The old folder is renamed away first and deleted last; `recover_folder` brings it back if the
    process died between the two renames.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.{secrets.token_hex(4)}.partial")
    fresh.mkdir()
    try:
        yield fresh
        old = folder.with_name(f".{folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def recover_folder(folder: Path) -> None:
    """Undo a half-done `replace_folder` and remove what earlier, dead attempts left next to ``folder``."""
    old = folder.with_name(f".{folder.name}.old")
    if old.exists() and not folder.exists():
        old.rename(folder)
    for leftover in folder.parent.glob(f".{folder.name}.*.partial"):
        shutil.rmtree(leftover, ignore_errors=True)


def disk_trouble(error: OSError, folder: Path | None = None) -> StorageError | None:
    """Return what to tell a user of an error that the disk's state explains, None for any other.

    Args:
        folder: what is needed; by default the folder of the file that the error names.
    """
    cause = _CAUSES.get(error.errno or 0)
    if cause is None:
        return None
    named = error.filename2 or error.filename
    place = folder or (Path(os.fsdecode(named)).parent if isinstance(named, str | bytes) else "in use")
    return StorageError(f"The folder {place} is needed, but it {cause}, and run the same command again.")


def require_room(folder: Path, *, patience: float = 0.0) -> None:
    """Write `ROOM` bytes into ``folder``, or to where it is yet to be made, and remove them again.

    Really writing is the only test that knows of quotas, read-only mounts and rights alike.

    Args:
        patience: seconds to wait for room; other submissions of the batch may be giving theirs back just now.

    Raises:
        StorageError: they cannot be written.
    """
    deadline = time.monotonic() + patience
    folder = next(place for place in (folder, *folder.absolute().parents) if place.is_dir())
    while True:
        try:
            write_atomically(folder / ".room", bytes(ROOM))
            (folder / ".room").unlink(missing_ok=True)
            return
        except OSError as error:
            trouble = disk_trouble(error, folder)
            if trouble is None:
                raise
            if error.errno not in (errno.ENOSPC, errno.EDQUOT) or time.monotonic() >= deadline:
                raise trouble from error
        time.sleep(_PAUSE)


@contextmanager
def exclusive(lock: Path, what: str) -> Iterator[None]:
    """Hold a lock file, so that two commands never write the same output folder at once.

    Raises:
        AutograderError: another process holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AutograderError(
                f"{what} needs {lock.parent} for itself, but another command is at work there; "
                "wait until it has ended and run the same command again."
            ) from None
        yield


def secret(path: Path) -> str:
    """Return the hex secret kept in ``path``, made once: which rows of arrays are sampled must not be guessable."""
    try:
        text = path.read_text().strip()
        if len(text) == 64:
            return text
    except FileNotFoundError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    text = secrets.token_hex(32)
    write_atomically(path, text)
    path.chmod(0o600)
    return text
