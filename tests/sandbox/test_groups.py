"""Children in control groups of version 2: they are in them from the start, cannot leave, and end with them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Ending, JobCell, Limits, NotebookJob
from autograder.sandbox import PoolOptions, WarmPool
from autograder.sandbox.isolation import control_groups
from tests.sandbox.conftest import LIGHT, Jail
from tests.support.control_groups import place_for_groups

pytestmark = pytest.mark.slow


@pytest.fixture
def grouped(pool: WarmPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Jail]:
    """A pool with the same walls, whose children get groups."""
    place = place_for_groups()
    if place is None:
        pytest.skip("this machine lets this user make no control groups of version 2")
    monkeypatch.setattr(control_groups, "home", lambda: place)
    with WarmPool(PoolOptions(programs=LIGHT, isolation=pool.isolation)) as own:
        yield Jail(pool=own, folder=tmp_path / "out")
    assert not groups(place.folder)


def groups(folder: Path) -> list[Path]:
    """The groups of this process: others run tests at the same time."""
    return list(folder.glob(f"autograder-child-{os.getpid()}-*"))


def test_a_child_is_in_its_group_before_student_code_runs(grouped: Jail) -> None:
    place = place_for_groups()
    assert place is not None
    seen: list[list[str]] = []

    def look(_cell: int) -> None:
        seen.append([process for group in groups(place.folder)
                     for process in (group / "cgroup.procs").read_text().split()])

    job = NotebookJob(cells=(JobCell(index=0, source="import time; time.sleep(0.2)"),), seed=1, sampling_key="00",
                      limits=Limits(cell_seconds=20))
    execution = grouped.pool.run_notebook(job, grouped.folder, on_cell=look)
    assert execution.ending is Ending.COMPLETED and execution.kernel_limits == place.controllers
    assert len(seen) == 1 and len(seen[0]) >= 2, "the watcher and the student's process"
    assert not groups(place.folder)


def test_what_student_code_leaves_behind_ends_with_the_group(grouped: Jail) -> None:
    execution = grouped.run("""
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                time.sleep(600)
            os._exit(0)
    """)
    assert execution.ending is Ending.COMPLETED


def test_student_code_cannot_reach_its_group(grouped: Jail) -> None:
    told: Any = grouped.ask("""
        import os
        open_files = []
        for name in os.listdir('/proc/self/fd'):
            try:
                open_files.append(os.readlink(f'/proc/self/fd/{name}'))
            except OSError:
                pass
        writable = [root for root, _, files in os.walk('/sys/fs/cgroup') for name in files
                    if name == 'cgroup.procs' and os.access(os.path.join(root, name), os.W_OK)]
        tell([[name for name in open_files if 'cgroup' in name], writable])
    """)
    assert told == [[], []]
