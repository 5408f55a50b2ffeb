"""`autograder export`: the grades of a class as a table for people, for programs, or for a platform to import."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final, Literal

from autograder.errors import WorksheetError
from autograder.grades import Grade, State
from autograder.lms import Filled, Sheet, canvas_table, fill_worksheet, read_sheet
from autograder.lms.sheet import LARGEST, Known, listed
from autograder.pipeline import up_to_date
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.results_on_disk import stored_results

Target = Literal["csv", "canvas", "moodle", "json"]
_CLAIM: Final = re.compile(r"(?P<system>Canvas|Moodle): (?P<number>[0-9]{1,18})")


def export_grades(
    workspace: Workspace, assignments: Sequence[str], to: Target, reporter: Reporter, *,
    worksheet: Path | None = None, grade_column: str | None = None, scale: bool = False,
) -> Filled:
    """Return the table, whose score the platform will get in it, and sentences for the teacher; nothing is written.

    Its text is empty where there is no grade.

    Args:
        worksheet: the teacher's own download, which Moodle needs and Canvas can use.

    Raises:
        WorksheetError: it is missing, damaged, or of another assignment.
        GradebookError: the gradebook is locked, damaged or of another version.
    """
    sheet = load_sheet(worksheet) if worksheet is not None else None
    wanted = _wanted(workspace, assignments, to, sheet)
    grades = readable_grades(workspace, wanted, reporter)
    if not grades:
        return Filled(text="")
    if to == "json":
        return _with_notes(Filled(text=json.dumps([as_json(grade) for grade in grades], indent=2) + "\n"), grades)
    if to == "csv":
        from autograder.gradebook.export import as_csv, row_of

        return _with_notes(Filled(text=as_csv(map(row_of, grades))), grades)
    names = tuple(dict.fromkeys(grade.assignment for grade in grades))
    known = {name: known_of(workspace, name, grades, to) for name in names}
    if to == "canvas":
        titles = {name: workspace.course.assignment(name).title for name in names}
        return _with_notes(canvas_table(known, titles, sheet, scale=scale), grades)
    assert sheet is not None  # noqa: S101 - `_wanted` requires it
    (only,) = known.values()
    return _with_notes(fill_worksheet(sheet, only, grade_column=grade_column, scale=scale), grades)


def readable_grades(workspace: Workspace, assignments: Sequence[str], reporter: Reporter) -> list[Grade]:
    """Return the grades as they are now; results that cannot be read are named, and all others are used."""
    for name in workspace.chosen(assignments):
        stored_results(workspace, name, reporter)
    return up_to_date.current_grades(workspace, assignments)


def load_sheet(path: Path) -> Sheet:
    """Return a teacher's download.

    Raises:
        WorksheetError: it cannot be read, or is no table.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise WorksheetError(f"{path} cannot be read ({error.strerror}); name the file that you downloaded.") from None
    return read_sheet(data, path.name)


def known_of(workspace: Workspace, assignment: str, grades: Iterable[Grade], to: str) -> Known:
    """Return what is known of the class for one assignment: grades, ``students.csv``, and numbers on the platform."""
    numbers: dict[str, str] = {}
    for receipt in workspace.receipts(assignment):
        claim = _CLAIM.fullmatch(receipt.claimed_as or "")
        if claim is not None and claim["system"].lower() == to:
            numbers[claim["number"]] = receipt.student
    return Known(grades={grade.student: grade for grade in grades if grade.assignment == assignment},
                 people=workspace.course.people, numbers=numbers)


def as_json(grade: Grade) -> dict[str, Any]:
    """Return a grade for programs, with the numbers that follow from it."""
    tasks = [{**task.model_dump(mode="json"), "counted": task.counted, "waiting": task.waiting} for task in grade.tasks]
    return {
        **grade.model_dump(mode="json"), "tasks": tasks, "score": grade.score, "total": grade.total,
        "points": grade.points, "waiting": grade.waiting, "withheld": grade.withheld, "complete": grade.complete,
        "is_held": grade.held, "open_cells": list(grade.open_cells),
    }


def _wanted(workspace: Workspace, assignments: Sequence[str], to: Target, sheet: Sheet | None) -> tuple[str, ...]:
    wanted = tuple(workspace.chosen(assignments)) if assignments else ()
    if to == "moodle" and sheet is None:
        raise WorksheetError("Moodle needs its own offline grading worksheet, but none was given: download it from the "
                             "assignment ('Download grading worksheet') and name it with --worksheet FILE.")
    if to == "moodle" and len(wanted) != 1:
        raise WorksheetError("A worksheet of Moodle is of one assignment, but "
                             f"{len(wanted) or 'none'} was named: name the one that it is of.")
    if sheet is not None and to not in ("moodle", "canvas"):
        raise WorksheetError(f"--worksheet is for Moodle and Canvas, but the export is {to}: leave it out.")
    return wanted


def _with_notes(filled: Filled, grades: Sequence[Grade]) -> Filled:
    """Add who has no score yet, and why that is no zero."""
    waiting = [grade.student for grade in grades if grade.enrolled and grade.score is None
               and grade.state not in (State.MISSING, State.EXCUSED)]
    absent = sum(grade.state is State.MISSING and grade.enrolled for grade in grades)
    notes = [*filled.notes]
    if waiting:
        notes.append(f"{len(waiting)} scores are left empty until they are decided: {listed(waiting)}.")
    if absent:
        notes.append(f"{absent} who handed in nothing have no score; enter a zero on the platform if that is the rule.")
    return Filled(text=filled.text, students=filled.students, notes=tuple(notes))
