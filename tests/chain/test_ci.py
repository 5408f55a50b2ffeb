"""The autograder.py of `autograder export action` gives the points of `autograder grade`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.grades import grade_of
from autograder.pipeline.session.variant_files import SOLUTION, as_file
from autograder.platforms.action_export import export_action

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=3)]


def test_solution_and_blank_notebook_have_the_points_of_the_grade(
    shared_classroom: Any, look: Any, tmp_path: Path
) -> None:
    room = shared_classroom
    environment = look.without_true_data(room.home)
    with look.environment(environment):
        teacher = export_action(room.workspace, "mini", tmp_path / "out", stand_in=True).folder / "teacher"
    works = {"ada": room.variant(SOLUTION), "ben": room.released, "cy": b"no notebook"}
    room.hand_in(works)
    results = room.grade()
    for student, work in works.items():
        notebook, target, log = (tmp_path / f"{student}{end}" for end in (".ipynb", ".json", ".log"))
        notebook.write_bytes(work if isinstance(work, bytes) else as_file(work))
        done = subprocess.run([sys.executable, "-I", str(teacher / "autograder.py"), str(notebook),
                               f"--result={target}", f"--log={log}"], env=environment, cwd=tmp_path,
                              capture_output=True, text=True, check=False)
        made, grade = json.loads(target.read_text()), grade_of(results[student], None)
        assert done.returncode == 0 and not done.stdout, log.read_text()
        if student == "cy":
            assert made["refused"] and not made["graded"] and made["max-score"] == 0
        else:
            assert made["graded"], log.read_text()
            assert (made["score"], made["max-score"], made["waiting"]) == (grade.total, grade.max_points, grade.waiting)
    assert json.loads((tmp_path / "ada.json").read_text())["score"] == 10
    assert json.loads((tmp_path / "ben.json").read_text())["score"] == 0
