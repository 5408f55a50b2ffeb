"""Grades one submission in a process of its own, which has nothing of Otter's process but the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from autograder.errors import AutograderError, CourseError, ExecutionError
from autograder.model import Result
from autograder.otter.plugin_settings import PluginSettings
from autograder.platforms.bundle import course_files, write_files
from autograder.workspace.file_names import RESULT
from autograder.workspace.layout import open_workspace

BUNDLE: Final = "autograder-course.zip"
"""The course in the autograder's zip, under `files/`: `autograder export otter` writes it."""
_KEPT: Final = 2000  # characters of what the process said


def grade(submission: Path, settings: PluginSettings, *, source: Path) -> Result:
    """Return the result of one submission, by the command that also grades on Gradescope.

    Args:
        source: the folder into which Otter unpacked the autograder's zip.

    Raises:
        CourseError: there is no course to grade with.
        AutograderError: the grader failed.
    """
    with TemporaryDirectory(prefix="autograder-otter-") as name:
        root = Path(name)
        _course(settings, source, root / "source")
        (root / "submission").mkdir()
        (root / "results").mkdir()
        shutil.copyfile(submission, root / "submission" / "submission.ipynb")
        done = subprocess.run(_command(root, settings), cwd=root, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, errors="replace", check=False)
        try:
            return Result.from_json(_result(root).read_bytes())
        except OSError:
            said = (done.stderr or done.stdout).strip()[-_KEPT:]
            raise _error(done.returncode, said) from None


def _result(root: Path) -> Path:
    return root / "results" / RESULT


def _command(root: Path, settings: PluginSettings) -> list[str]:
    """Return the command. Isolated (-I): no module is taken from the current folder or the environment."""
    return [sys.executable, "-I", "-m", "autograder", "container", "gradescope", f"--root={root}",
            f"--assignment={settings.assignment}", f"--result={_result(root)}",
            *(["--stand-in"] if settings.stand_in else ()),
            *([f"--isolation={settings.isolation.value}"] if settings.isolation else ())]


def _course(settings: PluginSettings, source: Path, goal: Path) -> None:
    """Put the course where the command expects it."""
    if settings.course is not None:
        course = open_workspace(Path(settings.course).expanduser())
        write_files(course_files(course, settings.assignment), goal)
        return
    bundle = source / "files" / BUNDLE
    if not bundle.is_file():
        raise CourseError(f"Expected files/{BUNDLE} in the autograder's zip, but there is none: make the zip by "
                          "`autograder export otter`, or name the course's folder in the plugin's setting `course`.")
    if os.geteuid() == 0:
        bundle.chmod(0o600)  # hidden checks and reference
    goal.mkdir(mode=0o700)
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(goal)  # written by the instructor's own export


def _error(code: int, said: str) -> AutograderError:
    last = said.splitlines()[-1].removeprefix("autograder: ") if said else ""
    return ExecutionError(f"The grader ended with exit code {code} and without a result ({last}); grade again.")
