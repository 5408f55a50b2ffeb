"""Time limits in real children, on a machine that is kept busy: no bound here is shorter than what the rule allows."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from autograder.model import CellStatus, Ending
from autograder.model.limits import STRETCH
from autograder.sandbox.processes.processor import cores

pytestmark = pytest.mark.slow

LIMIT = 2.0
SLACK = 60.0  # seconds that a busy machine may take to notice

SPINS = """
    import time
    try:
        while True:
            pass
    except KeyboardInterrupt:
        tell(time.process_time())
        raise
"""
WORKS = f"""
    import time
    end = time.process_time() + {0.7 * LIMIT}
    while time.process_time() < end:
        pass
    tell("done")
"""


@contextmanager
def busy(each: int) -> Iterator[None]:
    """Keep every core busy with so many processes, each in a session of its own and of equal rights."""
    started = [subprocess.Popen([sys.executable, "-S", "-c", "while True: pass"], start_new_session=True)
               for _ in range(each * cores())]
    try:
        yield
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_a_cell_that_sleeps_ends_at_its_limit(jail: Any) -> None:
    """However busy the machine is: it waits for no processor."""
    with busy(1):
        cell = jail.run("import time\ntime.sleep(600)", cell_seconds=LIMIT).cells[0]
    assert cell.status is CellStatus.INTERRUPTED and not cell.starved
    assert cell.waited < LIMIT


def test_a_cell_that_computes_ends_at_its_processor_time(jail: Any) -> None:
    with busy(2):
        cell = jail.run(SPINS, cell_seconds=LIMIT).cells[0]
    assert cell.status is CellStatus.INTERRUPTED
    ran = json.loads((jail.folder / "answer.json").read_text())
    assert ran < 2 * LIMIT
    # By the clock alone it would have had a third of it. On a machine that is busier still the clock may come first.
    assert ran > 0.6 * LIMIT or cell.starved
    assert cell.waited > 0


def test_right_work_that_has_to_share_its_core_is_not_stopped(jail: Any) -> None:
    with busy(2):
        cell = jail.run(WORKS, cell_seconds=LIMIT).cells[0]
    assert cell.status is CellStatus.OK or cell.starved


SPINNERS = """
    import os
    for _ in range(40):
        if os.fork() == 0:
            while True:
                pass
    while True:
        pass
"""
UNSEEN = """
    import os, signal, time
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody is told of the time of a child that nobody waits for
    while True:
        try:
            if os.fork() == 0:
                end = time.process_time() + .02
                while time.process_time() < end:
                    pass
                os._exit(0)
        except OSError:
            time.sleep(.001)
"""


def test_children_in_each_others_way_win_no_more_than_the_clock_gives(jail: Any) -> None:
    execution = jail.run(SPINNERS, "pass", cell_seconds=1.0, processes=48)
    assert execution.cells[0].seconds < STRETCH * 1.0 + SLACK
    assert execution.cells[0].status in (CellStatus.INTERRUPTED, CellStatus.UNFINISHED)


def test_children_that_nobody_sees_win_no_more_than_the_clock_gives(jail: Any) -> None:
    execution = jail.run(UNSEEN, "pass", cell_seconds=1.0, processes=48)
    assert execution.seconds < STRETCH * 1.0 + SLACK
    assert execution.cells[0].status in (CellStatus.INTERRUPTED, CellStatus.UNFINISHED)


def test_a_notebook_of_many_short_cells_ends_too(jail: Any) -> None:
    execution = jail.run(*[SPINS.replace("tell(time.process_time())", "pass")] * 6, cell_seconds=1.0,
                         notebook_seconds=3.0)
    assert execution.ending is Ending.TIMED_OUT
    assert execution.seconds < STRETCH * 3.0 + SLACK
    assert execution.cells[-1].status is CellStatus.NOT_RUN
