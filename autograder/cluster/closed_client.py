"""Dask's client, without the places where it would run what a worker sent. Imports dask: import it late."""

from __future__ import annotations

import contextlib
import logging
from typing import Any

import dask
from distributed import Client, Security

from autograder import __version__
from autograder.cluster.closed_pickle import Unopened, close
from autograder.cluster.scheduler_preload import ANSWER
from autograder.errors import ClusterError

CONFIGURATION = {
    "distributed.admin.large-graph-warning-threshold": "4 GiB",  # the first graph contains the data set
    "distributed.comm.compression": None,
    "distributed.client.security-loader": None,
}


class ClosedClient(Client):  # type: ignore[misc]  # dask has no types
    """A client that reads no exception of a worker."""

    def _handle_task_erred(self, key: Any = None, exception: Any = None, traceback: Any = None) -> None:
        lost = Unopened("a worker could not run a job, or said so")
        super()._handle_task_erred(key=key, exception=lost, traceback=None)


def open_client(address: str, security: Security | None, seconds: float) -> Client:
    """Return a client that is connected to a closed scheduler.

    Raises:
        ClusterError: nothing answers there, or it is another kind of scheduler.
    """
    close(lenient=True)
    for name in ("distributed", "tornado"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what matters is said in sentences of our own
    try:
        with dask.config.set(CONFIGURATION):
            client = ClosedClient(address, timeout=seconds, security=security, set_as_default=False, name="autograder",
                                  serializers=["msgpack", "dask", "pickle"], deserializers=["msgpack", "dask"])
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        raise ClusterError(f"Expected a scheduler at {address}, but nothing there answers as one "
                           f"({_first_line(error)}); start one as docs/operating/cluster.md says, or correct the "
                           "address.") from None
    try:
        _require_closed(client, address, seconds)
    except BaseException:
        with contextlib.suppress(Exception):
            client.close(timeout=1)
        raise
    return client


def _require_closed(client: Client, address: str, seconds: float) -> None:
    """Check that the scheduler unpickles nothing, and is of this version.

    Raises:
        ClusterError: it is not.
    """
    try:
        answer = client.sync(getattr(client.scheduler, ANSWER), callback_timeout=seconds)
    except Exception:  # dask raises what the scheduler's lack of the question made of it
        answer = None
    if not isinstance(answer, dict) or "version" not in answer:
        raise ClusterError(f"The scheduler at {address} runs code that its members send to it; start it with `dask "
                           "scheduler --preload autograder.cluster.scheduler_preload`, which does not.")
    if answer["version"] != __version__:
        raise ClusterError(f"The scheduler at {address} has version {str(answer['version'])[:40]} of this package, "
                           f"but {__version__} is installed here; install the same version on both.")


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
