"""Makes a scheduler of dask one that unpickles nothing::

    dask scheduler --preload autograder.cluster.scheduler_preload

It needs this package, without a course and without Keras. A client gives no work to a scheduler without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from autograder import __version__
from autograder.cluster.closed_pickle import close

if TYPE_CHECKING:
    from distributed import Scheduler

ANSWER: Final = "autograder"
"""The name of the question that tells a client that a scheduler is closed."""
KEPT: Final = frozenset({
    "connection_stream", "identity", "register-client", "register-worker", "heartbeat_worker", "unregister", "gather",
    "who_has", "has_what", "processing", "ncores", "versions", "terminate", "retire_workers", "adaptive_target",
    "workers_to_close", "missing_data", "add_keys", "register_scheduler_plugin", "scheduler_info",
})
"""What a scheduler still answers: jobs, workers that come and go, clusters that grow and shrink."""

close()


def dask_setup(scheduler: Scheduler) -> None:
    """Close a scheduler that starts; called by dask."""
    for name in set(scheduler.handlers) - KEPT:
        del scheduler.handlers[name]
    for name in ("shuffle", "publish", "queues", "variables", "locks", "multi_locks", "semaphores", "events"):
        scheduler.extensions.pop(name, None)
    scheduler.plugins.pop("shuffle", None)
    scheduler.worker_plugins.clear()
    scheduler.handlers[ANSWER] = _answer


async def _answer(comm: Any = None) -> dict[str, str]:
    return {"version": __version__}
