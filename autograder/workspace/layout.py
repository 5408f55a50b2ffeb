"""Where everything of a course lies: the only place that knows these names."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from autograder.course import (
    MAX_BYTES,
    MAX_PEOPLE_BYTES,
    PEOPLE_FILE,
    Course,
    Person,
    assignment_id,
    is_assignment_id,
    is_student_id,
    parse,
    parse_people,
    student_id,
)
from autograder.errors import CourseError
from autograder.model import Receipt

COURSE_FILE = "course.yml"
COLLECT_LOCK = ".collect.lock"
"""In the output folder: held by whoever changes which upload counts."""
DATA_VARIABLE = "AUTOGRADER_DATA"
MAX_RECEIPT = 2**20


@dataclass(frozen=True, kw_only=True)
class Workspace:
    """A course folder ``root`` and the folder ``output`` that takes submissions, results and grades."""

    root: Path
    course: Course
    output: Path

    # In the course

    @property
    def cache(self) -> Path:
        """Folder for what can be made again."""
        return self.root / ".cache"

    def source(self, assignment: str) -> Path:
        """The instructor's source notebook."""
        return self.root / "assignments" / assignment_id(assignment) / f"{assignment}.ipynb"

    def release(self, assignment: str) -> Path:
        """The current student version."""
        return self.root / "release" / assignment_id(assignment) / f"{assignment}.ipynb"

    def releases(self, assignment: str) -> Path:
        """Folder of every release that was ever handed out."""
        return self.root / "reference" / assignment_id(assignment) / "releases"

    def archived_release(self, assignment: str, version: str) -> Path:
        """One release that was handed out.

        Raises:
            CourseError: ``version``, which a submission may name, is no plain name.
        """
        if not is_student_id(version):
            raise CourseError(f"A release's version is a plain name, but {version[:60]!r} was given: see the metadata.")
        return self.releases(assignment) / f"{version}.ipynb"

    def release_archive(self, assignment: str, version: str) -> Path:
        """The same as `archived_release`."""
        return self.archived_release(assignment, version)

    def reference(self, assignment: str) -> Path:
        """``reference.json``."""
        return self.root / "reference" / assignment_id(assignment) / "reference.json"

    def variants(self, assignment: str) -> Path:
        """Folder with the subfolders ``right`` and ``wrong``."""
        return self.root / "reference" / assignment_id(assignment) / "variants"

    def hidden(self, assignment: str) -> Path:
        """Folder of the hidden checks."""
        return self.root / "tests" / "hidden" / assignment_id(assignment)

    @property
    def data_folder(self) -> Path | None:
        """Return the folder of data sets: ``AUTOGRADER_DATA``, else ``data`` of ``course.yml``, else None.

        Raises:
            CourseError: the folder that was named does not exist, or a link leads out of the course.
        """
        named = os.environ.get(DATA_VARIABLE)
        if named:
            folder = Path(named)
            if not folder.is_dir():
                raise CourseError(f"{DATA_VARIABLE} must name a folder, but {folder} is none: correct or unset it.")
            return folder.resolve()
        if self.course.data is None:
            return None
        folder = self.root / self.course.data
        if not folder.is_dir():
            raise CourseError(f"course.yml names the data folder '{self.course.data}', but there is none: make it.")
        return inside(self.root, folder)

    # In the output folder

    @property
    def submitted_root(self) -> Path:
        """Folder with one folder per student."""
        return self.output / "submitted"

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
        """Folder of one student's attempts that do not count; each is an output folder of its own."""
        return self.attempts_root / student_id(student) / assignment_id(assignment)

    @property
    def gradebook(self) -> Path:
        """nbgrader's database."""
        return self.output / "gradebook.db"

    def submission_folder(self, student: str, assignment: str) -> Path:
        """Folder of one student's hand-in."""
        return self.submitted_root / student_id(student) / assignment_id(assignment)

    def submitted(self, student: str, assignment: str) -> Path:
        """The notebook that counts."""
        return self.submission_folder(student, assignment) / f"{assignment}.ipynb"

    def receipt(self, student: str, assignment: str) -> Path:
        """The receipt of the latest upload; it may be a refusal where no notebook was ever accepted."""
        return self.submission_folder(student, assignment) / "receipt.json"

    def uploads(self, student: str, assignment: str) -> Path:
        """Folder of every upload as it came."""
        return self.submission_folder(student, assignment) / ".uploads"

    def results(self, student: str, assignment: str) -> Path:
        """Folder of ``result.json``, ``executed.ipynb`` and ``artifacts/``."""
        return self.results_root / student_id(student) / assignment_id(assignment)

    def result(self, student: str, assignment: str) -> Path:
        """``result.json``."""
        return self.results(student, assignment) / "result.json"

    def executed(self, student: str, assignment: str) -> Path:
        """The executed notebook."""
        return self.results(student, assignment) / "executed.ipynb"

    def artifacts(self, student: str, assignment: str) -> Path:
        """Folder of what the student's process wrote."""
        return self.results(student, assignment) / "artifacts"

    def feedback(self, student: str, assignment: str) -> Path:
        """The HTML page."""
        return self.feedback_root / student_id(student) / assignment_id(assignment) / f"{assignment}.html"

    # Listings

    def chosen(self, assignments: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the assignments named, or all of the course.

        Raises:
            CourseError: the course has no such assignment.
        """
        names = tuple(dict.fromkeys(assignments))
        return tuple(self.course.assignment(name).id for name in names) or tuple(self.course.assignments)

    def students(self) -> tuple[str, ...]:
        """Return the class list, else everyone who handed something in, sorted."""
        if self.course.students is not None:
            return self.course.students
        return tuple(sorted({student for student, _ in self.submissions()}))

    def submissions(self, assignment: str | None = None) -> tuple[tuple[str, str], ...]:
        """Return (student, assignment) of every hand-in, sorted; also of those whose only uploads were refused.

        Links are passed over: a submission is a real folder.
        """
        found = []
        for folder in _folders(self.submitted_root):
            for inner in _folders(folder):
                pair = (folder.name, inner.name)
                if not is_student_id(pair[0]) or not is_assignment_id(pair[1]) or assignment not in (None, pair[1]):
                    continue
                if pair[1] in self.course.assignments and (
                    _is_file(self.submitted(*pair)) or _is_file(self.receipt(*pair))
                ):
                    found.append(pair)
        return tuple(sorted(found))


    def receipts(self, assignment: str | None = None) -> list[Receipt]:
        """Return the receipt of every hand-in, sorted by student; a missing one is made up from the notebook."""
        return [self._receipt(student, name) for student, name in self.submissions(assignment)]

    def upload_receipts(self, student: str, assignment: str) -> list[Receipt]:
        """Return the receipts of all uploads of one student that are kept, whether they count or not, oldest first."""
        folder = self.uploads(student, assignment)
        found = map(read_receipt, sorted(folder.glob("*.json")) if folder.is_dir() else ())
        return [receipt for receipt in found if receipt is not None]

    def _receipt(self, student: str, assignment: str) -> Receipt:
        found = read_receipt(self.receipt(student, assignment))
        if found is not None and (found.student, found.assignment) == (student, assignment):
            return found
        path = self.submitted(student, assignment)
        if not _is_file(path):
            return Receipt(student=student, assignment=assignment, accepted=False, source="receipt.json", sha256="",
                           received_at=datetime.fromtimestamp(0, UTC).isoformat(),
                           reason="The receipt is damaged and there is no notebook; collect this submission again.")
        received = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
        return Receipt(student=student, assignment=assignment, accepted=True, source=path.name, received_at=received,
                       sha256=digest(path.read_bytes()))


def digest(data: bytes) -> str:
    """Return the SHA-256 of an upload, in hex."""
    return hashlib.sha256(data).hexdigest()


def read_receipt(path: Path) -> Receipt | None:
    """Return a stored receipt, or None where there is none that can be read."""
    try:
        if path.is_symlink() or path.stat().st_size > MAX_RECEIPT:
            return None
        return Receipt.from_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def open_workspace(root: Path, output: Path | None = None) -> Workspace:
    """Read the course in ``root``; ``output`` takes submissions and grades (by default the course itself).

    Raises:
        CourseError: there is no course, or ``course.yml`` and the folders do not agree.
    """
    root = root.resolve()
    path = root / COURSE_FILE
    try:
        text = _text(path, MAX_BYTES)
    except OSError as error:
        raise CourseError(f"A course has a file course.yml, but {path} cannot be read ({error.strerror}): "
                          f"run the command in the course's folder, or name it with --course.") from None
    course = parse(text, folders=[folder.name for folder in _entries(root / "assignments")])
    if (people := _people(root)) is not None:
        course = course.with_people(people)
    for name in course.assignments:
        folder = root / "assignments" / name
        if not inside(root, folder).is_dir():
            raise CourseError(f"assignments/{name} must be a folder, but is a file: make it a folder.")
    return Workspace(root=root, course=course, output=(output or root).resolve())


def _text(path: Path, limit: int) -> str:
    """Return a file's text, of at most ``limit`` bytes and one more."""
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CourseError(f"{path.name} must be UTF-8 text, but byte {error.start} is not: save it as UTF-8.") from None


def _people(root: Path) -> tuple[Person, ...] | None:
    """Return what ``students.csv`` says; None where there is none."""
    path = root / PEOPLE_FILE
    try:
        text = _text(inside(root, path), MAX_PEOPLE_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CourseError(f"{PEOPLE_FILE} cannot be read ({error.strerror}): check its permissions.") from None
    if len(text.encode()) > MAX_PEOPLE_BYTES:
        raise CourseError(f"{PEOPLE_FILE} may have at most {MAX_PEOPLE_BYTES >> 20} MiB: it is no list of one class.")
    return parse_people(text)


def inside(root: Path, path: Path) -> Path:
    """Return ``path`` with its links followed.

    Raises:
        CourseError: a link leads out of ``root``.
    """
    resolved = path.resolve()
    if not resolved.is_relative_to(root.resolve()):
        raise CourseError(f"{path.relative_to(root)} must lie in the course, but a link leads out of it: copy it here.")
    return resolved


def _entries(folder: Path) -> list[Path]:
    """Return folders, and links that may be folders."""
    if not folder.is_dir():
        return []
    return [entry for entry in sorted(folder.iterdir()) if entry.is_dir() or entry.is_symlink()]


def _folders(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return [entry for entry in sorted(folder.iterdir()) if entry.is_dir() and not entry.is_symlink()]


def _is_file(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
