"""nbgrader's own pipeline over our results: real `autograde`, and the same gradebook as the bulk path."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from traitlets.config import Config

from autograder.gradebook import configure, record, register
from autograder.model import Basis, CheckResult, Status

# nbgrader's own add_submission lets SQLAlchemy flush half of it.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Object of type <Submitted")]

FULL = {"double": 3.0, "total": 2.0}
CONTENT = {
    "assignment": "SELECT name, duedate FROM assignment",
    "notebook": "SELECT name, kernelspec FROM notebook",
    "base_cell": "SELECT name, type FROM base_cell",
    "grade_cell": "SELECT b.name, max_score, cell_type FROM grade_cells g JOIN base_cell b ON b.id = g.id",
    "source_cell": "SELECT name, cell_type, locked, source, checksum FROM source_cell",
    "student": "SELECT id, first_name, last_name, email FROM student",
    "submitted_assignment": "SELECT student_id, timestamp, extension FROM submitted_assignment",
    "submitted_notebook": "SELECT a.student_id, flagged, late_submission_penalty FROM submitted_notebook n "
                          "JOIN submitted_assignment a ON a.id = n.assignment_id",
    "grade": "SELECT a.student_id, b.name, auto_score, manual_score, extra_credit, needs_manual_grade FROM grade g "
             "JOIN base_cell b ON b.id = g.cell_id JOIN submitted_notebook n ON n.id = g.notebook_id "
             "JOIN submitted_assignment a ON a.id = n.assignment_id",
    "comment": "SELECT a.student_id, b.name, auto_comment, manual_comment FROM comment c "
               "JOIN base_cell b ON b.id = c.cell_id JOIN submitted_notebook n ON n.id = c.notebook_id "
               "JOIN submitted_assignment a ON a.id = n.assignment_id",
    "memory": "SELECT a.student_id, cell, answer, held FROM autograder_memory m "
              "JOIN submitted_notebook n ON n.id = m.notebook_id JOIN submitted_assignment a ON a.id = n.assignment_id",
}


def content(output: Path) -> dict[str, list[str]]:
    """Everything in the gradebook but nbgrader's random ids."""
    database = sqlite3.connect(output / "gradebook.db")
    found = {table: sorted(map(repr, database.execute(query))) for table, query in CONTENT.items()}
    database.close()
    return found


@contextmanager
def nbgrader(classroom: Any) -> Iterator[NbGraderAPI]:
    """nbgrader's Python API as `nbgrader_config.py` sets it up."""
    config = Config()
    configure(config, classroom)
    yield NbGraderAPI(config=config)


def autograde(classroom: Any, student: str) -> str:
    with nbgrader(classroom) as api:
        said = api.autograde("tiny", student)
    assert said["success"], said.get("log", "") + said.get("error", "")
    return str(said.get("log", ""))


def hand_in_a_class(classroom: Any) -> list[Any]:
    withheld = CheckResult(id="b", task="total", title="The sum is right.", points=2, earned=None,
                           status=Status.ERRORED, basis=Basis.MEASURED)
    return [
        classroom.hand_in("ada", FULL),
        classroom.hand_in("bob", {"double": 1.25, "total": 0.0}, why="YOUR ANSWER HERE"),
        classroom.hand_in("cy", {"double": 0.0, "total": None}, checks=(withheld,), staff_flags=("look",)),
        classroom.hand_in("dora", FULL, received_at="2030-02-02T12:00:00.123456+01:00"),
    ]


def test_autograde_gives_the_same_gradebook_as_the_bulk_path(classroom: Any, tmp_path: Path) -> None:
    results = hand_in_a_class(classroom)
    twin = type(classroom)(root=tmp_path / "twin", output=tmp_path / "twin", course=classroom.course)
    shutil.copytree(classroom.root, twin.root)

    record(classroom, results)
    register(twin, "tiny")
    for result in results:
        autograde(twin, result.student)

    bulk, theirs = content(classroom.output), content(twin.output)
    for table in CONTENT:
        assert bulk[table] == theirs[table], table
    assert any("'dora'" in row and "5.0" in row for row in bulk["submitted_notebook"]), "the late penalty is in both"

    for student in ("ada", "bob", "cy"):
        ours, their = (json.loads((room.output / f"autograded/{student}/tiny/tiny.ipynb").read_text())
                       for room in (classroom, twin))
        assert [cell["source"] for cell in ours["cells"]] == ["".join(cell["source"]) for cell in their["cells"]]
        assert [cell["metadata"]["nbgrader"] for cell in ours["cells"]] == [
            cell["metadata"]["nbgrader"] for cell in their["cells"]]


def test_a_second_autograde_agrees_with_a_second_record(classroom: Any, tmp_path: Path) -> None:
    results = hand_in_a_class(classroom)
    record(classroom, results)
    with Gradebook(f"sqlite:///{classroom.output}/gradebook.db", "tiny-course") as book:
        grade = book.find_grade("why", "tiny", "tiny", "ada")
        grade.manual_score, grade.needs_manual_grade = 3.0, False
        book.db.commit()
    results[1] = classroom.hand_in("bob", {"double": 1.0, "total": 2.0}, why="YOUR ANSWER HERE")
    twin = type(classroom)(root=tmp_path / "twin", output=tmp_path / "twin", course=classroom.course)
    shutil.copytree(classroom.root, twin.root)

    record(classroom, results)
    for result in results:
        autograde(twin, result.student)
    bulk, theirs = content(classroom.output), content(twin.output)
    for table in CONTENT:
        assert bulk[table] == theirs[table], table
    assert "('ada', 'why', None, 3.0, None, 0)" in bulk["grade"], "reviewed stays reviewed in both"
    assert "('bob', 'test-double', 1.0, 1.25, None, 1)" in bulk["grade"], "held in both"


def test_nbgrader_executes_no_student_code(classroom: Any, tmp_path: Path) -> None:
    mark = tmp_path / "executed"
    classroom.hand_in("eve", {"double": 0.0, "total": 0.0},
                      code=f"import pathlib; pathlib.Path({str(mark)!r}).write_text('here')")
    register(classroom, "tiny")
    autograde(classroom, "eve")
    assert not mark.exists()
    assert "('eve', 'test-double', 0.0, None, None, 0)" in content(classroom.output)["grade"]


def test_nbgraders_own_generate_leaves_a_proved_release_alone(classroom: Any) -> None:
    path = classroom.root / "release/tiny/tiny.ipynb"
    before = path.read_bytes()
    register(classroom, "tiny")
    with nbgrader(classroom) as api:
        api.generate_assignment("tiny")
    assert path.read_bytes() == before


@pytest.mark.parametrize("trouble", ["no result", "broken result", "changed upload", "no executed notebook"])
def test_without_a_usable_result_no_cell_gets_credit(classroom: Any, trouble: str) -> None:
    classroom.hand_in("eve", FULL)
    folder = classroom.output / "results/eve/tiny"
    upload = classroom.output / "submitted/eve/tiny/tiny.ipynb"
    if trouble == "no result":
        shutil.rmtree(folder)
    elif trouble == "broken result":
        (folder / "result.json").write_text("{")
    elif trouble == "changed upload":
        upload.write_bytes(upload.read_bytes() + b"\n")
    else:
        (folder / "executed.ipynb").unlink()
    register(classroom, "tiny")
    autograde(classroom, "eve")
    rows = [row for row in content(classroom.output)["grade"] if "test-" in row]
    if trouble == "no executed notebook":
        assert rows == ["('eve', 'test-double', 3.0, None, None, 0)", "('eve', 'test-total', 2.0, None, None, 0)"]
    else:
        assert rows == ["('eve', 'test-double', None, None, None, 1)", "('eve', 'test-total', None, None, None, 1)"]
    notebook = json.loads((classroom.output / "autograded/eve/tiny/tiny.ipynb").read_text())
    assert all(cell["outputs"][0]["output_type"] == "execute_result" for cell in notebook["cells"]
               if cell["metadata"].get("nbgrader", {}).get("grade_id", "").startswith("test-"))


@pytest.mark.filterwarnings("ignore:Non-unique cell id")
def test_broken_nbgrader_metadata_in_an_upload_does_not_stop_nbgrader(classroom: Any) -> None:
    """The merged notebook takes the upload's place; here two cells of the upload claim to be the same test cell."""
    classroom.hand_in("eve", FULL)
    upload = classroom.output / "submitted/eve/tiny/tiny.ipynb"
    notebook = json.loads(upload.read_text())
    twins = [cell for cell in notebook["cells"] if cell["id"] == "test-double"] * 2
    twins[0]["metadata"]["nbgrader"] = {"grade_id": "test-double", "grade": True, "points": 99}
    notebook["cells"] += twins
    upload.write_text(json.dumps(notebook))
    result = json.loads((classroom.output / "results/eve/tiny/result.json").read_text())
    result["provenance"]["submission"] = hashlib.sha256(upload.read_bytes()).hexdigest()
    (classroom.output / "results/eve/tiny/result.json").write_text(json.dumps(result))
    register(classroom, "tiny")
    autograde(classroom, "eve")
    assert "('eve', 'test-double', 3.0, None, None, 0)" in content(classroom.output)["grade"]
