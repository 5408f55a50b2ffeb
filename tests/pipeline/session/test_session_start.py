"""Judging stored work again starts no process with the backend, unless something has to be run."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder.grades import Change
from autograder.pipeline.grade.batch import grade_class
from autograder.pipeline.regrade import regrade_assignment
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import open_session
from autograder.testing import ASSIGNMENT, FakePool, make_course, make_notebook, make_receipt
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Silent
from autograder.workspace.reading import digest


class WarmedPool(FakePool):
    """Remembers whether it was warmed up."""

    def __init__(self) -> None:
        super().__init__()
        self.warm = threading.Event()

    def warm_up(self) -> None:
        self.warm.set()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_course(tmp_path / "course")


def test_a_session_that_runs_notebooks_warms_up_at_once(workspace: Workspace) -> None:
    pool = WarmedPool()
    with open_session(workspace, ASSIGNMENT, RunOptions(open_pool=lambda _: pool)):
        assert pool.warm.wait(300)


def test_regrading_imports_no_backend_where_nothing_is_run(workspace: Workspace) -> None:
    content = json.dumps(make_notebook(workspace)).encode()
    receipt = make_receipt("ada", sha256=digest(content))
    for path, text in ((workspace.receipt("ada", ASSIGNMENT), receipt.to_json().encode()),
                       (workspace.submitted("ada", ASSIGNMENT), content)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    first, again = WarmedPool(), WarmedPool()
    grading = grade_class(
        workspace, (ASSIGNMENT,), RunOptions(open_pool=lambda _: first, gradebook=False), Silent())
    assert [result.status for result in grading.results] == ["graded"] and first.seeds == [1]
    hidden = workspace.hidden(ASSIGNMENT) / "test_small.py"
    hidden.write_text(f"{hidden.read_text()}\n# another version\n")
    seen: list[Sequence[Change]] = []

    def decline(changes: Sequence[Change]) -> bool:
        seen.append(changes)
        return False

    done = regrade_assignment(workspace, ASSIGNMENT, RunOptions(open_pool=lambda _: again), Silent(), confirm=decline)
    assert len(seen) == 1 and [change.failed for change in done.changes] == [None]
    assert not again.seeds and not again.warm.is_set()
