"""The runner's side: runs the judge's notebooks and sends back their files. It has nothing of the course.

Frames (see `autograder.container.wire`), in the order in which they may come:

    judge → runner   {"kind": "hello", "workers": 2, "isolation": null, "share": null, "packages": []}
                     {"kind": "file", "digest": hex}  with bytes, in parts; {"kind": "file-end", "digest": hex}
                     {"kind": "run", "job": 1, "notebook": <NotebookJob, sources of mounts are digests>,
                      "folders": {target of a folder: {path in it: digest}}}
    runner → judge   {"kind": "ready", "isolation": "full", "versions": {…}} · {"kind": "refused", "error", "message"}
                     {"kind": "cell", "job": 1, "cell": 3}
                     {"kind": "part", "job": 1, "name": "cells.jsonl"}  with bytes
                     {"kind": "done", "job": 1, "execution": <Execution>}
                     {"kind": "failed", "job": 1, "error": "ExecutionError", "message": "…"}
"""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO, Final

from autograder.container.wire import MAX_TEXT, PART, WireError, read_frame, write_frame
from autograder.errors import AutograderError, GraderError
from autograder.model import Isolation, NotebookJob
from autograder.pipeline.containers.shown_folders import Folders, make_folders
from autograder.sandbox import PoolOptions, Programs, WarmPool
from autograder.sandbox.isolation import gpu

_HEX: Final = frozenset("0123456789abcdef")


def serve(inbound: BinaryIO, outbound: BinaryIO, *, programs: Programs | None = None) -> None:
    """Serve one judge until it closes the connection.

    Args:
        programs: what runs in children; tests replace the default.

    Raises:
        WireError: the judge sent something that is not a frame.
    """
    hello = read_frame(inbound, most=MAX_TEXT)
    if hello is None:
        return
    workers, wanted = int(hello[0]["workers"]), hello[0].get("isolation")
    say = _Speaker(outbound)
    with contextlib.ExitStack() as stack:
        try:
            options = PoolOptions(workers=workers, isolation=Isolation(wanted) if wanted else None,
                                  programs=programs or Programs(), packages=_names(hello[0].get("packages")))
            pool = stack.enter_context(WarmPool(_on_gpus(options, hello[0].get("share"))))
            versions = pool.versions
        except AutograderError as error:
            say({"kind": "refused", "error": type(error).__name__, "message": str(error)})
            return
        say({"kind": "ready", "isolation": pool.isolation.value, "versions": versions})
        store = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="autograder-files-")))
        store.chmod(0o711)  # children's own users must be able to enter it, but not list it
        threads = stack.enter_context(ThreadPoolExecutor(max_workers=workers, thread_name_prefix="job"))
        stack.callback(pool.close)  # first: jobs that still run when the judge disconnects are useless
        _Runner(pool, store, say, threads).listen(inbound)


def _names(packages: object) -> tuple[str, ...]:
    """Return the packages whose versions a judge has to know; a judge of an earlier version names none."""
    return tuple(map(str, packages)) if isinstance(packages, list) else ()


def _on_gpus(options: PoolOptions, share: float | None) -> PoolOptions:
    """Return the pool's options with the GPUs of this container; without a share, notebooks run on the CPU.

    Raises:
        GraderError: there is none in this container.
    """
    if share is None:
        return options
    found = gpu.survey()
    if found.refusal is not None or not found.found:
        raise GraderError(f"Expected a GPU in the runner's container, but {found.refusal or 'there is none'}; build "
                          "and run with --target gpu on a machine that has one.")
    return replace(options, gpus=found.found, share=share)


class _Speaker:
    """Writes whole frames from several threads; a judge that is gone is not an error of a job."""

    def __init__(self, outbound: BinaryIO) -> None:
        self._outbound = outbound
        self._turn = threading.Lock()

    def __call__(self, message: dict[str, Any], content: bytes = b"") -> None:
        with self._turn, contextlib.suppress(OSError, ValueError):
            write_frame(self._outbound, message, content)


class _Runner:
    """Takes files and jobs from the judge."""

    def __init__(self, pool: WarmPool, store: Path, say: _Speaker, threads: ThreadPoolExecutor) -> None:
        self._pool, self._store, self._say, self._threads = pool, store, say, threads

    def listen(self, inbound: BinaryIO) -> None:
        """Serve frames until the judge closes the connection."""
        while (frame := read_frame(inbound, most=MAX_TEXT)) is not None:
            message, content = frame
            if message["kind"] == "file":
                with self._file(message, ".part").open("ab") as stream:
                    stream.write(content)
            elif message["kind"] == "file-end":
                self._take(message)
            elif message["kind"] == "run":
                self._threads.submit(self._run, message)

    def _file(self, message: dict[str, Any], suffix: str = "") -> Path:
        digest = str(message["digest"])
        if not digest or not set(digest) <= _HEX:
            raise WireError(f"Expected a digest as a file's name, but {digest[:60]!r} was sent; report it.")
        return self._store / (digest + suffix)

    def _take(self, message: dict[str, Any]) -> None:
        """Move a complete file to its place."""
        partial = self._file(message, ".part")
        partial.touch()  # an empty file has no parts
        if file_digest(partial) != message["digest"]:
            raise WireError("Expected a file's bytes to agree with its digest, but they do not; run again.")
        partial.chmod(0o444)
        partial.rename(self._file(message))

    def _run(self, message: dict[str, Any]) -> None:
        number = int(message["job"])
        with tempfile.TemporaryDirectory(prefix="autograder-left-") as folder:
            left = Path(folder) / "artifacts"
            try:
                job = NotebookJob.model_validate(message["notebook"])
                execution = self._pool.run_notebook(
                    _with_sources(job, self._store, message.get("folders") or {}, Path(folder) / "shown"), left,
                    on_cell=lambda index: self._say({"kind": "cell", "job": number, "cell": index}))
                self._send(number, left)
                self._say({"kind": "done", "job": number, "execution": execution.model_dump(mode="json")})
            except (AutograderError, OSError, ValueError) as error:
                self._say({"kind": "failed", "job": number, "error": type(error).__name__, "message": str(error)})
            finally:
                shutil.rmtree(left, ignore_errors=True)

    def _send(self, number: int, left: Path) -> None:
        for path in sorted(left.iterdir()) if left.is_dir() else ():
            with path.open("rb") as stream:
                content = stream.read(PART)
                self._say({"kind": "part", "job": number, "name": path.name}, content)
                while content := stream.read(PART):
                    self._say({"kind": "part", "job": number, "name": path.name}, content)


def _with_sources(job: NotebookJob, store: Path, folders: Folders, place: Path) -> NotebookJob:
    """Return the job with files of the store, and with folders that are made of them in ``place``."""
    mounts = tuple(mount.model_copy(update={"source": store / mount.source.name}) for mount in job.mounts)
    made = make_folders(folders, lambda digest: store / digest, place)
    return job.model_copy(update={"mounts": (*mounts, *made)})


def file_digest(path: Path) -> str:
    """Return the hex BLAKE2b digest under which a file travels."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
