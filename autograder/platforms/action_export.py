"""`autograder export action`: an assignment for GitHub Actions, Classroom 50 and any CI.

Two repositories: students get the released notebook and a workflow without secrets. The teacher's private repository
has checks, reference and solution, fetches hand-ins and grades them. So nothing hidden is ever where a student's
workflow runs, and no secret is given to a repository that a student can write to.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.course import Lock
from autograder.errors import CourseError
from autograder.installed import PACKAGE
from autograder.platforms import action_files
from autograder.platforms.action_workflows import STUDENT, TEACHER, filled
from autograder.platforms.bundle import Files, course_files
from autograder.platforms.gradescope_zip import needs_of
from autograder.platforms.packaging import requirements_text, wheel
from autograder.workspace.layout import Workspace
from autograder.workspace.locked_packages import locked_packages
from autograder.workspace.storage import replace_folder

_SCRIPTS: Final = Path(action_files.__file__).parent
_MARK: Final = "README.md"
_TITLE: Final = "# Exported for GitHub Actions by autograder:"


@dataclass(frozen=True, kw_only=True)
class ActionExport:
    """The folder, and what the instructor should know."""

    folder: Path
    notes: tuple[str, ...]


def export_action(workspace: Workspace, assignment: str, goal: Path, *, stand_in: bool) -> ActionExport:
    """Write `student/` and `teacher/`; the same course and installation give the same bytes.

    Raises:
        CourseError: nothing was released, the assignment cannot be graded there, or the folder has other files.
    """
    settings = workspace.course.within_graders(workspace.course.assignment(assignment))
    if settings.grader == "gpu":
        raise CourseError(f"{assignment} is graded on a GPU, and a hosted runner has none: use `autograder grade`, or "
                          "set `grader: any` in course.yml.")
    course = course_files(workspace, assignment)
    without = settings.data != "own" and not any(path.startswith("data/") for path in course)
    if without and not stand_in:
        raise CourseError(f"{assignment} needs the real data set, but this course has no copy of it: put it into the "
                          "data folder, or allow the embedded digits with --stand-in.")
    _refuse_foreign(goal)
    minutes = needs_of(settings).minutes
    files = {f"student/{name}": content for name, content in _student(workspace, assignment).items()}
    files |= {f"teacher/course/{name}": content for name, content in course.items()}
    teacher = _teacher(assignment, minutes, locked_packages(workspace), stand_in=stand_in)
    files |= {f"teacher/{name}": content for name, content in teacher.items()}
    files[_MARK] = f"{_TITLE} {assignment}\n\n{_README}".replace("@ASSIGNMENT@", assignment).encode()
    with replace_folder(goal) as fresh:
        fresh.chmod(0o700)
        for name, content in files.items():
            path = fresh / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    return ActionExport(folder=goal, notes=tuple(_notes(stand_in=without)))


def _student(workspace: Workspace, assignment: str) -> Files:
    """Return the template of students' repositories: nothing that the release does not have."""
    return {f"{assignment}.ipynb": workspace.release(assignment).read_bytes(),
            ".github/workflows/hand-in.yml": filled(STUDENT, ASSIGNMENT=assignment).encode()}


def _teacher(assignment: str, minutes: int, lock: Lock, *, stand_in: bool) -> Files:
    name, content = wheel()
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return {
        "autograder.py": _script("grade_in_ci.py", assignment, seconds=60 * minutes, stand_in=stand_in),
        "hand_ins.py": _script("hand_ins.py", assignment),
        f".github/workflows/grade-{assignment}.yml": filled(
            TEACHER, ASSIGNMENT=assignment, VERSION=version, WHEEL=name).encode(),
        f"grader/{name}": content,
        "grader/requirements.txt": requirements_text(f"{PACKAGE}[cpu,student]", lock=lock),
    }


def _script(name: str, assignment: str, *, seconds: int = 0, stand_in: bool = False) -> bytes:
    text = (_SCRIPTS / name).read_text(encoding="utf-8")
    text = text.replace('ASSIGNMENT: Final = ""', f'ASSIGNMENT: Final = "{assignment}"', 1)
    if seconds:
        text = text.replace("SECONDS: Final = 1800", f"SECONDS: Final = {seconds}", 1)
    return text.replace("STAND_IN: Final = False", f"STAND_IN: Final = {stand_in}", 1).encode()


def _refuse_foreign(goal: Path) -> None:
    """Refuse to replace a folder that is no earlier export.

    Raises:
        CourseError: it has other files.
    """
    if not goal.exists() or (goal.is_dir() and not any(goal.iterdir())):
        return
    mark = goal / _MARK
    if not mark.is_file() or not mark.read_text(encoding="utf-8", errors="replace").startswith(_TITLE):
        raise CourseError(f"{goal} contains other files, which an export would replace: name another folder.")


def _notes(*, stand_in: bool) -> list[str]:
    notes = ["teacher/ has hidden checks, reference and solution: it belongs into a private repository that no student "
             "can read; only student/ is for them",
             "points at a student's commit are feedback; the grade is the teacher's result.json, or `autograder grade`"]
    return [*notes, *(["the export has no real data: the embedded digits are used"] if stand_in else [])]


_README: Final = """\
1. `teacher/` is a private repository that no student can read. `student/` is the template of the students'
   repositories.
2. In the teacher's repository, set the secret AUTOGRADER_TOKEN: a fine-grained token of the organization for the
   students' repositories, with Contents: read and Commit statuses: write, and nothing else. Give it to no repository
   that a student can write to. Set the variable AUTOGRADER_PREFIX to what the names of the class's repositories begin
   with (`@ASSIGNMENT@-` by default; `CLASSROOM-@ASSIGNMENT@-` with Classroom 50).
3. The workflow looks for new commits every twenty minutes. Each run keeps `results`, a result.json for each repository.

Any other CI: `python autograder.py NOTEBOOK` writes result.json.
"""
