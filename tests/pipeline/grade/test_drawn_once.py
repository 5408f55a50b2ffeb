"""When pictures are drawn: once for a release, and never again and again where that fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from autograder.model import Ending, JobCell, Merged, NotebookJob
from autograder.pipeline.grade import drawn_once
from autograder.pipeline.grade.drawn_once import NOTHING, leave_out_pictures
from autograder.testing import FakePool, make_course, make_session

PICTURE = "_figure, _axes = plt.subplots()\n_axes.plot([1, 2])\nplt.show()"


def cell(text: str, *, locked: bool) -> dict[str, Any]:
    return {"cell_type": "code", "source": text, "id": f"c{abs(hash(text))}", "metadata": {"nbgrader": {
        "grade": False, "solution": not locked, "locked": locked, "task": False, "schema_version": 3,
        "grade_id": f"c{abs(hash(text))}"}}}


CELLS = [cell("import numpy as np\nimport matplotlib.pyplot as plt", locked=True), cell("x = 1", locked=False),
         cell(PICTURE, locked=True)]
NOTEBOOK = {"cells": CELLS, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def job() -> NotebookJob:
    return NotebookJob(seed=5, sampling_key="ab" * 16, cells=tuple(
        JobCell(index=index, source=one["source"]) for index, one in enumerate(CELLS)))


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A session whose release has a picture after the answer; what the run of it shows is not of interest here."""
    monkeypatch.setattr(drawn_once, "write_executed_notebook", lambda *_: None)
    monkeypatch.setattr(drawn_once, "_STOPPED", set())
    return make_session(make_course(tmp_path), release=NOTEBOOK)


def ask(session: Any) -> list[str]:
    """Return the code that a student's process gets."""
    made, left_out = leave_out_pictures(session, Merged(notebook=NOTEBOOK, release="0", slots=()), job())
    assert (left_out is None) == (made == job())
    assert [one.index for one in made.cells] == [0, 1, 2]
    return [one.source for one in made.cells]


def with_pool(session: Any, *endings: Ending, starved: tuple[int, ...] = ()) -> FakePool:
    pool = FakePool(endings or (Ending.COMPLETED,), starved=starved)
    object.__setattr__(session, "pool", pool)
    return pool


def test_a_class_needs_one_run_for_its_pictures(session: Any) -> None:
    pool = with_pool(session)
    assert [ask(session)[2] for _ in range(3)] == [NOTHING] * 3
    assert pool.seeds == [1]
    again = with_pool(session)
    assert ask(session)[2] == NOTHING and again.seeds == [], "kept in the cache"


@pytest.mark.parametrize("stopped", [Ending.TIMED_OUT, Ending.OUT_OF_MEMORY, Ending.DIED, Ending.LOST])
def test_pictures_that_were_stopped_are_not_tried_for_each_student(session: Any, stopped: Ending) -> None:
    pool = with_pool(session, stopped, Ending.COMPLETED)
    assert [ask(session)[2] for _ in range(3)] == [PICTURE] * 3
    assert pool.seeds == [1]
    drawn_once._STOPPED.clear()  # as in the next command
    assert ask(session)[2] == NOTHING


def test_a_cell_that_was_interrupted_has_no_picture_to_keep(session: Any) -> None:
    with_pool(session, starved=(1,))
    assert ask(session)[2] == PICTURE


def test_another_version_draws_again(session: Any) -> None:
    with_pool(session)
    ask(session)
    pool = with_pool(session)
    pool.versions = {"python": "4"}
    ask(session)
    assert pool.seeds == [1]
