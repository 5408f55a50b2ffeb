"""The paths of everything in a course: with `file_names`, the only module that knows these names."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.course import MAX_BYTES, Course, assignment_id, is_assignment_id, is_student_id, parse, student_id
from autograder.errors import CourseError
from autograder.model import Receipt
from autograder.workspace.data_folders import find_data_folders
from autograder.workspace.file_names import (
    ARTIFACTS,
    CACHE,
    COURSE_FILE,
    EXECUTED,
    RECEIPT,
    REQUIREMENTS_LOCK,
    RESULT,
    TIMESTAMP,
    UPLOADS,
)
from autograder.workspace.reading import digest, entries, folders, inside, is_file, read_people, read_receipt, read_text


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A course folder ``root``, and the folder ``output`` for submissions, results and grades."""

    root: Path
    course: Course
    output: Path

    # In the course

    @property
    def cache(self) -> Path:
        """Folder for files that can be regenerated."""
        return self.root / CACHE

    @property
    def sampling_secret(self) -> Path:
        """File of the course's secret, which determines which rows of arrays are sampled."""
        return self.cache / "sampling-secret"

    @property
    def grade_lock(self) -> Path:
        """Locked by a command that grades."""
        return self.cache / "grade.lock"

    @property
    def regrade_root(self) -> Path:
        """Output folder in which stored work is judged again before anything of the class's is changed."""
        return self.cache / "regrade"

    @property
    def sources_root(self) -> Path:
        """Folder with one folder per assignment: what instructors write."""
        return self.root / "assignments"

    @property
    def release_root(self) -> Path:
        """Folder with one folder per assignment: what students get."""
        return self.root / "release"

    def source(self, assignment: str) -> Path:
        """The instructor's source notebook."""
        return self.sources_root / assignment_id(assignment) / f"{assignment}.ipynb"

    def release(self, assignment: str) -> Path:
        """The current student version."""
        return self.release_root / assignment_id(assignment) / f"{assignment}.ipynb"

    def releases(self, assignment: str) -> Path:
        """Folder of every release that was ever handed out."""
        return self.root / "reference" / assignment_id(assignment) / "releases"

    def archived_release(self, assignment: str, version: str) -> Path:
        """One release that was handed out.

        Raises:
            CourseError: ``version``, which may come from a submission, is not a plain name.
        """
        if not is_student_id(version):
            raise CourseError(f"A release's version is a plain name, but {version[:60]!r} was given: see the metadata.")
        return self.releases(assignment) / f"{version}.ipynb"

    def reference(self, assignment: str) -> Path:
        """``reference.json``."""
        return self.root / "reference" / assignment_id(assignment) / "reference.json"

    @property
    def requirements_lock(self) -> Path:
        """File with the exact versions of the packages that course.yml requires."""
        return self.root / "reference" / REQUIREMENTS_LOCK

    def variants(self, assignment: str) -> Path:
        """Folder with the subfolders ``right`` and ``wrong``."""
        return self.root / "reference" / assignment_id(assignment) / "variants"

    def hidden(self, assignment: str) -> Path:
        """Folder of the hidden checks."""
        return self.root / "tests" / "hidden" / assignment_id(assignment)

    @property
    def data_folder(self) -> Path | None:
        """Return the folder to which data sets are fetched, the first of `data_folders`; None where there is none."""
        return next(iter(self.data_folders), None)

    @property
    def data_folders(self) -> tuple[Path, ...]:
        """Return the folders of data sets, the first of which has precedence; raises as `find_data_folders`."""
        return find_data_folders(self.root, self.course.data)

    # In the output folder

    @property
    def collect_lock(self) -> Path:
        """Locked while a command changes which upload counts."""
        return self.output / ".collect.lock"

    @property
    def submitted_root(self) -> Path:
        """Folder with one folder per student."""
        return self.output / "submitted"

    @property
    def autograded_root(self) -> Path:
        """Folder of the notebooks that nbgrader's formgrader shows, with one folder per student."""
        return self.output / "autograded"

    @property
    def results_root(self) -> Path:
        """Folder with one folder per student."""
        return self.output / "results"

    @property
    def feedback_root(self) -> Path:
        """Folder with one folder per student."""
        return self.output / "feedback"

    @property
    def attempts_root(self) -> Path:
        """Folder with one folder per student: attempts that were graded and do not count."""
        return self.output / "attempts"

    def attempts(self, student: str, assignment: str) -> Path:
        """Folder of one student's attempts that do not count; each is a separate output folder."""
        return self.attempts_root / student_id(student) / assignment_id(assignment)

    @property
    def gradebook(self) -> Path:
        """nbgrader's database."""
        return self.output / "gradebook.db"

    def submission_folder(self, student: str, assignment: str) -> Path:
        """Folder of one student's submission."""
        return self.submitted_root / student_id(student) / assignment_id(assignment)

    def submitted(self, student: str, assignment: str) -> Path:
        """The notebook that counts."""
        return self.submission_folder(student, assignment) / f"{assignment}.ipynb"

    def receipt(self, student: str, assignment: str) -> Path:
        """The receipt of the latest upload; it may be a refusal where no notebook was ever accepted."""
        return self.submission_folder(student, assignment) / RECEIPT

    def timestamp(self, student: str, assignment: str) -> Path:
        """nbgrader's own file with the time of the submission that counts."""
        return self.submission_folder(student, assignment) / TIMESTAMP

    def uploads(self, student: str, assignment: str) -> Path:
        """Folder of every upload, unchanged."""
        return self.submission_folder(student, assignment) / UPLOADS

    def results(self, student: str, assignment: str) -> Path:
        """Folder of ``result.json``, ``executed.ipynb`` and ``artifacts/``."""
        return self.results_root / student_id(student) / assignment_id(assignment)

    def result(self, student: str, assignment: str) -> Path:
        """``result.json``."""
        return self.results(student, assignment) / RESULT

    def executed(self, student: str, assignment: str) -> Path:
        """The executed notebook."""
        return self.results(student, assignment) / EXECUTED

    def artifacts(self, student: str, assignment: str) -> Path:
        """Folder of the files that the student's process wrote."""
        return self.results(student, assignment) / ARTIFACTS

    def autograded(self, student: str, assignment: str) -> Path:
        """The notebook that formgrader shows."""
        return self.autograded_root / student_id(student) / assignment_id(assignment) / f"{assignment}.ipynb"

    def feedback(self, student: str, assignment: str) -> Path:
        """The HTML page."""
        return self.feedback_root / student_id(student) / assignment_id(assignment) / f"{assignment}.html"

    def class_report(self, assignment: str) -> Path:
        """The page for staff."""
        return self.output / "report" / f"{assignment_id(assignment)}.html"

    def questions(self, assignment: str) -> Path:
        """Folder of questions to students."""
        return self.output / "questions" / assignment_id(assignment)

    # Listings

    def chosen(self, assignments: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the assignments named, or all of the course.

        Raises:
            CourseError: the course has no such assignment.
        """
        names = tuple(dict.fromkeys(assignments))
        return tuple(self.course.assignment(name).id for name in names) or tuple(self.course.assignments)

    def students(self) -> tuple[str, ...]:
        """Return the class list, else all students with a submission, sorted."""
        if self.course.students is not None:
            return self.course.students
        return tuple(sorted({student for student, _ in self.submissions()}))

    def submissions(self, assignment: str | None = None) -> tuple[tuple[str, str], ...]:
        """Return (student, assignment) of every submission, sorted; also of those whose only uploads were refused.

        Links are ignored: a submission is a real folder.
        """
        found = []
        for folder in folders(self.submitted_root):
            for inner in folders(folder):
                pair = (folder.name, inner.name)
                if not is_student_id(pair[0]) or not is_assignment_id(pair[1]) or assignment not in (None, pair[1]):
                    continue
                found_here = is_file(self.submitted(*pair)) or is_file(self.receipt(*pair))
                if found_here and pair[1] in self.course.assignments:
                    found.append(pair)
        return tuple(sorted(found))

    def receipts(self, assignment: str | None = None, students: Collection[str] | None = None) -> list[Receipt]:
        """Return the receipt of every submission, by student; a missing one is reconstructed from the notebook.

        Args:
            students: only of these; None: of everybody.
        """
        return [self.current_receipt(student, name) for student, name in self.submissions(assignment)
                if students is None or student in students]

    def upload_receipts(self, student: str, assignment: str) -> list[Receipt]:
        """Return the receipts of all uploads of one student that are kept, whether they count or not, oldest first."""
        folder = self.uploads(student, assignment)
        found = map(read_receipt, sorted(folder.glob("*.json")) if folder.is_dir() else ())
        return [receipt for receipt in found if receipt is not None]

    def current_receipt(self, student: str, assignment: str) -> Receipt:
        """Return the receipt of one submission; a missing one is reconstructed from the notebook."""
        found = read_receipt(self.receipt(student, assignment))
        if found is not None and (found.student, found.assignment) == (student, assignment):
            return found
        path = self.submitted(student, assignment)
        if not is_file(path):
            return Receipt(student=student, assignment=assignment, accepted=False, source=RECEIPT, sha256="",
                           received_at=datetime.fromtimestamp(0, UTC).isoformat(),
                           reason="The receipt is damaged and there is no notebook; collect this submission again.")
        received = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        return Receipt(student=student, assignment=assignment, accepted=True, source=path.name, received_at=received,
                       sha256=digest(path.read_bytes()))


def open_workspace(root: Path, output: Path | None = None) -> Workspace:
    """Read the course in ``root``; ``output`` is for submissions and grades (by default the course itself).

    Raises:
        CourseError: there is no course, or ``course.yml`` and the folders do not agree.
    """
    root = root.resolve()
    path = root / COURSE_FILE
    try:
        text = read_text(path, MAX_BYTES)
    except OSError as error:
        raise CourseError(f"A course has a file course.yml, but {path} cannot be read ({error.strerror}): "
                          f"run the command in the course's folder, or name it with --course.") from None
    course = parse(text, folders=[folder.name for folder in entries(root / "assignments")])
    if (people := read_people(root)) is not None:
        course = course.with_people(people)
    for name in course.assignments:
        folder = root / "assignments" / name
        if not inside(root, folder).is_dir():
            raise CourseError(f"assignments/{name} must be a folder, but is a file: make it a folder.")
    return Workspace(root=root, course=course, output=(output or root).resolve())
