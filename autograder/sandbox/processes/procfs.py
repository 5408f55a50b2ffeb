"""Reads files of /proc with plain system calls, for speed: every child is measured twenty times a second."""

from __future__ import annotations

import os
from typing import Final

_BLOCK: Final = 1 << 16


def read(path: str) -> bytes:
    """Return all that the file holds now.

    Raises:
        OSError: the process is gone, or this user may not read the file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        blocks = []
        while block := os.read(descriptor, _BLOCK):
            blocks.append(block)
        return b"".join(blocks)
    finally:
        os.close(descriptor)
