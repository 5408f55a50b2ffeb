"""Moodle's offline grading worksheet, filled in.

Its columns are named in the language of the site, so they are found by what is in them where their name is not known.
Rows are found by "Participant 12", a number that means one student in one assignment only; so a worksheet of another
assignment is noticed. Source: ``mod/assign/feedback/offline/importgradeslib.php`` of Moodle.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from autograder.course import folded
from autograder.errors import WorksheetError
from autograder.grades import Grade
from autograder.lms.sheet import Filled, Known, Sheet, listed, points, scaled, write_table
from autograder.safe.spreadsheet import harmless

_PARTICIPANT: Final = re.compile(r"\D*?([0-9]+)")
_GRADE: Final = ("Grade", "Bewertung", "Note", "Calificación", "Valutazione", "Voto", "Beoordeling", "Cijfer", "Nota",
                 "Ocena", "Оценка", "Avaliação", "Cualificación", "評点", "評定", "成绩", "成績",
                 "점수", "Betyg", "Karakter",
                 "Arvosana", "Not")
_COMMENTS: Final = ("Feedback comments", "Feedback als Kommentar", "Feedback-Kommentare", "Commentaires de feedback",
                    "Feedback par commentaires", "Comentarios de retroalimentación", "Commenti al feedback",
                    "Feedbackcommentaar", "Comentários de feedback", "フィードバックコメント", "反馈评论")
_NAMES: Final = ("Full name", "Vollständiger Name", "Nom complet", "Nombre completo", "Cognome/Nome", "Nome completo",
                 "Volledige naam", "姓名", "氏名", "Имя / Фамилия")
_NUMBER: Final = re.compile(r"[0-9]+(?:[.,][0-9]+)?")


@dataclass(frozen=True, kw_only=True)
class _Columns:
    identifier: int
    grade: int
    most: int | None
    comments: int | None
    name: int | None
    email: int | None


def fill_worksheet(sheet: Sheet, known: Known, *, grade_column: str | None = None, scale: bool = False) -> Filled:
    """Return the teacher's worksheet with every score that is final; work that waits has an empty cell.

    Ids, dates and everything else that Moodle reads stay as they are.

    Args:
        grade_column: the name of the column for the grade, where it cannot be recognized.
        scale: convert points where Moodle has another maximum.

    Raises:
        WorksheetError: a column is missing, the worksheet is of another assignment, or the points do not fit.
    """
    columns = _columns(sheet, grade_column)
    owners = [_owner(row, columns, known) for row in sheet.rows]
    _require_this_assignment(sheet, columns, known)
    most = _highest(sheet, columns)
    comma = columns.most is not None and any("," in cell for cell in sheet.cells(columns.most))
    rows, entered, replaced = [], [], []
    for row, student in zip(sheet.rows, owners, strict=True):
        grade = known.grades.get(student) if student else None
        cells = list(row)
        if student is not None and grade is not None and grade.enrolled:
            cell = _cell(grade, most, scale=scale, sheet=sheet.name, comma=comma)
            replaced += [student] if row[columns.grade].strip() not in ("", "-", cell) else []
            cells[columns.grade] = cell
            entered += [student] if cell else []
            if columns.comments is not None and not row[columns.comments].strip():
                cells[columns.comments] = _comment(grade)
        rows.append([_kept(cell, place, columns) for place, cell in enumerate(cells)])
    notes = _notes(sheet, columns, known, owners, replaced)
    return Filled(text=write_table([sheet.header, *rows]), students=tuple(entered), notes=notes)


def participants(sheet: Sheet) -> dict[str, str]:
    """Return participant number → full name.

    Raises:
        WorksheetError: it is no offline grading worksheet.
    """
    columns = _columns(sheet, None, needs_grade=False)
    if columns.name is None:
        return {}
    return {_participant(row, columns): row[columns.name].strip() for row in sheet.rows}


def owners(sheet: Sheet, known: Known) -> dict[str, str]:
    """Return student → participant number, of those rows whose owner is certain.

    Raises:
        WorksheetError: it is no offline grading worksheet, or one of another assignment.
    """
    columns = _columns(sheet, None, needs_grade=False)
    _require_this_assignment(sheet, columns, known)
    return {student: _participant(row, columns) for row in sheet.rows
            if (student := _owner(row, columns, known)) is not None}


def _columns(sheet: Sheet, grade_column: str | None, *, needs_grade: bool = True) -> _Columns:
    identifier = next((place for place in range(len(sheet.header)) if _is_identifier(sheet.cells(place))), None)
    # Where everybody has the same grade, two columns look alike: the highest grade is the one behind.
    most = next((place for place in reversed(range(len(sheet.header)))
                 if _is_maximum(sheet.cells(place), len(sheet.rows))), None)
    grade = sheet.column([grade_column] if grade_column else _GRADE)
    if grade is None and most is not None and not grade_column:
        grade = most - 1  # Moodle writes the highest grade just behind the grade
    missing = [what for what, place in (("identifier ('Participant 12')", identifier),
                                        (f"grade{f' ({grade_column})' if grade_column else ''}", grade))
               if place is None]
    if identifier is None or (needs_grade and grade is None):
        raise WorksheetError(
            f"{sheet.name} was expected to be Moodle's offline grading worksheet, but no column for "
            f"{' and '.join(missing)} was recognized among {', '.join(sheet.header)}; download the worksheet, or name "
            "the column with --grade-column.")
    email = next((place for place in range(len(sheet.header)) if _is_email(sheet.cells(place))), None)
    name = sheet.column(_NAMES)
    return _Columns(identifier=identifier, grade=identifier if grade is None else grade, most=most, email=email,
                    comments=sheet.column(_COMMENTS), name=identifier + 1 if name is None else name)


def _is_identifier(cells: Sequence[str]) -> bool:
    """Whether all cells are one word with a different number behind it."""
    matches = [_PARTICIPANT.fullmatch(cell) for cell in cells]
    words = {folded(cell.rstrip("0123456789")) for cell in cells}
    numbers = [match[1] for match in matches if match is not None]
    return len(numbers) == len(cells) > 0 and len(set(numbers)) == len(cells) and len(words) == 1 and "" not in words


def _is_maximum(cells: Sequence[str], count: int) -> bool:
    """Whether all cells are filled with one number; with its decimals it is no group or id."""
    return len(cells) == count and len(set(cells)) == 1 and re.fullmatch(r"[0-9]+[.,][0-9]+", cells[0]) is not None


def _is_email(cells: Sequence[str]) -> bool:
    return bool(cells) and all(re.fullmatch(r"[^@\s]+@[^@\s]+", cell) for cell in cells)


def _participant(row: Sequence[str], columns: _Columns) -> str:
    match = _PARTICIPANT.fullmatch(row[columns.identifier].strip())
    return match[1] if match else ""


def _owner(row: Sequence[str], columns: _Columns, known: Known) -> str | None:
    """Return whose row it is; None where that is not certain."""
    by_number = known.numbers.get(_participant(row, columns))
    by_person = _by_person(row, columns, known)
    if by_number is not None and by_person is not None and by_number != by_person:
        return None
    return by_number or by_person


def _by_person(row: Sequence[str], columns: _Columns, known: Known) -> str | None:
    email = folded(row[columns.email]) if columns.email is not None else ""
    cells = {folded(cell) for place, cell in enumerate(row) if place != columns.identifier and cell.strip()}
    for student, grade in known.grades.items():
        person = known.person(student)
        ids = {student, *((*person.ids.get("moodle", ()), *person.ids.get("lms_ids", ())) if person else ())}
        if email and email in {folded(grade.email), folded(person.email) if person else ""}:
            return student
        if cells & {folded(one) for one in ids}:
            return student
    return _by_name(row, columns, known)


def _by_name(row: Sequence[str], columns: _Columns, known: Known) -> str | None:
    """Return the one student with this name; a name that two share decides nothing."""
    if columns.name is None or not (name := folded(row[columns.name])):
        return None
    found = [student for student, grade in known.grades.items() if name in {
        folded(f"{grade.first_name} {grade.last_name}"), folded(f"{grade.last_name} {grade.first_name}"),
        folded(f"{grade.last_name}, {grade.first_name}")} - {"", ","}]
    return found[0] if len(found) == 1 else None


def _require_this_assignment(sheet: Sheet, columns: _Columns, known: Known) -> None:
    """Compare the numbers with those of the uploads: they mean a student in one assignment only.

    Raises:
        WorksheetError: they contradict each other.
    """
    own = {student: number for number, student in known.numbers.items()}
    pairs = [(student, _participant(row, columns)) for row in sheet.rows
             if (student := _by_person(row, columns, known)) is not None and student in own]
    wrong = [(student, number) for student, number in pairs if own[student] != number]
    if wrong and len(wrong) == len(pairs):
        student, number = wrong[0]
        raise WorksheetError(
            f"{sheet.name} is the worksheet of another assignment: {student} is number {number} there, but handed in "
            f"this assignment as number {own[student]}; download the worksheet of this assignment.")


def _highest(sheet: Sheet, columns: _Columns) -> float | None:
    if columns.most is None:
        return None
    return float(sheet.cells(columns.most)[0].replace(",", "."))


def _cell(grade: Grade, most: float | None, *, scale: bool, sheet: str, comma: bool) -> str:
    score = scaled(grade, most, scale=scale, sheet=sheet)
    if score is None:
        return ""
    return points(score).replace(".", ",") if comma else points(score)


def _comment(grade: Grade) -> str:
    """Return what people wrote, for a field that Moodle shows as HTML; our page has everything else."""
    said = [f"{task.title}: {task.comment}" for task in grade.tasks if task.comment]
    return html.escape(" · ".join(said), quote=False)


def _kept(cell: str, place: int, columns: _Columns) -> str:
    """Return a cell that no spreadsheet reads as a formula; what Moodle compares stays exactly as it was."""
    return cell if place in (columns.identifier, columns.email, columns.grade) else harmless(cell)


def _notes(
    sheet: Sheet, columns: _Columns, known: Known, found: Sequence[str | None], replaced: Sequence[str]
) -> tuple[str, ...]:
    unmatched = [row[columns.identifier] for row, student in zip(sheet.rows, found, strict=True) if student is None]
    gone = sorted(student for student, grade in known.grades.items() if not grade.enrolled)
    missing = sorted({student for student, grade in known.grades.items() if grade.enrolled and grade.score is not None}
                     - set(found))
    said = [
        f"{len(unmatched)} rows of {sheet.name} belong to nobody in this course's grades and stay as they are: "
        f"{listed(unmatched)}." if unmatched else "",
        f"Not in {sheet.name}, so their scores are in no row: {listed(missing)}." if missing else "",
        f"No longer in the class list, and left as they are: {listed(gone)}." if gone else "",
        f"Grades that {sheet.name} had are replaced for {listed(replaced)}." if replaced else "",
        f"{sheet.name} is cut off or damaged in line {listed([str(number) for number in sheet.short])}, which is left "
        "out: download it again." if sheet.short else "",
        "" if columns.comments is not None else
        f"No column for comments was recognized among {', '.join(sheet.header)}; comments are not filled in.",
    ]
    return tuple(sentence for sentence in said if sentence)
