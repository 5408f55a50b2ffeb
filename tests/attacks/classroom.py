"""The attacked course with secrets planted everywhere, and one real batch of attackers among honest students."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from autograder import data
from autograder.model import Calibration, Isolation, MetricSpread, Reference, Result
from autograder.notebook.variants import Variant, VariantCell, apply_variant
from autograder.pipeline.release.release import release_assignment
from autograder.pipeline.session.calibration import installed_versions
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.variant_files import as_file
from autograder.sandbox.isolation import features
from autograder.workspace.layout import Workspace, open_workspace
from tests.attacks import surroundings
from tests.attacks.attack import HERE, ROOT, SMALL, Attack

ASSIGNMENT = SMALL
FULL_WORK, HALF_WORK = ("aaron", "zoe"), "mia"
NEIGHBOURS = (*FULL_WORK, HALF_WORK)
"""The first, the last and one in the middle of the class: graded before, during and after the attacks."""
HALF_TASKS = ("reshape", "one-hot", "build", "parameters")
MINIMUM = 0.45
LABELS = 40  # digits in a row of the holdout's labels that no output can hold by chance
PATIENCE = 1500  # seconds for a command, on a busy machine


def offered_modes() -> list[Isolation]:
    """Return the isolation modes of this machine, strongest first."""
    found = {feature.name: feature.available for feature in features.survey()}
    best = features.best_isolation()
    modes = [best] if best else []
    if found["namespaces"] and Isolation.NAMESPACES not in modes:
        modes.append(Isolation.NAMESPACES)
    if found["landlock"] and (found["landlock-scopes"] or found["own-user"]) and Isolation.RESTRICTED not in modes:
        modes.append(Isolation.RESTRICTED)
    return modes


@dataclass(frozen=True, kw_only=True)
class Classroom:
    """A course folder with canaries; ``canaries`` tells where each was planted."""

    root: Path
    output: Path
    home: Path
    temporary: Path
    canaries: dict[str, str] = field(default_factory=dict)
    assignment: str = ASSIGNMENT

    @property
    def neighbours(self) -> tuple[str, ...]:
        """The honest students."""
        return NEIGHBOURS

    @property
    def workspace(self) -> Workspace:
        return open_workspace(self.root, self.output)

    @property
    def environment(self) -> dict[str, str]:
        """What the grader's process has in its environment: a home and a temporary folder of its own, and a secret."""
        kept = {name: value for name, value in os.environ.items() if name != "AUTOGRADER_DATA"}
        return kept | {"HOME": str(self.home), "TMPDIR": str(self.temporary),
                       "GRADER_TOKEN": self.canaries["grader's environment"]}

    def hand_in(self, uploads: dict[str, bytes]) -> None:
        """Collect one upload per student."""
        folder = self.output / f"downloads-{secrets.token_hex(4)}"
        for student, content in uploads.items():
            path = folder / student / f"{self.assignment}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_bytes(content)
        done = self.command("collect", str(folder), "--assignment", self.assignment, "--kind", "folder")
        assert done.returncode == 0, f"exit code {done.returncode}: {done.stderr[-4000:]}"
        shutil.rmtree(folder)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the command line to its end."""
        command = [sys.executable, "-m", "autograder", "--course", str(self.root), "--output", str(self.output),
                   *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.environment, text=True, capture_output=True,
                              timeout=PATIENCE, check=False)

    def honest(self) -> dict[str, bytes]:
        """Return what the neighbours hand in, each with a canary in code and in output."""
        source, released = self.source, self.released
        answers = {cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"]) for cell in source["cells"]}
        uploads = {}
        for student in NEIGHBOURS:
            canary = self.canaries[f"submission of {student}"]
            first = f"{answers['reshape']}\nprint('{canary}')".replace("### ", "# ")
            cells = [VariantCell(task="reshape", place="replace", source=first)]
            base = source
            if student == HALF_WORK:
                cells += [VariantCell(task=task, place="replace", source=answers[task].replace("### ", "# "))
                          for task in HALF_TASKS[1:]]
                base = released
            variant = Variant(name=student, kind="right", why="Honest work.", cells=tuple(cells))
            uploads[student] = as_file(apply_variant(base, variant, released))
        return uploads

    @property
    def source(self) -> dict[str, Any]:
        """The instructor's notebook as it was before the secret was planted, for the answers of students."""
        return read_source(HERE / "course" / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")

    @property
    def released(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.workspace.release(self.assignment).read_bytes())
        return loaded

    def uploads(self, attacks: Sequence[Attack]) -> dict[str, bytes]:
        """Return what the attackers hand in."""
        places = {"course": str(self.root), "output": str(self.output), "home": str(self.home),
                  "temporary": str(self.temporary), "neighbour": (self.neighbours or NEIGHBOURS)[-1],
                  "scratch": str(self.temporary), **surroundings.PLACES}
        source, released = self.source, self.released
        return {attack.name: attack.upload(source, released, places) for attack in attacks}

    def result(self, student: str) -> Result:
        return Result.from_json(self.workspace.result(student, self.assignment).read_bytes())


def make_classroom(folder: Path, cache: Path) -> Classroom:
    """Make, plant, and release the attacked course in a new folder.

    Args:
        cache: a folder that holds the stand-in, or takes it.
    """
    room = Classroom(root=folder / "course", output=folder / "output", home=folder / "home",
                     temporary=folder / "temporary", canaries=make_canaries(NEIGHBOURS))
    canaries = room.canaries
    for made in (room.output, room.home, room.temporary):
        made.mkdir(parents=True)
    shutil.copytree(HERE / "course", room.root)
    prepared = link_stand_in(room, cache)
    _plant(room)
    reference = _reference(f"{prepared.name}:{prepared.fingerprint}", canaries["reference"])
    room.workspace.reference(ASSIGNMENT).write_text(reference.to_json())
    release_assignment(room.workspace, ASSIGNMENT, prove=None)
    return room


def with_limits(room: Classroom, *, cell: str, notebook: str) -> Classroom:
    """Give the attacked course other limits of time."""
    path = room.root / "course.yml"
    wanted = {"cell_time": cell, "notebook_time": notebook}
    text, count = re.subn(r"(cell_time|notebook_time): .*", lambda found: f"{found[1]}: {wanted[found[1]]}",
                          path.read_text())
    assert count == len(wanted)
    path.write_text(text)
    return room


def make_canaries(neighbours: Sequence[str]) -> dict[str, str]:
    """Return a secret word for every place that students must not see."""
    places = ("hidden checks", "reference", "notes next to the reference", "solution", "gradebook", "host file",
              "grader's environment", "grader's home", *(f"submission of {student}" for student in neighbours))
    return {place: f"canary{secrets.token_hex(12)}" for place in places} | {"surroundings": surroundings.CANARY}


def link_stand_in(room: Classroom, cache: Path) -> data.Prepared:
    """Give the course the embedded digits without making them again, and watch for the labels of their holdout."""
    prepared = data.prepare(data.stand_in(cache), cache)
    own = room.root / ".cache"
    own.mkdir()
    for path in (*cache.glob("stand-in-*.npz"), cache / "data"):
        (own / path.name).symlink_to(path.resolve())
    holdout = np.load(prepared.holdout_labels, allow_pickle=False)
    room.canaries["labels of the holdout"] = "".join(map(str, holdout[:LABELS]))
    return prepared


def _plant(room: Classroom) -> None:
    checks = room.workspace.hidden(ASSIGNMENT) / "test_digits_mini.py"
    checks.write_text(checks.read_text().replace("{{ canary }}", room.canaries["hidden checks"]))
    room.workspace.reference(ASSIGNMENT).parent.mkdir(parents=True)
    plant_everywhere(room)


def plant_everywhere(room: Classroom) -> None:
    """Put secrets next to the reference, into the solution, the grader's home and the folder above the course."""
    canaries = room.canaries
    notes = room.workspace.reference(room.assignment).parent / "notes.txt"
    notes.write_text(canaries["notes next to the reference"] + "\n")
    source = room.workspace.source(room.assignment)
    mark = "### BEGIN SOLUTION\\n"
    source.write_text(source.read_text().replace(mark, f"{mark}# {canaries['solution']}\\n"))
    (room.root.parent / "host.txt").write_text(canaries["host file"] + "\n")
    (room.home / ".netrc").write_text(canaries["grader's home"] + "\n")


def plant_gradebook(room: Classroom) -> None:
    """Put a student with a secret name into the gradebook."""
    from autograder.gradebook.database import open_gradebook  # nbgrader takes two seconds to import

    with open_gradebook(room.workspace.gradebook, room.workspace.course.id) as book:
        book.add_student("secret", first_name=room.canaries["gradebook"])


def _reference(data_name: str, canary: str) -> Reference:
    """Return a reference set by hand: what matters here is the minimum, not how it was found."""
    spread = MetricSpread(
        values=(0.6,), mean=0.6, deviation=0.02, tolerance_bound=0.5, coverage=0.9, confidence=0.9, slack=0.05,
        minimum=MINIMUM, maximum=None, false_fail=None)
    calibration = Calibration(
        data=data_name, device="cpu", versions=installed_versions(), runs=(f"{canary}#1",),
        calibrated_at=datetime.now(UTC).isoformat(timespec="seconds"), metrics={"fit/model": spread})
    return Reference(assignment=ASSIGNMENT, calibrations={f"{data_name.split(':')[0]}/cpu": calibration})


def stand_in_cache(fallback: Path) -> Path:
    """Return the repository's cache where it has the stand-in, which takes ten seconds to make, else ``fallback``."""
    cache = ROOT / ".cache"
    return cache if list(cache.glob("stand-in-*.npz")) else fallback
