"""`autograder data`: data sets of Keras come into the data folder from a file, an address, or Keras itself."""

from __future__ import annotations

import functools
import gzip
import struct
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.data import fetching
from autograder.data.keras_sets import read_keras_set
from autograder.data.keras_stand_ins import make_arrays
from autograder.errors import CourseError, DataError
from autograder.pipeline.fetch_data import fetch_data, list_data_sets
from autograder.workspace.layout import Workspace, open_workspace
from autograder.workspace.progress import Silent

COURSE = """id: c
title: C
data: datasets
datasets:
  prices: {keras: boston_housing}
  table: {csv: t.csv, label: a}
assignments:
  a: {title: A, data: prices}
"""


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.delenv("AUTOGRADER_DATA", raising=False)
    for name in ("assignments/a", "datasets"):
        (tmp_path / "course" / name).mkdir(parents=True)
    (tmp_path / "course" / "course.yml").write_text(COURSE)
    return open_workspace(tmp_path / "course")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A file of the form that `data fetch` writes."""
    path = tmp_path / "elsewhere" / "boston_housing.npz"
    path.parent.mkdir()
    np.savez(path, **make_arrays("boston_housing", tmp_path))  # type: ignore[arg-type]  # NumPy's stub takes names for options
    return path


@pytest.fixture
def address(copy: Path) -> Iterator[str]:
    """The address of a server on this machine that has the file."""
    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(copy.parent))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_copy_from_a_file_or_an_address_is_checked_and_taken(space: Workspace, copy: Path, address: str) -> None:
    assert [(one.name, one.here) for one in list_data_sets(space)] == [("prices", False), ("table", False)]
    for source in (str(copy), f"{address}/boston_housing.npz"):
        found = fetch_data(space, ["prices"], Silent(), source=source)
        assert found == {"prices": space.root / "datasets" / "boston_housing.npz"}
        assert read_keras_set("boston_housing", found["prices"]).test[1].shape == (102,)
    assert [path.name for path in (space.root / "datasets").iterdir()] == ["boston_housing.npz"]
    assert {one.name: one.here for one in list_data_sets(space)} == {"prices": True, "table": False}
    assert fetch_data(space, [], Silent()) == {}


@pytest.mark.parametrize("source", ["other.npz", "none.npz", "address/none.npz"])
def test_what_is_not_the_data_set_leaves_the_folder_as_it_was(
    space: Workspace, copy: Path, address: str, source: str
) -> None:
    np.savez(copy.parent / "other.npz", x=np.zeros(3))
    before = fetch_data(space, ["prices"], Silent(), source=str(copy))["prices"].read_bytes()
    named = source.replace("address", address) if source.startswith("address") else str(copy.parent / source)
    with pytest.raises(DataError) as caught:
        fetch_data(space, ["prices"], Silent(), source=named)
    assert "\n" not in str(caught.value) and "boston_housing" in str(caught.value)
    assert (space.root / "datasets" / "boston_housing.npz").read_bytes() == before
    assert [path.name for path in (space.root / "datasets").iterdir()] == ["boston_housing.npz"]


def test_names_that_keras_does_not_have_are_refused(space: Workspace, tmp_path: Path) -> None:
    for name in ("table", "nothing"):
        with pytest.raises(DataError, match=r"has prices; name one of these, or mnist\."):
            fetch_data(space, [name], Silent())
    (space.root / "course.yml").write_text(COURSE.replace("data: datasets\n", "", 1))
    with pytest.raises(CourseError, match=r"course\.yml names none"):
        fetch_data(open_workspace(space.root), ["prices"], Silent())


def write_idx(path: Path, array: np.ndarray) -> None:
    with gzip.open(path, "wb", compresslevel=1) as stream:
        stream.write(struct.pack(f">{1 + array.ndim}I", 0x800 + array.ndim, *array.shape) + array.tobytes())


@pytest.mark.slow
@pytest.mark.rotates(part=4)
def test_keras_itself_brings_a_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What Keras has in its own cache is not downloaded, so this needs no internet."""
    kept = tmp_path / "keras" / "datasets" / "fashion-mnist"
    kept.mkdir(parents=True)
    for part, count in (("train", 60_000), ("t10k", 10_000)):
        write_idx(kept / f"{part}-images-idx3-ubyte.gz", np.zeros((count, 28, 28), np.uint8))
        write_idx(kept / f"{part}-labels-idx1-ubyte.gz", (np.arange(count) % 10).astype(np.uint8))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    (tmp_path / "data").mkdir()
    made = fetching.fetch("fashion_mnist", tmp_path / "data")
    found = read_keras_set("fashion_mnist", made)
    assert found.train is not None and found.train[1][:11].tolist() == [*range(10), 0]
