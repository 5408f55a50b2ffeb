"""The packages that course.yml requires: locked, and installed into this environment."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from packaging.utils import canonicalize_name

from autograder.course import Lock, package_name
from autograder.course.requirements import MOST_PINS
from autograder.course.source import fault, read_source
from autograder.errors import CourseError, ExecutionError
from autograder.installed import PACKAGE, own_packages, versions_of
from autograder.workspace.file_names import COURSE_FILE
from autograder.workspace.layout import Workspace
from autograder.workspace.locked_packages import read_lock
from autograder.workspace.storage import write_atomically

_PATIENCE: Final = 1800.0  # seconds for one command of pip: wheels may be large, and mirrors slow
_SAME_FILES: Final = frozenset({"tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos",
                                "tensorflow-gpu", "tf-nightly", "tf-nightly-cpu"})
"""Packages that install the same files: the second one breaks the first."""


@dataclass(frozen=True, kw_only=True)
class Built:
    """What was done.

    Attributes:
        lock: the packages as they are locked now.
        locked: the lock file was written.
        installed: package → version of what was installed or changed.
    """

    lock: Lock
    locked: bool
    installed: Mapping[str, str]


def build(workspace: Workspace, *, upgrade: bool = False) -> Built:
    """Lock the packages that the course requires where that is not done, and install them.

    Args:
        upgrade: choose the newest fitting versions even where the lock file fits.

    Raises:
        CourseError: a package cannot be locked; nothing is written or installed then.
        ExecutionError: pip is missing here, or could not install what is locked.
    """
    asked = workspace.course.requirements
    earlier = read_lock(workspace) if not upgrade and workspace.requirements_lock.is_file() else None
    if earlier is not None and set(earlier.asked) == set(asked):
        lock = earlier
    else:
        lock = Lock(asked=asked, pins=_resolve(workspace, asked) if asked else {})
        _write(workspace, lock)
    before = versions_of(lock.pins)
    if missing := {name: version for name, version in lock.pins.items() if before.get(name) != version}:
        _install(lock)
    return Built(lock=lock, locked=lock is not earlier, installed=missing)


def _write(workspace: Workspace, lock: Lock) -> None:
    if lock.asked or workspace.requirements_lock.is_file():
        workspace.requirements_lock.parent.mkdir(exist_ok=True)
        write_atomically(workspace.requirements_lock, lock.text())


def _resolve(workspace: Workspace, asked: Sequence[str]) -> dict[str, str]:
    """Return the packages that have to be added to the grader's own, with their versions.

    The grader's own keep the versions that they have here: it was tested with them, and other courses that are graded
    here were calibrated with them.
    """
    own, kept = own_packages(), own_packages(everything=True)
    if PACKAGE in map(package_name, asked):
        raise _fault(workspace, asked, PACKAGE, "it is the grader itself, which is there already: leave it out.")
    with tempfile.TemporaryDirectory(prefix="autograder-lock-") as name:
        report, fixed = Path(name) / "report.json", Path(name) / "constraints.txt"
        fixed.write_text("".join(f"{package}=={version}\n" for package, version in kept.items()), encoding="utf-8")
        done = _pip("install", "--dry-run", "--ignore-installed", "--quiet", "--only-binary=:all:",
                    f"--report={report}", f"--constraint={fixed}", *asked)
        if done.returncode:
            raise _refused(workspace, asked, done.stderr)
        found = _versions(json.loads(report.read_bytes()))
    wanted = set(map(package_name, asked))
    added = {package: version for package, version in sorted(found.items()) if package in wanted or package not in own}
    clash = sorted(_SAME_FILES & added.keys() - own.keys()) if _SAME_FILES & own.keys() else []
    if clash:
        raise _fault(workspace, asked, clash[0], f"they need {clash[0]}, which would overwrite files of "
                     f"{min(_SAME_FILES & own.keys())}, which this grader has: use a package without it, or a grader "
                     "with that backend.")
    if len(added) > MOST_PINS:
        raise _fault(workspace, asked, "", f"they need {len(added)} further packages, more than {MOST_PINS}: require "
                                           "fewer.")
    return added


def _versions(report: dict[str, Any]) -> dict[str, str]:
    """Return package → version of a report by ``pip install --report``."""
    return {package_name(one["metadata"]["name"]): str(one["metadata"]["version"]) for one in report["install"]}


def _refused(workspace: Workspace, asked: Sequence[str], said: str) -> CourseError:
    """Return the sentence for a list that pip cannot resolve, at the line of the package that pip names."""
    causes = [line.removeprefix("ERROR: ").strip() for line in said.splitlines() if line.startswith("ERROR: ")]
    cause = (causes or said.strip().splitlines() or ["pip gave no reason"])[0]
    return _fault(workspace, asked, said, f"pip finds no versions for Python {sys.version_info.major}."
                  f"{sys.version_info.minor} that fit together and to the grader's own packages ({cause[:300]}): "
                  "correct the name or the versions, or leave the package out.")


def _fault(workspace: Workspace, asked: Sequence[str], named: str, why: str) -> CourseError:
    """Return an error at the line of the first requirement whose package is named, else at the line of the list."""
    source = read_source((workspace.root / COURSE_FILE).read_text(encoding="utf-8"))
    words = set(map(canonicalize_name, re.findall(r"[A-Za-z0-9][\w.-]*", named)))
    at = next((index for index, one in enumerate(asked) if package_name(one) in words), None)
    path = ("requirements",) if at is None else ("requirements", at)
    which = ", ".join(asked)[:200] if at is None else asked[at]
    return fault(source.line(path), f"{which} cannot be locked: {why}")


def _install(lock: Lock) -> None:
    with tempfile.TemporaryDirectory(prefix="autograder-install-") as name:
        path = Path(name) / "requirements.lock"
        path.write_text(lock.text(), encoding="utf-8")
        # Without dependencies: everything that is needed is in the file, and nothing of the grader's own may change.
        done = _pip("install", "--quiet", "--no-deps", f"--requirement={path}")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.startswith("ERROR: ")] or ["it gave no reason"]
        raise ExecutionError(f"Expected pip to install {', '.join(lock.lines)[:300]}, but it failed "
                             f"({said[0].removeprefix('ERROR: ')[:300]}): look at the network and the permissions of "
                             f"{sys.prefix}, or run `autograder build --upgrade` if a version is no longer offered.")


def _pip(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pip of this environment; raises ExecutionError where there is none, or it does not end."""
    if not versions_of(("pip",)):
        raise ExecutionError(f"Expected pip in {sys.prefix} to install packages, but there is none: run "
                             "`python -m ensurepip`.")
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "--no-color", *arguments]
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                              timeout=_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise ExecutionError(f"pip did not end within {_PATIENCE / 60:g} minutes: look at the network, and run the "
                             "same command again.") from None
