"""Judges what a run left: read it, ask its models, check. Nothing of the student's is run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from autograder import checks, notebook
from autograder.errors import ReadingError
from autograder.model import CellStatus, Execution, Merged, NotebookJob, SlotStatus
from autograder.model.base import Value
from autograder.pipeline.grade.attempt import Attempt, Stopwatch, _sized
from autograder.pipeline.grade.feedback_material import _assemble, _notes
from autograder.pipeline.grade.predict import predict
from autograder.pipeline.reading.budgets import read
from autograder.pipeline.reading.planning import Asked, Plan, Questions
from autograder.pipeline.reading.trainings import Trainings
from autograder.pipeline.session.questions import asked
from autograder.pipeline.session.session import GradingContext


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
        figures=seen.figures, ended=execution.detail,
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


def _reached(context: GradingContext, merged: Merged, found: tuple[str, ...], execution: Execution) -> tuple[str, ...]:
    """Return the tasks that the run came to: a checkpoint that cannot be read is a person's case, not the student's."""
    ran = {run.index for run in execution.cells
           if run.status in (CellStatus.OK, CellStatus.ERROR, CellStatus.INTERRUPTED)}
    tested = {cell.task for cell in notebook.job_cells(merged) if cell.task and cell.index in ran}
    return tuple(task.id for task in context.layout.tasks if task.id in tested or task.id in found)
