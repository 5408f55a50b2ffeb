"""`autograder export otter`: an assign source, what `otter assign` makes of it, and a zip that grades by our plugin.

    check settings → write the source → otter assign (proves the solution) → compare with the release → finish the zip
"""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import Field

from autograder.errors import CourseError, ReleaseError
from autograder.installed import PACKAGE
from autograder.model import Value
from autograder.notebook import is_ungraded
from autograder.pipeline.release.release import serialize
from autograder.pipeline.session.course_files import read_release
from autograder.pipeline.session.source_notebook import read_source
from autograder.platforms.assign_source import assign_source, same_as_release
from autograder.platforms.bundle import as_zip, course_files
from autograder.platforms.checked_settings import checked_settings
from autograder.platforms.packaging import all_pins, wheel
from autograder.workspace.layout import Workspace
from autograder.workspace.locked_packages import locked_packages
from autograder.workspace.storage import replace_folder

OTTER: Final = "7.0"
"""The version of otter-grader that this was written for; its events and file formats are not promised to stay."""
BUNDLE: Final = "autograder-course.zip"
PLUGIN: Final = "autograder.otter.Plugin"
ZIP: Final = "autograder.zip"
_SAID: Final = 1500  # characters of what `otter assign` said


class OtterSettings(Value):
    """What an instructor may choose; Otter itself ignores names that it does not know."""

    runs_on: Literal["default", "colab", "jupyterlite"] = Field("default", description="where students work")
    tests_url_prefix: str | None = Field(None, description="URL of a folder with the public tests, for Colab")
    points_possible: float | None = Field(None, gt=0, description="points that Otter scales the whole score to")
    score_threshold: float | None = Field(None, ge=0, le=1, description="share from which the work has passed")
    show_stdout: bool = Field(False, description="show the grader's own output to students after publishing")


@dataclass(frozen=True, kw_only=True)
class Exported:
    """Where the export lies: `student/`, `autograder/`, `autograder.zip`; and what the instructor should know."""

    folder: Path
    notes: tuple[str, ...] = ()


def otter_settings(given: Mapping[str, Any]) -> OtterSettings:
    """Return the settings.

    Raises:
        CourseError: a setting is unknown or has a value that it cannot have.
    """
    settings = checked_settings(OtterSettings, given, owner="Otter")
    if settings.runs_on == "colab" and settings.tests_url_prefix is None:
        raise CourseError("On Colab a notebook has no files next to it, so 'tests_url_prefix' has to name a URL from "
                          "which it loads the public tests.")
    return settings


def read_settings(path: Path | None) -> dict[str, Any]:
    """Return what a file of settings (YAML) says.

    Raises:
        CourseError: it cannot be read as a mapping.
    """
    if path is None:
        return {}
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise CourseError(f"{path} was expected to be YAML, but cannot be read ({error}).") from None
    if not isinstance(loaded, dict):
        raise CourseError(f"{path} was expected to contain settings as `name: value`.")
    return loaded


def export_otter(
    workspace: Workspace, assignment: str, goal: Path, settings: OtterSettings, *, stand_in: bool, prove: bool
) -> Exported:
    """Write the export into ``goal``; an export that was there before is replaced.

    Args:
        stand_in: allow the embedded digits where the zip has no real data.
        prove: let `otter assign` grade the solution by the plugin; without full marks there is no export.

    Raises:
        CourseError: otter-grader is missing, or nothing was released.
        ReleaseError: Otter refuses the notebook, or its student version is not the release.
    """
    version = _version()
    release = read_release(workspace, assignment)
    files = course_files(workspace, assignment)
    config = _config(workspace, assignment, settings, stand_in=stand_in)
    # With this setting answer cells get another tag, so it is only for notebooks that need it.
    config["strip_solutions_from_all_cells"] = any(map(is_ungraded, release["cells"]))
    source = assign_source(read_source(workspace.source(assignment)), release, config)
    refuse_foreign(goal)
    with replace_folder(goal) as folder:
        place = folder / "source"
        place.mkdir()
        (place / f"{assignment}.ipynb").write_bytes(serialize(source))
        (place / BUNDLE).write_bytes(as_zip(files))
        for name, content in _released_files(workspace, assignment).items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_bytes(content)
        _assign(place / f"{assignment}.ipynb", folder, prove=prove)
        _finish_student(folder / "student" / f"{assignment}.ipynb", release, version)
        _finish_zip(folder, assignment)
    return Exported(folder=goal, notes=_notes(files, stand_in=stand_in, prove=prove))


def refuse_foreign(goal: Path) -> None:
    """Check that a folder may be replaced: there is none, it is empty, or an earlier export made it.

    Raises:
        CourseError: it contains something else.
    """
    if goal.exists() and any(goal.iterdir()) and not (goal / ZIP).is_file():
        raise CourseError(f"Expected {goal} to be empty or an earlier export, but it contains other files; name "
                          "another folder with --into.")


def _version() -> str:
    try:
        found = metadata.version("otter-grader")
    except metadata.PackageNotFoundError:
        raise CourseError("Expected otter-grader to be installed, but it is not: run `pip install "
                          f"'{PACKAGE}[platforms]'`.") from None
    if not found.startswith(f"{OTTER}."):
        raise CourseError(f"Expected otter-grader {OTTER}, but {found} is installed: run `pip install "
                          f"'otter-grader=={OTTER}.*'`.")
    return found


def _released_files(workspace: Workspace, assignment: str) -> dict[str, bytes]:
    """Return the files that are released next to the notebook."""
    notebook = workspace.release(assignment)
    return {str(path.relative_to(notebook.parent)): path.read_bytes() for path in sorted(notebook.parent.rglob("*"))
            if path.is_file() and path != notebook}


def _config(workspace: Workspace, assignment: str, settings: OtterSettings, *, stand_in: bool) -> dict[str, Any]:
    """Return the ASSIGNMENT CONFIG."""
    pinned = all_pins(f"{PACKAGE}[{_backend()},student]", lock=locked_packages(workspace))
    plugin = {PLUGIN: {"assignment": assignment, **({"stand_in": True} if stand_in else {})}}
    generate: dict[str, Any] = {"plugins": [plugin], "show_stdout": settings.show_stdout}
    for name in ("points_possible", "score_threshold"):
        if (value := getattr(settings, name)) is not None:
            generate[name] = value
    tests: dict[str, Any] = {"ok_format": False, "files": settings.runs_on == "colab"}
    if settings.tests_url_prefix is not None:
        tests["url_prefix"] = settings.tests_url_prefix
    return {
        "requirements": pinned, "python_version": platform.python_version(),
        "runs_on": settings.runs_on, "tests": tests, "generate": generate, "export_cell": False,
        "files": sorted(_released_files(workspace, assignment)),
        "autograder_files": [BUNDLE],
    }


def _backend() -> str:
    try:
        metadata.version("tensorflow-cpu")
    except metadata.PackageNotFoundError:
        return "gpu"
    return "cpu"


def _assign(source: Path, goal: Path, *, prove: bool) -> None:
    command = [sys.executable, "-I", "-m", "otter", "assign", str(source), str(goal), "--no-pdfs",
               *([] if prove else ["--no-run-tests"])]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                          check=False)
    if done.returncode:
        raise ReleaseError(f"`otter assign` refused the notebook:\n{(done.stderr or done.stdout).strip()[-_SAID:]}")


def _finish_student(path: Path, release: dict[str, Any], version: str) -> None:
    """Compare the student version with the release, and pin the version of Otter that Colab installs."""
    made = json.loads(path.read_bytes())
    for cell in made["cells"]:
        cell["source"] = "".join(cell["source"])
        if cell["source"].strip() == "%pip install -q otter-grader":
            cell["source"] = f"%pip install -q otter-grader=={version}"
    if different := same_as_release(made, release):
        raise ReleaseError(f"`otter assign` changed the notebook: {different}.")
    path.write_bytes(serialize(made))


def _finish_zip(folder: Path, assignment: str) -> None:
    """Give the zip a name that stays, our wheel and the lines of `setup.sh` that install it."""
    (made,) = (folder / "autograder").glob(f"{assignment}-autograder_*.zip")
    with zipfile.ZipFile(made) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    made.unlink()
    name, content = wheel()
    files[f"requirements.{name}"] = content
    files["setup.sh"] += _SETUP.format(wheel=name).encode()
    (folder / ZIP).write_bytes(as_zip(files, executable=("setup.sh", "run_autograder")))


# Of the zip, the image of `otter grade` has only requirements.* and environment.yml while setup.sh runs.
_SETUP: Final = """
# keras-autograder: its dependencies are in environment.yml, with their versions.
cp /autograder/source/requirements.{wheel} /tmp/{wheel}
mamba run -n otter-env python -m pip install --no-cache-dir --no-deps /tmp/{wheel}
rm /tmp/{wheel}

# Otter reads this file as JSON where there is a plugin, and the image of `otter grade` has it empty.
[ -s /autograder/submission_metadata.json ] || echo '{{}}' > /autograder/submission_metadata.json
"""


def _notes(files: Mapping[str, bytes], *, stand_in: bool, prove: bool) -> tuple[str, ...]:
    notes = []
    if stand_in and not any(name.startswith("data/") for name in files):
        notes.append("the zip has no real data: the embedded digits are used, and the results say so")
    if not prove:
        notes.append("the solution was not graded by Otter; leave out --no-proof to see that it has full marks")
    return tuple(notes)
