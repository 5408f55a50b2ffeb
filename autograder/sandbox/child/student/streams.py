"""What a student prints: Python's two streams, and what anything else writes to descriptors 1 and 2."""

from __future__ import annotations

import ctypes
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import F_DUPFD_CLOEXEC, fcntl
from os import O_APPEND, O_CREAT, O_EXCL, O_RDWR, dup2, fstat, ftruncate, getpid, pread, unlink
from os import close as os_close
from os import open as os_open
from os import write as os_write
from threading import RLock
from time import monotonic

from autograder.sandbox.child.student.records import OUT, Recorder

_LIMIT = 1 << 16
_PIECE = 1 << 20
_FREE_LINES = 1000
_PAUSE_SECONDS = 0.05
_FIRST_DESCRIPTOR = 20
_LIBRARY = ctypes.CDLL(None)


class Streams:
    """Both streams of one run, in the order in which they were written.

    Text is buffered until its line is complete; after a thousand lines of one cell, until 50 ms have passed, so that a
    loop that prints is cheap and a process that is killed loses almost nothing.
    """

    def __init__(self, recorder: Recorder, scratch: str) -> None:
        self._recorder = recorder
        self._lock = RLock()
        self._name = "stdout"
        self._parts: list[str] = []
        self._size = 0
        self._lines = 0
        self._last = 0.0
        self._process = getpid()
        self._files = {1: _unnamed(f"{scratch}/{OUT}/.stdout"), 2: _unnamed(f"{scratch}/{OUT}/.stderr")}
        self.stdout = Stream(self, "stdout", 1)
        self.stderr = Stream(self, "stderr", 2)

    def install(self) -> None:
        """Take over ``sys.stdout``, ``sys.stderr`` and the two descriptors."""
        for descriptor, file in self._files.items():
            dup2(file, descriptor)
        sys.stdout, sys.stderr = self.stdout, self.stderr

    def start_cell(self) -> None:
        """Start a cell: its first lines are recorded at once."""
        self._lines = 0

    def write(self, name: str, descriptor: int, text: str) -> None:
        """Take text for a stream; a fork of the student's process writes to its descriptor instead."""
        if getpid() != self._process:
            os_write(descriptor, text.encode("utf-8", "replace"))
            return
        with self._lock:
            self._drain()
            if name != self._name:
                self._emit()
                self._name = name
            self._parts.append(text)
            self._size += len(text)
            if self._size > _LIMIT or (text.endswith("\n") and self._due()):
                self._emit()

    def flush(self) -> None:
        """Record all that was written so far."""
        if getpid() != self._process:
            return
        with self._lock:
            self._emit()
            self._drain()

    def finish_cell(self) -> None:
        """Record all, also what C code keeps in its own buffers."""
        _LIBRARY.fflush(None)
        self.flush()

    @contextmanager
    def dropped(self) -> Iterator[None]:
        """Discard all output and all other messages while the block runs."""
        self.finish_cell()
        self._recorder.muted = True
        try:
            yield
        finally:
            self.finish_cell()
            self._recorder.muted = False

    def interrupted(self) -> None:
        """Record what was written, called in a signal handler; does nothing if the interrupted code holds the lock."""
        if self._lock.acquire(blocking=False):
            try:
                self._emit()
            finally:
                self._lock.release()

    def _due(self) -> bool:
        self._lines += 1
        return self._lines <= _FREE_LINES or monotonic() - self._last > _PAUSE_SECONDS

    def _emit(self) -> None:
        if not self._parts:
            return
        text = "".join(self._parts)
        self._parts, self._size, self._last = [], 0, monotonic()
        self._recorder.message("stream", {"name": self._name, "text": text})

    def _drain(self) -> None:
        """Record what was written to the descriptors, after the text that Python wrote before."""
        for name, descriptor in (("stdout", 1), ("stderr", 2)):
            try:
                self._drain_file(name, self._files[descriptor])
            except OSError:
                # The student closed descriptors that are not theirs; what they print through Python is still recorded.
                continue

    def _drain_file(self, name: str, file: int) -> None:
        if not fstat(file).st_size:
            return
        self._emit()
        done = 0
        while data := pread(file, _PIECE, done):
            done += len(data)
            self._recorder.message("stream", {"name": name, "text": data.decode("utf-8", "replace")})
        ftruncate(file, 0)


class Stream(io.TextIOBase):
    """One of the two streams, like a kernel's: no terminal, UTF-8, with a descriptor."""

    encoding = "UTF-8"
    errors = "replace"

    def __init__(self, streams: Streams, name: str, descriptor: int) -> None:
        self._write = streams.write
        self._flush: Callable[[], None] = streams.flush
        self.name = name
        self._descriptor = descriptor

    def write(self, text: str) -> int:
        """Accept text, like any text stream."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._write(self.name, self._descriptor, text)
        return len(text)

    def flush(self) -> None:
        """Record all that was written."""
        self._flush()

    def close(self) -> None:
        """Stay open: a kernel's streams outlive a cell that closes them."""

    def fileno(self) -> int:
        """Return the descriptor, whose output is recorded too."""
        return self._descriptor

    def isatty(self) -> bool:
        """Return False: this is not a terminal."""
        return False

    def writable(self) -> bool:
        """Return True."""
        return True


def _unnamed(path: str) -> int:
    """Return the descriptor of a new file without a name, which only grows at its end."""
    descriptor = os_open(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND, 0o600)
    unlink(path)  # noqa: PTH108  (pathlib is the student's to patch)
    # Clear of the standard descriptors, should the process have been started without them.
    moved = fcntl(descriptor, F_DUPFD_CLOEXEC, _FIRST_DESCRIPTOR)
    os_close(descriptor)
    return moved
