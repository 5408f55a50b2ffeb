"""What a notebook finds next to it: released files, and the files of its data set."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.course import DatasetSettings
from autograder.data import Places, prepare, prepare_own
from autograder.data.declared_sets import Declared
from autograder.errors import ReleaseError
from autograder.pipeline.session import student_files as module
from autograder.pipeline.session.student_files import student_files
from tests.support.data_courses import churn_table


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    for name in ("task.ipynb", "helper.py", "pictures/one.png", ".hidden", "__pycache__/helper.pyc", "table.csv"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (folder / "link").symlink_to("/etc/passwd")
    return folder


def test_released_files_are_shown_by_name_and_nothing_else_is(release: Path, tmp_path: Path) -> None:
    found = student_files(release, "task", prepare_own("f", tmp_path / "cache"))
    assert found.names == {"helper.py": "/released/helper.py", "table.csv": "/released/table.csv",
                           "pictures": "/released/pictures"}
    assert {mount.target: mount.source for mount in found.mounts} == {
        place: release / name for name, place in found.names.items()}
    assert not found.answers


def test_files_of_the_data_set_are_those_in_use(release: Path, tmp_path: Path) -> None:
    (tmp_path / "churn.csv").write_text(churn_table(40))
    places = Places(course=tmp_path, folders=(tmp_path,), cache=tmp_path / "cache")
    one = Declared(name="table", settings=DatasetSettings(csv="churn.csv", label="churned"))
    prepared = prepare(one.read(places), places.cache)
    found = student_files(release, "task", prepared)
    assert found.names["table.csv"] == "/data/table.csv" and found.names["helper.py"] == "/released/helper.py"
    sources = {mount.target: mount.source for mount in found.mounts}
    assert sources["/data/table.csv"] == prepared.student / "table.csv"
    prices = Declared(name="table", settings=DatasetSettings(keras="boston_housing")).stand_in(places)
    assert student_files(release, "task", prepare(prices, places.cache)).answers == {
        "boston_housing": "/data/boston_housing"}


def test_too_many_files_are_refused(release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILES", 2)
    with pytest.raises(ReleaseError, match="at most 2 files of 1024 MiB next to the notebook, but has 3"):
        student_files(release, "task", prepare_own("f", tmp_path / "cache"))
