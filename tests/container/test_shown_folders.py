"""Folders that a job shows travel as files, and are made again where it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.container.wire import WireError
from autograder.model import Mount
from autograder.pipeline.containers.shown_folders import divide_mounts, make_folders


def test_a_folder_is_the_same_after_its_journey(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    (tables / "more").mkdir(parents=True)
    (tables / "a.csv").write_text("1")
    (tables / "more" / "b.csv").write_text("2")
    image = tmp_path / "image.npy"
    image.write_bytes(b"raw")
    mounts = (Mount(source=image, target="/data/image.npy"), Mount(source=tables, target="/data/tables"))
    files, folders = divide_mounts(mounts)
    assert files == mounts[:1]
    assert folders == {"/data/tables": {"a.csv": tables / "a.csv", "more/b.csv": tables / "more" / "b.csv"}}
    named = {target: {name: str(path) for name, path in inside.items()} for target, inside in folders.items()}
    (made,) = make_folders(named, Path, tmp_path / "there")
    assert made.target == "/data/tables" and made.source != tables
    assert {path.relative_to(made.source).as_posix(): path.read_text() for path in made.source.rglob("*.csv")} == {
        "a.csv": "1", "more/b.csv": "2"}


@pytest.mark.parametrize("name", ["../x.csv", "more/../../x.csv", "/tmp/x.csv"])
def test_no_file_leaves_its_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("1")
    with pytest.raises(WireError, match="Expected a path inside a folder"):
        make_folders({"/data/t": {name: "digest"}}, lambda _: tmp_path / "file", tmp_path / "there")
    assert not (tmp_path / "x.csv").exists()
