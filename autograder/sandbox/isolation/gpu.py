"""The GPUs of this machine: which ones exist, whether the backend sees them, and what a child needs to use one.

Only the child initialises a GPU: the warm process is started without a visible GPU, a child gets one by name in its
environment, and sees only the device nodes of that GPU. Nothing here imports a backend into the supervisor: a separate
process checks whether the backend sees the GPU, and the child checks again inside the sandbox.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
import os
import queue
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from autograder.sandbox.isolation import readable_paths
from autograder.sandbox.isolation.launch import Spec

DEV: Final = Path("/dev")
DRIVER: Final = Path("/proc/driver/nvidia/gpus")
SHARED_NODES: Final = ("nvidiactl", "nvidia-uvm")
"""Device nodes that a process needs in addition to its GPU's. Those for graphics and profilers are not included."""
PROC_PARTS: Final = ("/proc/driver/nvidia", "/proc/devices", "/proc/modules")
"""The driver's files that CUDA reads if a child does not have a complete /proc of its own."""
BACKENDS: Final = ("tensorflow", "jax", "torch")
"""Those of `autograder.model`, which the warm process must not import: every child would be forked with it."""
_UUID: Final = re.compile(r"GPU-[0-9a-fA-F-]{8,}")
_PATIENCE: Final = 180.0  # seconds for the backend to be imported and to find the GPU, on a busy machine
_ASK: Final = ("import sys, json; sys.path += json.loads(sys.argv[1]); "
               "from autograder.sandbox.isolation import gpu; print('gpus', gpu.count(sys.argv[2]))")


@dataclass(frozen=True)
class Gpu:
    """One GPU: its name, what ``CUDA_VISIBLE_DEVICES`` calls it, and the device nodes that its user needs."""

    name: str
    visible: str
    nodes: tuple[str, ...]


@dataclass(frozen=True)
class Gpus:
    """The usable GPUs, or one clause that says why there are none; ``fix`` is the remedy."""

    found: tuple[Gpu, ...] = ()
    refusal: str | None = None
    fix: str | None = None


def backend_name() -> str:
    """Return the name of the backend that children use, as Keras chooses it."""
    return os.environ.get("KERAS_BACKEND") or BACKENDS[0]


@functools.cache
def survey() -> Gpus:
    """Return this machine's GPUs; takes some seconds if there is one, since the backend is loaded to check it."""
    listed = installed()
    return listed if listed.refusal else ask_backend(listed, backend_name())


def installed(dev: Path = DEV, driver: Path = DRIVER) -> Gpus:
    """Return the GPUs whose device nodes and driver exist."""
    minors = sorted(int(path.name[6:]) for path in dev.glob("nvidia[0-9]*") if path.name[6:].isdigit())
    if not minors:
        return Gpus(refusal="there is no NVIDIA GPU here (no /dev/nvidia0)",
                    fix="run on a machine with one, and start a container with `--gpus all`")
    missing = [name for name in SHARED_NODES if not (dev / name).exists()]
    if missing:
        return Gpus(refusal=f"there is a GPU, but not its driver's {' and '.join(f'/dev/{name}' for name in missing)}",
                    fix="load the driver with `nvidia-modprobe -c 0 -u`, and start a container with `--gpus all`")
    shared = tuple(str(dev / name) for name in SHARED_NODES)
    cards = _read_driver(driver)
    named = [Gpu(cards[minor]["Model"], cards[minor]["GPU UUID"], (str(dev / f"nvidia{minor}"), *shared))
             for minor in minors if minor in cards]
    # Without the driver's list no GPU has a name that works in every process: then use one, the only one that a child
    # sees.
    return Gpus(found=tuple(named) or (Gpu("NVIDIA GPU", "0", (str(dev / f"nvidia{minors[0]}"), *shared)),))


def _read_driver(driver: Path) -> dict[int, dict[str, str]]:
    """Return the driver's information on each GPU, by the number of its device node."""
    found = {}
    for path in driver.glob("*/information"):
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            continue
        card = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
        if card.get("Device Minor", "").isdigit() and card.get("Model") and _UUID.fullmatch(card.get("GPU UUID", "")):
            found[int(card["Device Minor"])] = card
    return found


def ask_backend(listed: Gpus, backend: str) -> Gpus:
    """Ask the backend, in a separate process, whether it sees the installed GPUs."""
    extra = "gpu" if backend == "tensorflow" else backend
    fix = (f"install it with `pip install '.[{extra}]'`" if backend == "tensorflow" else
            f"install a {backend} for CUDA") + ", and look at `nvidia-smi`"
    if backend not in BACKENDS or importlib.util.find_spec(backend) is None:
        return Gpus(refusal=f"there is a GPU, but the Keras backend {backend} is not installed or has no use for it",
                    fix=fix)
    names = ",".join(one.visible for one in listed.found)
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _ASK, json.dumps(readable_paths.import_paths()), backend],
            capture_output=True, text=True, timeout=_PATIENCE, check=False, stdin=subprocess.DEVNULL,
            env=environment(names) | {"KERAS_BACKEND": backend})
    except (OSError, subprocess.TimeoutExpired) as error:
        return Gpus(refusal=f"there is a GPU, but {backend} could not be checked for it ({error})", fix=fix)
    seen = re.search(r"^gpus (\d+)$", done.stdout, flags=re.MULTILINE)
    if seen is None or int(seen[1]) < len(listed.found):
        return Gpus(refusal=f"there is a GPU, but {backend} sees {seen[1] if seen else 'none'} of "
                            f"{len(listed.found)}", fix=fix)
    return listed


def count(backend: str) -> int:
    """Return how many GPUs the backend sees in this process. It initialises the driver: never in the warm process."""
    module: Any = importlib.import_module(backend)
    if backend == "tensorflow":
        return len(module.config.list_physical_devices("GPU"))
    if backend == "jax":
        return sum(device.platform in ("gpu", "cuda") for device in module.devices())
    return int(module.cuda.device_count())


def per_gpu(share: float) -> int:
    """Return how many notebooks one GPU takes when each takes ``share`` of it: 0.5 → 2, 0.3 → 3."""
    return max(1, int(1 / share + 1e-9))


class Seats:
    """The places for notebooks on GPUs; without a GPU, all work runs on the CPU. Thread-safe."""

    def __init__(self, gpus: Sequence[Gpu], share: float) -> None:
        """Lay out the places: each GPU gets its first notebook before one gets its second."""
        self._share = share
        self._free: queue.SimpleQueue[Gpu] = queue.SimpleQueue()
        self.count: Final = per_gpu(share) * len(gpus)
        self.versions: Final = {"device": ", ".join(sorted({one.name for one in gpus}))} if gpus else {}
        for _ in range(per_gpu(share)):
            for one in gpus:
                self._free.put(one)

    @contextmanager
    def take(self, spec: Spec) -> Iterator[Spec]:
        """Wait for a place, and yield a child's specification with its GPU; unchanged if there are no GPUs."""
        if not self.count:
            yield spec
            return
        given = self._free.get()
        try:
            yield replace(spec, devices=given.nodes,
                          environment=tuple(environment(given.visible, self._share).items()))
        finally:
            self._free.put(given)


def environment(visible_devices: str, share: float = 1.0) -> dict[str, str]:
    """Return what a process that computes on GPUs needs in its environment.

    TF32 is turned off and operations with a fixed order of summation are requested: a model's outputs on the GPU then
    equal, to float32's precision, those on the CPU that judges it, and are the same in the next run.

    Args:
        visible_devices: GPUs as ``CUDA_VISIBLE_DEVICES`` names them.
        share: part of a GPU's memory that JAX may take; TensorFlow takes what it needs, see docs/operating/gpu.md.
    """
    return {
        "CUDA_VISIBLE_DEVICES": visible_devices, "CUDA_DEVICE_ORDER": "PCI_BUS_ID", "CUDA_CACHE_DISABLE": "1",
        "NVIDIA_TF32_OVERRIDE": "0", "TF_CUDNN_DETERMINISTIC": "1", "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
        "XLA_FLAGS": "--xla_gpu_deterministic_ops=true", "TF_FORCE_GPU_ALLOW_GROWTH": "true",
        "TF_CPP_MIN_LOG_LEVEL": "3", "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
        "XLA_PYTHON_CLIENT_MEM_FRACTION": f"{0.9 * share:.3f}",
    }


def claim(given: Mapping[str, str], backend: str) -> None:
    """Initialise the GPU in the child that got it, inside the sandbox and before any student code.

    Raises:
        OSError: the backend sees no GPU here. It would silently compute on the CPU, and its results would be compared
            with another device's bounds.
    """
    os.environ.update(given)
    try:
        seen = count(backend)
    except Exception as error:
        raise OSError(f"{backend} cannot initialise the GPU: {' '.join(str(error).split())[:300]}") from error
    if seen != 1:
        raise OSError(f"{backend} sees {seen} GPUs where it was given one")
