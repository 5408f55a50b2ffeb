"""What lives below this process: for tests and benchmarks that start commands, kill them, and look what is left."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from autograder.sandbox.processes import reaper


def state(pid: int) -> str:
    """Return the state letter of a process, empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return ""


def orphans() -> list[int]:
    """Return what still lives below this process, which must be a subreaper; the dead are reaped."""
    for pid in reaper.children(os.getpid()):
        if state(pid) == "Z":
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
    return [pid for pid in reaper.descendants(os.getpid()) if state(pid) not in ("", "Z")]
