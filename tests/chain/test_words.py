"""The vocabulary of hidden checks in a small assignment: released, calibrated, proven and audited by the real parts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from autograder.pipeline.audit import AuditOptions, audit_assignments
from autograder.pipeline.experiments.calibrate import calibrate_assignment
from autograder.pipeline.release import prover, release_assignment
from autograder.pipeline.session.options import RunOptions
from autograder.workspace.layout import open_workspace
from autograder.workspace.progress import Silent

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=1)]
SAMPLE = Path(__file__).resolve().parents[1] / "samples" / "words"


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory, stand_in: Path, empty_home: Path, look: Any) -> Any:
    """The audit of the assignment, after its release was proven."""
    course = tmp_path_factory.mktemp("words")
    shutil.copytree(SAMPLE, course, dirs_exist_ok=True)
    look.share(stand_in, course)
    workspace = open_workspace(course)
    options = RunOptions(workers=2, allow_stand_in=True, force_stand_in=True)
    with look.environment(look.without_true_data(empty_home)):
        release_assignment(workspace, "words", prove=None)
        calibrate_assignment(workspace, "words", options, Silent(), seeds=5)
        release_assignment(workspace, "words", prove=prover(workspace, unsafe=False, reporter=Silent()))
        (found,) = audit_assignments(workspace, ("words",), AuditOptions(seeds=1, workers=2, stand_in=True), Silent())
    return found


def test_right_forms_keep_full_marks_and_wrong_ones_lose_what_they_name(matrix: Any) -> None:
    told = [(one.row, one.check, one.expected.value, one.seen.value, one.note) for row in matrix.rows
            for one in row.deviations()]
    assert not told and not matrix.undeclared
    assert not matrix.uncaught and not matrix.idle
