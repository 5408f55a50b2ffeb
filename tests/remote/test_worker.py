"""A worker's own side: what it refuses, what makes it leave, and what a judge has."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.cluster.tasks import Withdrawn
from autograder.container.wire import PART, WireError, write_frame
from autograder.errors import AutograderError, ExecutionError, GraderError, IsolationError, StorageError
from autograder.model import Ending, Execution, Isolation, Limits, Mount, NotebookJob, PredictionJob
from autograder.remote.parcels import Kind, open_answer, pack_answer, pack_failure, pack_parcel
from autograder.remote.remote_jobs import RemoteJobs, bytes_digest
from autograder.remote.worker import WorkerOptions, serve_worker
from autograder.sandbox.isolation.gpu import Gpus
from autograder.testing import FakePool
from autograder.workspace.progress import Silent

DONE = Execution(ending=Ending.COMPLETED, isolation=Isolation.FULL)
NUMBER = "ab" * 16


class Writing(FakePool):
    """Leaves a file, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()
        self.error = error
        self.mounted: list[bytes] = []

    def run_notebook(self, job: NotebookJob, into: Path, *, on_cell: Callable[[int], None] | None = None) -> Execution:
        self.mounted += [mount.source.read_bytes() for mount in job.mounts]
        if self.error is not None:
            raise self.error
        into.mkdir()
        (into / "cells.jsonl").write_bytes(bytes(PART + 1))
        return DONE

    def run_predictions(self, job: PredictionJob, into: Path) -> Execution:
        self.mounted += [mount.source.read_bytes() for mount in job.mounts]
        return DONE


def parcel(tmp_path: Path, kind: Kind = "notebook", content: bytes = b"data") -> tuple[bytes, tuple[bytes, ...]]:
    source = tmp_path / "data.npz"
    source.write_bytes(content)
    mounts = (Mount(source=source, target="/data/data.npz"),)
    job: Any = NotebookJob(cells=(), seed=1, sampling_key="ab", mounts=mounts) if kind == "notebook" else \
        PredictionJob(requests=(), mounts=mounts)
    name = bytes_digest(content)
    return pack_parcel(kind, NUMBER, job, {source: name}, (name,)), (content,)


def store(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir()
    return folder


def opened(answer: bytes, folder: Path, **limits: Any) -> Execution:
    folder.mkdir(exist_ok=True)
    return open_answer(answer, NUMBER, frozenset(), Limits(**limits), folder)


def test_a_parcel_becomes_an_answer_and_files_are_kept_once(tmp_path: Path) -> None:
    pool = Writing()
    jobs = RemoteJobs(pool, store(tmp_path))
    sent = parcel(tmp_path)
    for number in range(2):
        assert opened(jobs(*sent), tmp_path / f"left-{number}") == DONE
        assert (tmp_path / f"left-{number}" / "cells.jsonl").read_bytes() == bytes(PART + 1)
    assert pool.mounted == [b"data", b"data"]
    assert [path.name for path in (tmp_path / "store").iterdir()] == [bytes_digest(b"data")]


def test_bytes_that_are_not_what_their_name_says_are_not_mounted(tmp_path: Path) -> None:
    pool = Writing()
    jobs = RemoteJobs(pool, store(tmp_path))
    packed, _ = parcel(tmp_path)
    for files in ((b"other",), (), (b"data", b"data")):
        with pytest.raises(AutograderError, match=r"agree with its digest|files with a job"):
            opened(jobs(packed, files), tmp_path / "left")
    assert pool.mounted == []


@pytest.mark.parametrize("error", [
    OSError(errno.ENOSPC, "no space", "/tmp/x"), StorageError("The disk is full."), IsolationError("No namespaces.")])
def test_a_machine_that_can_run_nothing_withdraws(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(Withdrawn) as raised:
        RemoteJobs(Writing(error), store(tmp_path))(*parcel(tmp_path))
    assert raised.value.cause.exit_code in (3, 7)


def test_an_error_of_one_job_is_answered(tmp_path: Path) -> None:
    answer = RemoteJobs(Writing(GraderError("The GPU is gone.")), store(tmp_path))(*parcel(tmp_path))
    with pytest.raises(GraderError, match=r"The GPU is gone\."):
        opened(answer, tmp_path / "left")


def test_a_judge_runs_no_student_code_and_uses_its_own_images(tmp_path: Path) -> None:
    own = tmp_path / "evaluation_images.npy"
    own.write_bytes(b"holdout")
    pool = Writing()
    judge = RemoteJobs(pool, store(tmp_path), own_files={bytes_digest(b"holdout"): own})
    with pytest.raises(ExecutionError, match="this kind of worker"):
        opened(judge(*parcel(tmp_path)), tmp_path / "left")
    job = PredictionJob(requests=(), mounts=(Mount(source=own, target="/inputs/x.npy"),))
    packed = pack_parcel("prediction", NUMBER, job, {own: bytes_digest(b"holdout")}, ())
    assert opened(judge(packed, ()), tmp_path / "left") == DONE
    assert pool.mounted == [b"holdout"]
    runner = RemoteJobs(pool, tmp_path / "store")
    with pytest.raises(ExecutionError, match="this kind of worker"):
        opened(runner(packed, ()), tmp_path / "left")
    other = pack_parcel("prediction", NUMBER, job, {own: bytes_digest(b"other")}, ())
    with pytest.raises(ExecutionError, match="the same data"):
        opened(judge(other, ()), tmp_path / "left")


def lies(tmp_path: Path) -> dict[str, bytes]:
    def frame(message: dict[str, Any], content: bytes = b"") -> bytes:
        stream = io.BytesIO()
        write_frame(stream, message, content)
        return stream.getvalue()

    honest = pack_answer(NUMBER, tmp_path / "nothing", DONE)
    cells = {"index": 7, "status": "ok"}
    return {
        "nothing": b"", "half": honest[:-5], "noise": b"\x80\x04" * 50, "pickle": b"\x80\x04cos\nsystem\n.",
        "another's": pack_answer("cd" * 16, tmp_path / "nothing", DONE),
        "another's failure": pack_failure("cd" * 16, GraderError("x")),
        "an end of the batch": pack_failure(NUMBER, StorageError("x")),
        "cells of others": frame({"kind": "done", "id": NUMBER,
                                  "execution": DONE.model_dump(mode="json") | {"cells": [cells]}}),
        "a path": frame({"kind": "part", "name": "../x"}, b"x") + honest,
        "too many bytes": b"".join(frame({"kind": "part", "name": "x"}, bytes(PART)) for _ in range(3)) + honest,
        "too many files": b"".join(frame({"kind": "part", "name": str(n)}, b"") for n in range(20)) + honest,
        "an unknown kind": frame({"kind": "score", "id": NUMBER, "points": 5}),
        "a huge head": b"\xff" * 8,
    }


LIES = ("nothing", "half", "noise", "pickle", "another's", "another's failure", "an end of the batch",
        "cells of others", "a path", "too many bytes", "too many files", "an unknown kind", "a huge head")


@pytest.mark.parametrize("lie", LIES)
def test_answers_that_are_refused(tmp_path: Path, lie: str) -> None:
    with pytest.raises(WireError, match="Expected"):
        opened(lies(tmp_path)[lie], tmp_path / "left", disk_mib=2, files=16)
    assert not (tmp_path / "x").exists()


def test_what_is_no_parcel_is_said(tmp_path: Path) -> None:
    stream = io.BytesIO()
    write_frame(stream, {"kind": "score"})
    jobs = RemoteJobs(Writing(), store(tmp_path))
    for content in (b"", stream.getvalue()):
        with pytest.raises(WireError, match="Expected a job from the client"):
            jobs(content, ())


def test_gpus_that_are_not_here_are_said_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.remote.worker.look", lambda: Gpus(refusal="there is none", fix="buy one"))
    with pytest.raises(GraderError, match=r"--gpu 2 was given, but there is none; buy one"):
        serve_worker(WorkerOptions(scheduler="tcp://127.0.0.1:1", gpus=2), Silent())


CELL = {"index": 0, "status": "ok"}


@pytest.mark.parametrize("told", [
    {"seconds": float("nan")}, {"waited": float("inf")}, {"peak_memory_mib": -1.0}, {"detail": "\ud800"},
    {"flags": ["\ud800"]}, {"cells": [CELL, CELL]}, {"cells": [{**CELL, "index": 1}]},
    {"cells": [{**CELL, "seconds": float("nan")}]}, {"cells": [{**CELL, "waited": -1}]},
    {"cells": [{**CELL, "error": "\udfff"}]}, {"score": 10}, {"cells": [[[[]]]]}])
def test_what_could_not_be_stored_and_read_again_is_no_execution(tmp_path: Path, told: dict[str, Any]) -> None:
    def answer(**fields: Any) -> bytes:
        stream = io.BytesIO()
        write_frame(stream, {"kind": "done", "id": NUMBER, "execution": {
            "ending": "completed", "isolation": "full", "cells": [CELL], **fields}})
        return stream.getvalue()

    def read(**fields: Any) -> Execution:
        return open_answer(answer(**fields), NUMBER, frozenset({0}), Limits(), tmp_path)

    assert read(seconds=2.5).cells[0].index == 0
    with pytest.raises(WireError):
        read(**told)
