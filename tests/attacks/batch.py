"""One real batch: all attacks and their honest neighbours, collected, graded and told by the command line."""

from __future__ import annotations

import functools
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.model import Isolation, Result
from tests.attacks import leftovers
from tests.attacks.attack import ROOT, Attack
from tests.attacks.classroom import Classroom, plant_gradebook
from tests.attacks.judge import problems, told_to_student
from tests.attacks.surroundings import surroundings


@dataclass(frozen=True, kw_only=True)
class Batch:
    """What became of a batch; ``results`` holds every result that `grade` printed, ``alone`` those of the neighbours
    when nobody attacks."""

    room: Classroom
    mode: Isolation
    attacks: tuple[Attack, ...]
    code: int
    complaint: str
    feedback_code: int
    printed: tuple[Result, ...]
    alone: Mapping[str, Result]
    left: tuple[str, ...]

    @functools.cached_property
    def results(self) -> dict[str, Result]:
        """The printed results by student."""
        return {result.student: result for result in self.printed}

    def told(self, student: str) -> dict[str, str]:
        """Return everything that a student gets."""
        workspace = self.room.workspace
        return told_to_student(self.results[student], workspace.executed(student, self.room.assignment),
                               workspace.feedback(student, self.room.assignment))

    def problems(self, attack: Attack) -> list[str]:
        """Return what an attack got, one sentence each."""
        holes = ROOT / "docs" / "operating" / "security.md"
        return problems(attack, self.results[attack.name], self.told(attack.name), self.room.canaries,
                        holes.read_text() if holes.is_file() else "", self.baseline(attack))

    def baseline(self, attack: Attack) -> Result | None:
        """Return the result that an attack is compared with; on the small assignment there is none."""
        return None


def run_batch(room: Classroom, attacks: Sequence[Attack], mode: Isolation, *, compare: bool = True) -> Batch:
    """Grade the attacks among the neighbours in one mode.

    Args:
        room: a fresh classroom, without submissions.
        compare: first grade the neighbours alone.
    """
    leftovers.adopt()
    before = leftovers.Machine.now()
    chosen = [attack for attack in attacks if mode.value in attack.modes]
    honest = room.honest()
    alone = _alone(room, honest, mode) if compare else {}
    room.hand_in({**honest, **room.uploads(chosen)})
    shutil.rmtree(room.temporary)
    room.temporary.mkdir()
    plant_gradebook(room)
    with surroundings() as around:
        graded = room.command("grade", room.assignment, *_options(mode))
        seen = around.look()
    told = room.command("feedback", room.assignment)
    assert graded.stdout.startswith("["), f"exit code {graded.returncode}: {graded.stderr[-4000:]}"
    left = [*leftovers.processes(), *leftovers.Machine.now().news(before), *seen,
            *(f"temporary: {path}" for path in room.temporary.iterdir())]
    leftovers.end_processes()
    return Batch(room=room, mode=mode, attacks=tuple(chosen), code=graded.returncode, complaint=graded.stderr[-4000:],
                 feedback_code=told.returncode, printed=_results(graded.stdout), alone=alone, left=tuple(left))


def _alone(room: Classroom, honest: Mapping[str, bytes], mode: Isolation) -> dict[str, Result]:
    """Grade only the neighbours, elsewhere; the secret that decides which rows are sampled is the course's."""
    quiet = replace(room, output=room.output.with_name("alone"))
    quiet.output.mkdir()
    quiet.hand_in(dict(honest))
    done = quiet.command("grade", room.assignment, "--no-gradebook", *_options(mode))
    found = {result.student: result for result in _results(done.stdout)}
    assert set(found) == set(room.neighbours), done.stderr
    return found


def _options(mode: Isolation) -> tuple[str, ...]:
    return "--stand-in", "--workers", "2", "--json", "--isolation", mode.value


def _results(printed: str) -> tuple[Result, ...]:
    return tuple(Result.model_validate(one["result"]) for one in json.loads(printed))
