"""The attacked course as nbgrader and Otter want it: same tasks, same points, hidden tests in the student's kernel.

Secret words lie where an instructor's folder holds secrets. Nothing here runs code of a submission.
"""

from __future__ import annotations

import copy
import io
import json
import secrets
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import data
from autograder.notebook.variants import Variant, VariantCell, apply_variant, solution_submission
from autograder.pipeline.session.source_notebook import read_source
from autograder.pipeline.session.variant_files import as_file
from benchmarks.attacks_asserts import POINTS, as_doctest, hidden
from benchmarks.rival import environment, nbgrader
from tests.attacks import surroundings
from tests.attacks.attack import HERE, ROOT, Attack
from tests.attacks.classroom import ASSIGNMENT, stand_in_cache

Notebook = dict[str, Any]
RIVALS = ("nbgrader", "otter")
NEIGHBOUR = "zoe"
COURSE, HOME = "/tmp/course", "/tmp/home"  # noqa: S108  (inside the container)
"""Where the course and the grader's home lie in the container."""
PLACES = ("hidden checks", "solution", "gradebook", "host file", "grader's environment", "grader's home",
          "another's work")
"""Where secret words are planted."""
BEGIN, END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "attacked-course"
# Thirty seconds for a cell, the default, is little on a busy machine.
c.Execute.timeout = 60
# Deleted test cells come back; without it, nbgrader leaves them out of the grade.
c.OverwriteCells.add_missing_cells = True
"""
OTTER_CONFIG = {"assignment_name": None, "print_summary": False, "show_hidden": False, "show_stdout": False}
INIT = '# Initialize Otter\nimport otter\ngrader = otter.Notebook("digits-mini.ipynb")'


@dataclass(frozen=True, kw_only=True)
class Bench:
    """A folder that is mounted, read-only, into every container; ``canaries`` tells where each word was planted."""

    folder: Path
    source: Notebook
    released: Mapping[str, Notebook]
    canaries: dict[str, str] = field(default_factory=dict)

    def upload(self, attack: Attack, rival: str, scratch: Path) -> bytes:
        """Return the bytes that the attacker hands in to a rival."""
        places = {"course": COURSE, "output": COURSE, "home": HOME, "temporary": "/tmp",  # noqa: S108  (the container's)
                  "neighbour": NEIGHBOUR, "scratch": str(scratch), **surroundings.PLACES}
        return attack.upload(self.source, self.released[rival], places)

    def honest(self, rival: str, *, solution: bool) -> bytes:
        """Return the solution, or the release as it was handed out."""
        released = self.released[rival]
        return as_file(solution_submission(self.source, released) if solution else released)


def make_bench(folder: Path, cache: Path | None = None) -> Bench:
    """Write both courses into the new folder ``folder``; nbgrader's own command releases its one.

    Args:
        folder: must be readable by the container's user, so its parents must be open to everyone.
        cache: a folder that holds the stand-in, or takes it; None: the repository's cache.

    Raises:
        RuntimeError: nbgrader cannot release the course.
    """
    canaries = {place: f"canary{secrets.token_hex(12)}" for place in PLACES}
    source = read_source(HERE / "course" / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
    planted = with_canary(source, canaries["solution"])
    for place in ("nbgrader", "otter", "home"):
        (folder / place).mkdir(parents=True)
    released = {"nbgrader": write_nbgrader(folder / "nbgrader", planted, canaries, folder / "temporary-home"),
                "otter": write_otter(folder / "otter", planted, canaries["hidden checks"])}
    shutil.rmtree(folder / "temporary-home")
    bench = Bench(folder=folder, source=source, canaries={**canaries, "files and sockets around": surroundings.CANARY},
                  released={rival: handed_out(release) for rival, release in released.items()})
    _machine(bench, cache or stand_in_cache(folder / "stand-in"))
    _neighbour(bench)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return bench


def _machine(bench: Bench, cache: Path) -> None:
    """Put what the grader's machine contains in addition to the course, and what runs in the container."""
    folder = bench.folder
    (folder / "environment").write_text(bench.canaries["grader's environment"])
    (folder / "host.txt").write_text(bench.canaries["host file"] + "\n")
    (folder / "home" / ".netrc").write_text(bench.canaries["grader's home"] + "\n")
    shutil.copyfile(data.prepare(data.stand_in(cache), cache).student, folder / "mnist.npz")
    shutil.copyfile(surroundings.__file__, folder / "surroundings.py")
    shutil.copyfile(ROOT / "benchmarks" / "attacks_inside.py", folder / "inside.py")


def handed_out(released: Notebook) -> Notebook:
    """Return a release as attacks of the corpus expect it: sources as texts, and a place for what our release says."""
    cells = [{**cell, "source": "".join(cell["source"])} for cell in released["cells"]]
    return {**released, "cells": cells, "metadata": {**released["metadata"], "autograder": {}}}


def with_canary(source: Notebook, canary: str) -> Notebook:
    """Return the source with a secret word in every solution."""
    mark = "### BEGIN SOLUTION\n"
    cells = [{**cell, "source": "".join(cell["source"]).replace(mark, f"{mark}# {canary}\n")}
             for cell in source["cells"]]
    return {**source, "cells": cells}


def with_hidden_tests(source: Notebook, canary: str) -> Notebook:
    """Return nbgrader's source: each test cell ends with the asserts of its task, marked as hidden."""
    made = copy.deepcopy(source)
    for cell in made["cells"]:
        if task := task_of(cell):
            cell["source"] = "".join(cell["source"]) + f"\n{BEGIN}\n{hidden(task, canary)}{END}"
    return made


def task_of(cell: Notebook) -> str | None:
    """Return the task whose test cell this is; None for other cells."""
    meta = cell["metadata"].get("nbgrader", {})
    if not meta.get("grade") or meta.get("solution") or cell["cell_type"] != "code":
        return None
    return str(meta["grade_id"]).removeprefix("test-")


def for_otter(source: Notebook) -> Notebook:
    """Return the student's notebook of Otter: `grader.check` in the place of each test cell."""
    made = copy.deepcopy(source)
    for cell in made["cells"]:
        if task := task_of(cell):
            cell["source"] = f'grader.check("{task}")'
        elif cell["cell_type"] == "code":
            cell["source"] = _released("".join(cell["source"]))
        cell["metadata"].pop("autograder", None)
    init: Notebook = {"cell_type": "code", "id": "init", "metadata": {}, "source": INIT, "outputs": [],
                      "execution_count": None}
    made["cells"].insert(0, init)
    made["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return made


def _released(text: str) -> str:
    return "# YOUR CODE HERE\n..." if "BEGIN SOLUTION" in text else text


def otter_test(task: str, canary: str) -> str:
    """Return Otter's test file of a task, in the format that `otter assign` writes by default."""
    case = {"code": as_doctest(hidden(task, canary)), "hidden": True, "locked": False, "points": POINTS[task]}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    test = {"name": task, "points": None, "suites": [suite]}
    return f"OK_FORMAT = True\n\ntest = {test!r}\n"


def write_nbgrader(folder: Path, source: Notebook, canaries: Mapping[str, str], home: Path) -> Notebook:
    """Write nbgrader's course and return the release that its own command makes of it."""
    place = folder / "source" / ASSIGNMENT
    place.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG)
    made = with_hidden_tests(source, canaries["hidden checks"])
    made["metadata"]["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (place / f"{ASSIGNMENT}.ipynb").write_bytes(as_file(made))
    env = environment(home, folder / "unused")
    if nbgrader(folder, env, "generate_assignment", ASSIGNMENT).wait():
        raise RuntimeError(f"nbgrader cannot release the course: {(folder / 'log').read_text()[-2000:]}")
    name = ("-c", "import sys; from nbgrader.api import Gradebook; "
            "Gradebook('sqlite:///gradebook.db').add_student('secret', first_name=sys.argv[1])")
    subprocess.run([sys.executable, *name, canaries["gradebook"]], cwd=folder, env=env, check=True, capture_output=True)
    (folder / "log").unlink()
    released: Notebook = json.loads((folder / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_bytes())
    return released


def write_otter(folder: Path, source: Notebook, canary: str) -> Notebook:
    """Write what an instructor has after `otter assign`: source, autograder zip; return the student's notebook."""
    (folder / "dist").mkdir()
    (folder / f"{ASSIGNMENT}.ipynb").write_bytes(as_file(with_hidden_tests(source, canary)))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("otter_config.json", json.dumps(OTTER_CONFIG))
        for task in POINTS:
            archive.writestr(f"tests/{task}.py", otter_test(task, canary))
    (folder / "dist" / "autograder.zip").write_bytes(packed.getvalue())
    return for_otter(source)


def _neighbour(bench: Bench) -> None:
    """Put an honest student's work, with a secret word, next to the attacker's."""
    for rival in RIVALS:
        canary = bench.canaries["another's work"]
        first = VariantCell(task="parameters", place="replace", source=f"parameters = 19090\nprint('{canary}')")
        variant = Variant(name=NEIGHBOUR, kind="right", why="Honest work.", cells=(first,))
        path = bench.folder / rival / "submitted" / NEIGHBOUR / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(as_file(apply_variant(bench.source, variant, bench.released[rival])))
