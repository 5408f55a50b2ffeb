"""After the first grading: changed checks, fresh seeds, manual grades, new uploads, feedback, gradebook."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from autograder.checks import CheckServer
from autograder.model import Reference, Result, Status
from autograder.sandbox import WarmPool

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=4)]
CLASS = {"ada": "solution", "ben": "float64", "cleo": "units_31"}
REFUSED = "dan"
GRADE = ("grade", "mini", "--stand-in", "--workers", "2")
STRICT = 'has_layers([dense(32, "relu"), dense(10, "softmax")])'
LENIENT = "has_output_shape(10)"


@pytest.fixture(scope="module")
def first_run(shared_classroom: Any) -> dict[str, Result]:
    """The class, graded once by the command line into a gradebook of its own."""
    notebooks = {student: shared_classroom.variant(name) for student, name in CLASS.items()}
    shared_classroom.hand_in({**notebooks, REFUSED: b"<html>not a notebook</html>"})
    run = shared_classroom.command(*GRADE, "--json")
    assert run.returncode == 0, run.stderr
    every = (Result.model_validate(one["result"]) for one in json.loads(run.stdout))
    return {result.student: result for result in every}


@pytest.fixture
def graded(shared_classroom: Any, first_run: dict[str, Result], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The graded class; the checks are put back afterwards."""
    hidden, reference = _checks(shared_classroom), shared_classroom.workspace.reference("mini")
    before = {path: path.read_bytes() for path in (hidden, reference)}
    yield shared_classroom
    for path, content in before.items():
        path.write_bytes(content)


def _checks(classroom: Any) -> Path:
    path: Path = classroom.workspace.hidden("mini") / "test_mini.py"
    return path


def change_checks(classroom: Any) -> None:
    path = _checks(classroom)
    assert STRICT in path.read_text()
    path.write_text(path.read_text().replace(STRICT, LENIENT))


def change_minimum(classroom: Any, minimum: float) -> None:
    path = classroom.workspace.reference("mini")
    reference = Reference.from_json(path.read_bytes())
    (key, calibration), = reference.calibrations.items()
    name, = (name for name in calibration.metrics if name.startswith("fit/"))
    spread = calibration.metrics[name].model_copy(update={"minimum": minimum})
    changed = calibration.model_copy(update={"metrics": {**calibration.metrics, name: spread}})
    path.write_text(reference.model_copy(update={"calibrations": {key: changed}}).to_json())


def forbid(monkeypatch: pytest.MonkeyPatch, owner: type, name: str, what: str) -> None:
    def broken(*arguments: Any, **options: Any) -> Any:
        raise ValueError(what)

    monkeypatch.setattr(owner, name, broken)


@contextmanager
def book(classroom: Any) -> Iterator[Any]:
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{classroom.workspace.gradebook}", "mini-course") as opened:
        yield opened


def test_json_on_standard_output_is_the_stored_results(shared_classroom: Any, first_run: dict[str, Result]) -> None:
    assert set(first_run) == {*CLASS, REFUSED}
    for student, result in first_run.items():
        assert shared_classroom.result(student) == result
    assert {student: first_run[student].score for student in CLASS} == {"ada": 10, "ben": 9, "cleo": 9}
    assert first_run[REFUSED].status == "refused" and first_run[REFUSED].message


def test_gradebook_says_what_the_results_say(shared_classroom: Any, first_run: dict[str, Result]) -> None:
    with book(shared_classroom) as opened:
        for student in CLASS:
            grades = {grade.name: grade for grade in
                      opened.find_submission_notebook("mini", "mini", student).grades}
            for task in first_run[student].tasks:
                cell = grades[task.id if task.manual else f"test-{task.id}"]
                assert (cell.auto_score, cell.max_score) == (task.earned, task.points), (student, task.id)
                assert cell.needs_manual_grade is (task.earned is None)
    table = list(csv.DictReader(io.StringIO(shared_classroom.command("export").stdout)))
    assert {*CLASS} <= {value for row in table for value in row.values()}


def test_nothing_changed_nothing_done(graded: Any, first_run: dict[str, Result],
                                      monkeypatch: pytest.MonkeyPatch) -> None:
    forbid(monkeypatch, WarmPool, "run_notebook", "run again")
    forbid(monkeypatch, CheckServer, "judge", "judged again")
    before = graded.graded()
    assert graded.grade() == first_run
    assert graded.graded() == before


def test_changed_checks_judge_the_stored_artifacts(graded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pool is broken: whatever is said now comes from what is on disk."""
    forbid(monkeypatch, WarmPool, "run_notebook", "run again")
    forbid(monkeypatch, WarmPool, "run_predictions", "asked again")
    change_checks(graded)
    again = graded.grade()
    assert {student: again[student].score for student in CLASS} == {"ada": 10, "ben": 9, "cleo": 10}
    assert graded.result("cleo").score == 10


def test_regrade_says_what_changes_before_anything_is_written(graded: Any, first_run: dict[str, Result]) -> None:
    """By the command line: the dry run leaves every result as it was, the other one writes what the first one said."""
    graded.grade()
    change_checks(graded)
    before = graded.graded()
    told = []
    for options in (("--dry-run",), ("--yes",)):
        run = graded.command("regrade", "mini", "--stand-in", "--workers", "2", "--json", *options)
        assert run.returncode == 0, run.stderr
        told.append(json.loads(run.stdout))
        assert (graded.graded() == before) is (options == ("--dry-run",))
    assert [one["written"] for one in told] == [False, True] and told[0]["changes"] == told[1]["changes"]
    changes = {change["student"]: change for change in told[0]["changes"]}
    effects = {student: changes[student]["effect"] for student in CLASS}
    assert effects == {"ada": "same", "ben": "same", "cleo": "raised"}
    assert [check["id"] for check in changes["cleo"]["checks"]] and graded.result("cleo").score == 10
    history = graded.workspace.results("cleo", "mini") / "history.jsonl"
    assert json.loads(history.read_text().splitlines()[-1])["cause"] == "graded again"


def test_checks_that_ask_another_model_question_run_no_notebook(graded: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid(monkeypatch, WarmPool, "run_notebook", "run again")
    path = _checks(graded)
    path.write_text(path.read_text().replace('predicts=[("model", "X_test")])', 'predicts=[("model", "X_train")])', 1)
                    .replace('accuracy_on(holdout, "X_test")', 'accuracy_on(holdout, "X_train")', 1))
    again = graded.grade()
    checks = {check.id: check for task in again["ada"].tasks for check in task.checks}
    assert checks["fit-accuracy"].status is not Status.ERRORED, checks["fit-accuracy"].staff_note
    assert checks["evaluation"].status is Status.PASSED, checks["evaluation"]


def test_a_missed_minimum_gets_two_fresh_seeds(graded: Any, look: Any) -> None:
    """Nobody reaches 0.999: all three runs are made; who lost something else is run once."""
    change_minimum(graded, 0.999)
    again = graded.grade(force=True)
    seeds = {student: again[student].provenance.seeds for student in CLASS}
    assert seeds == {"ada": (1, 2, 3), "ben": (1,), "cleo": (1,)}
    assert look.lost(again["ada"]) == {"fit-accuracy"}
    folder = graded.workspace.results("ada", "mini")
    assert not [path.name for path in folder.iterdir() if path.name.startswith(".seed")]


def test_a_reached_minimum_needs_one_seed(graded: Any) -> None:
    change_minimum(graded, 0.2)
    again = graded.grade(force=True, students=("ada",))
    assert (again["ada"].provenance.seeds, again["ada"].score) == ((1,), 10)


def test_manual_grades_survive_a_regrade(graded: Any) -> None:
    with book(graded) as opened:
        grade = opened.find_grade("why", "mini", "mini", "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        opened.find_comment("why", "mini", "mini", "ada").manual_comment = "Think of the folds."
        opened.db.commit()
    change_checks(graded)
    run = graded.command(*GRADE, "--force")
    assert run.returncode == 0, run.stderr
    with book(graded) as opened:
        grade = opened.find_grade("why", "mini", "mini", "ada")
        assert (grade.manual_score, grade.needs_manual_grade) == (1.5, False)
        assert opened.find_comment("why", "mini", "mini", "ada").manual_comment == "Think of the folds."
        assert opened.find_submission("mini", "ada").score == 11.5
        assert opened.find_grade("test-fit", "mini", "mini", "cleo").auto_score == 5


def test_every_submission_has_a_page_that_needs_nothing_else(graded: Any) -> None:
    run = graded.command("feedback", "mini")
    assert run.returncode == 0, run.stderr
    for student in (*CLASS, REFUSED):
        page = graded.workspace.feedback(student, "mini").read_text()
        assert student in page and "<script" not in page
        assert 'src="http' not in page and "<link" not in page and "default-src 'none'" in page
    assert "float32" in graded.workspace.feedback("ben", "mini").read_text()


def test_a_new_upload_is_graded_and_the_others_are_left_alone(graded: Any) -> None:
    graded.grade()
    before = graded.graded()
    graded.hand_in({"ben": graded.variant("functional")})
    again = graded.grade()
    after = graded.graded()
    assert again["ben"].score == 10
    assert {student for student in after if after[student] != before.get(student)} == {"ben"}


@pytest.mark.parametrize("missing", ["artifacts", "execution.json"])
def test_what_was_tidied_up_is_made_again(graded: Any, missing: str) -> None:
    """Judging again is not possible, running again is; an empty folder is nobody's empty work."""
    graded.grade()
    path = graded.workspace.results("cleo", "mini") / missing
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    change_checks(graded)
    assert graded.grade()["cleo"].score == 10
    assert path.exists()
