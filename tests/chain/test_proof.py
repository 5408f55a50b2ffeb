"""`autograder release` proves what it writes, by the real parts."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=0)]


def test_a_sound_assignment_is_proved_and_comes_out_the_same(classroom: Any) -> None:
    before = classroom.workspace.release("mini").read_bytes()
    run = classroom.command("release", "mini")
    assert run.returncode == 0, run.stderr
    assert "proved" in run.stderr
    assert classroom.workspace.release("mini").read_bytes() == before
    assert not classroom.workspace.results_root.exists(), "a proof is nobody's submission"


def test_a_check_that_the_solution_fails_stops_the_release(classroom: Any) -> None:
    before = classroom.workspace.release("mini").read_bytes()
    hidden = classroom.workspace.hidden("mini") / "test_mini.py"
    hidden.write_text(hidden.read_text().replace("epochs(2)", "epochs(3)"))
    run = classroom.command("release", "mini")
    assert run.returncode == 2
    assert "fit-training" in run.stderr and "Traceback" not in run.stderr
    assert "expected 10 of 10 points for the solution" in " ".join(run.stderr.split())
    assert classroom.workspace.release("mini").read_bytes() == before


def test_a_check_that_cannot_work_stops_the_release_before_any_run(classroom: Any) -> None:
    hidden = classroom.workspace.hidden("mini") / "test_mini.py"
    text = hidden.read_text()
    line = next(number for number, one in enumerate(text.splitlines(), start=1) if "epochs(2)" in one)
    hidden.write_text(text.replace("epochs(2)", "epoch(2)"))
    run = classroom.command("release", "mini")
    said = " ".join(run.stderr.split())
    assert run.returncode == 2
    assert f"tests/hidden/mini/test_mini.py, line {line}: FitSubject has no 'epoch' (did you mean 'epochs'?)" in said
    assert "prove mini" not in said


def test_a_given_cell_that_stops_stops_the_release(classroom: Any) -> None:
    """Such as a picture above the cell that imports NumPy: no points depend on it, but every student would see it."""
    before = classroom.workspace.release("mini").read_bytes()
    path = classroom.workspace.source("mini")
    source = json.loads(path.read_text())
    given = next(cell for cell in source["cells"] if cell["cell_type"] == "code"
                 and cell["metadata"]["nbgrader"]["locked"] and not cell["metadata"]["nbgrader"]["grade"])
    early = json.loads(json.dumps(given)) | {"id": "early", "source": "print(undefined_name)"}
    early["metadata"]["nbgrader"]["grade_id"] = "early"
    source["cells"].insert(0, early)
    path.write_text(json.dumps(source))
    run = classroom.command("release", "mini")
    said = " ".join(run.stderr.split())
    assert run.returncode == 2
    assert "'early' raised NameError: name 'undefined_name' is not defined" in said and "Traceback" not in said
    assert classroom.workspace.release("mini").read_bytes() == before
