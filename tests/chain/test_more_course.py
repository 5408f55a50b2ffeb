"""A second course, on other data than MNIST and made with the public commands, goes through the whole chain."""

from __future__ import annotations

import json
import runpy
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring.new_course import create_course
from autograder.checks import collect
from autograder.course import OWN
from autograder.data.data_set import STAND_IN
from autograder.model import Basis
from autograder.notebook.variants import Variant
from autograder.pipeline.release.hidden_checks import examine_checks
from autograder.pipeline.release.release import verify
from autograder.pipeline.session.course_files import data_files, load_reference
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.variant_files import load_variants
from autograder.workspace.layout import Workspace, open_workspace

ROOT = Path(__file__).resolve().parents[2]
COURSE = ROOT / "tests" / "samples" / "courses" / "more"
ASSIGNMENTS = sorted(path.name for path in (COURSE / "assignments").iterdir() if path.is_dir())
RIGHT, WRONG, CLAIMED = 5, 8, 0.3
each = pytest.mark.parametrize("assignment", ASSIGNMENTS)


@pytest.fixture(scope="module")
def space() -> Workspace:
    return open_workspace(COURSE)


def variants(space: Workspace, assignment: str, kind: Any) -> tuple[Variant, ...]:
    return load_variants(space, assignment, kind)


def test_the_course_is_one_that_the_command_makes(tmp_path: Path, space: Workspace) -> None:
    """Nothing of it is written by hand but `course.yml`, its data and what an instructor fills in."""
    create_course(tmp_path, "more", title="More neural networks with Keras")
    made = {path.relative_to(tmp_path / "more") for path in (tmp_path / "more").rglob("*") if path.is_file()}
    version = Path("requirements.txt")  # names the version with which the course was made
    for name in sorted(made - {Path("course.yml"), Path(".cache/new.lock"), version}):
        assert (COURSE / name).read_bytes() == (tmp_path / "more" / name).read_bytes(), name
    assert list(space.course.assignments) and set(space.course.assignments) == set(ASSIGNMENTS)


def test_its_table_is_what_its_program_makes(tmp_path: Path) -> None:
    program = shutil.copy(COURSE / "datasets" / "make_churn.py", tmp_path)
    runpy.run_path(str(program), run_name="__main__")
    assert (tmp_path / "churn.csv").read_bytes() == (COURSE / "datasets" / "churn.csv").read_bytes()


@each
def test_hidden_checks_are_read_without_a_mistake(space: Workspace, assignment: str) -> None:
    specs = collect(space.hidden(assignment))
    examine_checks(space.hidden(assignment), read_source(space.source(assignment)), specs,
                   space.course.assignment(assignment))
    claimed = sum(spec.points for spec in specs if spec.basis is Basis.CLAIMED)
    assert claimed <= CLAIMED * sum(spec.points for spec in specs)


@each
def test_the_release_is_what_the_source_generates(space: Workspace, assignment: str) -> None:
    verify(space, assignment)
    text = space.release(assignment).read_text()
    assert "not yet calibrated" not in text and "{{" not in text


@each
def test_variants_are_many_and_catch_every_check(space: Workspace, assignment: str) -> None:
    right, wrong = (variants(space, assignment, kind) for kind in ("right", "wrong"))
    assert len(right) >= RIGHT and len(wrong) >= WRONG
    caught = {check for variant in wrong for check in variant.loses}
    assert caught == {spec.id for spec in collect(space.hidden(assignment))}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the course without what was run before."""
    return shutil.copytree(COURSE, tmp_path / "more", ignore=shutil.ignore_patterns(".cache", "__pycache__"))


def command(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "autograder", "--course", str(course), *arguments], cwd=ROOT,
                          text=True, capture_output=True, check=False)


def require_calibration(space: Workspace, assignment: str) -> None:
    """Skip where the proof would need a bound for data that is not here."""
    specs = collect(space.hidden(assignment))
    reference = load_reference(space.reference(assignment))
    name = space.course.assignment(assignment).data
    used = name if name == OWN or data_files(space, name) else STAND_IN
    if any(spec.minimum for spec in specs) and (reference is None or f"{used}/cpu" not in reference.calibrations):
        pytest.skip(f"{assignment} has no calibration for {used}: set AUTOGRADER_DATA to the folder with its data")


@pytest.mark.slow
@pytest.mark.rotates(parts=4)
@each
def test_it_is_released_with_proof_and_every_variant_has_the_points_that_it_declares(
    space: Workspace, copy: Path, assignment: str,
) -> None:
    require_calibration(space, assignment)
    released = copy / "release" / assignment
    before = {path.name: path.read_bytes() for path in released.iterdir()}
    run = command(copy, "release", assignment)
    assert run.returncode == 0 and "proved" in run.stderr, run.stderr
    assert {path.name: path.read_bytes() for path in released.iterdir()} == before
    run = command(copy, "audit", "--short", "--json", assignment)
    [matrix] = json.loads(run.stdout)
    assert run.returncode == 0 and matrix["clean"], matrix["deviations"]
    judged = {check["id"] for check in matrix["checks"]} - set(matrix["unjudged"])
    assert judged and judged <= {check for check, mistakes in matrix["catches"].items() if mistakes}
