"""Micro-benchmark: seconds from a request to the reaped child."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from autograder.model import Ending, JobCell, NotebookJob
from autograder.sandbox import PoolOptions, WarmPool
from benchmarks.ours import Failed

REPEATS = 7
EMPTY = "pass"
ARRAYS = "import numpy as np\nimages = np.random.rand(1000, 784).astype('float32')\nimages.mean()"
TRAINING = """\
import keras, numpy as np
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(8), keras.layers.Dense(1)])
model.compile(loss="mse", optimizer="sgd")
history = model.fit(np.ones((64, 20)), np.ones(64), verbose=0)
"""
NOTEBOOKS = {"an empty notebook": EMPTY, "NumPy only": ARRAYS, "a tiny training": TRAINING}


def measure(repeats: int = REPEATS) -> dict[str, float]:
    """Return the median seconds of each notebook, one at a time, after one run to warm up.

    Raises:
        Failed: a run did not complete.
    """
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder, WarmPool(PoolOptions(workers=1)) as pool:
        return {name: statistics.median([_once(pool, source, Path(folder)) for _ in range(repeats + 1)][1:])
                for name, source in NOTEBOOKS.items()}


def _once(pool: WarmPool, source: str, folder: Path) -> float:
    cells = (JobCell(index=0, source=source), JobCell(index=1, source="pass", task="end"))
    start = time.perf_counter()
    execution = pool.run_notebook(NotebookJob(cells=cells, seed=1, sampling_key="00" * 32), folder / "out")
    seconds = time.perf_counter() - start
    if execution.ending is not Ending.COMPLETED:
        raise Failed(f"The micro-benchmark's notebook ended as {execution.ending}: {execution.detail}")
    return seconds
