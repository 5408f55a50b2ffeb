"""The forms of a quiz: pages, GIFT, QTI, a table and lines, also for texts that try to break out of them."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from autograder.errors import CourseError
from autograder.pipeline.quiz import quiz_files, write_files
from autograder.questions import (
    Choice,
    Number,
    Question,
    Quiz,
    Sheet,
    answer_page,
    gift,
    qti_files,
    quiz_csv,
    quiz_lines,
    student_page,
)

EVIL = "=1+1}{~#:\\<script>alert(1)</script>&'\"\n\n::x::{T}\n$CATEGORY: y\u202e\x00`a`"
QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"


def question(text: str = "How many?", answer: Number | Choice | None = None) -> Question:
    return Question(kind="updates", group="training", task="Task 1", text=text, how="Count 77 of them.",
                    answer=answer or Number(value=4711, tolerance=0.5))


def quiz(*questions: Question, name: str = "Ada", reasons: tuple[str, ...] = ()) -> Quiz:
    sheets = (Sheet(student="ada", name=name, questions=questions, reasons=reasons),
              Sheet(student="bob@uni.org", reasons=("The work was not graded yet",)))
    return Quiz(assignment="mini", title="Mini", wanted=3, sheets=sheets)


HOSTILE = quiz(question(EVIL, Choice(right=EVIL + "r", options=(EVIL + "w", EVIL + "r"))), question(EVIL), name=EVIL,
               reasons=(EVIL,))


class Tags(HTMLParser):
    """Collects the elements and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("page", [student_page(HOSTILE, HOSTILE.sheets[0]), answer_page(HOSTILE)],
                         ids=["student", "staff"])
def test_pages_have_no_active_content(page: str) -> None:
    found = Tags(page)
    assert not found.tags & {"script", "iframe", "object", "form", "input", "img", "a", "link", "svg"}
    assert not [name for name in found.attributes if name.startswith("on")]
    assert "default-src 'none'" in page and "\u202e" not in page and "&lt;script&gt;" in page


def test_answers_are_only_on_the_page_for_staff() -> None:
    made = quiz(question(), question("Which?", Choice(right="right one", options=("another", "right one"))))
    page, answers = student_page(made, made.sheets[0]), answer_page(made)
    assert "4,711" not in page and "4711" not in page and "77 of them" not in page and "right one" in page
    assert "4,711 ± 0.5" in answers and "77 of them" in answers and "staff only" in answers
    assert "was not graded yet" in answers and "not graded" not in page


def test_gift_has_a_category_for_each_student_and_escapes_everything() -> None:
    blocks = gift(HOSTILE).strip().split("\n\n")
    assert blocks[1] == "$CATEGORY: $course$/top/mini/ada" and len(blocks) == 4
    assert not any("bob" in block for block in blocks)
    for block in blocks[2:]:
        assert "\n" not in block and block.startswith("::mini ada ")
        bare = re.sub(r"\\[\\~=#{}:]", "", block)  # what is left of the text acts on the format
        assert bare.count("{") == bare.count("}") == 1 and bare.count("::") == 2
    choice, number = (re.sub(r"\\[\\~=#{}:]", "", block).partition("{")[2] for block in blocks[2:])
    assert choice.count("=") == 1 and choice.count("~") == 1
    assert number == "#4711:0.5}"


def test_qti_is_one_quiz_for_each_student() -> None:
    files = qti_files(HOSTILE)
    assert set(files) == {"imsmanifest.xml", "quiz1/quiz1.xml"}
    root = ET.fromstring(files["quiz1/quiz1.xml"])  # noqa: S314 - our own text
    [assessment] = root.iter(f"{QTI}assessment")
    assert assessment.get("title") == "Mini: questions to ada"
    kinds = [entry.text for entry in root.iter(f"{QTI}fieldentry")]
    assert kinds == ["1", "multiple_choice_question", "1", "numerical_question", "1"]
    for text in root.iter(f"{QTI}mattext"):
        assert Tags(text.text or "").tags <= {"p", "code"}  # the platform reads it as HTML
    choice, number = root.iter(f"{QTI}conditionvar")
    assert [one.text for one in choice.iter(f"{QTI}varequal")] == ["option2"]
    assert [one.text for one in number.iter() if one.text and one.text.strip()] == ["4711", "4710.5", "4711.5"]


def test_no_cell_of_the_table_is_a_formula() -> None:
    rows = list(csv.DictReader(io.StringIO(quiz_csv(HOSTILE))))
    assert [row["student_id"] for row in rows] == ["ada", "ada", "ada", "bob@uni.org"]
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())
    assert rows[1]["answer"] == "4711" and rows[1]["tolerance"] == "0.5" and rows[3]["reasons"].startswith("The work")


def test_lines_of_the_terminal_have_no_control_characters() -> None:
    assert all(line.isprintable() for line in quiz_lines(HOSTILE))


def test_small_numbers_have_no_exponent() -> None:
    made = quiz(question(answer=Number(value=0.00001, tolerance=0.0000001)))
    assert "{#0.00001:0.0000001}" in gift(made)


def test_files_are_the_same_each_time_and_never_overwritten_unasked(tmp_path: Path) -> None:
    made, other = quiz(question()), quiz(question("Another?"))
    files = quiz_files(made, ("pages", "moodle", "canvas", "csv"))
    assert files == quiz_files(Quiz.from_json(made.to_json()), ("pages", "moodle", "canvas", "csv"))
    assert set(files) == {"students/ada.html", "answers.html", "mini-moodle.gift.txt", "mini-canvas-qti.zip",
                          "mini.csv"}
    with zipfile.ZipFile(io.BytesIO(files["mini-canvas-qti.zip"])) as archive:
        assert archive.namelist() == ["imsmanifest.xml", "quiz1/quiz1.xml"]
    assert len(write_files(tmp_path, files, replace=False)) == 5
    assert write_files(tmp_path, files, replace=False) == ()
    changed = quiz_files(other, ("pages", "csv"))
    with pytest.raises(CourseError, match="--replace"):
        write_files(tmp_path, changed, replace=False)
    assert "How many?" in (tmp_path / "students/ada.html").read_text()
    assert len(write_files(tmp_path, changed, replace=True)) == 3
    assert json.loads(made.to_json())["sheets"][0]["questions"][0]["answer"]["value"] == 4711
