"""Namespaces without Landlock, as on an old kernel: the same walls but for the file rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Ending, Isolation, JobCell, NotebookJob
from autograder.sandbox import PoolOptions, WarmPool
from autograder.sandbox.isolation import features


@pytest.fixture(scope="module")
def old_kernel(light: Any) -> Iterator[WarmPool]:
    reason = features.namespaces_refusal()
    if reason is not None:
        pytest.skip(f"no namespaces here: {reason}")
    with WarmPool(PoolOptions(isolation=Isolation.NAMESPACES, programs=light)) as made:
        yield made


def test_nothing_of_the_host_can_be_seen_written_or_reached(old_kernel: WarmPool, open_folder: Path) -> None:
    secret = open_folder / "labels.txt"
    secret.write_text("7 2 1 0")
    secret.chmod(0o666)
    out = open_folder / "out"
    execution = old_kernel.run_notebook(NotebookJob(seed=1, sampling_key="00", cells=(JobCell(index=0, source=f"""
import os, socket
def attempt(action):
    try:
        return repr(action())
    except OSError as error:
        return type(error).__name__
tell([attempt(lambda: open({str(secret)!r}).read()), attempt(lambda: open({str(secret)!r}, 'w')),
      attempt(lambda: os.chmod({str(secret)!r}, 0)), attempt(lambda: open('/usr/x', 'w')),
      attempt(lambda: open('/dev/zero')), attempt(lambda: socket.socket()), attempt(lambda: os.listdir('/var'))])
"""),)), out)
    assert execution.ending is Ending.COMPLETED
    assert execution.isolation is Isolation.NAMESPACES
    assert json.loads((out / "answer.json").read_text()) == [
        "FileNotFoundError", "FileNotFoundError", "FileNotFoundError", "OSError", "FileNotFoundError",
        "PermissionError", "FileNotFoundError"]
