"""What runs notebooks and asks models, here or in a container."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, Self

from autograder.model import Execution, Isolation, NotebookJob, PredictionJob, RefitJob


class Pool(Protocol):
    """What runs notebooks and asks models: `WarmPool` on this machine, `ContainerPool` beside a runner container."""

    @property
    def isolation(self) -> Isolation:
        """The mode in which each child is walled in."""

    @property
    def versions(self) -> dict[str, str]:
        """Versions of what children compute with."""

    def run_notebook(self, job: NotebookJob, into: Path, *, on_cell: Callable[[int], None] | None = None) -> Execution:
        """Run a notebook; the files that it leaves appear in ``into``."""

    def run_predictions(self, job: PredictionJob, into: Path) -> Execution:
        """Rebuild models and predict; the predictions appear in ``into``."""

    def run_refit(self, job: RefitJob, into: Path) -> Execution:
        """Train a recorded model again; its answers appear in ``into``."""

    def close(self) -> None:
        """End what runs."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: Any) -> None: ...
