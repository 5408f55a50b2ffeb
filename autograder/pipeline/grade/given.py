"""The values that a run continues from: the solution's arrays and compile settings, made once per assignment and data.

`autograder.pipeline.grade.continuation` says when they are given, and what counts then.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autograder import notebook
from autograder.errors import ExecutionError
from autograder.model import JobCell, Limits, Mount, NotebookJob
from autograder.pipeline.fingerprint import digest
from autograder.pipeline.grade.settings import SUFFIX, read_settings
from autograder.workspace.storage import replace_folder

if TYPE_CHECKING:
    from autograder.pipeline.grade.continuation import Chain
    from autograder.pipeline.session.session import Session

FOLDER = "/continue"
INDEX = "digests.json"
_LOCK = threading.Lock()
_SAVE = "import numpy\nnumpy.save({path!r}, numpy.asarray({name}))"
_SAVE_SETTINGS = ("import json\nwith open({path!r}, 'w') as _stream:\n"
                  "    json.dump({name}.get_compile_config(), _stream)")
_PATIENCE = 5
"""The solution gets this many times a student's time: it runs only once, and a busy machine must not fail a class."""
_LONGEST = 24 * 3600.0
_EXTRA = 1_000_000
"""Indices of our own cells in the run that makes the arrays: above those of any notebook."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """The solution's values of the names that a run continues from.

    ``id`` changes with the solution and the data; ``digests`` has, per task in the order of the notebook and per name,
    the digest of its file; ``settings`` has, per task, the names among them whose models are compiled. ``compiling``
    contains all tasks whose solution compiles something.
    """

    id: str
    folder: Path
    digests: Mapping[str, Mapping[str, str]]
    settings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    compiling: frozenset[str] = frozenset()

    def put_into(self, job: NotebookJob, chain: Chain) -> NotebookJob:
        """Return the job with the results of ``chain``, and no others, mounted and set after its tasks."""
        mounts: list[Mount] = []
        inject: dict[str, dict[str, str]] = {}
        for task in chain:
            for name in self.digests[task]:
                file = self.file(task, name)
                target = f"{FOLDER}/{file}"
                mounts.append(Mount(source=self.folder / file, target=target))
                inject.setdefault(task, {})[name] = target
        return job.model_copy(update={"mounts": (*job.mounts, *mounts), "inject": inject})

    def answered(self, chain: Chain) -> frozenset[str]:
        """Return the later tasks whose own answers could be copied from what a run with ``chain`` is given.

        An array that the name already has when the task begins is no answer, since everyone has it. And whoever sees
        how one model is compiled may know how others are: then no task counts whose solution compiles anything.
        """
        shown = {found for task in chain for found in self.digests[task].values()}
        previous = {name: found for task in chain for name, found in self.digests[task].items()}
        tasks = list(self.digests)
        copied = frozenset(
            task for task in tasks[tasks.index(chain[-1]) + 1:]
            if any(found in shown and previous.get(name) != found for name, found in self.digests[task].items()))
        return copied | (self.compiling if any(self.settings.get(task) for task in chain) else frozenset())

    def file(self, task: str, name: str) -> str:
        """Return the name of the file that contains the value of ``name``."""
        return _file(task, name, settings=name in self.settings.get(task, ()))


def prepare_correct_results(session: Session, drawn: Mapping[str, int | float] | None = None) -> Given:
    """Return the solution's values for every task with a continuation; their files are made once and cached.

    Args:
        drawn: the student's own sizes: the solution runs with these.

    Raises:
        ExecutionError: the solution did not make all of them.
    """
    from autograder.pipeline.session.variant_files import SOLUTION, merged_variant

    job = _solution_job(session, drawn or {})
    made_by = digest([job.model_dump(mode="json"), session.continuation, session.compiled, session.data_name,
                      INDEX])[:16]
    folder = session.workspace.cache / "continue" / session.assignment.id / made_by
    with _LOCK:
        if not folder.is_dir():
            _make(session, job, folder)
    digests = json.loads((folder / INDEX).read_text())
    settings = {task: tuple(name for name in names if name in digests[task])
                for task, names in session.compiled.items()}
    return Given(id=made_by, folder=folder, digests=digests, settings=settings,
                 compiling=notebook.compiling_tasks(merged_variant(session, SOLUTION).notebook))


def _file(task: str, name: str, *, settings: bool) -> str:
    return f"{task}-{name}{SUFFIX if settings else '.npy'}"


def _solution_job(session: Session, drawn: Mapping[str, int | float]) -> NotebookJob:
    from autograder.pipeline.grade.attempt import make_job
    from autograder.pipeline.session.variant_files import SOLUTION, merged_variant

    return make_job(session, notebook.with_draw(merged_variant(session, SOLUTION), drawn), seed=1, key="00" * 32)


def _make(session: Session, job: NotebookJob, folder: Path) -> None:
    names = {task.id: session.continuation.get(task.id, ()) for task in session.layout.tasks
             if task.id in session.continuation or task.id in session.compiled}
    cells = _with_saving(job.cells, names, session.compiled)
    with replace_folder(folder) as fresh:
        session.own_pool.run_notebook(job.model_copy(update={"cells": cells, "limits": _patient(job.limits)}),
                                      fresh / "run")
        digests = {task: {name: _take(session, fresh, _file(task, name, settings=False)) for name in own}
                   for task, own in names.items()}
        for task, own in session.compiled.items():
            digests[task] |= {name: found for name in own
                              if (found := _take_settings(fresh, _file(task, name, settings=True)))}
        (fresh / INDEX).write_text(json.dumps(digests))


def _patient(limits: Limits) -> Limits:
    return limits.model_copy(update={"cell_seconds": min(_PATIENCE * limits.cell_seconds, _LONGEST),
                                     "notebook_seconds": min(_PATIENCE * limits.notebook_seconds, _LONGEST)})


def _take(session: Session, fresh: Path, name: str) -> str:
    """Move one array out of the run's folder and return the digest of its file.

    Raises:
        ExecutionError: it does not exist.
    """
    made = fresh / "run" / name
    try:
        np.load(made, allow_pickle=False)
    except (OSError, ValueError):
        raise ExecutionError(f"The solution of {session.assignment.id} was expected to leave {made.stem}, but "
                             "it did not; run `autograder release` to see what is wrong with it.") from None
    made.rename(fresh / name)
    (fresh / name).chmod(0o644)
    with (fresh / name).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _take_settings(fresh: Path, name: str) -> str | None:
    """Write the compile settings of one model and return their digest; None where they cannot be passed on."""
    found = read_settings(fresh / "run" / name)
    if found is None:
        return None
    (fresh / name).write_text(json.dumps(found, sort_keys=True))
    (fresh / name).chmod(0o644)
    return digest(found)


def _with_saving(
    cells: Sequence[JobCell], names: Mapping[str, Sequence[str]], compiled: Mapping[str, Sequence[str]]
) -> tuple[JobCell, ...]:
    """Return the cells up to the last task with a continuation, each of whose test cells is followed by saving ones."""
    kept: list[JobCell] = []
    last = 0
    for cell in cells:
        kept.append(cell)
        task = cell.task or ""
        for settings, own, code in ((False, names, _SAVE), (True, compiled, _SAVE_SETTINGS)):
            for name in own.get(task, ()):
                path = f".out/{_file(task, name, settings=settings)}"
                kept.append(JobCell(index=_EXTRA + len(kept), source=code.format(path=path, name=name)))
                last = len(kept)
    return tuple(kept[:last])
