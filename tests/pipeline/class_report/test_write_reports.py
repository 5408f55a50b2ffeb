"""The class report and comments of a small course, from its files and nbgrader's real gradebook."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from autograder.cli.main import cli
from autograder.errors import CourseError
from autograder.feedback.report import ClassReport
from autograder.gradebook import read_grades
from autograder.gradebook.database import open_gradebook
from autograder.gradebook.write_comments import Effect, Way, write_comments
from autograder.model import CheckResult, Provenance, Result, Status, TaskResult
from autograder.pipeline.class_report import Comment, ReportOptions, Written, comment_class, write_reports
from autograder.pipeline.feedback import write_class, write_one
from autograder.pipeline.grade.recording import open_gradebook as recording
from autograder.pipeline.up_to_date import current_grades
from autograder.testing import ASSIGNMENT, SPECS, make_course, make_notebook, make_receipt
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Silent
from autograder.workspace.results_on_disk import stored_results

STUDENTS = {"ada": {}, "bob": {"double-values": "`doubled` is 3 times as large."},
            "cid": {"double-values": "`doubled` is 4 times as large."}}
WRONG = '"""Takes the wrong factor."""\n\nLOSES = ["double-values"]\n\n# %% [double]\ndoubled = numbers * 3\n'


def put(space: Workspace, student: str, failed: dict[str, str]) -> Result:
    """Store what collecting and grading leave of one submission."""
    receipt = make_receipt(student)
    made = Provenance(submission=receipt.sha256, release="1", data="own:0", seeds=(1,), isolation="full", versions={},
                      execution_fingerprint="e", checks_fingerprint="c", graded_at="2029-01-01T00:00:00+00:00")
    tasks = [TaskResult(id=task, title=task, points=points, earned=sum(check.earned or 0 for check in checks),
                        checks=checks)
             for task, points in (("double", 3), ("total", 2)) if (checks := _checks(task, failed))]
    tasks.append(TaskResult(id="why", title="Why", points=4, earned=None, manual=True))
    result = Result(student=student, assignment=ASSIGNMENT, status="graded", max_score=9, manual=4,
                    score=sum(task.earned or 0 for task in tasks), tasks=tuple(tasks), provenance=made)
    for path, text in ((space.submitted(student, ASSIGNMENT), json.dumps(make_notebook(space))),
                       (space.receipt(student, ASSIGNMENT), receipt.to_json()),
                       (space.result(student, ASSIGNMENT), result.to_json()),
                       (space.executed(student, ASSIGNMENT), json.dumps(make_notebook(space)))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return result


def _checks(task: str, failed: dict[str, str]) -> tuple[CheckResult, ...]:
    return tuple(CheckResult(
        id=spec.id, task=task, title=spec.title, points=spec.points, basis=spec.basis, seen=failed.get(spec.id),
        earned=0.0 if spec.id in failed else spec.points,
        status=Status.FAILED if spec.id in failed else Status.PASSED) for spec in SPECS if spec.task == task)


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A class in a real gradebook; tests that write comments use different students."""
    made = make_course(tmp_path_factory.mktemp("course"))
    wrong = made.variants(ASSIGNMENT) / "wrong" / "factor.py"
    wrong.parent.mkdir(parents=True)
    wrong.write_text(WRONG)
    with recording(made, "Grading", wanted=True, reporter=Silent()) as book:
        for student, failed in STUDENTS.items():
            book.add(put(made, student, failed))
    yield made


@pytest.fixture(scope="module")
def written(space: Workspace) -> Written:
    [found] = write_reports(space, (), ReportOptions(formgrader="https://hub.example/formgrader"), Silent())
    return found


pytestmark = pytest.mark.slow


def test_page_table_and_json_are_written(space: Workspace, written: Written) -> None:
    assert written.page == space.output / "report" / "small.html"
    page = written.page.read_text()
    assert "https://hub.example/formgrader/submissions/" in page and "Takes the wrong factor." in page
    again = ClassReport.from_json(written.page.with_suffix(".json").read_bytes())
    assert again == written.report
    rows = list(csv.DictReader(io.StringIO(written.page.with_suffix(".csv").read_text())))
    assert [(row["student_id"], row["points"], row["double"], row["mistakes"]) for row in rows] == [
        ("ada", "5.0", "3.0", ""), ("bob", "3.0", "1.0", "factor"), ("cid", "3.0", "1.0", "factor")]


def test_numbers_are_those_of_the_grades(space: Workspace, written: Written) -> None:
    grades = {grade.student: grade for grade in read_grades(space)}
    assert {person.student: (person.total, person.score, person.waiting) for person in written.report.people} == {
        student: (grade.total, grade.score, grade.waiting) for student, grade in grades.items()}


def test_the_grades_of_one_student_are_those_in_the_class(space: Workspace) -> None:
    """Read alone, for the page of work that was just graded."""
    everybody = read_grades(space, (ASSIGNMENT,))
    for grade in everybody:
        assert read_grades(space, (ASSIGNMENT,), students=(grade.student,)) == [grade]
        assert current_grades(space, (ASSIGNMENT,), students=(grade.student,)) == [grade]
    assert read_grades(space, (ASSIGNMENT,), students=()) == []


def test_the_page_of_one_student_is_that_of_the_class(space: Workspace) -> None:
    write_class(space, (ASSIGNMENT,), Silent())
    page = space.feedback("bob", ASSIGNMENT)
    text = page.read_text()
    page.unlink()
    [result] = stored_results(space, ASSIGNMENT, students=("bob",))
    assert write_one(space, result, Silent()) == page and page.read_text() == text


def test_equal_code_of_everybody_is_no_evidence(written: Written) -> None:
    assert written.report.likeness is not None and written.report.likeness.compared == 3
    assert not [pair for pair in written.report.likeness.pairs if pair.weights or pair.histories]


def comments(space: Workspace) -> dict[str, str | None]:
    return {grade.student: task.comment for grade in read_grades(space) if (task := grade.task("double"))}


def test_a_comment_reaches_those_with_the_mistake_and_is_shown_before(space: Workspace) -> None:
    def run(**changed: Any) -> dict[str, Effect]:
        preview = changed.pop("preview", True)
        wanted = Comment(check="double-values", text="Look at the factor.", mistake="factor", **changed)
        found = comment_class(space, ASSIGNMENT, wanted, Silent(), preview=preview)
        assert found.task == "double"
        return {one.student: one.effect for one in found.written}

    assert run() == {"bob": Effect.WRITTEN, "cid": Effect.WRITTEN}
    assert comments(space) == {"ada": None, "bob": None, "cid": None}, "a preview writes nothing"
    with open_gradebook(space.gradebook, space.course.id) as book:
        book.find_comment("double", ASSIGNMENT, ASSIGNMENT, "cid").manual_comment = "By hand."
        book.db.commit()
    assert run(preview=False) == {"bob": Effect.WRITTEN, "cid": Effect.KEPT}
    assert comments(space) == {"ada": None, "bob": "Look at the factor.", "cid": "By hand."}
    assert run(preview=False, way=Way.APPEND) == {"bob": Effect.SAME, "cid": Effect.APPENDED}
    assert run(preview=False, way=Way.APPEND) == {"bob": Effect.SAME, "cid": Effect.SAME}
    assert comments(space)["cid"] == "By hand.\n\nLook at the factor."
    assert run(preview=False, way=Way.REPLACE, students=("cid",)) == {"cid": Effect.REPLACED}
    assert comments(space)["cid"] == "Look at the factor."
    [nobody] = write_comments(space, ASSIGNMENT, "double", ["eve"], "Hello.")
    assert nobody.effect is Effect.UNKNOWN


@pytest.mark.parametrize("check, changed, says", [
    ("double-value", {}, "nearest is 'double-values'"), ("double-values", {"mistake": "factr"}, "nearest is 'factor'"),
    ("double-values", {"students": ("ada",)}, "among those who fail"), ("double-values", {"text": " "}, "is empty"),
])
def test_what_does_not_exist_is_named(space: Workspace, check: str, changed: dict[str, Any], says: str) -> None:
    with pytest.raises(CourseError, match=says):
        comment_class(space, ASSIGNMENT, Comment(**{"check": check, "text": "x"} | changed), Silent())


def test_the_command_line_previews_and_says_when_there_is_nothing(space: Workspace, tmp_path: Path) -> None:
    def run(*arguments: str, output: Path = space.output) -> Any:
        root = ["--course", str(space.root), "--output", str(output)]
        return CliRunner().invoke(cli, [*root, *arguments], obj={}, catch_exceptions=False)

    preview = json.loads(run("comment", ASSIGNMENT, "double-type", "--text", "x", "--json").stdout)
    assert preview == {"task": "double", "preview": True, "students": []}
    empty = run("report", "--json", output=tmp_path)
    assert json.loads(empty.stdout) == [] and "nothing to report" in empty.stderr
    assert "http" in run("report", "--formgrader", "javascript:alert(1)").stderr
    both = run("comment", ASSIGNMENT, "double-type", "--text", "x", "--append", "--replace")
    assert both.exit_code == 2


def test_damaged_files_are_named_and_the_rest_is_reported(space: Workspace) -> None:
    (space.variants(ASSIGNMENT) / "wrong" / "broken.py").write_text("no docstring = ")
    result = space.results("eve", ASSIGNMENT) / "result.json"
    result.parent.mkdir(parents=True)
    result.write_text('{"schema_version": 1, "student": "eve", "assig')
    try:
        [found] = write_reports(space, (ASSIGNMENT,), ReportOptions(likeness=False), Silent())
    finally:
        result.unlink()
        (space.variants(ASSIGNMENT) / "wrong" / "broken.py").unlink()
    assert len(found.report.graded) == 3 and "the wrong variants cannot be read" in found.report.notes[0]
