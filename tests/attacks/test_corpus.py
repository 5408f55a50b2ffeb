"""Every attack of the corpus in one class with honest students: no points, no secrets, nothing left, nobody harmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from stat import S_ISDIR, S_ISREG

import pytest

from autograder.model import Isolation, Result, Status
from tests.attacks.attack import FAMILIES, Attack, load_corpus
from tests.attacks.batch import Batch
from tests.attacks.classroom import ASSIGNMENT, FULL_WORK, HALF_TASKS, HALF_WORK, NEIGHBOURS
from tests.attacks.judge import leaks

pytestmark = [pytest.mark.slow, pytest.mark.alone]
FEWEST = 236
FULL_SCORE = 13
KEPT = 100 << 20  # bytes of one submission's results
Batches = Callable[[Isolation], Batch]


def test_the_corpus_is_large_and_has_every_family() -> None:
    families = Counter(attack.family for attack in load_corpus())
    assert set(families) == set(FAMILIES)
    assert families.total() >= FEWEST, families
    assert min(families.values()) >= 5, families


def test_every_attack_says_something_of_its_own() -> None:
    told = Counter(attack.what for attack in load_corpus())
    assert not [what for what, count in told.items() if count > 1]


def test_this_machine_offers_a_mode(mode: Isolation) -> None:
    assert mode is not Isolation.NONE


def test_the_batch_ended_normally(batches: Batches, mode: Isolation) -> None:
    batch = batches(mode)
    assert (batch.code, batch.feedback_code) == (0, 0), batch.complaint


def test_everybody_has_exactly_one_result(batches: Batches, mode: Isolation) -> None:
    batch = batches(mode)
    printed = sorted(result.student for result in batch.printed)
    assert printed == sorted([*NEIGHBOURS, *(attack.name for attack in batch.attacks)])
    assert [student for student in printed if batch.room.result(student) != batch.results[student]] == []
    assert {result.execution.isolation for result in batch.printed if result.execution} == {mode}


def test_an_attack_gets_nothing(batches: Batches, mode: Isolation, attack: Attack) -> None:
    found = batches(mode).problems(attack)
    assert not found, f"{attack.name} ({attack.what}): {'; '.join(found)}"


@pytest.mark.parametrize("student", NEIGHBOURS)
def test_neighbours_get_what_they_get_alone(batches: Batches, mode: Isolation, student: str) -> None:
    batch = batches(mode)
    together, alone = batch.results[student], batch.alone[student]
    assert (together.status, together.score) == (alone.status, alone.score)
    assert together.tasks == alone.tasks
    assert (together.staff_flags, together.merge_notes) == (alone.staff_flags, alone.merge_notes) == ((), ())


def test_neighbours_get_what_they_earned(batches: Batches, mode: Isolation) -> None:
    """The canaries and walls of this test must not change honest work, or the rest of it would say nothing."""
    results = batches(mode).results
    assert [results[student].score for student in FULL_WORK] == [FULL_SCORE, FULL_SCORE]
    assert passed_tasks(results[HALF_WORK]) == set(HALF_TASKS)


def passed_tasks(result: Result) -> set[str]:
    return {task.id for task in result.tasks if task.checks and all(c.status is Status.PASSED for c in task.checks)}


@pytest.mark.parametrize("student", NEIGHBOURS)
def test_neighbours_see_only_their_own_secret(batches: Batches, mode: Isolation, student: str) -> None:
    batch = batches(mode)
    told = batch.told(student)
    own = f"submission of {student}"
    assert not leaks(told, {place: secret for place, secret in batch.room.canaries.items() if place != own})
    assert leaks(told, {own: batch.room.canaries[own]}), "the look for canaries finds none that is there"


def test_nothing_is_left_on_the_machine(batches: Batches, mode: Isolation) -> None:
    assert not batches(mode).left


def test_what_is_kept_is_plain_and_small(batches: Batches, mode: Isolation) -> None:
    batch = batches(mode)
    for attack in batch.attacks:
        found = [path.lstat() for path in batch.room.workspace.results(attack.name, ASSIGNMENT).rglob("*")]
        assert all(S_ISREG(facts.st_mode) or S_ISDIR(facts.st_mode) for facts in found), attack.name
        assert sum(facts.st_size for facts in found) < KEPT, attack.name


def test_no_page_carries_a_script(batches: Batches, mode: Isolation) -> None:
    batch = batches(mode)
    for attack in batch.attacks:
        assert "<script>alert" not in batch.told(attack.name)["the feedback page"], attack.name
