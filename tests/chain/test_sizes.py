"""Sizes in the real chain: one notebook, run with its own numbers and with those of a profile."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import ReleaseError
from autograder.model import Result
from autograder.pipeline.release.proof import grade_notebook
from autograder.pipeline.release.release import make, release_assignment
from autograder.pipeline.session.calibration import own_data
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import open_session
from autograder.pipeline.session.variant_files import SOLUTION, make_submission
from autograder.workspace.layout import Workspace, open_workspace

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=5)]
CELL = {
    "cell_type": "code", "id": "sizes", "outputs": [], "execution_count": None,
    "source": "ROUNDS = 2  # epochs\n",
    "metadata": {"autograder": {"sizes": True}, "nbgrader": {
        "grade": False, "grade_id": "sizes", "locked": True, "schema_version": 3, "solution": False, "task": False}},
}


@pytest.fixture
def sized(classroom: Any) -> Workspace:
    """The mini course with its epochs in a sizes cell and in its checks."""
    path = classroom.workspace.source("mini")
    notebook = json.loads(path.read_text())
    notebook["cells"].insert(1, CELL)
    text = json.dumps(notebook).replace("epochs=2", "epochs=ROUNDS")
    assert "epochs=ROUNDS" in text
    path.write_text(text)
    hidden = classroom.workspace.hidden("mini") / "test_mini.py"
    hidden.write_text(hidden.read_text().replace("fit_training(student)", "fit_training(student, sizes)")
                      .replace("epochs(2)", 'epochs(sizes["ROUNDS"])'))
    course = classroom.root / "course.yml"
    course.write_text(course.read_text() + "    sizes:\n      full: {ROUNDS: 3}\n    full_limits: {cell_time: 44 s}\n")
    path = classroom.workspace.reference("mini")
    reference = json.loads(path.read_text())
    for calibration in reference["calibrations"].values():
        calibration["sizes"] = {"ROUNDS": 2}
    path.write_text(json.dumps(reference))
    workspace = open_workspace(classroom.root)
    release_assignment(workspace, "mini", prove=None)
    return workspace


def run(workspace: Workspace, output: Path, profile: str | None) -> tuple[Result, dict[str, Any], float]:
    options = RunOptions(workers=1, allow_stand_in=True, force_stand_in=True, profile=profile,
                         calibrated=profile is None)
    with open_session(replace(workspace, output=output), "mini", options) as session:
        result = grade_notebook(session, SOLUTION, make_submission(workspace, "mini", SOLUTION, session.release))
        executed = json.loads(session.workspace.executed(SOLUTION, "mini").read_bytes())
        return result, executed, session.assignment.limits.cell_seconds


def test_a_profile_changes_run_checks_limits_and_what_is_shown(sized: Workspace, tmp_path: Path, look: Any) -> None:
    shown, fingerprints = {}, set()
    for profile, rounds, seconds in ((None, 2, 20), ("full", 3, 44)):
        result, executed, limit = run(sized, tmp_path / str(profile), profile)
        # A bound that was calibrated with other sizes holds nobody: the check is left to a person.
        assert look.lost(result) == (set() if profile is None else {"fit-accuracy"}), look.told(result)
        assert result.withheld == (0 if profile is None else 2)
        assert limit == seconds
        cells = {cell["id"]: cell for cell in executed["cells"]}
        assert f"ROUNDS = {rounds}" in cells["sizes"]["source"]
        curves = json.loads((tmp_path / str(profile) / "results/solution/mini/curves.json").read_text())
        shown[profile] = [len(curve) for fit in curves.values() for curve in fit.values()]
        assert result.provenance is not None
        fingerprints.add(result.provenance.execution_fingerprint)
    assert set(shown[None]) == {2} and set(shown["full"]) == {3}
    assert len(fingerprints) == 2, "a run with other sizes is another run"


def test_release_refuses_a_profile_that_does_not_fit(sized: Workspace) -> None:
    course = sized.root / "course.yml"
    course.write_text(course.read_text().replace("{ROUNDS: 3}", "{ROUND: 3}"))
    with pytest.raises(ReleaseError, match=r"profile 'full of mini' name ROUND, .* nearest name is ROUNDS"):
        make(open_workspace(sized.root), "mini")


def test_a_size_that_the_notebook_lacks_is_the_checks_mistake(sized: Workspace, tmp_path: Path) -> None:
    hidden = sized.hidden("mini") / "test_mini.py"
    hidden.write_text(hidden.read_text().replace('sizes["ROUNDS"]', 'sizes["ROUNDZ"]'))
    result, _, _ = run(sized, tmp_path, None)
    check = next(check for task in result.tasks for check in task.checks if check.id == "fit-training")
    assert check.status == "errored" and check.earned is None
    assert "asks for the size 'ROUNDZ', but the notebook's sizes cell has ROUNDS" in (check.staff_note or "")


def test_data_of_ones_own_needs_no_mnist(sized: Workspace, tmp_path: Path) -> None:
    """Only the locked code before the first answer counts as data; comments and sizes do not."""
    course = sized.root / "course.yml"
    course.write_text(course.read_text() + "    data: own\n")
    workspace = open_workspace(sized.root)
    released = json.loads(workspace.release("mini").read_bytes())
    before = own_data(released)
    for cell in released["cells"]:
        if cell["id"] == "sizes":
            cell["source"] = "ROUNDS = 9"
        elif cell["cell_type"] == "code" and cell["metadata"]["nbgrader"]["locked"]:
            cell["source"] += "\n# a remark"
    assert own_data(released) == before
    first = next(c for c in released["cells"] if c["cell_type"] == "code" and c["id"] != "sizes")
    first["source"] += "\nmore = 1"
    assert own_data(released) != before
    with open_session(replace(workspace, output=tmp_path), "mini", RunOptions(workers=1)) as session:
        assert (session.data_name, session.student_files.mounts) == (f"own:{before}", ())
        result = grade_notebook(session, "blank", session.release)
    assert result.status == "graded" and result.provenance is not None and result.provenance.data.startswith("own:")
