"""The options of a command that runs notebooks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from autograder.model import Isolation
from autograder.pipeline.session.placement import Placement
from autograder.pipeline.session.pool_protocol import Pool, open_local_pool
from autograder.sandbox import PoolOptions
from autograder.workspace.layout import Workspace


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """Which submissions are run, how many at the same time, with which data, and how they are isolated.

    Attributes:
        students: only these; empty: everyone.
        force: run again even where nothing has changed.
        gradebook: record results in the gradebook.
        workers: how many notebooks run at the same time; None: one per core. Never more than fit on the GPUs and than
            the grader of course.yml allows.
        beyond_cores: how many more than one per core run where ``workers`` is None.
        overlap: use spare cores to judge submissions while other notebooks run.
        isolation: the mode to use; None: the best that works here.
        unsafe: run without isolation where this machine offers none.
        allow_stand_in: use the embedded digits where real data is missing.
        force_stand_in: use the embedded digits even where real data is present.
        whole: withhold no test image; only for runs of our own solution by the published recipe.
        profile: which sizes of course.yml to run with; None: those of this grader. An assignment without the profile
            runs with its notebook's own numbers.
        calibrated: False: no result is compared with a calibrated bound, so nothing is retried with fresh seeds.
        refits: repeat suspicious or ranked trainings right after grading: for submissions of a class.
        warm_up: start the warm process of the backend at once, not with the first run: for commands that run notebooks.
        open_pool: creates the pool that runs the notebooks: on this machine, in a runner container, or on workers.
        place: decides on which device an assignment of a class is graded; None: on one of this machine.
    """

    students: tuple[str, ...] = ()
    force: bool = False
    gradebook: bool = True
    workers: int | None = None
    beyond_cores: int = 0
    overlap: bool = False
    isolation: Isolation | None = None
    unsafe: bool = False
    allow_stand_in: bool = False
    force_stand_in: bool = False
    whole: bool = False
    profile: str | None = None
    calibrated: bool = True
    refits: bool = False
    warm_up: bool = True
    open_pool: Callable[[PoolOptions], Pool] = open_local_pool
    place: Callable[[Workspace, str], Placement] | None = None

    def chosen(self, student: str) -> bool:
        """Whether a student is selected."""
        return not self.students or student in self.students
