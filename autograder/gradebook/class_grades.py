"""The grades of a class: results on disk, the gradebook and the class list, joined into one value per student.

Every report reads its numbers here, so that all of them say the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograder.errors import CourseError, GradebookError
from autograder.gradebook.database import PATIENCE_SECONDS, open_gradebook, patiently
from autograder.gradebook.late_penalty import LatePenalties
from autograder.gradebook.read_marks import read_marks, refresh
from autograder.gradebook.recorded import read_release
from autograder.gradebook.register import deadline, known_students, split_name
from autograder.grades import Facts, Grade, Marks, State, grade_of
from autograder.model import Receipt, Result
from autograder.workspace.layout import Workspace
from autograder.workspace.results_on_disk import stored_results


@dataclass(frozen=True, kw_only=True)
class _Known:
    """All that is known of one assignment."""

    assignment: str
    marks: Mapping[str, Marks] = field(default_factory=dict)
    names: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    results: Mapping[str, Result] = field(default_factory=dict)
    receipts: Mapping[str, Receipt] = field(default_factory=dict)
    due: str | None = None
    max_points: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.marks or self.results or self.receipts)


def read_grades(
    workspace: Workspace, assignments: Iterable[str] = (), *, students: Collection[str] | None = None,
    results: Iterable[Result] | None = None, patience: float = PATIENCE_SECONDS,
) -> list[Grade]:
    """Return one grade per assignment and student, in the order of course.yml and then by id.

    Everybody has one: students who handed in, those whose work was refused, and those of the class list or the
    gradebook who handed in nothing. Late penalties in the gradebook are brought up to date first. Without a gradebook,
    results alone count.

    Args:
        assignments: only these; by default all of which anything is known.
        students: only these; None: everybody.
        results: all stored results of these, if they were read already.

    Raises:
        GradebookError: the database is locked or damaged.
    """
    wanted = tuple(dict.fromkeys(assignments))
    found: list[Grade] = []
    read = list(results) if results is not None else None
    recorded = _recorded(workspace, wanted, students, patience) if workspace.gradebook.is_file() else {}
    for known in _known(workspace, wanted, students, recorded, read):
        found += [_grade(workspace, known, student) for student in _students(workspace, known)
                  if students is None or student in students]
    return found


def _known(
    workspace: Workspace, wanted: tuple[str, ...], students: Collection[str] | None, recorded: Mapping[str, _Known],
    read: Sequence[Result] | None,
) -> Iterator[_Known]:
    own = tuple(workspace.course.assignments)
    for name in (*own, *(other for other in recorded if other not in own)):
        if wanted and name not in wanted:
            continue
        known = recorded.get(name, _Known(assignment=name))
        if name in workspace.course.assignments:
            known = _on_disk(workspace, known, students, stored_results(workspace, name, students=students)
                             if read is None else [result for result in read if result.assignment == name])
        if known or (name in wanted and workspace.course.students):
            yield known


def _recorded(
    workspace: Workspace, wanted: tuple[str, ...], students: Collection[str] | None, patience: float
) -> dict[str, _Known]:
    with open_gradebook(workspace.gradebook, workspace.course.id, patience) as book:
        return patiently(lambda: {known.assignment: known for known in _from_book(book, workspace, wanted, students)},
                         workspace.gradebook, undo=book.db.rollback, patience=patience)


def _from_book(
    book: Any, workspace: Workspace, wanted: tuple[str, ...], students: Collection[str] | None
) -> Iterator[_Known]:
    late = LatePenalties(workspace)
    for assignment in book.assignments:
        if wanted and assignment.name not in wanted:
            continue
        if assignment.name in workspace.course.assignments:
            refresh(book, workspace, assignment, late, students)
        names = {student: (one["first_name"], one["last_name"], one["email"])
                 for student, one in known_students(book, students).items()}
        yield _Known(assignment=assignment.name, marks=read_marks(book, workspace, assignment, students), names=names,
                     due=str(assignment.duedate) if assignment.duedate else None, max_points=assignment.max_score)


def _on_disk(
    workspace: Workspace, known: _Known, students: Collection[str] | None, stored: Iterable[Result]
) -> _Known:
    name = known.assignment
    results = {result.student: result for result in stored}
    due = deadline(workspace.course, name)
    most = known.max_points or max((result.max_score for result in results.values()), default=0.0)
    return _Known(
        assignment=name, marks=known.marks, names=known.names, results=results,
        receipts={receipt.student: receipt for receipt in workspace.receipts(name, students)},
        due=known.due or (str(due) if due is not None else None), max_points=most or _released_points(workspace, name))


def _released_points(workspace: Workspace, assignment: str) -> float:
    try:
        return sum(cell.points for cell in read_release(workspace, assignment)[0].graded)
    except (GradebookError, CourseError):
        return 0.0


def _students(workspace: Workspace, known: _Known) -> list[str]:
    """Return the class, and everybody else of whom there is work; without a class list, everybody who is known."""
    class_list = workspace.course.students
    everybody = {*known.results, *known.receipts, *known.marks}
    return sorted(everybody | set(class_list if class_list is not None else known.names))


def _grade(workspace: Workspace, known: _Known, student: str) -> Grade:
    course, assignment = workspace.course, known.assignment
    result, marks, receipt = known.results.get(student), known.marks.get(student), known.receipts.get(student)
    state, message = _state(result, marks, receipt)
    if course.is_excused(student, assignment):
        state, message = State.EXCUSED, None
    person = next((person for person in course.people if person.id == student), None)
    first, last, email = known.names.get(student, ("", "", ""))
    if person is not None:
        own = split_name(person.name)
        first, last, email = first or own[0], last or own[1], email or person.email
    facts = Facts(state=state, message=message, first_name=first, last_name=last, email=email, due=known.due,
                  max_points=known.max_points, enrolled=course.students is None or student in course.students)
    return grade_of(result, marks, facts, student=student, assignment=assignment)


def _state(result: Result | None, marks: Marks | None, receipt: Receipt | None) -> tuple[State, str | None]:
    """Return how far the work has come, and a sentence where it is not graded."""
    if receipt is None:  # its files are elsewhere, or were never here
        if result is not None:
            return State(result.status), result.message
        return (State.GRADED if marks is not None else State.MISSING), None
    if not receipt.accepted:
        return State.REFUSED, receipt.reason
    if result is None:
        return State.WAITING, "It was collected and is not graded yet."
    if result.provenance is not None and result.provenance.submission != receipt.sha256:
        return State.WAITING, "It was handed in again and is not graded since."
    return State(result.status), result.message
