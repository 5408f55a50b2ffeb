"""The image's health: an empty notebook in the sandbox, which needs no network, no course and no data."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.errors import ExecutionError
from autograder.model import Ending, Isolation, JobCell, Limits, NotebookJob
from autograder.sandbox import PoolOptions, WarmPool

_JOB = NotebookJob(cells=(JobCell(index=0, source=""),), seed=1, sampling_key="00" * 32,
                   limits=Limits(cell_seconds=30, notebook_seconds=60))


def check(isolation: Isolation | None = None) -> str:
    """Run the check; return one line with the isolation mode and the versions.

    Raises:
        IsolationError: student code cannot be isolated here.
        ExecutionError: the notebook did not end normally.
    """
    options = PoolOptions(workers=1, isolation=isolation)
    with TemporaryDirectory(prefix="autograder-health-") as folder, WarmPool(options) as pool:
        ran = pool.run_notebook(_JOB, Path(folder) / "artifacts")
        if ran.ending is not Ending.COMPLETED:
            raise ExecutionError(f"Expected an empty notebook to end, but it {ran.ending.value} ({ran.detail}); "
                                 "build the image again.")
        versions = ", ".join(f"{name} {version}" for name, version in pool.versions.items())
        return f"healthy: isolation {pool.isolation.value}, {versions}"
