"""A worker's connection to its scheduler. Imports dask: import it late."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import dask
from distributed import Worker

from autograder.cluster import tasks
from autograder.cluster.addresses import certificates
from autograder.cluster.closed_pickle import close
from autograder.cluster.offer import KEY, Offer
from autograder.cluster.tasks import Withdrawn
from autograder.errors import AutograderError, ClusterError

KEPT: Final = frozenset({
    "connection_stream", "identity", "gather", "get_data", "ping", "free_keys", "terminate", "versions",
})
"""What a worker still answers: above all, neither `run` nor `upload_file`."""
_PAUSE: Final = 1.0  # seconds between two attempts to join


class Node:
    """Joins a scheduler, and joins again after it was restarted, until it is stopped or this machine withdraws."""

    def __init__(self, address: str, offer: Offer, run: Callable[[bytes, tuple[bytes, ...]], bytes], *,
                 patience: float) -> None:
        """Prepare; ``patience`` is how many seconds a scheduler may be missing before the worker ends."""
        self._address, self._offer, self._run, self._patience = address, offer, run, patience
        self._cause: AutograderError | None = None
        self._left = threading.Event()
        self._withdrawing = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def serve(self, joined: Callable[[], None] = lambda: None) -> None:
        """Serve jobs.

        Args:
            joined: called each time that the scheduler has accepted this worker.

        Raises:
            ClusterError: no scheduler answered for too long.
            AutograderError: this machine had to withdraw.
        """
        close()
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        tasks.serve_with(self._guarded)
        settings = {"distributed.comm.compression": None, "distributed.worker.daemon": False,
                    "distributed.scheduler.work-stealing": True, "distributed.worker.memory.target": False,
                    "distributed.worker.memory.spill": False, "distributed.worker.memory.pause": False,
                    "distributed.worker.memory.terminate": False}
        with dask.config.set(settings):
            asyncio.run(self._serve(joined))
        if self._cause is not None:
            raise self._cause

    async def _serve(self, joined: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        missing_since = time.monotonic()
        while self._cause is None:
            if await self._join(joined):
                missing_since = time.monotonic()
            elif time.monotonic() - missing_since > self._patience:
                raise ClusterError(f"Expected a scheduler at {self._address}, but none has answered for "
                                   f"{self._patience:.0f} seconds; start one, then start this worker again.")
            await asyncio.sleep(_PAUSE)

    async def _join(self, joined: Callable[[], None]) -> bool:
        """Serve until the scheduler is gone or this machine withdraws; returns whether a scheduler was there."""
        offer = self._offer
        worker = Worker(self._address, nthreads=offer.slots, resources=offer.resources, security=certificates(
            self._address), dashboard=False, memory_limit=0, startup_information={
                KEY: _facts(offer)}, death_timeout=max(_PAUSE, min(10.0, self._patience)), extensions={})
        for name in set(worker.handlers) - KEPT:
            del worker.handlers[name]
        try:
            await worker
        except (OSError, TimeoutError, ValueError, RuntimeError):
            with contextlib.suppress(Exception):
                await worker.close(reason="not-joined")
            return False
        joined()
        ends = [asyncio.ensure_future(worker.finished()), asyncio.ensure_future(self._withdrawing.wait())]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
            with contextlib.suppress(Exception):
                await worker.close(timeout=2, executor_wait=False, reason="withdrawn")
            if self._cause is not None:
                self._left.set()
        return True

    def _guarded(self, parcel: bytes, files: tuple[bytes, ...]) -> bytes:
        """Run a job in its thread; a machine that withdraws reports nothing, so that its jobs go elsewhere."""
        try:
            return self._run(parcel, files)
        except Withdrawn as error:
            self._cause = self._cause or error.cause
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._withdrawing.set)
            self._left.wait()
            raise


def _facts(offer: Offer) -> Callable[[Worker], Any]:
    async def facts(worker: Worker) -> dict[str, Any]:
        return offer.model_dump(mode="json")

    return facts
