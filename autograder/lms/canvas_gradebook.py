"""The table that Canvas's gradebook imports.

Canvas finds a student by ID, then by SIS ids, then by name, and an assignment by the number in brackets at the end of
its title, then by the title. An empty cell changes nothing there; "EX" excuses. Source: ``lib/gradebook_importer.rb``
of instructure/canvas-lms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from autograder.course import Person, folded
from autograder.errors import WorksheetError
from autograder.grades import Grade, State
from autograder.lms.sheet import Filled, Known, Sheet, listed, points, scaled, write_table
from autograder.safe.spreadsheet import harmless, is_harmless_id

COLUMNS: Final = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
"""What Canvas needs in front of the assignments; the section has to be the last of them."""
_POINTS: Final = "    Points Possible"
_EXCUSED: Final = "EX"
_NUMBER: Final = re.compile(r"\s*\([0-9]+\)\s*$")


def canvas_table(
    assignments: Mapping[str, Known], titles: Mapping[str, str], sheet: Sheet | None = None, *, scale: bool = False
) -> Filled:
    """Return the table of some assignments; work that waits for anything has an empty cell.

    Args:
        assignments: what is known of each, by id; all have the same class.
        titles: of each assignment; those of ``sheet`` are used where it has them.
        sheet: the teacher's own export of Canvas's gradebook, whose students are used as they are.
        scale: convert points where Canvas has another maximum.

    Raises:
        WorksheetError: ``sheet`` is no export of Canvas's gradebook, or the points do not fit.
    """
    if sheet is not None:
        return _filled(sheet, assignments, titles, scale=scale)
    known = next(iter(assignments.values()))
    students = sorted({student for one in assignments.values() for student, grade in one.grades.items()
                       if grade.enrolled})
    rows, entered, notes = [], [], _dropped(assignments)
    for student in students:
        cells = _identified(student, known)
        if cells is None:
            notes.append(f"{student} is left out, because a spreadsheet would read the Canvas id in students.csv as a "
                         "formula: correct it.")
            continue
        scores = [_cell(one.grades.get(student), None, scale=scale, sheet="") for one in assignments.values()]
        rows.append([*cells, *scores])
        entered += [student] if any(scores) else []
    unknown = [row[3] for row in rows if not row[1]]
    if unknown:
        notes.append(f"{len(unknown)} students have no Canvas id in students.csv, so Canvas looks for them by login "
                     f"and name: {listed(unknown)}; --worksheet with Canvas's own export avoids that.")
    notes += [f"Canvas creates the assignment '{titles[name]}' where it has none of exactly this title."
              for name in assignments]
    head = [[*COLUMNS, *(harmless(titles[name]) for name in assignments)],
            [_POINTS, "", "", "", "", *(points(_most(one)) for one in assignments.values())]]
    return Filled(text=write_table([*head, *rows]), students=tuple(entered), notes=tuple(notes))


def _filled(
    sheet: Sheet, assignments: Mapping[str, Known], titles: Mapping[str, str], *, scale: bool
) -> Filled:
    width = _identity_columns(sheet)
    places = {name: _place(sheet, titles[name]) for name in assignments}
    most = _points_possible(sheet)
    notes = _dropped(assignments) + _cut(sheet)
    notes += [f"{sheet.name} has no column '{titles[name]}', so Canvas will create that assignment."
              for name, place in places.items() if place is None]
    rows, entered, unmatched = [], [], []
    for row in sheet.rows:
        if "Points Possible" in row[0] or not row[1].strip():
            continue
        known = next(iter(assignments.values()))
        student = _student(row, sheet, known)
        if student is None:
            unmatched.append(row[0])
        scores = [_cell(one.grades.get(student) if student else None, most.get(places[name] or -1), scale=scale,
                        sheet=sheet.name) for name, one in assignments.items()]
        rows.append([harmless(row[0]), *row[1:width], *scores])
        entered += [student] if student and any(scores) else []
    if unmatched:
        notes.append(f"{len(unmatched)} students of {sheet.name} are not in this course's grades and keep what Canvas "
                     f"has: {listed(unmatched)}.")
    notes += _absent(sheet, assignments, rows, entered)
    titled = [sheet.header[place] if place is not None else harmless(titles[name]) for name, place in places.items()]
    maxima = [points(most.get(place or -1) or _most(assignments[name])) for name, place in places.items()]
    head = [[*sheet.header[:width], *titled], [_POINTS, *[""] * (width - 1), *maxima]]
    return Filled(text=write_table([*head, *rows]), students=tuple(entered), notes=tuple(notes))


def _identity_columns(sheet: Sheet) -> int:
    """Return how many columns say who a student is."""
    section = sheet.column(["Section"])
    if "student" not in folded(sheet.header[0]) or sheet.header[1] != "ID" or section is None:
        raise WorksheetError(f"{sheet.name} was expected to be an export of Canvas's gradebook, with the columns "
                             f"Student, ID and Section, but it has {listed(sheet.header)}; export it from there.")
    return section + 1


def _place(sheet: Sheet, title: str) -> int | None:
    """Return the column of an assignment: the title, with or without Canvas's number behind it."""
    found = [place for place, name in enumerate(sheet.header) if folded(_NUMBER.sub("", name)) == folded(title)]
    if len(found) > 1:
        raise WorksheetError(f"{sheet.name} has the column '{title}' {len(found)} times; rename one of the "
                             "assignments.")
    return found[0] if found else None


def _points_possible(sheet: Sheet) -> dict[int, float]:
    for row in sheet.rows:
        if "Points Possible" in row[0]:
            return {place: number for place, cell in enumerate(row) if (number := _number(cell)) is not None}
    return {}


def _number(cell: str) -> float | None:
    try:
        return float(cell.strip().replace(",", "."))
    except ValueError:
        return None


def _student(row: Sequence[str], sheet: Sheet, known: Known) -> str | None:
    """Return whose row it is; None where that is not certain."""
    number, logins = row[1].strip(), {folded(cell) for cell in row[2:4] if cell.strip()}
    if number in known.numbers:
        return known.numbers[number]
    for person in known.people:
        if number in _canvas_ids(person) or (person.email and folded(person.email) in logins):
            return person.id
    by_login = [student for student in known.grades if folded(student) in logins]
    return by_login[0] if len(by_login) == 1 else None


def _canvas_ids(person: Person) -> tuple[str, ...]:
    return (*person.ids.get("canvas", ()), *person.ids.get("lms_ids", ()))


def _identified(student: str, known: Known) -> list[str] | None:
    """Return a student's first five cells, None where an id would be read as a formula."""
    grade, person = known.grades.get(student), known.person(student)
    first, last = (grade.first_name, grade.last_name) if grade else ("", "")
    name = f"{last}, {first}" if first and last else first or last or (person.name if person else "") or student
    numbers = [number for number, owner in known.numbers.items() if owner == student]
    own = [*(person.ids.get("canvas", ()) if person else ()), *numbers]
    number = next((one for one in own if one.isdecimal()), "")
    login = "" if number else next(iter(own), student)
    return [harmless(name), number, "", login, ""] if is_harmless_id(login) or not login else None


def _cell(grade: Grade | None, most: float | None, *, scale: bool, sheet: str) -> str:
    if grade is None:
        return ""
    if grade.state is State.EXCUSED:
        return _EXCUSED
    score = scaled(grade, most, scale=scale, sheet=f"{sheet}'s column" if sheet else "Canvas")
    return "" if score is None else points(score)


def _most(known: Known) -> float:
    return max((grade.max_points for grade in known.grades.values()), default=0.0)


def _dropped(assignments: Mapping[str, Known]) -> list[str]:
    gone = sorted({student for one in assignments.values() for student, grade in one.grades.items()
                   if not grade.enrolled})
    return [f"No longer in the class list, and left out: {listed(gone)}."] if gone else []


def _absent(
    sheet: Sheet, assignments: Mapping[str, Known], rows: Sequence[Sequence[str]], entered: Sequence[str]
) -> list[str]:
    """Name those who have a score that found no row."""
    scored = {student for one in assignments.values() for student, grade in one.grades.items()
              if grade.enrolled and grade.score is not None}
    missing = sorted(scored - set(entered))
    return [f"Not in {sheet.name}, so their scores are in no row: {listed(missing)}."] if missing else []


def _cut(sheet: Sheet) -> list[str]:
    if not sheet.short:
        return []
    lines = listed([str(number) for number in sheet.short])
    return [f"{sheet.name} is cut off or damaged in line {lines}; nothing is entered there: download it again."]
