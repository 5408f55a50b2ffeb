"""The small course that tests are given is one that the real parts can release, check and grade."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import checks, notebook
from autograder.pipeline.grade.batch import grade_class
from autograder.pipeline.release.release import release_assignment
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.variant_files import SOLUTION, as_file, make_submission
from autograder.sandbox import best_isolation
from autograder.testing import (
    ASSIGNMENT,
    SPECS,
    FakePool,
    make_course,
    make_merged,
    make_notebook,
    make_receipt,
    make_session,
)
from autograder.workspace.progress import Silent


def test_its_checks_are_those_that_the_fakes_judge_by(tmp_path: Path) -> None:
    found = checks.collect(make_course(tmp_path).hidden(ASSIGNMENT))
    assert [(spec.id, spec.task, spec.title, spec.points) for spec in found] == [
        (spec.id, spec.task, spec.title, spec.points) for spec in SPECS]


@pytest.mark.slow
def test_nbgrader_releases_it_with_the_same_steps(tmp_path: Path) -> None:
    workspace = make_course(tmp_path)
    before = make_session(workspace).layout
    release_assignment(workspace, ASSIGNMENT, prove=None)
    assert make_session(workspace).layout == before and [task.kind for task in before.tasks] == [
        "code", "code", "written"]


def test_a_session_without_a_course_on_disk_has_the_same_specs(tmp_path: Path) -> None:
    session = make_session()
    assert session.specs == SPECS and not session.workspace.root.exists()
    merged = make_merged(make_session(make_course(tmp_path)))
    assert [slot.status for slot in merged.slots if slot.kind == "code"] == ["answered", "answered"]


def test_a_fake_pool_has_all_that_a_pool_has(tmp_path: Path) -> None:
    """What the chain may ask of a pool, `Pool` names; the type checker compares the rest."""
    from autograder.pipeline.session.pool_protocol import Pool

    pool: Pool = FakePool()
    assert pool.own is pool and not pool.lost


@pytest.mark.slow
@pytest.mark.skipif(best_isolation() is None, reason="this machine cannot isolate student code")
def test_its_solution_is_graded_by_the_real_parts(tmp_path: Path) -> None:
    workspace = make_course(tmp_path)
    released = notebook.read(workspace.release(ASSIGNMENT).read_bytes(), "small.ipynb")
    path = workspace.submitted("ada", ASSIGNMENT)
    path.parent.mkdir(parents=True)
    path.write_bytes(as_file(make_submission(workspace, ASSIGNMENT, SOLUTION, released)))
    workspace.receipt("ada", ASSIGNMENT).write_text(make_receipt("ada").to_json())
    assert make_notebook(workspace)["cells"]
    (result,) = grade_class(workspace, (ASSIGNMENT,), RunOptions(workers=1, gradebook=False), Silent()).results
    assert (result.status, result.score, result.manual) == ("graded", 5, 4), result.message
