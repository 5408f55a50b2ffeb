"""Pools of both kinds of walls around a light program, so that every attack is tried for real and quickly."""

from __future__ import annotations

import json
import os
import textwrap
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Execution, Isolation, JobCell, Limits, Mount, NotebookJob
from autograder.sandbox import PoolOptions, Programs, WarmPool
from autograder.sandbox.isolation import features
from autograder.sandbox.processes import reaper

PROGRAMS = Path(__file__).parent / "programs"
LIGHT = Programs(notebook="light", prediction="light", refit="light", path=(PROGRAMS,))


@dataclass
class Jail:
    """A pool and a folder to run in; `run` gives cells as texts, `ask` returns what the last one told."""

    pool: WarmPool
    folder: Path

    def run(self, *cells: str, mounts: tuple[Mount, ...] = (), **limits: Any) -> Execution:
        job = NotebookJob(
            cells=tuple(JobCell(index=2 * i, source=textwrap.dedent(cell)) for i, cell in enumerate(cells)),
            seed=1, sampling_key="00", mounts=mounts, limits=Limits(**{"cell_seconds": 20, **limits}))
        execution = self.pool.run_notebook(job, self.folder)
        self.nothing_left()
        return execution

    def ask(self, *cells: str, **options: Any) -> Any:
        execution = self.run(*cells, **options)
        assert execution.ending == "completed", execution
        assert [cell.error for cell in execution.cells] == [None] * len(cells)
        return json.loads((self.folder / "answer.json").read_text())

    def nothing_left(self) -> None:
        zygote = self.pool._zygote
        assert zygote is not None
        for _ in range(500):  # the outermost process is told of after its end, but may still be on its way out
            left = reaper.descendants(zygote.pid) if zygote.alive else []
            if not left:
                break
            time.sleep(0.01)
        assert not left
        assert {path.name for path in self.pool._folder.iterdir()} <= {"home", "shown"}
        assert str(self.pool._folder) not in Path("/proc/self/mountinfo").read_text()

    @property
    def namespaces(self) -> bool:
        return self.pool.isolation is Isolation.FULL


def _possible(isolation: Isolation) -> str | None:
    found = {feature.name: feature.available for feature in features.survey()}
    if not found["seccomp"]:
        return "this kernel has no seccomp filters"
    if not found["landlock"]:
        return "this kernel has no Landlock"
    if isolation is Isolation.FULL and not found["namespaces"]:
        return f"no namespaces here: {features.namespaces_refusal()}"
    if isolation is Isolation.RESTRICTED and not (found["landlock-scopes"] or found["own-user"]):
        return "Landlock is too old for restricted walls without root"
    return None


@pytest.fixture(scope="session", params=[Isolation.FULL, Isolation.RESTRICTED], ids=str)
def pool(request: pytest.FixtureRequest) -> Iterator[WarmPool]:
    """A warm pool of light programs with each kind of walls that this machine can build."""
    reason = _possible(request.param)
    if reason is not None:
        pytest.skip(reason)
    with WarmPool(PoolOptions(isolation=request.param, programs=LIGHT, grace=1.0)) as made:
        yield made


@pytest.fixture(scope="session")
def light() -> Programs:
    """The light program for both kinds of jobs."""
    return LIGHT


@pytest.fixture
def jail(pool: WarmPool, tmp_path: Path) -> Jail:
    return Jail(pool, tmp_path / "out")


@pytest.fixture(scope="session")
def full_pool() -> Iterator[WarmPool]:
    """For tests of what namespaces alone give."""
    reason = _possible(Isolation.FULL)
    if reason is not None:
        pytest.skip(reason)
    with WarmPool(PoolOptions(isolation=Isolation.FULL, programs=LIGHT, grace=1.0)) as made:
        yield made


@pytest.fixture
def full_jail(full_pool: WarmPool, tmp_path: Path) -> Jail:
    return Jail(full_pool, tmp_path / "out")


@pytest.fixture
def open_folder(tmp_path: Path) -> Path:
    """A folder of the host that any user could enter, where the file rights alone protect nothing."""
    folder = tmp_path
    while folder != Path("/tmp") and folder != Path("/"):
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(0o755)
        folder = folder.parent
    return tmp_path
