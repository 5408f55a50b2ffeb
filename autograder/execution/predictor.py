"""Rebuilds students' models and asks them about images, in a sandboxed child that holds neither labels nor their code.

The zygote has imported Keras and computed nothing; TensorFlow first computes in here, in a fork of this very process
that works through the requests. When a request brings that fork down (memory, time, a crash inside the backend), the
request is answered with an error and another fork goes on with the next one. Where the walls allow no such fork
(Landlock without namespaces) the child itself works through them, and what comes after a fatal request is not answered.

Written to ``<scratch>/.out``: ``predictions-<i>.npz`` with the array ``y`` (float32, one row per image), and one line
per request in ``predictions.jsonl``: ``{"key", "file", "agrees", "error"}``. ``agrees`` is null without a probe.
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

from autograder.artifacts.models import ordered_weights
from autograder.artifacts.npz import NpzLimits, read_npz
from autograder.artifacts.preprocessing import Preprocessing
from autograder.artifacts.reader import PROBE, WEIGHTS, usable_probe
from autograder.artifacts.values import Array
from autograder.execution import backend
from autograder.files import FolderSource

ROWS_BATCH = 2000
IMAGES_BATCH = 500
"""Images per call: large for rows of numbers, small where convolutions make many values of each image."""
# Rounding differs between a compiled and an eager pass and between machines; another function differs by far more.
RELATIVE = 1e-3
ABSOLUTE = 2e-4
HALF_PRECISION = 2e-2
MEMORY_SHARE = 0.75
STATUS = Path("/proc/self/status")
BLIND = 9

Images = NDArray[Any]
Outputs = NDArray[np.float32]


def preload() -> None:
    """Import what a request needs; called once in the warm process, computes nothing."""
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
    done = 0
    while done < len(requests):
        status = _in_a_fork(job, done, out)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == BLIND:
            _work(job, done, out)
        done = len(answers.read_bytes().splitlines())
        if done < len(requests):
            _say(answers, requests[done], error=_why(status, job["limits"]))
            done += 1
    if progress >= 0:
        os.write(progress, json.dumps({"done": True}).encode())


def _in_a_fork(job: dict[str, Any], start: int, out: Path) -> int:
    """Work through the requests from ``start`` on in a fork of this process; return its wait status."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1]
    try:
        if _blind():
            os._exit(BLIND)
        _limit(job["limits"])
        _work(job, start, out)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _blind() -> bool:
    """Whether this fork is kept from /proc/self, without which TensorFlow aborts: so it is behind Landlock alone."""
    try:
        STATUS.read_bytes()
    except PermissionError:
        return True
    except OSError:
        return False
    return False


def _work(job: dict[str, Any], start: int, out: Path) -> None:
    backend.settle(int(job["limits"]["threads"]))
    for number in range(start, len(job["requests"])):
        # The default action of the alarm ends this process: the backend cannot be interrupted otherwise.
        signal.setitimer(signal.ITIMER_REAL, float(job["limits"]["cell_seconds"]))
        _answer(job, number, out)
    signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(job: dict[str, Any], number: int, out: Path) -> None:
    request = job["requests"][number]
    answers, name = out / "predictions.jsonl", f"predictions-{number}.npz"
    mounts = {mount["target"]: mount["source"] for mount in job["mounts"]}
    try:
        model = _rebuild(request["architecture"])
        _set_weights(model, Path(here(request["weights"], mounts)))
        agrees = _agrees(model, Path(here(request["probe"], mounts))) if request["probe"] else None
        if agrees is False:
            _say(answers, request, agrees=False)
            return
        np.savez(out / name, y=predict(model, request, here(request["inputs"], mounts)))
        _say(answers, request, file=name, agrees=agrees)
    except Exception as error:
        _say(answers, request, error=f"{type(error).__name__}: {' '.join(str(error).split())}"[:300])


def _say(answers: Path, request: dict[str, Any], *, file: str | None = None, agrees: bool | None = None,
         error: str | None = None) -> None:
    line = json.dumps({"key": request["key"], "file": file, "agrees": agrees, "error": error})
    with answers.open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")


def here(target: str, mounts: dict[str, str]) -> str:
    """Return where a mounted file lies: without namespaces nothing is mounted and the host's path is the one."""
    return target if os.path.exists(target) else mounts.get(target, target)  # noqa: PTH110 - plain strings of a job


def _rebuild(architecture: str) -> Any:
    """Make a model whose weights are assigned next."""
    node = json.loads(architecture)
    _blank(node)
    return built(node)


def built(node: Any) -> Any:
    """Return the model of a configuration that our own allow-list wrote, with weights from its initializers."""
    import keras

    model = keras.saving.deserialize_keras_object(node, safe_mode=True)
    if not model.built:
        shape = node["config"].get("build_input_shape") or node["build_config"]["input_shape"]
        model.build(tuple(shape))
    return model


def _blank(node: Any) -> None:
    """Let all weights begin at zero: they are assigned next, and the first random number costs a tenth of a second."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name.endswith("_initializer") and value is not None:
                node[name] = "zeros"
            else:
                _blank(value)
    elif isinstance(node, list):
        for value in node:
            _blank(value)


def _set_weights(model: Any, path: Path) -> None:
    arrays = list(ordered_weights(_arrays(path, WEIGHTS)).values())
    variables = model.weights
    shapes = [tuple(variable.shape) for variable in variables]
    if shapes != [array.shape for array in arrays]:
        raise ValueError(f"expected weights of the shapes {shapes[:8]}, got {[array.shape for array in arrays][:8]}")
    for variable, array in zip(variables, arrays, strict=True):
        variable.assign(array)
    _finalize(model)


def _arrays(path: Path, limits: NpzLimits) -> dict[str, Array]:
    return read_npz(FolderSource(path.parent).read(path.name, limits.packed), limits)


def _finalize(model: Any) -> None:
    """Let adapted layers take over the statistics that were just assigned."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            _finalize(layer)
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()


def _agrees(model: Any, path: Path) -> bool:
    """Whether the rebuilt model answers the probe as the student's model did."""
    x, y = usable_probe(_arrays(path, PROBE))
    seen = _call(model, x)
    if seen.shape != y.shape:
        return False
    scale = float(np.max(np.abs(y[np.isfinite(y)]), initial=0.0))
    half = str(model.compute_dtype) in ("float16", "bfloat16")
    return bool(np.allclose(seen, y, equal_nan=True, rtol=HALF_PRECISION if half else RELATIVE,
                            atol=scale * (HALF_PRECISION if half else ABSOLUTE)))


def predict(model: Any, request: dict[str, Any], path: str) -> Outputs:
    """Prepare the raw images and predict batch by batch."""
    images = _prepared(path, tuple(request["shape"]), tuple(request["scale"]), tuple(request["shift"]))
    size = ROWS_BATCH if images.ndim == 2 else IMAGES_BATCH
    return np.concatenate([_call(model, images[start : start + size]) for start in range(0, len(images), size)])


@functools.lru_cache(maxsize=1)
def _prepared(path: str, shape: tuple[int, ...], scale: tuple[float, ...], shift: tuple[float, ...]) -> Outputs:
    """Return all images, kept for the next model: most of a notebook's are asked about the same ones."""
    images: Images = np.load(path, mmap_mode="r", allow_pickle=False)
    return Preprocessing(shape=shape, scale=scale, shift=shift).apply(np.asarray(images))


def _call(model: Any, inputs: NDArray[Any]) -> Outputs:
    import keras

    # Called, not `predict`: tracing a graph costs more than ten eager batches.
    outputs = model(inputs, training=False)
    if isinstance(outputs, (list, tuple, dict)):
        raise TypeError("expected a model with one output, got several")
    return np.asarray(keras.ops.convert_to_numpy(outputs), dtype=np.float32)


def _limit(limits: dict[str, Any]) -> None:
    """Stay below the memory at which the supervisor would end this child with all its requests."""
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
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGALRM:
        return f"asking the model took longer than {limits['cell_seconds']:g} seconds"
    return "the process that asked the model ended, most likely for want of memory"
