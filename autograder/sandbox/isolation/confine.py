"""What the student's process gives up, in this order, before it runs any student code."""

from __future__ import annotations

import contextlib
import os
import resource
import tempfile
from pathlib import Path
from typing import Final

from autograder.sandbox.isolation import gpu, landlock, seccomp
from autograder.sandbox.isolation import syscalls as sc
from autograder.sandbox.isolation.launch import Bounds, Spec

_DEVICES: Final = ("/dev/full", "/dev/random", "/dev/urandom")
_PROC_PARTS: Final = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat")
_OWN_PROCESSES: Final = 4  # the child's own watcher processes and a thread of the backend count as well


def environment(scratch: str) -> None:
    """Point everything that looks for a home or a temporary folder at the scratch folder."""
    temporary = f"{scratch}/.tmp"
    Path(temporary).mkdir(mode=0o700, exist_ok=True)
    os.environ.update(HOME=scratch, TMPDIR=temporary, MPLCONFIGDIR=temporary, KERAS_HOME=f"{temporary}/keras",
                      IPYTHONDIR=f"{temporary}/ipython", PWD=scratch)
    tempfile.tempdir = temporary


def limit_resources(bounds: Bounds, *, others: int = 0) -> None:
    """Set the resource limits, hard and soft alike; ``others`` counts the user's threads outside of this child."""
    # Slightly above the limit that the supervisor enforces, so that work that grows step by step always ends with the
    # supervisor's sentence. If the two were equal, chance would decide which one is exceeded first.
    data = _status_bytes("VmData") + bounds.memory + bounds.memory // 16 + _stacks()
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: bounds.disk,
        resource.RLIMIT_NOFILE: bounds.open_files,
        resource.RLIMIT_NPROC: bounds.processes + _OWN_PROCESSES + others,
        resource.RLIMIT_DATA: data,  # so that one large allocation is a MemoryError, not the end
        resource.RLIMIT_CPU: bounds.seconds * (os.cpu_count() or 1) + 10,  # backstop: see `fair_clock`
        resource.RLIMIT_MEMLOCK: 1 << 16,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 1024,
        resource.RLIMIT_NICE: 0,
        resource.RLIMIT_RTPRIO: 0,
    }
    for which, value in limits.items():
        _, ceiling = resource.getrlimit(which)
        limit = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
        resource.setrlimit(which, (limit, limit))


def _stacks() -> int:
    """Bytes for the stacks of the backend's threads: the kernel reserves them, but they are hardly ever used."""
    return (64 << 20) + 4 * (os.cpu_count() or 1) * (8 << 20)


def _threads_of_user() -> int:
    total = 0
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):  # it ended meanwhile
                if folder.stat().st_uid == os.getuid():
                    total += len(list((folder / "task").iterdir()))
    return total


def _status_bytes(field: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) * 1024
    return 0


def confine(spec: Spec, *, own_proc: bool) -> None:
    """Give up what ``spec.isolation`` requires; ``own_proc`` says whether /proc shows only this child.

    Raises:
        OSError: the kernel refused; no student code may run then.
    """
    keep = frozenset({sc.CAP_DAC_READ_SEARCH}) if spec.search and not spec.namespaces else frozenset[int]()
    if not spec.namespaces and spec.uid is not None:
        _leave_root(spec.uid, keep)
    elif spec.isolation != "none":
        sc.bound_capabilities()
        sc.limit_capabilities()
    _offer_to_the_killer()
    # The kernel counts per user and user namespace: if we have neither of our own, running processes count as well.
    shared = not spec.namespaces and spec.uid is None
    limit_resources(spec.bounds, others=_threads_of_user() if shared else 0)
    if spec.isolation == "none":
        return
    sc.no_new_privileges()
    if spec.isolation != "namespaces":
        readable = [*spec.readable, *_DEVICES, *(("/proc",) if own_proc else _PROC_PARTS)]
        if spec.namespaces:
            readable += [target for _, target in spec.mounts]
            writable = [spec.scratch, "/tmp", "/dev/shm", "/dev/null"]  # noqa: S108  (the child's own /tmp)
        else:
            readable += [*(source for source, _ in spec.mounts), "/sys/devices/system/cpu"]
            writable = [spec.scratch, "/dev/null"]
        if spec.devices:
            writable += spec.devices
            readable += gpu.PROC_PARTS
        landlock.restrict(readable, writable)
    seccomp.install(frozen=not spec.namespaces)


def _leave_root(uid: int, keep: frozenset[int]) -> None:
    sc.bound_capabilities(keep)
    if keep:
        sc.keep_capabilities_over_setuid()
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    sc.limit_capabilities(keep)
    sc.set_dumpable(True)  # else /proc/self belongs to root, and libraries read it


def _offer_to_the_killer() -> None:
    """Be the first process that is killed when the whole machine runs out of memory."""
    try:
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    except OSError:
        return  # a read-only /proc in a container; our own memory poll still works
