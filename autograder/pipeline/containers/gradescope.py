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
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from autograder.errors import CourseError, SubmissionError
from autograder.feedback.board import Score
from autograder.model import Isolation, Result
from autograder.pipeline.collect import collect
from autograder.pipeline.grade.batch import grade_class
from autograder.pipeline.leaderboard import score_of
from autograder.pipeline.platforms.gradescope_metadata import read_metadata
from autograder.pipeline.platforms.gradescope_results import as_gradescope, beyond_attempts, not_graded, refused
from autograder.pipeline.session.options import RunOptions
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Reporter
from autograder.workspace.storage import write_atomically

STUDENT: Final = "submission"


@dataclass(frozen=True, kw_only=True)
class GradescopeOptions:
    """How one submission in Gradescope's layout is graded.

    Attributes:
        assignment: the one that it answers; None: the only released one.
    """

    assignment: str | None = None
    allow_stand_in: bool = False
    isolation: Isolation | None = None


def run_autograder(root: Path, options: GradescopeOptions, reporter: Reporter) -> Result:
    """Grade the one submission in ``root`` and write what Gradescope shows.

    There is a results file whatever happens: where the grader itself fails or is ended, it says that the work is not
    graded yet, and a hidden test keeps students from seeing the total.

    Raises:
        SubmissionError: the upload is not one notebook.
        AutograderError: as `autograder grade`.
    """
    target = root / "results" / "results.json"
    _write(target, not_graded("The grader ended before it had a result: it ran out of time or of memory."))
    try:
        result, results = _graded(root, options, reporter)
    except SubmissionError as error:
        _write(target, refused(str(error)))
        raise
    except Exception as error:
        _write(target, not_graded(f"{type(error).__name__}: {error}"))
        raise
    _write(target, results)
    return result


def _graded(root: Path, options: GradescopeOptions, reporter: Reporter) -> tuple[Result, dict[str, Any]]:
    """Return the result of the one submission, and what Gradescope shows of it."""
    submission = read_metadata(root / "submission_metadata.json")
    with _private_copy(root) as workspace, TemporaryDirectory(prefix="autograder-upload-") as folder:
        chosen = options.assignment or _only(workspace)
        upload = Path(folder) / STUDENT / f"{chosen}.ipynb"
        upload.parent.mkdir()
        shutil.copyfile(_notebook(root / "submission"), upload)
        allowed = workspace.course.assignment(chosen).attempts
        if allowed is not None and (submission.attempt or 0) > allowed:
            return _unused(chosen, submission.attempt or 0, allowed), beyond_attempts(submission, allowed)
        collect(workspace, Path(folder), assignment=chosen, kind="folder")
        run = RunOptions(workers=1, allow_stand_in=options.allow_stand_in, isolation=options.isolation, gradebook=False)
        result = grade_class(workspace, (chosen,), run, reporter).results[0]
        if result.status not in ("graded", "refused"):
            return result, not_graded(result.message or result.status)
        return result, as_gradescope(result, submission, _ranked(workspace, result))


def _unused(assignment: str, attempt: int, allowed: int) -> Result:
    return Result(student=STUDENT, assignment=assignment, status="refused",
                  message=f"Attempt {attempt} of {allowed} was not graded.")


def _ranked(workspace: Workspace, result: Result) -> list[tuple[str, float, str]]:
    """Return the columns of the leaderboard; as on our own, none before the deadline or without a repeated training."""
    settings = workspace.course.assignment(result.assignment)
    rule = settings.leaderboard
    if settings.due is not None and settings.due > datetime.now(settings.due.tzinfo):
        return []  # until then students could tune to its figures
    score = score_of(workspace, rule, result) if rule is not None and result.status == "graded" else None
    if not isinstance(score, Score):
        return []
    return [("Accuracy when trained again", round(score.accuracy, 4), "desc"), ("Parameters", score.parameters, "asc")]


def _write(target: Path, results: dict[str, Any]) -> None:
    write_atomically(target, json.dumps(results, indent=1, allow_nan=False))
    with suppress(OSError):
        target.chmod(0o644)  # the harness may run as another user


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
    raise CourseError(f"Expected one released assignment in /autograder/source, but there are {len(released)}; "
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
