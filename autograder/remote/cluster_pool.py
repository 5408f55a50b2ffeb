"""A pool whose notebooks run on the workers of a cluster, and whose models are evaluated here or on judges.

What workers send is trusted no more than what a student's process sends: see `parcels`. A job that a worker lost ends
as `Ending.LOST`, as with the other pools, and is run again elsewhere. Hidden checks and labels stay on this machine.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from autograder.cluster import Link, Offer, Wanted
from autograder.container.wire import WireError
from autograder.errors import ClusterError, ExecutionError
from autograder.model import Ending, Execution, Isolation, NotebookJob, PredictionJob, RefitJob
from autograder.pipeline.containers.runner import file_digest
from autograder.pipeline.containers.shown_folders import divide_mounts
from autograder.pipeline.session.pool_protocol import Pool, open_local_pool
from autograder.pipeline.session.workers import count_workers
from autograder.remote.matching import Matching
from autograder.remote.parcels import Job, Kind, open_answer, pack_parcel
from autograder.sandbox import PoolOptions

_MARGIN: Final = 180.0  # seconds that a job may take beyond its own time: set-up, clean-up and transfer
_QUEUE: Final = 2.0  # how many jobs' time one may wait for another client's
_LOOK: Final = 0.2  # seconds between two looks for a free worker


@dataclass(frozen=True, kw_only=True)
class ClusterJobs:
    """What the jobs of a pool have in common.

    Attributes:
        priority: those with a higher one are run first.
        withheld: folder of files that are never sent: a judge has them in its own course.
        note: receives a sentence about what went wrong on the way, from any thread.
    """

    link: Link
    device: str = "cpu"
    priority: int = 0
    withheld: Path
    note: Callable[[str], None]


class ClusterPool:
    """Runs notebooks on workers that are exactly like this machine; thread-safe.

    Never more jobs are submitted than the workers can run at the same time, so that nothing waits at a worker while
    another one is free. Our own notebooks run here, in ``own``.
    """

    def __init__(self, jobs: ClusterJobs, options: PoolOptions) -> None:
        """Prepare; nothing is submitted yet.

        Args:
            options: the isolation mode is the one that workers must have too.

        Raises:
            IsolationError: this machine itself cannot isolate.
        """
        self.own: Pool = open_local_pool(replace(options, workers=count_workers(None), extra=0, gpus=(), share=1.0))
        self._jobs = jobs
        self._matching = Matching(jobs.link, jobs.device, self.own)
        self._running: dict[str, int] = {}
        self._counting = threading.Lock()
        self._digests: dict[Path, tuple[int, str]] = {}
        self._closed = threading.Event()
        self._trouble: ClusterError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Cancel what was submitted (it returns as lost) and end our own warm process."""
        if not self._closed.is_set():
            self._closed.set()
            self.own.close()

    @property
    def lost(self) -> bool:
        """Whether the scheduler or all workers have been gone for too long."""
        return self._trouble is not None

    @property
    def isolation(self) -> Isolation:
        """The mode in which workers isolate each notebook: as here."""
        return self.own.isolation

    @property
    def versions(self) -> dict[str, str]:
        """Versions of Python, Keras, NumPy and the backend, as here, and the names of the workers' GPUs."""
        return self._matching.versions

    def warm_up(self) -> None:
        """Find a worker that fits: its own process is warm, or becomes so with its first job."""
        self._matching.runner()

    def run_notebook(self, job: NotebookJob, into: Path, *, on_cell: Callable[[int], None] | None = None) -> Execution:
        """Run a notebook on a worker; the files that it leaves appear in ``into``. ``on_cell`` is not called.

        Raises:
            ClusterError: there is no worker that fits, or no scheduler any more.
            AutograderError: the worker's own, about this job.
        """
        cells = frozenset(cell.index for cell in job.cells)
        return self._run("notebook", job, self._matching.runner(), cells, into)

    def run_predictions(self, job: PredictionJob, into: Path) -> Execution:
        """Rebuild models and predict, on a judge where there is one, otherwise here; as `WarmPool.run_predictions`."""
        judge = self._matching.judge()
        return self._run("prediction", job, judge, frozenset(), into) if judge else self.own.run_predictions(job, into)

    def run_refit(self, job: RefitJob, into: Path) -> Execution:
        """Train a recorded model again, on a judge where there is one, otherwise here; as `WarmPool.run_refit`."""
        judge = self._matching.judge()
        return self._run("refit", job, judge, frozenset(), into) if judge else self.own.run_refit(job, into)

    def _run(self, kind: Kind, job: Job, like: Offer, cells: frozenset[int], into: Path) -> Execution:
        number = uuid.uuid4().hex
        files, folders = divide_mounts(job.mounts)
        shown = [*(mount.source for mount in files), *(path for inside in folders.values() for path in inside.values())]
        names = {path: self._digest(path) for path in shown}
        sent = {name: path for path, name in names.items() if not path.is_relative_to(self._jobs.withheld)
                or kind == "notebook"}
        parcel = pack_parcel(kind, number, job, names, tuple(sent))
        wanted = Wanted(parcel=parcel, files=sent, resources={like.resource: 1, like.kind: 1},
                        priority=self._jobs.priority, seconds=_QUEUE * job.limits.longest + _MARGIN)
        try:
            with self._place(like):
                answer = self._jobs.link.run(wanted, kind=like.kind, stopped=self._closed.is_set)
        except ClusterError as error:
            self._trouble = error
            raise
        if answer is None:
            return self._lost("A worker was lost; its work is run again.")
        return self._unpack(answer, number, job, cells, into)

    def _unpack(self, answer: bytes, number: str, job: Job, cells: frozenset[int], into: Path) -> Execution:
        """Move the files of an answer to ``into``; an answer that is not as it must be is a lost job."""
        into.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{into.name}.partial-", dir=into.parent))
        try:
            execution = open_answer(answer, number, cells, job.limits, folder)
            folder.chmod(0o755)
            if into.exists():
                shutil.rmtree(into)
            folder.rename(into)
            return execution
        except WireError as error:
            return self._lost(str(error))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _lost(self, why: str) -> Execution:
        if not self._closed.is_set():
            self._jobs.note(why)
        return Execution(ending=Ending.LOST, isolation=self.isolation)

    @contextmanager
    def _place(self, like: Offer) -> Iterator[None]:
        """Wait until fewer jobs of this kind run than the workers have places; without any worker, one may wait there.

        Raises:
            ExecutionError: the pool was closed.
        """
        while not self._take(like):
            if self._closed.is_set():
                raise ExecutionError("Expected an open pool, but it was closed; make a new one.")
            if self._trouble is not None:
                raise self._trouble
            time.sleep(_LOOK)
        try:
            yield
        finally:
            with self._counting:
                self._running[like.kind] -= 1

    def _take(self, like: Offer) -> bool:
        most = max(1, self._jobs.link.slots(like.kind))
        with self._counting:
            if self._running.get(like.kind, 0) >= most:
                return False
            self._running[like.kind] = self._running.get(like.kind, 0) + 1
            return True

    def _digest(self, path: Path) -> str:
        """Return the digest of a file; that of the data set is computed once."""
        changed = path.stat().st_mtime_ns
        known = self._digests.get(path)
        if known is None or known[0] != changed:
            known = (changed, file_digest(path))
            self._digests[path] = known
        return known[1]
