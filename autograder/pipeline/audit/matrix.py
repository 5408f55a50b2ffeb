"""The matrix of an audit: which check catches which mistake. Pure: computed from results only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from autograder.model import Calibration, CheckResult, CheckSpec, Result, Status, Value

RowKind = Literal["solution", "blank", "right", "wrong"]
Form = Literal["full", "short"]


class State(StrEnum):
    """The outcome of one check in one run, as far as a variant can declare it."""

    KEPT = "kept"            # the check passed
    LOST = "lost"            # it failed, or the run never reached it
    BLOCKED = "blocked"      # it needs another check, which failed
    WITHHELD = "withheld"    # a person has to decide


class Deviation(Value):
    """One check of one run that is not as its row declares."""

    row: str
    seed: int
    check: str
    expected: State
    seen: State
    note: str | None = None


class Run(Value):
    """One notebook, graded once."""

    seed: int
    score: float
    states: dict[str, State]
    notes: dict[str, str] = Field(default_factory=dict, description="check → the message where it did not pass")
    near: tuple[str, ...] = Field((), description="metrics nearer to their bound than to the values of correct work")
    seconds: float = 0.0
    message: str | None = None

    @property
    def lost(self) -> tuple[str, ...]:
        """Return the checks that failed."""
        return tuple(check for check, state in self.states.items() if state is State.LOST)


class Row(Value):
    """The solution, the blank release or one variant: what it declares, and what its runs showed."""

    name: str
    kind: RowKind
    why: str
    loses: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    withholds: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()

    def declared(self, check: str) -> State:
        """Return the required outcome of a check."""
        if self.kind == "blank" or check in self.loses:
            return State.LOST
        if check in self.blocks:
            return State.BLOCKED
        return State.WITHHELD if check in self.withholds else State.KEPT

    def deviations(self) -> tuple[Deviation, ...]:
        """Return every check of every run that is not as declared."""
        return tuple(
            Deviation(row=self.name, seed=run.seed, check=check, expected=self.declared(check), seen=state,
                      note=run.notes.get(check))
            for run in self.runs for check, state in run.states.items() if not self._as_declared(check, state)
        )

    @property
    def as_declared(self) -> bool:
        """Whether the row was graded, and every check is as declared in every run."""
        return bool(self.runs) and not any(run.message for run in self.runs) and not self.deviations()

    def _as_declared(self, check: str, state: State) -> bool:
        if self.kind == "blank":  # nothing may be earned; how exactly an empty cell fails does not matter
            return state in (State.LOST, State.BLOCKED)
        return state is self.declared(check)


class Matrix(Value):
    """The audit of one assignment."""

    assignment: str
    data: str
    form: Form
    checks: tuple[CheckSpec, ...]
    unjudged: tuple[str, ...] = ()
    rows: tuple[Row, ...]
    left_out: tuple[str, ...] = ()
    unusable: tuple[str, ...] = Field((), description="variants that do not run with the backend in use")
    partial: bool = Field(False, description="only some rows were selected: idle checks are not reported")
    seconds: float = 0.0

    @property
    def judged(self) -> tuple[CheckSpec, ...]:
        """Return the checks that this form of the audit judges."""
        return tuple(check for check in self.checks if check.id not in self.unjudged)

    @property
    def catches(self) -> dict[str, tuple[str, ...]]:
        """Return, per judged check, the wrong variants that it failed in at least one run."""
        return {check.id: tuple(row.name for row in self.rows if row.kind == "wrong"
                                and any(check.id in run.lost for run in row.runs)) for check in self.judged}

    @property
    def idle(self) -> tuple[str, ...]:
        """Return the checks that catch nothing, where all mistakes were run."""
        return () if self.partial else tuple(check for check, mistakes in self.catches.items() if not mistakes)

    @property
    def uncaught(self) -> tuple[str, ...]:
        """Return the wrong variants that no check catches in some run."""
        return tuple(row.name for row in self.rows if row.kind == "wrong" and not all(run.lost for run in row.runs))

    @property
    def losing(self) -> tuple[str, ...]:
        """Return the right variants (and the solution) that do not have full marks in every run."""
        return tuple(row.name for row in self.rows if row.kind in ("right", "solution") and not row.as_declared)

    @property
    def undeclared(self) -> tuple[str, ...]:
        """Return every row that is not as declared."""
        return tuple(row.name for row in self.rows if not row.as_declared)

    @property
    def missed_minimums(self) -> tuple[str, ...]:
        """Return the calibrated minimums that the solution itself no longer reaches."""
        calibrated = {check.id for check in self.judged if check.minimum}
        return tuple(dict.fromkeys(check for row in self.rows if row.kind == "solution" for run in row.runs
                                   for check in run.lost if check in calibrated))

    @property
    def clean(self) -> bool:
        """Whether every row is as declared and every check catches something."""
        return not (self.undeclared or self.uncaught or self.idle)

    def report(self) -> dict[str, Any]:
        """Return everything as plain data for ``--json``."""
        return {
            **self.model_dump(mode="json"), "catches": self.catches, "idle_checks": self.idle,
            "uncaught_mistakes": self.uncaught, "losing_right_variants": self.losing, "undeclared": self.undeclared,
            "deviations": [found.model_dump(mode="json") for row in self.rows for found in row.deviations()],
            "clean": self.clean,
        }


def unjudged_in(form: Form, specs: Iterable[CheckSpec]) -> tuple[str, ...]:
    """Return the checks that a form of the audit does not judge: in the short one those that depend on training.

    A check that needs such a check is not judged either.
    """
    if form == "full":
        return ()
    specs = tuple(specs)
    found = {spec.id for spec in specs if spec.minimum or spec.predicts}
    for spec in specs:  # each comes after what it needs
        if found & set(spec.needs):
            found.add(spec.id)
    return tuple(spec.id for spec in specs if spec.id in found)


def state_of(check: CheckResult) -> State:
    """Return the outcome of a check."""
    if check.status is Status.PASSED:
        return State.KEPT
    if check.status is Status.BLOCKED:
        return State.BLOCKED
    return State.WITHHELD if check.status.withheld else State.LOST


def summarize_run(result: Result, seed: int, unjudged: Sequence[str] = (), near: tuple[str, ...] = ()) -> Run:
    """Return the part of a graded notebook that the matrix needs."""
    judged = [check for task in result.tasks for check in task.checks if check.id not in unjudged]
    notes = {check.id: note for check in judged if check.status is not Status.PASSED
             and (note := check.seen or check.staff_note or check.blocked_by)}
    return Run(
        seed=seed, score=result.score, states={check.id: state_of(check) for check in judged}, notes=notes,
        near=near, seconds=result.execution.seconds if result.execution else 0.0,
        message=None if result.status == "graded" else result.message or result.status,
    )


def near_bounds(metrics: Mapping[str, float], calibration: Calibration | None) -> tuple[str, ...]:
    """Return the metrics that are nearer to their calibrated bound than to the mean of correct runs, or beyond it.

    With another seed such a run could be on the other side.
    """
    found = []
    for name, spread in (calibration.metrics if calibration else {}).items():
        value = metrics.get(name)
        if value is None:
            continue
        if spread.minimum is not None and value < (spread.minimum + spread.mean) / 2:
            found.append(name)
        if spread.maximum is not None and value > (spread.maximum + spread.mean) / 2:
            found.append(name)
    return tuple(found)


def depends_on_training(row: Row, specs: Iterable[CheckSpec]) -> bool:
    """Whether a row loses, could lose or declares to lose a check whose outcome depends on training."""
    trained = {spec.id for spec in specs if spec.minimum or spec.predicts}
    concerned = {*row.loses, *row.blocks, *row.withholds, *(check for run in row.runs for check in run.lost)}
    return row.kind != "blank" and (bool(trained & concerned) or any(run.near for run in row.runs))


def with_runs(rows: Iterable[Row], runs: Mapping[str, Sequence[Run]]) -> tuple[Row, ...]:
    """Return the rows with more runs, in the order of their seeds."""
    return tuple(row.model_copy(update={"runs": tuple(sorted((*row.runs, *runs.get(row.name, ())),
                                                             key=lambda run: run.seed))}) for row in rows)
