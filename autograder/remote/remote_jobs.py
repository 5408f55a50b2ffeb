"""The worker's side of a job: from its parcel to its answer, through a pool on this machine."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from autograder.cluster.tasks import Withdrawn
from autograder.container.wire import WireError
from autograder.errors import AutograderError, IsolationError, StorageError
from autograder.model import Execution, NotebookJob, PredictionJob
from autograder.pipeline.containers.shown_folders import make_folders
from autograder.pipeline.session.pool_protocol import Pool
from autograder.remote.parcels import Job, Parcel, open_parcel, pack_answer, pack_failure
from autograder.workspace.storage import disk_trouble

_HEX: Final = frozenset("0123456789abcdef")


class RemoteJobs:
    """Runs parcels; thread-safe.

    A machine that can run nothing any more (no isolation, a full disk) withdraws: see `Withdrawn`.
    """

    def __init__(self, pool: Pool, store: Path, *, own_files: Mapping[str, Path] | None = None) -> None:
        """Take what runs the jobs.

        Args:
            store: an empty folder for files that come with jobs.
            own_files: on a judge, what the course has, by digest. A judge runs no student code, all others nothing
                else.
        """
        self._pool, self._store, self._own = pool, store, own_files
        self._storing = threading.Lock()
        store.chmod(0o711)  # children's own users must be able to enter it, but not list it

    def __call__(self, parcel: bytes, files: tuple[bytes, ...]) -> bytes:
        """Return the answer to a parcel.

        Raises:
            Withdrawn: this machine cannot run any job.
        """
        opened = open_parcel(parcel)
        try:
            self._refuse_foreign(opened)
            sources = self._keep(opened.files, files)
            with tempfile.TemporaryDirectory(prefix="job-", dir=self._store) as folder:
                left = Path(folder) / "left"
                execution = self._run(_with_sources(opened, sources, Path(folder) / "shown"), left)
                try:
                    return pack_answer(opened.id, left, execution)
                finally:
                    shutil.rmtree(left, ignore_errors=True)
        except (IsolationError, StorageError) as error:
            raise Withdrawn(error) from error
        except OSError as error:
            trouble = disk_trouble(error)
            if trouble is not None:
                raise Withdrawn(trouble) from error
            return pack_failure(opened.id, error)
        except (AutograderError, ValueError) as error:
            return pack_failure(opened.id, error)

    def _refuse_foreign(self, opened: Parcel) -> None:
        """Keep student code away from judges, and judging away from machines that run student code.

        Raises:
            WireError: the job is for another kind of worker.
        """
        if (opened.kind == "notebook") == (self._own is not None):
            raise WireError(f"Expected a job for this kind of worker, but got a {opened.kind}; report it.")

    def _keep(self, names: tuple[str, ...], files: tuple[bytes, ...]) -> dict[str, Path]:
        """Store what came with a job, once each, and return where each file is, those of the course included.

        Raises:
            WireError: the bytes of a file do not agree with its name.
        """
        sources = dict(self._own or {})
        if len(names) != len(files):
            raise WireError(f"Expected {len(names)} files with a job, but got {len(files)}; run again.")
        for name, content in zip(names, files, strict=True):
            if not name or not set(name) <= _HEX or bytes_digest(content) != name:
                raise WireError("Expected a file's bytes to agree with its digest, but they do not; run again.")
            sources[name] = self._store / name
            with self._storing:
                if not sources[name].is_file():
                    partial = self._store / f".{name}"
                    partial.write_bytes(content)
                    partial.chmod(0o444)
                    partial.rename(sources[name])
        return sources

    def _run(self, job: Job, left: Path) -> Execution:
        if isinstance(job, NotebookJob):
            return self._pool.run_notebook(job, left)
        if isinstance(job, PredictionJob):
            return self._pool.run_predictions(job, left)
        return self._pool.run_refit(job, left)


def bytes_digest(content: bytes) -> str:
    """Return the hex digest under which a file travels, as `autograder.pipeline.containers.runner.file_digest`."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _with_sources(opened: Parcel, sources: Mapping[str, Path], place: Path) -> Job:
    """Return a job whose mounts are files of this machine, and folders that are made of them in ``place``.

    Raises:
        WireError: one is not here, or a path leaves its folder.
    """
    job = opened.job
    wanted = [mount.source.name for mount in job.mounts]
    if not {*wanted, *(digest for inside in opened.folders.values() for digest in inside.values())} <= sources.keys():
        raise WireError("Expected the judge to have the same data as the client, but a file is missing there; give "
                        "both the same course and the same AUTOGRADER_DATA.")
    mounts = tuple(mount.model_copy(update={"source": sources[mount.source.name]}) for mount in job.mounts)
    return job.model_copy(update={"mounts": (*mounts, *make_folders(opened.folders, sources.__getitem__, place))})
