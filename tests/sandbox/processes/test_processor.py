"""The kernel's figures of real processes: what ran, what waited, and what ended between two looks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from autograder.sandbox.processes import reaper
from autograder.sandbox.processes.processor import Ledger, Use, cores

pytestmark = pytest.mark.slow

SPIN = "while True: pass"
SLEEP = "import time; time.sleep(600)"
CHURN = """
import os, time
{ignore}
while True:
    pid = os.fork()
    if pid == 0:
        end = time.process_time() + .02
        while time.process_time() < end: pass
        os._exit(0)
    try:
        os.waitpid(pid, 0)
    except ChildProcessError:
        pass
"""


@pytest.fixture
def start() -> Iterator[Callable[..., int]]:
    """Starts programs, each in a session of its own, and ends them afterwards."""
    started: list[subprocess.Popen[bytes]] = []

    def begin(code: str) -> int:
        started.append(subprocess.Popen([sys.executable, "-S", "-c", code], start_new_session=True))
        return started[-1].pid

    yield begin
    for process in started:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def used(*tops: int, until: Callable[[Use], bool]) -> Use:
    """Add up windows of a quarter of a second until there is enough to say something."""
    ledger, total = Ledger(), Use(0.0, 0.0)
    for _ in range(400):
        pids = [pid for top in tops for pid in (top, *reaper.descendants(top))]
        use = ledger.look(pids)
        total = Use(total.ran + use.ran, total.waited + use.waited)
        if until(total):
            return total
        time.sleep(0.25)
    return total


def test_who_sleeps_neither_runs_nor_waits(start: Callable[..., int]) -> None:
    pid = start(SLEEP)
    time.sleep(1)  # it has started
    ledger = Ledger()
    ledger.look([pid])
    time.sleep(2)
    use = ledger.look([pid])
    assert use.ran + use.waited < 0.5


def test_who_computes_runs_and_more_than_the_cores_wait(start: Callable[..., int]) -> None:
    """Three for each core of equal rights: what they wait is about twice what they run."""
    pids = [start(SPIN) for _ in range(3 * cores())]
    total = used(*pids, until=lambda use: use.ran > 3)
    assert total.ran > 3
    assert total.waited > total.ran


def test_what_short_processes_ran_is_found_with_their_parent(start: Callable[..., int]) -> None:
    """They live for a fraction of a window: hardly one of them is there when the ledger looks."""
    pid = start(CHURN.format(ignore=""))
    total = used(pid, until=lambda use: use.ran > 2)
    assert total.ran > 2


def test_a_process_that_is_gone_used_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    ledger = Ledger()
    assert ledger.look([gone.pid]) == Use(0.0, 0.0)
    assert ledger.look([gone.pid]) == Use(0.0, 0.0)
