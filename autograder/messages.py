"""Messages between processes of the grader: four bytes of length, then that many bytes, usually JSON."""

from __future__ import annotations

import socket
import struct

LIMIT = 64 << 20
"""Neither side sends a longer message unless both use another limit."""
_HEAD = struct.Struct("!I")


def send(connection: socket.socket, content: bytes, limit: int = LIMIT) -> None:
    """Send one message.

    Raises:
        ValueError: it is longer than ``limit``.
        OSError: the other side is gone, or the connection's timeout passed.
    """
    if len(content) > limit:
        raise ValueError(f"a message of {len(content)} bytes is over the limit of {limit}")
    connection.sendall(_HEAD.pack(len(content)) + content)


def receive(connection: socket.socket, limit: int = LIMIT) -> bytes:
    """Return the next message.

    Raises:
        EOFError: the other side closed the connection.
        ValueError: the announced length is more than ``limit`` bytes.
        OSError: the connection broke, or its timeout passed.
    """
    (size,) = _HEAD.unpack(_exactly(connection, _HEAD.size))
    if size > limit:
        raise ValueError(f"a message of {size} bytes is over the limit of {limit}")
    return _exactly(connection, size)


def _exactly(connection: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = connection.recv(min(size - len(parts), 1 << 20))
        if not part:
            raise EOFError("the connection was closed")
        parts += part
    return bytes(parts)
