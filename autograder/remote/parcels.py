"""What a client and a worker send to each other: frames of `autograder.container.wire`, one after the other, as bytes.

    parcel   {"kind": "notebook" | "prediction" | "refit", "id": hex, "files": [digests], "job": <its JSON, sources of
             mounts are digests>, "folders": {target of a folder: {path in it: digest}}}
    answer   {"kind": "part", "name": "cells.jsonl"}  with bytes
             {"kind": "done", "id": hex, "execution": <Execution>}
             {"kind": "failed", "id": hex, "error": "ExecutionError", "message": "…"}
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import ValidationError

from autograder.container.wire import MAX_TEXT, PART, WireError, read_frame, write_frame
from autograder.errors import AutograderError, ClusterError, IsolationError, StorageError
from autograder.model import Execution, Limits, NotebookJob, PredictionJob, RefitJob
from autograder.pipeline.containers.arriving_files import ArrivingFiles
from autograder.pipeline.containers.runner_answers import error_of, execution_of
from autograder.pipeline.containers.shown_folders import Folders, divide_mounts

Kind = Literal["notebook", "prediction", "refit"]
Job = NotebookJob | PredictionJob | RefitJob
MODELS: Final[Mapping[str, type[NotebookJob] | type[PredictionJob] | type[RefitJob]]] = {
    "notebook": NotebookJob, "prediction": PredictionJob, "refit": RefitJob}


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A job as it arrives at a worker.

    Attributes:
        files: digests of what is sent with it, in that order.
        folders: what it shows in addition to the files that it mounts, made of files by their digests.
    """

    kind: Kind
    id: str
    files: tuple[str, ...]
    job: Job
    folders: Folders


def pack_parcel(kind: Kind, number: str, job: Job, names: Mapping[Path, str], files: tuple[str, ...]) -> bytes:
    """Return the bytes of a job.

    Args:
        number: must come back in the answer.
        names: the digest of each file that the job shows, in a folder or by itself.
        files: the digests of those that are sent with it.
    """
    shown, folders = divide_mounts(job.mounts)
    mounts = tuple(mount.model_copy(update={"source": Path(names[mount.source])}) for mount in shown)
    stream = io.BytesIO()
    write_frame(stream, {"kind": kind, "id": number, "files": files,
                         "folders": {target: {name: names[path] for name, path in inside.items()}
                                     for target, inside in folders.items()},
                         "job": job.model_copy(update={"mounts": mounts}).model_dump(mode="json")})
    return stream.getvalue()


def open_parcel(parcel: bytes) -> Parcel:
    """Return the job in a parcel.

    Raises:
        WireError: it is none.
    """
    frame = read_frame(io.BytesIO(parcel), most=MAX_TEXT)
    try:
        message = frame[0] if frame else {}
        kind, files = message["kind"], tuple(str(name) for name in message["files"])
        folders = {str(target): {str(name): str(digest) for name, digest in inside.items()}
                   for target, inside in message["folders"].items()}
        return Parcel(kind=kind, id=str(message["id"]), files=files, folders=folders,
                      job=MODELS[kind].model_validate(message["job"]))
    except (AttributeError, KeyError, TypeError, ValidationError):
        raise WireError("Expected a job from the client, but got something else; use the same version of this package "
                        "on both machines.") from None


def pack_answer(number: str, left: Path, execution: Execution) -> bytes:
    """Return the bytes of a job's answer: the files in the folder ``left``, then how it ended."""
    stream = io.BytesIO()
    for path in sorted(left.iterdir()) if left.is_dir() else ():
        with path.open("rb") as source:
            content = source.read(PART)
            write_frame(stream, {"kind": "part", "name": path.name}, content)
            while content := source.read(PART):
                write_frame(stream, {"kind": "part", "name": path.name}, content)
    write_frame(stream, {"kind": "done", "id": number, "execution": execution.model_dump(mode="json")})
    return stream.getvalue()


def pack_failure(number: str, error: Exception) -> bytes:
    """Return the bytes of an answer that says why a job could not be run."""
    stream = io.BytesIO()
    write_frame(stream, {"kind": "failed", "id": number, "error": type(error).__name__, "message": str(error)})
    return stream.getvalue()


def open_answer(answer: bytes, number: str, cells: frozenset[int], limits: Limits, folder: Path) -> Execution:
    """Write the files of an answer into ``folder`` and return how the job ended. The worker is trusted with nothing.

    Raises:
        WireError: it breaks the format or a limit, or is the answer to another job.
        AutograderError: the worker's own, about this job.
    """
    files, stream = ArrivingFiles.within(limits, folder), io.BytesIO(answer)
    while (frame := read_frame(stream)) is not None:
        message, content = frame
        kind = message.get("kind")
        if kind == "part":
            files.keep(message.get("name"), content)
            continue
        _require_own(message, number)
        if kind == "failed":
            raise _of_one_job(error_of(message))
        if kind == "done":
            return execution_of(message, cells)
        break
    raise WireError("Expected an answer that says how its job ended, but got one that does not; it was thrown away.")


def _of_one_job(error: AutograderError) -> AutograderError:
    """Return a worker's error; one that would end the whole batch is not for a worker to raise: it has to withdraw."""
    if isinstance(error, IsolationError | StorageError | ClusterError):
        return WireError(f"Expected a worker that can run nothing more to leave, but it only said so ({error}); it was "
                         "not believed.")
    return error


def _require_own(message: dict[str, Any], number: str) -> None:
    if message.get("id") != number:
        raise WireError("Expected the answer to this job, but got that to another one; it was thrown away.")
