"""The files for the judge's container: a copy of only the parts of a course that grading one assignment needs.

A copy, because nobody is root inside the container: otherwise files that only root or the course's owner can read
would need wider permissions, and a container that writes into the course itself could damage it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from autograder.container.engine import USER
from autograder.course import PEOPLE_FILE
from autograder.model import Result
from autograder.pipeline.containers import staged_attempts
from autograder.pipeline.grade.stored_results import load_result, store_result
from autograder.pipeline.session.course_files import bundled_data, course_data_files
from autograder.workspace.file_names import CACHE, COURSE_FILE, HISTORY, RESULT
from autograder.workspace.layout import Workspace
from autograder.workspace.storage import replace_folder, secret
from autograder.workspace.variant_secret import variants_secret

_PRIVATE = 0o700


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Folders that are mounted into the judge's container."""

    course: Path
    output: Path
    data: Path | None

    @property
    def cache(self) -> Path:
        """The course's cache, which is inside the course."""
        return self.course / CACHE


@contextmanager
def stage_course(workspace: Workspace, assignment: str, students: Sequence[str]) -> Iterator[Stage]:
    """Yield the copy; it is deleted when the block ends.

    Args:
        students: only their submissions; empty: everyone's.
    """
    with TemporaryDirectory(prefix="autograder-judge-") as name:
        root = Path(name)
        stage = Stage(course=root / "course", output=root / "output", data=_data(workspace, assignment, root / "data"))
        _copy_course(workspace, assignment, stage)
        _copy_submissions(workspace, assignment, students, stage)
        if os.geteuid() == 0:
            _hand_over(root)
        yield stage


def _data(workspace: Workspace, assignment: str, folder: Path) -> Path | None:
    """Copy real data to where the judge finds it; None where there is none and the embedded digits are used."""
    files = bundled_data(workspace, assignment)
    for name, path in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    return folder if files else None


def _copy_course(workspace: Workspace, assignment: str, stage: Stage) -> None:
    stage.course.mkdir(mode=_PRIVATE)
    shutil.copyfile(workspace.root / COURSE_FILE, stage.course / COURSE_FILE)
    for name in workspace.course.assignments:
        (stage.course / "assignments" / name).mkdir(parents=True)  # course.yml and folders have to agree
    if workspace.course.data is not None:
        (stage.course / workspace.course.data).mkdir(parents=True, exist_ok=True)
    for folder in (workspace.source(assignment).parent, workspace.release(assignment).parent,
                   workspace.reference(assignment).parent, workspace.hidden(assignment)):
        if folder.is_dir():
            shutil.copytree(folder, stage.course / folder.relative_to(workspace.root), dirs_exist_ok=True,
                            ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for path in (*course_data_files(workspace, assignment), *_lock(workspace)):
        goal = stage.course / path.relative_to(workspace.root)
        goal.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, goal)
    stage.cache.mkdir(mode=_PRIVATE)
    secret(workspace.sampling_secret)  # the same rows are sampled in every container
    shutil.copyfile(workspace.sampling_secret, stage.cache / workspace.sampling_secret.name)
    _copy_variants(workspace, stage)
    for kept in (*workspace.cache.glob("stand-in-*.npz"), *workspace.cache.glob("data/*"),
                 *workspace.cache.glob(f"continue/{assignment}")):
        goal = stage.cache / kept.relative_to(workspace.cache)
        goal.parent.mkdir(parents=True, exist_ok=True)
        if kept.is_dir() and not kept.name.endswith("-whole"):
            shutil.copytree(kept, goal)
        elif kept.is_file():
            shutil.copyfile(kept, goal)


def _lock(workspace: Workspace) -> list[Path]:
    """Return the file of the exact versions of the course's packages, where there is one."""
    return [path for path in (workspace.requirements_lock,) if path.is_file()]


def _copy_variants(workspace: Workspace, stage: Stage) -> None:
    """Copy what each student's numbers are drawn with in the judge again, and the ids that it compares them with.

    Names and addresses stay here.
    """
    path = variants_secret(workspace)
    if not path.is_file():
        return
    shutil.copy2(path, stage.course / path.name)
    if workspace.course.people:
        ids = "".join(f"{person.id}\n" for person in workspace.course.people)
        (stage.course / PEOPLE_FILE).write_text(f"id\n{ids}", encoding="utf-8")


def _copy_submissions(workspace: Workspace, assignment: str, students: Sequence[str], stage: Stage) -> None:
    inside = Workspace(root=stage.course, course=workspace.course, output=stage.output)
    inside.submitted_root.mkdir(parents=True)
    inside.results_root.mkdir()
    for student, name in workspace.submissions(assignment):
        if students and student not in students:
            continue
        folder = inside.submission_folder(student, name)
        folder.mkdir(parents=True)
        for path in (workspace.submitted(student, name), workspace.receipt(student, name)):
            if path.is_file() and not path.is_symlink():
                shutil.copy2(path, folder / path.name)
        staged_attempts.send(workspace, inside, student, name)
        if (earlier := workspace.result(student, name)).is_file():  # enough to detect that nothing has changed
            inside.results(student, name).mkdir(parents=True)
            shutil.copyfile(earlier, inside.result(student, name))


def _hand_over(root: Path) -> None:
    """Make the user inside the container the owner of everything, without access for others on this machine."""
    root.chmod(_PRIVATE)
    for path in (root, *root.rglob("*")):
        os.chown(path, USER, USER, follow_symlinks=False)


def collect_results(workspace: Workspace, stage: Stage, assignment: str) -> list[Result]:
    """Store newly graded work in the course's results; returns all results that the judge left.

    A submission that waits, failed or was refused has only a result: files of an earlier grading stay.
    """
    inside = Workspace(root=stage.course, course=workspace.course, output=stage.output)
    found = []
    for path in sorted(inside.results_root.glob(f"*/{assignment}/{RESULT}")):
        result = load_result(path)
        if result is None:
            continue
        found.append(result)
        staged_attempts.take_back(workspace, inside, result.student, assignment)
        folder = workspace.results(result.student, assignment)
        if load_result(folder / RESULT) == result:
            continue
        if result.status != "graded":
            store_result(workspace, result)
        else:
            with replace_folder(folder, keep=(HISTORY,)) as fresh:
                # Links are kept as links: a copy must not follow a link that a judge was tricked into storing.
                shutil.copytree(path.parent, fresh, symlinks=True, dirs_exist_ok=True)
                _take_ownership(fresh)
    return found


def _take_ownership(folder: Path) -> None:
    """Take ownership of files of the container's user."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, os.geteuid(), os.getegid(), follow_symlinks=False)
