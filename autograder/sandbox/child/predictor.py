"""Rebuilds students' models and evaluates them on images, in a sandboxed child that has neither labels nor their code.

The zygote has imported Keras but computed nothing; TensorFlow first computes here, in a fork of this process that works
through the requests. If a request kills that fork (memory, time, a crash inside the backend), the request is answered
with an error, and another fork continues with the next one. Where the sandbox allows no such fork (Landlock without
namespaces), the child itself works through the requests, and those after a fatal one are not answered.

Written to ``<scratch>/.out``: ``predictions-<i>.npz`` with the array ``y`` (float32, one row per image: what the model
says, or where a request has ``noise`` how far it is from the image), and one line
per request in ``predictions.jsonl``: ``{"key", "file", "agrees", "penalties", "error", "batch"}``. ``agrees`` is null
without a probe; ``penalties`` says whether the weight penalties are the student's too; ``batch`` is how many images
were evaluated at once. A request without inputs asks only for this proof; a model that runs out of time or memory
during it is not tried again for other requests.
"""

from __future__ import annotations

import functools
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.artifacts.preprocessing import Preprocessing
from autograder.artifacts.text_rows import TextRows
from autograder.errors import ArtifactError
from autograder.model.limits import STRETCH
from autograder.sandbox.child import backend
from autograder.sandbox.child.rebuild import Outputs, Rebuilt, rebuild

ROWS_BATCH = 2000
IMAGES_BATCH = 500
"""Images per call: many if they are rows of numbers, few if convolutions make many values of each image."""
NOISE_SEED = 20_261_130
"""The same noise for every model, so that the same work has the same score."""
MEMORY_SHARE = 0.75
STATUS = Path("/proc/self/status")
BLIND = 9

Images = NDArray[Any]


def preload() -> None:
    """Import what a request needs, without computing anything; called once in the warm process."""
    importlib.import_module("keras")


def run(job: dict[str, Any], scratch: str, progress: int) -> None:
    """Answer all requests of a job; a request that fails never stops the others.

    Args:
        job: a `PredictionJob` as JSON.
        scratch: writable folder.
        progress: descriptor that takes ``{"done": true}`` at the end, or a negative number for none.
    """
    out = Path(scratch) / ".out"
    out.mkdir(mode=0o700, exist_ok=True)
    answers = out / "predictions.jsonl"
    answers.touch()
    requests: list[dict[str, Any]] = job["requests"]
    doubts: dict[str, str] = {}
    done = 0
    while done < len(requests):
        status = _in_a_fork(job, done, out, doubts)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == BLIND:
            _work(job, done, out, doubts)
        done = len(answers.read_bytes().splitlines())
        if done < len(requests):
            doubts[_identity(requests[done])] = _why(status, job["limits"])
            _say(answers, requests[done], error=_why(status, job["limits"]))
            done += 1
    if progress >= 0:
        os.write(progress, json.dumps({"done": True}).encode())


def _in_a_fork(job: dict[str, Any], start: int, out: Path, doubts: dict[str, str]) -> int:
    """Work through the requests from number ``start`` in a fork of this process; return its wait status."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        if _blind():
            os._exit(BLIND)
        _limit(job["limits"])
        _work(job, start, out, doubts)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _blind() -> bool:
    """Whether this fork cannot read /proc/self, without which TensorFlow aborts: so with Landlock alone."""
    try:
        STATUS.read_bytes()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _work(job: dict[str, Any], start: int, out: Path, doubts: dict[str, str]) -> None:
    backend.configure(int(job["limits"]["threads"]))
    for number in range(start, len(job["requests"])):
        _set_alarms(job["limits"])
        _answer(job, number, out, doubts)
    for alarm in (signal.ITIMER_PROF, signal.ITIMER_REAL):
        signal.setitimer(alarm, 0)


def _set_alarms(limits: dict[str, Any]) -> None:
    """Set the time limits of one request: one on processor time, and a much later one on the clock.

    Both alarms end this process by their default action, since nothing else interrupts the backend.
    """
    signal.setitimer(signal.ITIMER_PROF, float(limits["cell_seconds"]) * int(limits["threads"]))
    signal.setitimer(signal.ITIMER_REAL, float(limits["cell_seconds"]) * STRETCH)


def _answer(job: dict[str, Any], number: int, out: Path, doubts: dict[str, str]) -> None:
    request = job["requests"][number]
    answers, name = out / "predictions.jsonl", f"predictions-{number}.npz"
    mounts = {mount["target"]: mount["source"] for mount in job["mounts"]}
    identity = _identity(request)
    try:
        if identity in doubts:
            raise ArtifactError(doubts[identity])
        built = _proven(request["architecture"], here(request["weights"], mounts),
                        here(request["probe"], mounts) if request["probe"] else None,
                        request["sampling_key"], json.dumps(request["output_shape"]))
        if built.agrees is False or request["inputs"] is None:
            _say(answers, request, agrees=built.agrees, penalties=built.penalties)
            return
        images = prepared(request, here(request["inputs"], mounts))
        noise = request.get("noise")
        np.savez(out / name, y=predict(built, images) if noise is None else restore(built, images, float(noise)))
        _say(answers, request, file=name, agrees=built.agrees, penalties=built.penalties,
             batch=batch_size(built, images))
    except Exception as error:
        sentence = str(error) if isinstance(error, ArtifactError) else f"{type(error).__name__}: {error}"
        sentence = " ".join(sentence.split())[:300]
        if request["inputs"] is None:
            doubts[identity] = sentence  # a model that cannot be rebuilt is not tried again
        _say(answers, request, error=sentence)


def _identity(request: dict[str, Any]) -> str:
    return "|".join((request["architecture"], request["weights"], str(request["probe"])))


@functools.lru_cache(maxsize=1)
def _proven(architecture: str, weights: str, probe: str | None, key: str, shape: str) -> Rebuilt:
    """Return a rebuilt model, cached for the next request: requests for its predictions usually follow its proof."""
    return rebuild(architecture, Path(weights), Path(probe) if probe else None, key=key, shape=json.loads(shape))


def _say(answers: Path, request: dict[str, Any], *, file: str | None = None, agrees: bool | None = None,
         penalties: bool = False, error: str | None = None, batch: int | None = None) -> None:
    line = json.dumps({"key": request["key"], "file": file, "agrees": agrees, "penalties": penalties, "error": error,
                       "batch": batch})
    with answers.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")


def here(target: str, mounts: dict[str, str]) -> str:
    """Return the path of a mounted file: without namespaces nothing is mounted, and it is the host's path."""
    return target if os.path.exists(target) else mounts.get(target, target)  # noqa: PTH110 - plain strings of a job


def prepared(request: dict[str, Any], path: str) -> Images:
    """Return the raw rows as the request says that they are prepared."""
    if request.get("words"):
        return _prepared(path, TextRows(words=tuple(request["words"]), width=request["shape"][0], mode=request["mode"],
                                        standardize=request["standardize"], split=request["split"]))
    return _prepared(path, Preprocessing(
        shape=tuple(request["shape"]), scale=tuple(request["scale"]), shift=tuple(request["shift"]),
        columns=tuple(request.get("columns", ()))))


def batch_size(built: Rebuilt, images: Images) -> int:
    """Return how many images are evaluated at once."""
    return built.cost.rows(ROWS_BATCH if images.ndim == 2 else IMAGES_BATCH)


def predict(built: Rebuilt, images: Images) -> Outputs:
    """Predict batch by batch."""
    size = batch_size(built, images)
    parts = [built.ask(images[start : start + size]) for start in range(0, len(images), size)]
    return np.concatenate(parts)


def restore(built: Rebuilt, images: Outputs, noise: float) -> Outputs:
    """Return for each row three mean squared errors (n, 3), all compared with the row: of the model's answer to the row
    with noise, of the mean of all rows, and of the row with noise itself.

    Raises:
        ArtifactError: the model's answers have another number of values than a row.
    """
    size, random = batch_size(built, images), np.random.RandomState(NOISE_SEED)
    mean, low, high = images.mean(axis=0), float(images.min()), float(images.max())
    parts = []
    for start in range(0, len(images), size):
        rows = images[start : start + size]
        noisy = np.clip(rows + random.normal(0.0, noise, rows.shape).astype(rows.dtype), low, high) if noise else rows
        answers = built.ask(noisy)
        if answers.size != rows.size:
            raise ArtifactError(f"its answers have the shape {answers.shape[1:]}, rows have {rows.shape[1:]}")
        compared = (answers, np.broadcast_to(mean, rows.shape), noisy)
        parts.append(np.stack([_error(one, rows) for one in compared], axis=1))
    return np.concatenate(parts)


def _error(answers: Outputs, rows: Outputs) -> Outputs:
    differences = answers.reshape(len(rows), -1) - rows.reshape(len(rows), -1)
    errors: Outputs = (differences**2).mean(axis=1, dtype=np.float64).astype(np.float32)
    return errors


@functools.lru_cache(maxsize=1)
def _prepared(path: str, preparation: Preprocessing | TextRows) -> Images:
    """Return all images, cached for the next model: most models of a notebook are evaluated on the same ones."""
    images: Images = np.load(path, mmap_mode="r", allow_pickle=False)
    return preparation.apply(np.asarray(images))


def _limit(limits: dict[str, Any]) -> None:
    """Limit memory to less than the amount at which the supervisor would end this child with all its requests."""
    try:
        status = STATUS.read_text()
    except OSError:
        return
    held = [int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmData")]
    wanted = sum(held) + int(limits["memory_mib"] * MEMORY_SHARE) * (1 << 20)
    _, ceiling = resource.getrlimit(resource.RLIMIT_DATA)
    if ceiling == resource.RLIM_INFINITY or wanted < ceiling:
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, ceiling))


def _why(status: int, limits: dict[str, Any]) -> str:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGPROF, signal.SIGALRM):
        return f"evaluating the model took longer than {limits['cell_seconds']:g} seconds"
    return "the process that evaluated the model ended, most likely because it ran out of memory"
