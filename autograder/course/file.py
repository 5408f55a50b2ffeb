"""The schema of ``course.yml``, and how defaults are merged into assignments."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field

from autograder.course.config import Assignment, Collect, Counts, Course, Grader, Leaderboard, MinimumRule, RefitRule
from autograder.course.data_sets import DEFAULT_DATA, DatasetSettings, HoldoutRule, TestRule
from autograder.course.field_types import Identifier, Moment, PathInside, Pattern, Sentence, StudentId, Zone
from autograder.course.late import LateRule
from autograder.course.links import Links
from autograder.course.lti import Lti
from autograder.course.requirements import Package
from autograder.course.serve import ServeRule
from autograder.course.student_variants import SizeName, VariantRule
from autograder.course.units import Mebibytes, Seconds
from autograder.course.watch import WatchRule
from autograder.model import Limits, Value


def _late(value: object) -> object:
    if isinstance(value, str):
        raise ValueError("a rule such as {per_day: 10, last_day: 7, grace: 15 min}, from which the sentence for "
                         "students is made")
    return value


class Form(Value):
    """Strict: a quoted number is not a number."""

    model_config = ConfigDict(strict=True)

    def given(self) -> dict[str, Any]:
        """Return only what was written, so that it can override defaults."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class LimitsForm(Form):
    """Limits of one submission; unnamed ones have their defaults."""

    cell_time: Seconds = Field(default=120.0, gt=0, le=24 * 3600, description=(
        "time of one cell, excluding waits for a busy machine; at most four times as long by the wall clock"))
    notebook_time: Seconds = Field(default=600.0, gt=0, le=24 * 3600, description=(
        "time of the whole notebook, counted in the same way"))
    memory: Mebibytes = Field(default=2048, ge=64, description="memory beyond that of the warm process")
    processes: int = Field(default=64, ge=1, description="processes and threads together")
    disk: Mebibytes = Field(default=256, ge=1, description="all files of the scratch folder together")
    files: int = Field(default=10_000, ge=16, description="files and folders in the scratch folder")
    output: Mebibytes = Field(default=8, ge=1, description="outputs of all cells together; the rest is dropped")
    open_files: int = Field(default=256, ge=32, description="files open at the same time")
    threads: int = Field(default=1, ge=1, description="threads that the backend may compute with")


class GraderForm(Form):
    """A place that executes submissions."""

    image: Annotated[str, Field(min_length=1, max_length=500)] | None = Field(
        default=None, description="container image of `autograder container`; `--image` takes precedence")
    cpus: int | None = Field(default=None, ge=1, le=4096, description="most submissions that run at the same time, "
                             "and the cores of a container; left out: one per core")
    memory: Mebibytes | None = Field(default=None, ge=64, description="what all submissions that run at the same time "
                                     "may use together, by their `limits.memory`, and the memory of the container "
                                     "that runs them; left out: no bound")
    time: Seconds | None = Field(default=None, gt=0, description="time of one submission's notebook, where its "
                                 "`limits.notebook_time` is longer, counted in the same way; left out: no bound")
    gpus: int = Field(default=0, ge=0, le=64, description="most GPUs to use; 0: all that are there")
    share: float = Field(default=1.0, gt=0, le=1, description="part of one GPU that each submission uses")
    sizes: Identifier | None = Field(default=None, description="profile of sizes used here, for assignments "
                                     "that have it")


class LateForm(Form):
    """What late work costs."""

    per_day: float = Field(default=0.0, ge=0, le=100, description="percentage of the points lost for each day that has "
                                                                  "begun")
    last_day: int = Field(default=7, ge=0, le=366, description="days after which late work earns nothing")
    grace: Seconds = Field(default=0.0, ge=0, le=24 * 3600, description="time after the deadline that costs nothing")


class MinimumForm(Form, MinimumRule):
    """How a minimum follows from calibrated runs."""


class RefitForm(Form, RefitRule):
    """Which trainings are repeated on the trusted side, and how far a model may differ from its repetition."""


class LeaderboardForm(Form, Leaderboard):
    """The leaderboard of an open task: where the nickname is, and which model's accuracy counts."""

    metric: str = Field(pattern=r"^[^/]+/[^/]+$", description="task/model whose accuracy counts")


class VariantsForm(Form, VariantRule):
    """Numbers of the sizes cell that are drawn for each student."""


class LtiForm(Form, Lti):
    """The platform and the course on it that `autograder push --lti` sends scores to."""


class Settings(Form):
    """The settings that defaults and every assignment may have."""

    grader: Literal["cpu", "gpu", "any"] = Field(default="cpu", description="the device that grades it")
    limits: LimitsForm = Field(default=LimitsForm(), description="what one submission may use")
    due: Moment | None = Field(default=None, description="the deadline, with its zone")
    late: Annotated[LateForm | None, BeforeValidator(_late)] = Field(
        default=None, description="what late work costs; left out: nothing")
    attempts: int | None = Field(default=None, ge=1, description="how many attempts a student has; later uploads are "
                                 "kept and refused; left out: any number")
    counts: Counts = Field(default="latest", description="which attempt counts: the `latest`; the `best`, for which "
                           "every attempt is graded; or `latest_on_time`: a late one never replaces one on time")
    ai_rule: Sentence | None = Field(default=None, description="the sentence on AI tools for students")
    seeds: int = Field(default=30, ge=5, le=10_000, description="runs of a calibration")
    minimum: MinimumForm = Field(default=MinimumForm(), description="how a minimum follows from calibrated runs")
    full_limits: LimitsForm = Field(default=LimitsForm(), description="limits of the published recipe, profile `full`; "
                                    "unnamed ones are as in `limits`")
    refit: RefitForm = Field(default=RefitForm(), description="which trainings are repeated")


class AssignmentForm(Settings):
    """One assignment."""

    title: Sentence = Field(description="the title that students see")
    data: Identifier = Field(default=DEFAULT_DATA, description=f"the data set: `{DEFAULT_DATA}`, a name under "
                             "`datasets`, or `own`: the notebook contains its data")
    sizes: dict[Identifier, dict[SizeName, int | float]] = Field(
        default_factory=dict, description="profile → numbers that replace those of the notebook's sizes cell")
    leaderboard: LeaderboardForm | None = Field(default=None, description="the leaderboard of an open task")
    variants: VariantsForm | None = Field(default=None, description="numbers drawn for each student; left out: "
                                                                    "all have the same")


class TestForm(Form, TestRule):
    """Which rows of data without a test part are for testing; students have them with their labels."""


class HoldoutForm(Form, HoldoutRule):
    """Which rows are withheld: no student has them with their labels, and the grader measures models on them."""


class DatasetForm(Form, DatasetSettings):
    """One data set; exactly one of `keras`, `csv`, `npz`, `folder` and `python` says where it comes from."""

    test: TestForm | None = Field(default=None, description="rows for testing, where the data has no test part; left "
                                  "out: students divide it themselves")
    holdout: HoldoutForm = Field(default=HoldoutForm(), description="rows that are withheld from students")


class CollectForm(Form):
    """How uploads are found and how large they may be."""

    patterns: dict[str, Pattern] = Field(
        default_factory=dict, description="name → regular expression over the path, for paths that no built-in layout "
                                          "recognises; "
        "groups student, assignment, attempt, timestamp")
    notebook: Mebibytes = Field(default=20, ge=1, le=1024, description="size of one notebook")
    archive: Mebibytes = Field(default=2048, ge=1, description="size of an archive, packed and unpacked")
    files: int = Field(default=20_000, ge=1, description="files in one folder or archive")


class WatchForm(Form, WatchRule):
    """How `autograder watch` shares the machine among students."""


class LinksForm(Form, Links):
    """Where students open the notebooks; releases name what is set here."""


class CourseForm(Form):
    """The whole file."""

    id: Identifier = Field(description="name of the course in nbgrader")
    title: Sentence = Field(description="the title that students see")
    data: PathInside | None = Field(
        default=None, description="data folder, relative to the course; files of the folder that "
                                  "AUTOGRADER_DATA names take precedence")
    datasets: dict[Identifier, DatasetForm] = Field(
        default_factory=dict, description=f"name → a data set for assignments; `{DEFAULT_DATA}` is always there")
    requirements: tuple[Package, ...] = Field(
        default=(), max_length=50, description="packages that notebooks import in addition to the grader's own, by "
                                               "name and versions; `autograder build` locks and installs them")
    graders: dict[Literal["cpu", "gpu"], GraderForm] = Field(
        default_factory=dict, description="the two kinds of machine that grade")
    defaults: Settings = Field(default=Settings(), description="settings of every assignment that does not override "
                                                               "them")
    assignments: dict[Identifier, AssignmentForm] = Field(
        default_factory=dict, description="one entry per folder under `assignments/`")
    students: tuple[StudentId, ...] | None = Field(
        default=None, description="ids of the class; left out: those of students.csv, else anyone may hand in")
    timezone: Zone | None = Field(
        default=None, description="zone of the course's clock, such as Europe/Berlin")
    extensions: dict[StudentId, dict[Identifier, Moment]] = Field(
        default_factory=dict, description="student → assignment → later deadline")
    excused: dict[StudentId, tuple[Identifier, ...]] = Field(
        default_factory=dict, description="student → assignments that do not count for them: no score, and no zero")
    collect: CollectForm = Field(default=CollectForm(), description="how uploads are found and how large they may be")
    watch: WatchForm = Field(default=WatchForm(), description="how submissions are graded as they arrive")
    serve: ServeRule = Field(default=ServeRule(), description="the service of a JupyterHub, where students hand in")
    links: LinksForm = Field(default=LinksForm(), description="where students open the notebooks")
    lti: LtiForm | None = Field(default=None, description="the platform that `autograder push --lti` sends scores to")


_LIMITS = {"cell_time": "cell_seconds", "notebook_time": "notebook_seconds", "memory": "memory_mib", "disk": "disk_mib",
           "output": "output_mib"}
_LATE = {"grace": "grace_seconds"}


def build(form: CourseForm) -> Course:
    """Merge defaults into assignments, and add the units to the names."""
    graders: dict[str, Grader] = {
        name: Grader(image=g.image, cpus=g.cpus, memory_mib=g.memory, seconds=g.time, gpus=g.gpus,
                      share=g.share, sizes=g.sizes)
        for name, g in form.graders.items()
    }
    given = form.collect.given()
    names = {"notebook": "notebook_mib", "archive": "archive_mib"}
    collect = Collect(**{names.get(key, key): value for key, value in given.items()})
    assignments = {name: _build_assignment(name, form.defaults, own) for name, own in form.assignments.items()}
    datasets = {name: DatasetSettings(**one.model_dump()) for name, one in form.datasets.items()}
    return Course(id=form.id, title=form.title, data=form.data, datasets=datasets, requirements=form.requirements,
                  graders=graders, assignments=assignments, students=form.students, collect=collect,
                  timezone=form.timezone, extensions=form.extensions, excused=form.excused,
                  links=Links(**form.links.given()), watch=WatchRule(**form.watch.given()),
                  serve=form.serve, lti=Lti(**form.lti.given()) if form.lti else None)


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
