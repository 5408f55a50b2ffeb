"""Sentences for cells that stopped at a file or at the network."""

from __future__ import annotations

import pytest

from autograder.checks.missing_files import file_trouble

START = "A cell of this step stopped with "


@pytest.mark.parametrize("error, named", [
    ("FileNotFoundError: [Errno 2] No such file or directory: 'data/rows.csv'", "data/rows.csv"),
    ("FileNotFoundError: [Errno 2] No such file or directory: '/content/drive/MyDrive/x.npz'",
     "/content/drive/MyDrive/x.npz"),
    ("ValueError: File not found: filepath=best.keras. Please ensure the file is an accessible `.keras` zip file.",
     "best.keras"),
    ("FileNotFoundError: [Errno 2] Unable to synchronously open file (unable to open file: name = 'w.h5', errno = 2)",
     "w.h5"),
    ("NotFoundError: logs/texts.txt; No such file or directory", "logs/texts.txt"),
    ("FileNotFoundError: pictures/cat.png not found.", "pictures/cat.png"),
])
def test_a_file_that_is_not_there_is_named_with_those_that_are(error: str, named: str) -> None:
    sentence = file_trouble(START + error, ("churn.csv", "helper.py"))
    assert sentence == (f"The file `{named}` is not there when notebooks are graded: next to the notebook are "
                        "`churn.csv`, `helper.py`.")
    assert "has no files next to its notebook" in str(file_trouble(START + error))


def test_only_some_of_many_files_are_listed() -> None:
    sentence = file_trouble("FileNotFoundError: [Errno 2] No such file or directory: 'x'", [f"f{n}" for n in range(30)])
    assert sentence is not None and sentence.endswith("`f7` and 22 more.")


@pytest.mark.parametrize("error", [
    "OSError: [Errno 30] Read-only file system: 'churn.csv'",
    "PermissionError: [Errno 13] Permission denied: 'churn.csv'"])
def test_a_file_that_can_only_be_read_is_named(error: str) -> None:
    assert str(file_trouble(START + error)).startswith("`churn.csv` can only be read when notebooks are graded")


@pytest.mark.parametrize("error", [
    "Exception: URL fetch failure on https://example.org/w.h5: None -- [Errno -3] Temporary failure in name resolution",
    "URLError: <urlopen error [Errno -3] Temporary failure in name resolution>",
    "ConnectionError: HTTPSConnectionPool(host='example.org', port=443): Max retries exceeded with url: /x",
    "OSError: [Errno 101] Network is unreachable"])
def test_the_network_is_explained(error: str) -> None:
    assert str(file_trouble(START + error, ("w.h5",))).startswith("Notebooks are graded without internet")


@pytest.mark.parametrize("note", [None, "", "ValueError: shapes (3,) and (4,) not aligned", "KeyError: 'rows.csv'",
                                  "NameError: name 'x' is not defined"])
def test_other_errors_are_left_to_others(note: str | None) -> None:
    assert file_trouble(note, ("a",)) is None
