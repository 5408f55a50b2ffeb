"""Recording a class: what lands in nbgrader's tables, and what a regrade may not touch."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from nbformat import from_dict
from nbgrader.api import Gradebook
from nbgrader.plugins.export import CsvExportPlugin
from nbgrader.utils import determine_grade

from autograder.course import parse
from autograder.errors import GradebookError, ReadingError
from autograder.gradebook import Recorder, export, record
from autograder.gradebook.database import patiently
from autograder.gradebook.drawn import Drawing, Drawn, draw
from autograder.gradebook.scores import CellScore
from autograder.model import Basis, CheckResult, Status, TimeSource

pytestmark = pytest.mark.slow

FULL = {"double": 3.0, "total": 2.0}
BLANK = "YOUR ANSWER HERE"
LATE = "2030-02-02T12:00:00+00:00"


@contextmanager
def book(classroom: Any) -> Iterator[Gradebook]:
    with Gradebook(f"sqlite:///{classroom.output}/gradebook.db", "tiny-course") as opened:
        yield opened


def grades(classroom: Any, student: str) -> dict[str, tuple[float | None, float | None, bool]]:
    """Return auto score, manual score and whether a person has to look, by cell."""
    with book(classroom) as opened:
        notebook = opened.find_submission_notebook("tiny", "tiny", student)
        return {grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                for grade in notebook.grades}


def score(classroom: Any, student: str) -> float:
    with book(classroom) as opened:
        return float(opened.find_submission("tiny", student).score)


def review(classroom: Any, student: str, cell: str, points: float, comment: str | None = None) -> None:
    """What formgrader does when a TA types points and a comment."""
    with book(classroom) as opened:
        grade = opened.find_grade(cell, "tiny", "tiny", student)
        grade.manual_score, grade.needs_manual_grade = points, False
        if comment:
            opened.find_comment(cell, "tiny", "tiny", student).manual_comment = comment
        opened.db.commit()


def withheld_check() -> CheckResult:
    return CheckResult(id="b", task="total", title="The sum is right.", points=2, earned=None, status=Status.UNJUDGED,
                       basis=Basis.MEASURED, seen="The model cannot be rebuilt.")


def test_scores_comments_and_times_arrive(classroom: Any) -> None:
    failed = CheckResult(id="a", task="double", title="Every number is doubled.", points=2, earned=0.0,
                         status=Status.FAILED, basis=Basis.MEASURED, seen="3.0", expected="2.0")
    report = record(classroom, [classroom.hand_in("ada", {"double": 1.0, "total": 2.0}, checks=(failed,))])

    assert report.recorded == ("ada",)
    assert grades(classroom, "ada") == {"test-double": (1.0, None, False), "test-total": (2.0, None, False),
                                        "why": (None, None, True)}
    with book(classroom) as opened:
        submission = opened.find_submission("tiny", "ada")
        assert submission.timestamp.isoformat() == "2030-01-31T12:00:00"
        assert submission.assignment.duedate.isoformat() == "2030-01-31T22:59:00"    # course.yml says 23:59+01:00
        assert submission.max_score == 9
        comment = opened.find_comment("double", "tiny", "tiny", "ada").auto_comment
    assert comment == "1 of 3 points.\nNot met: Every number is doubled (seen: 3.0; expected: 2.0)."


def test_a_withheld_task_is_neither_full_nor_zero_but_open_and_flagged(classroom: Any) -> None:
    result = classroom.hand_in("bob", {"double": 3.0, "total": None}, checks=(withheld_check(),))
    report = record(classroom, [result])

    assert grades(classroom, "bob")["test-total"] == (None, None, True)
    assert report.withheld == (("bob", "test-total"),)
    with book(classroom) as opened:
        assert opened.find_submission_notebook("tiny", "tiny", "bob").flagged
        assert "The model cannot be rebuilt." in opened.find_comment("total", "tiny", "tiny", "bob").auto_comment
    assert export(classroom)[0]["incomplete"] == "yes"
    assert export(classroom)[0]["open_cells"] == "test-total why"


def test_earned_points_with_a_withheld_check_do_not_close_the_cell(classroom: Any) -> None:
    record(classroom, [classroom.hand_in("bob", {"double": 3.0, "total": 2.0}, checks=(withheld_check(),))])
    assert grades(classroom, "bob")["test-total"] == (None, None, True)


@pytest.mark.parametrize("changed", ["missing", "points", "too many"])
def test_a_cell_without_a_fitting_result_never_gets_credit(classroom: Any, changed: str) -> None:
    result = classroom.hand_in("eve", FULL)
    double = result.tasks[0]
    if changed == "missing":
        tasks = result.tasks[1:]
    elif changed == "points":
        tasks = (double.model_copy(update={"points": 30.0, "earned": 3.0}), *result.tasks[1:])
    else:
        tasks = (double.model_copy(update={"earned": 300.0}), *result.tasks[1:])
    record(classroom, [result.model_copy(update={"tasks": tasks})])
    assert grades(classroom, "eve")["test-double"] == (None, None, True)
    assert score(classroom, "eve") == 2.0


def test_a_blank_written_answer_gets_zero_as_in_nbgrader(classroom: Any) -> None:
    record(classroom, [classroom.hand_in("cy", FULL, why="YOUR ANSWER HERE")])
    assert grades(classroom, "cy")["why"] == (0.0, None, False)
    with book(classroom) as opened:
        assert opened.find_comment("why", "tiny", "tiny", "cy").auto_comment == "No response."
    assert export(classroom)[0]["incomplete"] == "no"


def test_recording_twice_changes_nothing(classroom: Any) -> None:
    results = [classroom.hand_in(name, FULL) for name in ("ada", "bob")]
    record(classroom, results)
    before = dump(classroom)
    record(classroom, results)
    assert dump(classroom) == before


def dump(classroom: Any) -> dict[str, list[Any]]:
    with sqlite3.connect(classroom.output / "gradebook.db") as database:
        tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {table: sorted(map(repr, database.execute(f'SELECT * FROM "{table}"'))) for table in tables}  # noqa: S608  (names from the schema)
    database.close()
    return found


def test_manual_scores_extra_credit_and_comments_survive_a_regrade(classroom: Any) -> None:
    result = classroom.hand_in("ada", FULL)
    record(classroom, [result])
    review(classroom, "ada", "why", 3.5, "Well seen.")
    with book(classroom) as opened:
        opened.find_grade("test-double", "tiny", "tiny", "ada").extra_credit = 0.5
        opened.db.commit()
    record(classroom, [result])

    assert grades(classroom, "ada")["why"] == (None, 3.5, False), "reviewed stays reviewed"
    assert score(classroom, "ada") == 3 + 0.5 + 2 + 3.5
    with book(classroom) as opened:
        assert opened.find_comment("why", "tiny", "tiny", "ada").comment == "Well seen."


def test_a_changed_answer_asks_for_a_new_review_and_keeps_the_old_score_visible(classroom: Any) -> None:
    record(classroom, [classroom.hand_in("ada", FULL)])
    review(classroom, "ada", "why", 3.5)
    review(classroom, "ada", "test-double", 2.5)
    record(classroom, [classroom.hand_in("ada", FULL, why="Another thought.")])
    assert grades(classroom, "ada")["why"] == (None, 3.5, True)
    assert grades(classroom, "ada")["test-double"] == (3.0, 2.5, False), "this answer did not change"


def test_a_regrade_of_the_same_upload_never_lowers_a_grade_without_a_person(classroom: Any) -> None:
    record(classroom, [classroom.hand_in("ada", FULL)])
    report = record(classroom, [classroom.hand_in("ada", {"double": 1.0, "total": 2.0})])

    assert [(held.cell, held.grade, held.new) for held in report.held] == [("test-double", 3.0, 1.0)]
    assert grades(classroom, "ada")["test-double"] == (1.0, 3.0, True)
    assert score(classroom, "ada") == 5.0
    assert any("from 3 to 1" in sentence for sentence in report.sentences)

    record(classroom, [classroom.hand_in("ada", {"double": 0.5, "total": 2.0})])
    assert grades(classroom, "ada")["test-double"] == (0.5, 3.0, True), "held through further regrades"
    record(classroom, [classroom.hand_in("ada", FULL)])
    assert grades(classroom, "ada")["test-double"] == (3.0, None, False), "let go when nothing is lost any more"


def test_a_person_may_lower_a_held_grade_for_good(classroom: Any) -> None:
    record(classroom, [classroom.hand_in("ada", FULL)])
    lower = classroom.hand_in("ada", {"double": 1.0, "total": 2.0})
    record(classroom, [lower])
    review(classroom, "ada", "test-double", 1.0)
    record(classroom, [lower])
    assert grades(classroom, "ada")["test-double"] == (1.0, 1.0, False)


def test_points_that_a_regrade_withholds_are_held_too(classroom: Any) -> None:
    record(classroom, [classroom.hand_in("ada", FULL)])
    record(classroom, [classroom.hand_in("ada", {"double": 3.0, "total": None}, checks=(withheld_check(),))])
    assert grades(classroom, "ada")["test-total"] == (None, 2.0, True)


def test_a_new_upload_may_earn_less(classroom: Any) -> None:
    record(classroom, [classroom.hand_in("ada", FULL)])
    report = record(classroom, [classroom.hand_in("ada", {"double": 1.0, "total": 2.0}, code="doubled = numbers * 3")])
    assert grades(classroom, "ada")["test-double"] == (1.0, None, False)
    assert report.held == ()


def test_a_submission_that_could_not_be_graded_waits_for_a_person(classroom: Any) -> None:
    report = record(classroom, [classroom.without_result("dan", "failed")])
    assert report.recorded == ("dan",)
    assert set(grades(classroom, "dan").values()) == {(None, None, True)}
    assert export(classroom)[0]["incomplete"] == "yes"


def test_a_queued_submission_is_open_but_no_case_for_staff(classroom: Any) -> None:
    record(classroom, [classroom.without_result("dan", "queued")])
    assert export(classroom)[0]["incomplete"] == "yes"
    with book(classroom) as opened:
        assert not opened.find_submission_notebook("tiny", "tiny", "dan").flagged
    record(classroom, [classroom.hand_in("dan", FULL, why="YOUR ANSWER HERE")])
    assert export(classroom)[0]["incomplete"] == "no"


def test_a_failed_regrade_takes_nothing_away(classroom: Any) -> None:
    good = classroom.hand_in("ada", FULL)
    record(classroom, [good])
    record(classroom, [classroom.without_result("ada", "failed")])
    assert score(classroom, "ada") == 5.0
    assert grades(classroom, "ada")["test-double"] == (3.0, None, True)
    record(classroom, [good])
    assert grades(classroom, "ada")["test-double"] == (3.0, None, False)


def test_a_refused_hand_in_waits_for_a_person(classroom: Any) -> None:
    report = record(classroom, [classroom.without_result("fay", "refused"), classroom.hand_in("ada", FULL)])
    assert report.recorded == ("ada",)
    assert report.refused == (("fay", "It was refused."),)
    assert set(grades(classroom, "fay").values()) == {(None, None, True)}
    with book(classroom) as opened:
        assert opened.find_submission_notebook("tiny", "tiny", "fay").flagged
    fay = export(classroom)[1]
    assert (fay["student_id"], fay["score"], fay["raw_score"], fay["incomplete"]) == ("fay", "", "", "yes")
    before = dump(classroom)
    assert record(classroom, [classroom.without_result("ada", "refused")]).refused == (("ada", "It was refused."),)
    assert dump(classroom) == before, "a refused file takes no grade away"


LATE_BY_DAYS = "late: {per_day: 10, last_day: 7, grace: 15 min}"


def with_course(classroom: Any, late: str = LATE_BY_DAYS, more: str = "") -> Any:
    """The same classroom with another late rule in its course.yml."""
    path = classroom.root / "course.yml"
    text = path.read_text().replace("late: {last_day: 0}", late) + more
    path.write_text(text)
    return replace(classroom, course=parse(text, folders=["tiny"]))


def test_late_work_loses_points_by_the_rule_in_course_yml(classroom: Any) -> None:
    room = with_course(classroom)
    assert not (room.root / "nbgrader_config.py").exists(), "the rule needs no configuration of nbgrader"
    record(room, [room.hand_in("ada", FULL, why=BLANK, received_at="2030-02-02T12:00:00+00:00"),
                  room.hand_in("bob", FULL, why=BLANK, received_at="2030-01-31T22:59:00+00:00"),
                  room.hand_in("cy", FULL, why=BLANK, received_at="2030-01-31T23:13:00+00:00"),
                  room.hand_in("dora", FULL, why=BLANK, received_at="2030-02-09T12:00:00+00:00")])
    ada, bob, cy, dora = export(room)
    assert (ada["late_submission_penalty"], ada["score"]) == ("1.0", "4.0"), "two days have begun"
    assert (bob["late_submission_penalty"], bob["score"]) == ("0.0", "5.0")
    assert (cy["late_submission_penalty"], cy["score"]) == ("0.0", "5.0"), "within the minutes of grace"
    assert (dora["late_submission_penalty"], dora["score"]) == ("5.0", "0.0"), "after the last day"


def test_a_course_without_a_late_rule_takes_no_points(classroom: Any) -> None:
    room = with_course(classroom, late="seeds: 30")
    record(room, [room.hand_in("ada", FULL, received_at="2030-02-02T12:00:00+00:00")])
    assert [row["late_submission_penalty"] for row in export(room)] == ["0.0"]


def test_extensions_of_course_yml_and_of_nbgrader_count(classroom: Any) -> None:
    more = "extensions:\n  ada: {tiny: 2030-02-02T23:59:00+01:00}\n"
    room = with_course(classroom, more=more)
    late = "2030-02-02T12:00:00+00:00"
    results = [room.hand_in(student, FULL, received_at=late) for student in ("ada", "bob", "cy")]
    record(room, results)
    with book(room) as opened:
        opened.find_submission("tiny", "bob").extension = timedelta(days=1)
        opened.db.commit()
    assert [row["late_submission_penalty"] for row in export(room)] == ["0.0", "0.5", "1.0"]


def test_a_plugin_of_the_course_replaces_the_rule(classroom: Any) -> None:
    room = with_course(classroom)
    (room.root / "nbgrader_config.py").write_text(
        "get_config().AssignLatePenalties.plugin_class = 'nbgrader.plugins.LateSubmissionPlugin'\n"
        "get_config().LateSubmissionPlugin.penalty_method = 'zero'\n")
    record(room, [room.hand_in("ada", FULL, received_at="2030-01-31T23:00:00+00:00")])
    assert [row["late_submission_penalty"] for row in export(room)] == ["5.0"]


@pytest.mark.parametrize(("text", "sentence"), [
    ("1 / 0", "nbgrader_config.py raises ZeroDivisionError: division by zero; correct it"),
    ("get_config().AssignLatePenalties.plugin_class = 'no.such.Plugin'", "late rule in nbgrader_config.py cannot be"),
])
def test_a_broken_late_rule_is_said(classroom: Any, text: str, sentence: str) -> None:
    (classroom.root / "nbgrader_config.py").write_text(text)
    with pytest.raises(GradebookError, match=sentence):
        record(classroom, [classroom.hand_in("ada", FULL, received_at="2030-02-02T12:00:00+00:00")])


def test_nbgraders_own_export_says_the_same(classroom: Any, tmp_path: Any) -> None:
    """Except where points are undecided: there nbgrader counts 0, and we say nothing."""
    record(classroom, [classroom.hand_in("ada", FULL), classroom.hand_in("cy", FULL, received_at=LATE, why=BLANK),
                       classroom.hand_in("bob", {"double": 0.5, "total": 2.0}, why=BLANK)])
    ours = export(classroom, ["tiny"])
    with book(classroom) as opened:
        CsvExportPlugin(to=str(tmp_path / "grades.csv")).export(opened)
    with (tmp_path / "grades.csv").open() as table:
        theirs = {row["student_id"]: row for row in csv.DictReader(table)}
    for row in ours:
        their = theirs[row["student_id"]]
        if row["student_id"] == "ada":
            assert (row["score"], their["score"]) == ("", "5.0")
            row["score"] = "5.0"
        assert {key: row[key] for key in their} == their
    assert export(classroom, ["another"]) == []


def test_the_autograded_notebook_says_the_same_to_nbgrader(classroom: Any) -> None:
    record(classroom, [classroom.hand_in("ada", {"double": 1.5, "total": 2.0})])
    notebook = from_dict(json.loads((classroom.output / "autograded/ada/tiny/tiny.ipynb").read_text()))
    cells = {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells}
    assert determine_grade(cells["test-double"]) == (1.5, 3.0)
    assert determine_grade(cells["test-total"]) == (2.0, 2.0)
    assert cells["test-double"].outputs[1].text == "Public checks passed.\n", "what the student saw is still there"
    assert cells["double"].outputs[0].text == "a warning\n"


def test_a_locked_database_is_waited_for_and_then_said_in_one_sentence(classroom: Any) -> None:
    result = classroom.hand_in("ada", FULL)
    record(classroom, [result])
    holder = sqlite3.connect(classroom.output / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(GradebookError, match="stayed locked for 0 seconds by another program; close formgrader"):
            record(classroom, [result], patience=0)
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert record(classroom, [result]).recorded == ("ada",)


def test_a_file_that_is_no_gradebook_is_said(classroom: Any) -> None:
    (classroom.output / "gradebook.db").write_bytes(b"certainly not a database" * 100)
    with pytest.raises(GradebookError, match=r"gradebook\.db refused an operation"):
        record(classroom, [classroom.hand_in("ada", FULL)])


def test_a_scored_notebook_that_cannot_be_written_is_reported_and_the_grade_kept(classroom: Any) -> None:
    result = classroom.hand_in("ada", FULL)
    (classroom.output / "autograded").write_text("a file is where the folder should be")
    with pytest.raises(GradebookError, match="The scored notebook of ada could not be written"):
        record(classroom, [result])
    (classroom.output / "autograded").unlink()
    assert record(classroom, [result]).recorded == ("ada",)


@pytest.mark.parametrize("said, remedy", [
    ("database or disk is full", "make room"), ("attempt to write a readonly database", "writable"),
    ("disk I/O error", "writable"), ("unable to open database file", "writable"),
    ("no such column", "nbgrader db upgrade"),
])
def test_trouble_with_the_database_names_its_remedy(tmp_path: Any, said: str, remedy: str) -> None:
    def refuse() -> None:
        raise ValueError(said)

    with pytest.raises(GradebookError, match=f"{said}; .*{remedy}"):
        patiently(refuse, tmp_path / "gradebook.db")


def test_a_full_disk_costs_the_gradebook_nothing(
    classroom: Any, small_disk: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """What was recorded stays, a person's grade included; with room again everything is recorded."""
    database = classroom.output / "gradebook.db"
    kept = small_disk / "gradebook.db"
    record(classroom, [classroom.hand_in("ada", FULL)])
    shutil.move(database, kept)
    database.symlink_to(kept)
    with closing(sqlite3.connect(kept)) as book, book:
        book.execute("UPDATE grade SET manual_score = 1.5, needs_manual_grade = 0")
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as stream, suppress(OSError):
        while stream.write(bytes(4096)):
            pass
    results = [classroom.hand_in(f"student-{number}", FULL) for number in range(40)]
    with pytest.raises(GradebookError, match="make room on its disk and run the same command again"):
        record(classroom, results)
    assert not caplog.records, "nbgrader logs a traceback of what is told in one sentence"
    filler.unlink()
    assert len(record(classroom, results).recorded) == 40
    with closing(sqlite3.connect(kept)) as book:
        assert book.execute("SELECT COUNT(*) FROM grade WHERE manual_score = 1.5").fetchone() == (3,)
        assert book.execute("SELECT COUNT(*) FROM submitted_assignment").fetchone() == (41,)


def test_graded_cells_cannot_vanish_under_recorded_submissions(classroom: Any) -> None:
    record(classroom, [classroom.hand_in("ada", FULL)])
    later = classroom.hand_in("bob", FULL)
    path = classroom.root / "release/tiny/tiny.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"] = [cell for cell in notebook["cells"] if "total" not in cell["id"]]
    path.write_text(json.dumps(notebook))
    before = dump(classroom)
    with pytest.raises(GradebookError, match=r"1 submissions of tiny whose graded cells differ .*test-total, total"):
        record(classroom, [later])
    assert dump(classroom) == before


def test_new_explanations_and_points_reach_the_gradebook(classroom: Any) -> None:
    record(classroom, [classroom.hand_in("ada", FULL)])
    path = classroom.root / "release/tiny/tiny.ipynb"
    notebook = json.loads(path.read_text())
    cells = {cell["id"]: cell for cell in notebook["cells"]}
    cells["about-double"]["source"] = "Double them, please."
    cells["test-total"]["metadata"]["nbgrader"]["points"] = 2.5
    path.write_text(json.dumps(notebook))
    record(classroom, [])
    record(classroom, [classroom.hand_in("bob", {"double": 3.0})])
    with book(classroom) as opened:
        assert opened.find_source_cell("about-double", "tiny", "tiny").source == "Double them, please."
        assert opened.find_assignment("tiny").max_score == 9.5


def test_without_a_release_the_sentence_says_what_to_do(classroom: Any) -> None:
    result = classroom.hand_in("ada", FULL)
    shutil.rmtree(classroom.root / "release")
    with pytest.raises(GradebookError, match="run `autograder release tiny` first"):
        record(classroom, [result])


@pytest.mark.slow
def test_a_new_gradebook_is_made_in_the_output_folder_although_no_environment_is_active(
    empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    record(empty, [empty.hand_in("ada", FULL)])
    assert score(empty, "ada") == 5.0
    assert (empty.output / "autograded/ada/tiny/tiny.ipynb").is_file()
    assert export(empty)[0]["raw_score"] == "5.0"


@pytest.mark.parametrize("source", list(TimeSource))
def test_an_archives_own_time_costs_no_points(classroom: Any, source: TimeSource) -> None:
    room = with_course(classroom)
    record(room, [room.hand_in("ada", FULL, received_at="2030-02-02T12:00:00+00:00", time_from=source)])
    (ada,) = export(room)
    assert (ada["late_submission_penalty"], bool(ada["timestamp"])) == (
        ("1.0", True) if source.is_hand_in else ("0.0", False)), "only the platform's own time is a hand-in time"


def test_a_notebook_that_cannot_be_read_in_time_is_scored_without_its_cells(classroom: Any) -> None:
    result = classroom.hand_in("dee", {"double": 3.0, "total": 1.0}, code="doubled = 'mine'")

    def slow(_: object) -> Drawn:
        raise ReadingError("Drawing the notebook took more than 20 seconds, so a person has to look at it.")

    with Recorder(classroom, drawing=slow) as recorder:
        recorder.add(result)
        said = recorder.report.sentences
    assert any(sentence.startswith("formgrader shows the work of dee without the student's cells") for sentence in said)
    text = (classroom.output / "autograded/dee/tiny/tiny.ipynb").read_text()
    assert "'mine'" not in text and "1 of 2 points" in text


def test_what_is_drawn_passes_through_plain_data(classroom: Any) -> None:
    classroom.hand_in("eve", {"double": 3.0, "total": 1.0}, code="doubled = 'mine'")
    score = CellScore(cell="test-total", task="total", points=2.0, auto=1.0)
    wanted = Drawing(executed=classroom.output / "results/eve/tiny/executed.ipynb", scores=(score,),
                     upload=classroom.output / "submitted/eve/tiny/tiny.ipynb", earlier=classroom.output / "none",
                     release=classroom.root / "release/tiny/tiny.ipynb")
    assert Drawing.from_json(json.loads(json.dumps(wanted.to_json()))) == wanted
    drawn = draw(wanted)
    assert "'mine'" in (drawn.text or "") and set(drawn.answers) == {"test-double", "test-total", "why"}
