"""The blocks `variants:` that course.yml has as comments: they fit the notebooks and, in first-network, the bounds."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from autograder.course import Course, parse
from autograder.model import Reference
from autograder.notebook import check_ranges
from autograder.pipeline.prove_variants import prove_variants
from autograder.pipeline.release.release import release_assignment
from autograder.pipeline.session.calibration import explain_missing_variants
from autograder.pipeline.session.options import RunOptions
from autograder.workspace.layout import open_workspace
from autograder.workspace.progress import Silent
from autograder.workspace.variant_secret import create_secret

ROOT = Path(__file__).resolve().parents[2]
READY = ("first-network", "mlp-digits", "conv-digits")
_COMMENT = re.compile(r"^    # (variants:|  draw: )", re.MULTILINE)


def course_with_variants() -> str:
    """Return the course's own file with its commented blocks in use."""
    return _COMMENT.sub(r"    \1", (ROOT / "course.yml").read_text(encoding="utf-8"))


def parsed(text: str) -> Course:
    return parse(text, folders=[path.name for path in (ROOT / "assignments").iterdir()])


@pytest.mark.parametrize("name", READY)
def test_a_block_fits_its_notebook_and_is_off(name: str) -> None:
    rule = parsed(course_with_variants()).assignment(name).variants
    assert rule is not None and len(rule.draw) >= 2
    check_ranges(json.loads((ROOT / "assignments" / name / f"{name}.ipynb").read_bytes()), rule.draw, name)
    assert parsed((ROOT / "course.yml").read_text(encoding="utf-8")).assignment(name).variants is None


def test_first_network_is_calibrated_for_all_its_variants() -> None:
    rule = parsed(course_with_variants()).assignment("first-network").variants
    reference = Reference.from_json((ROOT / "reference/first-network/reference.json").read_bytes())
    assert rule is not None and reference.calibrations
    for calibration in reference.calibrations.values():
        assert explain_missing_variants("first-network", calibration, rule.draw) is None
        assert calibration.family is not None
        for corner in calibration.family.corners:
            bound = calibration.family.metrics["fit/model"].minimum
            assert bound is not None and min(corner.metrics["fit/model"].values) > bound


@pytest.mark.slow
@pytest.mark.rotates(part=4)
def test_drawn_solutions_of_first_network_earn_all_points(tmp_path: Path) -> None:
    course = tmp_path / "course"
    for folder in ("assignments", "reference", "tests/hidden", "release"):
        for name in READY[:1]:
            shutil.copytree(ROOT / folder / name, course / folder / name)
    text = course_with_variants()
    (course / "course.yml").write_text(_only(text, "first-network"), encoding="utf-8")
    workspace = open_workspace(course)
    create_secret(workspace)
    release_assignment(workspace, "first-network", prove=None)
    rows = prove_variants(workspace, "first-network", RunOptions(workers=2, allow_stand_in=True), Silent(),
                          count=2, wrong=False)
    assert len(rows) == 2 and all(row.as_declared for row in rows), rows


def _only(text: str, name: str) -> str:
    """Return a course file with one of its assignments, without graders, whose profiles others have."""
    head, rest = text.split("assignments:\n", 1)
    blocks = re.split(r"(?m)^  (?=[a-z])", rest.split("\ncollect:", 1)[0])
    kept = next(block for block in blocks if block.startswith(f"{name}:"))
    return re.sub(r"(?ms)^graders:\n.*?(?=^\S)", "", head) + "assignments:\n  " + kept
