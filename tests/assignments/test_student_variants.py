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
from autograder.pipeline.session.variant_files import load_variants
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent
from autograder.workspace.variant_secret import create_secret, variants_secret

ROOT = Path(__file__).resolve().parents[2]
TOO_LITTLE_TRAINING = ("one-epoch", "fit-on-test-set")
"""Wrong variants that only the minimum, or hardly more, keeps apart from right work."""
WEAK_AND_STRONG = f"{9145:064x}"
"""A secret that draws nearly the weakest numbers for the first solution, and the strongest for those variants."""
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
def test_first_networks_bound_separates_right_work_from_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A solution with weak numbers earns all points, and too little training with the strongest ones does not."""
    workspace = _course_of(tmp_path / "course", "first-network")
    _use_secret(workspace, WEAK_AND_STRONG)
    release_assignment(workspace, "first-network", prove=None)
    monkeypatch.setattr("autograder.pipeline.prove_variants.load_variants", lambda *arguments: tuple(
        variant for variant in load_variants(*arguments) if variant.name in TOO_LITTLE_TRAINING))
    rows = prove_variants(workspace, "first-network", RunOptions(workers=2, allow_stand_in=True), Silent(),
                          count=2, wrong=True)
    found = {row.name: row for row in rows}
    assert found["variant-01"].numbers == "BATCH_SIZE = 98, HIDDEN_UNITS = 16"
    assert {found[f"wrong-{name}"].numbers for name in TOO_LITTLE_TRAINING} == {"BATCH_SIZE = 84, HIDDEN_UNITS = 20"}
    assert len(rows) == 4 and all(row.as_declared for row in rows), rows
    assert all("model-accuracy" in found[f"wrong-{name}"].lost for name in TOO_LITTLE_TRAINING)


def _course_of(course: Path, name: str) -> Workspace:
    """Return a course of one assignment, with the commented block in use."""
    for folder in ("assignments", "reference", "tests/hidden", "release"):
        shutil.copytree(ROOT / folder / name, course / folder / name)
    (course / "course.yml").write_text(_only(course_with_variants(), name), encoding="utf-8")
    return open_workspace(course)


def _use_secret(workspace: Workspace, secret: str) -> None:
    """Let numbers be drawn with a fixed secret."""
    create_secret(workspace)
    variants_secret(workspace).write_text(secret)


def _only(text: str, name: str) -> str:
    """Return a course file with one of its assignments, without graders, whose profiles others have."""
    head, rest = text.split("assignments:\n", 1)
    blocks = re.split(r"(?m)^  (?=[a-z])", rest.split("\ncollect:", 1)[0])
    kept = next(block for block in blocks if block.startswith(f"{name}:"))
    return re.sub(r"(?ms)^graders:\n.*?(?=^\S)", "", head) + "assignments:\n  " + kept
