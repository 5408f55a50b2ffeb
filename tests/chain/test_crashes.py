"""The grader's own processes die in the middle of a batch: the same command finishes, nothing is lost or done twice."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.sandbox.processes import reaper

pytestmark = [pytest.mark.slow, pytest.mark.rotates(part=1)]
CLASS = {"ada": "solution", "ben": "float64", "cleo": "functional", "dan": "units_31", "eva": "split_answer"}
SCORES = {"ada": 10, "ben": 9, "cleo": 10, "dan": 9, "eva": 10}
GRADE = ("grade", "mini", "--stand-in", "--workers", "2", "--no-gradebook")


@pytest.fixture
def batch(classroom: Any, nothing_left: Callable[[], None]) -> Any:
    """A class that has handed in; afterwards nothing runs any more."""
    classroom.hand_in({student: classroom.variant(name) for student, name in CLASS.items()})
    return classroom


def process_of(supervisor: int, part: str) -> int | None:
    """Return the process below the supervisor with this text in its command line."""
    for pid in reaper.children(supervisor):
        try:
            if part.encode() in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
        except OSError:
            continue
    return None


def finish(classroom: Any, before: dict[str, str], nothing_left: Callable[[], None]) -> None:
    """The same command once more: it ends well, and leaves alone what was there."""
    again = classroom.command(*GRADE)
    assert again.returncode == 0, again.stderr
    complete(classroom, before, nothing_left)


def complete(classroom: Any, before: dict[str, str], nothing_left: Callable[[], None]) -> None:
    nothing_left()
    after = classroom.graded()
    assert {student: classroom.result(student).score for student in CLASS} == SCORES
    assert {student: after[student] for student in before} == before, "what was graded already was graded again"
    for student in CLASS:
        folder = classroom.workspace.results(student, "mini")
        assert [path.name for path in folder.parent.iterdir()] == ["mini"], "leftovers of the dead attempt"
        assert not [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_killed_supervisor(batch: Any, wait_for: Any, nothing_left: Any) -> None:
    process = batch.start(*GRADE)
    wait_for(batch.graded, "a first result")
    process.kill()
    process.wait()
    nothing_left()
    before = batch.graded()
    assert before and set(before) < set(CLASS), "the kill came too late to test anything"
    finish(batch, before, nothing_left)


@pytest.mark.parametrize("sent_to_group", [True, False], ids=["ctrl-c", "supervisor-alone"])
def test_interrupt(batch: Any, wait_for: Any, nothing_left: Any, sent_to_group: bool) -> None:
    process = batch.start(*GRADE, stderr=subprocess.PIPE)
    wait_for(batch.graded, "a first result")
    (os.killpg if sent_to_group else os.kill)(process.pid, signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130, err
    assert "Traceback" not in err and "continues from here" in err
    nothing_left()
    stored = [path.parent.parent.name for path in batch.workspace.results_root.glob("*/mini/result.json")]
    assert {batch.result(student).status for student in stored} == {"graded"}, "an interrupt is nobody's failure"
    before = batch.graded()
    assert before and set(before) < set(CLASS), "the interrupt came too late to test anything"
    finish(batch, before, nothing_left)


@pytest.mark.parametrize("part", ["autograder.sandbox.child import zygote", "autograder.checks.worker"],
                         ids=["zygote", "checks"])
def test_killed_helper(batch: Any, wait_for: Any, nothing_left: Any, part: str) -> None:
    """The batch itself continues, without a second command."""
    process = batch.start(*GRADE, stderr=subprocess.PIPE)
    wait_for(batch.graded, "a first result")
    victim = process_of(process.pid, part)
    assert victim is not None
    before = batch.graded()
    os.kill(victim, signal.SIGKILL)
    _, err = process.communicate()
    assert process.returncode == 0, err
    complete(batch, before, nothing_left)
    finish(batch, batch.graded(), nothing_left)


def test_interrupt_of_a_forced_regrade_takes_no_grade_away(batch: Any, wait_for: Any, nothing_left: Any) -> None:
    finish(batch, {}, nothing_left)
    first = batch.graded()
    process = batch.start(*GRADE, "--force")
    wait_for(lambda: batch.graded() != first, "a second grade")
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait() == 130
    nothing_left()
    assert {student: batch.result(student).score for student in CLASS} == SCORES


def test_two_commands_do_not_grade_at_once(batch: Any, wait_for: Any, nothing_left: Any) -> None:
    first = batch.start(*GRADE)
    wait_for(lambda: process_of(first.pid, "autograder.checks.worker"), "the first command's check server")
    second = batch.command(*GRADE)
    assert second.returncode == 2
    assert "another command is using it" in second.stderr and "Traceback" not in second.stderr
    assert first.wait() == 0
    complete(batch, {}, nothing_left)
