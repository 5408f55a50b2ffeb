"""Sessions, layouts and merged notebooks for tests, without a process and without a run."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder import data, notebook
from autograder.course import parse
from autograder.model import Merged, Slot, SlotStatus
from autograder.notebook import Layout, TaskSpec
from autograder.pipeline.session.session import Session
from autograder.testing.fakes import FakeCheckServer, FakePool
from autograder.testing.small_course import ASSIGNMENT, COURSE, SPECS, make_notebook
from autograder.workspace.layout import Workspace

NOWHERE = Path("/no/course")


def make_session(workspace: Workspace | None = None, **changes: Any) -> Session:
    """Return a session of the small course with fakes in place of processes.

    Args:
        workspace: as `make_course` returns it; without one there is a course, but none of its files.
        changes: attributes of the session that a test sets.
    """
    made = workspace or Workspace(root=NOWHERE, output=NOWHERE, course=parse(COURSE, folders=[ASSIGNMENT]))
    release = json.loads(made.release(ASSIGNMENT).read_bytes()) if workspace else {"cells": [], "metadata": {}}
    session = Session(
        workspace=made, assignment=made.course.assignment(ASSIGNMENT), release=release,
        layout=notebook.layout(release), specs=SPECS, prepared=_prepared(made), calibration=None, pool=FakePool(),
        server=FakeCheckServer(SPECS), secret="0" * 64, checks_fingerprint="c")
    return replace(session, **changes)


def make_layout(tasks: Iterable[str]) -> Layout:
    """Return a notebook's layout with these steps, one point each; a step's title is its name."""
    return Layout(tasks=tuple(
        TaskSpec(id=task, title=task.title(), points=1, kind="code", answer_cell=2 * number, test_cell=2 * number + 1)
        for number, task in enumerate(tasks)))


def make_slots(tasks: Iterable[str], blank: Collection[str] = ()) -> Merged:
    """Return a merged notebook without cells, in which all steps but those in ``blank`` are answered."""
    return Merged(notebook={"cells": []}, release="0", slots=tuple(
        Slot(task=task, kind="code", matched_by="id",
             status=SlotStatus.BLANK if task in blank else SlotStatus.ANSWERED) for task in tasks))


def make_merged(session: Session) -> Merged:
    """Return the small course's solution, merged into its release."""
    return notebook.merge(session.release, make_notebook(session.workspace))


def _prepared(workspace: Workspace) -> data.Prepared:
    """Return the files of a data set without images; they are written where the course is on disk."""
    if workspace.root.is_dir():
        return data.prepare_own("f00", workspace.cache)
    nowhere = workspace.cache / "none"
    return data.Prepared(
        name=data.OWN, fingerprint="f00", student=nowhere, train_images=nowhere, train_labels=nowhere,
        test_images=nowhere, test_labels=nowhere, evaluation_images=nowhere, holdout_labels=nowhere, public=nowhere)
