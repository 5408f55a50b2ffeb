"""The form of ``course.yml``: what may be written, and how defaults are merged into assignments."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from autograder.course.config import Assignment, Collect, Course, Grader, Leaderboard, MinimumRule, RefitRule
from autograder.course.late import LateRule
from autograder.course.names import ID_RULE, is_assignment_id, is_student_id
from autograder.course.units import Mebibytes, Seconds
from autograder.model import Limits, Value


def _date(value: object) -> datetime:
    expected = "a date with time and zone such as 2026-10-12T23:59:00+02:00"
    if not isinstance(value, str):
        raise ValueError(expected)
    try:
        moment = datetime.fromisoformat(value.strip())
    except ValueError:
        raise ValueError(expected) from None
    if moment.tzinfo is None:
        raise ValueError(f"{expected} (the zone is missing)")
    return moment


def _late(value: object) -> object:
    if isinstance(value, str):
        raise ValueError("a rule such as {per_day: 10, last_day: 7, grace: 15 min}, from which the sentence for "
                         "students is made")
    return value


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a time zone such as Europe/Berlin or America/New_York") from None
    return name


def _inside(path: str) -> str:
    parts = PurePosixPath(path.replace("\\", "/")).parts
    leaves = path.startswith(("/", "~")) or PureWindowsPath(path).drive or ".." in parts or "\0" in path or not parts
    if leaves:
        raise ValueError("a path inside the course: relative and without .. (AUTOGRADER_DATA may name any folder)")
    return path


def _pattern(text: str) -> str:
    try:
        groups = re.compile(text).groupindex
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from None
    if "student" not in groups:
        raise ValueError("a regular expression with the named group (?P<student>…)")
    return text


def _student(text: str) -> str:
    if not is_student_id(text):
        raise ValueError(f"a student id of {ID_RULE}")
    return text


def _assignment(text: str) -> str:
    if not is_assignment_id(text):
        raise ValueError("an id of at most 64 letters, digits, _ and -, beginning with a letter or digit")
    return text


def _size(text: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", text):
        raise ValueError("a name in capitals such as TRAIN_IMAGES, as in the notebook's sizes cell")
    return text


Moment = Annotated[datetime, BeforeValidator(_date), WithJsonSchema({"type": "string", "format": "date-time"})]
Identifier = Annotated[str, AfterValidator(_assignment)]
StudentId = Annotated[str, AfterValidator(_student)]
SizeName = Annotated[str, AfterValidator(_size)]
Sentence = Annotated[str, Field(min_length=1, max_length=2000)]


class Form(Value):
    """Strict: a quoted number is not a number."""

    model_config = ConfigDict(strict=True)

    def given(self) -> dict[str, Any]:
        """Return only what was written, so that it can be laid over defaults."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class LimitsForm(Form):
    """Limits of one submission; what is not named is the default."""

    cell_time: Seconds = Field(default=120.0, gt=0, le=24 * 3600)
    notebook_time: Seconds = Field(default=600.0, gt=0, le=24 * 3600)
    memory: Mebibytes = Field(default=2048, ge=64)
    processes: int = Field(default=64, ge=1)
    disk: Mebibytes = Field(default=256, ge=1)
    files: int = Field(default=10_000, ge=16)
    output: Mebibytes = Field(default=8, ge=1)
    open_files: int = Field(default=256, ge=32)
    threads: int = Field(default=1, ge=1)


class GraderForm(Form):
    """A place that executes submissions."""

    image: Annotated[str, Field(min_length=1, max_length=500)] | None = None
    cpus: int = Field(default=1, ge=1, le=4096)
    memory: Mebibytes = Field(default=4096, ge=64)
    time: Seconds = Field(default=1800.0, gt=0)
    gpus: int = Field(default=0, ge=0, le=64)
    share: float = Field(default=1.0, gt=0, le=1)
    sizes: Identifier | None = None


class LateForm(Form):
    """What late work costs."""

    per_day: float = Field(default=0.0, ge=0, le=100)
    last_day: int = Field(default=7, ge=0, le=366)
    grace: Seconds = Field(default=0.0, ge=0, le=24 * 3600)


class MinimumForm(Form, MinimumRule):
    """How a minimum follows from calibrated runs."""


class RefitForm(Form, RefitRule):
    """Which trainings are repeated on the trusted side, and how far a model may lie from its repetition."""


class LeaderboardForm(Form, Leaderboard):
    """The leaderboard of an open task: where the nickname stands, and which model's accuracy counts."""

    metric: Annotated[str, Field(pattern=r"^[^/]+/[^/]+$")]


class Settings(Form):
    """What the defaults and every assignment may say."""

    grader: Literal["cpu", "gpu", "any"] = "cpu"
    limits: LimitsForm = LimitsForm()
    due: Moment | None = None
    late: Annotated[LateForm | None, BeforeValidator(_late)] = None
    attempts: int | None = Field(default=None, ge=1)
    ai_rule: Sentence | None = None
    seeds: int = Field(default=30, ge=5, le=10_000)
    minimum: MinimumForm = MinimumForm()
    full_limits: LimitsForm = LimitsForm()
    refit: RefitForm = RefitForm()


class AssignmentForm(Settings):
    """One assignment."""

    title: Sentence
    data: Literal["mnist", "own"] = "mnist"
    sizes: dict[Identifier, dict[SizeName, int | float]] = Field(default_factory=dict)
    leaderboard: LeaderboardForm | None = None


class CollectForm(Form):
    """How uploads are found and how large they may be."""

    patterns: dict[str, Annotated[str, AfterValidator(_pattern)]] = Field(default_factory=dict)
    notebook: Mebibytes = Field(default=20, ge=1, le=1024)
    archive: Mebibytes = Field(default=2048, ge=1)
    files: int = Field(default=20_000, ge=1)


class CourseForm(Form):
    """The whole file."""

    id: Identifier
    title: Sentence
    data: Annotated[str, AfterValidator(_inside)] | None = None
    graders: dict[Literal["cpu", "gpu"], GraderForm] = Field(default_factory=dict)
    defaults: Settings = Settings()
    assignments: dict[Identifier, AssignmentForm] = Field(default_factory=dict)
    students: tuple[StudentId, ...] | None = None
    timezone: Annotated[str, AfterValidator(_zone)] | None = None
    extensions: dict[StudentId, dict[Identifier, Moment]] = Field(default_factory=dict)
    collect: CollectForm = CollectForm()


_LIMITS = {"cell_time": "cell_seconds", "notebook_time": "notebook_seconds", "memory": "memory_mib", "disk": "disk_mib",
           "output": "output_mib"}
_LATE = {"grace": "grace_seconds"}


def build(form: CourseForm) -> Course:
    """Merge defaults into assignments and give units their names."""
    graders: dict[str, Grader] = {
        name: Grader(image=g.image, cpus=g.cpus, memory_mib=g.memory, seconds=g.time, gpus=g.gpus,
                      share=g.share, sizes=g.sizes)
        for name, g in form.graders.items()
    }
    given = form.collect.given()
    names = {"notebook": "notebook_mib", "archive": "archive_mib"}
    collect = Collect(**{names.get(key, key): value for key, value in given.items()})
    assignments = {name: _build_assignment(name, form.defaults, own) for name, own in form.assignments.items()}
    return Course(id=form.id, title=form.title, data=form.data, graders=graders, assignments=assignments,
                  students=form.students, collect=collect, timezone=form.timezone, extensions=form.extensions)


def _build_assignment(name: str, defaults: Settings, own: AssignmentForm) -> Assignment:
    settings = {**defaults.given(), **own.given()}
    limits = {**defaults.limits.given(), **own.limits.given()}
    full = {**limits, **defaults.full_limits.given(), **own.full_limits.given()}
    minimum = {**defaults.minimum.given(), **own.minimum.given()}
    settings["limits"] = Limits(**{_LIMITS.get(key, key): value for key, value in limits.items()})
    settings["full_limits"] = Limits(**{_LIMITS.get(key, key): value for key, value in full.items()})
    settings["minimum"] = MinimumRule(**minimum)
    late = {**(defaults.late.given() if defaults.late else {}), **(own.late.given() if own.late else {})}
    settings["late"] = LateRule(**{_LATE.get(key, key): value for key, value in late.items()}) if late else None
    settings["refit"] = RefitRule(**{**defaults.refit.given(), **own.refit.given()})
    return Assignment(id=name, **settings)
