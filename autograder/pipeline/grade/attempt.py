"""One attempt at one submission: run it, read what it left, ask its models, judge."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import checks, notebook
from autograder.errors import ReadingError
from autograder.model import CellRun, CellStatus, CheckResult, Execution, Merged, NotebookJob, SlotStatus
from autograder.model.base import Value
from autograder.pipeline.fingerprint import execution_fingerprint
from autograder.pipeline.grade.predict import predict
from autograder.pipeline.reading.budgets import LEFT_OUT, read
from autograder.pipeline.reading.planning import Asked, Plan, Questions
from autograder.pipeline.reading.trainings import Trainings
from autograder.pipeline.session.questions import asked
from autograder.pipeline.session.session import STUDENT_DATA, GradingContext


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What one run with one seed left in ``folder``, and how it was judged.

    ``trainings`` is what it told of them, None where it could not be read within its budget.
    """

    folder: Path
    seed: int
    execution: Execution
    checks: tuple[CheckResult, ...]
    staff_flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    trainings: Trainings | None = None

    @property
    def earned(self) -> float:
        """Points of the checks that passed."""
        return sum(check.earned or 0.0 for check in self.checks)


class Stopwatch:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def lap(self, stage: str) -> None:
        """Book the time since the last lap under ``stage``."""
        now = time.monotonic()
        self.seconds[stage] = round(self.seconds.get(stage, 0.0) + now - self._last, 4)
        self._last = now


def sampling_key(secret: str, student: str, submission: str) -> str:
    """Return the hex key that decides which rows are sampled: fixed per submission, unknown outside."""
    return hashlib.sha256(f"{secret}/{student}/{submission}".encode()).hexdigest()


def make_job(context: GradingContext, merged: Merged, *, seed: int, key: str) -> NotebookJob:
    """Return what the sandbox is asked to run: with the sizes of the context's profile, which the cells then hold.

    Raises:
        ReleaseError: the notebook's sizes cell does not have a size that the profile names.
    """
    return NotebookJob(
        cells=notebook.job_cells(_sized(context, merged)), seed=seed, sampling_key=key,
        limits=context.assignment.limits, mounts=context.student_mounts,
        mnist=STUDENT_DATA if context.student_mounts else None, public=context.public_arrays,
        calls=checks.calls_by_task(context.specs),
    )


def _sized(context: GradingContext, merged: Merged) -> Merged:
    sized = notebook.with_sizes(merged.notebook, context.sizes)
    return merged.model_copy(update={"notebook": sized})


def job_fingerprint(context: GradingContext, job: NotebookJob) -> str:
    """Return the hash of everything that decides what a run of this job leaves."""
    return execution_fingerprint(
        job.cells, continuation=context.continuation, seed=job.seed, sampling_key=job.sampling_key,
        limits=job.limits, data=context.data_name, isolation=context.pool.isolation.value,
        versions=context.pool.versions, calls=job.calls,
    )


def run_attempt(
    context: GradingContext, merged: Merged, job: NotebookJob, folder: Path, *,
    on_cell: Callable[[int], None] | None = None,
) -> Attempt:
    """Run the notebook behind the walls and judge what it left in ``folder``.

    ``on_cell`` is called with the index of each cell that starts.
    """
    watch = Stopwatch()
    execution = context.pool.run_notebook(job, folder / "artifacts", on_cell=on_cell)
    watch.lap("run")
    (folder / "execution.json").write_text(execution.to_json())
    _assemble(_sized(context, merged).notebook, folder, execution)
    watch.lap("assemble")
    return judge_attempt(context, merged, job, folder, watch=watch)


def judge_attempt(
    context: GradingContext, merged: Merged, job: NotebookJob, folder: Path, *, watch: Stopwatch | None = None
) -> Attempt:
    """Judge what a run left in ``folder``; nothing of the student's is run."""
    watch = watch or Stopwatch()
    execution = Execution.from_json((folder / "execution.json").read_bytes())
    questions = asked(context, folder)
    try:
        seen = _examine(context, merged, job, folder, questions)
    except ReadingError as error:
        return _withheld(context, job, folder, execution, str(error))
    left_out = (seen.left_out,) if seen.left_out else ()
    watch.lap("read")
    predictions, proofs = predict(context, seen.questions, seen.plan, folder)
    watch.lap("evaluate")
    results = context.server.judge(checks.JudgeRequest(
        artifacts=folder / "artifacts", sampling_key=job.sampling_key, sample_rows=job.sample_rows,
        predictions=predictions, proofs=proofs, slots=slots_of(context.layout, merged),
        reached=_reached(context, merged, seen.tasks, execution),
        sizes=notebook.read_sizes(_sized(context, merged).notebook), notes=_notes(merged, execution),
        figures=seen.figures, ended=execution.detail, doubts=merged.doubts,
        causes=notebook.causes(merged, _stopped(execution)),
    ))
    watch.lap("check")
    return Attempt(folder=folder, seed=job.seed, execution=execution, checks=results, notes=left_out,
                   staff_flags=(*execution.flags, *seen.problems, *left_out), timings=watch.seconds,
                   trainings=seen.trainings)


class _Seen(Value):
    """What reading a run's files gave: see `steps.examine`."""

    tasks: tuple[str, ...]
    problems: tuple[str, ...]
    figures: dict[str, int] | None
    left_out: str | None
    questions: Questions
    plan: Plan | None
    trainings: Trainings


def _examine(context: GradingContext, merged: Merged, job: NotebookJob, folder: Path, questions: Asked) -> _Seen:
    return _Seen.model_validate(read("examine", {
        "folder": str(folder), "sampling_key": job.sampling_key, "asked": questions.model_dump(mode="json"),
        "limits": job.limits.model_dump(mode="json"), "board": context.nickname_at,
        "slots": {slot.task: list(slot.cells) for slot in merged.slots},
    }, json.dumps([cell for cell in merged.notebook["cells"] if notebook.is_locked(cell)]).encode()))


def _withheld(
    context: GradingContext, job: NotebookJob, folder: Path, execution: Execution, sentence: str
) -> Attempt:
    """Return the attempt of a run whose files could not be read within their budget: a person has to judge it."""
    return Attempt(folder=folder, seed=job.seed, execution=execution, notes=(sentence,),
                   checks=checks.all_errored(context.specs, sentence), staff_flags=(*execution.flags, sentence))


def slots_of(layout: notebook.Layout, merged: Merged) -> dict[str, SlotStatus]:
    """Return what stands in each task's slot; a task that an earlier release did not have is a person's case."""
    found = {slot.task: slot.status for slot in merged.slots}
    return {task.id: found.get(task.id, SlotStatus.UNMATCHED) for task in layout.tasks}


def _assemble(merged: dict[str, Any], folder: Path, execution: Execution) -> None:
    """Write the executed notebook as people may open it; without outputs where that breaks its budget."""
    path = folder / "executed.ipynb"
    try:
        read("assemble", {"artifacts": str(folder / "artifacts"), "into": str(path),
                          "cells": [cell.model_dump(mode="json") for cell in execution.cells]},
             json.dumps(merged).encode())
    except ReadingError as error:
        path.write_text(json.dumps(notebook.without_outputs(merged, execution.cells), indent=1))
        (folder / LEFT_OUT).write_text(str(error))


def _reached(context: GradingContext, merged: Merged, found: tuple[str, ...], execution: Execution) -> tuple[str, ...]:
    """Return the tasks that the run came to: a checkpoint that cannot be read is a person's case, not the student's."""
    ran = {run.index for run in execution.cells
           if run.status in (CellStatus.OK, CellStatus.ERROR, CellStatus.INTERRUPTED)}
    tested = {cell.task for cell in notebook.job_cells(merged) if cell.task and cell.index in ran}
    return tuple(task.id for task in context.layout.tasks if task.id in tested or task.id in found)


def _notes(merged: Merged, execution: Execution) -> dict[str, str]:
    """Return, per task, one sentence about a cell of its slot that did not end well."""
    runs = {run.index: run for run in execution.cells}
    notes = {}
    for slot in merged.slots:
        sentences = [text for index in slot.cells if (run := runs.get(index)) and (text := _sentence(run))]
        if sentences:
            notes[slot.task] = sentences[0]
    return notes


def _stopped(execution: Execution) -> dict[int, str]:
    """Return how cells stopped that later steps may fail through."""
    return {run.index: f"stopped with {run.error.rstrip('.')}" if run.status is CellStatus.ERROR and run.error else
            "was interrupted" if run.status is CellStatus.INTERRUPTED else "stopped with an error"
            for run in execution.cells if run.status in (CellStatus.ERROR, CellStatus.INTERRUPTED)}


def _sentence(run: CellRun) -> str | None:
    if run.status is CellStatus.ERROR:
        return f"A cell of this step stopped with {run.error.rstrip('.')}." if run.error else \
            "A cell of this step raised an error."
    if run.status is CellStatus.INTERRUPTED:
        return f"A cell of this step ran out of time and was interrupted after {run.seconds:.0f} seconds."
    if run.status is CellStatus.UNFINISHED:
        return "The notebook ended inside a cell of this step."
    return None
