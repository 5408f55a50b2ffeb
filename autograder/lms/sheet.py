"""A table that a teacher has downloaded from a platform, and the same table filled in.

Excel may have saved it again since: with semicolons, in another encoding, or both.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from autograder.course import Person, folded
from autograder.errors import WorksheetError
from autograder.grades import Grade

LARGEST: Final = 16 << 20
"""Most bytes of such a file."""
BOM: Final = "\ufeff"
_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """The cells of a table; ``short`` are the numbers of lines that were cut off."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    short: tuple[int, ...] = ()

    def column(self, names: Iterable[str]) -> int | None:
        """Return the position of the first column with one of these names, in any spelling; None: there is none."""
        wanted = {folded(name) for name in names}
        return next((place for place, title in enumerate(self.header) if folded(title) in wanted), None)

    def cells(self, place: int) -> list[str]:
        """Return the cells of one column that are not empty."""
        return [row[place].strip() for row in self.rows if row[place].strip()]


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A table to hand to a platform, the students whose score is in it, and sentences for the teacher."""

    text: str
    students: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of the class: grades by student, and whose number on the platform is whose.

    ``numbers`` has, by the number, the students whose uploads carried it.
    """

    grades: Mapping[str, Grade]
    people: Sequence[Person] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)

    def person(self, student: str) -> Person | None:
        """Return a student's line of ``students.csv``, None where there is none."""
        return next((person for person in self.people if person.id == student), None)


def read_sheet(data: bytes, name: str) -> Sheet:
    """Parse a downloaded table.

    Raises:
        WorksheetError: it is no table with a header and at least one line.
    """
    if len(data) > LARGEST:
        raise WorksheetError(f"{name} may have at most {LARGEST >> 20} MiB: it cannot be the table of one class.")
    text = _decoded(data, name).removeprefix(BOM)
    head = text.split("\n", 1)[0]
    if head.strip().lower().startswith("sep="):
        text = text.split("\n", 1)[1] if "\n" in text else ""
        head = text.split("\n", 1)[0]
    try:
        lines = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count),
                                           strict=True) if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise WorksheetError(
            f"{name} was expected to be a CSV file, but is not ({error}); download it again.") from None
    if len(lines) < 2 or len(lines[0]) < 2:
        raise WorksheetError(f"{name} was expected to have a line of column names and lines of students, but has not; "
                             "download it again.")
    width = len(lines[0])
    short = tuple(number for number, row in enumerate(lines[1:], start=2) if len(row) < width)
    return Sheet(name=name, header=tuple(cell.strip() for cell in lines[0]), short=short,
                 rows=tuple(tuple(row[:width]) for row in lines[1:] if len(row) >= width))


def write_table(rows: Iterable[Sequence[str]]) -> str:
    """Return a table as platforms expect it: commas, and the line ends of CSV."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(rows)
    return stream.getvalue()


def points(value: float) -> str:
    """Return points with a decimal point and no needless digits."""
    return f"{value:.6f}".rstrip("0").rstrip(".")


def scaled(grade: Grade, most: float | None, *, scale: bool, sheet: str) -> float | None:
    """Return a score in the platform's points, None where there is no score yet.

    Args:
        most: the highest grade on the platform; None: not known.
        scale: convert where it differs from the assignment's points.

    Raises:
        WorksheetError: it differs, and nobody said that the points are to be converted.
    """
    if most is None or not grade.max_points or abs(most - grade.max_points) < _TOLERANCE:
        return grade.score
    if not scale:
        raise WorksheetError(
            f"{sheet} has a highest grade of {points(most)}, but {grade.assignment} has {points(grade.max_points)} "
            f"points: it may be of another assignment; correct the highest grade there, or add --scale to convert.")
    return None if grade.score is None else round(grade.score * most / grade.max_points, 4)


def listed(names: Sequence[str], most: int = 8) -> str:
    """Return names in one phrase, with how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")  # the second is what Excel writes by default
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WorksheetError(f"{name} was expected to be text in UTF-8, but is not; download it again.")
