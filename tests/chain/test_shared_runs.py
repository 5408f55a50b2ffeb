"""The same answers are run once by the real pool, and everybody's work is as if it had been run for them alone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Result
from autograder.pipeline.grade.batch import grade_class
from autograder.pipeline.session.options import RunOptions
from autograder.sandbox.pool import WarmPool
from autograder.testing import ASSIGNMENT, make_course, make_notebook, make_receipt
from autograder.workspace.file_names import RESULT
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent
from autograder.workspace.reading import digest
from tests.chain.test_determinism import left_by

pytestmark = pytest.mark.slow
WORKS = {"ada": "float64", "ben": "units_31", "cleo": "float64", "dan": "units_31", "eve": "float64"}


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose submissions were run, once for each run of a notebook."""
    students: list[str] = []
    run = WarmPool.run_notebook

    def counted(pool: WarmPool, job: Any, into: Path, **options: Any) -> Any:
        if "results" in into.parts:  # not the grader's own notebooks
            students.append(into.parts[into.parts.index("results") + 1])
        return run(pool, job, into, **options)

    monkeypatch.setattr(WarmPool, "run_notebook", counted)
    return students


def without_owner(result: Result) -> dict[str, Any]:
    """Return all of a result but whose it is, and what differs between any two runs: times, and memory in use."""
    found = result.model_dump(mode="json", exclude={"student", "timings"})
    for name in ("submission", "graded_at", "shared"):
        del found["provenance"][name]
    for name in ("seconds", "waited", "peak_memory_mib"):
        del found["execution"][name]
    for cell in found["execution"]["cells"]:
        del cell["seconds"], cell["waited"]
    return found


def grade_alone(classroom: Any, look: Any, student: str, output: Path) -> tuple[Result, Workspace]:
    """Grade the same upload of one student as if nobody else had handed in."""
    alone = replace(classroom.workspace, output=output)
    shutil.copytree(classroom.workspace.submission_folder(student, "mini"), alone.submission_folder(student, "mini"))
    options = RunOptions(workers=2, allow_stand_in=True, gradebook=False)
    with look.environment(look.without_true_data(classroom.home)):
        (result,) = grade_class(alone, ("mini",), options, Silent()).results
    return result, alone


def runs_of(students: Iterable[str]) -> set[str]:
    return {WORKS[student] for student in students}


def test_five_students_with_two_works_are_run_twice_and_nothing_differs_by_a_bit(
    classroom: Any, look: Any, tmp_path: Path, ran: list[str]
) -> None:
    classroom.hand_in({student: classroom.variant(work) for student, work in WORKS.items()})
    results = classroom.grade()
    first = [student for student in results if not results[student].provenance.shared]
    made = list(ran)
    assert len(first) == 2 and set(made) == set(first) and runs_of(first) == set(WORKS.values())
    result, alone = grade_alone(classroom, look, "eve", tmp_path / "alone")
    assert json.dumps(without_owner(result)) == json.dumps(without_owner(results["eve"]))
    assert left_by(alone.results("eve", "mini")) == left_by(classroom.workspace.results("eve", "mini"))
    assert ran == [*made, *["eve"] * made.count(next(one for one in first if WORKS[one] == WORKS["eve"]))]
    assert results["eve"].provenance.shared and not result.provenance.shared


def test_work_that_arrives_later_is_judged_from_the_stored_run_and_force_runs_it(
    classroom: Any, ran: list[str]
) -> None:
    classroom.hand_in({"sentinel-student": classroom.variant("float64")})
    first = classroom.grade()["sentinel-student"]
    del ran[:]
    classroom.hand_in({"ben": classroom.variant("float64")})
    result = classroom.grade()["ben"]
    assert not ran and result.provenance.shared and result.score == first.score == 9
    files = [path for path in classroom.workspace.results("ben", "mini").rglob("*") if path.is_file()]
    assert {RESULT, "executed.ipynb", "index.json"} <= {path.name for path in files}
    assert not [path for path in files if b"sentinel-student" in path.read_bytes()]
    forced = classroom.grade(force=True, students=("ben",))["ben"]
    assert set(ran) == {"ben"} and not forced.provenance.shared
    assert json.dumps(without_owner(forced)) == json.dumps(without_owner(result)) == json.dumps(without_owner(first))


def put_in_place(workspace: Workspace, student: str, notebook: dict[str, Any]) -> None:
    content = json.dumps({**notebook, "metadata": {"whose": student}}).encode()
    receipt = make_receipt(student, sha256=digest(content))
    for path, written in ((workspace.receipt(student, ASSIGNMENT), receipt.to_json().encode()),
                          (workspace.submitted(student, ASSIGNMENT), content)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written)


def test_a_course_without_training_is_graded_from_two_runs(tmp_path: Path, ran: list[str]) -> None:
    """The same with NumPy only: each step of the real chain but the models, in a fraction of the time."""
    made = make_course(tmp_path / "course")
    settings = made.root / "course.yml"  # a busy machine must not decide what is reached
    settings.write_text(settings.read_text().replace("20 s", "10 min").replace("60 s", "20 min"))
    workspace = open_workspace(made.root)
    for student, work in WORKS.items():
        put_in_place(workspace, student, make_notebook(workspace, comment=work))
    options = RunOptions(workers=2, gradebook=False)
    results = {one.student: one for one in grade_class(workspace, (ASSIGNMENT,), options, Silent()).results}
    assert len(ran) == 2 and runs_of(ran) == set(WORKS.values())
    assert {student for student, one in results.items() if not one.provenance or not one.provenance.shared} == set(ran)
    for work in set(WORKS.values()):
        same = [results[student] for student in WORKS if WORKS[student] == work]
        assert {one.status for one in same} == {"graded"}
        assert len({json.dumps(without_owner(one)) for one in same}) == 1
        left = [{path.name: path.read_bytes() for path in workspace.artifacts(one.student, ASSIGNMENT).iterdir()}
                for one in same]
        assert left[0] and all(other == left[0] for other in left)
    alone = replace(workspace, output=tmp_path / "alone")
    put_in_place(alone, "eve", make_notebook(workspace, comment=WORKS["eve"]))
    (result,) = grade_class(alone, (ASSIGNMENT,), options, Silent()).results
    assert len(ran) == 3 and json.dumps(without_owner(result)) == json.dumps(without_owner(results["eve"]))
