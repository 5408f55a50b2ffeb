"""A process of the grader's own that stays warm: started with an almost empty environment, spoken to over a socket."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

_PACKAGE_ROOT: Final = str(Path(__file__).resolve().parents[1])
_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
_LEAVE: Final = 2.0  # seconds that the process has to end after the connection was closed


class WarmProcess:
    """One running process and this side of its connection; who needs another one makes another object."""

    def __init__(self, module: str, arguments: Sequence[str] = (), *, environment: Mapping[str, str] | None = None,
                 folder: Path | None = None) -> None:
        """Start the process.

        Args:
            module: run as ``python -m module FD ARGUMENTS``, where FD is the descriptor of its end of the connection.
            arguments: further ones of the module.
            environment: variables in addition to the few that every such process gets; of the caller's, only the search
                path for programs is passed on.
            folder: where the process works; None: where the caller does.
        """
        self.connection, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-m", module, str(theirs.fileno()), *arguments],
                pass_fds=(theirs.fileno(),), env=basic_environment() | dict(environment or {}), cwd=folder,
                start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def died(self) -> bool:
        """Whether the process has ended. Its forks die with it, shortly before this can be detected."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=0.2)
        return not self.alive

    def close(self) -> None:
        """End the process, which notices that the connection is closed and ends its forks; twice does nothing."""
        self.connection.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_LEAVE)
        if self.alive:
            self._process.kill()
            self._process.wait()


def die_with(parent: int) -> None:
    """Have the kernel end the calling process when its parent ends, so that nothing outlives a killed supervisor."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def basic_environment() -> dict[str, str]:
    """Return the variables that every such process gets."""
    return {
        "PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "PYTHONPATH": _PACKAGE_ROOT,
        # Forking with several threads is unsafe.
        "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0",
    }
