"""The files under ``.out/``: messages, cells, checkpoints and arrays, appended as they happen.

Every function that is used after student code has run is bound to a name here at import. That is no protection
(whatever a student's process writes is untrusted); it only keeps ordinary patching of ``json`` or ``os`` from
affecting the records.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from os import O_APPEND, O_CLOEXEC, O_CREAT, O_NOFOLLOW, O_RDONLY, O_TRUNC, O_WRONLY, close, getpid, link, makedirs
from os import open as os_open
from os import write as os_write
from typing import Any

from jupyter_client.jsonutil import json_clean, json_default
from numpy.lib.format import write_array
from numpy.typing import NDArray

OUT = ".out"
_MEBIBYTE = 1 << 20
# The note about the cap, and the end of a cut stream message, exceed it by at most this much.
_HEADROOM = 512
_MAX_LINE = 7 * _MEBIBYTE
_MAX_CHECKPOINTS = 15 * _MEBIBYTE
_MAX_FIGURES = 7 * _MEBIBYTE
_MAX_FIGURE = _MEBIBYTE
_LONG = ("sequence", "mapping", "text", "history")


def encoder(default: Callable[[Any], Any] | None = None) -> Callable[[Any], str]:
    """Return a JSON encoder of its own, which patching ``json.dumps`` does not reach."""
    return json.JSONEncoder(default=default, ensure_ascii=True, allow_nan=False, check_circular=True).encode


_encode = encoder()
_encode_message = encoder(json_default)


class Recorder:
    """Writes the records of one run; only the process that made it writes, its forks never do.

    Args:
        scratch: absolute path of the working folder; ``.out`` is made in it.
        output_mib: cap on all messages together.
        disk_mib: cap of the whole scratch folder; arrays take at most half of it.
    """

    def __init__(self, scratch: str, *, output_mib: int, disk_mib: int) -> None:
        folder = f"{scratch}/{OUT}"
        makedirs(folder, 0o700, exist_ok=True)  # noqa: PTH103  (pathlib is the student's to patch)
        # Kept open, so that moving or removing the folder does not redirect later writes.
        self._folder = os_open(folder, O_RDONLY | O_CLOEXEC)
        self._messages = self._append("messages.jsonl")
        self._cells = self._append("cells.jsonl")
        self._checkpoints = self._append("checkpoints.jsonl")
        self._figures = self._append("figures.jsonl")
        self._room = output_mib * _MEBIBYTE
        self._array_room = disk_mib * _MEBIBYTE // 2
        self._checkpoint_room = _MAX_CHECKPOINTS
        self._figure_room = _MAX_FIGURES
        self._printed = 0
        self._truncated = False
        self._process = getpid()
        self.cell = 0
        self.muted = False

    def message(self, kind: str, content: Mapping[str, Any]) -> None:
        """Append one Jupyter message of the running cell; beyond the cap, only a note that the rest was dropped."""
        if self.muted or getpid() != self._process:
            return
        self._printed += len(content.get("text", "")) if kind == "stream" else kind == "execute_result"
        if self._truncated:
            return
        line = self._line(kind, content)
        if len(line) > self._room:
            if kind == "stream":
                line = self._cut(content)
                self._write(self._messages, line)
            self._truncated = True
            line = _encode({"cell": self.cell, "type": "truncated"}).encode() + b"\n"
        self._room -= len(line)
        self._write(self._messages, line)

    def figure(self, record: Mapping[str, Any]) -> None:
        """Append what a figure of the running cell shows; if that is too large, only that it exists.

        Other output does not reduce the room for it.
        """
        if self.muted:
            return
        line = self._figure_line(record)
        if len(line) > _MAX_FIGURE:
            line = self._figure_line({"kind": "picture"})
        if len(line) > self._figure_room:
            self._figure_room, line = 0, self._figure_line({"kind": "end"})
        self._figure_room -= len(line)
        if self._figure_room > -_HEADROOM:
            self._write(self._figures, line)

    def _figure_line(self, record: Mapping[str, Any]) -> bytes:
        return _encode({**record, "cell": self.cell}).encode() + b"\n"

    def finish_cell(self, record: Mapping[str, Any]) -> None:
        """Append how the running cell ended, and how much it printed."""
        if self._printed:
            self.figure({"kind": "printed", "characters": self._printed})
            self._printed = 0
        self._write(self._cells, _encode(record).encode() + b"\n")

    def checkpoint(self, record: Mapping[str, Any]) -> None:
        """Append one checkpoint, without long values or names if the file would become too large for its reader."""
        short = {name: value for name, value in record["names"].items() if value["kind"] not in _LONG}
        for names in (record["names"], short, {}):
            line = _encode({**record, "names": names}).encode() + b"\n"
            if len(line) <= min(self._checkpoint_room, _MAX_LINE):
                self._checkpoint_room -= len(line)
                self._write(self._checkpoints, line)
                return

    def document(self, name: str, record: Mapping[str, Any]) -> bool:
        """Write one JSON file; False when it could not be written."""
        return self._file(name, _encode(record).encode())

    def arrays(self, name: str, arrays: Mapping[str, NDArray[Any]]) -> bool:
        """Write an ``.npz`` as ``numpy.savez`` would; False if there is no room for it or writing failed."""
        size = sum(array.nbytes for array in arrays.values())
        if size > self._array_room:
            return False
        self._array_room -= size
        try:
            return self._file(name, _packed(arrays))
        except Exception:
            return False

    def again(self, name: str, earlier: str) -> bool:
        """Give a file that was written before a second name; False if it does not exist or ``name`` is taken."""
        if getpid() != self._process:
            return False
        try:
            link(earlier, name, src_dir_fd=self._folder, dst_dir_fd=self._folder, follow_symlinks=False)
        except OSError:
            return False
        return True

    def _line(self, kind: str, content: Mapping[str, Any]) -> bytes:
        record = {"cell": self.cell, "type": kind, "content": content}
        try:
            return _encode_message(record).encode() + b"\n"
        except (TypeError, ValueError, RecursionError):
            # As in a kernel: clean it once, and raise an error in the student's cell if that fails too.
            return _encode_message(json_clean(record)).encode() + b"\n"

    def _cut(self, content: Mapping[str, Any]) -> bytes:
        """Return a stream message with as much of its text as fits; an escape takes at most 12 bytes."""
        text = content["text"][: max(0, self._room - _HEADROOM)]
        line = self._line("stream", {**content, "text": text})
        while text and len(line) > self._room:
            text = text[: len(text) // 2]
            line = self._line("stream", {**content, "text": text})
        return line

    def _append(self, name: str) -> int:
        flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW
        return os_open(name, flags, 0o600, dir_fd=self._folder)

    def _file(self, name: str, data: bytes | memoryview) -> bool:
        if getpid() != self._process:
            return False
        try:
            flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
            descriptor = os_open(name, flags, 0o600, dir_fd=self._folder)
        except OSError:
            return False
        written = self._write(descriptor, data)
        close(descriptor)
        return written

    def _write(self, descriptor: int, data: bytes | memoryview) -> bool:
        if getpid() != self._process:
            return False
        view = memoryview(data)
        try:
            while view:
                view = view[os_write(descriptor, view) :]
        except OSError:
            # The scratch folder is full or the student closed our descriptors: the run continues without this record.
            return False
        return True


def _packed(arrays: Mapping[str, NDArray[Any]]) -> memoryview:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_STORED) as archive:
        for key, array in arrays.items():
            member = io.BytesIO()
            write_array(member, array, allow_pickle=False)
            # With a fixed date, so that the clock, which a student may have patched, is not read.
            archive.writestr(zipfile.ZipInfo(f"{key}.npy"), member.getbuffer())
    return memory.getbuffer()
