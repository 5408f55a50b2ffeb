"""The grading sheet as a CSV file: written, filled in with any spreadsheet, and read back.

A row is a group of equal answers. Its ``id`` changes with the answers and their marks: a row that is out of date
changes nothing.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.errors import CourseError
from autograder.grades import read_comment
from autograder.pipeline.review.groups import Group
from autograder.pipeline.review.marking import Conflict, Mark, Review
from autograder.pipeline.review.written_questions import Question
from autograder.safe.spreadsheet import harmless
from autograder.workspace.storage import write_atomically

COLUMNS: Final = ("id", "question", "answers", "students", "answer", "state", "points", "lines", "comment")
LARGEST: Final = 64 << 20
_BOM = "\ufeff"


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What became of a file.

    Attributes:
        marked: answers that have a mark now.
        refused: sentences about rows that changed nothing, with the number of their line.
    """

    marked: int = 0
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Row:
    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]


def export_sheet(review: Review, path: Path) -> int:
    """Write the sheet, for people and spreadsheets; return the number of rows with answers.

    Rows without an id show question, model answer and rubric and are not read back. The file begins with a byte order
    mark, without which Excel reads it in another encoding.
    """
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, fieldnames=COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    count = 0
    for question in review.questions:
        writer.writerow(_cells(_about(question)))
        for group in review.groups(question.task):
            writer.writerow(_cells(_row(group, question, anonymous=review.anonymous)))
            count += 1
    write_atomically(path, (_BOM + stream.getvalue()).encode())
    return count


def _cells(row: dict[str, str]) -> dict[str, str]:
    return {column: harmless(row.get(column, "")) for column in COLUMNS}


def _about(question: Question) -> dict[str, str]:
    parts = [f"QUESTION ({question.points:g} points): {question.prompt}"]
    if question.model:
        parts.append(f"MODEL ANSWER: {question.model}")
    parts += [f"LINE {number} ({line.points:+g}): {line.text}" for number, line in enumerate(question.rubric, start=1)]
    return {"question": question.task, "answer": "\n\n".join(parts)}


def _row(group: Group, question: Question, *, anonymous: bool) -> dict[str, str]:
    ticked, words = read_comment(question.rubric, group.marks.comment)
    parts = [group.answer.text, *group.answer.more, *(f"[{note}]" for note in group.answer.notes)]
    return {
        "id": group.id, "question": group.task, "answers": str(len(group.members)),
        "students": "" if anonymous else " ".join(group.students), "answer": "\n\n".join(filter(None, parts)),
        "state": "open" if group.open else "marked",
        "points": "" if group.open or group.points is None else f"{group.points:g}",
        "lines": "" if group.open else " ".join(str(line + 1) for line in ticked), "comment": words,
    }


def import_sheet(review: Review, path: Path) -> Imported:
    """Write the marks of a sheet that was filled in; rows that are as they were, or not filled in, change nothing.

    Raises:
        CourseError: the file is not a sheet of `export_sheet`.
        GradebookError: the gradebook is locked or damaged.
    """
    groups = {group.id: group for question in review.questions for group in review.groups(question.task)}
    marked = 0
    refused: list[str] = []
    seen: set[str] = set()
    for row in _rows(path):
        try:
            group = _group(row, groups, seen)
            if (mark := _mark(row, review.question(group.task), group)) is not None:
                review.mark(group, mark)
                marked += len(group.members)
        except (ValueError, Conflict) as error:
            refused.append(f"Line {row.line}: {error}")
    return Imported(marked=marked, refused=tuple(refused))


def _rows(path: Path) -> Iterator[_Row]:
    """Yield the rows with an id. Spreadsheets of some languages separate columns by semicolons or tabs."""
    try:
        if path.stat().st_size > LARGEST:
            raise CourseError(f"{path.name} was expected to be a grading sheet, but it has more than "
                              f"{LARGEST >> 20} MiB; export it again.")
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CourseError(f"{path.name} was expected to be CSV in UTF-8, but is not; save it as “CSV UTF-8”.") from None
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    missing = [column for column in ("id", "points", "lines", "comment") if column not in (reader.fieldnames or ())]
    if missing:
        raise CourseError(f"{path.name} was expected to have the columns of a grading sheet, but has no "
                          f"{', '.join(missing)}; export it again and keep its first line.")
    try:
        for found in reader:
            values = {column: _plain(found.get(column) or "") for column in COLUMNS}
            if values["id"].strip():
                yield _Row(line=reader.line_num, values=values)
    except csv.Error as error:
        raise CourseError(f"{path.name} cannot be read as CSV ({error}); save it again as “CSV UTF-8”.") from None


def _plain(text: str) -> str:
    """Return what a cell said before `harmless`."""
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text


def _group(row: _Row, groups: dict[str, Group], seen: set[str]) -> Group:
    name = row["id"].strip()
    if name in seen:
        raise ValueError("this id occurs in an earlier line as well; only that one counts.")
    seen.add(name)
    if name not in groups:
        raise ValueError("its answers were marked, or handed in again, since the sheet was exported (or its id was "
                         "changed); export it again to mark them.")
    return groups[name]


def _mark(row: _Row, question: Question, group: Group) -> Mark | None:
    """Return the mark of a row, None where it has none or the one that its answers have already."""
    points, ticked = _points(row["points"]), _lines(row["lines"])
    words = row["comment"].replace("\r\n", "\n").strip()
    if points is None and not ticked:
        if words:
            raise ValueError("it has a comment and no points; give points, or lines of the rubric.")
        return None
    before = read_comment(question.rubric, group.marks.comment)
    if not group.open and before == (ticked, words) and points in (None, group.points):
        return None
    if not group.open and points == group.points and before[0] != ticked:
        points = None  # the lines were changed and the points were not: they follow from the lines
    return Mark(points=points, ticked=ticked, words=words)


def _points(text: str) -> float | None:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    try:
        points = float(text)
    except ValueError:
        points = math.nan
    if not math.isfinite(points):
        raise ValueError(f"points have to be a number, not {text[:40]!r}.")
    return points


def _lines(text: str) -> tuple[int, ...]:
    """Return indices; spreadsheets may write "1 3", "1,3" or "1;3"."""
    parts = text.replace(",", " ").replace(";", " ").split()
    if any(not (part.isascii() and part.isdigit() and len(part) < 3) for part in parts):
        raise ValueError(f"lines have to be numbers of the rubric such as 1 3, not {text[:40]!r}.")
    return tuple(sorted({int(part) - 1 for part in parts}))
