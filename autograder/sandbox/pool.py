"""`WarmPool`: runs notebooks and predictions in isolated forks of one warm process."""

from __future__ import annotations

import contextlib
import os
import queue
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from autograder.errors import ExecutionError, IsolationError
from autograder.model import Execution, Isolation, NotebookJob, PredictionJob, RefitJob
from autograder.sandbox import ending, handover
from autograder.sandbox.child.process import REFUSED
from autograder.sandbox.collect_output import Harvest
from autograder.sandbox.handover import Order
from autograder.sandbox.isolation import control_groups, gpu, readable_paths
from autograder.sandbox.isolation.launch import Spec
from autograder.sandbox.known_versions import KnownVersions, package_versions
from autograder.sandbox.observed import Outcome
from autograder.sandbox.pool_options import PoolOptions, choose_isolation
from autograder.sandbox.processes import processor, uid_pool
from autograder.sandbox.processes import scratch as scratch_files
from autograder.sandbox.supervisor import Watch
from autograder.sandbox.terms import Terms
from autograder.sandbox.turns import turns_of
from autograder.sandbox.witness import Witness
from autograder.sandbox.zygote_client import Zygote, ZygoteDied

_LEAVE: Final = 30.0  # seconds for running children to end when the pool closes
_LOOK: Final = 0.5  # seconds between two looks at whether the pool was closed


class WarmPool:
    """Runs jobs in isolated children, at most ``workers`` at a time; thread-safe, a context manager.

    The warm process starts with the first job and is restarted if it dies. Jobs that were running in it end as
    ``Ending.LOST``; repeating them is up to the caller.
    """

    def __init__(self, options: PoolOptions | None = None) -> None:
        """Prepare the pool; no process is started yet.

        Raises:
            IsolationError: this machine cannot isolate, or a private folder is visible to student code.
        """
        options = options or PoolOptions()
        self.isolation: Final = choose_isolation(options.isolation, unsafe=options.unsafe)
        self._programs = options.programs
        self._readable = readable_paths.readable(self._programs.path)
        readable_paths.refuse_exposure(options.private, self._readable)
        self._grace = options.grace
        self._known: Final = KnownVersions(options.versions)
        self._packages: Final = package_versions(options.packages)
        self._folder = Path(tempfile.mkdtemp(prefix="autograder-", dir=options.scratch))
        self._folder.chmod(0o711)  # the children's users must be able to enter it, not to list it
        (self._folder / "home").mkdir(mode=0o700)
        self._shelf = scratch_files.Shelf(self._folder / "shown")
        self._search = readable_paths.needs_search([*self._readable, str(self._folder)])
        self._groups = control_groups.home()  # before anything is started that would have to move
        self._seats = gpu.Seats(options.gpus, options.share)
        self._notebooks = threading.Semaphore(min(options.workers, self._seats.count or options.workers))
        self._free: queue.SimpleQueue[uid_pool.Slot] = queue.SimpleQueue()
        self._slots = [uid_pool.acquire(separate=self.isolation is not Isolation.NONE)
                       for _ in range(options.workers + options.extra)]
        for slot in self._slots:
            self._free.put(slot)
        self._warming = threading.Lock()
        self._zygote: Zygote | None = None
        self._closing = threading.Event()
        self._number = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End running children (their jobs return as lost) and the warm process, and delete temporary files."""
        if self._closing.is_set():
            return
        self._closing.set()
        for _ in self._slots:
            with contextlib.suppress(queue.Empty):
                self._free.get(timeout=_LEAVE)
        with self._warming:
            if self._zygote is not None:
                self._zygote.close()
                self._zygote = None
        for slot in self._slots:
            slot.release()
        scratch_files.remove(self._folder)

    @property
    def own(self) -> WarmPool:
        """The pool for the grader's own notebooks: this one, since every job is isolated from all others."""
        return self

    @property
    def lost(self) -> bool:
        """Whether the pool can no longer run notebooks: never, since a dead warm process is replaced."""
        return False

    @property
    def versions(self) -> dict[str, str]:
        """Versions of Python, Keras, NumPy, the backend and the course's packages in children, and the names of GPUs.

        Raises:
            ExecutionError: the warm process cannot start.
        """
        return (self._known.get() or self._warm().versions) | self._packages | self._seats.versions

    def warm_up(self) -> None:
        """Start the warm process and wait for it; raises as `versions` does."""
        self._warm()

    def run_notebook(self, job: NotebookJob, into: Path, *, on_cell: Callable[[int], None] | None = None) -> Execution:
        """Run a notebook's code cells; the files that it leaves appear in the folder ``into``.

        ``on_cell`` is called with the index of each cell that starts.

        Raises:
            IsolationError: the walls could not be set up.
            ExecutionError: the warm process cannot start, or the machine cannot fork.
        """
        data = job.model_dump(mode="json")
        order = Order("notebook", data, job.limits, job.mounts, turns_of(data["cells"], job.calls), into, on_cell)
        return self._run(order)

    def run_predictions(self, job: PredictionJob, into: Path) -> Execution:
        """Rebuild models and predict; the files with the predictions appear in the folder ``into``.

        Raises:
            IsolationError: the walls could not be set up.
            ExecutionError: the warm process cannot start, or the machine cannot fork.
        """
        return self._run(Order("prediction", job.model_dump(mode="json"), job.limits, job.mounts, (), into))

    def run_refit(self, job: RefitJob, into: Path) -> Execution:
        """Train a recorded model again, occupying a worker like a notebook; its predictions appear in ``into``.

        Raises:
            IsolationError: the walls could not be set up.
            ExecutionError: the warm process cannot start, or the machine cannot fork.
        """
        return self._run(Order("refit", job.model_dump(mode="json"), job.limits, job.mounts, (), into))

    def _warm(self) -> Zygote:
        with self._warming:
            self._refuse_when_closed()
            if self._zygote is not None and not self._zygote.alive:
                self._zygote.close()
                self._zygote = None
            zygote = self._zygote = self._zygote or Zygote(self._programs, self._folder)
        if not zygote.versions:
            try:
                self._known.keep(zygote.wait_until_warm())
            except ExecutionError:
                self._refuse_when_closed()
                raise
        return zygote

    def _run(self, order: Order) -> Execution:
        for mount in order.mounts:
            if not mount.source.exists():
                raise ExecutionError(f"Expected the file {mount.source}, which a run needs, but it does not exist; "
                                     "prepare the assignment's data first.")
        slot = self._take()
        try:
            with self._place(slot, order) as place, contextlib.ExitStack() as stack:
                places = self._show(place, order)
                spec = self._spec(order, slot, place, places)
                order = replace(order, job=handover.inside(order.job, places, namespaces=spec.namespaces))
                taking = stack.enter_context(contextlib.closing(Harvest(order.into, handover.caps(order.limits))))
                # The worker is free once the child has ended; its files are copied while the next notebook runs.
                with self._worker(spec) if order.trains else contextlib.nullcontext(spec) as given:
                    seen, flags = self._watch(given, order, place, taking)
                return self._conclude(seen, flags, order, taking)
        finally:
            self._free.put(slot)

    @contextlib.contextmanager
    def _worker(self, spec: Spec) -> Iterator[Spec]:
        """Occupy a worker, waiting until one is free; on a GPU grader it comes with a place on a GPU."""
        while not self._notebooks.acquire(timeout=_LOOK):
            self._refuse_when_closed()
        try:
            with self._seats.take(spec) as given:
                yield given
        finally:
            self._notebooks.release()

    def _take(self) -> uid_pool.Slot:
        """Wait for a free slot, but stop waiting if the pool is closed."""
        while True:
            self._refuse_when_closed()
            with contextlib.suppress(queue.Empty):
                slot = self._free.get(timeout=_LOOK)
                if not self._closing.is_set():
                    return slot
                self._free.put(slot)

    def _refuse_when_closed(self) -> None:
        if self._closing.is_set():
            raise ExecutionError("Expected an open pool, but it was closed; make a new one.")

    @contextlib.contextmanager
    def _place(self, slot: uid_pool.Slot, order: Order) -> Iterator[scratch_files.Place | None]:
        """Provide a folder of the host for one child, if it needs one."""
        if self._namespaces and (slot.uid is None or not order.mounts or order.notebook):
            yield None
            return
        with self._warming:
            self._number += 1
            folder = self._folder / f"job-{self._number}"
        place = scratch_files.Place(folder, slot.uid)
        try:
            yield place
        finally:
            place.remove()

    @property
    def _namespaces(self) -> bool:
        return self.isolation in (Isolation.FULL, Isolation.NAMESPACES)

    def _show(self, place: scratch_files.Place | None, order: Order) -> dict[str, str]:
        """Return the path to mount for each target: the source itself, or a copy that the slot's user can read.

        A notebook always gets a copy, since the kernel reveals where a mount comes from.
        """
        if not self._namespaces:
            assert place is not None  # noqa: S101  (for the type checker)
            return place.copy(order.mounts)
        if order.notebook:
            return {mount.target: self._shelf.copy_of(mount.source) for mount in order.mounts}
        places = {mount.target: str(mount.source.resolve()) for mount in order.mounts}
        if place is not None:
            closed = [mount for mount in order.mounts if not scratch_files.open_to_all(mount.source)]
            places |= place.copy(closed)
        return places

    def _spec(self, order: Order, slot: uid_pool.Slot, place: scratch_files.Place | None,
              places: dict[str, str]) -> Spec:
        scratch = readable_paths.scratch_inside(self._readable)
        handover.require_outside(scratch, places)
        work = scratch if self._namespaces or place is None else str(place.work)
        mounts = tuple((source, target if self._namespaces else source) for target, source in places.items())
        return Spec(isolation=self.isolation.value, program=order.program, scratch=work,
                    bounds=handover.bounds(order.limits), readable=self._readable, mounts=mounts, uid=slot.uid,
                    search=self._search)

    def _watch(self, spec: Spec, order: Order, place: scratch_files.Place | None,
               taking: Harvest) -> tuple[Outcome, tuple[str, ...]]:
        zygote = self._warm()
        witness = Witness(taking) if order.notebook else None
        with contextlib.ExitStack() as stack:
            group = stack.enter_context(control_groups.group_of(self._groups, order.limits))
            if witness is not None:
                stack.callback(witness.close)
            ends, theirs = handover.connect(spec, order.job)
            stack.callback(ends.close)
            theirs += [group.door()] if group is not None else []
            try:
                child = zygote.fork(theirs)
            except ZygoteDied:
                return Outcome(), ()
            finally:
                for descriptor in theirs:
                    os.close(descriptor)
            terms = Terms(limits=order.limits, turns=order.turns, watchers=2 if spec.namespaces else 1,
                          folder=None if spec.namespaces or place is None else place.work, cores=processor.cores(),
                          grace=self._grace, closing=self._closing, on_cell=order.on_cell)
            seen = Watch(ends=ends, zygote=zygote, child=child, terms=terms, witness=witness).run()
            control_groups.describe(group, seen)
            flags = witness.finish(seen.fits, has_checkpoints=order.has_checkpoints) if witness is not None else ()
            return seen, flags

    def _conclude(self, seen: Outcome, flags: tuple[str, ...], order: Order, taking: Harvest) -> Execution:
        left: tuple[str, ...] = ()
        try:
            if seen.refused is not None or (seen.status is not None and not seen.confined and
                                            os.waitstatus_to_exitcode(seen.status) == REFUSED):
                reason = seen.refused or ending.last_line(seen.output)
                raise IsolationError(f"Expected {self.isolation.value} isolation to work, but the kernel refused: "
                                     f"{reason}; see `autograder doctor`.")
            if seen.scratch is not None and not seen.lost:
                taking.rest(seen.scratch)
                left = taking.finish()
        finally:
            if seen.scratch is not None:
                os.close(seen.scratch)
        return ending.execution(seen, isolation=self.isolation, limits=order.limits, cells=order.cells,
                                 folder=order.into, flags=(*left, *flags))
