"""Several check servers: another one starts only where waiting costs more than its start."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.checks import CheckServers, servers
from autograder.errors import CheckError
from autograder.model import Status

pytestmark = pytest.mark.slow

SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture
def several(tiny: Any, reference_file: Path) -> Iterator[CheckServers]:
    with CheckServers(SAMPLES / "hostile", tiny.context(reference_file), most=2) as found:
        yield found


def judge_together(found: CheckServers, craft: Any, count: int) -> list[list[Status]]:
    """Judge in as many threads at once."""
    craft.checkpoint("one", {})
    statuses: list[list[Status]] = []
    threads = [threading.Thread(target=lambda: statuses.append([one.status for one in found.judge(craft.request())]))
               for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_one_server_is_enough_where_nobody_waits(several: CheckServers, craft: Any) -> None:
    for _ in range(3):
        assert judge_together(several, craft, 1) == [[Status.PASSED] * 3]
    assert len(several.process_ids) == 1


def test_those_who_wait_get_another_one_and_never_more_than_allowed(
    several: CheckServers, craft: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "WORTH_ONE_MORE", 0.0)
    assert judge_together(several, craft, 6) == [[Status.PASSED] * 3] * 6
    assert len(several.process_ids) == 2


@pytest.mark.parametrize("error", [CheckError("The hidden checks could not be started."),
                                   BlockingIOError(11, "Resource temporarily unavailable")])
def test_a_server_that_cannot_start_leaves_the_others_to_judge(
    error: Exception, several: CheckServers, craft: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "WORTH_ONE_MORE", 0.0)

    def fails(_server: object) -> None:
        raise error

    monkeypatch.setattr(servers.CheckServer, "__enter__", fails)
    assert judge_together(several, craft, 4) == [[Status.PASSED] * 3] * 4
    assert len(several.process_ids) == 1


def test_closing_ends_all_of_them(several: CheckServers, craft: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "WORTH_ONE_MORE", 0.0)
    judge_together(several, craft, 2)
    processes = several.process_ids
    assert len(processes) == 2
    several.close()
    for process in processes:
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)
