"""`run_autograder` in Gradescope's layout: one submission, one container, a sandbox inside it.

    /autograder/source/                     a course: course.yml, release/, reference/, tests/hidden/, data/
    /autograder/submission/                 what the student uploaded
    /autograder/results/results.json        written here

See gradescope-autograders.readthedocs.io, "Autograder Specifications". Only here do hidden checks and student code
share a container; docs/operating/container.md says what risk remains.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from autograder.errors import SubmissionError
from autograder.feedback.words import run_notes
from autograder.grades import Grade, State, grade_of
from autograder.model import CheckResult, Isolation, Result, Status, TaskResult
from autograder.pipeline.collect import collect
from autograder.pipeline.grade.batch import grade_class
from autograder.pipeline.session.options import RunOptions
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import write_atomically

STUDENT: Final = "submission"
_WITHHELD: Final = "A person will decide about this check; its points are not lost."


def run_autograder(
    root: Path, *, assignment: str | None, allow_stand_in: bool, isolation: Isolation | None, reporter: Reporter
) -> Result:
    """Grade the one submission in ``root`` and write what Gradescope shows.

    Nothing is written where the grader itself failed: Gradescope then reports that, and nobody sees a zero.

    Raises:
        SubmissionError: it is unclear which file is the submission, or which assignment it answers.
        AutograderError: as `autograder grade`.
    """
    target = root / "results" / "results.json"
    target.unlink(missing_ok=True)
    with _private_copy(root) as workspace, TemporaryDirectory(prefix="autograder-upload-") as folder:
        chosen = assignment or _only(workspace)
        upload = Path(folder) / STUDENT / f"{chosen}.ipynb"
        upload.parent.mkdir()
        shutil.copyfile(_notebook(root / "submission"), upload)
        collect(workspace, Path(folder), assignment=chosen, kind="folder")
        options = RunOptions(workers=1, allow_stand_in=allow_stand_in, isolation=isolation, gradebook=False)
        result = grade_class(workspace, (chosen,), options, reporter).results[0]
    if result.status in ("graded", "refused"):
        write_atomically(target, json.dumps(as_gradescope(result), indent=1))
        with suppress(OSError):
            target.chmod(0o644)  # the harness may run as another user
    return result


@contextmanager
def _private_copy(root: Path) -> Iterator[Workspace]:
    """Yield the course in a folder that only this user can enter, and close the original folder.

    Without namespaces student code could at least see that files exist. Where it runs under its own user id, a
    folder closed to all others hides that too.
    """
    for folder in ("source", "submission", "results"):
        if os.geteuid() == 0 and (root / folder).is_dir():
            (root / folder).chmod(0o700)
    with TemporaryDirectory(prefix="autograder-course-") as name:
        course = Path(name) / "course"
        shutil.copytree(root / "source", course, ignore=shutil.ignore_patterns(".git", "__pycache__", "submitted"))
        workspace = open_workspace(course, Path(name) / "output")
        # One anonymous student, so that a class list does not matter.
        yield replace(workspace, course=workspace.course.model_copy(update={"students": None}))


def _only(workspace: Workspace) -> str:
    released = [name for name in workspace.course.assignments if workspace.release(name).is_file()]
    if len(released) == 1:
        return released[0]
    raise SubmissionError(f"Expected one released assignment in /autograder/source, but there are {len(released)}; "
                          "name the right one in AUTOGRADER_ASSIGNMENT.")


def _notebook(folder: Path) -> Path:
    """Return the notebook that was uploaded; links do not count."""
    found = sorted(path for path in folder.rglob("*.ipynb")
                   if path.is_file() and not path.is_symlink() and path.resolve().is_relative_to(folder.resolve())
                   and not any(part.startswith(".") for part in path.relative_to(folder).parts))
    if len(found) == 1:
        return found[0]
    raise SubmissionError(f"Expected one notebook (.ipynb) in the upload, but there are {len(found)}; "
                          "submit again with only the one to grade.")


def as_gradescope(result: Result) -> dict[str, Any]:
    """Return a result as ``results.json``: only what a student may read, nothing for staff."""
    grade = grade_of(result, None)
    notes = [grade.message or "", *result.merge_notes, *_left_to_people(grade), *run_notes(result.execution)]
    seconds = sum(result.timings.values())
    return {
        "score": grade.total,
        "execution_time": round(seconds),
        "output": "\n".join(note for note in notes if note),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [_test(check, task, f"{task.number or place}.{number}")
                  for place, task in enumerate(result.tasks, start=1)
                  for number, check in enumerate(task.checks, start=1)],
    }


def _left_to_people(grade: Grade) -> Iterator[str]:
    if grade.state is not State.GRADED:
        return
    written = grade.waiting - grade.withheld
    if written:
        yield f"{written:g} points of written answers are graded by a person."
    if grade.withheld:
        yield f"{grade.withheld:g} points wait for a person's decision and are not in the score yet."


def _test(check: CheckResult, task: TaskResult, number: str) -> dict[str, Any]:
    lines = [
        f"Seen: {check.seen}" if check.seen else "",
        f"Expected: {check.expected}" if check.expected else "",
        check.hint or "",
        f"Not judged: “{check.blocked_by}” has to pass first." if check.blocked_by else "",
        _WITHHELD if check.status.withheld else "",
    ]
    judged = {} if check.status.withheld else {"status": "passed" if check.status is Status.PASSED else "failed"}
    return {
        "score": check.earned or 0.0, "max_score": check.points, **judged, "name": f"{task.title}: {check.title}",
        "number": number, "output": "\n".join(line for line in lines if line), "output_format": "text",
        "visibility": "visible",
    }


def for_staff(result: Result) -> list[str]:
    """Return the lines that go to standard output, which Gradescope shows to instructors only."""
    notes = [f"{check.id}: {check.staff_note}" for task in result.tasks for check in task.checks if check.staff_note]
    walls = f"isolation: {result.execution.isolation.value}" if result.execution else "not run"
    grade = grade_of(result, None)
    return [f"{result.assignment}: {result.status}, {grade.total:g} of {grade.max_points:g}, {walls}",
            *result.staff_flags, *notes]
