"""With `counts: best`: a run of any attempt that failed is the command's failure, whichever attempt counts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.errors import ExecutionError
from autograder.model import Ending
from autograder.pipeline.collect.uploads import Shelf
from autograder.pipeline.grade import batch
from autograder.pipeline.grade.batch import grade_class
from autograder.pipeline.grade.results import FAILED_EXIT, Grading
from autograder.pipeline.session.options import RunOptions
from autograder.testing import ASSIGNMENT, FakePool, make_course, make_notebook, make_receipt, make_session
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Silent
from autograder.workspace.reading import digest

FAULT = ExecutionError("Expected a new process for a submission, but the machine refused.")


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """The small course with `counts: best`, in which one student has handed in twice."""
    made = make_course(tmp_path)
    settings = made.course.assignment(ASSIGNMENT).model_copy(update={"counts": "best", "attempts": 5})
    made = replace(made, course=made.course.model_copy(update={"assignments": {ASSIGNMENT: settings}}))
    shelf = Shelf(made, "ada", ASSIGNMENT)
    for number in (1, 2):
        content = json.dumps({**make_notebook(made, comment=f"attempt {number}"), "attempt": number}).encode()
        receipt = make_receipt("ada").model_copy(update={
            "attempt": number, "sha256": digest(content), "received_at": f"2030-01-0{number}T00:00:00+00:00",
            "counts": number == 2})
        if number == 2:
            shelf.count(content, receipt)
        else:
            shelf.keep(content, receipt)
    return made


def grade(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, endings: Sequence[Ending | Exception]) -> Grading:
    session = make_session(workspace, pool=FakePool(endings))
    monkeypatch.setattr(batch, "open_session", lambda *_, **__: nullcontext(session))
    return grade_class(workspace, (ASSIGNMENT,), RunOptions(gradebook=False), Silent())


@pytest.mark.parametrize(("endings", "status", "code"), [
    ((Ending.COMPLETED,), "graded", 0),
    ((Ending.COMPLETED, FAULT), "graded", FAILED_EXIT),
    ((FAULT, Ending.COMPLETED), "graded", FAILED_EXIT),
    ((FAULT,), "failed", FAILED_EXIT),
])
def test_a_failed_run_of_an_attempt_is_the_commands_failure(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, endings: Sequence[Ending | Exception], status: str,
    code: int,
) -> None:
    grading = grade(workspace, monkeypatch, endings)
    (result,) = grading.results
    assert (result.status, grading.exit_code) == (status, code), result.message
    flag = next(flag for flag in result.staff_flags if flag.startswith("Attempts: "))
    assert ("was not graded" in flag) == (FAULT in endings)


def test_the_next_command_grades_what_failed_and_ends_well(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert grade(workspace, monkeypatch, (Ending.COMPLETED, FAULT)).exit_code == FAILED_EXIT
    again = grade(workspace, monkeypatch, (Ending.COMPLETED,))
    assert again.exit_code == 0 and "was not graded" not in " ".join(again.results[0].staff_flags)
