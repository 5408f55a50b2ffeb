"""Grading is broken in the middle: the batch or the same command once more completes it, and a person's grades stand.

What `tests/chain/test_crashes.py` proves without a gradebook is not repeated; `python -m benchmarks.faults` plays
every fault on a class of forty.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.sandbox.isolation import syscalls
from benchmarks.faults import blemishes, play
from benchmarks.faults_class import Batch, Said, again_graded, differences
from benchmarks.faults_course import make_batch, make_course
from benchmarks.faults_inject import FAULTS, Fault, First
from tests.processes import orphans

pytestmark = [pytest.mark.slow, pytest.mark.alone]
CHOSEN = ("child", "full-disk", "read-only", "clock", "sighup")
STUDENTS = 5


@pytest.fixture(scope="module")
def class_(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    """Three students whose work waits, and two whom a person has graded."""
    syscalls.become_subreaper()
    folder = tmp_path_factory.mktemp("faults")
    (folder / "home").mkdir()
    return make_batch(make_course(folder), folder / "class", folder / "home", STUDENTS)


@pytest.fixture(autouse=True)
def nothing_runs() -> Iterator[None]:
    """After each fault no process is left."""
    yield
    assert not orphans()


@pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault.name in CHOSEN], ids=lambda fault: fault.name)
def test_a_broken_batch_is_completed(fault: Fault, class_: Batch, tmp_path: Path) -> None:
    if reason := fault.missing():
        pytest.skip(reason)
    row = play(fault, class_, tmp_path / "output", always_again=False)
    assert not row.problems, row.problems
    assert (row.results, row.twice, row.kept) == (STUDENTS, (), 2)
    if fault.name == "clock":
        assert row.first.also == "results of 3 different days", "the clock did not jump: nothing was tested"
    elif fault.code:
        assert len(row.first.graded) < STUDENTS, "the fault came too late to test anything"


def test_what_is_not_as_it_must_be_is_seen(class_: Batch) -> None:
    """Before its batch is graded, the class must not pass for a complete one."""
    found = differences(class_, {"s00": "graded before", **class_.stamps()})
    assert "s00: no result instead of 10" in found and "graded twice: s00" in found
    assert [text for text in found if text.startswith("the gradebook says")]
    assert again_graded(class_, class_.stamps()) == [] and class_.kept() == 2


@pytest.mark.parametrize("said, found", [
    (Said(code=7, text="bar\nautograder: The folder x is needed.", seconds=1), []),
    (Said(code=1, text="autograder: a defect.", seconds=1), ["exit 1 instead of 7"]),
    (Said(code=7, text="Traceback (most recent call last)\nautograder: x.", seconds=1), ["a traceback"]),
    (Said(code=7, text="OSError", seconds=1), ["no sentence"]),
], ids=["sound", "code", "traceback", "words"])
def test_what_a_command_must_not_say_is_seen(said: Said, found: list[str]) -> None:
    fault = next(fault for fault in FAULTS if fault.name == "read-only")
    second = Said(code=0, text="", seconds=1)
    seen = blemishes(fault, First(said=said, graded={}), second)
    assert [text.split(":")[0] for text in seen] == found
    assert blemishes(fault, First(said=dataclasses.replace(said, code=7, text="autograder: x."), graded={}),
                     dataclasses.replace(second, code=2)) == ["the second command ended with 2: "]
