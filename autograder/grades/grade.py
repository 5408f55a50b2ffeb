"""What one student has for one assignment. Pure.

Page, class report, tables and exports read their numbers from here and calculate none themselves.
"""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from autograder.model import Value

_DIGITS = 6


class State(StrEnum):
    """How far a student's work for an assignment has come."""

    GRADED = "graded"
    REFUSED = "refused"          # nothing that was handed in is a usable submission
    QUEUED = "queued"            # no grader for it here
    FAILED = "failed"            # the grader's fault
    WAITING = "not graded yet"   # collected, or handed in again, and not graded since
    MISSING = "not handed in"
    EXCUSED = "excused"          # course.yml says so; whatever was handed in does not count


class TaskGrade(Value):
    """The points of one task, and why they are what they are."""

    id: str
    title: str
    cell: str = Field(description="the grade cell that carries the points in nbgrader")
    points: float = Field(description="the most that the task is worth")
    written: bool = Field(False, description="a person grades it")
    automatic: float | None = Field(None, description="the newest automatic points; while a part of them is withheld, "
                                                      "those that are certain")
    person: float | None = Field(None, description="points that a person gave")
    extra: float | None = Field(None, description="extra credit")
    held: float | None = Field(None, description="the earlier grade, which counts until a person has decided, where "
                                                 "grading again would have lowered it")
    open: bool = Field(False, description="a person has to look at it")
    lost: float = Field(0.0, description="points that checks have refused, so that no decision brings them back")
    comment: str | None = Field(None, description="what a person wrote")

    @property
    def counted(self) -> float | None:
        """The points that count now, None where nobody and nothing has given any."""
        given = [self.person, self.held, self.automatic]
        base = next((points for points in given if points is not None), None)
        return base if self.extra is None else (base or 0.0) + self.extra

    @property
    def undecided(self) -> bool:
        """Whether the points are not known until a person decides; points for another answer are to be given again."""
        return self.held is None and (self.open or self.counted is None)

    @property
    def waiting(self) -> float:
        """The points that a person may still give, in addition to those that count now."""
        return max(0.0, self.points - self.lost - (self.counted or 0.0)) if self.undecided else 0.0


class Parts(Value):
    """All points of a grade in three parts, before the penalty: what was checked, what a person read, what waits."""

    checked: float
    checked_of: float
    read: float
    read_of: float
    waiting: float


class Grade(Value):
    """What one student has for one assignment."""

    student: str
    assignment: str
    state: State
    message: str | None = Field(None, description="one sentence where it is not graded")
    max_points: float = 0.0
    tasks: tuple[TaskGrade, ...] = ()
    late_penalty: float = Field(0.0, description="points that late work loses by the rule, at most all")
    handed_in: str | None = Field(None, description="when, in UTC; None: no time that may cost points")
    due: str | None = Field(None, description="the deadline of the class, in UTC")
    own_due: str | None = Field(None, description="the student's own, with every extension")
    extended: bool = False
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    enrolled: bool = Field(True, description="in the class list, where there is one")

    @property
    def points(self) -> float:
        """All points that count now, before the penalty; nbgrader calls it the score of the submission."""
        return round(sum(task.counted or 0.0 for task in self.tasks), _DIGITS)

    @property
    def total(self) -> float:
        """The points that count now, after the penalty."""
        return round(max(0.0, self.points - self.late_penalty), _DIGITS)

    @property
    def waiting(self) -> float:
        """The points that a person may still give."""
        return round(sum(task.waiting for task in self.tasks), _DIGITS)

    @property
    def parts(self) -> Parts:
        """The points that count now by who gave them, and those that a person may still give: together the maximum."""
        by_person = [task.person is not None or task.extra is not None for task in self.tasks]
        now = [task.counted or 0.0 for task in self.tasks]
        most = [task.points - task.waiting for task in self.tasks]

        def total(values: list[float], person: bool) -> float:
            return round(sum(value for value, by in zip(values, by_person, strict=True) if by is person), _DIGITS)

        return Parts(checked=total(now, False), checked_of=total(most, False), read=total(now, True),
                     read_of=total(most, True), waiting=self.waiting)

    @property
    def withheld(self) -> float:
        """Those of them that are normally given automatically."""
        return round(sum(task.waiting for task in self.tasks if not task.written), _DIGITS)

    @property
    def open_cells(self) -> tuple[str, ...]:
        """The grade cells that a person has to look at, sorted."""
        return tuple(sorted(task.cell for task in self.tasks if task.open))

    @property
    def held(self) -> bool:
        """Whether an earlier grade counts until a person has decided."""
        return any(task.held is not None for task in self.tasks)

    @property
    def read_by_person(self) -> bool:
        """Whether a person has given points or extra credit."""
        return any(task.person is not None or task.extra is not None for task in self.tasks)

    @property
    def complete(self) -> bool:
        """Whether nobody has to do anything for this grade."""
        if self.state in (State.EXCUSED, State.MISSING):
            return True
        return self.state is State.GRADED and not self.open_cells

    @property
    def score(self) -> float | None:
        """The points to enter anywhere else: None while any of them are undecided, and where there is no grade.

        Work that waits is never a zero. A grade that is held is known: it counts until a person has decided.
        """
        if self.state is not State.GRADED or any(task.undecided for task in self.tasks):
            return None
        return self.total

    def task(self, name: str) -> TaskGrade | None:
        """Return a task by its id, None where the assignment has none."""
        return next((task for task in self.tasks if task.id == name), None)
