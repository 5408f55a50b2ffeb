"""Each student's copy of a release, and the list for staff."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.notebook import read_sizes
from autograder.pipeline.release.student_copies import columns, find_family, list_variants, write_student_copies
from autograder.testing import ASSIGNMENT, make_course
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.variant_secret import student_copy, variants_secret
from tests.pipeline.session.test_student_numbers import CLASS, RANGES, released, with_variants


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return with_variants(tmp_path)


def test_everybody_gets_a_copy_with_the_listed_numbers(workspace: Workspace) -> None:
    paths = write_student_copies(workspace, ASSIGNMENT)
    listed = {one.student: one for one in list_variants(workspace, ASSIGNMENT)}
    assert paths == [student_copy(workspace, student, ASSIGNMENT) for student in CLASS]
    base = released(workspace)
    for student, path in zip(CLASS, paths, strict=True):
        copy = json.loads(path.read_bytes())
        assert read_sizes(copy) == listed[student].numbers
        assert copy["metadata"]["autograder"].pop("variant") == listed[student].code
        assert copy["metadata"] == base["metadata"] and copy["cells"][1:] == base["cells"][1:]
    before = paths[0].read_bytes()
    write_student_copies(workspace, ASSIGNMENT)
    assert paths[0].read_bytes() == before


def test_one_student_by_any_capitals(workspace: Workspace) -> None:
    assert write_student_copies(workspace, ASSIGNMENT, ["S3"]) == [student_copy(workspace, "s3", ASSIGNMENT)]
    with pytest.raises(CourseError, match="not in the class list"):
        write_student_copies(workspace, ASSIGNMENT, ["nobody"])


def test_the_list_is_a_table(workspace: Workspace) -> None:
    rows = list(columns(list_variants(workspace, ASSIGNMENT)))
    assert rows[0] == ["student", "code", *sorted(RANGES)] and [row[0] for row in rows[1:]] == list(CLASS)


def test_a_new_release_keeps_the_fingerprint_where_the_secret_is_elsewhere(workspace: Workspace) -> None:
    with_secret = find_family(workspace, ASSIGNMENT)
    variants_secret(workspace).unlink()
    assert find_family(workspace, ASSIGNMENT) == with_secret
    workspace.release(ASSIGNMENT).unlink()
    with pytest.raises(CourseError, match="autograder variants init"):
        find_family(workspace, ASSIGNMENT)


def test_a_course_without_variants_has_no_copies(tmp_path: Path) -> None:
    workspace = make_course(tmp_path)
    assert find_family(workspace, ASSIGNMENT) is None
    with pytest.raises(CourseError, match=r"write `variants:` into course\.yml"):
        list_variants(workspace, ASSIGNMENT)


def test_without_a_class_list_students_have_to_be_named(workspace: Workspace) -> None:
    course = workspace.root / "course.yml"
    course.write_text("\n".join(line for line in course.read_text().splitlines() if not line.startswith("students")))
    anyone = open_workspace(workspace.root)
    with pytest.raises(CourseError, match="nobody is in the class list"):
        list_variants(anyone, ASSIGNMENT)
    assert [one.student for one in list_variants(anyone, ASSIGNMENT, ["s3"])] == ["s3"]
