"""A trial of the namespaces in a process of its own: `features` starts it and reads one line."""

from __future__ import annotations

import os

from autograder.sandbox.isolation import landlock, namespaces, readable_paths
from autograder.sandbox.isolation import syscalls as sc
from autograder.sandbox.isolation.launch import Bounds, Spec
from autograder.sandbox.processes import uid_pool


def main() -> None:
    """Print ``ok``, or the system call that the kernel refused."""
    readable = readable_paths.readable()
    spec = Spec(isolation="namespaces", program="", scratch=readable_paths.scratch_inside(readable), readable=readable,
                uid=uid_pool.FIRST_UID if os.geteuid() == 0 else None,
                bounds=Bounds(memory=1 << 26, processes=8, disk=1 << 20, files=64, open_files=64, seconds=10))
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(read)
        _try(spec, write)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as answer:
        print(answer.read() or "the trial died")  # noqa: T201  (its reader is `features`)
    os.waitpid(pid, 0)


def _try(spec: Spec, answer: int) -> None:
    try:
        namespaces.enter(spec)
        pid = os.fork()
        if pid == 0:
            own_proc = namespaces.finish_root(spec)
            sc.limit_capabilities()
            if not own_proc and landlock.abi() < 1:
                raise OSError(1, "mount on /proc: refused, and this kernel has no Landlock to hide the outer one")
            os.write(answer, b"ok")
            os._exit(0)
        os.waitpid(pid, 0)
    except OSError as error:
        os.write(answer, str(error).encode())
    finally:
        os._exit(0)
