"""`autograder build`: locking by the real pip, from wheels that are made here."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.pipeline.lock_packages import build
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.locked_packages import locked_packages
from tests.support.wheels import make_wheel, offline

HEAD = "id: course\ntitle: A course\nassignments: {}\n"


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "wheels"
    make_wheel(folder, "course-tools", "1.0", needs=("course-base>=2",))
    make_wheel(folder, "course-tools", "1.1", needs=("course-base>=2",))
    make_wheel(folder, "course-base", "2.5")
    make_wheel(folder, "wants-old-numpy", "1.0", needs=("numpy<2",))
    make_wheel(folder, "brings-tensorflow", "1.0", needs=("tensorflow",))
    make_wheel(folder, "tensorflow", "2.21.0")
    for name, value in offline(folder).items():
        monkeypatch.setenv(name, value)
    return folder


def course(folder: Path, *requirements: str) -> Workspace:
    folder.mkdir(exist_ok=True)
    for name in ("assignments", "reference"):
        (folder / name).mkdir(exist_ok=True)
    listed = "".join(f"  - {one}\n" for one in requirements)
    (folder / "course.yml").write_text(HEAD + (f"requirements:\n{listed}" if listed else ""))
    return open_workspace(folder)


@pytest.fixture
def installs(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What would be installed: this environment is shared with all other tests."""
    done: list[tuple[str, ...]] = []
    monkeypatch.setattr("autograder.pipeline.lock_packages._install", lambda lock: done.append(lock.lines))
    return done


@pytest.mark.usefixtures("wheels")
def test_versions_are_locked_once_and_then_kept(tmp_path: Path, installs: list[tuple[str, ...]]) -> None:
    workspace = course(tmp_path / "course", "course-tools<1.1")
    built = build(workspace)
    assert built.locked and dict(built.lock.pins) == {"course-tools": "1.0", "course-base": "2.5"}
    assert installs == [("course-base==2.5", "course-tools==1.0")]
    assert locked_packages(workspace) == built.lock
    make_wheel(tmp_path / "wheels", "course-base", "2.6")
    again = build(workspace)
    assert not again.locked and again.lock == built.lock, "a new version must not change grades by itself"
    assert build(workspace, upgrade=True).lock.pins["course-base"] == "2.6"


@pytest.mark.usefixtures("wheels", "installs")
def test_a_changed_list_is_not_used_until_it_is_locked_again(tmp_path: Path) -> None:
    build(course(tmp_path / "course", "course-tools<1.1"))
    changed = course(tmp_path / "course", "course-tools")
    with pytest.raises(CourseError, match=r"requirements\.lock, was made for another list: run `autograder build`"):
        locked_packages(changed)
    assert build(changed).lock.pins["course-tools"] == "1.1"
    nothing = course(tmp_path / "course")
    assert build(nothing).lock.pins == {} and not locked_packages(nothing).pins


def test_a_list_that_was_never_locked_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"reference/requirements\.lock, is missing: run `autograder build`"):
        locked_packages(course(tmp_path / "course", "course-tools"))


@pytest.mark.usefixtures("wheels")
@pytest.mark.parametrize("name, said", [
    ("no-such-package", "no-such-package (from versions: none)"),
    ("course-tools>=7", "course-tools>=7"),
    ("wants-old-numpy", "wants-old-numpy"),
    ("keras-autograder>=1", "it is the grader itself, which is there already"),
    ("brings-tensorflow", "they need tensorflow, which would overwrite files of tensorflow-cpu"),
])
def test_what_cannot_be_locked_is_one_sentence_and_nothing_is_written(
    tmp_path: Path, installs: list[tuple[str, ...]], name: str, said: str,
) -> None:
    workspace = course(tmp_path / "course", "course-base", f'"{name}"')
    with pytest.raises(CourseError) as refused:
        build(workspace)
    sentence = str(refused.value)
    assert said in sentence and "cannot be locked" in sentence and "\n" not in sentence
    if name != "brings-tensorflow":  # pip does not say by whom it is needed
        assert sentence.startswith(f"course.yml, line 6: {name} cannot be locked")
    assert not workspace.requirements_lock.exists() and installs == []
