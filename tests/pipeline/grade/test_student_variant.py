"""Whose variant a submission was made from, by what its file says; its numbers are drawn, not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.model import Merged
from autograder.notebook import Claimed, merge, personal_copy, read_sizes
from autograder.pipeline.grade.student_variant import NOT_YOURS, give_numbers, whose_numbers
from autograder.pipeline.session.student_numbers import Draws, open_draws
from autograder.testing import ASSIGNMENT, make_course
from autograder.workspace.layout import Workspace
from tests.pipeline.session.test_student_numbers import CLASS, RANGES, released, with_variants


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return with_variants(tmp_path)


@pytest.fixture
def draws(workspace: Workspace) -> Draws:
    found = open_draws(workspace, ASSIGNMENT, released(workspace))
    assert found is not None
    return found


def given(workspace: Workspace, claimed: Claimed, student: str = "s1") -> Merged:
    base = released(workspace)
    return give_numbers(workspace, ASSIGNMENT, student, merge(base, base), claimed)


def test_the_students_own_numbers_are_put_in(workspace: Workspace, draws: Draws) -> None:
    for student in CLASS[:5]:
        own = draws.of(student)
        merged = given(workspace, Claimed(numbers=own, code=draws.code(student)), student)
        assert read_sizes(merged.notebook) == own == merged.drawn
        assert (merged.held, merged.staff_flags, merged.notes) == (False, (), ())


def test_a_file_without_any_word_of_its_variant_is_graded_as_usual(workspace: Workspace, draws: Draws) -> None:
    merged = given(workspace, Claimed())
    assert merged.drawn == draws.of("s1") and not merged.held and merged.staff_flags == ()


def test_anothers_file_is_held_and_named_for_staff_only(workspace: Workspace, draws: Draws) -> None:
    merged = given(workspace, Claimed(numbers=draws.of("s9"), code=draws.code("s9")))
    assert merged.held and merged.drawn == draws.of("s1")
    assert merged.staff_flags == (f"This notebook was made from the variant of s9 (code {draws.code('s9')}).",)
    assert merged.notes == (NOT_YOURS,)


def test_a_code_of_nobody_is_held_too(workspace: Workspace, draws: Draws) -> None:
    merged = given(workspace, Claimed(numbers=draws.of("s1"), code="AAAA-AAAA"))
    assert merged.held and "of nobody in the class list" in merged.staff_flags[0]


def test_anothers_numbers_without_a_code(workspace: Workspace, draws: Draws) -> None:
    other = next(student for student in CLASS if draws.of(student) != draws.of("s1"))
    merged = given(workspace, Claimed(numbers=draws.of(other)))
    assert merged.held and "this student's are" in merged.staff_flags[0] and other in merged.staff_flags[0]


def test_edited_numbers_that_nobody_has_are_flagged_only(workspace: Workspace) -> None:
    merged = given(workspace, Claimed(numbers={"UNITS": 1, "EPOCHS": 1}))
    assert not merged.held and "Nobody in the class list has these." in merged.staff_flags[0] and merged.notes == ()


def test_a_release_without_variants_cannot_be_chosen(workspace: Workspace) -> None:
    """The version is what the upload says: work with everybody's numbers is held while students have variants."""
    older = make_course(workspace.root / "older")
    base = released(older)
    version = base["metadata"]["autograder"]["release"]
    workspace.archived_release(ASSIGNMENT, version).write_bytes(older.release(ASSIGNMENT).read_bytes())
    merged = give_numbers(workspace, ASSIGNMENT, "s1", merge(base, base), Claimed())
    assert merged.held and not merged.drawn and f"names the release {version}" in merged.staff_flags[0]
    assert merged.notes == (NOT_YOURS,)


def test_many_students_with_the_same_numbers_are_counted() -> None:
    assert whose_numbers(["a", "b", "c", "d", "e"]) == "They are those of the variant of a, b, c and 2 more."


def test_a_course_without_variants_is_untouched(tmp_path: Path) -> None:
    workspace = make_course(tmp_path / "other")
    base = released(workspace)
    merged = merge(base, base)
    assert give_numbers(workspace, ASSIGNMENT, "ada", merged, Claimed()) is merged
    assert RANGES and personal_copy(base, {}, "AAAA-AAAA")["cells"] == base["cells"]
