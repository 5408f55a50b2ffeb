"""The grading sheet and the real gradebook: what is marked is in it, and nothing of anybody's is overwritten."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook

from autograder.cli import main
from autograder.errors import CourseError, GradebookError, ReleaseError
from autograder.gradebook import record
from autograder.gradebook.database import database_url
from autograder.pipeline.review import Conflict, Review, open_review
from autograder.pipeline.review.marking import Mark
from autograder.pipeline.up_to_date import current_grades
from autograder.workspace.progress import Silent

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Object of type <Submitted")]
FULL: dict[str, float | None] = {"double": 3.0, "total": 2.0}
RUBRIC = [{"points": 3, "text": "Says that doubling is multiplying."}, {"points": 1, "text": "Names the factor."}]
SAME = "Because doubling is  multiplying by two."


def give_rubric(room: Any, rubric: Any) -> None:
    """Write a rubric into the course's source notebook."""
    path = room.source("tiny")
    notebook = json.loads(path.read_text())
    (cell,) = [cell for cell in notebook["cells"] if cell["metadata"]["nbgrader"]["grade_id"] == "why"]
    cell["metadata"]["autograder"]["rubric"] = rubric
    path.write_text(json.dumps(notebook))


@pytest.fixture
def room(classroom: Any) -> Any:
    """A class with one pair of equal answers, two of their own and one that is empty."""
    give_rubric(classroom, RUBRIC)
    written = {"ada": SAME, "bob": SAME.replace("  ", "\n"), "cy": "Two times.", "di": "I do not know.",
               "eve": "YOUR ANSWER HERE"}
    record(classroom, [classroom.hand_in(student, FULL, why=why) for student, why in written.items()])
    return classroom


def run(arguments: list[str]) -> int:
    """Return the exit code of a command."""
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


@contextmanager
def opened(room: Any, **options: Any) -> Any:
    with open_review(room, "tiny", reporter=Silent(), **options) as review:
        yield review


def group_of(review: Review, student: str) -> Any:
    return next(group for group in review.groups("why") if student in group.students)


def why(room: Any) -> dict[str, tuple[float | None, bool, str | None]]:
    """Points, whether it is open, and the comment, by student: as `Grade` says."""
    tasks = {grade.student: grade.task("why") for grade in current_grades(room, ["tiny"])}
    return {student: (task.person, task.open, task.comment) for student, task in tasks.items() if task}


def by_hand(room: Any, student: str, change: Callable[[Any, Any], None]) -> None:
    """Change a grade as formgrader's own handlers do."""
    with Gradebook(database_url(room.gradebook, 5), room.course.id) as book:
        grade = book.find_grade("why", "tiny", "tiny", student)
        change(grade, book.find_comment("why", "tiny", "tiny", student))
        book.db.commit()


def four_points(grade: Any, comment: Any) -> None:
    grade.manual_score, grade.needs_manual_grade = 4.0, False
    comment.manual_comment = "From formgrader."


def test_equal_answers_get_one_mark_which_everything_reads(room: Any) -> None:
    with opened(room) as review:
        (question,) = review.questions
        assert (question.model, [line.points for line in question.rubric]) == (
            "Because doubling is multiplying by two.", [3, 1])
        assert [group.students for group in review.groups("why")] == [("ada", "bob"), ("cy",), ("di",), ("eve",)]
        assert [group.open for group in review.groups("why")] == [True, True, True, False], "nothing written is 0"
        review.mark(group_of(review, "ada"), Mark(ticked=(0,), words="Which factor?"))
        review.mark(group_of(review, "cy"), Mark(points=1.5))
        assert [count["open"] for count in review.counts()] == [1]
    comment = "[x] 3 of 3: Says that doubling is multiplying.\n[ ] 0 of 1: Names the factor.\n\nWhich factor?"
    assert why(room) == {"ada": (3, False, comment), "bob": (3, False, comment), "cy": (1.5, False, None),
                         "di": (None, True, None), "eve": (None, False, None)}
    grades = {grade.student: grade for grade in current_grades(room, ["tiny"])}
    assert [grades[student].score for student in ("ada", "cy", "di", "eve")] == [8, 6.5, None, 5]
    history = [json.loads(line) for line in (room.results("ada", "tiny") / "history.jsonl").read_text().splitlines()]
    assert "person" in json.dumps(history[-1])


def test_what_is_marked_stays_marked_and_the_next_time_begins_with_what_is_open(room: Any) -> None:
    with opened(room) as review:
        review.mark(group_of(review, "ada"), Mark(ticked=(0, 1)))
    again = [room.hand_in("ada", FULL, why=SAME), room.hand_in("fay", FULL, why=SAME)]
    record(room, again)
    with opened(room) as review:
        assert [(group.students, group.open) for group in review.groups("why")][:3] == [
            (("cy",), True), (("di",), True), (("fay",), True)]
        shown = {group["students"][0]: group for group in review.described("why")}
        assert shown["ada"]["ticked"] == [0, 1] and shown["ada"]["points"] == 4
        assert shown["fay"]["same"] == {"points": 4, "ticked": [0, 1], "words": ""}, "an equal answer has a mark"
        review.mark(group_of(review, "ada"), Mark(reopen=True))
    assert why(room)["ada"] == (None, True, None)


def test_nothing_of_another_person_is_overwritten(room: Any) -> None:
    with opened(room) as review:
        mine = group_of(review, "ada")
        by_hand(room, "bob", four_points)
        with pytest.raises(Conflict, match="bob was marked by somebody else"):
            review.mark(mine, Mark(points=1))
        assert why(room)["ada"] == (None, True, None), "all or none"
        assert why(room)["bob"] == (4, False, "From formgrader.")
        review.load(Silent())
        assert [group_of(review, student).students for student in ("ada", "bob")] == [("ada",), ("bob",)]
        review.mark(group_of(review, "ada"), Mark(points=1))
    assert why(room)["ada"] == (1, False, None)
    assert why(room)["bob"] == (4, False, "From formgrader.")


def test_an_answer_that_was_handed_in_again_does_not_get_the_mark_of_the_earlier_one(room: Any) -> None:
    with opened(room) as review:
        earlier = group_of(review, "cy")
        record(room, [room.hand_in("cy", FULL, why="Something new.")])
        with pytest.raises(Conflict):
            review.mark(earlier, Mark(points=4))
        review.load(Silent())
        assert group_of(review, "cy").answer.text == "Something new."
        review.mark(group_of(review, "cy"), Mark(points=4))
        record(room, [room.hand_in("cy", FULL, why="Newer still.")])
        review.load(Silent())
        assert (group_of(review, "cy").open, group_of(review, "cy").points) == (True, 4)


def test_a_mark_that_cannot_be_is_refused(room: Any) -> None:
    wrong = [(Mark(points=4.5), "0 to 4 points"), (Mark(points=-1), "0 to 4 points"), (Mark(), "Give points"),
             (Mark(points=float("nan")), "0 to 4"), (Mark(ticked=(2,)), "lines 1 to 2"),
             (Mark(ticked=(-1,)), "lines 1 to 2"), (Mark(points=1, words="x" * 4001), "4,000 characters")]
    with opened(room) as review:
        for mark, said in wrong:
            with pytest.raises(ValueError, match=said):
                review.mark(group_of(review, "ada"), mark)
    assert why(room)["ada"] == (None, True, None)


def test_what_cannot_be_marked_is_named(room: Any) -> None:
    with pytest.raises(CourseError, match="has the written questions why"), opened(room, tasks=["double"]):
        pass
    give_rubric(room, [{"points": 1, "text": "Too few."}])
    with pytest.raises(ReleaseError, match="rubric of the written answer 'why'"), opened(room):
        pass


def test_before_anything_is_graded_it_says_so(classroom: Any) -> None:
    with pytest.raises(GradebookError, match="run `autograder grade tiny` first"), opened(classroom):
        pass


def test_hostile_answers_cost_only_themselves(room: Any) -> None:
    """Too long, too deep, with cells around it, or no notebook at all: everybody else's can be marked."""
    for student, source in {"long": "x" * 300_000, "odd": ["<b>", {"a": 1}, None]}.items():
        result = room.hand_in(student, FULL)
        path = room.executed(student, "tiny")
        notebook = json.loads(path.read_text())
        index = next(number for number, cell in enumerate(notebook["cells"]) if cell["id"] == "why")
        notebook["cells"][index]["source"] = source
        notebook["cells"].insert(index + 1, {"cell_type": "markdown", "metadata": {}, "source": "And one more thing."})
        path.write_text(json.dumps(notebook))
        record(room, [result])
    record(room, [room.hand_in("deep", FULL)])
    room.executed("deep", "tiny").write_text("[" * 200_000)
    with opened(room) as review:
        answers = {student: group_of(review, student).answer for student in ("long", "odd", "deep", "cy")}
        assert len(answers["long"].text) == 20_000 and "first 20,000 characters" in answers["long"].notes[0]
        assert answers["long"].more == ("And one more thing.",)
        assert answers["odd"].text.startswith("<b>")
        assert answers["deep"].text == "" and "formgrader" in answers["deep"].notes[0]
        assert answers["cy"].text == "Two times."
        review.mark(group_of(review, "cy"), Mark(points=4))


# The sheet as a file


def test_a_sheet_is_filled_in_and_read_back(room: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet, command = tmp_path / "sheet.csv", ["--course", str(room.root), "review", "tiny"]
    assert run([*command, "--export", str(sheet)]) == 0
    table = list(csv.DictReader(io.StringIO(sheet.read_text("utf-8-sig"), newline="")))
    rows = {row["students"]: row for row in table}
    rows["ada bob"].update(lines="1", comment="-1 would be\nwrong")
    rows["cy"].update(points="2.5")
    by_hand(room, "di", four_points)
    rows["di"].update(points="1")
    with sheet.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    capsys.readouterr()
    assert run([*command, "--import", str(sheet), "--json"]) == 5
    found = json.loads(capsys.readouterr().out)
    assert found["marked"] == 3 and len(found["refused"]) == 1 and "since the sheet was exported" in found["refused"][0]
    given = why(room)
    assert given["ada"] == given["bob"] and given["ada"][0] == 3 and given["ada"][2].endswith("\n\n-1 would be\nwrong")
    assert (given["cy"][0], given["di"]) == (2.5, (4, False, "From formgrader."))
    assert run([*command, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["questions"] == [
        {"task": "why", "title": "Why", "points": 4.0, "answers": 5, "groups": 4, "open": 0}]
