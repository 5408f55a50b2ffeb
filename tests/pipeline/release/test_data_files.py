"""The data files of a release: made from the data set without withheld rows, and not demanded where it is absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.errors import ReleaseError
from autograder.pipeline.release.data_files import is_unknown_data, missing_data_note, released_data
from autograder.workspace.layout import Workspace, open_workspace
from tests.support.data_courses import ASSIGNMENT, REGRESSION, TABLE, churn_table


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)  # it would be the data folder of every course
    TABLE.write(tmp_path)
    (tmp_path / "datasets" / "churn.csv").write_text(churn_table(100))
    return open_workspace(tmp_path)


def test_students_get_the_rows_that_are_not_withheld(space: Workspace) -> None:
    files = released_data(space, ASSIGNMENT, ["helper.py"])
    assert sorted(files) == ["own-data-test.csv", "own-data-train.csv"]
    rows = [line for content in files.values() for line in content.decode().splitlines()[1:]]
    assert len(rows) == 85 and set(rows) < set(churn_table(100).splitlines())
    assert missing_data_note(space, ASSIGNMENT) == ()


def test_another_file_of_the_same_name_is_refused(space: Workspace) -> None:
    with pytest.raises(ReleaseError, match=r"assignments/task/own-data-test\.csv has the name that students' data"):
        released_data(space, ASSIGNMENT, ["own-data-test.csv"])


def test_without_the_data_its_files_are_neither_made_nor_demanded(space: Workspace) -> None:
    (space.root / "datasets" / "churn.csv").unlink()
    assert released_data(space, ASSIGNMENT, []) == {}
    [note] = missing_data_note(space, ASSIGNMENT)
    assert "own-data is not in the data folder" in note
    assert is_unknown_data(space, ASSIGNMENT, "own-data-test.csv")
    assert not is_unknown_data(space, ASSIGNMENT, "helper.py")


def test_what_students_load_themselves_is_not_released(tmp_path: Path) -> None:
    REGRESSION.write(tmp_path)
    space = open_workspace(tmp_path)
    assert released_data(space, ASSIGNMENT, []) == {} and missing_data_note(space, ASSIGNMENT) == ()
