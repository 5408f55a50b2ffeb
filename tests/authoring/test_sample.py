"""The sample course of `autograder demo`: the first assignment of this repository, with its settings."""

from __future__ import annotations

from pathlib import Path

from autograder.authoring.sample_course import ASSIGNMENT, write_sample
from autograder.workspace.layout import open_workspace

ROOT = Path(__file__).resolve().parents[2]


def test_it_has_the_settings_of_this_repository(tmp_path: Path) -> None:
    folder = write_sample(tmp_path / "demo" / "course")
    sample, own = (open_workspace(root).course.assignment(ASSIGNMENT) for root in (folder, ROOT))
    # A sentence for students, and limits of a recipe that the demo does not run.
    left_out = {"ai_rule", "full_limits"}
    assert sample.model_dump(exclude=left_out) == own.model_dump(exclude=left_out)


def test_a_second_demo_takes_the_first_one_s_course(tmp_path: Path) -> None:
    folder = write_sample(tmp_path / "course")
    (folder / "course.yml").write_text((folder / "course.yml").read_text() + "# mine\n")
    assert (write_sample(folder) / "course.yml").read_text().endswith("# mine\n")
