"""Watches one running child from outside: deadlines, memory, disk, output; decides when it has to end.

Nothing that comes from the child is believed: progress messages are small, bounded in number, and only move forward.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final

from autograder.execution import descriptors, scratch
from autograder.execution.link import Child, Zygote
from autograder.execution.memory import Meter
from autograder.model import Limits

_MEASURE: Final = 0.05  # seconds between two looks at the memory
_WALK: Final = 0.5  # seconds between two walks through a scratch folder that is no file system of its own
_SETUP: Final = 60.0  # seconds until the walls must stand
_OBEY: Final = 5.0  # seconds for the watcher to end everything, then for the zygote
_MESSAGE: Final = 4096  # bytes of one message
_MESSAGES: Final = 256  # messages read before everything else gets its turn
_RECORD: Final = ".out/cells.jsonl"  # gets a line when a cell ends; a checkpoint may follow, which has its own time
_KEPT: Final = 1 << 16  # bytes of the child's raw output that are kept for staff; the rest is read and dropped


class Cause(Enum):
    """Why the supervisor ended a child."""

    CELL_TIME = auto()
    NOTEBOOK_TIME = auto()
    MEMORY = auto()
    DISK = auto()
    CLOSING = auto()
    BROKEN = auto()


@dataclass
class Outcome:
    """What was seen of one child."""

    status: int | None = None
    refused: str | None = None
    confined: bool = False
    done: bool = False
    cause: Cause | None = None
    cells: list[int] = field(default_factory=list)
    seconds: float = 0.0
    peak: int = 0
    output: bytes = b""
    scratch: int | None = None

    @property
    def lost(self) -> bool:
        """Whether the end was the grader's own doing, so that nothing of the child counts."""
        return self.status is None or self.cause in (Cause.CLOSING, Cause.BROKEN)


@dataclass(frozen=True)
class Ends:
    """The supervisor's ends of a child's sockets and pipe."""

    control: socket.socket
    progress: socket.socket
    output: int

    def close(self) -> None:
        """Close all; the child then ends, if it has not yet."""
        self.control.close()
        self.progress.close()
        os.close(self.output)


class Watch:
    """One child from its fork to its end; ``run`` does it all."""

    def __init__(self, *, ends: Ends, zygote: Zygote, child: Child, limits: Limits, watchers: int, folder: Path | None,
                 cells: frozenset[int], grace: float, closing: threading.Event,
                 on_cell: Callable[[int], None] | None) -> None:
        self._ends, self._zygote, self._child, self._limits = ends, zygote, child, limits
        self._watchers, self._folder, self._known = watchers, folder, cells
        self._grace, self._closing, self._on_cell = grace, closing, on_cell
        self._seen = Outcome()
        self._started = self._walk_at = time.monotonic()
        self._ready = False
        self._open = True
        self._cell_since: float | None = None
        self._record = 0
        self._interrupted: float | None = None
        self._asked = 0
        self._killed: float | None = None

    def run(self) -> Outcome:
        """Watch until everything of the child is gone; always returns, and never leaves it running."""
        poller = select.poll()
        for descriptor in (self._ends.control.fileno(), self._ends.progress.fileno(), self._ends.output):
            os.set_blocking(descriptor, False)
            poller.register(descriptor, select.POLLIN)
        measured = 0.0
        try:
            while self._open:
                for descriptor, _ in poller.poll(_MEASURE * 1000):
                    if not self._serve(descriptor):
                        poller.unregister(descriptor)
                now = time.monotonic()
                if now - measured >= _MEASURE:
                    measured = now
                    self._check_resources(now)
                self._check_deadlines(now)
            self._drain()
        finally:
            self._seen.seconds = time.monotonic() - self._started
            if self._open:
                self._end_now()
        return self._seen

    def _serve(self, descriptor: int) -> bool:
        """Read from one descriptor; False at its end."""
        if descriptor == self._ends.output:
            return self._read_output()
        if descriptor == self._ends.progress.fileno():
            return self._read_progress()
        return self._read_control()

    def _read_output(self) -> bool:
        try:
            block = os.read(self._ends.output, _KEPT)
        except BlockingIOError:
            return True
        self._seen.output += block[: _KEPT - len(self._seen.output)]
        return bool(block)

    def _read_progress(self) -> bool:
        for _ in range(_MESSAGES):
            try:
                message = self._ends.progress.recv(_MESSAGE)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not message:
                return False
            self._note(message)
        return True

    def _note(self, message: bytes) -> None:
        try:
            event = json.loads(message)
        except (ValueError, RecursionError):
            return
        if not isinstance(event, dict):
            return
        cell = event.get("cell")
        if event.get("confined") is True:
            self._seen.confined = True
        elif event.get("done") is True:
            self._seen.done = True
            self._forget_cell()
        elif type(cell) is int and cell in self._known and cell not in self._seen.cells:
            self._seen.cells.append(cell)
            self._forget_cell()
            self._cell_since = time.monotonic()
            self._record = self._record_size()
            if self._on_cell is not None:
                self._on_cell(cell)

    def _forget_cell(self) -> None:
        self._cell_since = self._interrupted = None
        self._asked = 0

    def _record_size(self) -> int:
        if self._seen.scratch is None:
            return 0
        try:
            return os.stat(_RECORD, dir_fd=self._seen.scratch, follow_symlinks=False).st_size
        except OSError:
            return 0

    def _read_control(self) -> bool:
        try:
            message, descriptors, _, _ = socket.recv_fds(self._ends.control, 1 << 16, 1)
        except BlockingIOError:
            return True
        except OSError:
            message, descriptors = b"", []
        if not message:
            self._open = False
            return False
        answer: dict[str, Any] = json.loads(message)
        if "ready" in answer and descriptors:
            self._seen.scratch = descriptors[0]
            self._ready = True
            self._started = time.monotonic()
        elif "exit" in answer:
            self._seen.status = int(answer["exit"])
        elif "refused" in answer:
            self._seen.refused = str(answer["refused"])
        return True

    def _check_resources(self, now: float) -> None:
        if not self._ready or self._killed is not None:
            return
        meter = Meter(self._child.pid, self._watchers, self._child.inherited,
                      self._seen.scratch if self._folder is None else None)
        limit = self._limits.memory_mib << 20
        used = meter.used(limit)
        self._seen.peak = max(self._seen.peak, used)
        if used > limit:
            self._kill(Cause.MEMORY)
        if self._folder is not None and now >= self._walk_at:
            size, count = scratch.usage(self._folder, self._limits.files)
            size += descriptors.removed_bytes(meter.processes()[1], self._folder.stat().st_dev)
            self._walk_at = time.monotonic() + _WALK
            if size > self._limits.disk_mib << 20 or count > self._limits.files:
                self._kill(Cause.DISK)

    def _check_deadlines(self, now: float) -> None:
        if self._killed is not None:
            self._insist(now)
        elif self._closing.is_set():
            self._kill(Cause.CLOSING)
        elif not self._zygote.alive or (not self._ready and now - self._started > _SETUP):
            self._kill(Cause.BROKEN)
        elif now - self._started > self._limits.notebook_seconds:
            self._kill(Cause.NOTEBOOK_TIME)
        elif self._cell_since is not None and now - self._cell_since > self._limits.cell_seconds:
            if self._record_size() != self._record:
                self._forget_cell()
            else:
                self._interrupt(now)

    def _interrupt(self, now: float) -> None:
        """Ask twice (an interrupt can get lost in a callback or a destructor), then end the notebook."""
        if self._interrupted is None:
            self._interrupted = now
        if now - self._interrupted > self._grace:
            self._kill(Cause.CELL_TIME)
        elif now - self._interrupted >= self._asked * self._grace / 2:
            self._asked += 1
            self._say("interrupt")

    def _say(self, wish: str) -> None:
        with contextlib.suppress(OSError):
            self._ends.control.send(json.dumps({"do": wish}).encode())

    def _kill(self, cause: Cause) -> None:
        self._seen.cause = cause
        self._killed = time.monotonic()
        self._say("kill")

    def _insist(self, now: float) -> None:
        """The watcher did not obey: ask the zygote, then give up rather than hang."""
        assert self._killed is not None  # noqa: S101  (for the type checker)
        if now - self._killed > 3 * _OBEY:
            self._seen.cause = Cause.BROKEN
            self._seen.status = None
            self._open = False
        elif now - self._killed > _OBEY:
            self._zygote.kill(self._child.pid)

    def _drain(self) -> None:
        """Read what was sent before the end."""
        for _ in range(16):
            if not self._read_progress():
                break
        self._read_output()

    def _end_now(self) -> None:
        """An exception is on its way (Ctrl-C): end the child before anything of it is taken away."""
        self._kill(Cause.CLOSING)
        deadline = time.monotonic() + _OBEY
        self._ends.control.setblocking(True)
        self._ends.control.settimeout(_OBEY)
        with contextlib.suppress(OSError):
            while time.monotonic() < deadline and self._ends.control.recv(1 << 16):
                pass
        if self._seen.scratch is not None:
            os.close(self._seen.scratch)
            self._seen.scratch = None
