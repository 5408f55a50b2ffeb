"""The table for Canvas: what its importer reads, and that nothing which waits becomes a zero."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from autograder.course import Person
from autograder.errors import WorksheetError
from autograder.grades import Grade, State, TaskGrade
from autograder.lms import canvas_table, read_sheet
from autograder.lms.sheet import Filled, Known

TITLES = {"mlp": "Multilayer perceptron"}
EXPORT = """\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Multilayer perceptron (7148451),Essay (7),Final Score
    Points Possible,,,,,40,10,(read only)
"Lovelace, Ada",123,u123,ada,Sec 1,,9,90
"Bool, Ben",124,,ben,"Sec 1 and Sec 2",3,,
"Test, Student",999,,f00,Sec 1,,,
"""


def grade(student: str, points: float | None = 36.0, **more: Any) -> Grade:
    task = TaskGrade(id="t", title="T", cell="test-t", points=40, automatic=points, open=points is None)
    return Grade(**{"student": student, "assignment": "mlp", "state": State.GRADED, "max_points": 40,
                    "tasks": (task,), **more})


def known(*grades: Grade, people: tuple[Person, ...] = (), numbers: dict[str, str] | None = None) -> dict[str, Known]:
    return {"mlp": Known(grades={one.student: one for one in grades}, people=people, numbers=numbers or {})}


def rows(filled: Filled) -> list[list[str]]:
    return list(csv.reader(io.StringIO(filled.text)))


def test_header_and_points_are_as_canvas_wants_them() -> None:
    made = rows(canvas_table(known(grade("ada", 47.5, max_points=50)), TITLES))
    assert "Student" in made[0][0] and "ID" in made[0][1]  # what Canvas itself looks at
    assert made[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Multilayer perceptron"]
    assert "Points Possible" in made[1][0] and made[1][1:] == ["", "", "", "", "50"]
    assert made[2][3] == "ada" and made[2][5] == "47.5"


@pytest.mark.parametrize("state, points, cell", [
    (State.GRADED, None, ""), (State.GRADED, 0.0, "0"), (State.WAITING, 30.0, ""), (State.REFUSED, None, ""),
    (State.QUEUED, None, ""), (State.FAILED, None, ""), (State.MISSING, None, ""), (State.EXCUSED, 30.0, "EX"),
])
def test_only_a_score_that_is_final_is_a_number(state: State, points: float | None, cell: str) -> None:
    assert rows(canvas_table(known(grade("ada", points, state=state)), TITLES))[2][5] == cell


def test_ids_come_from_the_class_list_and_from_the_uploads() -> None:
    people = (Person(id="ada", name="Ada Lovelace", ids={"canvas": ("123",)}),
              Person(id="cy", ids={"canvas": ("cy9",)}))
    made = canvas_table(known(grade("ada", first_name="Ada", last_name="Lovelace"), grade("ben"), grade("cy"),
                              people=people, numbers={"124": "ben"}), TITLES)
    assert [row[:4] for row in rows(made)[2:]] == [["Lovelace, Ada", "123", "", ""], ["ben", "124", "", ""],
                                                   ["cy", "", "", "cy9"]]
    assert any("1 students have no Canvas id" in note for note in made.notes)


def test_the_teachers_own_export_is_filled_in() -> None:
    people = (Person(id="ada", ids={"canvas": ("123",)}),)
    made = canvas_table(known(grade("ada"), grade("ben", None), grade("zoe"), people=people), TITLES,
                        read_sheet(EXPORT.encode(), "canvas.csv"))
    assert rows(made) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Multilayer perceptron (7148451)"],
        ["    Points Possible", "", "", "", "", "40"],
        ["Lovelace, Ada", "123", "u123", "ada", "Sec 1", "36"],
        ["Bool, Ben", "124", "", "ben", "Sec 1 and Sec 2", ""],
        ["Test, Student", "999", "", "f00", "Sec 1", ""],
    ]
    assert made.students == ("ada",)
    assert any("Test, Student" in note for note in made.notes) and any("zoe" in note for note in made.notes)


def test_other_points_are_an_error_unless_converted() -> None:
    sheet = read_sheet(EXPORT.replace(",,,,,40", ",,,,,100").encode(), "canvas.csv")
    with pytest.raises(WorksheetError, match="highest grade of 100, but mlp has 40 points"):
        canvas_table(known(grade("ada")), TITLES, sheet)
    made = canvas_table(known(grade("ada")), TITLES, sheet, scale=True)
    assert rows(made)[2][5] == "90" and rows(made)[1][5] == "100"


def test_names_are_no_formulas_and_ids_are_not_changed() -> None:
    people = (Person(id="a", ids={"canvas": ("-1+cmd|'x'!A0",)}), Person(id="b", ids={"canvas": ("+b@x.org",)}))
    made = canvas_table(known(grade("a"), grade("b", last_name='=HYPERLINK("http://x")'), people=people), TITLES)
    assert [row[3] for row in rows(made)[2:]] == ["+b@x.org"], "an id is written as it is, or not at all"
    assert rows(made)[2][0] == "'=HYPERLINK(\"http://x\")"
    assert any(note.startswith("a is left out") for note in made.notes)


def test_who_left_the_class_is_named_and_left_out() -> None:
    made = canvas_table(known(grade("ada"), grade("gone", enrolled=False)), TITLES)
    assert [row[3] for row in rows(made)[2:]] == ["ada"] and any("gone" in note for note in made.notes)


def test_another_table_is_named() -> None:
    with pytest.raises(WorksheetError, match="export of Canvas's gradebook"):
        canvas_table(known(grade("ada")), TITLES, read_sheet(b"Identifier,Grade\nParticipant 1,3\n", "x.csv"))
