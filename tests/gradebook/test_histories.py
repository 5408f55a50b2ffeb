"""One truth: whatever happens to a submission, every place that shows its grade shows the same numbers.

Each history is one student of one class. All take their steps together; after each step everything that the class could
read is compared, number by number.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.plugins.export import CsvExportPlugin
from rich.console import Console
from traitlets.config import Config

from autograder.course import parse
from autograder.feedback.terminal import summary_table
from autograder.gradebook import configure
from autograder.gradebook.export import as_csv, row_of
from autograder.grades import Grade, State
from autograder.model import Basis, CheckResult, Receipt, Result, Status, TimeSource
from autograder.pipeline.class_report import ReportOptions, write_reports
from autograder.pipeline.feedback import write_class
from autograder.pipeline.up_to_date import current_grades
from autograder.workspace.hand_in_marks import mark
from autograder.workspace.progress import Silent
from autograder.workspace.results_on_disk import stored_results

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Object of type <Submitted")]

FULL: dict[str, float | None] = {"double": 3.0, "total": 2.0}
BLANK, WORDS = "YOUR ANSWER HERE", "Because."
ON_TIME, LATE, TOO_LATE = "2030-01-31T12:00:00+00:00", "2030-02-02T12:00:00+00:00", "2030-02-20T12:00:00+00:00"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What a student has after a step."""

    points: float
    score: float | None
    state: State = State.GRADED
    penalty: float = 0.0
    held: bool = False
    comment: str = ""


@dataclass
class World:
    """The class, its course as it is now, and what is expected of each student."""

    room: Any
    expected: dict[str, Expected] = field(default_factory=dict)

    def change_course(self, **changes: Any) -> None:
        """Write another course.yml, in effect."""
        self.room = replace(self.room, course=self.room.course.model_copy(update=changes))


@dataclass
class Desk:
    """What may happen to one student."""

    world: World
    student: str

    def hand_in(self, earned: dict[str, float | None] = FULL, *, why: str = BLANK, **given: Any) -> Result:
        """Hand in and be graded."""
        return self.world.room.hand_in(self.student, dict(earned), why=why, **given)  # type: ignore[no-any-return]

    def not_graded(self, status: str) -> None:
        """Hand in something that ends with this status."""
        room = self.world.room
        folder = room.output / "submitted" / self.student / "tiny"
        folder.mkdir(parents=True)
        receipt = Receipt(student=self.student, assignment="tiny", accepted=status != "refused", source="a",
                          sha256="0" * 64, received_at=ON_TIME, reason="It is not a notebook.")
        (folder / "receipt.json").write_text(receipt.to_json())
        results = room.output / "results" / self.student / "tiny"
        results.mkdir(parents=True)
        (results / "result.json").write_text(room.without_result(self.student, status).to_json())

    def collect_again(self) -> None:
        """Hand in another notebook, which nobody has graded yet."""
        path = self.world.room.output / "submitted" / self.student / "tiny" / "receipt.json"
        receipt = Receipt.from_json(path.read_text())
        later = receipt.model_copy(update={"sha256": "1" * 64, "received_at": "2030-01-31T13:00:00+00:00"})
        path.write_text(later.to_json())
        mark(path.parent, later)

    def review(self, cell: str, points: float | None, *, comment: str = "", extra: float | None = None) -> None:
        """What formgrader does when a TA types points and a comment."""
        with book(self.world.room) as opened:
            grade = opened.find_grade(cell, "tiny", "tiny", self.student)
            grade.manual_score, grade.extra_credit, grade.needs_manual_grade = points, extra, False
            if comment:
                task = cell.removeprefix("test-")
                opened.find_comment(task, "tiny", "tiny", self.student).manual_comment = comment
            opened.db.commit()

    def extend(self, days: int) -> None:
        """Grant an extension in nbgrader."""
        with book(self.world.room) as opened:
            opened.grant_extension("tiny", self.student, days=days)

    def extend_in_course(self, days: int) -> None:
        """Grant an extension in course.yml; 0 takes it back."""
        course = self.world.room.course
        given = dict(course.extensions)
        given.pop(self.student, None)
        if days:
            given[self.student] = {"tiny": course.assignment("tiny").due + timedelta(days=days)}
        self.world.change_course(extensions=given)


def book(room: Any) -> Gradebook:
    return Gradebook(f"sqlite:///{room.output}/gradebook.db", "tiny-course")


def check(task: str, points: float, status: Status, seen: str | None = None) -> CheckResult:
    earned = points if status is Status.PASSED else None if status.withheld else 0.0
    return CheckResult(id=f"{task}-{status.value}", task=task, title="A title.", points=points, earned=earned,
                       status=status, basis=Basis.MEASURED, seen=seen)


Step = Iterator[Expected]
HISTORIES: dict[str, Callable[[Desk], Step]] = {}


def history(steps: Callable[[Desk], Step]) -> Callable[[Desk], Step]:
    """Register a history under the name of its function, which is the student's id."""
    HISTORIES[steps.__name__] = steps
    return steps


@history
def graded(desk: Desk) -> Step:
    desk.hand_in({"double": 1.25, "total": 2.0})
    yield Expected(points=3.25, score=3.25)


@history
def reviewed(desk: Desk) -> Step:
    desk.hand_in(why=WORDS)
    yield Expected(points=5, score=None)
    desk.review("why", 3.5, comment="Well <b>seen</b>, but why?")
    yield Expected(points=8.5, score=8.5, comment="Well <b>seen</b>, but why?")


@history
def partial_marks_and_credit(desk: Desk) -> Step:
    desk.hand_in({"double": 1.0, "total": 2.0})
    yield Expected(points=3, score=3)
    desk.review("test-double", 2.5, comment="One point given back.")
    yield Expected(points=4.5, score=4.5, comment="One point given back.")
    desk.review("test-total", None, extra=0.5)
    yield Expected(points=5, score=5, comment="One point given back.")


@history
def regraded_up(desk: Desk) -> Step:
    desk.hand_in({"double": 1.0, "total": 2.0})
    yield Expected(points=3, score=3)
    desk.hand_in()
    yield Expected(points=5, score=5)


@history
def regraded_down(desk: Desk) -> Step:
    desk.hand_in()
    yield Expected(points=5, score=5)
    desk.hand_in({"double": 1.0, "total": 2.0})
    yield Expected(points=5, score=5, held=True)
    desk.review("test-double", 1.0)
    yield Expected(points=3, score=3)


@history
def held_and_handed_in_again(desk: Desk) -> Step:
    desk.hand_in()
    yield Expected(points=5, score=5)
    desk.hand_in({"double": 0.0, "total": 2.0})
    yield Expected(points=5, score=5, held=True)
    desk.hand_in({"double": 2.0, "total": 2.0}, code="doubled = numbers + numbers")
    yield Expected(points=4, score=4)


@history
def late(desk: Desk) -> Step:
    desk.hand_in(received_at=LATE)
    yield Expected(points=5, score=4, penalty=1)


@history
def late_and_reviewed(desk: Desk) -> Step:
    desk.hand_in(why=WORDS, received_at=LATE)
    yield Expected(points=5, score=None, penalty=1)
    desk.review("why", 4.0)
    yield Expected(points=9, score=7.2, penalty=1.8)


@history
def late_beyond_the_last_day(desk: Desk) -> Step:
    desk.hand_in(received_at=TOO_LATE)
    yield Expected(points=5, score=0, penalty=5)


@history
def late_by_the_time_of_a_file(desk: Desk) -> Step:
    desk.hand_in(received_at=LATE, time_from=TimeSource.FILE)
    yield Expected(points=5, score=5)


@history
def extended_in_nbgrader(desk: Desk) -> Step:
    desk.hand_in(received_at=LATE)
    yield Expected(points=5, score=4, penalty=1)
    desk.extend(1)
    yield Expected(points=5, score=4.5, penalty=0.5)
    desk.extend(2)
    yield Expected(points=5, score=5)


@history
def extended_in_course_and_not_any_more(desk: Desk) -> Step:
    desk.hand_in(received_at=LATE)
    desk.extend_in_course(1)
    yield Expected(points=5, score=4.5, penalty=0.5)
    desk.extend_in_course(2)
    yield Expected(points=5, score=5)
    desk.extend_in_course(0)
    yield Expected(points=5, score=4, penalty=1)


@history
def extended_twice(desk: Desk) -> Step:
    desk.hand_in(received_at=LATE)
    desk.extend_in_course(1)
    yield Expected(points=5, score=4.5, penalty=0.5)
    desk.extend(2)
    yield Expected(points=5, score=5)
    desk.extend_in_course(0)
    yield Expected(points=5, score=5)


@history
def excused(desk: Desk) -> Step:
    desk.hand_in(received_at=LATE)
    yield Expected(points=5, score=4, penalty=1)
    desk.world.change_course(excused={**desk.world.room.course.excused, desk.student: ("tiny",)})
    yield Expected(points=5, score=None, penalty=1, state=State.EXCUSED)


@history
def excused_without_work(desk: Desk) -> Step:
    desk.world.change_course(excused={**desk.world.room.course.excused, desk.student: ("tiny",)})
    yield Expected(points=0, score=None, state=State.EXCUSED)


@history
def refused_then_handed_in_again(desk: Desk) -> Step:
    desk.not_graded("refused")
    yield Expected(points=0, score=None, state=State.REFUSED)
    desk.hand_in()
    yield Expected(points=5, score=5)


@history
def withheld_then_judged(desk: Desk) -> Step:
    desk.hand_in({"double": 3.0, "total": None}, checks=(check("total", 2, Status.UNJUDGED),))
    yield Expected(points=3, score=None)
    desk.hand_in({"double": 3.0, "total": 2.0}, checks=(check("total", 2, Status.PASSED),))
    yield Expected(points=5, score=5)


@history
def withheld_in_part_then_decided(desk: Desk) -> Step:
    desk.hand_in({"double": None, "total": 2.0},
                 checks=(check("double", 2, Status.PASSED), check("double", 1, Status.ERRORED)))
    yield Expected(points=4, score=None)
    desk.review("test-double", 2.5)
    yield Expected(points=4.5, score=4.5)


@history
def withheld_by_a_changed_check(desk: Desk) -> Step:
    desk.hand_in()
    yield Expected(points=5, score=5)
    desk.hand_in({"double": 3.0, "total": None}, checks=(check("total", 2, Status.UNMATCHED),))
    yield Expected(points=5, score=5, held=True)
    desk.hand_in()
    yield Expected(points=5, score=5)


@history
def check_changed_after_a_review(desk: Desk) -> Step:
    desk.hand_in({"double": 1.0, "total": 2.0}, why=WORDS)
    yield Expected(points=3, score=None)
    desk.review("test-double", 2.5)
    desk.review("why", 4.0)
    yield Expected(points=8.5, score=8.5)
    desk.hand_in({"double": 0.5, "total": 1.0}, why=WORDS)
    yield Expected(points=8.5, score=8.5, held=True)


@history
def answer_changed_after_a_review(desk: Desk) -> Step:
    desk.hand_in(why=WORDS)
    yield Expected(points=5, score=None)
    desk.review("why", 2.0)
    yield Expected(points=7, score=7)
    desk.hand_in(why="Another thought.")
    yield Expected(points=7, score=None)
    desk.review("why", 3.0)
    yield Expected(points=8, score=8)


@history
def handed_in_again(desk: Desk) -> Step:
    desk.hand_in()
    yield Expected(points=5, score=5)
    desk.collect_again()
    yield Expected(points=5, score=None, state=State.WAITING)
    desk.hand_in({"double": 1.0, "total": 0.0}, code="doubled = numbers")
    yield Expected(points=1, score=1)


@history
def queued_then_graded(desk: Desk) -> Step:
    desk.not_graded("queued")
    yield Expected(points=0, score=None, state=State.QUEUED)
    desk.hand_in()
    yield Expected(points=5, score=5)


@history
def failed_then_graded(desk: Desk) -> Step:
    desk.not_graded("failed")
    yield Expected(points=0, score=None, state=State.FAILED)
    desk.hand_in()
    yield Expected(points=5, score=5)


@history
def dropped(desk: Desk) -> Step:
    desk.hand_in()
    yield Expected(points=5, score=5)
    students = tuple(name for name in desk.world.room.course.students if name != desk.student)
    desk.world.change_course(students=students)
    yield Expected(points=5, score=5)


@history
def handed_in_nothing(desk: Desk) -> Step:
    yield Expected(points=0, score=None, state=State.MISSING)


@pytest.fixture
def world(classroom: Any) -> World:
    text = (classroom.root / "course.yml").read_text().replace("{last_day: 0}", "{per_day: 10, last_day: 7}")
    (classroom.root / "course.yml").write_text(text)
    made = World(replace(classroom, course=parse(text, folders=["tiny"])))
    made.change_course(students=tuple(HISTORIES))
    return made


def test_every_place_says_the_same_at_every_step(world: World) -> None:
    assert len(HISTORIES) >= 20
    going = {student: tell(Desk(world, student)) for student, tell in HISTORIES.items()}
    current_grades_with_gradebook(world.room)
    steps = 0
    while going:
        for student in list(going):
            step = next(going[student], None)
            if step is None:
                del going[student]
            else:
                world.expected[student] = step
        if steps == 1:
            world.change_course(students=(*world.room.course.students, "added"))
            world.expected["added"] = Expected(points=0, score=None, state=State.MISSING)
        compare(world)
        steps += 1


def current_grades_with_gradebook(room: Any) -> None:
    """Let the assignment be in the gradebook before anybody hands in, as after `release`."""
    from autograder.gradebook import register

    register(room, "tiny")


def compare(world: World) -> None:
    """Compare every place with what is expected, and so with all others."""
    room, reporter = world.room, Silent()
    grades = {grade.student: grade for grade in current_grades(room)}
    pages = {page.parts[-3]: page.read_text() for page in write_class(room, (), reporter)}
    assert sorted(grades) == list(grades) == sorted(world.expected), "one grade for everybody, in a stable order"
    rows = {row["student_id"]: row for row in csv.DictReader(io.StringIO(as_csv(map(row_of, grades.values()))))}
    overview, table = overview_of(room), table_of(room, grades)
    theirs, states = nbgraders_rows(room), formgraders_rows(room)
    for student, expected in world.expected.items():
        grade = grades[student]
        found = (grade.points, grade.late_penalty, grade.score, grade.state, grade.held)
        assert found == (pytest.approx(expected.points), pytest.approx(expected.penalty),
                         expected.score if expected.score is None else pytest.approx(expected.score),
                         expected.state, expected.held), (student, found)
        total = f"{grade.total:.2f}".rstrip("0").rstrip(".")
        in_table(student, rows[student], expected)
        if student in theirs:
            assert theirs[student] == (pytest.approx(expected.points), pytest.approx(expected.penalty)), student
            in_formgrader(student, grade, states[student])
        if expected.state is State.GRADED:
            on_page(student, grade, pages[student], total)
            assert overview[student].startswith(f"{total} / "), student
            assert table[student].startswith(f"{total} / "), student
        else:
            assert overview[student] == expected.state.value, student
        assert expected.comment == "" or html.escape(expected.comment) in pages[student]


def in_table(student: str, row: dict[str, str], expected: Expected) -> None:
    assert row["status"] == expected.state.value, student
    assert row["score"] == "" if expected.score is None else float(row["score"]) == pytest.approx(expected.score)
    assert float(row["max_score"]) == 9, student
    if row["raw_score"]:
        assert float(row["raw_score"]) == pytest.approx(expected.points), student
    else:
        assert expected.points == 0 or expected.state is State.EXCUSED, student


def on_page(student: str, grade: Grade, page: str, total: str) -> None:
    assert re.findall(r'<p class="score">([\d.]+) <small>', page) == [total], student
    for task in grade.tasks:
        found = re.search(rf'id="task-{task.id}">\s*<header><h3>.*?</h3><span>(.*?)(?: · <a|</span>)', page)
        assert found is not None, (student, task.id)
        if not task.undecided:
            points = f"{task.counted:.2f}".rstrip("0").rstrip(".")
            assert found[1].startswith(f"{points} of "), (student, task, found[1])
        else:
            assert "up to" in found[1] or "to be read again" in found[1], (student, task)
    assert ("because it was handed in after your deadline" in page) == bool(grade.late_penalty), student
    assert ("Your earlier points count until a person has decided" in page) == grade.held, student


def overview_of(room: Any) -> dict[str, str]:
    [written] = write_reports(room, ("tiny",), ReportOptions(likeness=False), Silent())
    text = written.page.read_text().partition('id="table-students"')[2]
    row = r'<tr><th scope="row" data-value="(\w+)">.*?</th><td class="right" data-value="[^"]*">(.*?)</td>'
    return dict(re.findall(row, text))


def table_of(room: Any, grades: dict[str, Grade]) -> dict[str, str]:
    screen = io.StringIO()
    Console(width=200, file=screen).print(summary_table(stored_results(room, "tiny"), grades.values()))
    lines = [re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in screen.getvalue().splitlines()]
    return {line[0]: line[1] for line in lines if len(line) > 1}


def nbgraders_rows(room: Any) -> dict[str, tuple[float, float]]:
    """What nbgrader's own CSV says: points and penalty."""
    target = room.output / "theirs.csv"
    with book(room) as opened:
        CsvExportPlugin(to=str(target)).export(opened)
        submitted = {submission.student_id for submission in opened.find_assignment("tiny").submissions}
    return {row["student_id"]: (float(row["raw_score"]), float(row["late_submission_penalty"]))
            for row in csv.DictReader(io.StringIO(target.read_text())) if row["student_id"] in submitted}


def formgraders_rows(room: Any) -> dict[str, dict[str, Any]]:
    """What formgrader's page on all submissions of an assignment shows."""
    config = Config()
    configure(config, room)
    config.Exchange.root = str(room.output / "exchange")
    api = NbGraderAPI(config=config)
    return {row["student"]: row for row in api.get_submissions("tiny")}


def in_formgrader(student: str, grade: Grade, row: dict[str, Any]) -> None:
    is_waiting = grade.state in (State.WAITING, State.QUEUED)
    assert row["autograded"] == (not is_waiting), (student, row)
    if not is_waiting:
        assert row["score"] == pytest.approx(grade.points), student
        assert row["needs_manual_grade"] == bool(grade.open_cells), student
