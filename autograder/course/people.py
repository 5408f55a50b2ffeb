"""``students.csv``: who is who on the learning platforms. Parsed strictly; every error names the line."""

from __future__ import annotations

import csv
import difflib
import io
import unicodedata
from collections.abc import Iterator
from typing import Final

from pydantic import Field

from autograder.course.names import ID_RULE, is_student_id
from autograder.errors import CourseError
from autograder.model import Value

PEOPLE_FILE: Final = "students.csv"
MAX_PEOPLE_BYTES: Final = 4 * 2**20
SYSTEMS: Final = ("canvas", "moodle", "blackboard", "brightspace", "gradescope", "sakai", "google", "github", "lti",
                  "jupyterhub")
"""Platforms with their own column, for the id that the platform writes into file names, or signs people in by."""
_COLUMNS: Final = ("id", "name", "email", "lms_ids", *SYSTEMS)
_SPELLINGS: Final = {
    "student_id": "id", "student": "id", "full_name": "name", "student_name": "name", "e-mail": "email",
    "mail": "email", "email_address": "email", "lms_id": "lms_ids", **{f"{system}_id": system for system in SYSTEMS},
}


class Person(Value):
    """One line of ``students.csv``."""

    id: str
    name: str = ""
    email: str = ""
    ids: dict[str, tuple[str, ...]] = Field(
        default_factory=dict, description="platform → ids there; 'lms_ids' holds for every platform")


def folded(text: str) -> str:
    """Return a text in the form used for comparison: NFC, without capitals, single spaces.

    Not NFKC, which would make lookalikes such as full-width digits equal to plain ones.
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def parse_people(text: str) -> tuple[Person, ...]:
    """Parse ``students.csv``: a header line, then one line per student.

    Args:
        text: separated by commas, semicolons or tabs; ``id`` is required, ``name``, ``email``, ``lms_ids`` (several,
            separated by spaces) and one column per platform (``canvas``, ``moodle`` …) are optional.

    Raises:
        CourseError: an unknown or repeated column, a bad or repeated id, or an id on a platform that two people share.
    """
    text = text.removeprefix("\ufeff")
    head = text.split("\n", 1)[0]
    # Excel may write a first line that names the separator.
    declared = head.strip().lower() if head.strip().lower().startswith("sep=") else ""
    if declared:
        head = text.split("\n", 2)[1] if text.count("\n") else ""
    separator = declared[4:5] or max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
    people: list[Person] = []
    taken: dict[tuple[str, str], str] = {}
    columns: list[str] | None = None
    for line, cells in _lines(rows):
        if (line == 1 and declared) or not any(cells):
            continue
        if columns is None:
            columns = _header(cells, line)
            continue
        people.append(_person(cells, columns, line))
        _check_unique(people[-1], taken, line)
    if columns is None:
        raise CourseError(f"{PEOPLE_FILE} needs a first line with the names of the columns, such as id,name,email: "
                          f"add it.")
    return tuple(people)


def _lines(rows: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each row begins, and its cells without spaces around them."""
    begin = 1
    try:
        for cells in rows:
            yield begin, [cell.strip() for cell in cells]
            begin = rows.line_num + 1  # type: ignore[attr-defined]  # csv.reader has it, Iterator does not
    except csv.Error as error:
        raise _fault(begin, f"this is not CSV ({error}): check the quotation marks.") from None


def _fault(line: int, sentence: str) -> CourseError:
    return CourseError(f"{PEOPLE_FILE}, line {line}: {sentence}")


def _header(cells: list[str], line: int) -> list[str]:
    columns: list[str] = []
    for cell in cells:
        plain = cell.casefold().replace(" ", "_")
        name = _SPELLINGS.get(plain, plain)
        if name not in _COLUMNS:
            near = difflib.get_close_matches(name, _COLUMNS, 1, 0.5)
            advice = f"is '{near[0]}' meant?" if near else f"the columns are {', '.join(_COLUMNS)}."
            raise _fault(line, f"the column '{cell[:60]}' is unknown: {advice}")
        if name in columns:
            raise _fault(line, f"the column '{name}' occurs twice: remove one of them.")
        columns.append(name)
    if "id" not in columns:
        raise _fault(line, "the column 'id' is missing: add it.")
    return columns


def _person(cells: list[str], columns: list[str], line: int) -> Person:
    if len(cells) > len(columns) and any(cells[len(columns):]):
        raise _fault(line, f"there are {len(cells)} cells, but only {len(columns)} columns: put quotation marks around "
                           f"text that contains the separator.")
    found = dict(zip(columns, cells, strict=False))
    if not is_student_id(found.get("id", "")):
        raise _fault(line, f"the id must have {ID_RULE}, but is {found.get('id', '')[:80]!r}.")
    ids = {column: tuple(value.split()) if column == "lms_ids" else (value,)
           for column, value in found.items() if column in ("lms_ids", *SYSTEMS) and value}
    return Person(id=found["id"], name=found.get("name", ""), email=found.get("email", ""), ids=ids)


def _keys(person: Person) -> Iterator[tuple[str, str]]:
    yield "id", folded(person.id)
    if person.email:
        yield "email", folded(person.email)
    for system, values in person.ids.items():
        for value in values:
            yield system, folded(value)


def _check_unique(person: Person, taken: dict[tuple[str, str], str], line: int) -> None:
    """Names may be shared by two people; ids and addresses may not, in any spelling."""
    for column, value in _keys(person):
        # An id for every platform contradicts the same id of another person on one of them.
        others = ("lms_ids",) if column in SYSTEMS else SYSTEMS if column == "lms_ids" else ()
        if any(taken.get((other, value), person.id) != person.id for other in others):
            raise _fault(line, f"'{value[:60]}' is an id of two people, once in 'lms_ids': correct one.")
        owner = taken.setdefault((column, value), person.id)
        if owner != person.id or (column == "id" and taken.get(("line of", value))):
            raise _fault(line, f"'{value[:60]}' in the column '{column}' belongs to '{owner}' already: correct one.")
    taken["line of", folded(person.id)] = person.id
