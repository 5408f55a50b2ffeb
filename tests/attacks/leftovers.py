"""What a batch must not leave on the machine: processes, mounts, shared memory, temporary files."""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from autograder.sandbox.isolation import syscalls as sc
from autograder.sandbox.processes.uid_pool import FIRST_UID
from tests.processes import orphans

_SLOTS = range(FIRST_UID, FIRST_UID + 3000)
_PATIENCE = 30.0  # seconds until what was killed is gone


@dataclass(frozen=True)
class Machine:
    """What is there at one moment, as far as this process's user, or a submission's, made it.

    A slot's user id is held by an abstract socket of the grader, which ends with its process.
    """

    mounts: frozenset[str]
    segments: frozenset[str]
    shared: frozenset[str]
    temporary: frozenset[str]

    @classmethod
    def now(cls) -> Machine:
        return cls(mounts=_mounts(), segments=_segments(), shared=_files(Path("/dev/shm")),
                   temporary=_files(Path("/tmp")) | _files(Path("/var/tmp")))

    def news(self, before: Machine) -> list[str]:
        """Return what is here and was not before."""
        return [f"{what}: {name}" for what in ("mounts", "segments", "shared", "temporary")
                for name in sorted(getattr(self, what) - getattr(before, what))]


def adopt() -> None:
    """Make this process the heir of every orphan below it."""
    sc.become_subreaper()


def processes(wait: float = _PATIENCE) -> list[str]:
    """Return the command lines of what lives below this process; the dead are reaped, the dying waited for."""
    deadline = time.monotonic() + wait
    while (left := orphans()) and time.monotonic() < deadline:
        time.sleep(0.05)
    found = []
    for pid in left:
        with suppress(OSError):
            found.append(f"{pid} " + Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")[:200])
    return found


def end_processes() -> None:
    """Kill what was left, so that the next test does not see it."""
    for pid in orphans():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _mounts() -> frozenset[str]:
    """Return the mount points that look like ours: others may mount meanwhile."""
    points = {line.split()[4] for line in Path("/proc/self/mountinfo").read_text().splitlines()}
    return frozenset(point for point in points if "autograder" in point or "attacks" in point or "pytest" in point)


def _segments() -> frozenset[str]:
    """Return the System V segments, semaphores and queues of submissions (or of this user, without root)."""
    found = set()
    for kind in ("shm", "sem", "msg"):
        try:
            lines = Path(f"/proc/sysvipc/{kind}").read_text().splitlines()
        except OSError:
            continue
        head = lines[0].split()
        for line in lines[1:]:
            row = dict(zip(head, line.split(), strict=False))
            if _is_ours(int(row.get("uid", -1))):
                found.add(f"{kind} {row.get(f'{kind}id')}")
    return frozenset(found)


def _files(folder: Path) -> frozenset[str]:
    """Return the entries of a folder that submissions own (or this user, without root: those of our own names)."""
    found = set()
    with suppress(OSError):
        for path in folder.iterdir():
            with suppress(OSError):
                named = os.geteuid() == 0 or "attack" in path.name or "autograder" in path.name
                if named and _is_ours(path.lstat().st_uid):
                    found.add(str(path))
    return frozenset(found)


def _is_ours(uid: int) -> bool:
    return uid in _SLOTS if os.geteuid() == 0 else uid == os.geteuid()
