"""What runs notebooks and evaluates models: a pool on this machine, or one with a runner container for student code."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, Self

from autograder.checks import JudgeRequest
from autograder.model import CheckResult, Execution, Isolation, NotebookJob, PredictionJob, RefitJob
from autograder.sandbox import PoolOptions, WarmPool


class Judge(Protocol):
    """Judges submissions by the hidden checks: `autograder.checks.CheckServers`."""

    def judge(self, request: JudgeRequest) -> tuple[CheckResult, ...]:
        """Return one result per check; never raises for a submission."""


class Pool(Protocol):
    """Runs jobs in isolated children: `WarmPool` on this machine, `ContainerPool` with a runner container."""

    @property
    def own(self) -> Pool:
        """Where the grader's own notebooks run: never in a container that runs students' code."""

    @property
    def lost(self) -> bool:
        """Whether the pool can no longer run notebooks."""

    @property
    def isolation(self) -> Isolation:
        """The mode in which each child is isolated."""

    @property
    def versions(self) -> dict[str, str]:
        """Versions of the libraries that children use."""

    def warm_up(self) -> None:
        """Start what has to be warm and wait for it."""

    def run_notebook(self, job: NotebookJob, into: Path, *, on_cell: Callable[[int], None] | None = None) -> Execution:
        """Run a notebook; the files that it leaves appear in ``into``."""

    def run_predictions(self, job: PredictionJob, into: Path) -> Execution:
        """Rebuild models and predict; the predictions appear in ``into``."""

    def run_refit(self, job: RefitJob, into: Path) -> Execution:
        """Train a recorded model again; its outputs appear in ``into``."""

    def close(self) -> None:
        """End everything that runs."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: Any) -> None: ...


def open_local_pool(options: PoolOptions) -> Pool:
    """Return a pool on this machine.

    Raises:
        IsolationError: this machine cannot isolate, or a private folder can be seen.
    """
    return WarmPool(options)
