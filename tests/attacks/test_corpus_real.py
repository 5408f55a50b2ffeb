"""Attacks on this course's own assignments: no points, no secrets, no rank, nothing left, nobody harmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from stat import S_ISDIR, S_ISREG

import pytest

from autograder.model import Isolation
from tests.attacks.attack import Attack, load_all, load_real
from tests.attacks.judge import leaks
from tests.attacks.real import NICKNAMES, RIGHT, WRONG, RealBatch, lost_points

pytestmark = [pytest.mark.slow, pytest.mark.alone]
EXPECTED = {"mlp-digits", "first-network", "cnn-challenge"}
FEWEST = 276  # in both corpora
KEPT = 400 << 20  # bytes of one submission's results
Batches = Callable[[Isolation, str], RealBatch]


def test_each_kind_of_assignment_is_attacked() -> None:
    """One with arrays to continue from, one with a long training, one with a budget and a leaderboard."""
    assert {attack.assignment for attack in load_real()} >= EXPECTED
    assert len(load_all()) >= FEWEST


def test_every_attack_says_something_of_its_own_in_both_corpora() -> None:
    told = Counter(attack.what for attack in load_all())
    assert not [what for what, count in told.items() if count > 1]


def test_the_batch_ended_normally(real_batches: Batches, mode: Isolation, assignment: str) -> None:
    batch = real_batches(mode, assignment)
    assert (batch.code, batch.feedback_code) == (0, 0), batch.complaint


def test_everybody_has_exactly_one_result(real_batches: Batches, mode: Isolation, assignment: str) -> None:
    batch = real_batches(mode, assignment)
    printed = [result.student for result in batch.printed if not result.student.startswith("baseline-")]
    assert sorted(printed) == sorted([*batch.room.neighbours, *(attack.name for attack in batch.attacks)])
    assert {result.execution.isolation for result in batch.printed if result.execution} == {mode}


def test_an_attack_gets_nothing(real_batches: Batches, mode: Isolation, real_attack: Attack) -> None:
    found = real_batches(mode, real_attack.assignment).problems(real_attack)
    assert not found, f"{real_attack.name} ({real_attack.what}): {'; '.join(found)}"


def test_neighbours_get_what_they_earned(real_batches: Batches, mode: Isolation, assignment: str) -> None:
    """Also what an attack could be compared with: full marks have to be within reach in this batch."""
    batch = real_batches(mode, assignment)
    assert lost_points(batch.results[RIGHT]) == set()
    if WRONG in batch.room.neighbours:
        mistake = batch.room.mistake
        assert lost_points(batch.results[WRONG]) == {*mistake.loses, *mistake.blocks, *mistake.withholds}
    for student in batch.room.neighbours:
        assert (batch.results[student].staff_flags, batch.results[student].merge_notes) == ((), ())


def test_neighbours_see_only_their_own_secret(real_batches: Batches, mode: Isolation, assignment: str) -> None:
    batch = real_batches(mode, assignment)
    for student in batch.room.neighbours:
        told, own = batch.told(student), f"submission of {student}"
        assert not leaks(told, {place: secret for place, secret in batch.room.canaries.items() if place != own})
        assert leaks(told, {own: batch.room.canaries[own]}), "the look for canaries finds none that is there"


def test_honest_networks_are_on_the_board(real_batches: Batches, mode: Isolation, assignment: str) -> None:
    batch = real_batches(mode, assignment)
    if batch.room.nickname_task:
        assert {name for _, name in batch.board} >= {NICKNAMES[student] for student in batch.room.neighbours}


def test_no_page_carries_a_script(real_batches: Batches, mode: Isolation, assignment: str) -> None:
    batch = real_batches(mode, assignment)
    pages = {attack.name: batch.told(attack.name)["the feedback page"] for attack in batch.attacks}
    pages["the leaderboard"] = batch.board_page
    assert not [name for name, page in pages.items() if "<script>alert" in page or "<img src=x" in page]


def test_nothing_is_left_on_the_machine(real_batches: Batches, mode: Isolation, assignment: str) -> None:
    assert not real_batches(mode, assignment).left


def test_what_is_kept_is_plain_and_small(real_batches: Batches, mode: Isolation, assignment: str) -> None:
    batch = real_batches(mode, assignment)
    for attack in batch.attacks:
        found = [path.lstat() for path in batch.room.workspace.results(attack.name, assignment).rglob("*")]
        assert all(S_ISREG(facts.st_mode) or S_ISDIR(facts.st_mode) for facts in found), attack.name
        assert sum(facts.st_size for facts in found) < KEPT, attack.name
