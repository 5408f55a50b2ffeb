"""Model answers: nobody gets them while anybody can still hand in, and nothing hidden is in them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.grades import Grade, State
from autograder.model import Result
from autograder.pipeline.feedback import write_page
from autograder.pipeline.hand_in_rules import closes, rules_for
from autograder.pipeline.solutions import is_out, write_solution
from autograder.testing import ASSIGNMENT, make_course
from autograder.testing.small_course import COURSE
from autograder.workspace.layout import Workspace, open_workspace

DUE = "2030-01-31T23:59:00+01:00"


def course(folder: Path, *, due: str | None = DUE, more: str = "", late: str = "") -> Workspace:
    space = make_course(folder)
    text = COURSE.replace(f"    due: {DUE}\n", f"    due: {due}\n{late}" if due else late)
    (space.root / "course.yml").write_text(text + more)
    return open_workspace(space.root)


EXTENDED = "extensions:\n  ada:\n    small: 2030-02-10T23:59:00+01:00\n"


@pytest.mark.parametrize("changed, end", [
    ({}, "2030-01-31T22:59:00+00:00"),
    ({"more": EXTENDED}, "2030-02-10T22:59:00+00:00"),
    ({"more": EXTENDED, "late": "    late: {per_day: 10, last_day: 7}\n"}, "2030-02-17T22:59:00+00:00"),
    ({"due": None}, None),
])
def test_an_assignment_closes_after_every_extension_and_the_last_late_day(
    tmp_path: Path, changed: dict[str, str], end: str | None
) -> None:
    space = course(tmp_path / "c", **changed)
    assert closes(space, ASSIGNMENT) == (datetime.fromisoformat(end) if end else None)


def test_an_extension_that_was_granted_in_nbgrader_counts_too(tmp_path: Path) -> None:
    space = course(tmp_path / "c", due="2020-01-31T23:59:00+01:00")
    grade = Grade(student="ada", assignment=ASSIGNMENT, state=State.GRADED, own_due="2100-03-01T10:00:00+00:00")
    write_solution(space, ASSIGNMENT)
    assert is_out(space, ASSIGNMENT, [])
    assert not is_out(space, ASSIGNMENT, [grade])
    assert is_out(space, ASSIGNMENT, [grade.model_copy(update={"assignment": "other"})])


def test_the_answers_are_written_without_hidden_checks(tmp_path: Path) -> None:
    space = course(tmp_path / "c", due="2020-01-31T23:59:00+01:00")
    path = write_solution(space, ASSIGNMENT)
    text = path.read_text()
    notebook = json.loads(text)
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert any("np.multiply(numbers, 2.0)" in source for source in sources)
    assert "SOLUTION" not in text and "HIDDEN" not in text and "student" not in text


@pytest.mark.parametrize("due", ["2100-01-31T23:59:00+01:00", None])
def test_nobody_gets_them_while_anybody_can_hand_in(tmp_path: Path, due: str | None) -> None:
    space = course(tmp_path / "c", due=due)
    with pytest.raises(CourseError, match="--early"):
        write_solution(space, ASSIGNMENT)
    assert write_solution(space, ASSIGNMENT, early=True).is_file()
    assert not is_out(space, ASSIGNMENT, []), "written for staff only"


def test_they_lie_next_to_the_page_only_while_they_are_out(tmp_path: Path) -> None:
    space = course(tmp_path / "c", due="2020-01-31T23:59:00+01:00")
    write_solution(space, ASSIGNMENT)
    result = Result(student="ada", assignment=ASSIGNMENT, status="graded", max_score=5)
    page = write_page(space, result, None, solution=True)
    answers = page.with_name("small-solution.ipynb")
    assert 'href="small-solution.ipynb"' in page.read_text() and answers.is_file()
    write_page(space, result, None)
    assert "small-solution" not in page.read_text() and not answers.exists()


def test_a_student_reads_the_own_deadline(tmp_path: Path) -> None:
    space = course(tmp_path / "c", more=EXTENDED, late="    late: {per_day: 10, last_day: 7}\n    attempts: 3\n")
    rules = rules_for(space, "ada", ASSIGNMENT, None)
    assert rules.until == "10 February 2030, 23:59 UTC+01:00" and rules.attempts == 3
    assert rules.late.startswith("Late work loses 10 %")
    own = Grade(student="bob", assignment=ASSIGNMENT, state=State.GRADED, own_due="2030-03-01T10:00:00+00:00")
    assert rules_for(space, "bob", ASSIGNMENT, own).until == "1 March 2030, 10:00 UTC"
