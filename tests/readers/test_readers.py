"""The processes that read what students wrote: what a step answers, what ends it, and that others continue."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from autograder import warm_process
from autograder.errors import ExecutionError, NotebookError, ReadingError
from autograder.readers import Budget, Readers
from autograder.sandbox.processes import reaper
from tests import processes

MODULE = "steps_of_a_test"
STEPS = '''
import os
import time

from autograder.errors import NotebookError

def echo(arguments, payload):
    return {"arguments": arguments, "bytes": len(payload), "pid": os.getpid()}

def refuse(arguments, payload):
    raise NotebookError("'x' is no notebook: hand in another.")

def busy(arguments, payload):
    while True:
        pass

def sleeps(arguments, payload):
    if "path" in arguments:
        open(arguments["path"], "w").close()
    time.sleep(600)

def hungry(arguments, payload):
    return len(bytearray(8 << 30))

def talks(arguments, payload):
    return "x" * (3 << 20)

def writes(arguments, payload):
    with open(arguments["path"], "wb") as file:
        file.write(bytes(3 << 20))

def breaks(arguments, payload):
    return 1 / 0

def dies(arguments, payload):
    os._exit(3)

def ends_the_worker(arguments, payload):
    os.kill(os.getppid(), 9)
    time.sleep(600)

STEPS = {step.__name__: step for step in (
    echo, refuse, busy, sleeps, hungry, talks, writes, breaks, dies, ends_the_worker)}
'''


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    folder = tmp_path_factory.mktemp("steps")
    (folder / f"{MODULE}.py").write_text(STEPS)
    before = warm_process.basic_environment
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(warm_process, "basic_environment", lambda: before() | {
            "PYTHONPATH": f"{before()['PYTHONPATH']}{os.pathsep}{folder}"})
        with Readers(MODULE) as started:
            yield started


def run(readers: Readers, step: str, budget: Budget | None = None, **arguments: Any) -> Any:
    return readers.run(step, arguments, "Reading the notebook", payload=b"abc", budget=budget)


def test_a_step_answers_in_a_process_of_its_own(readers: Readers) -> None:
    first, second = run(readers, "echo", a=[1]), run(readers, "echo", a=[1])
    assert (first["arguments"], first["bytes"]) == ({"a": [1]}, 3)
    assert len({first["pid"], second["pid"], readers.process_id, os.getpid()}) == 4


def test_a_refusal_is_raised_as_it_was(readers: Readers) -> None:
    with pytest.raises(NotebookError, match="hand in another"):
        run(readers, "refuse")


@pytest.mark.parametrize(("step", "budget", "said"), [
    ("busy", Budget(seconds=0.2), "took more than 0.2 seconds"),
    ("sleeps", Budget(seconds=0.1), "took more than 0.1 seconds"),
    ("hungry", Budget(), "more memory or space"),
    ("talks", Budget(answer_mib=1), "more memory or space"),
    ("writes", Budget(file_mib=1), "more memory or space"),
    ("breaks", Budget(), "stopped with ZeroDivisionError"),
    ("dies", Budget(), "ended without a result"),
])
def test_every_budget_ends_a_step_with_a_sentence(
    readers: Readers, tmp_path: Path, step: str, budget: Budget, said: str
) -> None:
    with pytest.raises(ReadingError) as ended:
        run(readers, step, budget, path=str(tmp_path / "file"))
    sentence = str(ended.value)
    assert sentence.startswith("Reading the notebook ") and said in sentence
    assert sentence.endswith("so a person has to look at it.") and "\n" not in sentence
    assert run(readers, "echo")["bytes"] == 3, "the next one is read"


def test_one_that_takes_its_time_holds_up_nobody(readers: Readers, tmp_path: Path) -> None:
    """Others are read while it runs; it ends when this test ends it, however slow the machine is."""
    ended: list[str] = []
    begun = tmp_path / "begun"

    def sleep() -> None:
        with pytest.raises(ReadingError) as found:
            run(readers, "sleeps", Budget(seconds=600), path=str(begun))
        ended.append(str(found.value))

    slow = threading.Thread(target=sleep)
    slow.start()
    while not begun.exists():
        time.sleep(0.01)
    for _ in range(3):
        assert run(readers, "echo")["bytes"] == 3
    assert slow.is_alive() and not ended
    assert readers.process_id is not None
    while slow.is_alive():
        for fork in reaper.children(readers.process_id):
            with suppress(ProcessLookupError):
                os.kill(fork, signal.SIGKILL)
        time.sleep(0.01)
    assert "ended without a result" in ended[0]


def test_a_lost_warm_process_is_started_again(readers: Readers) -> None:
    run(readers, "echo")
    before = readers.process_id
    assert before is not None
    os.kill(before, signal.SIGKILL)
    assert run(readers, "echo")["bytes"] == 3
    assert readers.process_id != before


def test_a_warm_process_that_dies_each_time_is_an_error(readers: Readers) -> None:
    with pytest.raises(ExecutionError, match="run the same command again"):
        run(readers, "ends_the_worker")


def test_nothing_is_left_of_it(readers: Readers) -> None:
    run(readers, "echo")
    pid = readers.process_id
    assert pid is not None

    def sleep() -> None:
        with pytest.raises(ExecutionError, match="ending"):
            run(readers, "sleeps", Budget(seconds=60))

    hanging = threading.Thread(target=sleep)
    hanging.start()
    while not (forks := reaper.children(pid)):
        time.sleep(0.01)
    readers.close()
    deadline = time.monotonic() + 60
    while any(processes.state(fork) not in ("", "Z") for fork in forks):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    hanging.join()
