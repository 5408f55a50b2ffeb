"""Results of the small course of `autograder.testing`, stored and recorded as grading would, without a run."""

from __future__ import annotations

import shutil
from typing import Literal

from autograder.model import Provenance, Receipt, Result, TaskResult
from autograder.pipeline.grade.recording import open_gradebook
from autograder.testing import ASSIGNMENT
from autograder.workspace.layout import Workspace
from autograder.workspace.progress import Silent

POINTS = {"double": 3.0, "total": 2.0}


def grade_by_hand(
    space: Workspace, student: str, *, earned: dict[str, float] | None = None, written: bool = True,
    status: Literal["graded", "refused", "queued", "failed"] = "graded",
) -> Result:
    """Store what grading the collected notebook would find out, and record it.

    Args:
        earned: by task; full marks where it is missing.
        written: whether the written answer has words, which wait for a person.
    """
    receipt = Receipt.from_json(space.receipt(student, ASSIGNMENT).read_bytes())
    tasks = [TaskResult(id=task, title=f"Step {task}", points=points, earned=(earned or {}).get(task, points))
             for task, points in POINTS.items()]
    tasks.append(TaskResult(id="why", title="Why", points=4, earned=None if written else 0.0, manual=True,
                            answered=written))
    made = Provenance(submission=receipt.sha256, release="1", data="own:0", seeds=(1,), isolation="full", versions={},
                      execution_fingerprint="e", checks_fingerprint="c", graded_at="2029-01-01T00:00:00+00:00")
    is_graded = status == "graded"
    result = Result(
        student=student, assignment=ASSIGNMENT, status=status, message=None if is_graded else f"It was {status}.",
        score=sum(task.earned or 0.0 for task in tasks) if is_graded else 0.0, max_score=9, manual=4,
        complete=is_graded, tasks=tuple(tasks) if is_graded else (), provenance=made if is_graded else None)
    folder = space.results(student, ASSIGNMENT)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").write_text(result.to_json())
    if is_graded:
        shutil.copy(space.submitted(student, ASSIGNMENT), folder / "executed.ipynb")
    with open_gradebook(space, "Grading", wanted=True, reporter=Silent()) as book:
        book.add(result)
    return result
