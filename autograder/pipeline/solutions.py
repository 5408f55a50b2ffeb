"""Model answers as a notebook: written once nobody can hand in any more, and put next to every page from then on."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from autograder.errors import CourseError
from autograder.grades import Grade
from autograder.pipeline.hand_in_rules import closes
from autograder.pipeline.session.course_files import read_release
from autograder.pipeline.session.variant_files import SOLUTION, as_file, make_submission
from autograder.pipeline.up_to_date import current_grades
from autograder.workspace.layout import Workspace
from autograder.workspace.page_files import handed_out_answers, model_answers
from autograder.workspace.reading import is_file
from autograder.workspace.storage import write_atomically


def write_solution(workspace: Workspace, assignment: str, *, early: bool = False) -> Path:
    """Write the release with the model answers filled in, without hidden checks, and return where it is.

    Args:
        early: write it for staff although students can still hand in; no page links to it before they cannot.

    Raises:
        CourseError: somebody can still hand in, or the assignment has no deadline.
    """
    workspace.course.assignment(assignment)
    end = closes(workspace, assignment, current_grades(workspace, (assignment,)))
    if not early and (end is None or end > datetime.now(UTC)):
        when = f"after {end:%Y-%m-%d %H:%M}" if end else "after a deadline, and course.yml gives it none"
        raise CourseError(f"The model answers of {assignment} were expected {when}, when nobody can hand in any more; "
                          "wait, or add --early to write them for staff only.")
    path = model_answers(workspace, assignment)
    submission = make_submission(workspace, assignment, SOLUTION, read_release(workspace, assignment))
    write_atomically(path, as_file(submission).decode())
    return path


def is_out(workspace: Workspace, assignment: str, grades: Iterable[Grade]) -> bool:
    """Whether pages may link to the model answers: they were written, and nobody can hand in any more.

    Args:
        grades: they know extensions that were granted in nbgrader, perhaps after the answers were written.
    """
    end = closes(workspace, assignment, grades)
    return is_file(model_answers(workspace, assignment)) and end is not None and end <= datetime.now(UTC)


def copy_solution(workspace: Workspace, student: str, assignment: str, *, out: bool) -> None:
    """Put the model answers next to a student's page, or take them away where they are not out."""
    path = handed_out_answers(workspace, student, assignment)
    if out:
        shutil.copyfile(model_answers(workspace, assignment), path)
    else:
        path.unlink(missing_ok=True)
