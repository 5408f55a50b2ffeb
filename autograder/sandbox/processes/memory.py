"""How much memory the processes of one child hold, beyond what they share with the zygote."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.sandbox.processes import descriptors, procfs, reaper

# Page tables too: they grow by 4 KiB for one untouched page in every 2 MiB that a process looks at.
_TABLES: Final = (b"VmPTE:",)
_PRIVATE: Final = (b"RssAnon:", b"RssShmem:", *_TABLES)
_USUAL_BUFFER: Final = 212_992  # bytes: net.core.wmem_default of kernels for 64-bit machines
_PACKET: Final = 1 << 16  # bytes by which one message may overrun a socket's buffer


def private_bytes(pid: int) -> int:
    """Return the anonymous and shared-memory pages that a process has touched, and its page tables, in bytes; 0 when
    it is gone.
    """
    return 1024 * _sum_fields(f"/proc/{pid}/status", _PRIVATE)


def proportional_bytes(pid: int) -> int:
    """Return the same with shared pages divided among their holders, undivided where only that can be read; slow."""
    total = _sum_fields(f"/proc/{pid}/smaps_rollup", (b"Pss_Anon:", b"Pss_Shmem:"))
    if not total:
        return private_bytes(pid)
    return 1024 * (total + _sum_fields(f"/proc/{pid}/status", _TABLES))


def _sum_fields(path: str, names: tuple[bytes, ...]) -> int:
    try:
        return sum(int(line.split()[1]) for line in procfs.read(path).splitlines() if line.startswith(names))
    except OSError:
        return 0


@functools.cache
def socket_bytes() -> int:
    """Return what one socket can hold at most, in bytes: its buffer cannot be enlarged (see `seccomp`)."""
    try:
        return int(Path("/proc/sys/net/core/wmem_default").read_text(encoding="ascii")) + _PACKET
    except (OSError, ValueError):
        return _USUAL_BUFFER + _PACKET


@dataclass(frozen=True)
class Meter:
    """Measures one child. ``top`` is the process that the zygote forked, ``watchers`` how many do not count.

    ``scratch`` is the descriptor of a scratch file system in memory, which a child with namespaces has.
    """

    top: int
    watchers: int
    inherited: int
    scratch: int | None

    def processes(self) -> tuple[list[int], list[int]]:
        """Return the watcher processes and all others of this child."""
        everything = [self.top, *reaper.descendants(self.top)]
        return everything[: self.watchers], everything[self.watchers:]

    def used(self, limit: int) -> int:
        """Return the bytes in use; slower and more exact when the quick figure is above ``limit``."""
        watchers, others = self.processes()
        outside = self._file_bytes() + self._sockets(watchers, others) * socket_bytes()
        quick = sum(private_bytes(pid) for pid in others) - self.inherited
        total = max(quick, 0) + outside
        if total <= limit or self._tables(others) + outside > limit:
            return total
        # Looked at twice: a process that ends between two readings leaves its share to those that are read later.
        return min(total, self._divided() + outside, self._divided() + outside)

    @staticmethod
    def _tables(pids: list[int]) -> int:
        """Return the bytes of page tables alone: nobody shares them, and a closer look at huge ones takes seconds."""
        return 1024 * sum(_sum_fields(f"/proc/{pid}/status", _TABLES) for pid in pids)

    def _divided(self) -> int:
        """Count pages that forks of the student's process share once instead of in each."""
        watchers, others = self.processes()
        # A watcher holds little but its share of the zygote's pages; so does each of the others, all at most once.
        zygote = min(proportional_bytes(watchers[-1]) * len(others), self.inherited)
        return max(sum(proportional_bytes(pid) for pid in others) - zygote, 0)

    def _file_bytes(self) -> int:
        if self.scratch is None:
            return 0
        space = os.fstatvfs(self.scratch)
        return (space.f_blocks - space.f_bfree) * space.f_frsize

    def _sockets(self, watchers: list[int], others: list[int]) -> int:
        """Return how many sockets the child has: what lies in their buffers is memory of no process."""
        if self.scratch is not None:
            # Its own network namespace counts them, those in flight as well.
            return _sum_second(f"/proc/{watchers[-1]}/net/sockstat", b"sockets:")
        return descriptors.sockets(others)


def _sum_second(path: str, name: bytes) -> int:
    try:
        return sum(int(line.split()[2]) for line in procfs.read(path).splitlines() if line.startswith(name))
    except OSError:
        return 0
