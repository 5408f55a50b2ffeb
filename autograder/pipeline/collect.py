"""Take uploads of a class into ``submitted/``, each with a receipt; bad ones are refused and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from autograder.course import is_student_id
from autograder.errors import AutograderError, NotebookError, ReadingError, SubmissionError
from autograder.model import Merged, Receipt, SlotStatus
from autograder.pipeline.collect_layout import Kind, Named, Names, time_stamps
from autograder.pipeline.collect_store import Shelf
from autograder.pipeline.collect_tree import Budget, Entry, list_entries, shown
from autograder.pipeline.reading import read, readers
from autograder.pipeline.releases import Releases
from autograder.pipeline.storage import exclusive
from autograder.pipeline.workspace import Workspace, digest

UNKNOWN = "unknown"
OTHER_WORK = (".pdf", ".html", ".htm", ".py", ".md", ".txt", ".docx", ".odt", ".rar", ".7z", ".gz", ".tar", ".json")


@dataclass(frozen=True, kw_only=True)
class Upload:
    """One file and what its name says about it."""

    entry: Entry
    named: Named | None
    when: datetime


def collect(
    workspace: Workspace, source: Path, *, assignment: str | None = None, kind: Kind = "auto",
    pattern: str | None = None, now: datetime | None = None, on_receipt: Callable[[Receipt], None] | None = None,
) -> list[Receipt]:
    """Take every notebook of ``source`` into ``submitted/``.

    Args:
        source: a folder or a zip: by student, nbgrader's exchange, or a bulk download of a learning platform.
        assignment: what the files answer, where neither name nor metadata says it.
        kind: the layout; ``auto`` finds out file by file.
        pattern: regular expression over the path; groups student, and if wanted assignment, attempt, timestamp.
        now: when files without a time of their own were handed in, and the latest time that any may claim.
        on_receipt: called with each receipt as soon as it is on disk.

    Returns:
        One receipt per upload, oldest first. Collecting the same source again changes nothing.

    Raises:
        SubmissionError: the source itself cannot be read.
        CourseError: ``assignment`` is not in the course.
    """
    if assignment is not None:
        workspace.course.assignment(assignment)
    if kind == "zip" and source.is_dir():
        raise SubmissionError(f"{shown(source.name)} is a folder, but a zip was announced: use --kind folder.")
    now = (now or datetime.now(UTC)).astimezone(UTC)
    rules = workspace.course.collect
    mib = 2**20
    budget = Budget(notebook=rules.notebook_mib * mib, total=rules.archive_mib * mib, files=rules.files)
    names = Names(workspace.course, kind, pattern, source.stem)
    collector = _Collector(workspace, assignment, rules.notebook_mib)
    receipts = []
    with exclusive(workspace.output / ".collect.lock", "Collecting"), readers(), ExitStack() as stack:
        for upload in _uploads(list(list_entries(source, budget, stack)), names, now):
            receipt = collector.take(upload)
            receipts.append(receipt)
            if on_receipt is not None:
                on_receipt(receipt)
    return receipts


def _uploads(entries: list[Entry], names: Names, now: datetime) -> list[Upload]:
    """Return notebooks and faulty entries, oldest first, and one other file of each student who sent no notebook."""
    stamps = time_stamps(entries)

    def upload(entry: Entry) -> Upload:
        named = names.read(entry)
        moment = (named.when if named else None) or stamps.get(entry.parts[:-1]) or entry.when or now
        return Upload(entry=entry, named=named, when=min(moment, now))

    found = [upload(entry) for entry in entries if entry.suffix == ".ipynb" or entry.fault is not None]
    served = {item.named.student for item in found if item.named is not None}
    for entry in entries:
        if entry.suffix in OTHER_WORK and entry.fault is None and entry.parts[-1] != "timestamp.txt":
            item = upload(replace(entry, parts=(*entry.parts[:-1], PurePosixPath(entry.parts[-1]).stem + ".ipynb")))
            if item.named is not None and item.named.student not in served and names.certain(entry):
                served.add(item.named.student)
                fault = f"{shown(entry.name)} is no notebook: hand in the .ipynb of the assignment."
                found.append(replace(item, entry=replace(entry, fault=fault)))
    return sorted(_without_drafts(found), key=lambda item: (
        item.when, item.named.attempt if item.named else 0, item.entry.name))


def _without_drafts(uploads: list[Upload]) -> list[Upload]:
    """Beside a notebook with the assignment's own name, other notebooks in the same folder are the student's drafts."""
    def place(item: Upload) -> tuple[object, ...]:
        whose = (item.named.student, item.named.assignment) if item.named else ()
        return (item.entry.outer, item.entry.parts[:-1], *whose)

    def is_final(item: Upload) -> bool:
        return item.named is not None and PurePosixPath(item.entry.parts[-1]).stem == item.named.assignment

    final = {place(item) for item in uploads if is_final(item)}
    return [item for item in uploads if place(item) not in final or is_final(item) or item.entry.fault]


class _Collector:
    """Takes uploads one by one; a refusal is a receipt, never an exception."""

    def __init__(self, workspace: Workspace, assignment: str | None, limit_mib: int) -> None:
        self._workspace, self._course = workspace, workspace.course
        self._assignment, self._limit = assignment, limit_mib

    def take(self, upload: Upload) -> Receipt:
        """Store an upload, or refuse it in one sentence."""
        data = b""
        try:
            student = self._student(upload)
        except SubmissionError as error:
            return self._refusal(upload, str(error), UNKNOWN, data)
        try:
            if upload.entry.fault is not None:
                raise SubmissionError(upload.entry.fault)
            data = upload.entry.load()
            assignment = self._which(upload, self._claimed(upload, data))
        except (SubmissionError, NotebookError) as error:
            return self._refuse(upload, str(error), student, data)
        try:
            return self._accept(upload, student, assignment, data)
        except (AutograderError, OSError) as error:
            # Not the upload's fault: nothing is stored, so that collecting again can succeed.
            return self._refusal(upload, str(error), student, data, assignment)

    def _student(self, upload: Upload) -> str:
        entry, named = upload.entry, upload.named
        if named is None:
            raise SubmissionError(entry.fault or (
                f"{shown(entry.name)} does not say whose it is: name it <student>_<assignment>.ipynb, put it into a "
                f"folder with the student's id, or give --pattern."))
        if not is_student_id(named.student):
            raise SubmissionError(entry.fault or (
                f"{shown(entry.name)} names no usable student id (letters, digits and . _ - @): rename it."))
        student = self._course.student(named.student)
        if student is None:
            raise SubmissionError(entry.fault or (
                f"{shown(named.student)} is not in the class list of course.yml: add the student, or correct the name "
                f"of {shown(entry.name)}."))
        if named.assignment is not None and named.assignment not in self._course.assignments:
            known = ", ".join(self._course.assignments)
            raise SubmissionError(entry.fault or (
                f"{shown(entry.name)} is for {shown(named.assignment)}, but the course has {known}: rename it."))
        return student

    def _claimed(self, upload: Upload, data: bytes) -> str | None:
        """Return the assignment that the notebook itself names; None too where reading it breaks its budget."""
        try:
            found: dict[str, str | None] = read("intake", {"name": upload.entry.name, "limit_mib": self._limit}, data)
        except ReadingError:
            return None  # the file is kept as it is: grading withholds its points and tells staff
        return found["assignment"]

    def _which(self, upload: Upload, claimed: str | None) -> str:
        claimed = claimed if claimed in self._course.assignments else None
        named = self._named(upload)
        if claimed and upload.named and upload.named.assignment not in (None, claimed):
            raise SubmissionError(f"{shown(upload.entry.name)} is the notebook of {claimed}, but was handed in for "
                                  f"{upload.named.assignment}: hand in the right one.")
        chosen = (upload.named.assignment if upload.named else None) or claimed or named
        if chosen is None:
            raise SubmissionError(f"{shown(upload.entry.name)} does not say what it answers: use --assignment.")
        return chosen

    def _named(self, upload: Upload) -> str | None:
        """Return the assignment by name, option, or because the course has only one."""
        only = next(iter(self._course.assignments)) if len(self._course.assignments) == 1 else None
        return (upload.named.assignment if upload.named else None) or self._assignment or only

    def _accept(self, upload: Upload, student: str, assignment: str, data: bytes) -> Receipt:
        shelf, sha256 = Shelf(self._workspace, student, assignment), digest(data)
        known = shelf.known(sha256, _second(upload.when), upload.entry.name)
        if known is not None:
            return known
        try:
            merged, remark = fit(self._workspace, assignment, data, upload.entry.name)
        except ReadingError as error:
            merged, remark = None, str(error)

        def tasks(status: SlotStatus) -> tuple[str, ...]:
            return tuple(slot.task for slot in merged.slots if slot.status is status) if merged else ()

        return shelf.keep(data, Receipt(
            student=student, assignment=assignment, accepted=True, reason=remark, source=upload.entry.name,
            received_at=_second(upload.when).isoformat(), sha256=sha256,
            release=merged.release if merged else None,
            answered=tasks(SlotStatus.ANSWERED), blank=tasks(SlotStatus.BLANK), unmatched=tasks(SlotStatus.UNMATCHED),
        ))

    def _refuse(self, upload: Upload, sentence: str, student: str, data: bytes) -> Receipt:
        """Refuse, and keep the refusal with the student's hand-ins where the assignment is known."""
        assignment = self._named(upload)
        receipt = self._refusal(upload, sentence, student, data, assignment)
        if assignment is None:
            return receipt
        try:
            shelf = Shelf(self._workspace, student, assignment)
            return shelf.known(receipt.sha256, _second(upload.when), receipt.source) or shelf.keep(data, receipt)
        except (AutograderError, OSError):
            return receipt

    def _refusal(
        self, upload: Upload, sentence: str, student: str, data: bytes, assignment: str | None = None
    ) -> Receipt:
        return Receipt(student=student, assignment=assignment or UNKNOWN, accepted=False, reason=sentence,
                       source=upload.entry.name, received_at=_second(upload.when).isoformat(),
                       sha256=digest(data) if data else "")


def _second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


def fit(workspace: Workspace, assignment: str, data: bytes, name: str) -> tuple[Merged, str | None]:
    """Return a notebook's bytes fitted into their release, and a sentence when the current one had to take its place.

    Raises:
        NotebookError: the bytes are no usable notebook.
        ReadingError: reading them broke its budget.
        SubmissionError: the assignment was never released.
    """
    found = read("merge", {"name": name, "limit_mib": workspace.course.collect.notebook_mib,
                           "releases": Releases.within(workspace, assignment).model_dump(mode="json")}, data)
    return Merged.model_validate(found["merged"]), found["remark"]
