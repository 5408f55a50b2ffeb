"""A worker shows a notebook the folders that the client has, made of files that came with the job."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograder.model import Ending, Execution, Isolation, Mount, NotebookJob
from autograder.pipeline.containers.runner import file_digest
from autograder.remote.parcels import open_answer, pack_parcel
from autograder.remote.remote_jobs import RemoteJobs
from tests.remote.bed import job


class Reading:
    """A pool that notes what a job shows, and leaves one file."""

    def __init__(self) -> None:
        self.shown: dict[str, str] = {}

    def run_notebook(
        self, wanted: NotebookJob, into: Path, *, on_cell: Callable[[int], None] | None = None
    ) -> Execution:
        for mount in wanted.mounts:
            paths = mount.source.rglob("*") if mount.source.is_dir() else [mount.source]
            self.shown |= {f"{mount.target}:{path.relative_to(mount.source)}": path.read_text()
                           for path in paths if path.is_file()}
        into.mkdir()
        (into / "left.txt").write_text("done")
        return Execution(ending=Ending.COMPLETED, isolation=Isolation.FULL)


def test_folders_travel_with_a_job(tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    (tables / "more").mkdir(parents=True)
    (tables / "more" / "a.csv").write_text("1,2")
    numbers = tmp_path / "numbers.txt"
    numbers.write_text("1 2 3")
    wanted = job("1", mounts=(Mount(source=tables, target="/data/tables"), Mount(source=numbers, target="/data/n.txt")))
    names = {path: file_digest(path) for path in (tables / "more" / "a.csv", numbers)}
    parcel = pack_parcel("notebook", "7", wanted, names, tuple(names.values()))
    store, pool = tmp_path / "store", Reading()
    store.mkdir()
    fake: Any = pool
    answer = RemoteJobs(fake, store)(parcel, tuple(path.read_bytes() for path in names))
    assert pool.shown == {"/data/tables:more/a.csv": "1,2", "/data/n.txt:.": "1 2 3"}
    (tmp_path / "left").mkdir()
    assert open_answer(answer, "7", frozenset(), wanted.limits, tmp_path / "left").ending is Ending.COMPLETED
    assert (tmp_path / "left" / "left.txt").read_text() == "done"
