"""Students' numbers: from the release's ranges and the course's secret; with another secret nothing is drawn."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from autograder.errors import CourseError
from autograder.notebook import Family, secret_fingerprint
from autograder.pipeline.release.release import serialize, stamp
from autograder.pipeline.session.student_numbers import draws_of_version, open_draws
from autograder.testing import ASSIGNMENT, make_course
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.variant_secret import create_secret, read_secret, variants_secret
from tests.notebook.test_sizes import cell

RANGES: dict[str, tuple[int, ...]] = {"UNITS": (8, 10, 12), "EPOCHS": (3, 4, 5, 6)}
CLASS = tuple(f"s{number}" for number in range(30))


def with_variants(folder: Path) -> Workspace:
    """Return the small course with a sizes cell, a class, a secret, and a release in which numbers are drawn."""
    workspace = make_course(folder)
    create_secret(workspace)
    course = folder / "course.yml"
    course.write_text(course.read_text() + "    variants: {draw: {UNITS: [8, 10, 12], EPOCHS: [3, 4, 5, 6]}}\n"
                                           f"students: [{', '.join(CLASS)}]\n")
    released = json.loads(workspace.release(ASSIGNMENT).read_bytes())
    released["cells"].insert(0, cell("sizes", "UNITS = 10\nEPOCHS = 5", sizes=True))
    family = Family(draw=RANGES, secret=secret_fingerprint(read_secret(workspace)))
    made = stamp(released, ASSIGNMENT, family)
    workspace.release(ASSIGNMENT).write_bytes(serialize(made))
    archived = workspace.archived_release(ASSIGNMENT, made["metadata"]["autograder"]["release"])
    archived.parent.mkdir(parents=True, exist_ok=True)
    archived.write_bytes(serialize(made))
    return open_workspace(folder)


def released(workspace: Workspace) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(workspace.release(ASSIGNMENT).read_bytes())
    return loaded


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return with_variants(tmp_path)


def test_numbers_are_in_the_ranges_and_codes_find_their_students(workspace: Workspace) -> None:
    draws = open_draws(workspace, ASSIGNMENT, released(workspace))
    assert draws is not None and set(draws.everyone) == set(CLASS)
    assert all(own[name] in numbers for own in draws.everyone.values() for name, numbers in RANGES.items())
    assert draws.with_code(draws.code("s7")) == "s7" and draws.with_code("AAAA-AAAA") is None
    own = draws.of("s7")
    assert "s7" in draws.with_numbers(own) and all(draws.of(student) == own for student in draws.with_numbers(own))
    assert set(draws.with_numbers({"UNITS": own["UNITS"]})) >= set(draws.with_numbers(own))


def test_without_variants_no_secret_is_needed(tmp_path: Path) -> None:
    workspace = make_course(tmp_path)
    assert open_draws(workspace, ASSIGNMENT, released(workspace)) is None


def test_another_or_no_secret_draws_nothing(workspace: Workspace) -> None:
    path = variants_secret(workspace)
    version = released(workspace)["metadata"]["autograder"]["release"]
    path.write_text("0" * 64)
    for call in (lambda: open_draws(workspace, ASSIGNMENT, released(workspace)),
                 lambda: draws_of_version(workspace, ASSIGNMENT, version)):
        with pytest.raises(CourseError, match="put the right file back"):
            call()
    path.unlink()
    with pytest.raises(CourseError, match="autograder variants init"):
        open_draws(workspace, ASSIGNMENT, released(workspace))


def test_each_version_keeps_its_ranges(workspace: Workspace) -> None:
    before = released(workspace)
    version = before["metadata"]["autograder"]["release"]
    family = Family(draw={"UNITS": (100, 200)}, secret=before["metadata"]["autograder"]["variants"]["secret"])
    newer = stamp(before, ASSIGNMENT, family)
    assert newer["metadata"]["autograder"]["release"] != version
    workspace.release(ASSIGNMENT).write_bytes(serialize(newer))
    old, new = draws_of_version(workspace, ASSIGNMENT, version), draws_of_version(workspace, ASSIGNMENT, "unknown")
    assert old is not None and old.of("s1")["UNITS"] in RANGES["UNITS"]
    assert new is not None and new.of("s1")["UNITS"] in (100, 200)
