"""`autograder return`: feedback pages in one zip, under the names by which a platform gives them back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from autograder.lms import canvas_name, moodle_folder
from autograder.lms.moodle_worksheet import owners, participants
from autograder.lms.sheet import Known, listed
from autograder.model import Receipt
from autograder.pipeline.exports import known_of, load_sheet
from autograder.pipeline.feedback import write_class
from autograder.pipeline.up_to_date import current_grades
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.reading import is_file
from autograder.workspace.storage import write_atomically

Platform = Literal["moodle", "canvas", "folder"]
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)
"""The same pages make the same zip."""


@dataclass(frozen=True, kw_only=True)
class HandedBack:
    """The zip, the names of each student's pages in it, and sentences for the teacher."""

    path: Path
    names: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()


def hand_back(
    workspace: Workspace, assignment: str, to: Platform, reporter: Reporter, *, worksheet: Path | None = None,
    target: Path | None = None,
) -> HandedBack:
    """Write the feedback pages of an assignment as they are now, and put them into one zip.

    Args:
        worksheet: Moodle's offline grading worksheet, for students whose number is not known from their uploads.
        target: the zip; None: ``feedback/<assignment>-<platform>.zip``.

    Raises:
        WorksheetError: the worksheet is damaged, or of another assignment.
    """
    write_class(workspace, (assignment,), reporter)
    grades = [grade for grade in current_grades(workspace, (assignment,)) if grade.assignment == assignment]
    known = known_of(workspace, assignment, grades, to)
    places = _places(workspace, assignment, to, known, worksheet)
    names: dict[str, tuple[str, ...]] = {}
    unnamed, gone = [], []
    path = (target or workspace.feedback_root / f"{assignment}-{to}.zip").resolve()
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive, \
            reporter.task(f"pack {assignment}", len(grades)) as bar:
        for grade in grades:
            bar.advance(grade.student)
            pages = _pages(workspace, grade.student, assignment)
            if not pages:
                continue
            if not grade.enrolled and to != "folder":
                gone.append(grade.student)
            elif grade.student not in places:
                unnamed.append(grade.student)
            else:
                names[grade.student] = tuple(_add(archive, places[grade.student], page) for page in pages)
    if names:
        write_atomically(path, content.getvalue())
    return HandedBack(path=path, names=names, notes=_notes(to, unnamed, gone))


def _pages(workspace: Workspace, student: str, assignment: str) -> list[Path]:
    folder = workspace.feedback(student, assignment).parent
    return sorted(path for path in folder.glob("*.html") if is_file(path)) if folder.is_dir() else []


def _places(
    workspace: Workspace, assignment: str, to: Platform, known: Known, worksheet: Path | None
) -> dict[str, str]:
    """Return student → what comes before the name of a page; whose name is not known is missing."""
    if to == "folder":
        return {student: f"{student}/" for student in known.grades}
    receipts = {receipt.student: receipt for receipt in workspace.receipts(assignment)}
    if to == "canvas":
        return {student: place for student, receipt in receipts.items()
                if (place := _canvas_place(receipt, known)) is not None}
    numbers = {student: number for number, student in known.numbers.items()}
    full_names: dict[str, str] = {}
    if worksheet is not None:
        sheet = load_sheet(worksheet)
        numbers |= owners(sheet, known)
        full_names = participants(sheet)
    return {student: moodle_folder(full_names.get(number) or _full_name(known, student), number) + "/"
            for student, number in numbers.items()}


def _canvas_place(receipt: Receipt, known: Known) -> str | None:
    user = next((number for number, student in known.numbers.items() if student == receipt.student), "")
    return canvas_name(receipt.source, user, receipt.file_number, "") if user else None


def _full_name(known: Known, student: str) -> str:
    grade, person = known.grades.get(student), known.person(student)
    name = f"{grade.first_name} {grade.last_name}".strip() if grade else ""
    return name or (person.name if person else "") or student


def _add(archive: zipfile.ZipFile, place: str, page: Path) -> str:
    name = place + (page.name if place.endswith("/") else page.name.replace("_", "-"))
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, page.read_bytes())
    return name


def _notes(to: Platform, unnamed: list[str], gone: list[str]) -> tuple[str, ...]:
    remedy = {"moodle": "add --worksheet with Moodle's grading worksheet",
              "canvas": "collect Canvas's own download, whose file names Canvas needs"}.get(to, "")
    return tuple(sentence for sentence in (
        f"Left out, because their number on the platform is not known: {listed(unnamed)}; {remedy}." if unnamed else "",
        f"No longer in the class list, and left out: {listed(gone)}." if gone else "") if sentence)
