"""Reading files of /proc: whole, however many blocks they come in."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.sandbox.processes import procfs


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    long = tmp_path / "long"
    long.write_bytes(bytes(range(256)) * 1000)
    assert procfs.read(str(long)) == long.read_bytes()
    assert procfs.read("/proc/self/cmdline") == Path("/proc/self/cmdline").read_bytes()


def test_a_process_that_is_gone_is_an_error_and_leaves_no_descriptor() -> None:
    before = set(Path("/proc/self/fd").iterdir())
    with pytest.raises(OSError):
        procfs.read("/proc/self/task/0/children")
    assert set(Path("/proc/self/fd").iterdir()) == before
