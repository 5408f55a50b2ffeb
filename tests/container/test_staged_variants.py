"""The judge's container gets what it draws students' numbers with, and of the class list only the ids."""

from __future__ import annotations

from pathlib import Path

from autograder.pipeline.containers.stage import stage_course
from autograder.pipeline.session.student_numbers import open_draws
from autograder.testing import ASSIGNMENT, make_course
from autograder.workspace.layout import open_workspace
from autograder.workspace.variant_secret import variants_secret
from tests.pipeline.session.test_student_numbers import released, with_variants

PEOPLE = "id,name,email\ns1,Ada Lovelace,ada@uni.example\ns2,Bob,bob@uni.example\n"


def test_the_judge_draws_the_same_numbers_and_knows_no_names(tmp_path: Path) -> None:
    course = tmp_path / "course"
    course.mkdir()
    workspace = with_variants(course)
    yml = course / "course.yml"
    yml.write_text("\n".join(line for line in yml.read_text().splitlines() if not line.startswith("students")))
    (course / "students.csv").write_text(PEOPLE)
    workspace = open_workspace(course)
    here = open_draws(workspace, ASSIGNMENT, released(workspace))
    with stage_course(workspace, ASSIGNMENT, ()) as stage:
        assert (stage.course / variants_secret(workspace).name).stat().st_mode & 0o777 == 0o600
        assert (stage.course / "students.csv").read_text() == "id\ns1\ns2\n"
        staged = open_workspace(stage.course, stage.output)
        there = open_draws(staged, ASSIGNMENT, released(staged))
        assert here is not None and there is not None and there.everyone == here.everyone != {}


def test_without_a_secret_nothing_about_the_class_travels(tmp_path: Path) -> None:
    workspace = make_course(tmp_path)
    (tmp_path / "students.csv").write_text(PEOPLE)
    with stage_course(open_workspace(workspace.root), ASSIGNMENT, ()) as stage:
        assert not (stage.course / "students.csv").exists()
        assert not (stage.course / variants_secret(workspace).name).exists()
