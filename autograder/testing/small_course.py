"""A course of one small assignment: two steps in code and one in words, released, without any data set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from autograder.model import Basis, CheckSpec, Receipt
from autograder.notebook.variants import solution_submission
from autograder.pipeline.release.release import serialize, stamp
from autograder.pipeline.session.source_notebook import read_source, strip
from autograder.workspace.layout import Workspace, open_workspace

ASSIGNMENT = "small"
SPECS = tuple(
    CheckSpec(id=name, task=task, title=title, points=points, basis=Basis.MEASURED, minimum=minimum)
    for name, task, title, points, minimum in (
        ("double-values", "double", "`doubled` has every number twice as large.", 2.0, False),
        ("double-type", "double", "`doubled` is an array of floats.", 1.0, False),
        ("total", "total", "`total` is the sum of all numbers.", 2.0, True)))
"""The checks of the assignment; the last one compares a metric with a calibrated bound."""
COURSE = f"""id: small-course
title: A small course
assignments:
  {ASSIGNMENT}:
    title: Two arrays
    data: own
    due: 2030-01-31T23:59:00+01:00
    limits:
      cell_time: 20 s
      notebook_time: 60 s
"""
_LOAD = "import numpy as np\n\nnumbers = np.arange(6.0)"
_ANSWERS = {"double": "doubled = np.multiply(numbers, 2.0)", "total": "total = float(np.add.reduce(doubled))"}
_TESTS = {"double": "assert 'doubled' in globals()", "total": "assert total == 30.0"}
_POINTS = {"double": 3, "total": 2}
_TEMPLATE = "# YOUR CODE HERE"


def make_course(folder: Path) -> Workspace:
    """Write the course into a folder and open it; its assignment is released."""
    workspace = _written(folder)
    released = stamp(strip(_notebook(dict.fromkeys(_ANSWERS, _TEMPLATE))), ASSIGNMENT)
    path = workspace.release(ASSIGNMENT)
    path.parent.mkdir(parents=True)
    path.write_bytes(serialize(released))
    return workspace


def make_notebook(workspace: Workspace, *, comment: str = "") -> dict[str, Any]:
    """Return the notebook of a student whose work is the solution.

    Args:
        comment: added to the first answer: work with another comment is run by itself.
    """
    released: dict[str, Any] = json.loads(workspace.release(ASSIGNMENT).read_bytes())
    made = solution_submission(read_source(workspace.source(ASSIGNMENT)), released)
    if comment:
        answer = next(cell for cell in made["cells"] if cell["metadata"]["nbgrader"]["grade_id"] == "double")
        answer["source"] = f"{answer['source']}\n# {comment}"
    return made


def make_receipt(student: str, *, accepted: bool = True, sha256: str = "5" * 64) -> Receipt:
    """Return the receipt of an upload, accepted or refused."""
    return Receipt(student=student, assignment=ASSIGNMENT, accepted=accepted, source=f"{student}.ipynb", sha256=sha256,
                   received_at="2030-01-01T00:00:00+00:00", reason=None if accepted else "This is no notebook.")


def _written(folder: Path) -> Workspace:
    source = folder / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    hidden = folder / "tests" / "hidden" / ASSIGNMENT
    for place in (source.parent, hidden):
        place.mkdir(parents=True)
    (folder / "course.yml").write_text(COURSE)
    solved = {task: f"### BEGIN SOLUTION\n{answer}\n### END SOLUTION" for task, answer in _ANSWERS.items()}
    source.write_text(json.dumps(_notebook(solved)))
    checks = [f'@pytest.mark.task("{spec.task}", points={spec.points:g}, basis="measured")\n'
              f'def test_{spec.id.replace("-", "_")}(student):\n    """{spec.title}"""\n' for spec in SPECS]
    (hidden / "test_small.py").write_text("\n\n".join(['"""Hidden checks."""\n\nimport pytest\n', *checks]))
    return open_workspace(folder)


def _notebook(answers: dict[str, str]) -> dict[str, Any]:
    cells = [_cell("load", _LOAD)]
    for task, text in answers.items():
        cells += [_cell(task, text, solution=True, title=f"Step {task}"),
                  _cell(f"test-{task}", _TESTS[task], points=_POINTS[task])]
    cells.append(_cell("why", "Write your answer here.", solution=True, points=4, kind="markdown", title="Why"))
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}


def _cell(name: str, text: str, *, solution: bool = False, points: int | None = None, kind: str = "code",
          title: str | None = None) -> dict[str, Any]:
    graded: dict[str, Any] = {"grade": points is not None, "solution": solution, "locked": not solution, "task": False,
                              "schema_version": 3, "grade_id": name}
    metadata = {"nbgrader": graded | ({} if points is None else {"points": points})}
    if title is not None:
        metadata["autograder"] = {"title": title}
    code: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": name, "metadata": metadata, "source": text, **code}
