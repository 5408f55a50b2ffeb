"""`autograder push --lti`: scores and comments to a learning platform, each one once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from pydantic import Field, ValidationError

from autograder.errors import CourseError, PlatformError, PlatformUnreachable
from autograder.grades import Grade, State
from autograder.lms.lti_members import Matched, match_members
from autograder.lms.lti_scores import Column, Score, choose_column, new_column, score_of
from autograder.lms.sheet import listed, points
from autograder.lti import PlatformServices, connect
from autograder.model import Value
from autograder.pipeline.exports import readable_grades
from autograder.workspace.file_names import LTI_STATE
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter, Task
from autograder.workspace.reading import is_file
from autograder.workspace.storage import exclusive, write_atomically

Outcome = Literal["sent", "unchanged", "planned", "failed"]
MOST_UNREACHABLE: Final = 3
"""Scores in a row without an answer, after which the others are not tried."""
_LARGEST_STATE: Final = 32 << 20
_STEP: Final = 1  # milliseconds between two scores of one student


class SentScore(Value):
    """The last score that was sent: a digest of its content, empty where no answer came, and when it was dated."""

    digest: str
    milliseconds: int = Field(ge=0, description="since 1970; the next one is later")


class PushState(Value):
    """What platforms have: issuer → address of the column → id of the user."""

    schema_version: int = 1
    platforms: dict[str, dict[str, dict[str, SentScore]]] = Field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PushOptions:
    """What to send.

    Attributes:
        students: only these; empty: all.
        create: create columns that the platform does not have.
        dry_run: read from the platform, and send nothing.
    """

    students: tuple[str, ...] = ()
    create: bool = False
    dry_run: bool = False


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What became of one student's score."""

    student: str
    assignment: str
    outcome: Outcome
    score: float | None
    most: float
    progress: str
    comment: str
    reason: str = ""


@dataclass(kw_only=True)
class Pushed:
    """What became of every score, sentences for the teacher, and assignments for which nothing could be sent."""

    deliveries: list[Delivery] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether the platform has everything, or would have."""
        return not self.failures and all(one.outcome != "failed" for one in self.deliveries)


def push_scores(
    workspace: Workspace, assignments: Sequence[str], options: PushOptions, reporter: Reporter, *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Pushed:
    """Send what the platform does not have yet.

    Raises:
        CourseError: course.yml does not name a platform, or the private key cannot be used.
        PlatformError: the platform cannot be reached, or does not accept the tool.
    """
    settings = workspace.course.lti
    if settings is None:
        raise CourseError("Expected a section `lti` in course.yml with the addresses of the platform, but there is "
                          "none: add it (docs/operating/hand-back.md).")
    names = workspace.chosen(assignments)
    grades = readable_grades(workspace, names, reporter)
    state_file = workspace.output / LTI_STATE
    with exclusive(state_file.with_name(f".{LTI_STATE}.lock"), "autograder push"), \
            connect(settings, workspace.root) as services:
        matched = match_members(services.members(), grades, workspace.course.people)
        columns = services.columns()
        job = _Push(workspace=workspace, services=services, options=options, matched=matched, clock=clock,
                    state=_Sent(workspace, settings.issuer, keep=not options.dry_run), pushed=Pushed())
        job.pushed.notes += matched.notes
        with reporter.task("push", len(grades)) as bar:
            for name in names:
                job.assignment(name, [grade for grade in grades if grade.assignment == name], columns, bar)
    return job.pushed


@dataclass(kw_only=True)
class _Push:
    workspace: Workspace
    services: PlatformServices
    options: PushOptions
    matched: Matched
    clock: Callable[[], datetime]
    state: _Sent
    pushed: Pushed
    silent: int = 0

    def assignment(self, name: str, grades: Sequence[Grade], columns: Sequence[Column], bar: Task) -> None:
        """Send the scores of one assignment."""
        chosen = [grade for grade in grades if not self.options.students or grade.student in self.options.students]
        self.pushed.notes += _notes(name, chosen)
        ready = [(score, user) for grade in chosen if grade.enrolled and (score := score_of(grade)) is not None
                 and (user := self.matched.users.get(grade.student)) is not None]
        column = None
        try:
            column = self._column(name, ready, columns) if ready else None
        except PlatformError as error:
            self.pushed.failures.append(f"{name}: {error}")
        for score, user in ready:
            if column is not None:
                self.pushed.deliveries.append(self._deliver(name, score, user, column))
            bar.advance(score.student)

    def _column(self, name: str, ready: Sequence[tuple[Score, str]], columns: Sequence[Column]) -> Column | None:
        most = ready[0][0].most
        title = self.workspace.course.assignment(name).title
        found = choose_column(columns, name)
        if found is not None:
            if found.most is not None and found.most != most:
                self.pushed.notes.append(f"{name}: the platform's column is out of {points(found.most)} points, and it "
                                         f"converts from {points(most)}.")
            return found
        alike = [column.label for column in columns if column.label in (name, title)]
        if not self.options.create:
            named = f" (one is called {alike[0]!r}, but names decide nothing)" if alike else ""
            raise PlatformError(f"the platform has no column with the resourceId {name}{named}; add --create to have "
                                "one made.")
        if self.options.dry_run:
            self.pushed.notes.append(f"{name}: a column '{title}' out of {points(most)} points would be created.")
            return Column(url="")
        created = self.services.create_column(new_column(name, title, most))
        self.pushed.notes.append(f"{name}: the column '{title}' was created.")
        return created

    def _deliver(self, name: str, score: Score, user: str, column: Column) -> Delivery:
        delivery = Delivery(student=score.student, assignment=name, outcome="unchanged", score=score.score,
                            most=score.most, progress=score.progress, comment=score.comment)
        if self.state.has(column.url, user, score.digest):
            return delivery
        if self.options.dry_run:
            return replace(delivery, outcome="planned")
        if self.silent >= MOST_UNREACHABLE:
            return replace(delivery, outcome="failed", reason="not tried, since the platform does not answer")
        try:
            self.services.send_score(
                column, lambda: score.body(user, self.state.next_time(column.url, user, self.clock)))
        except PlatformError as error:
            self.silent = self.silent + 1 if isinstance(error, PlatformUnreachable) else 0
            return replace(delivery, outcome="failed", reason=str(error))
        self.silent = 0
        self.state.sent(column.url, user, score.digest)
        return replace(delivery, outcome="sent")


def _notes(name: str, grades: Sequence[Grade]) -> Iterator[str]:
    """Say whose grade is not sent, and why that is no zero."""
    reasons = {
        "nothing was handed in; enter a zero on the platform if that is the rule": (State.MISSING,),
        "the work is not graded yet": (State.WAITING, State.QUEUED, State.FAILED),
        "excused, which the standard cannot say: enter it on the platform": (State.EXCUSED,),
    }
    for reason, states in reasons.items():
        if who := [grade.student for grade in grades if grade.enrolled and grade.state in states]:
            yield f"{name}: not sent for {listed(who)}: {reason}."
    if gone := [grade.student for grade in grades if not grade.enrolled]:
        yield f"{name}: no longer in the class list, and left out: {listed(gone)}."


class _Sent:
    """The state file: written after every score, so that an interrupted command continues."""

    def __init__(self, workspace: Workspace, issuer: str, *, keep: bool) -> None:
        self._path = workspace.output / LTI_STATE
        self._keep = keep
        self._state = _read(self._path)
        self._columns = self._state.platforms.setdefault(issuer, {})

    def has(self, column: str, user: str, digest: str) -> bool:
        found = self._columns.get(column, {}).get(user)
        return found is not None and found.digest == digest

    def next_time(self, column: str, user: str, clock: Callable[[], datetime]) -> str:
        """Return a time later than that of every score of this student that may have arrived."""
        last = self._columns.get(column, {}).get(user)
        now = int(clock().timestamp() * 1000)
        moment = max(now, last.milliseconds + _STEP) if last is not None else now
        self._write(column, user, SentScore(digest="", milliseconds=moment))
        shown = datetime.fromtimestamp(moment // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{shown}.{moment % 1000:03d}Z"

    def sent(self, column: str, user: str, digest: str) -> None:
        """Remember that the platform has a score."""
        self._write(column, user, self._columns[column][user].model_copy(update={"digest": digest}))

    def _write(self, column: str, user: str, score: SentScore) -> None:
        self._columns.setdefault(column, {})[user] = score
        if self._keep:
            write_atomically(self._path, self._state.to_json(indent=None))


def _read(path: Path) -> PushState:
    """Return what was sent. Without a readable file everything is sent once more, which changes nothing there."""
    if not is_file(path) or path.stat().st_size > _LARGEST_STATE:
        return PushState()
    try:
        state = PushState.from_json(path.read_bytes())
    except (OSError, ValidationError):
        return PushState()
    return state if state.schema_version == PushState().schema_version else PushState()
