"""Zips of a whole class and of one student: crafted ones are refused by their declared sizes, before unpacking."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.errors import SubmissionError
from autograder.pipeline.collect.entries import Budget, Entry, is_hidden, shown, too_large
from autograder.pipeline.collect.times import zip_stamp

INNER_FILES = 2000
"""Files in one student's archive. They do not count towards the class's limit, so that no student can use it up."""
MAX_DIRECTORY = 16 * 2**20  # bytes of a zip's table of contents, which Python reads at once
Reopen = Callable[[], AbstractContextManager[zipfile.ZipFile]]
# All that zipfile is known to raise for crafted archives; an offset beyond 2**63 is an OverflowError only in memory.
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OSError,
            ValueError, OverflowError)


def zip_file(source: Path, budget: Budget, stack: ExitStack) -> Iterator[Entry]:
    try:
        stream = stack.enter_context(source.open("rb"))
    except OSError as error:
        name = shown(source.name)
        raise SubmissionError(f"{name} cannot be read ({error.strerror}): name a folder or a zip.") from None
    size = os.fstat(stream.fileno()).st_size
    if size > budget.archive:
        raise SubmissionError(too_large(source.name, budget.archive))
    archive = stack.enter_context(_open_zip(stream, source.name))
    yield from _zip(archive, source.name, budget, budget.files, lambda: nullcontext(archive))


def inner_zip(entry: Entry, budget: Budget, unpacked: dict[tuple[str, ...], int]) -> Iterator[Entry]:
    """Yield the files of a student's archive, or the archive itself with the reason why it is unusable.

    Args:
        unpacked: bytes of the archives that were listed so far, by folder.
    """
    opened: list[zipfile.ZipFile] = []

    def reopen() -> AbstractContextManager[zipfile.ZipFile]:
        # Only the latest one stays open: all archives of a class would fill the memory, and reading one again for each
        # of its files would take quadratic time.
        if not opened:
            opened.append(_open_zip(io.BytesIO(_uncounted(entry, budget)), entry.name))
            budget.keep_open(opened)
        return nullcontext(opened[0])

    folder = entry.parts[:-1] or entry.parts
    try:
        if unpacked.get(folder, 0) > budget.student:
            raise SubmissionError(f"{shown(entry.name)} is one archive too many in its folder: hand in one.")
        data = _uncounted(entry, budget)
        unpacked[folder] = unpacked.get(folder, 0) + len(data)
        with _open_zip(io.BytesIO(data), entry.name) as archive:
            found = list(_zip(archive, entry.name, budget, INNER_FILES, reopen))
    except SubmissionError as error:
        yield replace(entry, fault=str(error))
        return
    if not found:
        yield replace(entry, fault=f"{shown(entry.name)} is an archive without files: hand in the .ipynb itself.")
    for inner in found:
        nested = inner.suffix == ".zip" and inner.fault is None
        fault = f"{shown(inner.name)} is an archive inside an archive: hand in the .ipynb itself." if nested else None
        yield replace(inner, outer=entry.parts, stamp=entry.stamp, fault=inner.fault or fault)


def _uncounted(entry: Entry, budget: Budget) -> bytes:
    """Load an archive without counting its own bytes: only what it unpacks to counts."""
    budget.restart()
    left, data = budget.left, entry.load()
    budget.left = left
    return data


def _open_zip(stream: IO[bytes], name: str) -> zipfile.ZipFile:
    try:
        _check_directory(stream, name)
        return zipfile.ZipFile(stream)
    except _DAMAGED:
        raise SubmissionError(f"{shown(name)} is not a readable zip archive: make or download it again.") from None


def _zip(archive: zipfile.ZipFile, name: str, budget: Budget, files: int, reopen: Reopen) -> Iterator[Entry]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > files:
        raise SubmissionError(f"{shown(name)} holds {len(infos)} files, more than are accepted: split it.")
    for info in infos:
        parts = tuple(part for part in info.filename.replace("\\", "/").split("/") if part not in ("", "."))
        if parts and not is_hidden(tuple(part for part in parts if part != "..") or ("..",)):
            yield _zip_entry(info, parts, budget, reopen)


def _check_directory(stream: IO[bytes], name: str) -> None:
    """Check the declared size of the table of contents: zipfile would load all of it."""
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


def _zip_entry(info: zipfile.ZipInfo, parts: tuple[str, ...], budget: Budget, reopen: Reopen) -> Entry:
    name = info.filename

    def load(limit: int | None = None) -> bytes:
        try:
            with reopen() as archive, archive.open(info) as stream:
                return budget.take(stream, name, limit)
        except _DAMAGED:
            raise SubmissionError(f"{shown(name)} is damaged inside its archive: make the archive again.") from None

    stamp = zip_stamp(info.date_time, info.extra)
    outside = f"{shown(name)} names a place outside its archive, and that is refused: make a plain zip of the folder."
    if _leads_out(info):
        return Entry(parts=parts, stamp=stamp, load=load, fault=outside, misplaced=True)
    return Entry(parts=parts, stamp=stamp, load=load, fault=_zip_fault(info, budget))


def _leads_out(info: zipfile.ZipInfo) -> bool:
    raw = info.filename
    steps = raw.replace("\\", "/").split("/")
    return raw.startswith(("/", "\\")) or raw[1:2] == ":" or ".." in steps or "\0" in info.orig_filename


def _zip_fault(info: zipfile.ZipInfo, budget: Budget) -> str | None:
    name, raw = shown(info.filename), info.filename
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return f"{name} is a link or a special file, and those are refused: hand in the file itself."
    if info.flag_bits & 0x1:
        return f"{name} is encrypted: make the archive without a password."
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        # LZMA may ask for gigabytes of dictionary before the first byte.
        return f"{name} is packed in an unusual way: make the archive with the ordinary zip method."
    if info.file_size > budget.notebook and PurePosixPath(raw).suffix.lower() in (".ipynb", ".zip"):
        return too_large(raw, budget.notebook)
    return None
