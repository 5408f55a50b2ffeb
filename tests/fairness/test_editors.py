"""Whatever an editor does to a notebook, no right answer loses a point in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.model import Status
from autograder.notebook import merge, read
from autograder.pipeline.release.proof import grade_notebook
from tests.assignments.common import every_assignment
from tests.chain.test_continuation import graders
from tests.fairness.editors import edited
from tests.fairness.judged import answers_of, lost_in_silence, release_of, solution_of

QUICK, LONG, STRETCHES = 30, 2100, 10
GRADED = 12
"""Notebooks of one assignment that are graded: over 100 of all nine."""


def lost(name: str, seeds: range) -> dict[str, list[str]]:
    solution, found = solution_of(name), {}
    for seed in seeds:
        notebook, edits = edited(solution, seed)
        handed_in = read(json.dumps(notebook).encode(), "x.ipynb")
        if silent := lost_in_silence(merge(release_of(name), handed_in), answers_of(solution)):
            found[f"{seed}: {edits}"] = silent
    return found


def test_no_answer_is_lost_in_silence() -> None:
    assert not lost("iris-classes", range(QUICK))


@pytest.mark.slow
@pytest.mark.rotates(parts=18)
@pytest.mark.parametrize("stretch", range(STRETCHES))
@pytest.mark.parametrize("name", every_assignment())
def test_no_answer_is_lost_in_silence_at_length(name: str, stretch: int) -> None:
    size = LONG // STRETCHES
    assert not lost(name, range(1000 + stretch * size, 1000 + (stretch + 1) * size))


@pytest.mark.slow
@pytest.mark.rotates(parts=9)
@pytest.mark.parametrize("name", every_assignment())
def test_graded_no_point_is_lost_in_silence(name: str, tmp_path: Path) -> None:
    """Full marks, or withheld with a sentence that says why."""
    with graders(name, tmp_path) as session:
        plain = grade_notebook(session, "plain", solution_of(name))
        kept = {check.id for task in plain.tasks for check in task.checks if check.status is Status.PASSED}
        for seed in range(5000, 5000 + GRADED):
            notebook, edits = edited(solution_of(name), seed)
            result = grade_notebook(session, f"edited-{seed}", read(json.dumps(notebook).encode(), "x.ipynb"))
            assert result.status == "graded", (edits, result.message)
            silent = [(check.id, check.status.value, check.seen) for task in result.tasks for check in task.checks
                      if check.id in kept and check.status is not Status.PASSED
                      and not (check.status.withheld and check.seen)]
            assert not silent, (seed, edits)
