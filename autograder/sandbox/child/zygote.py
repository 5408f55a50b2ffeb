"""The warm process: it imports Keras once, computes nothing, and forks one child per submission.

It must never initialise a backend (a fork of a process in which TensorFlow has computed anything hangs), never see a
job (which goes from the supervisor to the child through a descriptor), and have only one thread. A GPU, if there is
one, is initialised by the child.

Messages, one JSON object each, over a socket pair with the supervisor:

    to the zygote     {"child": true} with the descriptors of child.Descriptors · {"kill": pid}
    from the zygote   {"ready": true, "versions": {…}} · {"failed": text}
                      {"pid": n, "private": bytes} · {"error": text}
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import platform
import select
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from autograder.frames import with_large_frame
from autograder.sandbox.child import process
from autograder.sandbox.isolation import syscalls as sc
from autograder.sandbox.processes import memory, reaper, scratch

_USUAL_BACKEND = "tensorflow"
"""Not imported from `autograder.model`: every child would be forked with what that needs."""
_PATIENCE = 10.0  # seconds that children get to end by themselves when the supervisor is gone


@with_large_frame  # and so do the children, which are forked from within
def main(link: socket.socket, config: dict[str, Any]) -> NoReturn:
    """Warm up, tell the supervisor, and serve until it hangs up; never returns."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()  # imported modules stay: collecting them again and again takes a seventh of the start
    try:
        for name in config["programs"].values():
            importlib.import_module(name).preload()
        _verify()
        link.send(json.dumps({"ready": True, "versions": versions()}).encode())
    except BaseException as error:
        text = "".join(traceback.format_exception_only(error)).strip()
        with contextlib.suppress(OSError):
            link.send(json.dumps({"failed": text[:2000]}).encode())
        os._exit(1)
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, the pages that all children share
    gc.enable()
    _Server(link, config["programs"]).serve()
    scratch.remove(Path(config["folder"]))  # the supervisor does it too, unless it was killed
    os._exit(0)


def _verify() -> None:
    """Raise RuntimeError unless this process can be forked safely."""
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads != 1:
        raise RuntimeError(f"expected one thread after the imports, saw {threads}: forks of it could hang")
    eager = sys.modules.get("tensorflow.python.eager.context")
    if eager is not None and eager.context()._initialized:
        raise RuntimeError("TensorFlow was initialised during the imports: forks of it would hang")
    bridge = sys.modules.get("jax._src.xla_bridge")
    if bridge is not None and bridge.backends_are_initialized():
        raise RuntimeError("JAX was initialised during the imports: forks of it would hang")


def versions() -> dict[str, str]:
    """Return the versions of what children compute with, and which backend of Keras where it is not TensorFlow."""
    found = {"python": platform.python_version()}
    backend = sys.modules["keras"].backend.backend() if "keras" in sys.modules else _USUAL_BACKEND
    if backend != _USUAL_BACKEND:
        found["backend"] = backend
    for name in ("keras", "numpy", "tensorflow", "jax", "torch"):
        version = getattr(sys.modules.get(name), "__version__", None)
        if isinstance(version, str):
            found[name] = version
    return found


class _Server:
    """Forks on request, reaps children, and kills orphans."""

    def __init__(self, link: socket.socket, programs: dict[str, str]) -> None:
        self.link = link
        self.programs = programs
        self.running: set[int] = set()
        self.wake, self.waker = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def serve(self) -> None:
        sc.become_subreaper()
        signal.signal(signal.SIGCHLD, _nothing)  # only a handler makes the wake-up descriptor speak
        signal.set_wakeup_fd(self.waker, warn_on_full_buffer=False)
        while True:
            ready, _, _ = select.select([self.link.fileno(), self.wake], [], [])
            if self.wake in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self.wake, 4096)
                self.reap()
            if self.link.fileno() in ready and not self.answer():
                break
        self.leave()

    def answer(self) -> bool:
        """Serve one message; False when the supervisor is gone."""
        try:
            message, descriptors, _, _ = socket.recv_fds(self.link, 4096, 6)
        except OSError:
            return False
        if not message:
            return False
        wish = json.loads(message)
        if "child" in wish:
            self.fork(descriptors)
        elif wish.get("kill") in self.running:
            os.kill(wish["kill"], signal.SIGKILL)
        return True

    def fork(self, descriptors: list[int]) -> None:
        parent = os.getpid()
        private = memory.private_bytes(parent)
        try:
            pid = os.fork()
        except OSError as error:
            reply: dict[str, object] = {"error": f"fork: {error.strerror}"}
        else:
            if pid == 0:
                signal.set_wakeup_fd(-1)
                process.main(process.Descriptors(*descriptors), self.programs, parent)
            self.running.add(pid)
            reply = {"pid": pid, "private": private}
        for descriptor in descriptors:
            os.close(descriptor)
        with contextlib.suppress(OSError):
            self.link.send(json.dumps(reply).encode())

    def reap(self) -> None:
        while True:
            try:
                pid, _ = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                break
            self.running.discard(pid)
        for orphan in set(reaper.children(os.getpid())) - self.running:  # a watcher was killed: finish its work
            with contextlib.suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)

    def leave(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while self.running and time.monotonic() < deadline:
            select.select([self.wake], [], [], 0.1)
            with contextlib.suppress(BlockingIOError):
                os.read(self.wake, 4096)
            self.reap()
        reaper.end_descendants()


def _nothing(number: int, frame: FrameType | None) -> None:
    """Stand in for SIG_IGN, under which the kernel would reap the children itself."""
