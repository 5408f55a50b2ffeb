"""A release is refused before any run where the text of a hidden check shows that it cannot work."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder.errors import ReleaseError
from autograder.pipeline.release.release import make
from autograder.workspace.layout import Workspace, open_workspace

SAMPLE = Path(__file__).resolve().parents[2] / "samples" / "release"


@pytest.fixture
def course(tmp_path: Path) -> Workspace:
    """The sample course, whose hidden checks are collected for real."""
    shutil.copytree(SAMPLE, tmp_path / "course")
    return open_workspace(tmp_path / "course")


def first_file(course: Workspace) -> Path:
    return sorted(course.hidden("tiny").rglob("test_*.py"))[0]


def test_unknown_assertions_are_refused_with_file_and_line(course: Workspace) -> None:
    make(course, "tiny")
    path = first_file(course)
    text = path.read_text(encoding="utf-8")
    line = len(text.splitlines()) + 6
    path.write_text(text + '\n\n@pytest.mark.task("total", points=0, basis="measured")\ndef test_more(student):\n'
                    '    """More."""\n    student.array("total").has_shap(3)\n', encoding="utf-8")
    with pytest.raises(ReleaseError) as caught:
        make(course, "tiny")
    assert f"tests/hidden/tiny/{path.name}, line {line}: ArraySubject has no 'has_shap'" in str(caught.value)


def test_a_mistake_in_a_constant_of_the_file_has_its_line_too(course: Workspace) -> None:
    path = first_file(course)
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}\n\nfrom autograder.checks import layer\n\nHIDDEN = layer("Denze", units=3)\n',
                    encoding="utf-8")
    with pytest.raises(Exception, match=r"line \d+.*did you mean 'Dense'"):
        make(course, "tiny")


