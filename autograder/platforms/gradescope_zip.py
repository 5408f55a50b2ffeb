"""`autograder export gradescope`: the zip of an autograder, with everything that it needs except Python itself."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from autograder.course import Assignment
from autograder.errors import CourseError
from autograder.installed import PACKAGE
from autograder.platforms.bundle import as_zip, course_files
from autograder.platforms.gradescope_results import not_graded
from autograder.platforms.packaging import requirements_text, wheel
from autograder.workspace.layout import Workspace
from autograder.workspace.locked_packages import locked_packages
from autograder.workspace.storage import write_atomically

DEFAULT_MIB: Final = 768
DEFAULT_CORES: Final = 0.5
DEFAULT_MINUTES: Final = 10
LONGEST_MINUTES: Final = 40
"""Of Gradescope's containers, by its documentation; each assignment there can have other numbers."""
WARM_MIB: Final = 1024
"""Memory of the grader's own processes, beyond that of the notebook."""
OVERHEAD_SECONDS: Final = 150
"""Time for starting the grader, evaluating models and checking, on a slow machine."""
_SPARE_SECONDS: Final = 30  # between the grader's own end and that of the container
_GRADER: Final = "grader"


@dataclass(frozen=True, kw_only=True)
class Needs:
    """What an assignment needs of a container."""

    mib: int
    minutes: int

    @property
    def fits_the_default(self) -> bool:
        """Whether Gradescope's default container is enough."""
        return self.mib <= DEFAULT_MIB and self.minutes <= DEFAULT_MINUTES


@dataclass(frozen=True, kw_only=True)
class GradescopeExport:
    """The zip, and what the instructor should know."""

    path: Path
    needs: Needs
    notes: tuple[str, ...]


def needs_of(assignment: Assignment) -> Needs:
    """Return what a container needs to grade one submission, with a whole core.

    A notebook that uses all of its time is run at most once more; one that misses only a minimum has two further runs
    with other seeds, which take as long as the work takes and seldom as long as it may.
    """
    seconds = 2 * assignment.limits.notebook_seconds + OVERHEAD_SECONDS
    return Needs(mib=assignment.limits.memory_mib + WARM_MIB, minutes=math.ceil((seconds + _SPARE_SECONDS) / 60))


def export_gradescope(
    workspace: Workspace, assignment: str, goal: Path, *, stand_in: bool, minutes: int
) -> GradescopeExport:
    """Write the zip; the same course and installation give the same bytes.

    Args:
        minutes: the time limit that the assignment has on Gradescope: the grader ends itself before it.

    Raises:
        CourseError: nothing was released, or the assignment cannot be graded there.
    """
    settings = workspace.course.within_graders(workspace.course.assignment(assignment))
    if settings.grader == "gpu":
        raise CourseError(f"{assignment} is graded on a GPU, and Gradescope's containers have none: use "
                          "`autograder grade`, or set `grader: any` in course.yml.")
    files = course_files(workspace, assignment)
    name, content = wheel()
    without = not any(path.startswith("data/") for path in files) and settings.data != "own"
    if without and not stand_in:
        raise CourseError(f"{assignment} needs the real data set, but this course has no copy of it: put it into the "
                          "data folder, or allow the embedded digits with --stand-in.")
    files |= {
        "setup.sh": _SETUP.format(python=_python(), wheel=name, grader=_GRADER).encode(),
        "run_autograder": _RUN.format(seconds=minutes * 60 - _SPARE_SECONDS, assignment=assignment, grader=_GRADER,
                                      stand_in=" --stand-in" if stand_in else "").encode(),
        f"{_GRADER}/{name}": content,
        f"{_GRADER}/requirements.txt": requirements_text(
            f"{PACKAGE}[cpu,student]", lock=locked_packages(workspace)),
        f"{_GRADER}/not-graded.json": json.dumps(not_graded(
            "The grader could not start, or the container ended first.")).encode(),
    }
    write_atomically(goal, as_zip(files, executable=("setup.sh", "run_autograder")))
    needs = needs_of(settings)
    return GradescopeExport(path=goal, needs=needs, notes=tuple(_notes(needs, minutes, stand_in=without)))


def _python() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def _notes(needs: Needs, minutes: int, *, stand_in: bool) -> list[str]:
    notes = []
    if not needs.fits_the_default:
        notes.append(f"Gradescope's default container ({DEFAULT_CORES:g} CPU, {DEFAULT_MIB} MB, {DEFAULT_MINUTES} "
                     f"minutes) cannot hold this assignment: set at least 1 CPU, {needs.mib} MB and {needs.minutes} "
                     "minutes")
    if needs.minutes > LONGEST_MINUTES:
        notes.append(f"Gradescope allows {LONGEST_MINUTES} minutes at most: work that uses all of its time is then not "
                     "graded; shorten limits.notebook_time")
    if minutes < needs.minutes:
        notes.append(f"the grader ends itself after {minutes} minutes (--minutes); what is not done then counts as not "
                     "graded, never as zero")
    if stand_in:
        notes.append("the zip has no real data: the embedded digits are used, and the results say so")
    notes.append("hidden checks and student code share one container there, without user namespaces: the weaker mode "
                 "`restricted`, which every result names (docs/operating/platforms.md)")
    return notes


# The dependencies need this very version of Python. Everything in the zip is secret: checks, reference, data.
_SETUP: Final = """\
#!/usr/bin/env bash
set -e
export DEBIAN_FRONTEND=noninteractive
chown -R root:root /autograder/source
chmod -R go-rwx /autograder/source
if ! command -v python{python} > /dev/null; then
    apt-get update
    apt-get install -y software-properties-common
    add-apt-repository -y ppa:deadsnakes/ppa
    apt-get update
    apt-get install -y python{python} python{python}-venv
fi
python{python} -m venv /opt/autograder
/opt/autograder/bin/python -m pip install --no-cache-dir -r /autograder/source/{grader}/requirements.txt
/opt/autograder/bin/python -m pip install --no-cache-dir --no-deps /autograder/source/{grader}/{wheel}
/opt/autograder/bin/autograder --version
"""
_RUN: Final = """\
#!/usr/bin/env bash
# Students see results.json, never what this prints. It is there before anything can fail.
umask 077
cp /autograder/source/{grader}/not-graded.json /autograder/results/results.json
chmod 644 /autograder/results/results.json
cd /
timeout --kill-after=10 {seconds} /opt/autograder/bin/python -I -m autograder container gradescope \\
    --assignment {assignment}{stand_in} || echo "the grader ended with $?"
"""
