"""How much memory the processes of one child hold, beyond what they share with the zygote."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from autograder.execution import sweep


def private_bytes(pid: int) -> int:
    """Return the anonymous and shared-memory pages that a process has touched, in bytes; 0 when it is gone."""
    return 1024 * _sum_fields(f"/proc/{pid}/status", (b"RssAnon:", b"RssShmem:"))


def proportional_bytes(pid: int) -> int:
    """Return the same with shared pages divided among their holders, undivided where only that can be read; slow."""
    total = _sum_fields(f"/proc/{pid}/smaps_rollup", (b"Pss_Anon:", b"Pss_Shmem:"))
    return 1024 * total if total else private_bytes(pid)


def _sum_fields(path: str, names: tuple[bytes, ...]) -> int:
    try:
        with Path(path).open("rb") as stream:
            return sum(int(line.split()[1]) for line in stream if line.startswith(names))
    except OSError:
        return 0


@dataclass(frozen=True)
class Meter:
    """Measures one child. ``top`` is the process that the zygote forked, ``watchers`` how many do not count."""

    top: int
    watchers: int
    inherited: int
    scratch: int | None

    def processes(self) -> tuple[list[int], list[int]]:
        """Return the watcher processes and all others of this child."""
        everything = [self.top, *sweep.descendants(self.top)]
        return everything[: self.watchers], everything[self.watchers:]

    def used(self, limit: int) -> int:
        """Return the bytes in use; slower and more exact when the quick figure is above ``limit``."""
        _, others = self.processes()
        files = self._file_bytes()
        quick = sum(private_bytes(pid) for pid in others) - self.inherited
        total = max(quick, 0) + files
        if total <= limit:
            return total
        # Looked at twice: a process that ends between two readings leaves its share to those that are read later.
        return min(total, self._divided() + files, self._divided() + files)

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
