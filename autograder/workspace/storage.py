"""Writes files so that a crash at any moment leaves either the old or the new state, never a part of it."""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from autograder.errors import AutograderError, StorageError

ROOM: Final = 4 << 20
"""Bytes that must fit on the disk for a batch to begin or continue: about the files of one submission."""
_PAUSE: Final = 0.25
_LONGEST_HOLDER: Final = 100
_CAUSES: Final = {
    errno.ENOSPC: "has no space left; make room",
    errno.EDQUOT: "has no space left for this user; make room or have the quota raised",
    errno.EROFS: "is read-only; make it writable or name another folder with --output",
    errno.EACCES: "is not writable for this user; change its permissions or name another folder with --output",
    errno.EPERM: "is not writable for this user; change its permissions or name another folder with --output",
    errno.EIO: "fails (I/O error); check the disk or name another folder with --output",
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
def replace_folder(folder: Path, *, keep: Sequence[str] = ()) -> Iterator[Path]:
    """Yield an empty folder that replaces ``folder`` when the block ends without an exception.

    The old folder is renamed away first and deleted last; `recover_folder` brings it back if the
    process died between the two renames.

    Args:
        keep: names of files that are taken over from the old folder, whatever the block wrote.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}.{secrets.token_hex(4)}.partial")
    fresh.mkdir()
    try:
        yield fresh
        for name in keep:
            (fresh / name).unlink(missing_ok=True)
            if (folder / name).is_file():
                shutil.copyfile(folder / name, fresh / name)
        old = folder.with_name(f".{folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def recover_folder(folder: Path) -> None:
    """Undo an interrupted `replace_folder` and remove what earlier interrupted attempts left next to ``folder``."""
    old = folder.with_name(f".{folder.name}.old")
    if old.exists() and not folder.exists():
        old.rename(folder)
    for leftover in folder.parent.glob(f".{folder.name}.*.partial"):
        shutil.rmtree(leftover, ignore_errors=True)


def link_or_copy(source: str, target: str) -> str:
    """Give a file that nobody changes a second name, or copy it where links are impossible; return ``target``.

    A link is never followed. The signature is that of the ``copy_function`` of `shutil.copytree`.
    """
    try:
        os.link(source, target, follow_symlinks=False)
        return target
    except OSError:  # another file system, or one without links
        return str(shutil.copy2(source, target, follow_symlinks=False))


def disk_trouble(error: OSError, folder: Path | None = None) -> StorageError | None:
    """Return the error for the user where the state of the disk explains it, None for any other.

    Args:
        folder: the folder that is needed; by default that of the file that the error names.
    """
    cause = _CAUSES.get(error.errno or 0)
    if cause is None:
        return None
    named = error.filename2 or error.filename
    place = folder or (Path(os.fsdecode(named)).parent if isinstance(named, str | bytes) else "in use")
    return StorageError(f"The folder {place} is needed, but it {cause}, and run the same command again.")


def require_room(folder: Path, *, patience: float = 0.0) -> None:
    """Write `ROOM` bytes into ``folder``, or where it will be created, and remove them again.

    Actually writing is the only test that covers quotas, read-only mounts and permissions alike.

    Args:
        patience: seconds to wait for space; other submissions of the batch may be about to free theirs.

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
    """Lock a file, so that two commands never write the same output folder at the same time.

    The file says who has locked it, for the message of the other command.

    Args:
        what: the command's activity, such as "Grading".

    Raises:
        AutograderError: another process holds it.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", errors="replace") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.seek(0)
            who = "".join(filter(str.isprintable, handle.read(_LONGEST_HOLDER)))
            raise AutograderError(
                f"{what} needs {lock.parent} for itself, but another command is using it{who and f' ({who})'}; "
                "wait until it has ended and run the same command again."
            ) from None
        with suppress(OSError):  # a full disk is reported where something is lost by it
            os.ftruncate(handle.fileno(), 0)
            os.write(handle.fileno(), f"{what}, process {os.getpid()}".encode())
        yield


def secret(path: Path) -> str:
    """Return the hex secret in ``path``, created once, so that nobody can guess which rows of arrays are sampled."""
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
