"""`autograder worker`: this machine runs jobs for whoever grades with a scheduler."""

from __future__ import annotations

import socket
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from autograder import __version__, data
from autograder.cluster import Offer, check_address, require_dask
from autograder.errors import GraderError
from autograder.model import Isolation
from autograder.pipeline.containers.runner import file_digest
from autograder.pipeline.session.course_files import prepare_data
from autograder.pipeline.session.placement import look
from autograder.pipeline.session.workers import count_workers
from autograder.remote.remote_jobs import RemoteJobs
from autograder.sandbox import PoolOptions, Programs, WarmPool
from autograder.sandbox.isolation.gpu import Gpu
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import require_room


@dataclass(frozen=True, kw_only=True)
class WorkerOptions:
    """What a worker offers, and to which scheduler.

    Attributes:
        gpus: how many GPUs notebooks train on; 0: they train on the CPU.
        judge: the course of a judge, which evaluates models and runs no student code.
        workers: jobs at the same time; None: one per core, or one per GPU.
        patience: seconds that the scheduler may be missing before the worker ends.
        packages: names of a course's packages, whose versions the worker has to say.
        programs: what runs in children; tests replace the default.
    """

    scheduler: str
    unencrypted: bool = False
    gpus: int = 0
    judge: Workspace | None = None
    workers: int | None = None
    isolation: Isolation | None = None
    patience: float = 600.0
    packages: tuple[str, ...] = ()
    programs: Programs = field(default_factory=Programs)


def serve_worker(options: WorkerOptions, reporter: Reporter) -> None:
    """Serve jobs until the command is ended, or this machine can run no more.

    Raises:
        ClusterError: the address is invalid, dask is missing, or no scheduler answers for too long.
        GraderError: there are fewer GPUs here than were named.
        IsolationError: this machine cannot isolate student code.
        StorageError: there is no room for the files of a job.
    """
    require_dask()
    address = check_address(options.scheduler, unencrypted=options.unencrypted)
    from autograder.cluster.node import Node

    with ExitStack() as stack:
        gpus = _gpus(options.gpus)
        slots = options.workers or (len(gpus) if gpus else count_workers(None))
        pool = stack.enter_context(WarmPool(PoolOptions(
            workers=slots, isolation=options.isolation, programs=options.programs, gpus=gpus,
            packages=options.packages, share=min(1.0, len(gpus) / slots) if gpus else 1.0)))
        store = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autograder-jobs-")))
        require_room(store)
        own = _own_files(options.judge, reporter) if options.judge else None
        offer = Offer(version=__version__, device="gpu" if gpus else "cpu", judge=own is not None, slots=slots,
                      isolation=pool.isolation.value, versions=pool.versions, gpus=tuple(gpu.name for gpu in gpus),
                      host=socket.gethostname()[:255])
        node = Node(address, offer, RemoteJobs(pool, store, own_files=own), patience=options.patience)
        node.serve(lambda: reporter.note(f"joined {address}: {offer.resource}, {slots} at a time"))


def _gpus(wanted: int) -> tuple[Gpu, ...]:
    """Return as many GPUs as were named.

    Raises:
        GraderError: there are fewer.
    """
    if not wanted:
        return ()
    found = look()
    if found.refusal is not None or len(found.found) < wanted:
        raise GraderError(f"--gpu {wanted} was given, but {found.refusal or f'there are {len(found.found)} here'}; "
                          f"{found.fix or 'name fewer'}, or start the worker without --gpu.")
    return found.found[:wanted]


def _own_files(workspace: Workspace, reporter: Reporter) -> dict[str, Path]:
    """Return the files of the course's data by digest, after they were prepared."""
    used = {workspace.course.assignment(name).data for name in workspace.course.assignments}
    if data.OWN in used:
        data.prepare_own(data.OWN, workspace.cache)
    for name in sorted(used - {data.OWN}):
        prepare_data(workspace, name, allow_stand_in=True, reporter=reporter)
    return {file_digest(path): path for path in sorted((workspace.cache / "data").glob("*/*.np[yz]"))}
