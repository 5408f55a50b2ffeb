"""Moodle's worksheet in several languages and states: filled in where that is certain, named where it is not."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from autograder.course import Person
from autograder.errors import WorksheetError
from autograder.grades import Grade, State, TaskGrade
from autograder.lms import fill_worksheet, moodle_folder, read_sheet
from autograder.lms.sheet import Filled, Known
from autograder.lms.zip_names import canvas_name

ENGLISH = """\
Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),\
Last modified (grade),Feedback comments
Participant 11,Ada Lovelace,ada@x.org,Submitted for grading,,40.00,Yes,"Friday, 10 January 2025, 9:00 AM",-,
Participant 12,Ben Bool,ben@x.org,Submitted for grading,7.00,40.00,Yes,-,-,Well done
Participant 13,Zoe,zoe@x.org,No submission,,40.00,Yes,-,-,
"""
GERMAN = """\
ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung;Bestwertung;Bewertung kann geändert werden;\
Zuletzt geändert (Abgabe);Zuletzt geändert (Bewertung);Feedback als Kommentar
Teilnehmer/in11;Ada Lovelace;ada@x.org;Zur Bewertung abgegeben;;40,00;Ja;-;-;
Teilnehmer/in12;Ben Bööl;ben@x.org;Zur Bewertung abgegeben;;40,00;Ja;-;-;
"""
UNKNOWN = ENGLISH.replace("Identifier", "Tunniste").replace(",Grade,Maximum Grade", ",Aa,Bb").replace("Email", "Cc")
PEOPLE = (Person(id="ada", name="Ada Lovelace", email="ada@x.org"), Person(id="ben", email="Ben@x.org"))


def grade(student: str, points: float | None = 36.5, **more: Any) -> Grade:
    task = TaskGrade(id="t", title="Fit", cell="test-t", points=40, automatic=points, open=points is None,
                     comment=more.pop("comment", None))
    return Grade(**{"student": student, "assignment": "mlp", "state": State.GRADED, "max_points": 40,
                    "tasks": (task,), **more})


def fill(text: str | bytes, *grades: Grade, numbers: dict[str, str] | None = None, **given: Any) -> Filled:
    data = text if isinstance(text, bytes) else text.encode()
    known = Known(grades={one.student: one for one in grades}, people=PEOPLE, numbers=numbers or {})
    return fill_worksheet(read_sheet(data, "w.csv"), known, **given)


def rows(filled: Filled) -> list[list[str]]:
    return list(csv.reader(io.StringIO(filled.text)))


@pytest.mark.parametrize("text, expected", [(ENGLISH, "36.5"), (GERMAN, "36,5"), (UNKNOWN, "36.5")],
                         ids=["English", "German, saved by Excel", "no known name"])
def test_the_grade_is_found_in_any_language(text: str, expected: str) -> None:
    made = fill(text, grade("ada"), grade("ben", None))
    assert [row[4] for row in rows(made)[1:3]] == [expected, ""]
    assert made.students == ("ada",) and rows(made)[1][0].endswith("11")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_what_excel_saved_is_read(encoding: str) -> None:
    made = fill(GERMAN.encode(encoding), grade("ada"), grade("ben"))
    assert rows(made)[2][1] == "Ben Bööl" and rows(made)[0][5] == "Bestwertung"


def test_everything_that_moodle_compares_is_as_it_was() -> None:
    made = rows(fill(ENGLISH, grade("ada"), grade("ben")))
    before = list(csv.reader(io.StringIO(ENGLISH)))
    assert [row[:4] + row[5:] for row in made] == [row[:4] + row[5:] for row in before]


@pytest.mark.parametrize("state", [state for state in State if state is not State.GRADED])
def test_work_without_a_final_score_has_an_empty_cell(state: State) -> None:
    made = fill(ENGLISH, grade("ben", 30.0, state=state))
    assert rows(made)[2][4] == "" and made.students == ()


def test_a_grade_that_was_there_and_rows_of_nobody_are_named() -> None:
    made = fill(ENGLISH, grade("ada"), grade("ben"), grade("cy"), grade("gone", enrolled=False))
    said = " ".join(made.notes)
    assert "replaced for ben" in said and "Participant 13" in said and "cy" in said and "gone" in said


def test_comments_of_people_arrive_as_text_and_replace_nothing() -> None:
    made = rows(fill(ENGLISH, grade("ada", comment="=1+1 <b>why?</b>"), grade("ben", comment="no")))
    assert made[1][9] == "Fit: =1+1 &lt;b&gt;why?&lt;/b&gt;" and made[2][9] == "Well done"


def test_rows_are_found_by_number_id_and_name() -> None:
    bare = "Identifier,Full name,ID number,Grade,Maximum Grade,Last modified (grade)\n" \
           "Participant 11,Eve,,,40.00,-\nParticipant 12,Eve,ben,,40.00,-\nParticipant 13,Dan Di,,,40.00,-\n" \
           "Participant 14,Sam Sam,,,40.00,-\n"
    twins = [grade(name, first_name="Sam", last_name="Sam") for name in ("s1", "s2")]
    made = fill(bare, grade("ada", 1), grade("ben", 2), grade("dan", 3, first_name="Dan", last_name="Di"), *twins,
                numbers={"11": "ada"})
    assert [row[3] for row in rows(made)[1:]] == ["1", "2", "3", ""]


def test_a_worksheet_of_another_assignment_is_named() -> None:
    with pytest.raises(WorksheetError, match=r"another assignment: ada is number 11 there, but handed in .* number 77"):
        fill(ENGLISH, grade("ada"), grade("ben"), numbers={"77": "ada", "78": "ben"})


def test_one_contradiction_leaves_one_row_and_does_the_rest() -> None:
    made = fill(ENGLISH, grade("ada"), grade("ben", 2), numbers={"11": "ben", "12": "ben"})
    assert [row[4] for row in rows(made)[1:3]] == ["", "2"]


def test_another_maximum_is_an_error_unless_converted() -> None:
    text = ENGLISH.replace("40.00", "100.00")
    with pytest.raises(WorksheetError, match=r"highest grade of 100, but mlp has 40 points.*--scale"):
        fill(text, grade("ada"))
    assert rows(fill(text, grade("ada", 10), scale=True))[1][4] == "25"


def test_a_file_cut_in_the_middle_is_filled_in_as_far_as_it_goes() -> None:
    made = fill(ENGLISH[: ENGLISH.index("Participant 13,Zoe") + 18], grade("ada"))
    assert len(rows(made)) == 3 and any("line 4" in note for note in made.notes)


@pytest.mark.parametrize("text, said", [
    ("", "line of column names"), ("one\ntwo\n", "line of column names"), ('a,b\n"x,1\n', "CSV file"),
    ("Name,Points\nAda,3\n", "identifier"), ("Identifier,Points\nParticipant 1,3\nParticipant 2,4\n", "grade"),
])
def test_what_is_no_worksheet_is_named_in_one_sentence(text: str, said: str) -> None:
    with pytest.raises(WorksheetError, match=said) as error:
        fill(text, grade("ada"))
    assert "w.csv" in str(error.value) and str(error.value).endswith(".")


def test_a_class_that_has_one_grade_is_filled_in_too() -> None:
    """Then the grades look like the highest grade: one number in every row."""
    text = ENGLISH.replace("grading,,", "grading,7.00,").replace("submission,,", "submission,7.00,")
    assert [row[4:6] for row in rows(fill(text, grade("ada"), grade("ben", 2)))[1:3]] == [["36.5", "40.00"],
                                                                                          ["2", "40.00"]]


def test_a_column_may_be_named() -> None:
    text = "Identifier,Email address,Points\nParticipant 1,ada@x.org,\nParticipant 2,b@x.org,\n"
    assert rows(fill(text, grade("ada"), grade_column="points"))[1] == ["Participant 1", "ada@x.org", "36.5"]


@pytest.mark.parametrize("name, folder", [
    ("Ada Lovelace", "Ada Lovelace_11_assignsubmission_file_"), ("../a_b/c", "a b c_11_assignsubmission_file_"),
    ("", "student_11_assignsubmission_file_"), ("Жанна д’Арк", "Жанна д’Арк_11_assignsubmission_file_"),
])
def test_folders_are_named_as_in_moodles_download(name: str, folder: str) -> None:
    assert moodle_folder(name, "11") == folder


@pytest.mark.parametrize("source, name", [
    ("lovelaceada_123_456_mlp.ipynb", "lovelaceada_123_456_mlp-x.html"),
    ("lovelaceada_LATE_123_456_mlp.ipynb", "lovelaceada_123_456_mlp-x.html"),
    ("submissions/a_123_456_my_work.zip → mlp.ipynb", "a_123_456_mlp-x.html"),
    ("a_123_999_mlp.ipynb", None), ("mlp.ipynb", None),
])
def test_pages_are_named_like_canvass_files(source: str, name: str | None) -> None:
    assert canvas_name(source, "123", 456, "mlp_x.html") == name
