"""The same work graded by `autograder grade`, by `otter run` and in Gradescope's layout: points per task."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.model import Result
from autograder.notebook import read
from autograder.notebook.variants import apply_variant, parse_variant, solution_submission
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.variant_files import as_file
from autograder.workspace.layout import open_workspace
from tests.attacks.attack import Attack
from tests.attacks.classroom import Classroom

Points = dict[str, float]
PATIENCE = 1_800
"""Seconds for one command on a busy machine."""


@dataclass(frozen=True, kw_only=True)
class Course:
    """One assignment of a course, and the work that is handed in: name → notebook."""

    assignment: str
    root: Path
    folder: Path
    environment: Mapping[str, str]
    works: Mapping[str, bytes]

    def command(self, *arguments: str, module: str = "autograder", cwd: Path | None = None) -> None:
        """Run a command to its end.

        Raises:
            RuntimeError: it failed.
        """
        own = ("--course", str(self.root), "--output", str(self.folder / "output")) if module == "autograder" else ()
        done = subprocess.run([sys.executable, "-I", "-m", module, *own, *arguments], cwd=cwd or self.folder,
                              env=dict(self.environment), capture_output=True, text=True, timeout=PATIENCE, check=False)
        if done.returncode not in (0, 3, 4, 5):
            raise RuntimeError(f"{module} {arguments[0]} ended with {done.returncode}: {done.stderr[-2000:]}")


def real_course(root: Path, folder: Path, assignment: str, wrong: int) -> Course:
    """Return solution, blank release and some wrong variants of one of this course's assignments."""
    workspace = open_workspace(root)
    source, released = read_source(workspace.source(assignment)), read(workspace.release(assignment).read_bytes(), "")
    paths = sorted((workspace.reference(assignment).parent / "variants" / "wrong").glob("*.py"))
    works = {"solution": as_file(solution_submission(source, released)), "blank": as_file(released)}
    for path in paths[:: max(1, len(paths) // wrong)][:wrong]:
        works[path.stem] = as_file(apply_variant(source, parse_variant(path.read_text(), path.stem, "wrong"), released))
    kept = {name: value for name, value in os.environ.items() if name != "AUTOGRADER_DATA"}
    return Course(assignment=assignment, root=root, folder=folder, environment=kept, works=works)


def attacked_course(room: Classroom, folder: Path, attacks: list[Attack]) -> Course:
    """Return attacks and honest work on the small assignment that is made for them."""
    return Course(assignment=room.assignment, root=room.root, folder=folder, environment=room.environment,
                  works={**room.honest(), **room.uploads(attacks)})


def by_grade(course: Course) -> dict[str, Points]:
    """Return the points of each task of each work, all of it graded in one batch."""
    handed_in = course.folder / "handed-in"
    for name, content in course.works.items():
        (handed_in / name).mkdir(parents=True)
        (handed_in / name / f"{course.assignment}.ipynb").write_bytes(content)
    course.command("collect", str(handed_in), "--assignment", course.assignment, "--kind", "folder")
    course.command("grade", course.assignment, "--stand-in", "--no-gradebook")
    workspace = open_workspace(course.root, course.folder / "output")
    results = {name: Result.from_json(workspace.result(name, course.assignment).read_bytes()) for name in course.works}
    return {name: _earned({task.id: sum(check.earned or 0 for check in task.checks) for task in result.tasks})
            for name, result in results.items()}


def by_otter(course: Course) -> dict[str, Points]:
    """Return the same by `otter run`, one command per work."""
    goal = course.folder / "otter"
    course.command("export", "otter", course.assignment, f"--into={goal}", "--stand-in", "--no-proof")
    found = {}
    for name, content in course.works.items():
        into = course.folder / "otter-runs" / name
        into.mkdir(parents=True)
        (into / "work.ipynb").write_bytes(content)
        course.command("run", str(into / "work.ipynb"), "-a", str(goal / "autograder.zip"), "-o", str(into),
                       "--no-logo", module="otter", cwd=into)
        shown = json.loads((into / "results.json").read_text())
        found[name] = _earned({test["name"]: test["score"] for test in shown["tests"]})
    return found


def by_gradescope(course: Course) -> dict[str, Points]:
    """Return the same by the command of `run_autograder`, each work in a fresh copy of Gradescope's folders."""
    archive = course.folder / f"{course.assignment}.zip"
    course.command("export", "gradescope", course.assignment, f"--into={archive}", "--stand-in")
    found = {}
    for name, content in course.works.items():
        root = course.folder / "gradescope-runs" / name
        for part in ("submission", "results"):
            (root / part).mkdir(parents=True)
        with zipfile.ZipFile(archive) as made:
            made.extractall(root / "source")
        (root / "submission" / "my work.ipynb").write_bytes(content)
        course.command("container", "gradescope", "--root", str(root), "--assignment", course.assignment, "--stand-in")
        points: Points = {}
        for test in json.loads((root / "results" / "results.json").read_text())["tests"]:
            task = test["extra_data"]["task"]
            points[task] = points.get(task, 0) + test["score"]
        found[name] = _earned(points)
        shutil.rmtree(root)
    return found


def _earned(points: Points) -> Points:
    """Leave out tasks without points: a refused notebook has no tests on some platforms and zeros on others."""
    return {task: round(earned, 6) for task, earned in points.items() if earned}
