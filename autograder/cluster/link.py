"""A client's connection to a scheduler: submits one job at a time for each thread, and survives what happens there.

A worker that dies or freezes loses its jobs, which the scheduler gives to another one. If the scheduler is restarted,
the jobs are submitted to it again. Whatever a worker sends is bytes, or it is not read.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from autograder.cluster import tasks
from autograder.cluster.addresses import certificates, check_address, require_dask
from autograder.cluster.offer import Offer, read_offer
from autograder.errors import ClusterError

if TYPE_CHECKING:
    from distributed import Client, Future

_CONNECT: Final = 10.0  # seconds for a scheduler to answer
_FETCH: Final = 300.0  # seconds for an answer to arrive once it is there
_LOOK: Final = 0.5  # seconds between two looks at a job
_GONE: Final = ("error", "cancelled", "lost")  # what dask calls a result that nobody has any more
_FRESH: Final = 1.0  # seconds for which a list of workers counts as current


class _Disconnected(Exception):
    """The scheduler no longer knows a job, or cannot be reached."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One job, and who may run it.

    Attributes:
        files: what it is shown, by the name under which the parcel refers to it.
        resources: what it takes of a worker.
        seconds: after this time the job counts as lost; time without any worker does not count.
    """

    parcel: bytes
    files: Mapping[str, Path] = field(default_factory=dict)
    resources: Mapping[str, float]
    priority: int = 0
    seconds: float


class Link:
    """A connection to a scheduler; thread-safe."""

    def __init__(self, address: str, *, unencrypted: bool = False, patience: float = 600.0) -> None:
        """Connect.

        Args:
            patience: seconds to wait for a scheduler or for workers that were there before and are missing.

        Raises:
            ClusterError: dask is not installed, nothing answers there, or it is not a scheduler of ours.
        """
        require_dask()
        self.address: Final = check_address(address, unencrypted=unencrypted)
        self._patience = patience
        self._renewing = threading.Lock()
        self._looking = threading.Lock()
        self._seen: tuple[float, tuple[Offer, ...]] = (float("-inf"), ())
        self._closed = threading.Event()
        self._generation = 0
        self._client = _connect(self.address)
        self._files: dict[str, Future] = {}

    def close(self) -> None:
        """Disconnect; jobs that run are cancelled by the scheduler."""
        self._closed.set()
        with contextlib.suppress(Exception):  # a scheduler that is gone must not turn a finished batch into an error
            self._client.close(timeout=_CONNECT)

    def offers(self) -> tuple[Offer, ...]:
        """Return what each worker offers; what was last known where the scheduler does not answer."""
        with self._looking:
            when, offers = self._seen
            if time.monotonic() - when > _FRESH:
                with contextlib.suppress(Exception):  # it may be about to be restarted
                    offers = _list_workers(self._client)
                self._seen = (time.monotonic(), offers)
            return offers

    def slots(self, kind: str) -> int:
        """Return how many jobs of a kind (`Offer.kind`) the workers can run at the same time."""
        return sum(offer.slots for offer in self.offers() if offer.kind == kind)

    def run(self, wanted: Wanted, *, kind: str, stopped: Callable[[], bool]) -> bytes | None:
        """Return a worker's answer; None if the job was lost there, or ``stopped`` became true.

        Raises:
            ClusterError: the scheduler or all workers of the kind have been gone for too long.
        """
        while not stopped():
            generation, client = self._generation, self._client
            try:
                return self._attempt(client, wanted, kind, stopped)
            except _Disconnected:
                self._renew(generation, stopped)
        return None

    def _attempt(self, client: Client, wanted: Wanted, kind: str, stopped: Callable[[], bool]) -> bytes | None:
        try:
            shown = [self._file(client, name, path, wanted) for name, path in wanted.files.items()]
            future = client.submit(
                tasks.run_job, wanted.parcel, *shown, key=f"job-{uuid.uuid4().hex}", pure=False,
                resources=dict(wanted.resources), priority=wanted.priority)
        except (OSError, RuntimeError, CancelledError) as error:  # the client was closed by the loss of its scheduler
            raise _Disconnected from error
        try:
            return self._answer(client, future, _Clock(wanted.seconds, self._patience), kind, stopped)
        finally:
            with contextlib.suppress(Exception):  # the scheduler may be gone
                future.cancel(force=True)

    def _answer(
        self, client: Client, future: Future, clock: _Clock, kind: str, stopped: Callable[[], bool]
    ) -> bytes | None:
        done = threading.Event()
        future.add_done_callback(lambda _: done.set())
        while not stopped():
            if done.wait(_LOOK) or future.done():
                return _fetch(future)
            if client.status != "running":
                raise _Disconnected
            if clock.is_over(self.slots(kind)):
                return None
        return None

    def _file(self, client: Client, name: str, path: Path, wanted: Wanted) -> Future:
        """Return the task that has a file's bytes, for workers that may run the job; sent once per connection."""
        key = f"file-{name}-{'-'.join(sorted(wanted.resources))}"
        with self._looking:
            known = self._files.get(key)
            if known is None or known.client is not client or known.status in _GONE:
                self._files[key] = client.submit(
                    tasks.hand_on, path.read_bytes(), key=f"{key}-{uuid.uuid4().hex}", pure=False,
                    resources=dict(wanted.resources), priority=wanted.priority + 1)
            return self._files[key]

    def _renew(self, generation: int, stopped: Callable[[], bool]) -> None:
        """Connect again, once for all threads that lost their job.

        Raises:
            ClusterError: nothing answered for too long.
        """
        with self._renewing:
            if self._generation != generation:
                return
            with contextlib.suppress(Exception):
                self._client.close(timeout=1)
            begin = time.monotonic()
            while not stopped() and not self._closed.is_set():
                try:
                    self._client = _connect(self.address)
                    self._generation += 1
                    return
                except ClusterError:
                    if time.monotonic() - begin > self._patience:
                        raise
                    self._closed.wait(_FRESH)


class _Clock:
    """The time of one job; without a worker it stops, and the job's patience runs."""

    def __init__(self, seconds: float, patience: float) -> None:
        self._left, self._patience = seconds, patience
        self._last = time.monotonic()
        self._without = 0.0

    def is_over(self, slots: int) -> bool:
        """Whether the job had its time.

        Raises:
            ClusterError: there has been no worker for too long.
        """
        passed, self._last = time.monotonic() - self._last, time.monotonic()
        if slots:
            self._without = 0.0
            self._left -= passed
        else:
            self._without += passed
        if self._without > self._patience:
            raise ClusterError(f"All workers that fit have been gone for {self._patience:.0f} seconds; what was graded "
                               "is kept: start workers, then run the same command again.")
        return self._left < 0


def _connect(address: str) -> Client:
    """Return a client of a closed scheduler.

    Raises:
        ClusterError: nothing answers, or it is not a scheduler of ours.
    """
    from autograder.cluster.closed_client import open_client

    return open_client(address, certificates(address), _CONNECT)


def _fetch(future: Future) -> bytes | None:
    """Return a worker's answer; None if the job killed workers, or what came is not bytes.

    Raises:
        _Disconnected: the scheduler forgot the job.
    """
    try:
        answer = future.result(timeout=_FETCH)
    except CancelledError as error:
        raise _Disconnected from error
    except Exception as error:  # dask raises many kinds, some made from what a worker sent
        logging.getLogger(__name__).debug("a job was lost: %r", error)
        return None
    return bytes(answer) if isinstance(answer, bytes | bytearray | memoryview) else None


def _list_workers(client: Client) -> tuple[Offer, ...]:
    found: dict[str, Any] = client.sync(client.scheduler.identity, n_workers=-1, callback_timeout=_CONNECT)
    offers = (read_offer(facts) for facts in found["workers"].values() if facts.get("status") != "closing")
    return tuple(offer for offer in offers if offer is not None)
