"""A worker whose network is cut off, in a network namespace of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.model import Ending
from tests.remote.bed import Bed, job, needs_walls, until

HERE, THERE = "198.51.100.1", "198.51.100.2"
"""Addresses for documentation, which exist nowhere."""


def ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)


@pytest.fixture
def cable() -> Iterator[tuple[str, str]]:
    """A namespace and this end of the cable to it."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("making a network needs root and the command ip")
    space, near, far = f"agn{os.getpid()}", f"agh{os.getpid()}", f"agw{os.getpid()}"
    try:
        try:
            ip("netns", "add", space)
            ip("link", "add", near, "type", "veth", "peer", "name", far, "netns", space)
        except subprocess.CalledProcessError as error:
            pytest.skip(f"this machine makes no networks: {error.stderr.decode()[:100]}")
        ip("addr", "add", f"{HERE}/30", "dev", near)
        ip("link", "set", near, "up")
        ip("-n", space, "addr", "add", f"{THERE}/30", "dev", far)
        ip("-n", space, "link", "set", far, "up")
        ip("-n", space, "link", "set", "lo", "up")
        yield space, near
    finally:
        subprocess.run(["ip", "link", "del", near], check=False, capture_output=True)
        subprocess.run(["ip", "netns", "del", space], check=False, capture_output=True)


@pytest.mark.slow
@needs_walls
def test_the_work_of_a_worker_that_is_cut_off_is_run_by_another(
    cable: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL", "5s")
    space, near = cable
    bed = Bed(tmp_path, host=HERE)
    try:
        bed.add_workers(1, before=("ip", "netns", "exec", space))
        pool = bed.pool()
        assert pool.versions
        with ThreadPoolExecutor(1) as threads:
            running = threads.submit(pool.run_notebook, job("import time\ntime.sleep(4)\ntell(7)"), tmp_path / "left")
            until(lambda: bool(bed.busy()))
            ip("link", "set", near, "down")
            bed.start_worker()
            ran = running.result()
        assert ran.ending is Ending.COMPLETED and json.loads((tmp_path / "left" / "answer.json").read_text()) == 7
        assert len(bed.link.offers()) == 1
    finally:
        bed.close()
