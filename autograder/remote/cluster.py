"""A cluster as a command uses it: connected once, then every assignment is graded with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from autograder.cluster import Link
from autograder.errors import ClusterError
from autograder.pipeline.session.course_files import load_reference
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.placement import CPU, Placement, place
from autograder.pipeline.session.pool_protocol import Pool
from autograder.pipeline.session.workers import count_workers
from autograder.remote.cluster_pool import ClusterJobs, ClusterPool
from autograder.remote.local_cluster import LOCAL, start_local
from autograder.remote.matching import describe, explain, require_workers
from autograder.sandbox import PoolOptions
from autograder.sandbox.isolation.gpu import Gpu, Gpus
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter

BATCH: Final = 0
SINGLE: Final = 100
"""Priorities: a single student's work is run before a class that somebody else is grading."""
_AT_LEAST: Final = 32
"""Submissions that may wait for workers, so that workers that join later have work at once."""


@dataclass(frozen=True, kw_only=True)
class ClusterOptions:
    """Where `autograder grade` finds workers.

    Attributes:
        scheduler: its address, or ``local`` to start a scheduler and workers here.
        unencrypted: allow ``tcp://`` to another machine.
        patience: seconds to wait for a scheduler or workers that were there before.
        requirements: the course's lock file, for workers that are started here; None: it requires no packages.
    """

    scheduler: str
    unencrypted: bool = False
    patience: float = 600.0
    requirements: Path | None = None


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """A connection, and what follows from it for a run."""

    link: Link
    reporter: Reporter

    def on_workers(self, workspace: Workspace, options: RunOptions) -> RunOptions:
        """Return the options of a run whose notebooks run on the workers."""
        slots = sum(offer.slots for offer in self.link.offers() if not offer.judge)
        return replace(
            options, beyond_cores=max(_AT_LEAST, slots) - count_workers(None), place=self._place,
            open_pool=lambda wanted: self._open_pool(workspace, wanted, SINGLE if options.students else BATCH))

    def _open_pool(self, workspace: Workspace, wanted: PoolOptions, priority: int) -> Pool:
        jobs = ClusterJobs(link=self.link, device="gpu" if wanted.gpus else CPU, priority=priority,
                           withheld=workspace.cache / "data", note=self.reporter.note)
        return ClusterPool(jobs, wanted)

    def _place(self, workspace: Workspace, assignment: str) -> Placement:
        """Return on which kind of workers an assignment runs.

        Raises:
            GraderError: it is graded on a GPU, and no worker has one.
            ClusterError: no worker fits.
        """
        reference = load_reference(workspace.reference(assignment))
        placement = place(workspace, assignment, reference, look=self._gpus)
        require_workers(self.link, placement.device)
        # What course.yml says about one machine limits each worker, not all of them together.
        return replace(placement, gpus=self._gpus().found if placement.gpus else (), share=1.0, most=None)

    def _gpus(self) -> Gpus:
        """Return a GPU for each notebook that workers can run on one at the same time."""
        names = [", ".join(offer.gpus) for offer in self.link.offers() if offer.device == "gpu" and not offer.judge
                 for _ in range(offer.slots)]
        if not names:
            return Gpus(refusal="no worker has one",
                        fix=f"start `autograder worker --scheduler {self.link.address} --gpu 1` on a machine with one")
        return Gpus(found=tuple(Gpu(name, "", ()) for name in names))


@contextmanager
def open_cluster(options: ClusterOptions, reporter: Reporter, *, workers: int | None = None) -> Iterator[Cluster]:
    """Connect to a scheduler, or start one with workers on this machine, and disconnect when the block ends.

    Args:
        workers: for a local cluster: how many; None: one per core.

    Raises:
        ClusterError: there is no scheduler, it is not one of ours, or it has no workers of this version.
    """
    with ExitStack() as stack:
        address = options.scheduler
        if address == LOCAL:
            address = stack.enter_context(start_local(count_workers(workers), options.requirements))
        link = Link(address, unencrypted=options.unencrypted, patience=options.patience)
        stack.callback(link.close)
        if not link.offers():
            raise ClusterError(explain(link, CPU))
        reporter.note(f"{address}: {describe(link.offers())}")
        yield Cluster(link=link, reporter=reporter)
