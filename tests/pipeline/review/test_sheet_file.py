"""The sheet as a file: what spreadsheets make of it, what is no sheet, and that no cell of it is a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import CourseError
from autograder.gradebook.written_answers import WrittenAnswer
from autograder.grades import CellMarks, RubricLine
from autograder.pipeline.review.groups import Group, make_groups
from autograder.pipeline.review.marking import Mark
from autograder.pipeline.review.sheet_file import export_sheet, import_sheet
from autograder.pipeline.review.written_questions import Question

WHY = Question(task="why", title="Why", points=4, prompt="=Why?", model="-Because.",
               rubric=(RubricLine(points=3, text="Says so."), RubricLine(points=1, text="Well.")))
OPEN = CellMarks(cell="why", points=4, open=True)
DONE = CellMarks(cell="why", points=4, manual=3, comment="[x] 3 of 3: Says so.\n[ ] 0 of 1: Well.\n\nGood.")


@dataclass
class FakeReview:
    """A review in memory."""

    answers: dict[str, str]
    anonymous: bool = False
    marked: dict[tuple[str, ...], Mark] = field(default_factory=dict)
    questions: tuple[Question, ...] = (WHY,)

    def groups(self, task: str) -> tuple[Group, ...]:
        return make_groups(WHY, {name: WrittenAnswer(text=text) for name, text in self.answers.items()},
                           {name: DONE if name == "done" else OPEN for name in self.answers})

    def question(self, task: str) -> Question:
        return WHY

    def mark(self, group: Group, mark: Mark) -> None:
        self.marked[group.students] = mark


def exported(review: Any, path: Path) -> list[dict[str, str]]:
    """Export and read as a spreadsheet does."""
    export_sheet(review, path)
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def write(path: Path, table: list[dict[str, str]], delimiter: str = ",") -> None:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, fieldnames=list(table[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(table)
    path.write_text(stream.getvalue(), "utf-8-sig")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_sheet_that_was_filled_in_is_read_in_the_form_of_any_spreadsheet(tmp_path: Path, delimiter: str) -> None:
    review: Any = FakeReview({"a": "One.", "b": " One.\n", "c": "Two", "d": "Three", "e": "Four", "done": "Five"})
    table = exported(review, tmp_path / "sheet.csv")
    assert table[0]["id"] == "" and "MODEL ANSWER: -Because." in table[0]["answer"]
    assert "LINE 2 (+1): Well." in table[0]["answer"]
    rows = {row["students"]: row for row in table}
    assert (rows["done"]["state"], rows["done"]["points"], rows["done"]["lines"], rows["done"]["comment"]) == (
        "marked", "3", "1", "Good.")
    rows["a b"].update(lines="1; 2", comment="'-1 would be wrong")
    rows["c"].update(points="2,5" if delimiter == ";" else "2.5")
    rows["d"].update(points="five")
    rows["e"].update(comment="No points")
    write(tmp_path / "sheet.csv", table, delimiter)
    found = import_sheet(review, tmp_path / "sheet.csv")
    assert review.marked == {("a", "b"): Mark(ticked=(0, 1), words="-1 would be wrong"), ("c",): Mark(points=2.5)}
    assert found.marked == 3 and len(found.refused) == 2
    assert any("not 'five'" in said for said in found.refused) and any("no points" in said for said in found.refused)


def test_what_was_marked_changes_only_where_its_row_was_changed(tmp_path: Path) -> None:
    review: Any = FakeReview({"done": "Five"})
    table = exported(review, tmp_path / "sheet.csv")
    assert import_sheet(review, tmp_path / "sheet.csv").marked == 0
    for change, mark in (({"lines": "1 2"}, Mark(ticked=(0, 1), words="Good.")),
                         ({"points": "4"}, Mark(points=4, ticked=(0,), words="Good.")),
                         ({"comment": "Better."}, Mark(points=3, ticked=(0,), words="Better."))):
        write(tmp_path / "sheet.csv", [table[0], table[1] | change])
        assert import_sheet(review, tmp_path / "sheet.csv").marked == 1
        assert review.marked == {("done",): mark}


def test_no_cell_is_a_formula_and_an_anonymous_sheet_names_nobody(tmp_path: Path) -> None:
    bad = ['=HYPERLINK("http://a")', "+1", "-1+cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "'=1", "\uff1d1", "\r=2", "Well"]
    review: Any = FakeReview({f"student-{number}": text for number, text in enumerate(bad)}, anonymous=True)
    table = exported(review, tmp_path / "sheet.csv")
    cells = [cell for row in table for cell in row.values()]
    assert len(table) == 10 and not [cell for cell in cells if cell.lstrip()[:1] in tuple("=-@\uff1d") and cell.strip()]
    assert not [cell for cell in cells if cell.startswith("+") and cell != "+1"], "a number is none"
    assert "student-" not in (tmp_path / "sheet.csv").read_text("utf-8-sig")
    write(tmp_path / "sheet.csv", [row | {"comment": row["answer"], "points": "1"} if row["id"] else row
                                   for row in table])
    assert import_sheet(review, tmp_path / "sheet.csv").marked == 9
    assert {mark.words for mark in review.marked.values()} >= {'=HYPERLINK("http://a")', "@SUM(1)", "Well"}


@pytest.mark.parametrize(("content", "said"), [
    (b"\xff\xfe\x00", "CSV UTF-8"), (b"a,b\n1,2\n", "has no id, points, lines, comment"), (b"", "has no id"),
    (b"id,points,lines,comment\n\"" + b"x" * 200_000, "cannot be read as CSV"), (b"PK\x03\x04\x80", "CSV UTF-8"),
])
def test_a_file_that_is_no_sheet_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "sheet.csv"
    path.write_bytes(content)
    with pytest.raises(CourseError, match=said):
        import_sheet(FakeReview({}), path)  # type: ignore[arg-type]


def test_a_row_of_another_sheet_or_twice_changes_nothing(tmp_path: Path) -> None:
    review: Any = FakeReview({"a": "One.", "b": "Two", "c": "Three"})
    one, two, three = (group.id for group in sorted(review.groups("why"), key=lambda group: group.students))
    path = tmp_path / "sheet.csv"
    path.write_text(f"id,points,lines,comment\n{one},1,,\n{one},2,,\n{'0' * 24},3,,\n,4,,\n{one[:-1]},4,,\n"
                    f"{two},,,Well\n{three},,1 x,\n{three},inf,,\n")
    found = import_sheet(review, path)
    assert (found.marked, len(found.refused)) == (1, 6), found
    assert review.marked == {("a",): Mark(points=1)}
