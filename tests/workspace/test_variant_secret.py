"""The secret of variants: made once, readable by the staff only, out of the repository, and missed when it is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.testing import make_course
from autograder.workspace.layout import Workspace
from autograder.workspace.variant_secret import create_secret, read_secret, student_copy


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return make_course(tmp_path)


def test_a_secret_is_made_once_for_its_owner_only(workspace: Workspace) -> None:
    path = create_secret(workspace)
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(read_secret(workspace)) == 64 and read_secret(workspace) == path.read_text()
    with pytest.raises(CourseError, match="exists already"):
        create_secret(workspace)


def test_it_stays_out_of_the_repository(workspace: Workspace) -> None:
    ignored = workspace.root / ".gitignore"
    ignored.write_text("/results/\n/variants/\n")
    create_secret(workspace)
    assert ignored.read_text() == "/results/\n/variants/\n/.variants-secret\n"


@pytest.mark.parametrize(("text", "mode", "said"), [
    (None, 0, "run `autograder variants init`"),
    ("5e", 0o600, "64 hexadecimal digits"),
    ("xy" * 32, 0o600, "64 hexadecimal digits"),
    ("5é" * 32, 0o600, "64 hexadecimal digits"),
    ("5e" * 32, 0o604, "for the staff of the course only"),
])
def test_a_missing_damaged_or_public_secret_is_refused(
    workspace: Workspace, text: str | None, mode: int, said: str,
) -> None:
    path = workspace.root / ".variants-secret"
    if text is not None:
        path.write_text(text)
        path.chmod(mode)
    with pytest.raises(CourseError, match=said):
        read_secret(workspace)


def test_a_copy_is_in_the_students_own_folder(workspace: Workspace) -> None:
    assert student_copy(workspace, "ada", "net").relative_to(workspace.output) == Path("variants/net/ada/net.ipynb")
    with pytest.raises(CourseError, match="student id"):
        student_copy(workspace, "../ada", "net")
