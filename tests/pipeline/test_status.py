"""`autograder status`: each part that is out of date and the command that fixes it, or that nothing is due."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from autograder import notebook
from autograder.authoring import Source, create_assignment, create_course
from autograder.cli import cli
from autograder.model import Basis, CheckResult, Provenance, Receipt, Result, Status, TaskResult
from autograder.pipeline.audit.audit import cache_folder, plan
from autograder.pipeline.audit.matrix import State
from autograder.pipeline.fingerprint import checks_fingerprint
from autograder.pipeline.release.proof import content_digest
from autograder.pipeline.release.release import release_assignment
from autograder.pipeline.session.variant_files import as_file
from autograder.pipeline.status import Due, find_due
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.storage import write_atomically

pytestmark = pytest.mark.slow
NAME = "first"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A course of one assignment from a template, released and audited, with nothing to do."""
    root = create_course(tmp_path_factory.mktemp("course"), "intro")
    create_assignment(open_workspace(root), NAME, Source(like="blank"))
    found = open_workspace(root)
    release_assignment(found, NAME, prove=None)
    store_audit(found)
    yield found
    assert due(found) == [], "a test has left something out of date"


def due(workspace: Workspace) -> list[tuple[str, str]]:
    return [(one.part, one.command) for one in find_due(workspace)]


def only(workspace: Workspace) -> Due:
    (found,) = find_due(workspace)
    return found


def provenance(workspace: Workspace, sha256: str) -> Provenance:
    checks = checks_fingerprint(workspace.hidden(NAME), workspace.reference(NAME), workspace.source(NAME))
    return Provenance(submission=sha256, release="r", data="own:0", seeds=(1,), isolation="full", versions={},
                      execution_fingerprint="e", checks_fingerprint=checks, graded_at="2030-01-01T00:00:00+00:00")


def store_audit(workspace: Workspace, *, worse: str = "") -> None:
    """Store the runs of a clean audit; ``worse``: a right variant that loses a check."""
    release, planned = json.loads(workspace.release(NAME).read_bytes()), plan(workspace, NAME, "full")
    for row in planned.rows:
        checks = tuple(CheckResult(
            id=spec.id, task=spec.task, title=spec.title, points=spec.points, basis=Basis.MEASURED, earned=0,
            status={State.KEPT: Status.PASSED, State.BLOCKED: Status.BLOCKED}.get(row.declared(spec.id), Status.FAILED)
            if row.name != worse else Status.FAILED) for spec in planned.specs)
        merged = notebook.merge(release, json.loads(as_file(planned.notebooks[row.name])))
        result = Result(student=row.name, assignment=NAME, status="graded",
                        tasks=(TaskResult(id="double", title="Double", points=3, earned=3, checks=checks),),
                        provenance=provenance(workspace, content_digest(merged.notebook)))
        folder = cache_folder(workspace, NAME, "own", "full") / "seed-1" / "results" / row.name / NAME
        write_atomically(folder / "result.json", result.to_json())


def test_nothing_to_do_is_said(workspace: Workspace) -> None:
    done = CliRunner().invoke(cli, ["--course", str(workspace.root), "status"])
    assert done.output == "Nothing to do: everything is up to date.\n"
    as_json = CliRunner().invoke(cli, ["--course", str(workspace.root), "status", "--json"])
    assert json.loads(as_json.output) == {NAME: []}


def test_a_changed_text_makes_the_release_stale(workspace: Workspace) -> None:
    path = workspace.source(NAME)
    before = path.read_bytes()
    path.write_bytes(before.replace(b"Say what this step is good for.", b"It is good for nothing."))
    try:
        found = dict(due(workspace))
        assert found["release"] == f"autograder release {NAME}"
        # The solution's notebook is among what checks are judged with.
        assert found["audit"] == f"autograder audit {NAME}"
    finally:
        path.write_bytes(before)


@pytest.mark.parametrize(("where", "old", "new", "part"), [
    ("assignments/first/first.ipynb", b'"grade_id": "test-double"', b'"grade_id": "test-dobule"', "source"),
    ("assignments/first/first.ipynb", b"{", b"", "source"),
    ("tests/hidden/first/test_numbers.py", b"points=2", b"points=5", "checks"),
    ("tests/hidden/first/test_numbers.py", b"import numpy", b"import nothing_like_that", "checks"),
    ("reference/first/variants/wrong/squared.py", b"doubled-values", b"doubled-vaules", "variants"),
    ("reference/first/variants/right/loop.py", b"[double]", b"[dobule]", "variants"),
])
def test_what_cannot_be_used_is_named(workspace: Workspace, where: str, old: bytes, new: bytes, part: str) -> None:
    path = workspace.root / where
    before = path.read_bytes()
    assert old in before
    path.write_bytes(before.replace(old, new, 1))
    try:
        found = [one for one in find_due(workspace) if one.part == part]
        assert len(found) == 1 and found[0].command.startswith("edit ") and len(found[0].state) > 20
    finally:
        path.write_bytes(before)


def test_a_changed_variant_asks_for_an_audit(workspace: Workspace) -> None:
    path = workspace.variants(NAME) / "wrong" / "squared.py"
    before = path.read_bytes()
    path.write_bytes(before.replace(b"numbers**2", b"numbers**3"))
    try:
        found = only(workspace)
        assert (found.part, found.command) == ("audit", f"autograder audit {NAME}") and "squared" in found.state
    finally:
        path.write_bytes(before)


def test_an_audit_that_was_not_clean_is_not_done(workspace: Workspace) -> None:
    store_audit(workspace, worse="added")
    try:
        found = only(workspace)
        assert found.part == "audit" and "not clean: added" in found.state
    finally:
        store_audit(workspace)


def test_a_bound_without_a_calibration(workspace: Workspace) -> None:
    path = workspace.hidden(NAME) / "test_numbers.py"
    before = path.read_bytes()
    path.write_bytes(before.replace(b"points=2, basis", b"points=2, minimum=True, basis"))
    try:
        assert ("calibration", f"autograder calibrate {NAME}") in due(workspace)
    finally:
        path.write_bytes(before)


def test_what_a_class_waits_for(workspace: Workspace, tmp_path: Path) -> None:
    """Handed in → graded → page; and again where checks were changed or work was handed in again."""
    here = open_workspace(workspace.root, tmp_path)
    hand_in(here, "ada", "1" * 64)
    hand_in(here, "bela", "2" * 64)
    assert due(here) == [("submissions", f"autograder grade {NAME}")]
    assert "2 not graded yet: ada, bela" in only(here).state
    for student, sha256 in (("ada", "1" * 64), ("bela", "2" * 64)):
        grade(here, student, sha256)
    assert due(here) == [("feedback", f"autograder feedback {NAME}")]
    for student in ("ada", "bela"):
        write_atomically(here.feedback(student, NAME), "<p>")
    assert due(here) == []
    hand_in(here, "ada", "3" * 64)
    assert "1 not graded yet: ada" in only(here).state
    hand_in(here, "ada", "1" * 64)
    older = here.result("bela", NAME).stat().st_mtime - 10
    os.utime(here.feedback("bela", NAME), (older, older))
    assert "1 without a feedback page of the present result: bela" in only(here).state


def test_work_that_failed_or_was_judged_by_other_checks(workspace: Workspace, tmp_path: Path) -> None:
    here = open_workspace(workspace.root, tmp_path)
    for student, sha256 in (("ada", "1" * 64), ("bela", "2" * 64)):
        hand_in(here, student, sha256)
        grade(here, student, sha256, failed=student == "ada", checks="others")
        write_atomically(here.feedback(student, NAME), "<p>")
    assert due(here) == [("submissions", f"autograder grade {NAME}"),
                         ("submissions", f"autograder regrade {NAME} --dry-run")]


def test_a_course_without_assignments(tmp_path: Path) -> None:
    root = create_course(tmp_path, "empty")
    done = CliRunner().invoke(cli, ["--course", str(root), "status"])
    assert done.exit_code == 0 and "autograder new assignment NAME" in done.output


def test_what_was_never_released(tmp_path: Path) -> None:
    root = create_course(tmp_path, "intro")
    create_assignment(open_workspace(root), NAME, Source(like="blank"))
    assert due(open_workspace(root)) == [("release", f"autograder release {NAME}")]


def hand_in(workspace: Workspace, student: str, sha256: str) -> None:
    receipt = Receipt(student=student, assignment=NAME, accepted=True, source="x.ipynb", sha256=sha256,
                      received_at="2030-01-01T00:00:00+00:00")
    write_atomically(workspace.receipt(student, NAME), receipt.to_json())
    write_atomically(workspace.submitted(student, NAME), "{}")


def grade(workspace: Workspace, student: str, sha256: str, *, failed: bool = False, checks: str = "") -> None:
    made = provenance(workspace, sha256)
    result = Result(student=student, assignment=NAME, status="failed" if failed else "graded",
                    provenance=made.model_copy(update={"checks_fingerprint": checks}) if checks else made)
    write_atomically(workspace.result(student, NAME), result.to_json())
