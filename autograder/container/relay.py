"""Carries bytes between two programs so that neither waits for the other forever.

Connected only by two pipes, judge and runner can deadlock: an engine's monitor (seen with podman's conmon) stops
reading the input of its container while nobody reads the output. When both send much at once, each monitor waits for
the other.
A relay breaks the deadlock: it always reads what the runner sends.
"""

from __future__ import annotations

import contextlib
import os
import select
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import IO, Final

_BLOCK: Final = 1 << 20
_PAUSE: Final = 64 << 20  # bytes that may wait for the runner before reading from the judge pauses
_CUT: Final = 1 << 30  # bytes that may wait for the judge, who always reads, before the runner is cut off


@dataclass(eq=False, kw_only=True)
class Way:
    """One direction; ``source`` and ``sink`` are unbuffered pipe ends, closed when this direction ends.

    Attributes:
        most: bytes that may wait for the sink's reader.
        patient: with that much waiting, the source has to wait too; otherwise this direction ends.
    """

    source: IO[bytes]
    sink: IO[bytes]
    most: int
    patient: bool
    waiting: deque[memoryview] = field(default_factory=deque)
    size: int = 0
    ended: bool = False

    def wants(self) -> dict[int, int]:
        """Return the descriptors to wait for, with poll's events."""
        wanted = {self.sink.fileno(): select.POLLOUT} if self.waiting else {}
        if not self.ended and self.size < self.most:
            wanted[self.source.fileno()] = select.POLLIN
        return wanted

    def serve(self, ready: set[int]) -> bool:
        """Read and write what is possible; returns whether this direction is still open."""
        try:
            if self.waiting and self.sink.fileno() in ready:
                self._give()
            if self.source.fileno() in ready and not self._take():
                return False
        except OSError:  # the reader is gone
            return False
        return not (self.ended and not self.waiting)

    def _give(self) -> None:
        with contextlib.suppress(BlockingIOError):
            written = os.write(self.sink.fileno(), self.waiting[0][:_BLOCK])
            self.size -= written
            self.waiting[0] = self.waiting[0][written:]
            if not self.waiting[0]:
                self.waiting.popleft()

    def _take(self) -> bool:
        block = os.read(self.source.fileno(), _BLOCK)
        if block:
            self.waiting.append(memoryview(block))
            self.size += len(block)
        else:
            self.ended = True
        return self.patient or self.size < self.most

    def close(self) -> None:
        """Close both ends."""
        for end in (self.source, self.sink):
            with contextlib.suppress(OSError):
                end.close()


class Relay:
    """Both directions between a judge and a runner, served by a thread until each has ended."""

    def __init__(self, *, judge: tuple[IO[bytes], IO[bytes]], runner: tuple[IO[bytes], IO[bytes]],
                 pause: int = _PAUSE, cut: int = _CUT) -> None:
        """Take over the output and the input of each, in this order, as unbuffered pipe ends.

        Args:
            pause: bytes that may wait for the runner; then the judge has to wait.
            cut: bytes that may wait for the judge; then the runner is cut off, and the judge sees its end of file.
        """
        self._ways = [Way(source=judge[0], sink=runner[1], most=pause, patient=True),
                      Way(source=runner[0], sink=judge[1], most=cut, patient=False)]
        self._thread = threading.Thread(target=self._serve, name="relay", daemon=True)
        self._thread.start()

    def join(self) -> None:
        """Wait for the end of both directions; the two programs must have ended, or be ending."""
        self._thread.join()

    def _serve(self) -> None:
        ways = list(self._ways)
        for way in ways:
            for end in (way.source, way.sink):
                os.set_blocking(end.fileno(), False)
        while ways:
            poll = select.poll()
            for way in ways:
                for descriptor, events in way.wants().items():
                    poll.register(descriptor, events)
            ready = {descriptor for descriptor, _ in poll.poll()}
            for way in [way for way in ways if not way.serve(ready)]:
                way.close()
                ways.remove(way)
