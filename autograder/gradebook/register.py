"""Assignments, students and submissions in nbgrader's gradebook, as its own pipeline would make them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from autograder.course import Course
from autograder.errors import GradebookError
from autograder.gradebook import last_recorded
from autograder.gradebook.last_recorded import FEW
from autograder.gradebook.recorded import Recorded
from autograder.gradebook.release_cells import NotebookLayout
from autograder.gradebook.scores import CellScore
from autograder.gradebook.update_scores import UpdateOutcome, leave_open, update_scores


def register_assignment(book: Any, layout: NotebookLayout, due: datetime | None) -> None:
    """Create or update an assignment, its notebook and its cells from the release.

    Raises:
        GradebookError: graded cells would be added or removed although submissions are recorded.
    """
    name = layout.assignment
    if due is None:
        book.update_or_create_assignment(name)
    else:
        book.update_or_create_assignment(name, duedate=due)
    notebook = book.update_or_create_notebook(name, name, kernelspec=layout.kernelspec)
    if not _unchanged(notebook, layout):
        _refuse_changed_grades(notebook, layout)
        _write_cells(book, notebook, layout)


def _unchanged(notebook: Any, layout: NotebookLayout) -> bool:
    """Whether the database already describes this release: the usual case, and then nothing is written."""
    stored = {cell.name: (cell.cell_type, cell.locked, cell.source, cell.checksum) for cell in notebook.source_cells}
    points = {cell.name: cell.max_score for cell in notebook.grade_cells}
    return (
        stored == {cell.name: (cell.kind, cell.locked, cell.source, cell.checksum) for cell in layout.cells}
        and points == {cell.name: cell.points for cell in layout.graded}
        and {cell.name for cell in notebook.solution_cells} == {cell.name for cell in layout.solutions}
    )


def _refuse_changed_grades(notebook: Any, layout: NotebookLayout) -> None:
    stored = {cell.name for cell in notebook.grade_cells} | {cell.name for cell in notebook.solution_cells}
    wanted = {cell.name for cell in layout.cells if cell.grade or cell.solution}
    if stored != wanted and notebook.submissions:
        names = ", ".join(sorted(stored ^ wanted))
        raise GradebookError(
            f"The gradebook has {len(notebook.submissions)} submissions of {layout.assignment} whose graded cells "
            f"differ from the release ({names}); release the earlier cells again, or back up gradebook.db and remove "
            f"the assignment with `nbgrader db assignment remove {layout.assignment} --force`."
        )


def _write_cells(book: Any, notebook: Any, layout: NotebookLayout) -> None:
    name = layout.assignment
    wanted = {cell.name for cell in layout.cells}
    graded = {cell.name for cell in layout.graded}
    solutions = {cell.name for cell in layout.solutions}
    for stored, keep in ((notebook.source_cells, wanted), (notebook.grade_cells, graded),
                         (notebook.solution_cells, solutions)):
        for cell in [cell for cell in stored if cell.name not in keep]:
            book.db.delete(cell)
    book.db.commit()
    for cell in layout.cells:
        if cell.grade:
            book.update_or_create_grade_cell(cell.name, name, name, max_score=cell.points, cell_type=cell.kind)
        if cell.solution:
            book.update_or_create_solution_cell(cell.name, name, name)
        book.update_or_create_source_cell(cell.name, name, name, cell_type=cell.kind, locked=cell.locked,
                                          source=cell.source, checksum=cell.checksum)


def add_submitted(book: Any, recorded: Recorded, course: Course) -> Any:
    """Return nbgrader's record of a student's notebook; it is made where there is none."""
    from nbgrader.api import MissingEntry

    try:
        book.find_student(recorded.student)
    except MissingEntry:
        book.add_student(recorded.student)
    with book.db.no_autoflush:    # nbgrader builds a submission in steps that may not be flushed one by one
        submission = book.update_or_create_submission(recorded.assignment, recorded.student)
    submitted = book.find_submission_notebook(recorded.assignment, recorded.assignment, recorded.student)
    set_extension(book, submitted, course)
    set_timestamp(submission, recorded)
    return submitted


def deadline(course: Course, assignment: str) -> datetime | None:
    """Return the deadline of the class in UTC without a zone, as nbgrader stores times."""
    due = course.assignment(assignment).due
    if due is None or due.tzinfo is None:
        return due
    return due.astimezone(UTC).replace(tzinfo=None)


def has_grades(book: Any, student: str, assignment: str) -> bool:
    """Whether anything was ever given for a student's work, by the grader or by a person."""
    from nbgrader.api import MissingEntry

    try:
        submission = book.find_submission(assignment, student)
    except MissingEntry:
        return False
    return any(points is not None for notebook in submission.notebooks for grade in notebook.grades
               for points in (grade.auto_score, grade.manual_score, grade.extra_credit))


def set_timestamp(submission: Any, recorded: Recorded) -> None:
    """Set the time of submission from the receipt; the caller commits.

    It is that of ``timestamp.txt``: nbgrader takes a submission as graded where both are equal. Work that waits for
    another machine keeps the earlier time, so that nbgrader says that it is not graded.
    """
    from nbgrader.utils import parse_utc

    if recorded.received_at is None or recorded.queued:
        return
    try:
        submission.timestamp = parse_utc(recorded.received_at)
    except (ValueError, OverflowError) as error:
        raise GradebookError(
            f"The receipt of {recorded.student} says that it was handed in at “{recorded.received_at}”, which is not "
            f"time; collect {recorded.assignment} again."
        ) from error


def set_extension(book: Any, submitted: Any, course: Course) -> None:
    """Apply the later of two deadlines: that of course.yml, and one that was granted in nbgrader; the caller commits.

    What course.yml gave before is no grant of nbgrader's: it ends where course.yml no longer gives it.
    """
    submission = submitted.assignment
    later = course.extension(submission.student.id, submission.assignment.name)
    due = course.assignment(submission.assignment.name).due
    wanted = later - due if later is not None and due is not None else None
    before = last_recorded.noted(book, submitted.id, last_recorded.EXTENSION)
    granted = submission.extension
    if granted is not None and before is not None and granted.total_seconds() == float(before):
        granted = None
    given = [extension for extension in (wanted, granted) if extension is not None]
    chosen = max(given) if given else None
    if submission.extension != chosen:
        submission.extension = chosen
    last_recorded.note(book, submitted.id, last_recorded.EXTENSION,
                       str(wanted.total_seconds()) if wanted is not None else None)


def add_students(book: Any, course: Course, students: Collection[str] | None = None) -> None:
    """Add the class to the gradebook, with names and addresses where it has none yet, and commit.

    Args:
        students: only these of the class; None: all.
    """
    known = known_students(book, students)
    people = {person.id: person for person in course.people}
    changed = False
    for student in course.students or ():
        if students is not None and student not in students:
            continue
        person = people.get(student)
        first, last = split_name(person.name) if person else ("", "")
        wanted = {"first_name": first, "last_name": last, "email": person.email if person else ""}
        given = {field: value for field, value in wanted.items() if value}
        if student not in known:
            book.add_student(student, **given)
            continue
        for field, value in given.items():
            if not known[student][field]:
                setattr(book.find_student(student), field, value)
                changed = True
    if changed:
        book.db.commit()


def known_students(book: Any, students: Collection[str] | None = None) -> dict[str, dict[str, str]]:
    """Return ``first_name``, ``last_name`` and ``email`` of the students in the gradebook, by id.

    Args:
        students: only these; None: all.
    """
    from nbgrader.api import Student

    rows = book.db.query(Student.id, Student.first_name, Student.last_name, Student.email)
    if students is not None and len(students) <= FEW:
        rows = rows.filter(Student.id.in_(sorted(students)))
    return {student: {"first_name": first or "", "last_name": last or "", "email": email or ""}
            for student, first, last, email in rows}


def split_name(name: str) -> tuple[str, str]:
    """Return first and last name: ``Last, First`` as many platforms write it, else the last word is the last name."""
    if "," in name:
        last, first = name.split(",", 1)
        return first.strip(), last.strip()
    first, _, last = name.strip().rpartition(" ")
    return first.strip(), last


def update_submission(book: Any, submitted: Any, recorded: Recorded, scores: Sequence[CellScore]) -> UpdateOutcome:
    """Put one submission's scores into the gradebook; the caller commits."""
    result = recorded.result
    last_recorded.note(book, submitted.id, last_recorded.RESULT, recorded.digest)
    if result is None:
        return leave_open(submitted, recorded.reason or "There is no result.", flag=not recorded.queued)
    return update_scores(
        book, submitted, scores,
        submission=result.provenance.submission if result.provenance else None,
        answers=recorded.answers,
        flag=bool(result.staff_flags),
    )
