"""One comment for everybody who fails a check, or who makes one mistake."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.errors import CourseError
from autograder.feedback.report import list_mistakes
from autograder.feedback.report.material import checks_of
from autograder.gradebook.write_comments import Way, Written, write_comments
from autograder.model import Result, Status
from autograder.pipeline.class_report.gather import ClassOf, gather, read_class
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter


@dataclass(frozen=True, kw_only=True)
class Comment:
    """A comment for those who fail a check.

    Attributes:
        mistake: only for those who make this mistake, by its key in the report.
        students: only for these of them.
    """

    check: str
    text: str
    mistake: str | None = None
    students: tuple[str, ...] = ()
    way: Way = Way.KEEP


@dataclass(frozen=True, kw_only=True)
class Reached:
    """Whom a comment reaches, and at which task's answer it is."""

    task: str
    written: tuple[Written, ...]


def comment_class(
    workspace: Workspace, assignment: str, wanted: Comment, reporter: Reporter, *, preview: bool = True
) -> Reached:
    """Write a comment at the task of its check for those whom it is for.

    Args:
        preview: only return whom it would reach.

    Raises:
        CourseError: there is no such check, mistake or student among those who fail it, or the comment is empty.
        GradebookError: the database is locked or damaged.
    """
    if not wanted.text.strip():
        raise CourseError("A comment was expected after --text, but it is empty: write what the students should read.")
    classes = read_class(workspace, (assignment,), reporter)
    one = classes[0] if classes else ClassOf(assignment=assignment, grades=())
    task = _task(one, wanted.check)
    reached = _failing(one, wanted.check)
    if wanted.mistake is not None:
        made = _making(workspace, one, wanted.mistake, reporter)
        reached = [student for student in reached if student in made]
    for student in wanted.students:
        if student not in reached:
            raise CourseError(f"{student!r} was expected among those who fail {wanted.check}, but is not: leave "
                              "--student out to see whom the comment reaches.")
    chosen = [student for student in reached if not wanted.students or student in wanted.students]
    return Reached(task=task, written=tuple(
        write_comments(workspace, assignment, task, chosen, wanted.text, way=wanted.way, preview=preview)))


def _graded(one: ClassOf) -> dict[str, Result]:
    return {student: result for student, result in one.results.items() if result.status == "graded"}


def _task(one: ClassOf, check: str) -> str:
    tasks = {found.id: found.task for result in _graded(one).values() for found in checks_of(result)}
    if check not in tasks:
        near = difflib.get_close_matches(check, tasks, n=1, cutoff=0.0)
        raise CourseError(f"The id of a check of {one.assignment} was expected, but {check!r} is none in its results; "
                          f"the nearest is {near[0] if near else 'none'!r}: see `autograder report {one.assignment}`.")
    return tasks[check]


def _failing(one: ClassOf, check: str) -> list[str]:
    return [student for student, result in _graded(one).items()
            if any(found.id == check and found.status is Status.FAILED for found in checks_of(result))]


def _making(workspace: Workspace, one: ClassOf, mistake: str, reporter: Reporter) -> Sequence[str]:
    made = {found.key: found.students for found in list_mistakes(gather(workspace, one, reporter, measured=False))}
    if mistake not in made:
        near = difflib.get_close_matches(mistake, made, n=1, cutoff=0.0)
        raise CourseError(f"A mistake of the report of {one.assignment} was expected, but {mistake!r} is none; the "
                          f"nearest is {near[0] if near else 'none'!r}: run `autograder report {one.assignment}` "
                          "again.")
    return made[mistake]
