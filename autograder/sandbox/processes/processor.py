"""How much processor time the processes of a child got, and how long they waited for it, as the kernel counts it.

The kernel records both for every thread (`/proc/<pid>/task/<tid>/schedstat`, in nanoseconds), and no process can write
there. Threads that ended between two samples are missing there; their processor time is part of their process's times
and, once its parent has waited for it, of the parent's (`/proc/<pid>/stat`).

On a virtual machine the host may take some of the time, which the guest sees as *steal*: it counts as waiting.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from autograder.sandbox.processes import procfs

_NANO: Final = 1e-9
_TICK: Final = 1 / os.sysconf("SC_CLK_TCK")
_ROUNDING: Final = 4 * _TICK  # seconds by which the four times of one process, in whole ticks, may be short


def cores() -> int:
    """Return how many processors this process may use, and so its children."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True)
class Use:
    """Processor seconds that a child got in one window, and seconds that its threads waited for a processor."""

    ran: float
    waited: float


class Ledger:
    """Computes the use in each window of one child; the first call of `look` only starts the first window."""

    def __init__(self) -> None:
        self._threads: dict[tuple[int, int], tuple[float, float]] = {}
        self._whole: float | None = None
        self._machine = (0.0, 0.0)

    def look(self, pids: Iterable[int], watchers: Iterable[int] = ()) -> Use:
        """Return what was used since the last look.

        Args:
            pids: the processes of the child.
            watchers: its watcher processes: the times of ended orphans of the child are added to theirs.
        """
        pids = list(pids)
        threads = {(pid, tid): times for pid in pids for tid, times in _threads_of(pid)}
        ran, waited = self._differences(threads)
        whole = sum(_whole_of(pid) for pid in (*pids, *watchers))
        unseen = 0.0 if self._whole is None else whole - self._whole - ran
        if unseen > _ROUNDING * (len(pids) + 1):
            ran += unseen
        machine = _machine()
        busy, stolen = machine[0] - self._machine[0], machine[1] - self._machine[1]
        first, self._threads, self._whole, self._machine = self._whole is None, threads, whole, machine
        if first:
            return Use(0.0, 0.0)
        return Use(ran, waited + (ran * stolen / busy if busy > 0 and stolen > 0 else 0.0))

    def _differences(self, threads: dict[tuple[int, int], tuple[float, float]]) -> tuple[float, float]:
        ran = waited = 0.0
        for name, (runs, waits) in threads.items():
            before = self._threads.get(name, (0.0, 0.0))
            if runs < before[0] or waits < before[1]:
                before = (0.0, 0.0)  # another thread that was given the number of one that has ended
            ran += runs - before[0]
            waited += waits - before[1]
        return ran, waited


def _threads_of(pid: int) -> Iterable[tuple[int, tuple[float, float]]]:
    """Yield the seconds that each thread ran and waited; nothing where the process is gone or the kernel keeps none."""
    try:
        names = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208  (hot: called many times a second)
    except OSError:
        return
    for name in names:
        try:
            words = procfs.read(f"/proc/{pid}/task/{name}/schedstat").split()
            yield int(name), (int(words[0]) * _NANO, int(words[1]) * _NANO)
        except (OSError, ValueError, IndexError):
            continue


def _whole_of(pid: int) -> float:
    """Return the processor seconds of a process, its ended threads and the children that it has waited for."""
    try:
        fields = procfs.read(f"/proc/{pid}/stat").rsplit(b")", 1)[1].split()
        return sum(map(int, fields[11:15])) * _TICK  # utime, stime, cutime, cstime
    except (OSError, ValueError, IndexError):
        return 0.0


def _machine() -> tuple[float, float]:
    """Return the seconds that all processors were busy, and those that the host took from them."""
    try:
        words = procfs.read("/proc/stat").split(b"\n", 1)[0].split()
        user, nice, system, _, _, irq, softirq, steal = (int(word) * _TICK for word in words[1:9])
    except (OSError, ValueError):
        return 0.0, 0.0
    return user + nice + system + irq + softirq, steal
