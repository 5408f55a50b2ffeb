"""Frames between judge and runner: a small JSON object and, where files travel, some of their bytes.

Each frame is two big-endian 32-bit lengths, then the JSON text, then the bytes. What comes from the runner is
untrusted: both lengths are compared with limits before anything is read.
"""

from __future__ import annotations

import io
import json
import os
import select
import struct
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from autograder.errors import ExecutionError

MAX_TEXT: Final = 64 << 20
"""Bytes of one JSON text that the judge may send: a whole notebook."""
MAX_REPLY: Final = 1 << 20
"""Bytes of one JSON text from the runner."""
PART: Final = 1 << 20
"""Bytes of a file that travel in one frame."""
_HEAD: Final = struct.Struct("!II")


class WireError(ExecutionError):
    """The other side sent something that is not a frame."""


class PatientWriter(io.RawIOBase):
    """Writes to a pipe whose reader is not trusted: a reader that stops reading causes an error, not a deadlock."""

    def __init__(self, descriptor: int, seconds: float) -> None:
        """Take over a pipe's descriptor; ``seconds`` is how long to wait for a full pipe."""
        super().__init__()
        os.set_blocking(descriptor, False)
        self._descriptor, self._seconds = descriptor, seconds

    def writable(self) -> bool:
        """Whether the stream is writable: always."""
        return True

    def write(self, content: Any) -> int:
        """Write all of it.

        Raises:
            OSError: the reader is gone, or has stopped reading.
        """
        rest = memoryview(content).cast("B")
        while rest:
            _, ready, _ = select.select([], [self._descriptor], [], self._seconds)
            if not ready:
                raise TimeoutError("the other container has stopped reading")
            rest = rest[os.write(self._descriptor, rest[:65_536]):]
        return len(content)

    def close(self) -> None:
        """Close the pipe; closing twice does nothing."""
        if not self.closed:
            os.close(self._descriptor)
        super().close()


def write_frame(stream: BinaryIO, message: Mapping[str, Any], content: bytes = b"") -> None:
    """Write one frame and flush it.

    Raises:
        OSError: the other side is gone.
    """
    text = json.dumps(message).encode()
    stream.write(_HEAD.pack(len(text), len(content)) + text + content)
    stream.flush()


def read_frame(stream: BinaryIO, *, most: int = MAX_REPLY) -> tuple[dict[str, Any], bytes] | None:
    """Return the next message and its bytes, or None when the other side has closed the stream between two frames.

    Args:
        most: bytes that the JSON text may have.

    Raises:
        WireError: what came is not a frame, or a larger one than allowed.
        OSError: the stream broke.
    """
    head = stream.read(_HEAD.size)
    if not head:
        return None
    if len(head) < _HEAD.size:
        raise WireError("Expected a frame from the other container, but the stream ended inside it; run again.")
    size, content = _HEAD.unpack(head)
    if size > most or content > PART:
        raise WireError(f"Expected a frame of at most {most} and {PART} bytes, but one of {size} and {content} was "
                        "announced; the runner was stopped.")
    text, data = stream.read(size), stream.read(content)
    if len(text) < size or len(data) < content:
        raise WireError("Expected a frame from the other container, but the stream ended inside it; run again.")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        raise WireError("Expected a JSON object from the other container, but something else came; "
                        "the runner was stopped.")
    return message, data
