"""The record of an audit next to the variants: a fresh clone knows what was audited, and whether it still holds."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from autograder.authoring import Source, create_assignment, create_course
from autograder.model.audit_record import AuditRecord
from autograder.pipeline.audit.audit import plan
from autograder.pipeline.audit.matrix import Matrix, Run, State, with_runs
from autograder.pipeline.audit.record import FILE, explain_record, keep_audit
from autograder.pipeline.release.release import release_assignment
from autograder.pipeline.status import find_due
from autograder.workspace.layout import Workspace, open_workspace

pytestmark = pytest.mark.slow
NAME = "first"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = create_course(tmp_path_factory.mktemp("course"), "intro")
    create_assignment(open_workspace(root), NAME, Source(like="blank"))
    release_assignment(open_workspace(root), NAME, prove=None)
    return root


@pytest.fixture
def workspace(released: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(released, tmp_path / "clone", ignore=shutil.ignore_patterns(".cache"))
    return open_workspace(tmp_path / "clone")


def audited(workspace: Workspace, *, partial: bool = False, worse: str = "", form: str = "full") -> None:
    """Record an audit in which every row was as declared, but one."""
    planned = plan(workspace, NAME, "full")
    runs = {row.name: (Run(seed=1, score=0.0, states={
        spec.id: State.LOST if row.name == worse else row.declared(spec.id) for spec in planned.specs}),)
        for row in planned.rows}
    matrix = Matrix(assignment=NAME, data="own:0a1b", form=form, checks=planned.specs,  # type: ignore[arg-type]
                    rows=with_runs(planned.rows, runs), partial=partial)
    assert matrix.clean is not bool(worse)
    keep_audit(workspace, planned.notebooks, matrix, versions={"keras": "3.15.1"}, seeds=3)


def explained(workspace: Workspace) -> str | None:
    planned = plan(workspace, NAME, "full")
    return explain_record(workspace, NAME, planned.rows, planned.notebooks)


def test_a_clone_of_an_audited_course_has_nothing_to_do(workspace: Workspace) -> None:
    assert [(one.part, one.state) for one in find_due(workspace)] == [("audit", "It was never audited.")]
    audited(workspace)
    assert list(find_due(workspace)) == []
    record = AuditRecord.from_json((workspace.root / "reference" / NAME / FILE).read_bytes())
    assert list(record.audits) == ["own"] and record.audits["own"].versions == {"keras": "3.15.1"}


@pytest.mark.parametrize("changed, says", [
    ("reference/first/variants/wrong/squared.py", "squared"), ("tests/hidden/first/test_numbers.py", "hidden checks"),
])
def test_what_has_changed_since_is_named(workspace: Workspace, changed: str, says: str) -> None:
    audited(workspace)
    path = workspace.root / changed
    path.write_text(path.read_text().replace("numbers**2", "numbers**3") + "\n# changed\n")
    found = explained(workspace)
    assert found is not None and "Changed since the audit of 20" in found and says in found


def test_an_audit_that_was_not_clean_says_what_was_wrong(workspace: Workspace) -> None:
    audited(workspace, worse="added")
    assert "was not clean: added" in str(explained(workspace))
    audited(workspace)
    assert explained(workspace) == ""


def test_parts_of_an_audit_and_short_ones_are_not_recorded(workspace: Workspace) -> None:
    audited(workspace, partial=True)
    audited(workspace, form="short")
    assert explained(workspace) is None


def test_the_same_audit_again_changes_no_file(workspace: Workspace) -> None:
    audited(workspace)
    path = workspace.root / "reference" / NAME / FILE
    kept = json.loads(path.read_text())
    kept["audits"]["own"]["audited_at"] = "2020-01-01T00:00:00+00:00"
    path.write_text(json.dumps(kept))
    audited(workspace)
    assert json.loads(path.read_text()) == kept


def test_a_damaged_record_is_as_none(workspace: Workspace) -> None:
    (workspace.root / "reference" / NAME / FILE).write_text("{")
    assert explained(workspace) is None
