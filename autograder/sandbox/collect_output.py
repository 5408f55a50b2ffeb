"""Copies what a child left in `.out/` to the host: regular files with flat names, within limits, all or nothing."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_CHUNK: Final = 1 << 20
_OUT: Final = ".out"
# formgrader serves a course's files to browsers by their suffix, and executes a folder's nbgrader_config.py.
_KINDS: Final = frozenset(("", ".bin", ".json", ".jsonl", ".npy", ".npz", ".txt"))
# Errors of a full or failing host disk: the grader's problem, never a reason to drop a student's file.
_HOST: Final = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO))
_NAMED: Final = 5  # skipped files that a flag names; the others are only counted


@dataclass(frozen=True)
class Caps:
    """How much may be copied; sizes in bytes."""

    file: int
    total: int
    files: int


Mark = tuple[int, int, int]
"""Inode, size and change time of a file: they show whether it was replaced or written to."""


def harvest(scratch: int, into: Path, caps: Caps) -> tuple[str, ...]:
    """Copy the child's output folder, found below the descriptor ``scratch``, to the new folder ``into``.

    ``into`` appears in one step, complete, and replaces what was there before. The child must be dead.

    Returns:
        Sentences for staff about what was left out.

    Raises:
        OSError: the host's disk is full, read-only or failing; no partial copy is left behind.
    """
    taking = Harvest(into, caps)
    try:
        taking.rest(scratch)
        return taking.finish()
    finally:
        taking.close()


class Harvest:
    """Copies the files of one child: some while it waits, the rest once it is dead. The first copy of a file counts.

    Only `finish` makes ``into`` appear; calling `close` afterwards is harmless.
    """

    def __init__(self, into: Path, caps: Caps) -> None:
        """Create the folder that files are copied to.

        Raises:
            OSError: the host's disk refuses; the copying methods raise it too.
        """
        into.parent.mkdir(parents=True, exist_ok=True)
        for stale in into.parent.glob(f".{glob.escape(into.name)}.partial-*"):
            shutil.rmtree(stale, ignore_errors=True)  # left by a grader that was killed at this point
        self._into, self._caps = into, caps
        self._partial = Path(tempfile.mkdtemp(prefix=f".{into.name}.partial-", dir=into.parent))
        self._partial.chmod(0o755)
        self._skipped: list[str] = []
        self._known: dict[tuple[int, int], Path] = {}
        self._total = self._copied = 0
        self._decided: set[str] = set()

    def take(self, folder: int, name: str) -> None:
        """Copy one file of the output folder, given as a descriptor; only the first call for a name has an effect."""
        if name in self._decided:
            return
        self._decided.add(name)
        reason: str | None = "too many files"
        if self._copied < self._caps.files:
            room = min(self._caps.file, self._caps.total - self._total)
            size, reason = _copy(folder, name, self._partial, room, self._known)
            self._total += size
        self._copied += reason is None
        if reason is not None:
            self._skipped.append(f"{name[:60]!a} ({reason})")

    def leave(self, name: str, reason: str) -> None:
        """Leave a file out; later copies of that name are ignored."""
        if name not in self._decided:
            self._decided.add(name)
            self._skipped.append(f"{name[:60]!a} ({reason})")

    def write(self, name: str, content: bytes) -> None:
        """Append to a file of the supervisor's own; the child's file of that name, if any, is left out."""
        self._decided.add(name)
        with (self._partial / name).open("ab") as sink:
            sink.write(content)

    def rest(self, scratch: int) -> None:
        """Copy all files that were neither copied nor left out yet; the child must be dead."""
        try:
            folder = output_folder(scratch)
        except FileNotFoundError:
            return
        except OSError as error:
            self._skipped.append(f"all of it ({error.strerror})")
            return
        try:
            for name in sorted(os.listdir(folder)):  # noqa: PTH208  (of a descriptor)
                self.take(folder, name)
        finally:
            os.close(folder)

    def finish(self) -> tuple[str, ...]:
        """Move the folder into place; returns sentences for staff about what was left out."""
        _put_in_place(self._partial, self._into)
        if not self._skipped:
            return ()
        more = f" and {len(self._skipped) - _NAMED} more" if len(self._skipped) > _NAMED else ""
        return (f"Left out of the output folder: {'; '.join(self._skipped[:_NAMED])}{more}.",)

    def close(self) -> None:
        """Delete what was copied, unless it was moved into place."""
        shutil.rmtree(self._partial, ignore_errors=True)


def output_folder(scratch: int) -> int:
    """Open the output folder below a scratch folder's descriptor.

    Raises:
        OSError: it is missing, or is not a folder but a link or a file.
    """
    _give_rights(scratch)
    return _open(_OUT, os.O_RDONLY | os.O_DIRECTORY, scratch)


def mark(folder: int, name: str) -> Mark | None:
    """Return a file's current mark; None if there is no regular file of that name."""
    try:
        facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None
    return (facts.st_ino, facts.st_size, facts.st_ctime_ns) if stat.S_ISREG(facts.st_mode) else None


def _put_in_place(partial: Path, into: Path) -> None:
    old: Path | None = None
    if into.exists() or into.is_symlink():
        old = Path(tempfile.mkdtemp(prefix=f".{into.name}.partial-", dir=into.parent))
        into.rename(old / "was")
    partial.rename(into)
    if old is not None:
        shutil.rmtree(old, ignore_errors=True)


def _copy(
    folder: int, name: str, partial: Path, room: int, known: dict[tuple[int, int], Path]
) -> tuple[int, str | None]:
    """Copy one file; returns its size in bytes and, if it was left out, the reason.

    ``known`` maps each file to its copy, so that a file with two names is not copied twice.
    """
    unusable = _unusable(name)
    if unusable is not None:
        return 0, unusable
    try:
        # Non-blocking, since a FIFO would wait forever for a writer. lstat first: opening a device can have effects.
        kind = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if not stat.S_ISREG(kind):
            return 0, "not a regular file"
        source = _open(name, os.O_RDONLY | os.O_NONBLOCK, folder)
    except OSError as error:
        return 0, f"cannot be read: {error.strerror}"
    try:
        facts = os.fstat(source)
        if not stat.S_ISREG(facts.st_mode):
            return 0, "not a regular file"
        if facts.st_size > room:
            return 0, f"{facts.st_size} bytes are over the limit"
        return _take(source, facts, partial / name, known), None
    except OSError as error:
        if error.errno in _HOST:
            raise
        (partial / name).unlink(missing_ok=True)
        return 0, f"cannot be read: {error.strerror}"
    finally:
        os.close(source)


def _unusable(name: str) -> str | None:
    """Return why no file of this name is copied, None where its name is fine."""
    try:
        encoded = name.encode("utf-8")
    except UnicodeEncodeError:
        return "name is not UTF-8"
    if len(encoded) > 200 or not name.isprintable():
        return "name cannot be used"
    if Path(name).suffix.lower() not in _KINDS:
        return "not a kind of file that a notebook's record has"
    return None


def _take(source: int, facts: os.stat_result, target: Path, known: dict[tuple[int, int], Path]) -> int:
    """Copy an open file, or link to the earlier copy if it has a second name. Returns its size in bytes."""
    first = known.setdefault((facts.st_dev, facts.st_ino), target)
    if first != target:
        with contextlib.suppress(OSError):  # no hard links here, or the first copy failed: copy instead
            target.hardlink_to(first)
            return facts.st_size
    return _pour(source, target, facts.st_size)


def _open(name: str, flags: int, folder: int) -> int:
    """Open a file that is no link, after restoring rights that the child removed (only root can do without them)."""
    try:
        return os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except PermissionError:
        handle = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
        try:
            _give_rights(handle)
        finally:
            os.close(handle)
        return os.open(name, flags | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)


def _give_rights(handle: int) -> None:
    """Give the owner all rights; ``handle`` may have been opened with ``O_PATH``."""
    with contextlib.suppress(OSError):  # not our file, or it has no mode: opening it fails then
        mode = stat.S_IMODE(os.fstat(handle).st_mode)
        if mode & stat.S_IRWXU != stat.S_IRWXU:
            Path(f"/proc/self/fd/{handle}").chmod(mode | stat.S_IRWXU)


def _pour(source: int, target: Path, size: int) -> int:
    written = 0
    with target.open("xb") as sink:
        while written < size:
            block = os.read(source, min(_CHUNK, size - written))
            if not block:
                break
            sink.write(block)
            written += len(block)
    return written
