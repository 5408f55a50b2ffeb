"""Copying what lies around in a continued run earns nothing: over all assignments, with the real sandbox and checks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Basis, CellStatus, Ending, Execution, Result, Status
from autograder.notebook.variants import Variant, VariantCell, apply_variant
from autograder.pipeline.release.proof import grade_notebook
from autograder.pipeline.session.options import RunOptions
from autograder.pipeline.session.session import Session, open_session
from autograder.pipeline.session.source_notebook import read_source
from autograder.workspace.layout import open_workspace
from tests.assignments.common import ROOT, Assignment, every_assignment

pytestmark = pytest.mark.slow
Names = dict[str, tuple[str, ...]]

COPY = '''
import gc as _gc, json as _json, os as _os, keras as _keras, numpy as _np
_task = {task!r}
_paths = set({known!r})
for _top in ("/continue", _os.getcwd(), "/"):
    for _folder, _inside, _files in _os.walk(_top):
        if _folder == "/":
            _inside[:] = [_one for _one in _inside if _one not in ("proc", "sys", "dev", "usr", "lib", "lib64", "work")]
        _paths |= {{_os.path.join(_folder, _file) for _file in _files if _file.endswith((".npy", ".npz", ".json"))}}
for _one in _gc.get_objects():
    if type(_one) is dict and "inject" in _one:
        _paths |= {{_path for _names in dict(_one["inject"]).values() for _path in _names.values()}}
_found, _settings = {{}}, []
for _path in sorted(_paths, key=lambda path: (f"{{_task}}-" in path, path)):
    try:
        if _path.endswith(".json"):
            _settings.append(_json.load(open(_path)))
        else:
            _found[_path] = _np.load(_path, allow_pickle=False)
    except Exception:
        continue
for _path, _array in _found.items():
    _name = _os.path.basename(_path).rpartition("-")[2].removesuffix(".npy")
    if _name.isidentifier():
        globals()[_name] = _array
for _one in _settings:
    for _model in [_value for _value in list(globals().values()) if isinstance(_value, _keras.Model)]:
        try:
            _model.compile_from_config(_one)
        except Exception:
            continue
'''
"""The copier's answer: every readable array, by whatever path, under its own name; the task's own come last. Every
model there is gets compiled by whatever settings lie around.

Folders are walked, what the process holds is searched, and the paths that follow from the release are tried.
"""


def copier(source: dict[str, Any], released: dict[str, Any], tasks: Names) -> dict[str, Any]:
    known = sorted(f"/continue/{task}-{name}.{kind}" for task, names in tasks.items() for name in names
                   for kind in ("npy", "json"))
    cells = [VariantCell(task=task, place="replace", source=COPY.format(task=task, known=known)) for task in tasks]
    return apply_variant(source, Variant(name="copier", kind="wrong", why="Copies.", cells=tuple(cells)), released)


def blank(source: dict[str, Any], released: dict[str, Any], tasks: Names) -> dict[str, Any]:
    cells = [VariantCell(task=task, place="replace", source="# YOUR CODE HERE") for task in tasks]
    return apply_variant(source, Variant(name="blank", kind="wrong", why="Blank.", cells=tuple(cells)), released)


@contextmanager
def graders(name: str, folder: Path) -> Iterator[Session]:
    workspace = replace(open_workspace(ROOT), output=folder)
    options = RunOptions(workers=1, allow_stand_in=True, force_stand_in=True, profile="short", calibrated=False)
    with open_session(workspace, name, options) as session:
        yield session


def measured(result: Result) -> dict[str, float]:
    assert result.status == "graded", result.message
    return {check.id: check.earned or 0.0 for task in result.tasks for check in task.checks
            if check.basis is Basis.MEASURED}


def run_to_the_end(folder: Path) -> bool:
    """Whether every cell of a run ended by itself: on a machine that is too busy, limits end runs, and points go."""
    execution = Execution.from_json((folder / "execution.json").read_bytes())
    return execution.ending is Ending.COMPLETED and all(
        cell.status in (CellStatus.OK, CellStatus.ERROR) for cell in execution.cells)


@pytest.mark.rotates(parts=11)
@pytest.mark.parametrize(("name", "rest"), [
    *((name, "blank") for name in every_assignment()), ("first-network", "solution"), ("mlp-digits", "solution")])
def test_who_copies_what_is_found_has_no_more_than_who_leaves_it_blank(
    name: str, rest: str, tmp_path: Path
) -> None:
    """As somebody who copies and does nothing else, and as one who has the right answer where nothing is given."""
    with graders(name, tmp_path) as session:
        base = session.release if rest == "blank" else read_source(session.workspace.source(name))
        continued = dict(session.continuation) | dict(session.compiled)
        tasks = continued if rest == "solution" else dict.fromkeys(Assignment(name).tasks(), ()) | continued
        copied = grade_notebook(session, "copier", copier(base, session.release, tasks))
        left = grade_notebook(session, "blank", blank(base, session.release, tasks))
        folder = session.workspace.results("copier", name) / "continued"
        assert all(run_to_the_end(path) for path in folder.iterdir()), "cut short, a run proves nothing"
        gained = {check: earned for check, earned in measured(copied).items() if earned > measured(left)[check]}
        assert sum(measured(copied).values()) <= sum(measured(left).values()), gained
        assert rest != "blank" or not any(measured(left).values()), "nothing written earns nothing, given what may be"
        made = {path.name for path in folder.iterdir()}
        assert set(session.continuation) <= made <= set(continued), "each wrong task had its own run"
        for task, names in session.continuation.items():
            lines = (folder / task / "artifacts" / "checkpoints.jsonl").read_text().splitlines()
            held = {line["task"]: set(line["names"]) for line in map(json.loads, lines)}
            assert set(names) <= held[task], "what was given was found and copied, or this would prove nothing"


@pytest.mark.rotates(parts=2)
@pytest.mark.parametrize("answer", [copier, blank], ids=["copier", "blank"])
def test_compile_settings_train_no_model_for_who_built_none(answer: Any, tmp_path: Path) -> None:
    """Only the student's own model is compiled: without one, training, evaluation and predictions earn nothing."""
    with graders("first-network", tmp_path) as session:
        source, compiled = read_source(session.workspace.source("first-network")), dict(session.compiled)
        result = grade_notebook(session, "student", answer(source, session.release, compiled | {"build": ()}))
        needs_model = [check for task in result.tasks for check in task.checks
                       if task.id in ("build", "compile", "fit", "evaluate", "predict", "confusion")]
        assert needs_model and not [check for check in needs_model if check.status is Status.PASSED]
