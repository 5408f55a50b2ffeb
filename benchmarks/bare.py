"""Bare training: the notebooks' own code, again and again in one warm process with one thread; no checks, no walls.

Run as a process of its own: ``python -m benchmarks.bare <mnist.npz> <notebook>…`` prints JSON (`Bare`).
"""

from __future__ import annotations

import contextlib
import gc
import io
import json
import os
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.sandbox.processes.memory import private_bytes

ROOT = Path(__file__).resolve().parent.parent
LOOK = 0.02


@dataclass(frozen=True, kw_only=True)
class Bare:
    """Seconds of each run but the first, and the memory that the first run added, in MiB."""

    seconds: tuple[float, ...]
    memory_mib: float

    @property
    def mean(self) -> float:
        """Mean seconds per submission."""
        return sum(self.seconds) / len(self.seconds)


def code_of(notebook: dict[str, Any]) -> list[str]:
    """Return the code that a student's notebook runs, without test cells and magics."""
    return [
        "\n".join(line for line in "".join(cell["source"]).splitlines() if not line.startswith(("%", "!")))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and not cell["metadata"].get("nbgrader", {}).get("grade")
    ]


def measure(data: Path, notebooks: Sequence[Path]) -> Bare:
    """Run the notebooks in a fresh process."""
    environment = {**os.environ, "MPLBACKEND": "agg", "TF_CPP_MIN_LOG_LEVEL": "3", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.bare", str(data), *map(str, notebooks)]
    # TensorFlow tells its configuration on stderr whatever the log level.
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False)
    if done.returncode:
        raise RuntimeError(f"the bare training ended with {done.returncode}: {done.stderr.decode()[-2000:]}")
    found = json.loads(done.stdout)
    return Bare(seconds=tuple(found["seconds"]), memory_mib=found["memory_mib"])


def measure_both(data: Path, notebooks: Sequence[Path]) -> float:
    """Return seconds per notebook of two processes, each with half of them: no grader with two workers is faster.

    Starting and warming up are left out. The processes start together, so their runs overlap but for a few seconds.
    """
    halves = notebooks[::2], notebooks[1::2]
    with ThreadPoolExecutor(len(halves)) as both:
        found = list(both.map(lambda half: measure(data, half), halves))
    return max(sum(one.seconds) for one in found) / len(notebooks)


def main(data: str, notebooks: Sequence[str]) -> None:
    """Run the first notebook twice (the first time to warm up and to measure memory), the others once."""
    from autograder.sandbox.child.student import datasets
    from autograder.sandbox.child.student.entry import preload

    preload()
    import matplotlib as mpl
    import tensorflow

    mpl.use("agg")
    tensorflow.config.threading.set_intra_op_parallelism_threads(1)
    tensorflow.config.threading.set_inter_op_parallelism_threads(1)
    datasets.answer({"mnist": data})
    warnings.simplefilter("ignore")
    programs = [code_of(json.loads(Path(path).read_bytes())) for path in notebooks]
    with _peak() as memory:
        _run(programs[0])
    seconds = [_run(program) for program in programs]
    sys.stdout.write(json.dumps({"seconds": seconds, "memory_mib": memory[-1] / 2**20}))


def _run(program: Sequence[str]) -> float:
    """Return the seconds that the code took; cleaning up after it is not counted."""
    import keras
    import matplotlib.pyplot as plt

    namespace: dict[str, Any] = {"__name__": "__main__"}
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        for source in program:
            exec(source, namespace)  # noqa: S102 - our own solution and variants
    seconds = time.perf_counter() - start
    namespace.clear()
    plt.close("all")
    keras.backend.clear_session()
    gc.collect()
    return seconds


@contextlib.contextmanager
def _peak() -> Iterator[list[int]]:
    """Yield a list whose last item is, in the end, the most private memory beyond that at the start, in bytes."""
    before = private_bytes(os.getpid())
    found, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(LOOK):
            found.append(max(found[-1], private_bytes(os.getpid()) - before))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield found
    finally:
        over.set()
        watcher.join()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
