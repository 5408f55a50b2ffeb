"""The judge's side of a runner container: a pool whose notebooks run there and whose models are evaluated here.

What the runner sends is trusted no more than what a student's process sends: names, sizes and numbers of files are
checked against the job's limits as they arrive, and their content is read by `autograder.artifacts` under its own
limits. A runner that breaks the protocol, or is silent for too long, is abandoned: its jobs end as lost.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from autograder.container.wire import PART, WireError, read_frame, write_frame
from autograder.errors import AutograderError, ExecutionError
from autograder.model import Ending, Execution, Isolation, Mount, NotebookJob, PredictionJob, RefitJob
from autograder.pipeline.containers.arriving_files import ArrivingFiles
from autograder.pipeline.containers.runner import file_digest
from autograder.pipeline.containers.runner_answers import error_of, execution_of
from autograder.pipeline.containers.shown_folders import divide_mounts
from autograder.pipeline.session.pool_protocol import Pool, open_local_pool
from autograder.sandbox import PoolOptions

_WARM_UP: Final = 600.0  # seconds until the runner must have imported Keras, on a slow and busy machine
_MARGIN: Final = 180.0  # seconds that a job may take beyond its notebook's time: set-up, clean-up and transfer
_MOST_VERSIONS: Final = 200  # kept of those that a runner names: the course's packages are among them
_LOOK: Final = 0.5  # seconds between two checks whether the pool was closed


@dataclass
class _Job:
    """One notebook that the runner works on."""

    files: ArrivingFiles
    cells: frozenset[int]
    on_cell: Callable[[int], None] | None
    over: threading.Event = field(default_factory=threading.Event)
    execution: Execution | None = None
    error: AutograderError | None = None


class ContainerPool:
    """Runs notebooks in a runner container and predictions in its own warm process; thread-safe.

    Our own notebooks (the solution) and the predictor, which sees holdout images, run in ``own``: none of this
    ever enters the runner.
    """

    def __init__(self, inbound: BinaryIO, outbound: BinaryIO, options: PoolOptions) -> None:
        """Greet the runner at the other end of the two streams; does not wait for its answer.

        Args:
            options: the isolation mode applies to both containers. The runner looks for its own GPUs, and the
                predictor has none. ``unsafe`` is refused: a container can always isolate, or must not be used.

        Raises:
            IsolationError: this container itself cannot isolate the predictor.
        """
        if options.unsafe:
            raise AutograderError("Expected isolation inside the container too, but --unsafe was given; leave it out.")
        self.own: Pool = open_local_pool(replace(options, gpus=(), share=1.0))
        self._inbound, self._outbound = inbound, outbound
        self._free_workers = threading.Semaphore(options.workers)
        self._writing = threading.Lock()
        self._known: set[str] = set()
        self._jobs: dict[int, _Job] = {}
        self._number = 0
        self._greeted = threading.Event()
        self._hello: dict[str, Any] = {}
        self._trouble: AutograderError | None = None
        self._closed = threading.Event()
        with contextlib.suppress(OSError):  # a runner that is already gone is reported at its first use
            self._write({"kind": "hello", "workers": options.workers,
                         "isolation": options.isolation.value if options.isolation else None,
                         "share": options.share if options.gpus else None,
                         "packages": list(options.packages)})
        threading.Thread(target=self._listen, name="runner", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Disconnect the runner (its jobs return as lost) and end our own warm process."""
        if not self._closed.is_set():
            self._closed.set()
            self._end(None)
            self.own.close()

    @property
    def lost(self) -> bool:
        """Whether the runner ended or broke the protocol before the pool was closed."""
        return self._trouble is not None

    @property
    def isolation(self) -> Isolation:
        """The mode in which the runner isolates each notebook."""
        try:
            return Isolation(self._ready()["isolation"])
        except (KeyError, ValueError):
            raise ExecutionError("Expected the runner to name its isolation, but it did not; "
                                 "build the image again.") from None

    @property
    def versions(self) -> dict[str, str]:
        """Versions of Python, Keras, NumPy and the backend in the runner."""
        found = self._ready().get("versions")
        if not isinstance(found, dict):
            raise ExecutionError("Expected the runner to name its versions, but it did not; build the image again.")
        return {_shown(name): _shown(version) for name, version in list(found.items())[:_MOST_VERSIONS]}

    def warm_up(self) -> None:
        """Wait until the runner has said that it is ready."""
        self._ready()

    def run_predictions(self, job: PredictionJob, into: Path) -> Execution:
        """Rebuild models and predict, in this container; as `WarmPool.run_predictions`."""
        return self.own.run_predictions(job, into)

    def run_refit(self, job: RefitJob, into: Path) -> Execution:
        """Train a recorded model again, in this container, since its job has the holdout; as `WarmPool.run_refit`."""
        return self.own.run_refit(job, into)

    def run_notebook(self, job: NotebookJob, into: Path, *, on_cell: Callable[[int], None] | None = None) -> Execution:
        """Run a notebook in the runner; the files that it leaves appear in the folder ``into``.

        Raises:
            IsolationError: the runner could not set up its isolation.
            ExecutionError: the runner cannot start children, or is gone.
        """
        self._ready()
        if self._trouble is not None:
            raise self._trouble
        while not self._free_workers.acquire(timeout=_LOOK):
            if self._closed.is_set():
                raise ExecutionError("Expected an open pool, but it was closed; make a new one.")
        try:
            into.parent.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=f".{into.name}.partial-", dir=into.parent))
            try:
                return self._run(job, folder, into, on_cell)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        finally:
            self._free_workers.release()

    def _run(self, job: NotebookJob, folder: Path, into: Path, on_cell: Callable[[int], None] | None) -> Execution:
        sent = _Job(files=ArrivingFiles.within(job.limits, folder),
                    cells=frozenset(cell.index for cell in job.cells), on_cell=on_cell)
        with self._writing:
            self._number += 1
            number = self._number
            self._jobs[number] = sent
        try:
            self._hand_over(number, job)
            if not sent.over.wait(job.limits.longest + _MARGIN):
                self._end(ExecutionError("Expected the runner to end a notebook that was out of time, but it said "
                                         "nothing more; it was abandoned."))
        except (OSError, ValueError):  # the pipe is closed, there or here
            self._end(ExecutionError("Expected a runner container, but it has ended; run the same command again."))
        finally:
            self._jobs.pop(number, None)
        if sent.error is not None:
            raise sent.error
        if sent.execution is None:
            return Execution(ending=Ending.LOST, isolation=self.isolation)
        folder.chmod(0o755)
        if into.exists():
            shutil.rmtree(into)
        folder.rename(into)
        return sent.execution

    def _hand_over(self, number: int, job: NotebookJob) -> None:
        files, folders = divide_mounts(job.mounts)
        mounts = tuple(Mount(source=Path(self._upload(mount.source)), target=mount.target) for mount in files)
        shown = {target: {name: self._upload(path) for name, path in inside.items()}
                 for target, inside in folders.items()}
        self._write({"kind": "run", "job": number, "folders": shown,
                     "notebook": job.model_copy(update={"mounts": mounts}).model_dump(mode="json")})

    def _upload(self, source: Path) -> str:
        """Send a file, unless the runner has it; returns the name under which it is there."""
        digest = file_digest(source)
        with self._writing:
            if digest not in self._known:
                with source.open("rb") as stream:
                    while content := stream.read(PART):
                        write_frame(self._outbound, {"kind": "file", "digest": digest}, content)
                write_frame(self._outbound, {"kind": "file-end", "digest": digest})
                self._known.add(digest)
        return digest

    def _write(self, message: dict[str, Any]) -> None:
        with self._writing:
            write_frame(self._outbound, message)

    def _ready(self) -> dict[str, Any]:
        """Return the runner's answer to the greeting; jobs that finished before the runner was lost still count.

        Raises:
            AutograderError: as reported by the runner, or it was already gone.
        """
        if not self._greeted.wait(_WARM_UP):
            self._end(ExecutionError("Expected the runner to import Keras, but it sent nothing; look at its log."))
        if not self._hello:
            raise self._trouble or ExecutionError("Expected an open pool, but it was closed; make a new one.")
        return self._hello

    def _listen(self) -> None:
        trouble: AutograderError = ExecutionError(
            "Expected a runner container, but it has ended; run the same command again.")
        try:
            while (frame := read_frame(self._inbound)) is not None:
                self._note(*frame)
        except WireError as error:
            trouble = error
        except (OSError, ValueError, KeyError, TypeError) as error:
            trouble = WireError("Expected the runner to follow the protocol, but it did not "
                                f"({type(error).__name__}); it was abandoned.")
        self._end(trouble)

    def _end(self, trouble: AutograderError | None) -> None:
        """Close the connection; whatever the runner still works on is lost."""
        if self._trouble is None and not self._closed.is_set():
            self._trouble = trouble
        with contextlib.suppress(OSError, ValueError):
            self._outbound.close()
        self._greeted.set()
        for job in list(self._jobs.values()):
            job.over.set()

    def _note(self, message: dict[str, Any], content: bytes) -> None:
        """Process one frame from the runner.

        Raises:
            WireError: the frame is not allowed now.
        """
        kind = message.get("kind")
        if kind in ("ready", "refused") and not self._greeted.is_set():
            if kind == "refused":
                self._trouble = error_of(message)
            else:
                self._hello = message
            self._greeted.set()
            return
        number = message.get("job")
        job = self._jobs.get(number) if type(number) is int else None
        if job is None or job.over.is_set():
            return  # of an abandoned job
        if kind == "part":
            job.files.keep(message.get("name"), content)
        elif kind == "cell" and message.get("cell") in job.cells and job.on_cell is not None:
            job.on_cell(message["cell"])
        elif kind == "failed":
            job.error = error_of(message)
            job.over.set()
        elif kind == "done":
            job.execution = execution_of(message, job.cells)
            job.over.set()


def _shown(value: object) -> str:
    """Return what can be printed of a word from the runner: half of a surrogate pair could not be stored."""
    return "".join(sign for sign in str(value)[:100] if sign.isprintable())
