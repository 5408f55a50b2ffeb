"""What the machine offers, and the choice that follows from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.model import Isolation
from autograder.sandbox.isolation import features, readable_paths


def test_survey_names_every_feature_and_how_to_fix_it() -> None:
    found = features.survey()
    assert [feature.name for feature in found] == [
        "namespaces", "landlock", "landlock-scopes", "seccomp", "own-user", "cgroups"]
    assert all(feature.detail and (feature.available or feature.fix) for feature in found)


@pytest.mark.parametrize("available, best", [
    ({"namespaces", "landlock", "landlock-scopes", "seccomp"}, Isolation.FULL),
    ({"namespaces", "seccomp", "own-user"}, Isolation.NAMESPACES),
    ({"landlock", "landlock-scopes", "seccomp"}, Isolation.RESTRICTED),
    ({"landlock", "own-user", "seccomp"}, Isolation.RESTRICTED),
    ({"landlock", "seccomp"}, None),
    ({"namespaces", "landlock", "landlock-scopes", "own-user"}, None),
    (set(), None),
])
def test_best_isolation_follows_from_the_parts(
    monkeypatch: pytest.MonkeyPatch, available: set[str], best: Isolation | None,
) -> None:
    names = [feature.name for feature in features.survey()]
    monkeypatch.setattr(features, "survey", lambda: tuple(
        features.Feature(name, name in available, "") for name in names))
    assert features.best_isolation() is best


def test_survey_loads_no_library_of_students() -> None:
    code = ("import sys; from autograder.sandbox.isolation import features; features.survey(); "
            "print([m for m in ('tensorflow', 'keras', 'numpy') if m in sys.modules])")
    root = str(readable_paths.package_root())
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


def test_no_readable_path_lies_below_another() -> None:
    paths = [Path(path) for path in readable_paths.readable()]
    assert not [(a, b) for a in paths for b in paths if a in b.parents]


def test_course_folders_are_not_readable() -> None:
    root = readable_paths.package_root()
    paths = [Path(path) for path in readable_paths.readable()]
    for name in ("tests", "reference", "assignments", "release", "course.yml"):
        assert not any(path == root / name or path in (root / name).parents for path in paths)


def test_scratch_hides_no_readable_path() -> None:
    first, second = readable_paths.SCRATCH
    assert readable_paths.scratch_inside(["/usr", "/opt/venv"]) == first
    assert readable_paths.scratch_inside(["/usr", f"{first}/venv"]) == second
