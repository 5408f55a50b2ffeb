"""The watcher's loop, and ways to find and end all descendants of a process where no PID namespace does it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import time
from pathlib import Path
from types import FrameType

from autograder.sandbox.processes import procfs

_PAUSE = 0.005  # seconds between two looks at the process table


def watch(control: socket.socket, child: int, wake: int, waker: int, *, first: bool) -> int | None:
    """Wait for ``child`` and serve the supervisor meanwhile.

    Args:
        first: this is process 1 of a PID namespace. From inside it gets only the signals that it has handlers for, so
            it must have none for SIGTERM: the child could end it. When the zygote dies, the kernel kills it anyway.

    Returns:
        The child's wait status, or None when everything has to end now.
    """
    ending = False

    def on_signal(number: int, frame: FrameType | None) -> None:
        nonlocal ending
        ending = ending or number == signal.SIGTERM

    signal.signal(signal.SIGCHLD, on_signal)
    if not first:
        signal.signal(signal.SIGTERM, on_signal)  # comes when the zygote dies
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    while not ending:
        status = _reap(child)
        if status is not None:
            return status
        ready, _, _ = select.select([control.fileno(), wake], [], [])
        if wake in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(wake, 4096)
        if control.fileno() in ready:
            wish = _wish(control)
            if wish == "interrupt":
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGINT)
                with contextlib.suppress(OSError):
                    control.send(b'{"interrupted": true}')
            elif wish == "kill":
                return _killed(child)
    return None


def _wish(control: socket.socket) -> str:
    try:
        message = control.recv(4096)
    except OSError:
        return "kill"
    return str(json.loads(message).get("do", "")) if message else "kill"


def _killed(child: int) -> int | None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    try:
        return os.waitpid(child, 0)[1]
    except ChildProcessError:
        return None


def _reap(child: int) -> int | None:
    """Collect every dead child; returns the wait status of ``child`` once it is dead."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        if pid == 0:
            return None
        if pid == child:
            return status


def children(pid: int) -> list[int]:
    """Return the child processes of all threads of ``pid``; empty when it is gone."""
    found: list[int] = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208  (hot: called many times a second)
            found += [int(word) for word in procfs.read(f"/proc/{pid}/task/{task}/children").split()]
    except OSError:
        if not Path("/proc/self/task", str(os.getpid()), "children").exists():
            return _children_by_parent(pid)
    return found


def _children_by_parent(parent: int) -> list[int]:
    """The same from every process's stat file: for kernels built without the list of children."""
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208  (hot: called many times a second)
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError), Path(f"/proc/{name}/stat").open("rb") as stream:
                if int(stream.read().rsplit(b")", 1)[1].split()[1]) == parent:
                    found.append(int(name))
    return found


def descendants(pid: int) -> list[int]:
    """Return everything below ``pid``, nearest first; a process that forks meanwhile may be missed."""
    found: list[int] = []
    seen = {pid}
    queue = [pid]
    while queue:
        for child in children(queue.pop(0)):
            if child not in seen:
                seen.add(child)
                found.append(child)
                queue.append(child)
    return found


def end_descendants() -> None:
    """Kill everything below this process, which has to be a subreaper, until nothing is left.

    All are stopped first, so that even a process that forks faster than it can be killed is ended.
    """
    while True:
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in descendants(os.getpid()):
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, number)
        while True:
            try:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    break
            except ChildProcessError:
                return
        time.sleep(_PAUSE)
