"""A course as the rest of the package sees it: defaults merged in, units resolved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from autograder.course.data_sets import DEFAULT_DATA, DatasetSettings
from autograder.course.late import LateRule
from autograder.course.links import Links
from autograder.course.lti import Lti
from autograder.course.people import Person
from autograder.course.serve import ServeRule
from autograder.course.student_variants import VariantRule
from autograder.course.watch import WatchRule
from autograder.errors import CourseError
from autograder.model import Limits, Value

Counts = Literal["latest", "best", "latest_on_time"]
FULL = "full"
"""The profile of sizes that is the published recipe."""


class MinimumRule(Value):
    """How a minimum follows from calibrated runs."""

    coverage: float = Field(default=0.999, gt=0.5, lt=1, description="share of correct runs that the bound has to "
                                                                     "cover")
    confidence: float = Field(default=0.95, gt=0.5, lt=1, description="confidence of the tolerance bound")
    slack: float = Field(default=0.01, ge=0, lt=1, description="subtracted from the bound")
    chance: float = Field(default=0.1, ge=0, lt=1, description="value of the metric for a model that guesses")
    margin: float = Field(default=0.1, ge=0, lt=1, description="how far above chance a bound must be to be used")


class Grader(Value):
    """A place that executes submissions."""

    image: str | None = Field(default=None, description="container image; None: this machine")
    cpus: int | None = Field(default=None, ge=1, le=4096, description="most submissions that run at the same time")
    memory_mib: int | None = Field(default=None, ge=64, description="memory of all concurrent submissions together")
    seconds: float | None = Field(default=None, gt=0, description="time of one notebook, as its limits count")
    gpus: int = Field(default=0, ge=0, le=64, description="most GPUs to use; 0: all that are there")
    share: float = Field(default=1.0, gt=0, le=1, description="part of one GPU that each submission uses")
    sizes: str | None = Field(default=None, description="profile of sizes used here for assignments that have it")

    def most_at_once(self, limits: Limits, *, reserve_mib: int = 0) -> int | None:
        """Return how many submissions with these limits may run at the same time, at least one; None: any number.

        Args:
            reserve_mib: memory that is needed for something else.
        """
        bounds = [self.cpus] if self.cpus is not None else []
        if self.memory_mib is not None:
            bounds.append((self.memory_mib - reserve_mib) // limits.memory_mib)
        return max(1, min(bounds)) if bounds else None


class Collect(Value):
    """How uploads are found and how large they may be."""

    patterns: dict[str, str] = Field(
        default_factory=dict,
        description="name → regular expression over the path, for paths that no built-in layout recognises; groups "
                    "student, "
                    "assignment, attempt, timestamp",
    )
    notebook_mib: int = Field(default=20, ge=1, description="one notebook")
    archive_mib: int = Field(default=2048, ge=1, description="an archive as uploaded, and everything in it unpacked")
    files: int = Field(default=20_000, ge=1, description="files in one folder or archive")


class Leaderboard(Value):
    """The data for the leaderboard of an open task."""

    task: str = Field(description="task after which the nickname is read")
    name: str = Field(description="the student's own text variable; empty: not on the board")
    metric: str = Field(description="task/model whose accuracy counts")


class RefitRule(Value):
    """Which trainings are repeated on the trusted side, and how far a model may differ from its repetition."""

    share: float = Field(default=0.05, ge=0, le=1, description="random part of the submissions: one model of each")
    seeds: int = Field(default=2, ge=1, le=10, description="repetitions of each training, with fresh weights")
    margin: float = Field(default=0.005, ge=0, lt=1, description="how far a model may exceed the mean of its "
                          "repetitions, in addition to four standard deviations")
    leaderboard: Literal["later", "grade"] = Field(
        default="later", description="when the leaderboard's entries are trained again: by `autograder refit`, or "
        "while they are graded")


class Assignment(Value):
    """One assignment with the course's defaults merged in."""

    id: str
    title: str
    grader: Literal["cpu", "gpu", "any"] = "cpu"
    limits: Limits = Limits()
    due: datetime | None = Field(default=None, description="with its zone")
    late: LateRule | None = Field(default=None, description="what late work costs; None: nothing")
    attempts: int | None = Field(default=None, ge=1, description="uploads that may count; None: any number")
    counts: Counts = Field(default="latest", description="which of a student's attempts is the one that counts")
    ai_rule: str | None = Field(default=None, description="the sentence on AI tools for students")
    seeds: int = Field(default=30, ge=5, description="runs of a calibration")
    minimum: MinimumRule = MinimumRule()
    data: str = Field(
        default=DEFAULT_DATA, description="a data set of the course, or own: the notebook contains its data")
    sizes: dict[str, dict[str, int | float]] = Field(
        default_factory=dict, description="profile → numbers that replace those in the notebook's sizes cell")
    variants: VariantRule | None = Field(default=None, description="numbers drawn for each student; None: none")
    full_limits: Limits = Field(default=Limits(), description="limits of the published recipe, profile `full`")
    leaderboard: Leaderboard | None = None
    refit: RefitRule = RefitRule()

    def profile(self, name: str | None) -> Assignment:
        """Return the assignment as it runs in a profile: with the limits of the full recipe for that profile."""
        return self.model_copy(update={"limits": self.full_limits}) if name == FULL else self


class Course(Value):
    """Everything that ``course.yml`` says."""

    id: str
    title: str
    data: str | None = Field(default=None, description="data folder, relative to the course")
    datasets: dict[str, DatasetSettings] = Field(default_factory=dict)
    requirements: tuple[str, ...] = Field(default=(), description="packages beyond the grader's own")
    graders: dict[str, Grader] = Field(default_factory=dict)
    assignments: dict[str, Assignment] = Field(default_factory=dict)
    students: tuple[str, ...] | None = Field(default=None, description="ids of the class; None: anyone may hand in")
    timezone: str | None = Field(default=None, description="zone of the course's clock, such as Europe/Berlin")
    extensions: dict[str, dict[str, datetime]] = Field(
        default_factory=dict, description="student → assignment → later deadline")
    excused: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="student → assignments that do not count for them")
    people: tuple[Person, ...] = Field(default=(), description="students.csv: names, addresses, ids on platforms")
    collect: Collect = Collect()
    watch: WatchRule = WatchRule()
    serve: ServeRule = ServeRule()
    links: Links = Links()
    lti: Lti | None = Field(default=None, description="the platform that `autograder push --lti` sends scores to")

    def with_people(self, people: tuple[Person, ...]) -> Course:
        """Return the course with ``students.csv``, which is the class list where course.yml has none.

        Raises:
            CourseError: somebody in it is not in the class list of course.yml.
        """
        for person in people if self.students is not None else ():
            if self.student(person.id) != person.id:
                raise CourseError(f"students.csv has the id {person.id!r}, which is not among 'students' in "
                                  "course.yml: "
                                  f"add it there, or remove that list, since students.csv is a class list too.")
        students = self.students if self.students is not None else tuple(person.id for person in people)
        return self.model_copy(update={"people": people, "students": students})

    def assignment(self, name: str) -> Assignment:
        """Return one assignment.

        Raises:
            CourseError: the course has no such assignment.
        """
        found = self.assignments.get(name)
        if found is None:
            known = ", ".join(self.assignments) or "none"
            raise CourseError(f"The course has no assignment {name[:80]!r}: it has {known}.")
        return found

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone of the course's clock, None where course.yml names none."""
        return ZoneInfo(self.timezone) if self.timezone else None

    def graders_of(self, settings: Assignment) -> dict[str, Grader]:
        """Return the graders of course.yml that may run an assignment, by name."""
        return {name: grader for name, grader in self.graders.items() if settings.grader in (name, "any")}

    def within_graders(self, settings: Assignment) -> Assignment:
        """Return an assignment whose notebook time is at most that of its graders.

        Where two kinds of machine may run it, the shorter time applies on both: all students have the same time.
        """
        times = [grader.seconds for grader in self.graders_of(settings).values() if grader.seconds is not None]
        seconds = min([settings.limits.notebook_seconds, *times])
        limits = settings.limits.model_copy(update={"notebook_seconds": seconds})
        return settings if limits == settings.limits else settings.model_copy(update={"limits": limits})

    def time_note(self, settings: Assignment) -> str | None:
        """Return the sentence that says where a grader's time is shorter than the assignment's, otherwise None."""
        seconds, own = self.within_graders(settings).limits.notebook_seconds, settings.limits.notebook_seconds
        if seconds == own:
            return None
        names = [name for name, grader in self.graders_of(settings).items() if grader.seconds == seconds]
        return (f"A notebook of {settings.id} may run {seconds:g} s, although its limits.notebook_time is {own:g} s: "
                f"graders.{names[0]}.time allows no more.")

    def extension(self, student: str, assignment: str) -> datetime | None:
        """Return the later deadline that course.yml gives a student, if any."""
        given: Mapping[str, datetime] = self.extensions.get(student, {})
        return given.get(assignment)

    def is_excused(self, student: str, assignment: str) -> bool:
        """Whether an assignment does not count for a student."""
        return assignment in self.excused.get(student, ())

    def due(self, student: str, assignment: str) -> datetime | None:
        """Return when a student has to hand in an assignment, None where there is no deadline.

        Raises:
            CourseError: the course has no such assignment.
        """
        return self.extension(student, assignment) or self.assignment(assignment).due

    def is_late(self, student: str, assignment: str, handed_in: datetime) -> bool:
        """Whether work is handed in after a student's own deadline and the grace period of the late rule.

        Args:
            handed_in: with its zone.

        Raises:
            CourseError: the course has no such assignment.
        """
        due, rule = self.due(student, assignment), self.assignment(assignment).late or LateRule()
        return due is not None and rule.days_late(due, handed_in, self.zone) > 0

    def student(self, name: str) -> str | None:
        """Return the id as the class list spells it (capitals do not matter), or None when it is not in the list."""
        if self.students is None or name in self.students:
            return name
        folded = name.casefold()
        return next((student for student in self.students if student.casefold() == folded), None)
