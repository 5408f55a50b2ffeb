"""A course that requires a package: locked, installed, imported by students; without it, nothing is graded."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Result
from tests.support.wheels import make_wheel, offline

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=3)]

SCALED = """
from course_scaling import scaled
X_train = scaled(train_images[:1000])
X_test = scaled(test_images[:500])
"""
UNKNOWN = SCALED.replace("course_scaling", "never_installed")
CODE = """
def scaled(images):
    return images.reshape(len(images), -1).astype("float32") / 255
"""


def environment_of_its_own(folder: Path) -> Path:
    """Make an environment that has all of this one's packages, and that a test may install into; return its Python."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=600)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "shared.pth").write_text(f"import site; site.addsitedir({sysconfig.get_path('purelib')!r})\n")
    return folder / "bin" / "python"


@pytest.fixture
def command(classroom: Any, look: Any, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line of an environment of its own, with the wheels of the test as its only index."""
    make_wheel(tmp_path / "wheels", "course-scaling", "1.0", code=CODE, needs=("course-base",))
    make_wheel(tmp_path / "wheels", "course-base", "2.5")
    python = environment_of_its_own(tmp_path / "grader")
    known = look.without_true_data(classroom.home) | offline(tmp_path / "wheels")
    known |= {"PATH": f"{python.parent}{os.pathsep}{os.environ['PATH']}"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([str(python), "-m", "autograder", "--course", str(classroom.root), *arguments],
                              env=known, capture_output=True, text=True, timeout=1200, check=False)

    return run


def test_a_required_package_is_there_at_grading_and_nothing_is_graded_without_it(
    classroom: Any, look: Any, command: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path,
) -> None:
    file = classroom.root / "course.yml"
    file.write_text(file.read_text() + "requirements: [course-scaling>=1]\n")
    classroom.hand_in({"ada": classroom.made_of(f'"""Uses it."""\n\n# %% [scale]{SCALED}'),
                       "eve": classroom.made_of(f'"""Uses another."""\n\n# %% [scale]{UNKNOWN}')})
    grade = ("grade", "mini", "--stand-in", "--no-gradebook")

    refused = command(*grade)
    assert refused.returncode == 2 and "run `autograder build`" in " ".join(refused.stderr.split()), refused.stderr
    assert command("status", "--json").stdout.count('"autograder build"') == 1
    (classroom.root / "reference" / "requirements.lock").write_text(
        "# asked: course-scaling>=1\ncourse-scaling==1.0\ncourse-base==2.5\n")
    refused = command(*grade)
    assert refused.returncode == 2, refused.stderr
    assert "course-scaling missing instead of 1.0" in " ".join(refused.stderr.split()), refused.stderr
    assert not classroom.workspace.results_root.exists(), "nobody loses a point by what the grader lacks"
    (classroom.root / "reference" / "requirements.lock").unlink()

    built = command("build")
    assert built.returncode == 0, built.stderr
    assert built.stdout.splitlines() == ["course-base 2.5 installed", "course-scaling 1.0 installed"]
    assert "course_scaling" in command("packages").stdout

    graded = command(*grade)
    assert graded.returncode == 0, graded.stderr
    ada, eve = (Result.from_json(classroom.workspace.result(name, "mini").read_bytes()) for name in ("ada", "eve"))
    assert look.lost(ada) == set(), look.told(ada)
    assert ada.provenance and ada.provenance.versions["course-scaling"] == "1.0"
    hints = " ".join(check.hint or "" for task in eve.tasks for check in task.checks)
    assert "The grader has no package `never_installed`; it has" in hints and "course_scaling" in hints

    # Another version of it: what was graded with the first one has to be run again.
    make_wheel(tmp_path / "wheels", "course-scaling", "1.1", code=CODE)
    assert command("build", "--upgrade").returncode == 0
    again = command(*grade)
    assert again.returncode == 0, again.stderr
    newer = Result.from_json(classroom.workspace.result("ada", "mini").read_bytes())
    assert newer.provenance and newer.provenance.versions["course-scaling"] == "1.1"
    assert newer.provenance.execution_fingerprint != ada.provenance.execution_fingerprint
