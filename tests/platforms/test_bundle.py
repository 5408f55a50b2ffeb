"""What travels to another platform: nothing of an assignment whose students have variants."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.platforms.bundle import course_files
from autograder.testing import ASSIGNMENT, make_course
from tests.pipeline.session.test_student_numbers import with_variants


def test_an_assignment_with_variants_is_not_exported(tmp_path: Path) -> None:
    plain = make_course(tmp_path / "plain")
    assert ".variants-secret" not in course_files(plain, ASSIGNMENT)
    with pytest.raises(CourseError, match="the secret that they are drawn with stays here"):
        course_files(with_variants(tmp_path / "variants"), ASSIGNMENT)
