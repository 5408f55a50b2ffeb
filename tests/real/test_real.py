"""The grader agrees with a person on notebooks like those that students hand in."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.model import SlotStatus
from autograder.notebook import merge
from tests.assignments.common import every_assignment
from tests.fairness.judged import release_of
from tests.real.agreement import summary
from tests.real.grading import grade_some
from tests.real.tables import parse_points, rows
from tests.real.work import BUILDERS, made

EVERY = [(assignment, name) for assignment, builders in BUILDERS.items() for name in builders]


def test_each_notebook_has_its_row_and_each_assignment_its_notebooks() -> None:
    assert sorted(BUILDERS) == every_assignment()
    for assignment, builders in BUILDERS.items():
        assert list(rows(assignment)) == list(builders), assignment
    assert len(EVERY) >= 60


@pytest.mark.parametrize("assignment", BUILDERS)
def test_each_notebook_is_another_one_and_can_be_merged(assignment: str) -> None:
    texts = set()
    for name in BUILDERS[assignment]:
        notebook = made(assignment, name)
        merged, row = merge(release_of(assignment), notebook), rows(assignment)[name]
        status = {slot.task: slot.status for slot in merged.slots}
        assert set(status) >= {*row.points, *row.blank}, name
        for task, one in status.items():
            if task in row.blank:
                assert one is not SlotStatus.ANSWERED, (name, task)
            elif row.points.get(task, 0) and task not in row.open:
                assert one is SlotStatus.ANSWERED, (name, task)
        texts.add(str(notebook["cells"]))
    assert len(texts) == len(BUILDERS[assignment])


def test_points_are_read_as_they_are_written() -> None:
    full = {"load": 2.0, "fit-it": 5.0}
    assert parse_points("all", full) == (full, frozenset(), frozenset())
    assert parse_points("none?", full) == ({"load": 0, "fit-it": 0}, frozenset(full), frozenset())
    said = parse_points("all but fit-it 3.5?; blank: why, how", full)
    assert said == ({"load": 2, "fit-it": 3.5}, frozenset({"fit-it"}), frozenset({"why", "how"}))
    for wrong in ("some", "all but fit 3", "all but fit-it 6", "all but load"):
        with pytest.raises(AssertionError):
            parse_points(wrong, full)


@pytest.mark.slow
@pytest.mark.rotates(parts=9)
@pytest.mark.parametrize("assignment", BUILDERS)
def test_the_grader_agrees_with_a_person(assignment: str, tmp_path: Path) -> None:
    found = list(grade_some(assignment, list(BUILDERS[assignment]), tmp_path))
    assert len(found) == len(BUILDERS[assignment])
    assert not [one for one in found if one.disagreements], "\n".join(summary({assignment: found}))
