"""Results: the one documented, versioned JSON that every report and the gradebook are made from."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from autograder.model.base import Value
from autograder.model.call import Call
from autograder.model.job import Execution
from autograder.model.keras_backend import backend_of
from autograder.model.refit import Refit

SCHEMA_VERSION: Literal[1] = 1
Bound = Literal["minimum", "maximum"]


class Status(StrEnum):
    """The outcome of a check, which determines its points by the table in docs/operating/grading.md."""

    PASSED = "passed"
    FAILED = "failed"
    BLOCKED = "blocked"            # a check that it needs failed through the student's own mistake: 0
    NOT_REACHED = "not_reached"    # the student's code ended before it: 0, flagged
    ERRORED = "errored"            # the grader's fault: withheld
    UNJUDGED = "unjudged"          # a model or preprocessing that cannot be rebuilt: withheld
    UNMATCHED = "unmatched"        # an answer that cannot be found: withheld

    @property
    def withheld(self) -> bool:
        """Whether a person has to decide: neither full marks nor zero."""
        return self in (Status.ERRORED, Status.UNJUDGED, Status.UNMATCHED)


class Basis(StrEnum):
    """Where a check's evidence comes from."""

    MEASURED = "measured"    # recomputed by the grader
    CLAIMED = "claimed"      # only the student's process says so


class CheckSpec(Value):
    """A hidden check as collected, before any submission is judged."""

    id: str = Field(description="test function's name without test_, hyphens for underscores")
    task: str
    title: str = Field(description="first sentence of the docstring: what the student reads")
    points: float = Field(ge=0)
    basis: Basis
    needs: tuple[str, ...] = ()
    minimum: bool = Field(False, description="only compares a metric with a calibrated minimum")
    predicts: tuple[tuple[str, str], ...] = Field((), description="(model name, prepared array name) to evaluate")
    calls: tuple[Call, ...] = Field((), description="calls of the student's functions that it judges")
    sized: bool = Field(False, description="reads the numbers of the sizes cell")


class LayerRow(Value):
    """One layer of a student's model and the one that a check requires in its place."""

    seen: str | None = Field(None, description="the student's layer; null: there is none")
    expected: str | None = Field(None, description="as the check's own `expected` sentence writes it; null: none")
    differs: bool = False


class CheckResult(Value):
    """One judged check. ``earned`` is None while points are withheld."""

    id: str
    task: str
    title: str
    points: float
    earned: float | None
    status: Status
    basis: Basis
    minimum: bool = False
    seen: str | None = None
    expected: str | None = None
    hint: str | None = None
    blocked_by: str | None = Field(None, description="title of the check that has to pass first")
    layers: tuple[LayerRow, ...] = Field((), description="the layers of a model that failed, one by one")
    evidence: tuple[str, ...] = Field((), description="what was wrong, as marks: checks that share one failed through "
                                                      "one mistake")
    staff_note: str | None = Field(None, description="never shown to students, e.g. an error inside the check")
    measured: dict[str, float] = Field(
        default_factory=dict, description="metric → number that the check measured itself")
    constants: dict[str, float] = Field(
        default_factory=dict, description="metric → what one answer for every row reaches, which no bound may be near")
    bounds: dict[str, Bound] = Field(
        default_factory=dict, description="metric → the kind of calibrated bound it was compared with")


class TaskResult(Value):
    """One graded step. Written answers have no checks: ``earned`` stays None until a person grades them."""

    id: str
    title: str
    points: float
    earned: float | None
    manual: bool = False
    answered: bool = True
    checks: tuple[CheckResult, ...] = ()
    note: str | None = None
    number: int | None = Field(None, description="as the notebook's headings count its steps in code; written: none")

    @property
    def name(self) -> str:
        """What people call it: with its number, where it has one."""
        return f"Task {self.number} · {self.title}" if self.number else self.title


class Provenance(Value):
    """What the result depends on; with equal fingerprints nothing has to be done again."""

    submission: str = Field(description="SHA-256 of the submitted bytes")
    release: str
    data: str = Field(description="name and fingerprint of the data set, e.g. churn:731c5ac6…")
    device: Literal["cpu", "gpu"] = Field("cpu", description="what it ran on, so which calibration it was compared "
                                                             "with")
    calibration: str | None = Field(None, description="the calibration that its bounds are from, e.g. churn/cpu or "
                                                      "churn/cpu/jax; null: none, or not recorded")
    seeds: tuple[int, ...]
    isolation: str
    versions: dict[str, str]
    execution_fingerprint: str = Field(description="equal: stored artifacts may be judged again without running")
    checks_fingerprint: str
    graded_at: str = Field(description="UTC, ISO 8601")
    content: str = Field("", description="hash of all cells that run, as merged, from which the sampled rows follow; "
                                         "empty in results of earlier versions")
    arrangement: str = Field("", description="hash of which cells answer which task; empty in results of earlier "
                                             "versions")
    seed: int | None = Field(None, description="the one of `seeds` whose run counts; null in results of earlier "
                                               "versions")
    shared: bool = Field(False, description="judged from the run of another submission with the same answers and seed")

    @property
    def backend(self) -> str:
        """The backend of Keras that it ran with."""
        return backend_of(self.versions)


class Result(Value):
    """The complete result of one submission."""

    schema_version: Literal[1] = SCHEMA_VERSION
    student: str
    assignment: str
    status: Literal["graded", "refused", "queued", "failed"] = Field(
        description="refused: not a usable submission; queued: no grader for it here; failed: the grader's fault"
    )
    message: str | None = Field(None, description="one sentence when not graded")
    score: float = Field(0.0, description="points earned without a person")
    max_score: float = 0.0
    withheld: float = Field(0.0, description="points that a TA has to decide")
    manual: float = Field(0.0, description="points of written answers, graded by a person")
    complete: bool = Field(False, description="no points are withheld")
    tasks: tuple[TaskResult, ...] = ()
    execution: Execution | None = None
    merge_notes: tuple[str, ...] = Field((), description="what the student should know about cells that were restored")
    staff_flags: tuple[str, ...] = ()
    refits: tuple[Refit, ...] = Field((), description="trainings that were repeated; for staff only")
    provenance: Provenance | None = None
    timings: dict[str, float] = Field(default_factory=dict, description="seconds by stage")
