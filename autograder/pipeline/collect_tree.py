"""Files of an upload, from a folder or a zip, listed without unpacking and read only under limits.

Nothing is ever written under a name that an archive gives; declared sizes are looked at first, real ones counted.
"""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.errors import SubmissionError

MAX_DEPTH = 8
MAX_DIRECTORY = 16 * 2**20  # bytes of a zip's table of contents, which Python reads at once
Reopen = Callable[[], AbstractContextManager[zipfile.ZipFile]]
IGNORED = ("__MACOSX", "__pycache__")
# All that zipfile was seen to raise over crafted archives; a place beyond 2**63 is an OverflowError in memory only.
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OSError,
            ValueError, OverflowError)


@dataclass(kw_only=True)
class Budget:
    """What may still be unpacked from one source, in bytes; shared by all its entries."""

    notebook: int
    total: int
    files: int

    def take(self, stream: IO[bytes], name: str, limit: int) -> bytes:
        """Read at most ``limit`` bytes.

        Raises:
            SubmissionError: there are more, or the whole source unpacks to more than is allowed.
        """
        allowed = min(limit, self.total)
        data = stream.read(allowed + 1)
        if len(data) > limit:
            raise SubmissionError(_too_large(name, limit))
        if len(data) > allowed:
            raise SubmissionError(f"{shown(name)} is refused: the whole upload unpacks to more than is allowed.")
        self.total -= len(data)
        return data


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file as it came. ``parts`` name it, ``outer`` names the archive inside the source that holds it."""

    parts: tuple[str, ...]
    when: datetime | None
    load: Callable[[], bytes]
    outer: tuple[str, ...] | None = None
    fault: str | None = None

    @property
    def name(self) -> str:
        """The path as people see it."""
        own = "/".join(self.parts)
        # A name on disk may be any bytes, but a receipt is UTF-8.
        whole = own if self.outer is None else "/".join(self.outer) + " → " + own
        return whole.encode("utf-8", "replace").decode("utf-8")

    @property
    def suffix(self) -> str:
        """The ending of the name, in small letters."""
        return PurePosixPath(self.parts[-1]).suffix.lower()


def shown(name: str) -> str:
    """Return a name that came from outside, fit for a sentence."""
    clean = "".join(char if char.isprintable() else "?" for char in name)
    return repr(clean if len(clean) <= 160 else clean[:80] + "…" + clean[-79:])


def _too_large(name: str, limit: int) -> str:
    size = f"{limit / 2**20:g} MiB"
    return f"{shown(name)} is larger than the {size} that are accepted: clear its outputs and hand it in again."


def list_entries(source: Path, budget: Budget, stack: ExitStack) -> Iterator[Entry]:
    """List the files of a folder or a zip; a zip inside is looked into once, deeper ones are refused.

    Args:
        stack: keeps the source open until its entries have been loaded.

    Raises:
        SubmissionError: the source itself is no folder and no usable zip, or holds too many files.
    """
    for entry in _folder(source, budget) if source.is_dir() else _zip_file(source, budget, stack):
        for found in _inner_zip(entry, budget) if entry.suffix == ".zip" and entry.fault is None else (entry,):
            budget.files -= 1
            if budget.files < 0:
                name = shown(source.name)
                raise SubmissionError(f"{name} holds more files than 'collect.files' in course.yml: split it.")
            yield found


def _hidden(parts: tuple[str, ...]) -> bool:
    return any(part.startswith(".") or part in IGNORED for part in parts)


def _folder(root: Path, budget: Budget, parts: tuple[str, ...] = ()) -> Iterator[Entry]:
    try:
        with os.scandir(root.joinpath(*parts)) as found:
            names = sorted(found, key=lambda item: item.name)
    except OSError as error:
        name = shown("/".join(parts) or root.name)
        fault = f"{name} is a folder that cannot be read ({error.strerror}): check its permissions."
        if not parts:
            raise SubmissionError(fault) from None
        yield Entry(parts=parts, when=None, load=lambda: b"", fault=fault)
        return
    for item in names:
        path = (*parts, item.name)
        if _hidden((item.name,)):
            continue
        if item.is_dir(follow_symlinks=False):
            if len(path) < MAX_DEPTH:
                yield from _folder(root, budget, path)
        else:
            yield _file_entry(root, path, item, budget)


def _file_entry(root: Path, parts: tuple[str, ...], item: os.DirEntry[str], budget: Budget) -> Entry:
    status, fault = item.stat(follow_symlinks=False), None
    name = "/".join(parts)
    if stat.S_ISLNK(status.st_mode):
        fault = f"{shown(name)} is a link, and links are not followed: hand in the file itself."
    elif not stat.S_ISREG(status.st_mode):
        fault = f"{shown(name)} is no plain file: hand in the .ipynb itself."

    def load() -> bytes:
        # Without blocking on a pipe or following a link that took the file's place meanwhile.
        try:
            handle = os.open(root.joinpath(*parts), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise SubmissionError(f"{shown(name)} cannot be read ({error.strerror}): check its permissions.") from None
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise SubmissionError(f"{shown(name)} is no plain file: hand in the .ipynb itself.")
            return budget.take(stream, name, budget.notebook)

    return Entry(parts=parts, when=datetime.fromtimestamp(status.st_mtime, UTC), load=load, fault=fault)


def _zip_file(source: Path, budget: Budget, stack: ExitStack) -> Iterator[Entry]:
    try:
        stream = stack.enter_context(source.open("rb"))
    except OSError as error:
        name = shown(source.name)
        raise SubmissionError(f"{name} cannot be read ({error.strerror}): name a folder or a zip.") from None
    size = os.fstat(stream.fileno()).st_size
    if size > budget.total:
        raise SubmissionError(_too_large(source.name, budget.total))
    archive = stack.enter_context(_open_zip(stream, source.name))
    yield from _zip(archive, source.name, budget, None, lambda: nullcontext(archive))


def _inner_zip(entry: Entry, budget: Budget) -> Iterator[Entry]:
    def reopen() -> zipfile.ZipFile:
        # Read again rather than kept: a class of archives would fill the memory. Counted the first time only.
        left = budget.total
        data = entry.load()
        budget.total = left
        return _open_zip(io.BytesIO(data), entry.name)

    try:
        with _open_zip(io.BytesIO(entry.load()), entry.name) as archive:
            for inner in _zip(archive, entry.name, budget, entry.parts, reopen):
                nested = inner.suffix == ".zip" and inner.fault is None
                fault = f"{shown(inner.name)} is an archive inside an archive: hand in the .ipynb itself."
                yield replace(inner, fault=fault) if nested else inner
    except SubmissionError as error:
        yield replace(entry, fault=str(error))


def _open_zip(stream: IO[bytes], name: str) -> zipfile.ZipFile:
    try:
        _check_directory(stream, name)
        return zipfile.ZipFile(stream)
    except _DAMAGED:
        raise SubmissionError(f"{shown(name)} is no zip archive that can be read: make or download it again.") from None


def _zip(
    archive: zipfile.ZipFile, name: str, budget: Budget, outer: tuple[str, ...] | None, reopen: Reopen
) -> Iterator[Entry]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > budget.files:
        raise SubmissionError(f"{shown(name)} holds {len(infos)} files, more than are accepted: split it.")
    for info in infos:
        parts = tuple(part for part in info.filename.replace("\\", "/").split("/") if part not in ("", "."))
        if parts and not _hidden(tuple(part for part in parts if part != "..")):
            yield _zip_entry(info, parts, budget, outer, reopen)


def _check_directory(stream: IO[bytes], name: str) -> None:
    """Look up how large the table of contents says it is: zipfile would load it whole."""
    size = stream.seek(0, io.SEEK_END)
    tail_size = min(size, 22 + 65535 + 20)
    stream.seek(size - tail_size)
    tail = stream.read(tail_size)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) - end < 22:
        raise zipfile.BadZipFile
    (directory,) = struct.unpack_from("<L", tail, end + 12)
    if end >= 20 and tail[end - 20 : end - 16] == b"PK\x06\x07":
        (offset,) = struct.unpack_from("<Q", tail, end - 12)
        stream.seek(offset)
        record = stream.read(56)
        if len(record) == 56 and record[:4] == b"PK\x06\x06":
            (directory,) = struct.unpack_from("<Q", record, 40)
    stream.seek(0)
    if directory > MAX_DIRECTORY:
        raise SubmissionError(f"{shown(name)} has a table of contents that is far too large: make the archive again.")


def _zip_entry(info: zipfile.ZipInfo, parts: tuple[str, ...], budget: Budget, outer: tuple[str, ...] | None,
               reopen: Reopen) -> Entry:
    name = info.filename

    def load() -> bytes:
        try:
            with reopen() as archive, archive.open(info) as stream:
                return budget.take(stream, name, budget.notebook)
        except _DAMAGED:
            raise SubmissionError(f"{shown(name)} is damaged inside its archive: make the archive again.") from None

    try:
        when = datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        when = None
    return Entry(parts=parts, outer=outer, when=when, load=load, fault=_zip_fault(info, budget))


def _zip_fault(info: zipfile.ZipInfo, budget: Budget) -> str | None:
    name, raw = shown(info.filename), info.filename
    steps = raw.replace("\\", "/").split("/")
    if raw.startswith(("/", "\\")) or raw[1:2] == ":" or ".." in steps or "\0" in info.orig_filename:
        return f"{name} names a place outside its archive, and that is refused: make a plain zip of the folder."
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return f"{name} is a link or a special file, and those are refused: hand in the file itself."
    if info.flag_bits & 0x1:
        return f"{name} is encrypted: make the archive without a password."
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # LZMA may ask for gigabytes of dictionary before the first byte.
        return f"{name} is packed in an unusual way: make the archive with the ordinary zip method."
    if info.file_size > budget.notebook and PurePosixPath(raw).suffix.lower() in (".ipynb", ".zip"):
        return _too_large(raw, budget.notebook)
    return None
