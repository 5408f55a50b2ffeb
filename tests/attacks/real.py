"""Attacks on this course's own assignments: a copy of the course with secrets in it, honest neighbours, baselines.

The assignments bring what the small one lacks: arrays that steps continue from, budgets of parameters, calibrated
minimums, a leaderboard. Trainings are shorter than a class's, and bounds that were set by hand take the place of the
calibrated ones: what matters here is that there is one, not how it was found.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from autograder.calibration import spread
from autograder.model import Isolation, Result, Status
from autograder.notebook.variants import Variant, VariantCell, apply_variant, parse_variant
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.variant_files import as_file
from tests.attacks.attack import ROOT, Attack
from tests.attacks.batch import Batch, run_batch
from tests.attacks.classroom import (
    Classroom,
    link_stand_in,
    make_canaries,
    plant_everywhere,
)

RIGHT, WRONG = "ada", "zoe"
NICKNAMES = {RIGHT: "An honest network", WRONG: "Another honest one"}
MISTAKES = {"mlp-digits": "numbers-guessed", "first-network": "biases-forgotten", "cnn-challenge": "counts-guessed"}
"""The wrong variant that the second neighbour hands in: one that costs some points and keeps all later work."""
PROFILE = "attacks"
SIZES: dict[str, dict[str, int]] = {
    "mlp-digits": {"EPOCHS": 2}, "cnn-challenge": {"TRAIN_IMAGES": 4000, "EPOCHS": 2, "BUDGET_EPOCHS": 3}}
"""Sizes that make a solution a matter of seconds; other assignments run as their notebook says."""
REACHED: dict[str, dict[str, float]] = {
    "mlp-digits": {"dropout-fit/dropout_model": 0.82, "relu-ten/relu_ten_model": 0.82},
    "cnn-challenge": {"guided-fit/guided_model": 0.53, "guided-evaluate/guided_model": 0.53,
                      "challenge-fit/guided_model": 0.53, "challenge-fit/challenge_model": 0.9}}
"""What the solution reaches with these sizes: metric → accuracy."""
SLACK = 0.1
AROUND = (-0.02, -0.01, 0.0, 0.01, 0.02)
"""How correct runs are said to spread."""
_CHECK = re.compile(r"^(def test_\w+\(.*\):)$", re.MULTILINE)
_ROW = re.compile(r'<td class="right">(\d+)</td><th scope="row"><bdi>(.*?)</bdi></th>')


@dataclass(frozen=True, kw_only=True)
class RealClassroom(Classroom):
    """The course with one of its assignments; ``accompanied``: honest students hand in too."""

    accompanied: bool = True

    @property
    def neighbours(self) -> tuple[str, ...]:
        return neighbours_of(self.assignment) if self.accompanied else ()

    @property
    def source(self) -> dict[str, Any]:
        return read_source(ROOT / "assignments" / self.assignment / f"{self.assignment}.ipynb")

    @property
    def mistake(self) -> Variant:
        """What the second neighbour did wrong, and which checks that costs."""
        name = MISTAKES[self.assignment]
        path = ROOT / "reference" / self.assignment / "variants" / "wrong" / f"{name}.py"
        return parse_variant(path.read_text(), name, "wrong")

    @property
    def nickname_task(self) -> tuple[str, str] | None:
        """The task and the name of the nickname, where the assignment has a leaderboard."""
        rule = self.workspace.course.assignment(self.assignment).leaderboard
        return (rule.task, rule.name) if rule else None

    def honest(self) -> dict[str, bytes]:
        """Return what the neighbours hand in, each with a canary in code and in output."""
        first = self.tasks[0]
        uploads = {}
        for student in self.neighbours:
            cells = list(self.mistake.cells) if student == WRONG else []
            cells.append(_cell(first, "before", f"print('{self.canaries[f'submission of {student}']}')"))
            variant = Variant(name=student, kind="right", why="Honest work.", cells=(
                *cells, *self._nickname(NICKNAMES[student])))
            uploads[student] = as_file(apply_variant(self.source, variant, self.released))
        return uploads

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks with an answer in code."""
        return tuple(cell["metadata"]["nbgrader"]["grade_id"] for cell in self.released["cells"]
                     if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("solution"))

    def uploads(self, attacks: Sequence[Attack]) -> dict[str, bytes]:
        """Return what the attackers hand in, and the baselines that they are compared with."""
        named = [replace(one, cells=(*one.cells, *self._nickname(nickname(one)))) for one in attacks
                 if not one.raw and not (self.nickname_task and self.nickname_task[0] in one.attacked)]
        changed = {one.name: one for one in named}
        baselines = {baseline_of(one): self._baseline(one) for one in attacks if one.baseline}
        return super().uploads([changed.get(one.name, one) for one in attacks]) | baselines

    def _nickname(self, text: str) -> tuple[VariantCell, ...]:
        if self.nickname_task is None:
            return ()
        task, name = self.nickname_task
        return (_cell(task, "replace", f"{name} = {text!r}"),)

    def _baseline(self, attack: Attack) -> bytes:
        """Return the submission of an attack with the attacked answers as they were released."""
        released = self.released
        blank = {cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"]) for cell in released["cells"]
                 if cell["metadata"].get("nbgrader", {}).get("solution")}
        cells = tuple(_cell(task, "replace", blank[task]) for task in sorted(attack.attacked))
        variant = Variant(name="baseline", kind="wrong", why="Attacked answers are blank.", cells=cells)
        return as_file(apply_variant(self.source if attack.rest == "solution" else released, variant, released))


def _cell(task: str, place: str, source: str) -> VariantCell:
    return VariantCell.model_validate({"task": task, "place": place, "source": source})


def nickname(attack: Attack) -> str:
    """Return the nickname that an attack is looked for under; never its name, which is its student id."""
    return attack.nickname or f"N {hashlib.sha256(attack.name.encode()).hexdigest()[:8]}"


def baseline_of(attack: Attack) -> str:
    """Return the student id of an attack's baseline; attacks with the same blank answers share one."""
    told = json.dumps([attack.rest, sorted(attack.attacked) if attack.rest == "solution" else []])
    return f"baseline-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def neighbours_of(assignment: str) -> tuple[str, ...]:
    """Return the honest students of an assignment."""
    return (RIGHT, WRONG) if assignment in MISTAKES else (RIGHT,)


def make_real_classroom(folder: Path, cache: Path, assignment: str, *, accompanied: bool = True) -> RealClassroom:
    """Copy this course into a new folder and plant secrets in one of its assignments.

    Args:
        cache: a folder that holds the stand-in, or takes it.
    """
    canaries = make_canaries(neighbours_of(assignment))
    room = RealClassroom(root=folder / "course", output=folder / "output", home=folder / "home",
                         temporary=folder / "temporary", canaries=canaries, assignment=assignment,
                         accompanied=accompanied)
    for made in (room.output, room.home, room.temporary):
        made.mkdir(parents=True)
    for place in ("assignments", "release", "reference", "tests/hidden"):
        shutil.copytree(ROOT / place, room.root / place, ignore=shutil.ignore_patterns("__pycache__"))
    _configure(room)
    link_stand_in(room, cache)
    _plant(room)
    return room


def _configure(room: RealClassroom) -> None:
    """Let nothing depend on the day on which it is run or on a draw, and shorten the trainings."""
    course = yaml.safe_load((ROOT / "course.yml").read_text())
    course["defaults"]["refit"] = {"share": 0, "seeds": 1, "leaderboard": "grade"}
    for settings in course["assignments"].values():
        settings["due"] = "2099-01-31T23:59:00+01:00"
    if sizes := SIZES.get(room.assignment):
        course["graders"]["cpu"]["sizes"] = PROFILE
        course["assignments"][room.assignment].setdefault("sizes", {})[PROFILE] = sizes
    (room.root / "course.yml").write_text(yaml.safe_dump(course, allow_unicode=True))


def _plant(room: RealClassroom) -> None:
    for path in room.workspace.hidden(room.assignment).glob("test_*.py"):
        told = f"\nSECRET = {room.canaries['hidden checks']!r}\n"
        path.write_text(_CHECK.sub(rf"\1  # {room.canaries['hidden checks']}", path.read_text()) + told)
    path = room.workspace.reference(room.assignment)
    reference = json.loads(path.read_bytes())
    for calibration in reference["calibrations"].values():
        calibration["runs"].append(f"{room.canaries['reference']}#1")
        if sizes := SIZES.get(room.assignment):
            # What else is known of correct runs was seen with other sizes.
            calibration |= {"facts": {}, "numbers": {}, "curves": {}, "sizes": calibration["sizes"] | sizes}
            for metric, value in REACHED[room.assignment].items():
                made = spread([value + off for off in AROUND], coverage=0.99, confidence=0.9, slack=SLACK, chance=0.1,
                              margin=0.1)
                calibration["metrics"][metric] |= json.loads(made.to_json()) | {"minimum": value - SLACK}
    path.write_text(json.dumps(reference))
    plant_everywhere(room)


@dataclass(frozen=True, kw_only=True)
class RealBatch(Batch):
    """A batch on a real assignment; ``board_page`` is the leaderboard of the class, empty where there is none."""

    room: RealClassroom
    board_page: str

    @property
    def board(self) -> list[tuple[int, str]]:
        """What the leaderboard shows: rank and name."""
        return [(int(rank), html.unescape(name)) for rank, name in _ROW.findall(self.board_page)]

    def problems(self, attack: Attack) -> list[str]:
        """Return what an attack got, one sentence each."""
        # The nickname that the test chose earns what a nickname earns.
        given = self.room.nickname_task
        named = (given[0],) if given and given[0] not in attack.attacked else ()
        judged = replace(attack, honest=(*attack.honest, *named))
        return [*super().problems(judged), *self.on_the_board(attack)]

    def baseline(self, attack: Attack) -> Result | None:
        return self.results[baseline_of(attack)] if attack.baseline else None

    def told(self, student: str) -> dict[str, str]:
        return super().told(student) | {"the leaderboard": self.board_page}

    def on_the_board(self, attack: Attack) -> list[str]:
        """Return what is wrong about the attack's place on the leaderboard."""
        if attack.board == "any":
            return []
        assert self.board, f"{attack.name} has BOARD, but {self.room.assignment} has no leaderboard"
        ranks = {name: rank for rank, name in self.board}
        mine, best = ranks.get(nickname(attack)), ranks.get(NICKNAMES[RIGHT], 0)
        if mine is None:
            return []
        if attack.board == "off":
            return [f"it is on the leaderboard, as number {mine}"]
        return [f"it is number {mine} of the leaderboard, honest work {best}"] if mine < best else []


def run_real_batch(room: RealClassroom, attacks: Sequence[Attack], mode: Isolation) -> RealBatch:
    """Grade the attacks on an assignment among its neighbours in one mode, and print its leaderboard."""
    batch = run_batch(room, attacks, mode, compare=False)
    shown = _board(room) if room.nickname_task else ""
    return RealBatch(**{name: getattr(batch, name) for name in Batch.__dataclass_fields__}, board_page=shown)


def _board(room: RealClassroom) -> str:
    page = room.output / "board.html"
    done = room.command("leaderboard", room.assignment, "--early", "--stand-in", "--html", str(page))
    assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr[-4000:]}"
    return page.read_text()


def lost_points(result: Result) -> set[str]:
    """Return the checks that did not pass."""
    return {check.id for task in result.tasks for check in task.checks if check.status is not Status.PASSED}

