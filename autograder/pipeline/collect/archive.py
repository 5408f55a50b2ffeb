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
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO

from autograder.errors import SubmissionError
from autograder.model import TimeSource
from autograder.pipeline.collect.times import Stamp, zip_stamp

MAX_DEPTH = 16
MAX_NAME = 1000  # characters of a path; a zip allows 65,535
INNER_FILES = 2000
"""Files in one student's archive. They do not count towards the class's, so that no student can use those up."""
MAX_DIRECTORY = 16 * 2**20  # bytes of a zip's table of contents, which Python reads at once
Reopen = Callable[[], AbstractContextManager[zipfile.ZipFile]]
IGNORED = ("__MACOSX", "__pycache__")
# All that zipfile was seen to raise over crafted archives; a place beyond 2**63 is an OverflowError in memory only.
_DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, RuntimeError, OSError,
            ValueError, OverflowError)


NOTEBOOKS_PER_STUDENT = 10
"""What one student's files may unpack to, in notebooks of the largest size."""


@dataclass(kw_only=True)
class Budget:
    """How much is read of one source.

    ``left`` is what may still be unpacked of the student whose files are read now. `restart` begins the next one, so
    that nobody uses up what the others need.
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
            limit: bytes of a file that is no student's, and so does not count; None: a notebook.

        Raises:
            SubmissionError: there are more, or the student's files unpack to more than is allowed.
        """
        if limit is not None:
            data = stream.read(limit + 1)
            if len(data) > limit:
                raise SubmissionError(_too_large(name, limit))
            return data
        limit = self.notebook
        allowed = min(limit, self.left)
        data = stream.read(allowed + 1)
        if len(data) > limit:
            raise SubmissionError(_too_large(name, limit))
        if len(data) > allowed:
            raise SubmissionError(f"{shown(name)} is refused: the whole upload unpacks to more than is allowed, so hand "
                                  f"in the one notebook that counts.")
        self.left -= len(data)
        return data


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file as it came. ``parts`` name it, ``outer`` names the archive inside the source that holds it.

    ``misplaced``: the path leads out of the archive, so no part of it can be believed. ``load`` returns its bytes; with a number, up to so many of a file that is no student's. ``uid`` is the user who owns
    a file on disk.

    ``stamp`` is a time that the source has for the file. What lies in a student's own archive has that archive's: the
    times inside are the student's word.
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
        """The path as far as the source itself knows it: nothing inside a student's archive."""
        return self.outer or self.parts

    @property
    def suffix(self) -> str:
        """The ending of the name, in small letters; ``.ipynb.txt`` is what browsers make of ``.ipynb``."""
        name = self.parts[-1].lower().rstrip(" .")
        if name.endswith((".ipynb.txt", ".ipynb.json")):
            return ".ipynb"
        return PurePosixPath(name).suffix


def visible(text: str) -> str:
    """Escape control, zero-width, bidirectional and broken characters."""
    return "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)


def shown(name: str) -> str:
    """Return a name that came from outside, fit for a sentence."""
    clean = visible(name)
    return f"'{clean if len(clean) <= 160 else clean[:80] + '…' + clean[-79:]}'"


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
    unpacked: dict[tuple[str, ...], int] = {}
    for number, entry in enumerate(_folder(source, budget) if source.is_dir() else _zip_file(source, budget, stack)):
        if number >= budget.files:
            name = shown(source.name)
            raise SubmissionError(f"{name} holds more files than 'collect.files' in course.yml: split it.")
        if sum(map(len, entry.parts)) > MAX_NAME:
            yield replace(entry, fault=f"{shown(entry.name)} has a name of more than {MAX_NAME} characters: shorten it.")
        elif entry.suffix == ".zip" and entry.fault is None:
            yield from _inner_zip(entry, budget, unpacked)
        else:
            yield entry


def _hidden(parts: tuple[str, ...]) -> bool:
    """Whether a file is junk of an operating system or of Jupyter; a notebook whose own name has a dot first is not."""
    *folders, name = parts
    if any(part.startswith(".") or part in IGNORED for part in folders) or name in IGNORED:
        return True
    return name.startswith("._") or (name.startswith(".") and not name.lower().endswith(".ipynb"))


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
        if _hidden((item.name, "x") if is_folder else (item.name,)):
            continue
        if not is_folder:
            yield _file_entry(root, path, item, budget)
        elif len(path) < MAX_DEPTH:
            yield from _folder(root, budget, path)
        else:
            fault = f"{shown('/'.join(path))} lies more than {MAX_DEPTH} folders deep: hand in the .ipynb itself."
            yield Entry(parts=path, stamp=None, load=lambda: b"", fault=fault)


def _file_entry(root: Path, parts: tuple[str, ...], item: os.DirEntry[str], budget: Budget) -> Entry:
    status, fault = item.stat(follow_symlinks=False), None
    name = "/".join(parts)
    if stat.S_ISLNK(status.st_mode):
        fault = f"{shown(name)} is a link, and links are not followed: hand in the file itself."
    elif not stat.S_ISREG(status.st_mode):
        fault = f"{shown(name)} is no plain file: hand in the .ipynb itself."

    def load(limit: int | None = None) -> bytes:
        # Without blocking on a pipe or following a link that took the file's place meanwhile.
        try:
            handle = os.open(root.joinpath(*parts), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError as error:
            raise SubmissionError(f"{shown(name)} cannot be read ({error.strerror}): check its permissions.") from None
        with os.fdopen(handle, "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise SubmissionError(f"{shown(name)} is no plain file: hand in the .ipynb itself.")
            return budget.take(stream, name, limit)

    try:
        changed = datetime.fromtimestamp(status.st_mtime, UTC)
    except (OverflowError, ValueError, OSError):
        changed = None
    stamp = Stamp(moment=changed, source=TimeSource.FILE) if changed else None
    return Entry(parts=parts, stamp=stamp, load=load, fault=fault, uid=status.st_uid)


def _zip_file(source: Path, budget: Budget, stack: ExitStack) -> Iterator[Entry]:
    try:
        stream = stack.enter_context(source.open("rb"))
    except OSError as error:
        name = shown(source.name)
        raise SubmissionError(f"{name} cannot be read ({error.strerror}): name a folder or a zip.") from None
    size = os.fstat(stream.fileno()).st_size
    if size > budget.archive:
        raise SubmissionError(_too_large(source.name, budget.archive))
    archive = stack.enter_context(_open_zip(stream, source.name))
    yield from _zip(archive, source.name, budget, budget.files, lambda: nullcontext(archive))


def _inner_zip(entry: Entry, budget: Budget, unpacked: dict[tuple[str, ...], int]) -> Iterator[Entry]:
    """Yield the files of a student's archive, or the archive itself with the reason why it cannot be used.

    Args:
        unpacked: bytes of archives that were listed so far, by folder.
    """
    opened: list[zipfile.ZipFile] = []

    def reopen() -> AbstractContextManager[zipfile.ZipFile]:
        # Only the latest stays open: a class of archives would fill the memory, and to read one again for each of its
        # files would take time that is quadratic in its size.
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
    for inner in found:
        nested = inner.suffix == ".zip" and inner.fault is None
        fault = f"{shown(inner.name)} is an archive inside an archive: hand in the .ipynb itself." if nested else None
        yield replace(inner, outer=entry.parts, stamp=entry.stamp, fault=inner.fault or fault)


def _uncounted(entry: Entry, budget: Budget) -> bytes:
    """Load an archive; only what it unpacks to counts."""
    budget.restart()
    left, data = budget.left, entry.load()
    budget.left = left
    return data


def _open_zip(stream: IO[bytes], name: str) -> zipfile.ZipFile:
    try:
        _check_directory(stream, name)
        return zipfile.ZipFile(stream)
    except _DAMAGED:
        raise SubmissionError(f"{shown(name)} is no zip archive that can be read: make or download it again.") from None


def _zip(archive: zipfile.ZipFile, name: str, budget: Budget, files: int, reopen: Reopen) -> Iterator[Entry]:
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > files:
        raise SubmissionError(f"{shown(name)} holds {len(infos)} files, more than are accepted: split it.")
    for info in infos:
        parts = tuple(part for part in info.filename.replace("\\", "/").split("/") if part not in ("", "."))
        if parts and not _hidden(tuple(part for part in parts if part != "..") or ("..",)):
            yield _zip_entry(info, parts, budget, reopen)


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
        return _too_large(raw, budget.notebook)
    return None
