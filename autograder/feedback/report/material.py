"""What a class report is made from: grades, results, calibration, and what is known of mistakes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import Field

from autograder.feedback.report.class_report import Need
from autograder.grades import Grade
from autograder.model import Calibration, CheckResult, Receipt, Reference, Result, Value


class KnownMistake(Value):
    """A wrong variant: the checks that have to fail, and what they said in the runs of an audit."""

    name: str
    why: str
    loses: tuple[str, ...]
    messages: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="check → the shapes of its messages; empty without an audit")


class Traits(Value):
    """What one submission left that may be equal in another one; each digest with where it was found."""

    weights: dict[str, str] = Field(default_factory=dict)
    histories: dict[str, str] = Field(default_factory=dict)
    arrays: dict[str, str] = Field(default_factory=dict)
    passages: tuple[int, ...] = Field((), description="hashes of passages of the student's own code, sorted")


@dataclass(frozen=True, kw_only=True)
class Material:
    """Everything that is known of one assignment.

    Attributes:
        grades: one per student, also of those who handed in nothing.
        measured: student → metric → value, for the metrics that the calibration has.
        known: the wrong variants; ``audited`` says whether they come with messages.
        traits: of the students whose work was compared; None: nothing was.
        reference_traits: those of the audit's own runs and of the release.
        pages: student → the page, relative to the report.
        formgrader: student → address.
        extra: needs that are known elsewhere, such as requests for a regrade.
        notes: what could not be found out, and why.
    """

    assignment: str
    title: str
    made_at: str
    grades: Sequence[Grade]
    results: Mapping[str, Result] = field(default_factory=dict)
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    reference: Reference | None = None
    measured: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    known: Sequence[KnownMistake] = ()
    audited: bool = False
    traits: Mapping[str, Traits] | None = None
    unread: Sequence[str] = ()
    reference_traits: Sequence[Traits] = ()
    pages: Mapping[str, str] = field(default_factory=dict)
    formgrader: Mapping[str, str] = field(default_factory=dict)
    extra: Sequence[Need] = ()
    notes: Sequence[str] = ()

    @property
    def graded(self) -> dict[str, Result]:
        """The results that the numbers of the class are made from."""
        return {student: result for student, result in self.results.items() if result.status == "graded"}

    def calibration(self, result: Result) -> Calibration | None:
        """Return the calibration for the data and the device of a result."""
        if result.provenance is None or self.reference is None:
            return None
        made = result.provenance
        return self.reference.calibration(made.data.split(":")[0], made.device, made.backend)


def checks_of(result: Result) -> Iterable[CheckResult]:
    """Return all checks of a result, in the order of the notebook."""
    return (check for task in result.tasks for check in task.checks)
