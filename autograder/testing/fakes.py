"""A pool that runs nothing and a check server that checks nothing: both return preset results."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from autograder.checks import JudgeRequest
from autograder.model import (
    CellRun,
    CellStatus,
    CheckResult,
    CheckSpec,
    Ending,
    Execution,
    Isolation,
    NotebookJob,
    PredictionJob,
    RefitJob,
    Status,
)


class FakePool:
    """Returns the given endings in turn, repeating the last one; ``seeds`` are those of its notebooks.

    Attributes:
        starved: the runs, counted from 1, whose first cell is stopped by the clock because the machine is busy.
        lost: whether it can no longer run anything; tests may set it.
        closed: whether it was closed.
    """

    def __init__(self, endings: Sequence[Ending | Exception] = (Ending.COMPLETED,), *,
                 starved: Collection[int] = (), isolation: Isolation = Isolation.FULL,
                 versions: Mapping[str, str] | None = None) -> None:
        self.endings = list(endings)
        self.starved = frozenset(starved)
        self.isolation = isolation
        self.versions = dict(versions or {"python": "3"})
        self.seeds: list[int] = []
        self.lost = False
        self.closed = False

    @property
    def own(self) -> FakePool:
        """The pool for the grader's own notebooks: this one."""
        return self

    def warm_up(self) -> None:
        """Do nothing: it is warm."""

    def run_notebook(self, job: NotebookJob, into: Path, *, on_cell: Callable[[int], None] | None = None) -> Execution:
        """Return the next ending, or raise it; a run that is not lost leaves an empty folder ``into``."""
        self.seeds.append(job.seed)
        starved = len(self.seeds) in self.starved
        ending = self.endings.pop(0) if len(self.endings) > 1 else self.endings[0]
        if isinstance(ending, Exception):
            raise ending
        if ending is not Ending.LOST:
            into.mkdir()
        if on_cell is not None:
            for cell in job.cells:
                on_cell(cell.index)
        cells = tuple(CellRun(index=cell.index, place=cell.place, starved=starved and cell is job.cells[0],
                              status=CellStatus.INTERRUPTED if starved and cell is job.cells[0] else CellStatus.OK)
                      for cell in job.cells)
        return Execution(ending=ending, isolation=self.isolation, cells=cells, starved=starved)

    def run_predictions(self, job: PredictionJob, into: Path) -> Execution:
        """Answer nothing."""
        return Execution(ending=Ending.COMPLETED, isolation=self.isolation)

    def run_refit(self, job: RefitJob, into: Path) -> Execution:
        """Train nothing."""
        return Execution(ending=Ending.COMPLETED, isolation=self.isolation)

    def close(self) -> None:
        """Record that it was closed."""
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()


class FakeCheckServer:
    """Judges each request by ``statuses``, which returns the checks that did not pass, with their status."""

    def __init__(self, specs: Iterable[CheckSpec],
                 statuses: Callable[[JudgeRequest], Mapping[str, Status]] = lambda request: {}) -> None:
        self.specs = tuple(specs)
        self.statuses = statuses
        self.requests: list[JudgeRequest] = []

    def judge(self, request: JudgeRequest) -> tuple[CheckResult, ...]:
        """Return one result per check."""
        self.requests.append(request)
        return make_checks(self.specs, self.statuses(request))


def make_checks(specs: Iterable[CheckSpec], statuses: Mapping[str, Status]) -> tuple[CheckResult, ...]:
    """Return the results of checks that passed, except those named in ``statuses``."""
    found = []
    for spec in specs:
        status = statuses.get(spec.id, Status.PASSED)
        earned = spec.points if status is Status.PASSED else None if status.withheld else 0.0
        found.append(CheckResult(id=spec.id, task=spec.task, title=spec.title, points=spec.points, basis=spec.basis,
                                 minimum=spec.minimum, status=status, earned=earned))
    return tuple(found)
