"""What staff need to know of a class that handed in one assignment, as plain values. For staff only."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from autograder.grades import State
from autograder.model import Basis, Value

SCHEMA: Literal[1] = 1


class Kind(StrEnum):
    """Why a person has to look at a submission, most urgent first; the text is the heading in the report."""

    REFUSED = "Refused: nothing that was handed in is usable"
    FAILED = "Not graded: the grader failed"
    REQUEST = "Asks for a regrade"
    ERRORED = "A check failed for the grader's own reasons"
    UNMATCHED = "The answer could not be found"
    WITHHELD = "Points are withheld: something could not be judged"
    HELD = "An earlier, higher grade counts until a person decides"
    STOPPED = "The notebook was stopped or ended early"
    NEAR = "An accuracy is near its minimum"
    CLAIMS = "What was recorded is far from what was measured"
    PATCHED = "The recording was disturbed, or a part of Keras was replaced"
    WRITTEN = "Written answers that nobody has read"
    ATTEMPTS = "All attempts are used, and points are missing"
    QUEUED = "Waits for another machine"
    WAITING = "Collected and not graded yet"
    NOTE = "Other remarks of the grader"


class Need(Value):
    """One reason why a person has to look at one submission."""

    kind: Kind
    student: str
    says: str = Field(description="one sentence or a few")
    command: str | None = Field(None, description="what to run; None: it is decided in formgrader")


class Person(Value):
    """One student of the class; all numbers are those of the student's `Grade`."""

    student: str
    name: str = ""
    state: State
    enrolled: bool = True
    total: float
    score: float | None = Field(None, description="None while any points are undecided, and where there is no grade")
    max_points: float
    out_of: float = Field(0.0, description="with which `total` is compared: without written answers until one is read")
    waiting: float = 0.0
    late_penalty: float = 0.0
    tasks: dict[str, float | None] = Field(default_factory=dict, description="task → points that count now")
    needs: tuple[Kind, ...] = ()
    mistakes: tuple[str, ...] = Field((), description="keys of the mistakes that were recognized")
    page: str | None = Field(None, description="the student's page, relative to the report")
    formgrader: str | None = Field(None, description="address of formgrader's page for it")


class Item(Value):
    """One check, over all submissions that were graded."""

    check: str
    task: str
    number: int | None = None
    title: str
    points: float
    basis: Basis
    reached: int = Field(description="submissions in which it passed or failed")
    passed: int
    blocked: int = 0
    not_reached: int = 0
    withheld: int = 0
    points_lost: float = Field(0.0, description="by the whole class, whatever people gave back")
    discrimination: float | None = Field(None, description="correlation of passing with the points of all other "
                                                           "checks, -1 to 1; None: too few, or all the same")
    warning: str | None = None

    @property
    def share(self) -> float | None:
        """Share passed of those who reached it, None where nobody did."""
        return self.passed / self.reached if self.reached else None


class Mistake(Value):
    """Submissions that failed in the same way, with the wrong variant whose evidence is the same."""

    key: str = Field(description="names it in `autograder comment --mistake`")
    title: str
    named: bool = Field(description="it is that of a wrong variant, or an answer that was left blank")
    certain: bool = Field(True, description="the messages agree too, not only which checks failed")
    also: tuple[str, ...] = Field((), description="other variants with the same evidence")
    checks: tuple[str, ...]
    seen: str | None = Field(None, description="the message of one of the submissions")
    students: tuple[str, ...]
    points_lost: float = 0.0
    command: str | None = None

    @property
    def single(self) -> bool:
        """Whether only one student makes it."""
        return len(self.students) == 1


class Resemblance(Value):
    """What two submissions have in common and at most a few others have. Evidence, not a verdict."""

    first: str
    second: str
    weights: tuple[str, ...] = Field((), description="trained models with equal weights, bit for bit")
    histories: tuple[str, ...] = ()
    arrays: tuple[str, ...] = ()
    code: float = Field(0.0, description="share of the unusual passages of code of the one who has fewer, that both "
                                         "have")
    passages: int = Field(0, description="how many of these they share")
    same_mistakes: tuple[str, ...] = ()


class SameAnswers(Value):
    """Submissions whose code is equal in every cell, so that one run serves all of them. Evidence, not a verdict."""

    students: tuple[str, ...]
    runs: int = Field(description="how often it was run for them; the others were judged from one of these runs")
    blank: bool = Field(description="no step in code is answered: it is the notebook as it was released")


class Likeness(Value):
    """All of these, and on what they are based."""

    pairs: tuple[Resemblance, ...] = ()
    compared: int = 0
    unread: tuple[str, ...] = Field((), description="students whose work could not be read for it")
    most_shared: int = Field(0, description="what more students than this share is not evidence")
    with_reference: bool = Field(False, description="what the audit's runs have is left out too")
    left_out: int = Field(0, description="pairs beyond those that are listed")


class Accuracy(Value):
    """One calibrated number over the class."""

    metric: str
    data: str
    device: str
    mean: float
    deviation: float
    low: float = Field(description="lowest of the calibration's runs")
    high: float
    minimum: float | None = None
    maximum: float | None = None
    values: tuple[tuple[str, float], ...] = Field(description="(student, value), sorted by value")


class ClassReport(Value):
    """The report of one assignment."""

    schema_version: Literal[1] = SCHEMA
    assignment: str
    title: str
    made_at: str = Field(description="UTC, ISO 8601")
    people: tuple[Person, ...]
    needs: tuple[Need, ...] = ()
    max_points: float = 0.0
    median: float | None = Field(None, description="of the graded")
    mean: float | None = None
    accuracies: tuple[Accuracy, ...] = ()
    items: tuple[Item, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    audited: bool = Field(False, description="messages of an audit's runs were there to compare with")
    same_answers: tuple[SameAnswers, ...] = Field((), description="the largest group first")
    likeness: Likeness | None = Field(None, description="None: it was not compared; pairs of `same_answers` are left "
                                                        "out")
    notes: tuple[str, ...] = Field((), description="what could not be reported, and why")

    @property
    def graded(self) -> tuple[Person, ...]:
        """Those whose work is graded."""
        return tuple(person for person in self.people if person.state is State.GRADED)

    def of_kind(self, kind: Kind) -> tuple[Need, ...]:
        """Return the needs of one kind."""
        return tuple(need for need in self.needs if need.kind is kind)
