"""A scheduler and workers on this machine, as processes of their own: to try a cluster out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from autograder.cluster import Link, require_dask
from autograder.errors import ClusterError

LOCAL: Final = "local"
PRELOAD: Final = "autograder.cluster.scheduler_preload"
_START: Final = 180.0  # seconds for Keras to be imported by all workers, on a slow and busy machine
_PAUSE: Final = 0.2
_FORGOTTEN: Final = "DASK_DISTRIBUTED__SCHEDULER__IDLE_TIMEOUT"
"""When a scheduler ends whose command was killed; its workers then end too."""
_LEAVE: Final = 30.0  # seconds for a worker to end its children


@contextmanager
def start_local(workers: int, requirements: Path | None = None) -> Iterator[str]:
    """Start a scheduler and workers, one submission each at a time; yield its address, and end them with the block.

    Args:
        requirements: the lock file of a course that requires packages.

    Raises:
        ClusterError: dask is not installed, or a process did not start.
    """
    require_dask()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autograder-cluster-")))
        log = stack.enter_context((folder / "log").open("wb"))
        address = start_scheduler(stack, folder, log.fileno())
        command = (sys.executable, "-m", "autograder", "worker", "--scheduler", address, "--workers", "1",
                   "--patience", "10", *(["--requirements", str(requirements)] if requirements else []))
        started = [_start(stack, command, log.fileno()) for _ in range(workers)]
        _wait_for(address, started, folder / "log")
        yield address


def start_scheduler(stack: ExitStack, folder: Path, log: int, *, host: str = "127.0.0.1", port: int = 0) -> str:
    """Start a scheduler that ends with ``stack``, and return its address.

    Args:
        host: the address to listen on.
        port: 0: a free one.

    Raises:
        ClusterError: it did not start.
    """
    written = folder / "scheduler.json"
    written.unlink(missing_ok=True)
    command = (sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", host, "--port", str(port),
               "--no-dashboard", "--no-jupyter", "--scheduler-file", str(written), "--preload", PRELOAD)
    process = _start(stack, command, log)
    deadline = time.monotonic() + _START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            return str(json.loads(written.read_bytes())["address"])
        except (OSError, ValueError, KeyError):
            time.sleep(_PAUSE)
    raise ClusterError(f"Expected dask's scheduler to start, but it did not ({_last_line(folder / 'log')}); "
                       "try `dask scheduler` by hand.")


def _start(stack: ExitStack, command: Sequence[str], log: int) -> subprocess.Popen[bytes]:
    # Ctrl-C is for the command, which then ends these in an orderly way.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                               env={**os.environ, _FORGOTTEN: "2 hours"})
    stack.callback(_end, process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_LEAVE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(address: str, started: Sequence[subprocess.Popen[bytes]], log: Path) -> None:
    """Wait until all workers have joined.

    Raises:
        ClusterError: one ended, or took too long.
    """
    link, deadline = Link(address), time.monotonic() + _START
    try:
        while len(link.offers()) < len(started):
            if any(process.poll() is not None for process in started) or time.monotonic() > deadline:
                raise ClusterError(f"Expected {len(started)} workers to start here, but one did not "
                                   f"({_last_line(log)}); run `autograder doctor`.")
            time.sleep(_PAUSE)
    finally:
        link.close()


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    return "".join(sign for sign in lines[-1][-300:] if sign.isprintable()) if lines else "it said nothing"
