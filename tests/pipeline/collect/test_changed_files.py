"""Released files that come back changed are reported to staff."""

from __future__ import annotations

from pathlib import Path

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
