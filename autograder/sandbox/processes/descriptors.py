"""What a child's processes without namespaces keep open: sockets, and removed files that still take up disk space."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from typing import Final

_FEW: Final = 64  # descriptors of all processes together that are not worth a closer look at every poll
_BLOCK: Final = 512  # bytes, the unit of st_blocks


def sockets(pids: Iterable[int]) -> int:
    """Return how many sockets the processes have open; 0 where they have few descriptors at all."""
    listed = {pid: _names(pid) for pid in pids}
    if sum(map(len, listed.values())) <= _FEW:
        return 0
    found = {goal for pid, names in listed.items() for name in names
             if (goal := _goal(f"/proc/{pid}/fd/{name}")).startswith("socket:")}
    return len(found)


def removed_bytes(pids: Iterable[int], device: int) -> int:
    """Return the bytes on a device in removed files that a process still has open or mapped."""
    sizes: dict[int, int] = {}
    for pid in pids:
        for path in (*(f"/proc/{pid}/fd/{name}" for name in _names(pid)), *_maps(pid)):
            try:
                facts = os.stat(path)  # noqa: PTH116  (a link that leads to the file itself, whatever its name says)
            except OSError:
                continue  # closed meanwhile, or not accessible
            if facts.st_dev == device and facts.st_nlink == 0 and stat.S_ISREG(facts.st_mode):
                sizes[facts.st_ino] = facts.st_blocks * _BLOCK
    return sum(sizes.values())


def _names(pid: int) -> list[str]:
    try:
        return os.listdir(f"/proc/{pid}/fd")  # noqa: PTH208  (hot: called many times a second)
    except OSError:
        return []


def _goal(link: str) -> str:
    try:
        return os.readlink(link)  # noqa: PTH115  (the same)
    except OSError:
        return ""


def _maps(pid: int) -> Iterator[str]:
    """Yield a path to each mapped file that was removed; only root may follow them (see docs: security)."""
    try:
        with open(f"/proc/{pid}/maps", "rb") as stream:  # noqa: PTH123  (the same)
            lines = [line.split(maxsplit=5) for line in stream if line.rstrip().endswith(b"(deleted)")]
    except OSError:
        return
    for line in lines:
        yield f"/proc/{pid}/map_files/{line[0].decode()}"
