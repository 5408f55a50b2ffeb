"""The time to work through a notebook: two to four hours, and no less than its tasks and its text need."""

from __future__ import annotations

import re

import pytest

from tests.assignments.common import ROOT, Assignment, every_assignment, grading, source

NAMES = every_assignment()
WORDS_PER_MINUTE, TASK, WRITTEN = 150, 8, 12
"""Reading with understanding; minutes for a task with code, and for a written answer."""
TRYING_OUT = {"half an hour": 30, "an hour": 60}
HOURS = {"two hours": 2.0, "two and a half hours": 2.5, "three hours": 3.0, "three and a half hours": 3.5,
         "four hours": 4.0}
ROW = re.compile(r"^\| \*\*Time to work through it\*\* \| about ([a-z ]+): (\d+) tasks and (\d+) written answers"
                 r"(?:, with (.+) for trying out networks of your own)? \|$", re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_the_first_cell_says_a_time_that_fits_text_and_tasks(name: str) -> None:
    assignment = Assignment(name)
    rows = ROW.findall(source(assignment.cells()[0]))
    assert len(rows) == 1, "one row of the table in the first cell says how long the notebook takes"
    hours, tasks, written, trying = rows[0]
    own = [cell for cell in assignment.written() if grading(cell)["grade"]]
    assert (int(tasks), int(written)) == (len(assignment.tasks()), len(own))
    words = sum(len(source(cell).split()) for cell in assignment.cells("markdown") if not grading(cell)["solution"])
    minutes = words / WORDS_PER_MINUTE + int(tasks) * TASK + int(written) * WRITTEN + TRYING_OUT.get(trying, 0)
    assert abs(HOURS[hours] * 60 - minutes) <= 20, f"{hours}, but {minutes:.0f} minutes by text and tasks"


@pytest.mark.parametrize("name", NAMES)
def test_the_release_says_the_same_time(name: str) -> None:
    released = (ROOT / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    row = ROW.search(source(Assignment(name).cells()[0]))
    assert row and row.group() in released


def test_the_documentation_gives_the_figures_behind_the_estimate() -> None:
    page = (ROOT / "docs" / "reference" / "course.md").read_text(encoding="utf-8")
    assert f"{WORDS_PER_MINUTE} words a minute" in page
    assert f"{TASK} minutes for a task" in page and f"{WRITTEN} for a written answer" in page
