"""Whatever an editor does to a notebook, no right answer loses a point in silence."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Status
from autograder.notebook import merge, read, source
from autograder.pipeline.release.proof import grade_notebook
from tests.assignments.common import every_assignment
from tests.chain.test_continuation import graders
from tests.fairness.editors import edited
from tests.fairness.judged import answers_of, lost_in_silence, release_of, solution_of

QUICK, LONG, STRETCHES = 30, 2100, 10
GRADED = int(os.environ.get("AUTOGRADER_EDITED", "12"))
"""Notebooks of one assignment that are graded: over 100 of all nine; `make fairness` says 100 of each assignment."""

Notebook = dict[str, Any]


def lost(name: str, seeds: range) -> dict[str, list[str]]:
    solution, found = solution_of(name), {}
    for seed in seeds:
        notebook, edits = edited(solution, seed)
        handed_in = read(json.dumps(notebook).encode(), "x.ipynb")
        if silent := lost_in_silence(merge(release_of(name), handed_in), answers_of(solution)):
            found[f"{seed}: {edits}"] = silent
    return found


def different(name: str, seeds: range) -> Iterator[tuple[int, Notebook, str]]:
    """Yield the edited notebooks, but only one of those that are merged into the same program with the same doubts."""
    seen: set[str] = set()
    for seed in seeds:
        notebook, edits = edited(solution_of(name), seed)
        handed_in = read(json.dumps(notebook).encode(), "x.ipynb")
        merged = merge(release_of(name), handed_in)
        key = json.dumps([[(cell["cell_type"], source(cell)) for cell in merged.notebook["cells"]],
                          [(slot.task, slot.status, slot.cells) for slot in merged.slots], merged.doubts])
        if key not in seen:
            seen.add(key)
            yield seed, handed_in, edits


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
        for seed, notebook, edits in different(name, range(5000, 5000 + GRADED)):
            result = grade_notebook(session, f"edited-{seed}", notebook)
            assert result.status == "graded", (edits, result.message)
            silent = [(check.id, check.status.value, check.seen) for task in result.tasks for check in task.checks
                      if check.id in kept and check.status is not Status.PASSED
                      and not (check.status.withheld and check.seen)]
            assert not silent, (seed, edits)
