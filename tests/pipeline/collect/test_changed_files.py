"""Released files that come back changed are reported to staff."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.pipeline.collect import changed_files
from autograder.pipeline.collect.changed_files import ChangedFiles
from autograder.pipeline.collect.entries import Entry
from autograder.testing.small_course import ASSIGNMENT, make_course


def entry(*parts: str, content: bytes = b"", outer: tuple[str, ...] | None = None) -> Entry:
    return Entry(parts=parts, stamp=None, outer=outer, load=lambda limit=None: content[:limit])


def test_changed_copies_are_named_and_equal_ones_are_not(tmp_path: Path) -> None:
    space = make_course(tmp_path)
    folder = space.release(ASSIGNMENT).parent
    (folder / "pictures").mkdir()
    (folder / "data.csv").write_bytes(b"a,b\n1,2\n")
    (folder / "pictures" / "one.png").write_bytes(b"pixels")
    notebook = entry("ada", f"{ASSIGNMENT}.ipynb")
    others = [entry("ada", "data.csv", content=b"a,b\n1,3\n"), entry("ada", "pictures", "one.png", content=b"pixels"),
              entry("bob", f"{ASSIGNMENT}.ipynb"), entry("bob", "data.csv", content=b"a,b\n1,2\n")]
    found = ChangedFiles(space, [notebook, *others])
    assert found.sentences(ASSIGNMENT, notebook) == (
        "The upload has changed copies of released files (data.csv); the released ones are used.",)
    assert found.sentences(ASSIGNMENT, others[2]) == ()


def test_files_next_to_the_notebooks_of_a_whole_class_are_nobodys(tmp_path: Path) -> None:
    space = make_course(tmp_path)
    (space.release(ASSIGNMENT).parent / "data.csv").write_bytes(b"a\n")
    flat = [entry("ada.ipynb"), entry("data.csv", content=b"b\n")]
    assert ChangedFiles(space, flat).sentences(ASSIGNMENT, flat[0]) == ()
    zipped = [entry("work.ipynb", outer=("ada.zip",)), entry("data.csv", content=b"b\n", outer=("ada.zip",))]
    assert len(ChangedFiles(space, zipped).sentences(ASSIGNMENT, zipped[0])) == 1


def test_an_archive_of_many_copies_is_read_to_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Copies do not count towards what a student's notebooks may unpack to, and thousands fit into one archive."""
    monkeypatch.setattr(changed_files, "MOST_BYTES", 1000)
    monkeypatch.setattr(changed_files, "MOST_OF_STUDENT", 5000)
    space = make_course(tmp_path)
    folder = space.release(ASSIGNMENT).parent
    (folder / "data.csv").write_bytes(bytes(1000))
    (folder / "large.csv").write_bytes(bytes(1001))
    read: list[int] = []

    def load(limit: int) -> bytes:
        read.append(limit)
        return b"x" * limit

    def copy(place: int, name: str) -> Entry:
        return Entry(parts=(str(place), name), stamp=None, outer=("ada.zip",), load=load)

    names = (f"{ASSIGNMENT}.ipynb", "data.csv", "large.csv")
    entries = [copy(place, name) for place in range(90) for name in names]
    found = ChangedFiles(space, entries)
    said = [found.sentences(ASSIGNMENT, notebook) for notebook in entries[::3]]
    assert read == [1000] * 5 and sum(map(len, said)) == 5
    found.restart()
    assert found.sentences(ASSIGNMENT, entries[0])
