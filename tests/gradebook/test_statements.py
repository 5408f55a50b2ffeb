"""How many statements the gradebook takes for a class: reading grades takes as many for a hundred as for three."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from autograder.gradebook import read_grades, record, unrecorded
from tests.gradebook.conftest import Classroom

pytestmark = pytest.mark.slow


@contextmanager
def counted() -> Iterator[list[str]]:
    """Yield the statements of the block."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def of_class(classroom: Classroom, students: int) -> tuple[int, int]:
    """Grade so many more and return the statements for reading all grades, beyond those of deadlines, and for
    finding what is not recorded."""
    results = [classroom.hand_in(f"student{number:03d}", {"double": 3.0, "total": None}) for number in range(students)]
    record(classroom, results)
    with counted() as reading:
        grades = read_grades(classroom, ("tiny",))
    assert len(grades) == students and {len(grade.tasks) for grade in grades} == {3}
    with counted() as finding:
        assert unrecorded(classroom, results) == []
    # A deadline that was extended is looked up for each student: one row by its key.
    return len([one for one in reading if "autograder_memory" not in one]), len(finding)


def test_reading_a_class_takes_as_many_statements_as_reading_three(classroom: Classroom) -> None:
    few = of_class(classroom, 3)
    assert of_class(classroom, 30) == few


def test_grades_given_by_hand_and_held_ones_are_read_as_each_submission_has_them(classroom: Classroom) -> None:
    first = classroom.hand_in("ada", {"double": 3.0, "total": 2.0})
    record(classroom, [first])
    record(classroom, [classroom.hand_in("ada", {"double": 1.0, "total": 2.0}),
                       classroom.hand_in("bob", {"double": 1.0, "total": 2.0})])
    ada, bob = read_grades(classroom, ("tiny",))
    assert [task.held for task in ada.tasks if task.held is not None] == [3.0]
    assert [task.held for task in bob.tasks if task.held is not None] == []
    only, = read_grades(classroom, ("tiny",), students=("bob",))
    assert only == bob


def test_the_grade_of_one_student_reads_nothing_of_the_others(classroom: Classroom) -> None:
    from nbgrader.api import Grade, Student, SubmittedAssignment

    results = [classroom.hand_in(f"student{number:03d}", {"double": 3.0, "total": None}) for number in range(20)]
    record(classroom, results)
    loaded: list[object] = []

    def note(target: object, _context: object) -> None:
        loaded.append(target)

    kinds = (Student, SubmittedAssignment, Grade)
    for kind in kinds:
        event.listen(kind, "load", note)
    try:
        only, = read_grades(classroom, ("tiny",), students=("student007",))
        assert unrecorded(classroom, [results[7]]) == []
    finally:
        for kind in kinds:
            event.remove(kind, "load", note)
    assert only.student == "student007" and len(only.tasks) == 3
    assert {getattr(one, "student_id", "student007") for one in loaded if isinstance(one, SubmittedAssignment)} == {
        "student007"}
    assert sum(isinstance(one, Student) for one in loaded) <= 1
    assert sum(isinstance(one, Grade) for one in loaded) <= 2 * len(only.tasks)
