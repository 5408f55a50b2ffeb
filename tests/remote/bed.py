"""A real scheduler of dask and real workers on loopback, whose sandbox runs cells without Keras."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from autograder.cluster import Link
from autograder.model import JobCell, Limits, Mount, NotebookJob
from autograder.remote.cluster_pool import ClusterJobs, ClusterPool
from autograder.remote.local_cluster import start_scheduler
from autograder.sandbox import PoolOptions, Programs, best_isolation

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ROOT / "tests" / "sandbox" / "programs"
LIGHT = Programs(notebook="light", prediction="light", refit="light", path=(PROGRAMS,))
PATIENCE = 120
WORKER = """
import sys
from pathlib import Path
import autograder
if sys.argv[3]:
    autograder.__version__ = sys.argv[3]
from autograder.remote import WorkerOptions, serve_worker
from autograder.sandbox import Programs
from autograder.workspace.layout import open_workspace
from autograder.workspace.progress import Silent
light = Programs(notebook="light", prediction="light", refit="light", path=(Path(sys.argv[1]),))
judge = open_workspace(Path(sys.argv[4])) if sys.argv[4:] else None
options = WorkerOptions(scheduler=sys.argv[2], judge=judge, workers=1, patience=60, unencrypted=True, programs=light)
serve_worker(options, Silent())
"""
needs_walls = pytest.mark.skipif(best_isolation() is None, reason="this machine cannot isolate student code")


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def until(true: Callable[[], bool], *, patience: float = PATIENCE) -> None:
    """Wait for something that other processes do."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)


class Bed:
    """A scheduler and workers, which tests start, kill and freeze."""

    def __init__(self, folder: Path, host: str = "127.0.0.1") -> None:
        self.folder, self.host, self.port = folder, host, free_port()
        self.workers: list[subprocess.Popen[bytes]] = []
        self.notes: list[str] = []
        self._stack = ExitStack()
        self._scheduler = ExitStack()
        self.log = self._stack.enter_context((folder / "log").open("wb"))
        self.address = self.start_scheduler()
        self.link = Link(self.address, unencrypted=True, patience=PATIENCE)
        self._stack.callback(self.link.close)

    def start_scheduler(self) -> str:
        return start_scheduler(self._scheduler, self.folder, self.log.fileno(), host=self.host, port=self.port)

    def stop_scheduler(self) -> None:
        self._scheduler.close()

    def start(self, code: str, *arguments: str, before: Sequence[str] = ()) -> subprocess.Popen[bytes]:
        process = subprocess.Popen([*before, sys.executable, "-c", code, *arguments], cwd=ROOT,
                                   stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.workers.append(process)
        return process

    def add_workers(
        self, count: int, *, version: str = "", before: Sequence[str] = ()
    ) -> list[subprocess.Popen[bytes]]:
        """Start workers for one job at a time, by a command in front of theirs, and wait until they have joined."""
        there = len(self.link.offers())
        started = [self.start(WORKER, str(PROGRAMS), self.address, version, before=before) for _ in range(count)]
        until(lambda: len(self.link.offers()) == there + count)
        return started

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self.start(WORKER, str(PROGRAMS), self.address, "")

    def add_judge(self, course: Path) -> None:
        self.start(WORKER, str(PROGRAMS), self.address, "", str(course))
        until(lambda: any(offer.judge for offer in self.link.offers()))

    def busy(self) -> list[str]:
        """Return the jobs that the scheduler has given to workers."""
        client = self.link._client
        given = client.sync(client.scheduler.processing)
        return [key for keys in given.values() for key in keys]

    def pool(self, *, link: Link | None = None, priority: int = 0, withheld: Path | None = None) -> ClusterPool:
        jobs = ClusterJobs(link=link or self.link, priority=priority, withheld=withheld or self.folder / "withheld",
                           note=self.notes.append)
        made = ClusterPool(jobs, PoolOptions(programs=LIGHT))
        self._stack.callback(made.close)
        return made

    def close(self) -> None:
        for process in self.workers:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.workers:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._stack.close()
        self._scheduler.close()


def job(*sources: str, mounts: tuple[Mount, ...] = (), **limits: Any) -> NotebookJob:
    cells = tuple(JobCell(index=index, source=source) for index, source in enumerate(sources))
    return NotebookJob(cells=cells, seed=1, sampling_key="ab" * 32, mounts=mounts, limits=Limits(**limits))
