"""Going on from the reference's arrays, so that one mistake costs once.

A task opts in through its answer cell's ``metadata.autograder.continue``: names of arrays that later steps build on.
When a check of such a task fails, the notebook is run once more with these names set to what the solution makes of
them just after the task; checks of later tasks count as the better of both runs.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from autograder import notebook
from autograder.errors import ExecutionError
from autograder.model import CheckResult, JobCell, Mount, NotebookJob, Status
from autograder.pipeline.fingerprint import digest
from autograder.pipeline.storage import replace_folder

if TYPE_CHECKING:
    from autograder.pipeline.attempt import Attempt
    from autograder.pipeline.context import GradingContext

FOLDER = "/continue"
_LOCK = threading.Lock()
_SAVE = "import numpy\nnumpy.save({path!r}, numpy.asarray({name}))"
_EXTRA = 1_000_000
"""Indices of our own cells in the run that makes the arrays: above those of any notebook."""

_WITHOUT_POINTS = (Status.FAILED, Status.BLOCKED, Status.UNJUDGED)
"""Unjudged too: images that a wrong step has scrambled leave the grader nothing to ask a model about."""

Names = Mapping[str, tuple[str, ...]]


def opted(release: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """Return the names to go on from, by task that opts in."""
    cells = release.get("cells")
    found: dict[str, tuple[str, ...]] = {}
    for cell in cells if isinstance(cells, list) else ():
        names = cell.get("metadata", {}).get("autograder", {}).get("continue")
        task = notebook.grade_id(cell)
        if names and task and notebook.is_answer(cell):
            found[task] = tuple(str(name) for name in names)
    return found


def failed_tasks(context: GradingContext, results: Sequence[CheckResult]) -> tuple[str, ...]:
    """Return the tasks that opted in and that the student got wrong, in the order of the notebook."""
    failed = {check.task for check in results if check.status in (Status.FAILED, Status.BLOCKED)}
    reached = {check.task for check in results if check.status is not Status.NOT_REACHED}
    return tuple(task.id for task in context.layout.tasks
                 if task.id in context.continuation and task.id in failed and task.id in reached)


def worth_it(context: GradingContext, results: Sequence[CheckResult]) -> bool:
    """Whether a later step lost points that the mended arrays could give back."""
    tasks = failed_tasks(context, results)
    later = _later(context, tasks) if tasks else frozenset()
    return any(check.status in _WITHOUT_POINTS and check.task in later for check in results)


def mended(context: GradingContext, job: NotebookJob, tasks: Sequence[str]) -> NotebookJob:
    """Return the job with the reference's arrays put in after each of ``tasks``."""
    arrays = reference_arrays(context)
    paths = [path for task in tasks for path in arrays[task].values()]
    mounts = tuple(Mount(source=path, target=f"{FOLDER}/{path.name}") for path in paths)
    inject = {task: {name: f"{FOLDER}/{path.name}" for name, path in arrays[task].items()} for task in tasks}
    return job.model_copy(update={"mounts": (*job.mounts, *mounts), "inject": inject})


def better(context: GradingContext, first: Attempt, second: Attempt) -> Attempt:
    """Return the first attempt with the later tasks' checks replaced where the second run passed them."""
    tasks = failed_tasks(context, first.checks)
    later, titles = _later(context, tasks), {task.id: task.title for task in context.layout.tasks}
    passed = {check.id: check for check in second.checks
              if check.task in later and (check.status is Status.PASSED or check.status.withheld)}
    named = " and ".join(f"“{titles[task]}”" for task in tasks)
    note = f"Judged from here on with correct arrays, so that {named} costs its points only once."
    merged = tuple(
        passed[check.id].model_copy(update={"hint": note})
        if check.id in passed and check.status in _WITHOUT_POINTS and check.status is not passed[check.id].status
        else check
        for check in first.checks)
    return replace(first, checks=merged)


def reference_arrays(context: GradingContext) -> dict[str, dict[str, Path]]:
    """Return what the solution makes of the names to go on from, as ``.npy`` files; made once and kept.

    Raises:
        ExecutionError: the solution did not get that far.
    """
    job = _solution_job(context)
    made_by = digest([job.model_dump(mode="json"), context.continuation, context.data_name])[:16]
    folder = context.workspace.cache / "continue" / context.assignment.id / made_by
    files = {task: {name: folder / f"{task}-{name}.npy" for name in names}
             for task, names in context.continuation.items()}
    with _LOCK:
        if not folder.is_dir():
            _make(context, job, files, folder)
    return files


def _solution_job(context: GradingContext) -> NotebookJob:
    from autograder.pipeline.attempt import make_job
    from autograder.pipeline.variants import SOLUTION, merged_variant

    return make_job(context, merged_variant(context, SOLUTION), seed=1, key="00" * 32)


def _make(
    context: GradingContext, job: NotebookJob, files: Mapping[str, Mapping[str, Path]], folder: Path
) -> None:
    cells = _with_saving(job.cells, files)
    with replace_folder(folder) as fresh:
        context.own_pool.run_notebook(job.model_copy(update={"cells": cells}), fresh / "run")
        for path in (path for named in files.values() for path in named.values()):
            made = fresh / "run" / path.name
            try:
                np.load(made, allow_pickle=False)
            except (OSError, ValueError):
                raise ExecutionError(f"The solution of {context.assignment.id} was expected to leave {path.stem}, but "
                                     "it did not; run `autograder release` to see what is wrong with it.") from None
            made.rename(fresh / path.name)
            (fresh / path.name).chmod(0o644)


def _with_saving(cells: Sequence[JobCell], files: Mapping[str, Mapping[str, Path]]) -> tuple[JobCell, ...]:
    """Return the cells up to the last task that opted in, each such test cell followed by one that saves."""
    kept: list[JobCell] = []
    last = 0
    for cell in cells:
        kept.append(cell)
        for name, path in files.get(cell.task or "", {}).items():
            kept.append(JobCell(index=_EXTRA + len(kept), source=_SAVE.format(path=f".out/{path.name}", name=name)))
            last = len(kept)
    return tuple(kept[:last])


def _later(context: GradingContext, tasks: Sequence[str]) -> frozenset[str]:
    """Return the tasks after the first that went wrong, those included that went wrong too: perhaps only through it.

    Their checkpoints are written before their own arrays are put in, so what they pass there is the student's work.
    """
    order = [task.id for task in context.layout.tasks]
    return frozenset(order[order.index(tasks[0]) + 1 :])
