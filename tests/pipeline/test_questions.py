"""`autograder questions` on a small course: who gets none, why, and where the files go."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder.cli.main import cli
from autograder.errors import CourseError
from autograder.model import Provenance, Result, TaskResult
from autograder.pipeline.quiz import make_quiz
from autograder.testing import ASSIGNMENT, make_course, make_receipt
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Silent
from tests.artifacts.crafted import recording

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def space(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """One graded submission with a crafted recording, one that is queued, and one that was not graded."""
    made = make_course(tmp_path_factory.mktemp("course"))
    provenance = Provenance(submission="5" * 64, release="1", data="own:0", seeds=(1,), isolation="full", versions={},
                            execution_fingerprint="e", checks_fingerprint="c", graded_at="2029-01-01T00:00:00+00:00")
    results = {"ada": Result(student="ada", assignment=ASSIGNMENT, status="graded", provenance=provenance, tasks=(
        TaskResult(id="a", title="Build | it", points=3, earned=3, number=1),)),
               "bob": Result(student="bob", assignment=ASSIGNMENT, status="queued", message="No GPU is here.")}
    for student in ("ada", "bob", "cid"):
        path = made.receipt(student, ASSIGNMENT)
        path.parent.mkdir(parents=True)
        path.write_text(make_receipt(student).to_json())
        if student in results:
            made.result(student, ASSIGNMENT).parent.mkdir(parents=True)
            made.result(student, ASSIGNMENT).write_text(results[student].to_json())
    for name, data in recording.files().items():
        path = made.artifacts("ada", ASSIGNMENT) / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    return made


def test_everybody_has_questions_or_a_reason(space: Workspace) -> None:
    ada, bob, cid = make_quiz(space, ASSIGNMENT, Silent()).sheets
    assert {one.group for one in ada.questions} == {"network", "training"}
    assert "Task 1 · Build | it" in ada.questions[0].text
    assert bob.reasons == ("The work was queued: No GPU is here.",) and cid.reasons == ("The work was not graded yet",)
    assert make_quiz(space, ASSIGNMENT, Silent(), students=["ada"]).sheets == (ada,)
    with pytest.raises(CourseError, match="'eve'"):
        make_quiz(space, ASSIGNMENT, Silent(), students=["eve"])


def test_the_command_prints_or_writes(space: Workspace, tmp_path: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        outcome = CliRunner().invoke(cli, ["--course", str(space.root), "questions", ASSIGNMENT, *arguments], obj={})
        return outcome.exit_code, outcome.stdout

    code, printed = run()
    assert code == 0 and "answer: " in printed and not (space.output / "questions").exists()
    code, printed = run("--to", "pages", "--to", "moodle", "--json")
    assert code == 0 and [sheet["student"] for sheet in json.loads(printed)["sheets"]] == ["ada", "bob", "cid"]
    folder = space.questions(ASSIGNMENT)
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == [
        "answers.html", "small-moodle.gift.txt", "students/ada.html"]
    assert run("--to", "pages", "--number", "1")[0] != 0  # other questions than those that are there
    assert run("--to", "pages", "--number", "1", "--replace")[0] == 0
    assert run("--to", "csv", "--out", str(tmp_path / "here"))[0] == 0 and (tmp_path / "here/small.csv").is_file()
