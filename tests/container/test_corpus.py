"""The attack corpus through `autograder container run`: no forged point, no leak, no batch that halts.

A third of it for each commit, since all of it takes a quarter of an hour; AUTOGRADER_ATTACKS_PART chooses another part.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from autograder.model import Isolation, Result, Status
from tests.attacks.attack import Attack
from tests.attacks.classroom import (
    ASSIGNMENT,
    FULL_WORK,
    HALF_TASKS,
    HALF_WORK,
    NEIGHBOURS,
    ROOT,
    Classroom,
    make_classroom,
    stand_in_cache,
    with_limits,
)
from tests.attacks.judge import leaks, problems, told_to_student
from tests.container.conftest import chosen_attacks

pytestmark = [pytest.mark.slow, pytest.mark.container]
FULL_SCORE = 13
ATTACKS = chosen_attacks()
Told = Callable[[str], dict[str, str]]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    """The attacked course with twice the time of its own limits: a container shares the machine with its engine."""
    cache = stand_in_cache(tmp_path_factory.getbasetemp() / "stand-in")
    made = with_limits(make_classroom(tmp_path_factory.mktemp("corpus"), cache), cell="20 s", notebook="50 s")
    made.hand_in({**made.honest(), **made.uploads(ATTACKS)})
    return made


@pytest.fixture(scope="module")
def graded(room: Classroom, image: str) -> subprocess.CompletedProcess[str]:
    """The batch, graded in containers and told."""
    done = room.command("container", "run", ASSIGNMENT, "--image", image, "--stand-in", "--workers", "2")
    assert room.command("feedback", ASSIGNMENT).returncode == 0
    return done


@pytest.fixture(scope="module")
def told(room: Classroom, graded: subprocess.CompletedProcess[str]) -> Told:
    def everything(student: str) -> dict[str, str]:
        workspace = room.workspace
        return told_to_student(room.result(student), workspace.executed(student, ASSIGNMENT),
                               workspace.feedback(student, ASSIGNMENT))

    return everything


def test_the_batch_ended_and_everybody_has_a_result(room: Classroom, graded: subprocess.CompletedProcess[str]) -> None:
    assert graded.returncode == 0, graded.stdout[-2000:] + graded.stderr[-3000:]
    found = {path.parts[-3]: Result.from_json(path.read_bytes())
             for path in room.workspace.results_root.glob(f"*/{ASSIGNMENT}/result.json")}
    assert set(found) == {*NEIGHBOURS, *(attack.name for attack in ATTACKS)}
    assert {result.execution.isolation for result in found.values() if result.execution} == {Isolation.FULL}


@pytest.mark.parametrize("attack", ATTACKS, ids=[f"{attack.family}-{attack.name}" for attack in ATTACKS])
def test_an_attack_gets_nothing(room: Classroom, told: Told, attack: Attack) -> None:
    holes = (ROOT / "docs" / "operating" / "security.md").read_text()
    found = problems(attack, room.result(attack.name), told(attack.name), room.canaries, holes)
    if attack.family == "resources":
        # Two bounds hold the memory, and the one that a child meets first differs: killed, it is flagged; a MemoryError
        # in a cell is an accident like any other.
        found = [problem for problem in found if problem != "staff are not told"]
    assert not found, f"{attack.name} ({attack.what}): {'; '.join(found)}"


def test_neighbours_get_what_they_earned(room: Classroom, graded: subprocess.CompletedProcess[str]) -> None:
    assert [room.result(student).score for student in FULL_WORK] == [FULL_SCORE, FULL_SCORE]
    passed = {task.id for task in room.result(HALF_WORK).tasks
              if task.checks and all(check.status is Status.PASSED for check in task.checks)}
    assert passed == set(HALF_TASKS)


@pytest.mark.parametrize("student", NEIGHBOURS)
def test_neighbours_see_only_their_own_secret(room: Classroom, told: Told, student: str) -> None:
    own = f"submission of {student}"
    assert not leaks(told(student), {place: word for place, word in room.canaries.items() if place != own})
    assert leaks(told(student), {own: room.canaries[own]}), "the look for canaries finds none that is there"
