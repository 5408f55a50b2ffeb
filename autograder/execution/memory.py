"""How much memory the processes of one child hold, beyond what they share with the zygote."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from autograder.execution import sweep


def private_bytes(pid: int) -> int:
    """Return the anonymous and shared-memory pages that a process has touched, in bytes; 0 when it is gone."""
    return 1024 * _sum_fields(f"/proc/{pid}/status", (b"RssAnon:", b"RssShmem:"))


def proportional_bytes(pid: int) -> int | None:
    """Return the same with shared pages divided among their holders, or None where that cannot be read (slow)."""
    total = _sum_fields(f"/proc/{pid}/smaps_rollup", (b"Pss_Anon:", b"Pss_Shmem:"))
    return 1024 * total if total else None


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
        watchers, others = self.processes()
        files = self._file_bytes()
        quick = sum(private_bytes(pid) for pid in others) - (self.inherited if others else 0)
        total = max(quick, 0) + files
        if total <= limit:
            return total
        # Forks of the student's process are counted twice above: divide what they share.
        shares = [proportional_bytes(pid) for pid in [watchers[-1], *others]]
        known = [share for share in shares if share is not None]
        if len(known) < len(shares) or not others:
            return total
        # A watcher holds little but its share of the zygote's pages; so does each of the others, all at most once.
        zygote = min(known[0] * len(others), self.inherited)
        return min(total, max(sum(known[1:]) - zygote, 0) + files)

    def _file_bytes(self) -> int:
        if self.scratch is None:
            return 0
        space = os.fstatvfs(self.scratch)
        return (space.f_blocks - space.f_bfree) * space.f_frsize
