"""What the readers of foreign notebooks return, whichever system a notebook was written for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Cell = dict[str, Any]
STUB = "# YOUR CODE HERE"
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(kw_only=True)
class Findings:
    """Everything that an instructor should know about an import, in three groups.

    Attributes:
        done: what the import changed or carried over.
        look: what a person has to read or complete before the release.
        impossible: what the source has and an assignment here cannot have.
        unlocked: cells that were locked, reported in one sentence.
        moved: tests that were moved, reported in one sentence.
    """

    done: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)
    impossible: list[str] = field(default_factory=list)
    unlocked: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Locked:
    """A cell that students read or run and do not change.

    Attributes:
        kind: ``code``, ``markdown`` or ``raw``.
        place: the cell in the source, as sentences name it.
    """

    kind: str
    source: str
    place: str
    name: str | None = None
    attachments: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A cell for a student's code.

    Attributes:
        source: the text with the solution between our own marks.
        complete: False where the source does not contain the solution.
        manual: a person graded this code in the source system.
    """

    source: str
    place: str
    name: str | None = None
    complete: bool = True
    manual: bool = False


@dataclass(frozen=True, kw_only=True)
class Test:
    """A test of the answer before it.

    Attributes:
        public: the code that students see.
        hidden: the code that they do not see.
        points: what the test earned; 0 for a test that only helps students.
    """

    place: str
    name: str | None = None
    public: str = ""
    hidden: str = ""
    points: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Written:
    """An answer in words, which a person grades.

    Attributes:
        source: the model answer, or what students see where there is none.
        scheme: the text of the marking scheme.
        complete: False where the source has no model answer.
    """

    source: str
    place: str
    points: float
    name: str | None = None
    scheme: str = ""
    complete: bool = True


Part = Locked | Answer | Test | Written


@dataclass(frozen=True, kw_only=True)
class Task:
    """An answer cell with everything that tests it."""

    answer: Answer
    tests: Sequence[Test]
    between: Sequence[Locked] = ()

    @property
    def points(self) -> float:
        """The points of all tests."""
        return sum(test.points for test in self.tests)


@dataclass(frozen=True, kw_only=True)
class Ungraded:
    """An answer cell that nothing tests."""

    answer: Answer


Item = Locked | Task | Ungraded | Written


def plain_number(value: float) -> str:
    """Return points as people write them."""
    return f"{value:g}"


def counted(number: int, what: str) -> str:
    """Return a number of things: ``1 cell``, ``3 cells``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def points_text(value: float) -> str:
    """Return points with their unit: ``1 point``, ``2.5 points``."""
    return f"{value:g} point" if value == 1 else f"{value:g} points"


def neat(points: float) -> float:
    """Return points as metadata and markers have them: whole ones without a fraction, no noise of additions."""
    rounded = round(points, 6)
    return int(rounded) if rounded == int(rounded) else rounded
