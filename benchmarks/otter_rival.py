"""Otter's side: its own `otter run` on the same hand-ins, with the same asserts in its test files.

Otter grades one notebook per command, in a kernel of its own; `otter grade` starts a container around each and needs
Docker, so that it would only be slower.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.asserts import ASSERTS, HELPERS
from benchmarks.attacks_asserts import as_doctest
from benchmarks.course import Notebook
from benchmarks.ours import Failed, children_cpu
from benchmarks.rival import Rival

NAME = "work.ipynb"
INIT = f'import otter\ngrader = otter.Notebook("{NAME}")'
CONFIG = {"assignment_name": None, "print_summary": False, "show_hidden": False, "show_stdout": False}


def write_autograder(path: Path) -> None:
    """Write the zip that `otter assign` would make: a test file for each task, in its default format."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", json.dumps(CONFIG))
        for task in ASSERTS:
            archive.writestr(f"tests/{task}.py", _test(task))


def _test(task: str) -> str:
    # Each test runs with names of its own, so what several of them use is in each.
    text = ASSERTS[task] if HELPERS in ASSERTS[task] else HELPERS + ASSERTS[task]
    case = {"code": as_doctest(text), "hidden": True, "locked": False, "points": 1}
    suite = {"cases": [case], "scored": True, "setup": "", "teardown": "", "type": "doctest"}
    return f"OK_FORMAT = True\n\ntest = {({'name': task, 'points': None, 'suites': [suite]})!r}\n"


def for_otter(notebook: Notebook) -> Notebook:
    """Return a hand-in as Otter has it: ``grader.check`` in the place of each test cell, so that its tests run."""
    cells = [{**cell, "source": f'grader.check("{task}")', "metadata": {}} if (task := _task(cell)) else cell
             for cell in notebook["cells"]]
    init: Notebook = {"cell_type": "code", "id": "init", "metadata": {}, "source": INIT, "outputs": [],
                      "execution_count": None}
    return {**notebook, "cells": [init, *cells]}


def _task(cell: Notebook) -> str | None:
    meta = cell["metadata"].get("nbgrader", {})
    graded = cell["cell_type"] == "code" and meta.get("grade") and not meta.get("solution")
    return str(meta["grade_id"]).removeprefix("test-") if graded else None


def grade(folder: Path, env: Mapping[str, str], notebooks: Sequence[Path], *, processes: int) -> Rival:
    """Run Otter on each notebook, so many commands at the same time, and time them together.

    Args:
        folder: a new folder for the zip and for what Otter writes.

    Raises:
        Failed: Otter failed, or a submission has not full marks, so that nothing can be compared.
    """
    folder.mkdir(parents=True)
    write_autograder(folder / "autograder.zip")

    def run(notebook: Path) -> None:
        into = folder / notebook.parent.parent.name
        into.mkdir()
        (into / NAME).write_text(json.dumps(for_otter(json.loads(notebook.read_bytes()))))
        command = (sys.executable, "-m", "otter", "run", NAME, "-a", str(folder / "autograder.zip"),
                   "-o", str(into), "--no-logo")
        done = subprocess.run(command, cwd=into, env=dict(env), capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failed(f"otter run ended with {done.returncode}: {done.stderr[-2000:]}")
        _require_full_marks(into / "results.json", notebook)

    before, start = children_cpu(), time.perf_counter()
    with ThreadPoolExecutor(processes) as several:
        list(several.map(run, notebooks))
    return Rival(tool="otter run", processes=processes, wall=time.perf_counter() - start,
                 cpu=children_cpu() - before, count=len(notebooks))


def _require_full_marks(results: Path, notebook: Path) -> None:
    tests = json.loads(results.read_text())["tests"]
    lost = [test["name"] for test in tests if test.get("max_score") and test.get("score") != test["max_score"]]
    if lost or len([test for test in tests if test.get("max_score")]) != len(ASSERTS):
        raise Failed(f"Otter took points of {notebook} for {lost}, so the comparison would be void.")
